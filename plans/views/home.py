"""What waits for me: the first page after sign-in."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, DateField, IntegerField, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from courses.choices import RecordStatus
from courses.models import TrainingRecord
from courses.rules import percent_of
from courses.schedules.notices import notices_for
from courses.standing import of as standing_of
from cpd.dates import school_year_of, today
from cpd.prepared import Prepared
from plans.access import associations_to_meet
from plans.assessment.begun import begun_by
from plans.induction.facts import duty_of, guided_jobs_of
from plans.views.overview import with_figures
from schools.choices import OF_A_UNIT, PERSONAL, PLANS, DocumentKind, State, Work
from schools.delegations import handed_to
from schools.http import Request
from schools.models import Document, Employment, Institution, MethodicalAssociation, User
from schools.models.documents import EDITABLE
from schools.roles import single_holders

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

SHOWN = 10
# Which papers are begun from here: a person's own, and those of a unit. What follows a paper is begun on its page.
OWN: "dict[DocumentKind, StrOrPromise]" = {
    DocumentKind.INDIVIDUAL_PLAN: gettext_lazy("New individual plan"),
    DocumentKind.ANNUAL_PLAN: gettext_lazy("New yearly work plan"),
    DocumentKind.APPLICATION: gettext_lazy("New application"),
    DocumentKind.INTERNSHIP_PLAN: gettext_lazy("New internship plan"),
    DocumentKind.COURSE_REPORT: gettext_lazy("New report on a course"),
}
OF_UNITS: "dict[DocumentKind, StrOrPromise]" = {
    DocumentKind.DEPARTMENT_PLAN: gettext_lazy("New yearly plan of the department"),
    DocumentKind.PERSPECTIVE_PLAN: gettext_lazy("New perspective plan"),
}


@require_safe
def home(request: Request) -> HttpResponse:
    """Own papers and hours for who teaches, the queue for who decides, the schools for who oversees."""
    user = request.user
    context = _papers(user)
    if user.scope.workplaces:
        context |= _own(user)
    if user.scope.makes_schedules:
        context["notices"] = notices_for(user, today())
    if user.scope.decides_records:
        context["to_verify"] = TrainingRecord.objects.awaiting(user).count()
    if user.scope.led or user.scope.districts:
        context["posts"] = single_holders(user)
    context["handed"] = handed_to(user)
    if len(user.scope.served) == 1:
        context["served"] = [(place, user.scope.ways_at(place)) for place in user.scope.served]
    if user.scope.associations:
        context["associations"] = associations_to_meet(user).select_related("institution")
    if user.scope.faculties:
        led = MethodicalAssociation.objects.filter(pk__in=user.scope.faculties)
        context["faculties"] = led.select_related("institution").order_by("pk")
    if user.scope.districts or user.scope.is_institute_viewer:
        context["institutions"] = with_figures(Institution.objects.visible_to(user))[:SHOWN]
    return render(request, "plans/home.html", context)


def _papers(user: User) -> dict[str, Any]:
    """What waits for the person: the oldest plans, and the oldest requests with those of their school to be finished.

    One query, and none where nothing can wait. A request does not stand behind plans that wait longer.
    """
    if not user.scope.reads_others:
        return {"of_a_unit": OF_A_UNIT}
    awaits = Document.objects.awaiting(user).values("pk")
    mine = Q(kind__in=PLANS, pk__in=awaits) | Q(kind=DocumentKind.NEEDS_REQUEST) & (
        Q(pk__in=awaits) | Q(state__in=EDITABLE, institution__in=user.scope.making(Work.NEEDS))
    )
    is_request = Case(When(kind=DocumentKind.NEEDS_REQUEST, then=1), default=0)
    place = Window(RowNumber(), partition_by=is_request, order_by="changed_at")
    found = Document.objects.filter(mine).annotate(place=place).filter(place__lte=SHOWN).order_by("changed_at")
    papers = list(found.select_related("author", "association", "institution"))
    return {
        "of_a_unit": OF_A_UNIT,
        "queue": [paper for paper in papers if paper.kind != DocumentKind.NEEDS_REQUEST],
        "requests": [paper for paper in papers if paper.kind == DocumentKind.NEEDS_REQUEST],
    }


def _own(user: User) -> dict[str, Any]:
    """The person's own papers, records that came back, and where they stand by hours at each place of work."""
    # Those of whom they guide, too, and of the department they head.
    written = Document.objects.written_by(user).filter(kind__in=PLANS)
    papers = list(written.select_related("author", "institution", "association"))
    own = [plan for plan in papers if plan.kind in PERSONAL and plan.author_id == user.person_id]
    # Who leads a school finds its young specialists on a page of their own.
    guides = user.scope.guides_newcomers and not user.scope.led
    duties = [duty_of(job, today()) for job in guided_jobs_of(user.person_id, today())] if guides else []
    records = TrainingRecord.objects.visible_to(user).filter(person=user.person_id)
    came_back = Q(status=RecordStatus.RETURNED)
    awaits_certificate = Q(status=RecordStatus.DRAFT, seat__attended=True)
    hours = _hours(user)
    return {
        "own": sorted(papers, key=_open_first)[:SHOWN],
        "has_more": len(papers) > SHOWN,
        "begun": _begun(user),
        "unfinished": min((plan for plan in papers if plan.is_editable), key=_returned_first, default=None),
        "has_current": {plan.kind for plan in own if today() in plan.period},
        "open_records": records.filter(came_back | awaits_certificate).order_by("-changed_at")[:SHOWN],
        "hours": hours,
        "duties": duties,
        "begins_first_years": any(duty.plan is None and duty.starts_on for duty in duties),
        "sheet": hours[0]["job"].sheet if hours else None,
        "sheet_year": school_year_of(today()),
    }


