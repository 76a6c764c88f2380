"""One's own courses: the list, one record on one page, the form, handing in and taking back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import actions, verification
from courses.access import can_delete, can_edit, can_verify
from courses.beside import asks_for_nobody, line_of, lines_of, newest_first
from courses.choices import Flag, RecordAction, RecordStatus
from courses.files import attached, gone, keeps_file_first
from courses.forms import RecordForm, show_missing
from courses.models import CertificateFile, TrainingRecord
from courses.results import can_add_results, takes_results
from courses.scans import LIMITS
from courses.scrutiny import own_flags_of, with_job
from courses.sharing.access import can_share
from cpd import held
from cpd.dates import today
from cpd.once import acts_once
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.http import Request, seen_in

ON_A_PAGE = 30
LAST_BESIDE = 5  # of what was learnt beside courses; the rest has a page of its own
FINISHED = (RecordStatus.VERIFIED, RecordStatus.NOTED)
GIVES_REASON = (RecordStatus.RETURNED, RecordStatus.REJECTED)
# What stands beside the texts on the page, or in the sentence that names what is lacking.
SAID_ELSEWHERE = (Flag.DATE_UNREAD, Flag.HOURS_UNREAD, Flag.NOT_IN_HOURS, Flag.NO_DOCUMENT, Flag.PROVIDER_UNKNOWN)
Saved = Callable[[TrainingRecord], None]


@require_safe
def records(request: Request) -> HttpResponse:
    """One's own courses, the last one first, and the last of what was learnt beside them."""
    own = TrainingRecord.objects.own_of(request.user)
    page = Paginator(own.courses().latest_first(), ON_A_PAGE).get_page(request.GET.get("page"))
    beside = list(newest_first(own.beside_courses())[: LAST_BESIDE + 1])
    lines = lines_of(beside[:LAST_BESIDE], today())
    return render(
        request,
        "courses/records.html",
        {"page": page, "lines": lines, "more_beside": len(beside) > len(lines)},
    )


@require_safe
def record(request: Request, pk: int) -> HttpResponse:
    """One record on one page: as written, as read, and what can be done now."""
    found = _visible(request, pk)
    audit.saw(Event.SAW_RECORD, by=request.user, subject=found.person, institution=found.institution, what=found.title)
    decisions = list(found.decisions.select_related("file").order_by("pk"))
    is_own = found.person_id == request.user.person_id
    flags = own_flags_of(found) if is_own and not found.is_noted else []
    line = line_of(found) if found.is_beside else None
    return render(
        request,
        "courses/record.html",
        {
            "record": found,
            "decisions": decisions,
            "reason": decisions[-1] if decisions and found.status in GIVES_REASON else None,
            "is_own": is_own,
            "flags": [flag for flag in flags if flag not in SAID_ELSEWHERE],
            "can_edit": can_edit(request.user, found),
            "can_delete": can_delete(request.user, found) and not decisions,
            "can_verify": can_verify(request.user, found),
            "pages": range(1, found.file.pages + 1) if found.file else [],
            "line": line,
            "results": found.attachments.select_related("file") if takes_results(found) else None,
            "can_add_results": can_add_results(request.user, found),
            "can_share": can_share(request.user, found) and not found.is_beside,
            "moves": [] if line and line.asks_for_nobody else verification.moves_open_to(request.user, found),
            "Action": RecordAction,
            "to_submit": actions.lacking_to_submit(found),
            "lacking": verification.lacking_words(found) if found.status not in FINISHED else [],
        },
    )


def record_new(request: Request) -> HttpResponse:
    """Enter a course one took part in."""
    return record_form(request)


def record_edit(request: Request, pk: int) -> HttpResponse:
    """Correct one's own record while nobody has it for verification. A note has the short form."""
    found = _own(request, pk)
    if request.method != "POST" and found.is_noted and asks_for_nobody(found):
        return redirect("beside_edit", pk)
    return record_form(request, found) if found.is_open else _closed(request, found)


