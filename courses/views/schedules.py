"""Course schedules: what is mine, one schedule read, the association's rows, and every move."""

import copy
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Schedule, ScheduleEntry
from courses.schedules import actions
from courses.schedules.access import can_edit, is_of_the_school, stands
from courses.schedules.content import Content, content_of, differences, rows_of
from courses.schedules.forms import EntryForm, MonthsForm
from courses.schedules.history import Told, reason_of_return, versions_told, with_changes
from courses.schedules.notices import notices_for
from courses.schedules.offices import offices_of, schedules_near
from courses.verifying_forms import ReasonForm
from courses.views.own_schedules import own, row_of, visible
from courses.views.school_schedule import edit_page
from cpd import held
from cpd.dates import school_year_of, today
from cpd.once import acts_once
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action
from schools.http import Request, done_where, seen_in
from schools.models import District

MOVES = set(Action) - {Action.CONSIDER}  # no meeting considers schedules
VERDICTS = (Action.APPROVE, Action.RETURN)  # an association's is taken or given back at ``schedule_part`` alone


@require_safe
@done_where("answers_to_district")
def schedules(request: Request) -> HttpResponse:
    """What the person makes, for the next school year and this one, and what others of the school have handed in."""
    years = [school_year_of(today()) + 1, school_year_of(today())]
    found = list(schedules_near(request.user, years))
    offices = offices_of(request.user, found, years)
    made = {schedule.pk for office in offices for _year, schedule in office.schedules if schedule}
    return render(
        request,
        "courses/schedules.html",
        {
            "offices": offices,
            "notices": notices_for(request.user, today()),
            "others": [schedule for schedule in found if schedule.pk not in made],
            "districts": District.objects.filter(pk__in=request.user.scope.districts),
        },
    )


@require_safe
def schedule(request: Request, pk: int) -> HttpResponse:
    """One schedule as it was handed on, with its history and what can be done now."""
    found = visible(request, pk)
    if can_edit(request.user, found):
        return redirect("schedule_edit", pk)
    told = _told(request, found)
    if found.is_undecided and found.seen_at is None:  # only now: there is something to be looked at
        approval.mark_seen([found.pk], by=request.user)
        found.refresh_from_db(fields=["seen_at"])
    moves = approval.moves_open_to(request.user, found)
    return _read_page(request, found, told, _first(found, told).version.number, moves=moves)


