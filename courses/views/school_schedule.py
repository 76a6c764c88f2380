"""The school's schedule on the deputy director's desk: the associations' parts, exact terms, warnings, the weeks."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses.access import can_read_calendar
from courses.models import Schedule, ScheduleEntry
from courses.schedules import school_actions
from courses.schedules.access import can_edit, version_read
from courses.schedules.history import reason_of_return
from courses.schedules.school_actions import Taken
from courses.schedules.school_forms import TermForm
from courses.schedules.school_table import table_of
from courses.schedules.year_table import of_version, of_working_copy
from courses.views.own_schedules import own, row_of, visible
from cpd.dates import span
from cpd.once import acts_once, new_token
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action
from schools.http import Request, seen_in

TAKE, RETURN = "take", "return"


def edit_page(
    request: Request, schedule: Schedule, *, typed: Mapping[str, TermForm] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The table of a working copy; with rows ``typed`` but not saved, where a save was refused."""
    return render(
        request,
        "courses/school_schedule.html",
        {
            "schedule": schedule,
            "table": table_of(schedule, request.user, typed=typed),
            "moves": approval.moves_open_to(request.user, schedule),
            "Action": Action,
            "returned": reason_of_return(schedule),
            "versions": schedule.versions.values_list("number", flat=True) if schedule.current_version_id else (),
        },
        status=status,
    )


@require_POST
@acts_once
def schedule_part(request: Request, pk: int, part: int, verdict: str) -> HttpResponse:
    """Take an association's schedule into the school's, or give it back; ``pk`` is the page it was decided on."""
    page, found = visible(request, pk), visible(request, part)
    if verdict not in (TAKE, RETURN) or not _is_part_of(found, page):
        raise Http404
    if found.institution_id not in request.user.scope.scheduled:
        raise PermissionDenied
    try:
        if verdict == RETURN:
            _give_back(request, found)
        else:
            page = _take(request, found)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("schedule_edit", page.pk) if page.is_of_school else redirect(page)


