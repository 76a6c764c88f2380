"""Certificate files, for those who may see the record. Nothing here can run as a page of this site."""

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.files import names_of
from courses.models import CertificateFile, TrainingRecord
from cpd.storage import file_store
from schools import audit
from schools.choices import Event
from schools.http import Request

logger = logging.getLogger(__name__)

WAYS_TO_RECORD = ("record", "sharing__record", "attachment__record")
HARMLESS = {  # trust T28
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


@require_safe
def certificate_file(request: Request, token: str) -> HttpResponse:
    """The file itself, only ever to be saved."""
    file = _visible(request, token)
    _note(request, file)
    return _sent(file.stored_as, file.content_type, as_attachment=True)


@require_safe
def certificate_page(request: Request, token: str, page: int) -> HttpResponse:
    """One page as a picture: of a photo the photo itself, of a PDF what was drawn of it."""
    file = _visible(request, token)
    if not 1 <= page <= file.pages:
        raise Http404
    _note(request, file)
    pictures = [name for name in names_of(file) if name.endswith(".jpg")]
    return _sent(pictures[page - 1], "image/jpeg", as_attachment=False)


def _visible(request: Request, token: str) -> CertificateFile:
    owners = (f"{way}__{column}" for way in WAYS_TO_RECORD for column in ("person", "institution"))
    return get_object_or_404(CertificateFile.objects.visible_to(request.user).select_related(*owners), token=token)


def _note(request: Request, file: CertificateFile) -> None:
    """The record's page shows its file: seen together, they are noted once."""
    record = getattr(file, "record", None) or _decided_on(file) or _course_of(file)
    if record:
        audit.saw(
            Event.SAW_RECORD,
            by=request.user,
            subject=record.person,
            institution=record.institution,
            what=record.title,
        )


def _decided_on(file: CertificateFile) -> TrainingRecord | None:
    """The record that had this file when it was decided on, and has another one now."""
    decision = file.decisions.select_related("record__person", "record__institution").first()
    return decision.record if decision else None


def _course_of(file: CertificateFile) -> TrainingRecord | None:
    """The course of the occasion or of the result that the file is attached to."""
    attached_to = getattr(file, "sharing", None) or getattr(file, "attachment", None)
    return attached_to.record if attached_to else None


def _sent(name: str, content_type: str, *, as_attachment: bool) -> HttpResponse:
    try:
        with file_store().open(name) as file:
            answer = HttpResponse(file.read(), content_type=content_type, headers=HARMLESS)
    except FileNotFoundError:
        logger.exception("A certificate file is missing from the store")
        return _sentence(_("The file is missing from the store. Tell the administrator."), status=404)
    except OSError:
        logger.exception("A certificate file could not be read")
        return _sentence(_("The file cannot be read now. Try again later."), status=503)
    extension = name.rpartition(".")[2]
    disposition = content_disposition_header(as_attachment, f"certificate.{extension}" if as_attachment else "")
    answer["Content-Disposition"] = disposition or "inline"
    return answer


def _sentence(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=HARMLESS)
