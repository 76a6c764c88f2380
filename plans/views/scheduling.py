"""What plans bring to course schedules: a draft to begin with, and who is still missing from it."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Schedule
from courses.schedules import actions
from courses.schedules.drafting import Suggestion, not_yet_in, suggestions
from courses.schedules.forms import members
from courses.views.own_schedules import own
from cpd.dates import school_year, school_year_of, today
from cpd.once import acts_once
from plans.schedule_facts import planned_courses
from schools.approval import Refused
from schools.http import Request, check_done
from schools.kinds import WAYS
from schools.models import Employment, Institution, MethodicalAssociation


@require_POST
@acts_once
def schedule_start(request: Request) -> HttpResponse:
    """Begin the schedule of an office for a school year. It comes with everybody who is due or planned in it."""
    institution, association = _office(request)
    year = _year(request)
    begun = Schedule.objects.filter(
        institution=institution, association=association, starts_on=school_year(year).starts_on
    ).first()
    if begun:
        return redirect(begun)
    try:
        schedule = actions.start_schedule(
            by=request.user,
            institution=institution,
            association=association,
            year=year,
            proposed=_proposed(_members(request, institution, association), year),
        )
    except Refused as refusal:
        messages.info(request, refusal.message)
        return redirect("schedules")
    messages.success(request, _("The schedule is drafted. Look through it, and change what you like."))
    return redirect("schedule_edit", schedule.pk)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_missing(request: Request, pk: int) -> HttpResponse:
    """Who else is due or planned in the year, to be ticked and added."""
    schedule = own(request, pk)
    if not schedule.is_editable:
        messages.info(request, _("This is not possible now. Status: %(state)s.") % {"state": schedule.state_label})
        return redirect(schedule)
    missing = _missing(request, schedule)
    if request.method == "POST":
        ticked = set(request.POST.getlist("row"))
        return _add(request, schedule, [one for one in missing if one.key in ticked])
    return render(request, "courses/schedule_missing.html", {"schedule": schedule, "missing": missing})


def _office(request: Request) -> tuple[Institution, MethodicalAssociation | None]:
    """The association or the school that was named. Seen by others of the school, begun by its own office alone."""
    scope = request.user.scope
    if named := request.POST.get("association"):
        near = MethodicalAssociation.objects.filter(institution__in=Institution.objects.visible_to(request.user))
        association = get_object_or_404(near.select_related("institution__district"), pk=_number(named))
        if association.pk not in scope.associations:
            raise PermissionDenied
        check_done("answers_to_district", WAYS[association.institution.kind])
        return association.institution, association
    visible = Institution.objects.reached_by(request.user).select_related("district")
    institution = get_object_or_404(visible, pk=_number(request.POST.get("institution", "")))
    if institution.pk not in scope.scheduled:
        raise PermissionDenied
    check_done("answers_to_district", WAYS[institution.kind])
    return institution, None


def _year(request: Request) -> int:
    """This school year or the next one."""
    year, this_year = _number(request.POST.get("year", "")), school_year_of(today())
    if year not in (this_year, this_year + 1):
        raise Http404
    return year


def _number(text: str) -> int:
    """Our own forms send numbers that a database can hold."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequest("not a number")
    return int(text)


def _members(
    request: Request, institution: Institution, association: MethodicalAssociation | None
) -> QuerySet[Employment]:
    """The teachers of the association; for the school's own draft those who belong to none: the others come by it."""
    jobs = Employment.objects.overseen_by(request.user).teaching()
    return jobs.filter(institution=institution, association=association)


def _proposed(jobs: QuerySet[Employment], year: int) -> list[Suggestion]:
    return suggestions(jobs, year, today(), planned_courses(jobs, year))


def _missing(request: Request, schedule: Schedule) -> list[Suggestion]:
    held = schedule.rows.values_list("employment", "title_key", "plan_item")
    return not_yet_in(held, _proposed(members(request.user, schedule), schedule.school_year))


def _add(request: Request, schedule: Schedule, chosen: list[Suggestion]) -> HttpResponse:
    if not chosen:
        messages.error(request, _("Tick at least one row."))
        return redirect("schedule_missing", schedule.pk)
    try:
        added = actions.add_rows(schedule=schedule, by=request.user, proposed=chosen)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        text = ngettext("%(count)s row was added.", "%(count)s rows were added.", added) % {"count": added}
        messages.success(request, text)
    return redirect("schedule_edit", schedule.pk)