@require_safe
def schedule_version(request: Request, pk: int, number: int) -> HttpResponse:
    """One version as it was frozen, for ever."""
    found = visible(request, pk)
    return _read_page(request, found, _told(request, found), number)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: Request, pk: int) -> HttpResponse:
    """The working copy. The school's has a page of its own; on the association's the months are set for all rows."""
    found = own(request, pk)
    if not found.is_editable:
        return _closed(request, found)
    if found.is_of_school:
        return HttpResponseNotAllowed(["GET", "HEAD"]) if request.method == "POST" else edit_page(request, found)
    content = content_of(found)
    if request.method == "POST":
        return _save_months(request, found, content)
    return _edit_page(request, found, content, MonthsForm(rows=rows_of(content)))


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_row_new(request: Request, pk: int) -> HttpResponse:
    """Put a teacher and a course into the working copy by hand."""
    found = own(request, pk)
    if not found.is_editable:
        return _closed(request, found)
    form = _form(request, found, ScheduleEntry(schedule=found))
    if request.method != "POST" or not form.is_valid():
        return _row_page(request, found, form)
    employment = form.cleaned_data["employment"]
    try:
        row = actions.add_row(schedule=found, by=request.user, employment=employment, columns=form.columns())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _row_page(request, found, form)
    messages.success(request, _("The row was added."))
    return _back_to(row)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_row(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Change one row; the deputy director may change course and organisation of the school's (000 §15)."""
    found = own(request, pk)
    if not found.is_editable:
        return _closed(request, found)
    row = row_of(found, uid)
    if row is None:
        return _removed(request, found)
    form = _form(request, found, copy.copy(row))
    if request.method != "POST" or not form.is_valid():
        return _row_page(request, found, form, row)
    try:
        actions.save_row(row=row, by=request.user, seen=seen_in(request), columns=form.columns())
    except ChangedMeanwhile as refusal:
        return _both(request, found, uid, refusal)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _row_page(request, found, form, row)
    messages.success(request, _("Saved."))
    return _back_to(row)


@require_POST
@acts_once
def schedule_row_remove(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Take one row out of the working copy."""
    found = own(request, pk)
    if not found.is_editable:
        return _closed(request, found)
    row = row_of(found, uid)
    if row is None:
        raise Http404
    try:
        actions.remove_row(row=row, by=request.user, seen=seen_in(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The row was removed: %(name)s.") % {"name": row.employment.person.full_name})
    return redirect("schedule_edit", pk)


@require_POST
@acts_once
def schedule_move(request: Request, pk: int, action: str) -> HttpResponse:
    """One move of one schedule, on the revision that was on the screen."""
    found = visible(request, pk)
    if action not in MOVES or (action in VERDICTS and not found.is_of_school):
        raise Http404
    try:
        _make(Action(action), found, request)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        found.refresh_from_db(fields=["state"])
        messages.success(request, _("Done. Status: %(state)s.") % {"state": found.state_label})
    return redirect(found)


def _closed(request: Request, schedule: Schedule) -> HttpResponse:
    """Somebody has it for a decision, or it is closed; perhaps since a moment ago, at another screen."""
    messages.info(request, _("This is not possible now. Status: %(state)s.") % {"state": schedule.state_label})
    return redirect(schedule)


def _back_to(row: ScheduleEntry) -> HttpResponse:
    answer = redirect("schedule_edit", row.schedule_id)
    answer["Location"] += f"#row-{row.uid}"
    return answer


def _make(action: Action, found: Schedule, request: Request) -> None:
    seen, note = seen_in(request), request.POST.get("change_note")
    if action == Action.SUBMIT:
        actions.submit_schedule(schedule=found, by=request.user, seen=seen, change_note=note)
    elif action == Action.CLOSE:
        actions.close_schedule(schedule=found, by=request.user, seen=seen, change_note=note)
    elif action == Action.DISCARD:
        actions.discard_change(schedule=found, by=request.user, seen=seen)
    else:
        approval.perform(found, action, by=request.user, seen=seen, reason=request.POST.get("reason", ""))


def _told(request: Request, found: Schedule) -> list[Told]:
    """The versions the reader may read, the newest one last; there is one at least."""
    told = versions_told(request.user, found, is_inside=is_of_the_school(request.user, found))
    if not told:
        raise Http404
    return told


def _first(schedule: Schedule, told: list[Told]) -> Told:
    """What is read first: the version that stands, or else the newest."""
    return next((one for one in told if one.version.pk == stands(schedule)), told[-1])


def _read_page(request: Request, found: Schedule, told: list[Told], number: int, **context: Any) -> HttpResponse:
    """The version with that number, among those the reader may read."""
    shown = next((one for one in told if one.version.number == number), None)
    if shown is None:
        raise Http404
    content, changes = with_changes(told, shown.version.number)
    return render(
        request,
        "courses/schedule.html",
        {
            "schedule": found,
            "shown": shown,
            "told": told,
            "content": content,
            "differences": changes,
            "is_past": shown != _first(found, told),
            "is_inside": is_of_the_school(request.user, found),
            "Action": Action,
            "reason_form": ReasonForm(),
            **context,
        },
    )


def _edit_page(
    request: Request,
    found: Schedule,
    content: Content,
    months: MonthsForm,
    *,
    conflict: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    of_row = months.by_row()
    return render(
        request,
        "courses/schedule_edit.html",
        {
            "schedule": found,
            "content": content,
            "rows": [(row, of_row[row["uid"]]) for row in rows_of(content)],
            "conflict": conflict,
            "note": request.POST.get("change_note", found.change_note),
            "returned": reason_of_return(found),
            "differences": differences(found.in_force.content, content) if found.in_force else [],
            "moves": approval.moves_open_to(request.user, found),
            "Action": Action,
        },
        status=status,
    )


def _save_months(request: Request, found: Schedule, content: Content) -> HttpResponse:
    """Save the months and, where that button was pressed, hand the schedule in: both or neither."""
    form = MonthsForm(request.POST, rows=rows_of(content))
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _edit_page(request, found, content, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with transaction.atomic():
            revision = actions.propose_months(
                schedule=found,
                by=request.user,
                seen=seen_in(request),
                months=form.months(),
                change_note=request.POST.get("change_note", ""),
            )
            if request.POST.get("then") == Action.SUBMIT:
                actions.submit_schedule(schedule=found, by=request.user, seen=revision)
    except ChangedMeanwhile as refusal:
        return _both_months(request, found.pk, refusal)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _edit_page(request, found, content, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _after_months(request, found)


def _after_months(request: Request, found: Schedule) -> HttpResponse:
    if request.POST.get("then") != Action.SUBMIT:
        messages.success(request, _("Saved."))
        return redirect("schedule_edit", found.pk)
    found.refresh_from_db(fields=["state"])
    messages.success(request, _("Done. Status: %(state)s.") % {"state": found.state_label})
    return redirect(found)


def _both_months(request: Request, pk: int, refusal: ChangedMeanwhile) -> HttpResponse:
    """Rows were saved elsewhere: show them as they stand with the months that were chosen, and write nothing."""
    stands = own(request, pk)
    if not stands.is_editable:
        messages.error(request, refusal.message)
        return redirect(stands)
    content = content_of(stands)
    typed = MonthsForm(rows=rows_of(content), typed=request.POST)
    return _edit_page(request, stands, content, typed, conflict=refusal.message, status=HTTPStatus.CONFLICT)


def _form(request: Request, found: Schedule, row: ScheduleEntry) -> EntryForm:
    """The form of a row: empty, as posted, or as typed before the person was signed out."""
    typed = request.POST if request.method == "POST" else held.take(request)
    if typed is not None and request.method != "POST":
        messages.warning(request, _("This is what you typed before you were signed out. It is not saved yet."))
    return EntryForm(typed, user=request.user, schedule=found, instance=row)


def _row_page(
    request: Request,
    found: Schedule,
    form: EntryForm,
    row: ScheduleEntry | None = None,
    *,
    seen: int | None = None,
    status: int = HTTPStatus.OK,
    **conflict: Any,
) -> HttpResponse:
    if request.method == "POST" and status == HTTPStatus.OK:
        messages.error(request, _("Correct the errors below."))
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request,
        "courses/schedule_row.html",
        {
            "schedule": found,
            "row": row,
            "form": form,
            "seen": seen or form.data.get("seen") or (row and row.revision),
            **conflict,
        },
        status=status,
    )


def _both(request: Request, found: Schedule, uid: uuid.UUID, refusal: ChangedMeanwhile) -> HttpResponse:
    """The row was saved elsewhere: show what stands there beside what was typed, and write nothing."""
    stands = own(request, found.pk)
    if not stands.is_editable:
        messages.error(request, refusal.message)
        return redirect(stands)
    row = row_of(stands, uid)
    if row is None:
        return _removed(request, stands)
    typed = EntryForm(request.POST, user=request.user, schedule=stands, instance=copy.copy(row))
    saved = EntryForm(user=request.user, schedule=stands, instance=copy.copy(row))
    return _row_page(
        request,
        stands,
        typed,
        row,
        seen=row.revision,
        status=HTTPStatus.CONFLICT,
        conflict=refusal.message,
        differences=typed.differences(saved),
    )


def _removed(request: Request, found: Schedule) -> HttpResponse:
    """The row is gone. What was typed into it becomes a new one, if the person still wants it."""
    if request.method != "POST":
        raise Http404
    form = EntryForm(request.POST, user=request.user, schedule=found, instance=ScheduleEntry(schedule=found))
    gone = _("This row was removed from the schedule meanwhile. What you typed is not saved.")
    return _row_page(request, found, form, status=HTTPStatus.CONFLICT, conflict=gone)
