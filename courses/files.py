"""Certificate files between a form and the store: kept, read, and swept away where nobody needs them."""

import datetime as dt
import functools
import logging
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Book, CertificateFile, RecordAttachment, SharingEvent, StoredPaper, TrainingRecord
from courses.models.files import ADDRESS
from courses.scans import LIMITS, BadScan, Fault, Scan, take_in
from cpd.storage import file_store
from cpd.uploads import MOST_BYTES
from schools.approval import Refused
from schools.http import Request
from schools.models import User

logger = logging.getLogger(__name__)

FIELD = "file"  # the name of the file field in every form
KEPT_WITHOUT_RECORD = dt.timedelta(days=1)
MOST_WITHOUT_RECORD = 30  # of one person, in the time they are kept; trust T26
MOST_A_DAY = 200  # of one person, whatever they belong to: two gigabytes at most; trust T26
AT_ONCE = 500  # names asked for in one query
NAMING = (CertificateFile, StoredPaper, Book)  # whose rows name files in the store


def keep_upload(upload: UploadedFile, *, by: User) -> CertificateFile:
    """The uploaded file as it will be shown, in the store and in a row that belongs to no record yet.

    Raises ``BadScan``; then nothing is kept. Not to be called inside a transaction that may be taken back: the row
    would be gone and the file not (``tidy`` would find it); see ``keeps_file_first``.
    """
    if upload.size is None or upload.size > MOST_BYTES:
        raise BadScan(Fault.TOO_LARGE)
    _check_room(by)
    return keep(take_in(upload.read()), by=by)


def _check_room(by: User) -> None:
    """One person cannot fill the store, neither with what is never saved nor with drafts."""
    of_today = CertificateFile.objects.filter(
        uploaded_by=by.person, uploaded_at__gte=timezone.now() - KEPT_WITHOUT_RECORD
    )
    if of_today.count() >= MOST_A_DAY:
        raise BadScan(Fault.TOO_MANY_TODAY)
    if of_today.unattached().count() >= MOST_WITHOUT_RECORD:
        raise BadScan(Fault.TOO_MANY)


def keep(scan: Scan, *, by: User) -> CertificateFile:
    """What was taken in, in the store and in its row, or nothing."""
    name = _store(scan)
    try:
        return CertificateFile.objects.create(
            stored_as=name,
            content_type=scan.content_type,
            size=len(scan.data),
            pages=len(scan.pages) or 1,
            sha256=sha256(scan.data).hexdigest(),
            original_sha256=scan.original_sha256,
            uploaded_by=by.person,
        )
    except Exception:
        remove([name, *page_names(name, len(scan.pages))])
        raise