@require_POST
@acts_once
def record_move(request: Request, pk: int, action: str) -> HttpResponse:
    """Hand one's own record in, or take it back."""
    if action not in (RecordAction.SUBMIT, RecordAction.WITHDRAW):
        raise Http404
    found = _own(request, pk)
    seen = seen_in(request)
    try:
        if action == RecordAction.SUBMIT:
            actions.submit_record(record=found, by=request.user, seen=seen)
            messages.success(request, _("The record was sent for verification."))
        else:
            verification.perform(found, RecordAction.WITHDRAW, by=request.user, seen=seen)
            messages.success(request, _("The record is a draft again."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(found)


@require_POST
@acts_once
def record_delete(request: Request, pk: int) -> HttpResponse:
    """Delete one's own draft that was never sent."""
    found = _own(request, pk)
    if not can_edit(request.user, found):
        return _closed(request, found)
    seen = seen_in(request)
    try:
        actions.delete_record(record=found, by=request.user, seen=seen)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    messages.success(request, _("The note was deleted.") if found.is_noted else _("The draft was deleted."))
    return redirect("records")


def record_form(
    request: Request,
    record: TrainingRecord | None = None,
    *,
    initial: dict[str, Any] | None = None,
    saved: Saved | None = None,
    **context: Any,
) -> HttpResponse:
    """The form of one record, shown or taken; for a new one where ``record`` is None.

    A page of another app may ask for it with what it knows already (``initial``), with words of its own (``context``)
    and with what it has to do when the record is written (``saved``, in the same transaction; it may refuse).
    """
    if request.method == "POST":
        return _save(request, record, saved, context)
    typed = held.take(request)
    if typed is None:
        form = RecordForm(user=request.user, instance=record, initial=initial, attached=_file_of(record))
        seen = record.revision if record else ""
        return _page(request, form, record, context, seen=seen, check="check" in request.GET)
    messages.warning(request, _("This is what you typed before you were signed out. It is not saved yet."))
    file = attached(typed.get("kept", ""), _file_of(record), by=request.user)
    if file is None:
        messages.warning(request, _("If you had chosen a photo, choose it again."))
    form = RecordForm(typed, user=request.user, instance=record, attached=file)
    return _page(request, form, record, context, seen=typed.get("seen"))


@keeps_file_first
@acts_once
def _save(
    request: Request,
    record: TrainingRecord | None,
    saved: Saved | None,
    context: dict[str, Any],
    *,
    kept: CertificateFile | None,
    fault: str,
) -> HttpResponse:
    """The file is kept whatever becomes of the form; a form that comes back names it, so it is not sent twice."""
    seen = seen_in(request) if record else None
    submits = request.POST.get("then") == "submit"
    named = request.POST.get("kept", "")
    file = kept or attached(named, _file_of(record), by=request.user)
    fault = fault or gone(named, kept, file)
    form = RecordForm(request.POST, user=request.user, instance=record, attached=file, fault=fault, submits=submits)
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _page(request, form, record, context, seen=request.POST.get("seen"), status=422)
    try:
        written = actions.save_record(
            by=request.user, record=record, seen=seen, columns=form.columns(), file=file, submit=submits
        )
        if saved:
            saved(written)
    except ChangedMeanwhile as refusal:
        return _both(request, form, record, context, refusal)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _page(request, form, record, context, seen=request.POST.get("seen"), status=422)
    if written.is_noted:
        messages.success(request, _("It is noted beside courses. Nobody has to verify it."))
    else:
        messages.success(request, _("The record was sent for verification.") if submits else _("Saved."))
    return redirect(written)


def _page(
    request: Request,
    form: RecordForm,
    record: TrainingRecord | None,
    context: dict[str, Any],
    *,
    seen: str | int | None,
    status: int = 200,
    check: bool = False,
    **more: Any,
) -> HttpResponse:
    """The form. With ``check`` it names what keeps the record a draft."""
    if check and record:
        show_missing(form, actions.lacking_to_submit(record))
    return render(
        request,
        "courses/record_edit.html",
        {"form": form, "record": record, "seen": seen, "limits": LIMITS, **context, **more},
        status=status,
    )


def _file_of(record: TrainingRecord | None) -> CertificateFile | None:
    return record.file if record else None


def _both(
    request: Request,
    form: RecordForm,
    record: TrainingRecord | None,
    context: dict[str, Any],
    refusal: ChangedMeanwhile,
) -> HttpResponse:
    """The record was changed elsewhere: show what stands there beside what was typed, and write nothing."""
    stands = TrainingRecord.objects.visible_to(request.user).filter(pk=record.pk if record else 0).first()
    if stands is None or not can_edit(request.user, stands):
        messages.error(request, refusal.message)
        return redirect(stands or "records")
    return _page(
        request,
        form,
        record,
        context,
        seen=stands.revision,
        status=409,
        conflict=refusal.message,
        differences=form.differences(RecordForm(user=request.user, instance=stands)),
    )


def _visible(request: Request, pk: int) -> TrainingRecord:
    found = with_job(TrainingRecord.objects.visible_to(request.user))
    return get_object_or_404(found.select_related("person", "institution", "provider", "programme", "file"), pk=pk)


def _own(request: Request, pk: int) -> TrainingRecord:
    found = _visible(request, pk)
    if found.person_id != request.user.person_id:
        raise PermissionDenied
    return found


def _closed(request: Request, record: TrainingRecord) -> HttpResponse:
    """Somebody has it for verification, or has decided; perhaps it was handed in at another screen a moment ago."""
    state = record.get_status_display()
    messages.info(request, _("This is not possible now. Status: %(state)s.") % {"state": state})
    return redirect(record)