def _hours(user: User) -> list[dict[str, Any]]:
    """The teaching posts, the main one first, each with how far its holder has come with this year's self-assessment.

    Why a number is what it is stands on a page of its own.
    """
    jobs = Employment.objects.on(today()).teaching().filter(person=user.person_id)
    found = {standing.employment: standing for standing in standing_of(jobs, today())}
    posts = _POSTS.ask(person=user.person_id, day=today(), year=school_year_of(today()))
    return [
        {"job": job, "standing": (at := found[job.pk]), "percent": percent_of(at.total, at.required)} for job in posts
    ]


def _posts(person: Any, day: Any, year: Any) -> QuerySet[Employment]:
    posts = Employment.objects.on(day).teaching().filter(person=person).annotate(sheet=begun_by("person", year))
    return posts.select_related("institution").order_by("-is_main", "pk")


_POSTS = Prepared(_posts, person=BigIntegerField(), day=DateField(), year=IntegerField())


def _begun(user: User) -> "list[tuple[DocumentKind, StrOrPromise]]":
    """The papers that the person begins from here, with what buttons say: their own where they teach, and of units."""
    scope = user.scope
    own = [(kind, label) for kind, label in OWN.items() if kind in scope.own_papers]
    of_units = dict(OF_UNITS) if scope.associations else {}
    if any(scope.ways_at(place).plans_as_a_whole for place in scope.making(Work.PLANS)):
        of_units[DocumentKind.PERSPECTIVE_PLAN] = OF_UNITS[DocumentKind.PERSPECTIVE_PLAN]
    return own + [(kind, label) for kind, label in of_units.items() if kind in scope.uses]


def _open_first(plan: Document) -> tuple[bool, dt.timedelta]:
    """What is still to be written or decided on, then the others, the latest first."""
    return not (plan.is_editable or plan.is_undecided), dt.date.max - plan.starts_on


def _returned_first(plan: Document) -> bool:
    """What somebody gave back waits before what one began oneself."""
    return plan.state != State.RETURNED