@require_POST
@acts_once
def schedule_term(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Save the exact days of one row: data for the page's script, a page for a person."""
    schedule, seen = _own(request, pk), seen_in(request)
    row = row_of(schedule, uid)
    if row is None or not schedule.is_editable:
        return _too_late(request, schedule, row)
    form = TermForm(request.POST, row=row, period=schedule.period)
    if not form.is_valid():
        return _not_saved(request, schedule, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        revision = school_actions.fix_term(
            row=row,
            by=request.user,
            seen=form.cleaned_data["revision"],
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
        )
    except ChangedMeanwhile as refusal:
        return _came_second(request, form, refusal)
    if not _is_script(request):
        messages.success(request, _("Saved."))
        answer = redirect("schedule_edit", pk)
        answer["Location"] += f"#row-{uid}"
        return answer
    is_alone = revision == seen + 1  # a page that missed somebody else's change must not close what it does not show
    return JsonResponse(
        {
            "revision": form.cleaned_data["revision"] + 1,
            "once": new_token(),
            "seen": revision if is_alone else seen,
            "others": not is_alone,
        }
    )


@require_safe
def schedule_check(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """The warnings of the whole table as they would be with the days typed for one row; without days, as saved."""
    schedule = _own(request, pk)
    row = row_of(schedule, uid)
    if row is None:
        raise Http404
    terms = {}
    if "starts_on" in request.GET or "ends_on" in request.GET:
        form = TermForm(request.GET, row=row, period=schedule.period, is_whole=False)
        if not form.is_valid():
            return JsonResponse({"errors": _errors(form)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        terms[str(uid)] = form.term
    table = table_of(schedule, request.user, terms=terms)
    return JsonResponse(
        {
            "rows": {str(line.row.uid): _drawn(request, "warnings", line=line) for line in table.warned},
            "summary": _drawn(request, "summary", table=table),
        }
    )


@require_safe
def schedule_weeks(request: Request, pk: int) -> HttpResponse:
    """The school year by weeks: the working copy for those who write it, the version read for all others.

    Warnings are for whoever may read the school's calendar.
    """
    schedule = _school_schedule(request, pk)
    if can_edit(request.user, schedule):
        version, year = None, of_working_copy(schedule)
    else:
        version = version_read(request.user, schedule)
        if version is None:
            raise Http404
        year = of_version(schedule, version, is_judged=can_read_calendar(request.user, schedule.institution))
    return render(
        request, "courses/school_schedule_weeks.html", {"schedule": schedule, "version": version, "year": year}
    )


def _school_schedule(request: Request, pk: int) -> Schedule:
    return _of_school(visible(request, pk))


def _own(request: Request, pk: int) -> Schedule:
    return _of_school(own(request, pk))


def _of_school(schedule: Schedule) -> Schedule:
    """An association's schedule has no exact terms."""
    if not schedule.is_of_school:
        raise Http404
    return schedule


def _is_part_of(part: Schedule, page: Schedule) -> bool:
    """Whether an association's schedule was decided on at its own page or at that of its school and year."""
    at_school = page.is_of_school and (page.institution_id, page.starts_on) == (part.institution_id, part.starts_on)
    return not part.is_of_school and (page.pk == part.pk or at_school)


def _take(request: Request, part: Schedule) -> Schedule:
    taken = school_actions.take_part(part=part, by=request.user, seen=seen_in(request))
    messages.success(request, _told(taken))
    if taken.left_out:
        messages.warning(
            request,
            ngettext(
                "%(count)s row that the association changed is no longer in the school's schedule; it was left out.",
                "%(count)s rows that the association changed are no longer in the school's schedule; "
                "they were left out.",
                taken.left_out,
            )
            % {"count": taken.left_out},
        )
    return taken.schedule


def _told(taken: Taken) -> str:
    counts = {"added": taken.added, "changed": taken.changed, "removed": taken.removed}
    text = _("Taken into the school's schedule. Rows added: %(added)s, changed: %(changed)s, removed: %(removed)s.")
    return text % counts


def _give_back(request: Request, part: Schedule) -> None:
    reason = request.POST.get("reason", "")
    school_actions.return_part(part=part, by=request.user, seen=seen_in(request), reason=reason)
    messages.success(request, _("The association's schedule was returned to its head."))


def _is_script(request: Request) -> bool:
    """Whether the page's script asks, which wants data, and not a person, who wants a page."""
    return not request.accepts("text/html")


def _too_late(request: Request, schedule: Schedule, row: ScheduleEntry | None) -> HttpResponse:
    """The row or the whole schedule is no longer to be edited."""
    if row is None:
        message = _("This row was removed from the schedule meanwhile. What you typed is not saved.")
    else:
        message = _("This is not possible now. Status: %(state)s.") % {"state": schedule.state_label}
    if _is_script(request):
        return JsonResponse({"message": message}, status=HTTPStatus.LOCKED)
    messages.error(request, message)
    return redirect("schedule_edit", schedule.pk) if row is None else redirect(schedule)


def _not_saved(request: Request, schedule: Schedule, form: TermForm, status: HTTPStatus) -> HttpResponse:
    """What was typed stays on the screen, beside what is wrong with it."""
    if _is_script(request):
        return JsonResponse({"errors": _errors(form), "revision": form.row.revision}, status=status)
    messages.error(request, _("Correct the errors below."))
    return edit_page(request, schedule, typed={str(form.row.uid): form}, status=status)


def _came_second(request: Request, form: TermForm, refusal: ChangedMeanwhile) -> HttpResponse:
    """Somebody saved the same row: who and what, beside what was typed; a second “Save” puts this in its place."""
    schedule = _own(request, form.row.schedule_id)
    row = row_of(schedule, form.row.uid)
    if row is None or not schedule.is_editable:
        return _too_late(request, schedule, row)
    newer = form.over(row)
    days = span(row.starts_on, row.ends_on) if row.starts_on and row.ends_on else _("no term")
    stands = _("Saved now: %(days)s") % {"days": days}  # dates end in a full stop of their own
    newer.add_error(None, f"{refusal.message} {stands}")
    return _not_saved(request, schedule, newer, HTTPStatus.CONFLICT)


def _errors(form: TermForm) -> dict[str, str]:
    return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}


def _drawn(request: Request, name: str, **context: Any) -> str:
    return render_to_string(f"courses/_school_schedule_{name}.html", context, request=request)
