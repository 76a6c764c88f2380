"""Beginning a paper of a college or university: an empty one, filled with what is known already."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courses import standing
from courses.models import TrainingRecord
from cpd.dates import Period, school_year_of, today
from plans.lecturers.people import MOST_LECTURERS, lecturers_of
from plans.lecturers.planned import Planned
from plans.models import (
    Application,
    CourseReport,
    DepartmentItem,
    DepartmentPlan,
    InternshipInformation,
    InternshipPlan,
    InternshipProgramme,
    PerspectiveItem,
    PerspectivePlan,
)
from schools.approval import Refused
from schools.choices import DocumentKind
from schools.merging import goes_on_as
from schools.models import Document, Employment, Institution, MethodicalAssociation, Person, User

TERMED_MODELS: dict[str, Any] = {
    DocumentKind.APPLICATION: Application,
    DocumentKind.INTERNSHIP_PLAN: InternshipPlan,
}


def start_unit_plan(
    *, by: User, kind: str, place: MethodicalAssociation | Institution, period: Period
) -> PerspectivePlan | DepartmentPlan:
    """A plan of a department, or of an institution as a whole, with everybody it is about in it."""
    unit = place if isinstance(place, MethodicalAssociation) else None
    institution = place.institution if isinstance(place, MethodicalAssociation) else place
    with transaction.atomic():
        # One new plan of a place at a time; SQLite, which ignores this lock, lets one writer in at a time anyway.
        Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
        known = Document.objects.filter(kind=kind, institution=institution, association=unit)
        if known.filter(starts_on__lte=period.ends_on, ends_on__gte=period.starts_on).exists():
            raise Refused(_("Another plan already covers this period."))
        model: Any = DepartmentPlan if kind == DocumentKind.DEPARTMENT_PLAN else PerspectivePlan
        plan = model.objects.create(
            kind=kind,
            author=by.person,
            institution=institution,
            association=unit,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
        )
        FILLED[kind](plan)
    return plan


def _fill_perspective(plan: PerspectivePlan) -> None:
    """A row for everybody who teaches there."""
    jobs = lecturers_of(plan.institution_id, plan.association_id, today())
    if len(jobs) > MOST_LECTURERS:
        raise Refused(
            _("One plan holds %(most)s lecturers, and here are %(number)s. Let each unit make a plan of its own.")
            % {"most": MOST_LECTURERS, "number": len(jobs)}
        )
    PerspectiveItem.objects.bulk_create(
        [PerspectiveItem(plan=plan, person=job.person, position=place) for place, job in enumerate(jobs)]
    )


def _fill_department(plan: DepartmentPlan) -> None:
    """What the perspective plan in force says of this school year; where there is none, whoever is due by its end."""
    year = school_year_of(plan.starts_on)
    plans = PerspectivePlan.objects.filter(association=plan.association_id, in_force__isnull=False)
    ahead = plans.filter(starts_on__lte=plan.starts_on, ends_on__gte=plan.ends_on).select_related("in_force").first()
    rows: list[tuple[int, str]] = []
    if ahead and ahead.in_force:
        number = ahead.in_force.content["school_years"].index(year) + 1
        # In the order of the form: the database keeps the keys of a content in its own.
        keys = [f"{number}-{code}" for code in ahead.in_force.content["columns"]]
        for row in ahead.in_force.content["rows"]:
            if texts := [row["cells"][key] for key in keys if key in row["cells"]]:
                rows.append((row["person_id"], "; ".join(texts)))
        ended = goes_on_as(person for person, _topic in rows)
        rows = [(ended.get(person, person), topic) for person, topic in rows]
    else:
        jobs = lecturers_of(plan.institution_id, plan.association_id, today())
        posts = Employment.objects.filter(pk__in=[job.pk for job in jobs])
        due = {one.person for one in standing.of(posts, today()) if one.due and one.due <= plan.ends_on}
        rows = [(job.person_id, "") for job in jobs if job.person_id in due]
    DepartmentItem.objects.bulk_create(
        [
            DepartmentItem(plan=plan, person_id=person, topic=topic[:300], position=place)
            for place, (person, topic) in enumerate(rows)
        ]
    )


FILLED: dict[str, Callable[[Any], None]] = {
    DocumentKind.PERSPECTIVE_PLAN: _fill_perspective,
    DocumentKind.DEPARTMENT_PLAN: _fill_department,
}


def start_termed(
    *,
    by: User,
    kind: str,
    employment: Employment,
    starts_on: dt.date,
    ends_on: dt.date,
    planned: Planned | None = None,
) -> Any:
    """An application or the plan of an internship for the days given, begun with what a plan in force has for them."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        days = {"starts_on": starts_on, "ends_on": ends_on}
        if Document.objects.filter(
            kind=kind, author=by.person_id, institution=employment.institution, **days
        ).exists():
            raise Refused(_("You have such a paper for these days already."))
        return TERMED_MODELS[kind].objects.create(
            kind=kind,
            author=by.person,
            institution=employment.institution,
            association=employment.association,
            **days,
            **(planned.begins(kind) if planned else {}),
        )


def start_of_internship(*, by: User, kind: str, internship: InternshipPlan) -> Any:
    """The programme of an internship, or the information on it: at its place, for its days."""
    model: Any = InternshipProgramme if kind == DocumentKind.INTERNSHIP_PROGRAMME else InternshipInformation
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        if model.objects.filter(internship=internship).exists():
            raise Refused(_("This internship has such a paper already."))
        return model.objects.create(
            kind=kind,
            author=by.person,
            institution=internship.institution,
            association=internship.association,
            starts_on=internship.starts_on,
            ends_on=internship.ends_on,
            internship=internship,
        )


def reportable(user: User) -> QuerySet[TrainingRecord]:
    """One's own finished courses that were handed in and have no report yet.

    Whichever employer verified the record, the department hears of it.
    """
    own = TrainingRecord.objects.own_of(user).courses().on_paper().filter(report=None)
    return own.filter(starts_on__isnull=False, ends_on__lte=today())


def start_report(*, by: User, kind: str, employment: Employment, record: TrainingRecord) -> CourseReport:
    """The report on a course that was attended: its days are the course's.

    It begins with what was asked for, where an application in force was, and with what the record says of the course.
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        if CourseReport.objects.filter(record=record).exists():
            raise Refused(_("There is a report on this course already."))
        asked = Application.objects.filter(author=by.person_id, in_force__isnull=False)
        overlapping = asked.filter(starts_on__lte=record.ends_on, ends_on__gte=record.starts_on)
        directions = overlapping.order_by("-starts_on").values_list("in_force__content__direction", flat=True)
        days: dict[str, Any] = {"starts_on": record.starts_on, "ends_on": record.ends_on}  # known: see ``reportable``
        return CourseReport.objects.create(
            kind=kind,
            author=by.person,
            institution=employment.institution,
            association=employment.association,
            **days,
            record=record,
            aim=directions.first() or "",
            opinion=record.comment,
            effect=record.goal_achieved,
        )


STARTERS: dict[str, Callable[..., Any]] = {
    DocumentKind.PERSPECTIVE_PLAN: start_unit_plan,
    DocumentKind.DEPARTMENT_PLAN: start_unit_plan,
    DocumentKind.APPLICATION: start_termed,
    DocumentKind.INTERNSHIP_PLAN: start_termed,
    DocumentKind.INTERNSHIP_PROGRAMME: start_of_internship,
    DocumentKind.INTERNSHIP_INFORMATION: start_of_internship,
    DocumentKind.COURSE_REPORT: start_report,
}
