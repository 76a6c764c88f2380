"""Plans of departments walked to a state through the actions people use."""

from typing import Any

from cpd.dates import Period, school_year, school_year_of, today
from plans import actions
from plans.content import content_of
from plans.lecturers import starting
from plans.models import DepartmentItem, DepartmentPlan, PerspectivePlan
from schools import approval
from schools.choices import Action, DocumentKind
from schools.models import MethodicalAssociation, User
from tests import factories

THIS_YEAR = school_year_of(today())
MONTH = 11


def three_years(first: int = THIS_YEAR) -> Period:
    return Period(school_year(first).starts_on, school_year(first + 2).ends_on)


def perspective_plan(by: User, place: Any, *, period: Period | None = None) -> PerspectivePlan:
    return starting.start_unit_plan(  # type: ignore[return-value]
        by=by, kind=DocumentKind.PERSPECTIVE_PLAN, place=place, period=period or three_years()
    )


def department_plan(by: User, place: MethodicalAssociation, *, year: int = THIS_YEAR) -> DepartmentPlan:
    return starting.start_unit_plan(  # type: ignore[return-value]
        by=by, kind=DocumentKind.DEPARTMENT_PLAN, place=place, period=school_year(year)
    )


def filled(plan: PerspectivePlan, cells: dict[str, str] | None = None, **columns: Any) -> PerspectivePlan:
    """With something planned for everybody, or for whom ``cells`` says by name of the account."""
    first = "1-" + content_of(plan)["columns"][0]
    for row in plan.rows.all():
        row.cells = cells or {first: f"Курс {row.person.family_name}"}
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return plan


def planned(plan: DepartmentPlan, *people: User) -> DepartmentPlan:
    """With a course for each of these alone."""
    plan.rows.all().delete()
    for place, user in enumerate(people):
        DepartmentItem.objects.create(
            plan=plan,
            person=user.person,
            position=place,
            training_kind="course",
            topic="Санариптик педагогика",
            month=MONTH,
            provider_text="Билим борбору",
        )
    return plan


def submitted(plan: Any, by: User) -> Any:
    actions.submit_plan(plan=plan, by=by, seen=plan.revision)
    return factories.fresh(plan)


def moved(plan: Any, action: Action, by: User, reason: str = "") -> Any:
    approval.perform(plan, action, by=by, seen=plan.revision, reason=reason)
    return factories.fresh(plan)