def keeps_file_first(
    view: Callable[..., HttpResponse], *, words: Mapping[Fault, Any] | None = None
) -> Callable[..., HttpResponse]:
    """Keep the file of a form before the form acts; the view gets ``kept`` and ``fault``, the file or why not.

    ``words`` say some faults otherwise, where the file is no certificate.

    Stands above ``@acts_once``. Opening a file may take seconds, in which no transaction may wait; and a form that is
    shown again for correction takes back all that it wrote, but not the file that was chosen.
    """

    @functools.wraps(view)
    def wrapper(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        kept, fault = None, ""
        upload = request.FILES.get(FIELD)
        if upload is not None:
            try:
                kept = keep_upload(upload, by=request.user)
            except BadScan as bad:
                own_words = (words or {}).get(bad.fault)
                fault = str(own_words) % LIMITS if own_words else bad.message
        return view(request, *args, kept=kept, fault=fault, **kwargs)

    return wrapper


def attached(named: str, own: CertificateFile | None, *, by: User) -> CertificateFile | None:
    """The file an earlier showing of a form kept, or else the row's own. A name alone opens nobody else's."""
    kept = CertificateFile.objects.visible_to(by).unattached().filter(uploaded_by=by.person_id)
    found = re.fullmatch(ADDRESS, named)
    return (kept.filter(token=found[0]).first() if found else None) or own


def gone(named: str, kept: CertificateFile | None, attached: CertificateFile | None) -> str:
    """Why the file that a form names is not the one it is saved with; empty where it is, or where none is named."""
    if named and not kept and (attached is None or attached.token != named):
        return _("The file you chose before is no longer here. Choose it again.")
    return ""


def hold_for(row: TrainingRecord | SharingEvent | RecordAttachment, file: CertificateFile) -> CertificateFile:
    """The file for this row, unless it was swept away or given to another one meanwhile. Call in the transaction."""
    # Writing the row keeps it as it is until the end: "tidy" waits, and then sees that it is needed.
    is_here = CertificateFile.objects.filter(pk=file.pk).update(pages=F("pages")) == 1
    rows: tuple[QuerySet[Any], ...] = (
        TrainingRecord.objects.filter(file=file),
        SharingEvent.objects.filter(file=file),
        RecordAttachment.objects.filter(file=file),
    )
    others = (found.exclude(pk=row.pk) if found.model is type(row) else found for found in rows)
    if not is_here or any(found.exists() for found in others):
        raise Refused(_("The file you chose before is no longer here. Choose it again."))
    return file


def page_names(stored_as: str, pages: int) -> list[str]:
    """The pictures beside a PDF."""
    return [f"{stored_as}-{number}.jpg" for number in range(1, pages + 1)]


def names_of(file: CertificateFile) -> list[str]:
    """All that lies in the store for one row: the file, and the pictures of a PDF. A photo is its own picture."""
    is_picture = file.content_type == "image/jpeg"
    return [file.stored_as, *([] if is_picture else page_names(file.stored_as, file.pages))]


def sweep() -> int:
    """Remove the uploads of more than a day ago that nothing needs, and files that no row names; how many that was."""
    before = timezone.now() - KEPT_WITHOUT_RECORD
    forgotten = list(CertificateFile.objects.unattached().filter(uploaded_at__lt=before).order_by("pk"))
    removed = sum(_forget(file) for file in forgotten)
    lost = list(without_row(before))
    remove(lost)
    return removed + len(lost)


def _forget(file: CertificateFile) -> bool:
    """Remove one upload, unless its form was saved meanwhile. The row goes first: see ``without_row``."""
    try:
        with transaction.atomic():
            file.delete()
    except (ProtectedError, IntegrityError):
        return False
    remove(names_of(file))
    return True


def without_row(before: dt.datetime) -> Iterator[str]:
    """Names in the store, written before that moment, that belong to no row. A file is always there before its row."""
    names = (name for name, written_at in file_store().everything() if written_at < before)
    while some := list(islice(names, AT_ONCE)):
        owners = {name: name.partition("-")[0] for name in some}
        known: set[str] = set()
        for model in NAMING:
            rows = model.objects.filter(stored_as__in=set(owners.values()))
            known.update(rows.values_list("stored_as", flat=True))
        yield from (name for name, owner in owners.items() if owner not in known)


def _store(scan: Scan) -> str:
    """Everything under one name, or nothing. Of the name it had, nothing is kept."""
    name = new_name(scan.extension)
    content = dict(zip(page_names(name, len(scan.pages)), scan.pages, strict=True)) | {name: scan.data}
    written: list[str] = []
    try:
        for place, data in content.items():
            written.append(file_store().save(place, ContentFile(data)))
    except OSError:
        logger.exception("A certificate file could not be stored")
        remove(written)
        raise BadScan(Fault.NOT_STORED) from None
    return name


def new_name(extension: str) -> str:
    """A name in the store that nobody can guess (192 bits)."""
    stem = secrets.token_hex(24)
    return f"{stem[:2]}/{stem}.{extension}"


def remove(names: Iterable[str]) -> None:
    """A file that cannot be removed now is found by the next sweep."""
    for name in names:
        try:
            file_store().delete(name)
        except OSError:
            logger.exception("A file could not be removed from the store")
