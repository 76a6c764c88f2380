"""Rows in one line, and plans walked to a state through the same actions people use."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import uuid4

import factory
from django.apps import apps
from factory.django import DjangoModelFactory

from courses.choices import Block, StudyForm
from courses.models import LegalAct, Provider
from cpd.dates import Period, lasting, school_year, school_year_of, today
from plans import actions
from plans.choices import Executor, Ground, LearningMethod
from plans.content import Plan
from plans.models import AnnualPlan, IndividualPlan
from schools import approval
from schools.choices import Action, DocumentKind, Role, State
from schools.models import (
    ApprovalRoute,
    Decision,
    District,
    Document,
    Employment,
    Institution,
    Meeting,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    Subject,
    User,
)

LONG_AGO = dt.date(2015, 9, 1)
PASSWORD = "Кызыл-алма-7"


class OblastFactory(DjangoModelFactory[Oblast]):
    class Meta:
        model = Oblast

    title_ky = factory.Sequence(lambda n: f"Сыноо облусу {n}")


class DistrictFactory(DjangoModelFactory[District]):
    class Meta:
        model = District

    title_ky = factory.Sequence(lambda n: f"Сыноо району {n}")
    oblast = factory.SubFactory(OblastFactory)


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution

    title_ky = factory.Sequence(lambda n: f"№{n} орто мектеп")
    district = factory.SubFactory(DistrictFactory)


class AssociationFactory(DjangoModelFactory[MethodicalAssociation]):
    class Meta:
        model = MethodicalAssociation

    title_ky = factory.Sequence(lambda n: f"Усулдук бирикме {n}")
    institution = factory.SubFactory(InstitutionFactory)


class SubjectFactory(DjangoModelFactory[Subject]):
    class Meta:
        model = Subject

    title_ky = factory.Sequence(lambda n: f"Сабак {n}")


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    family_name = factory.Sequence(lambda n: f"Сыноочу{n}")
    given_name = "Элмира"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    person = factory.SubFactory(PersonFactory)
    password = factory.django.Password(PASSWORD)
    must_change_password = False


class EmploymentFactory(DjangoModelFactory[Employment]):
    class Meta:
        model = Employment

    person = factory.SubFactory(PersonFactory)
    institution = factory.SubFactory(InstitutionFactory)
    position = "мугалим"
    starts_on = LONG_AGO


class RoleFactory(DjangoModelFactory[RoleAssignment]):
    class Meta:
        model = RoleAssignment

    person = factory.SubFactory(PersonFactory)
    role = Role.DEPUTY_DIRECTOR
    starts_on = LONG_AGO


def first_data() -> None:
    """The routes and norms that migrations bring, where a test with real transactions has emptied the tables."""
    if not ApprovalRoute.objects.exists():
        import_module("schools.migrations.0002_first_routes").add_routes(apps, None)
    if not LegalAct.objects.exists():
        import_module("courses.migrations.0002_first_norms").add_norms(apps, None)
        import_module("courses.migrations.0004_first_rules_and_providers").add_rules(apps, None)
    if not Provider.objects.exists():
        import_module("courses.migrations.0004_first_rules_and_providers").add_providers(apps, None)


def again(user: User) -> User:
    """The same user as the next request sees them: roles and employments read anew."""
    return User.objects.select_related("person").get(pk=user.pk)


def fresh(plan: Plan) -> Plan:
    """The same plan as the next request sees it."""
    return type(plan).objects.get(pk=plan.pk)


def five_years() -> Period:
    """The five school years that began last September."""
    return lasting(school_year(school_year_of(today())).starts_on, 5)


def job_of(user: User) -> Employment:
    return Employment.objects.on(today()).get(person=user.person_id, is_main=True)


def individual_plan(user: User, *, period: Period | None = None, **wanted: Any) -> IndividualPlan:
    """An empty draft of the user's five-year plan at the main job."""
    wanted = {"employment": job_of(user), "period": period or five_years()} | wanted
    return actions.start_plan(by=user, kind=DocumentKind.INDIVIDUAL_PLAN, **wanted)


def annual_plan(user: User, *, period: Period | None = None, **wanted: Any) -> AnnualPlan:
    """An empty draft of the user's plan for this school year at the main job."""
    wanted = {"employment": job_of(user), "period": period or school_year(school_year_of(today()))} | wanted
    return actions.start_plan(by=user, kind=DocumentKind.ANNUAL_PLAN, **wanted)


def plan_row(plan: IndividualPlan, **columns: Any) -> dict[str, Any]:
    """One complete row of an individual plan, as its form cleans it."""
    return {
        "uid": uuid4(),
        "direction": "Предметти окутуунун усулу",
        "rationale": "",
        "programme_title": "Критерийлик баалоо",
        "block": Block.COMPULSORY.value,
        "study_form": StudyForm.DISTANCE.value,
        "hours": Decimal(24),
        "provider_text": "",
        "school_year": plan.period.school_years[0],
        "month": 10,
        "note": "",
    } | columns


def annual_row(**columns: Any) -> dict[str, Any]:
    """One complete row of a yearly plan, as its form cleans it."""
    return {
        "uid": uuid4(),
        "need": "Сабакта окуучулардын сөзүн угуу",
        "learning_methods": [LearningMethod.PRACTICE.value],
        "methods_text": "",
        "month": 11,
        "term_text": "",
        "executor_kind": Executor.SELF.value,
        "executor_text": "",
    } | columns


def complete(plan: Plan, *, rows: Iterable[dict[str, Any]] | None = None) -> Plan:
    """Fill a draft so that nothing keeps it from being submitted."""
    header: dict[str, Any] = {"change_note": plan.change_note}
    if isinstance(plan, IndividualPlan):
        header |= {"grounds": [Ground.STANDARD.value], "grounds_text": ""}
        rows = rows or [plan_row(plan), plan_row(plan, programme_title="Сынчыл ойлом", hours=Decimal(48))]
    else:
        rows = rows or [annual_row()]
    actions.save_plan(plan=plan, by=plan.author.user, seen=plan.revision, header=header, rows=list(rows))
    return fresh(plan)


def submitted(plan: Plan) -> Plan:
    """Handed in by its author, completed first where it is an empty draft."""
    if not plan.rows.exists():
        plan = complete(plan)
    actions.submit_plan(plan=plan, by=plan.author.user, seen=plan.revision)
    return fresh(plan)


def considered(plan: Plan, *, by: User | None = None) -> Plan:
    """Handed in, with the first step of its route taken."""
    return decided(_handed_in(plan), by=by)


def approved(plan: Plan, *, by: User | None = None) -> Plan:
    """Walked to the end of its route; ``by`` takes the last step."""
    plan = _handed_in(plan)
    while plan.state != State.APPROVED:
        is_last = len(plan.current_version.route) - 1 == plan.current_version.decisions.exclude(step=None).count()
        plan = decided(plan, by=by if is_last else None)
    return plan


def returned(plan: Plan, *, by: User | None = None, reason: str = "Сааттарды тактаңыз.") -> Plan:
    """Handed in and given back with a reason."""
    plan = _handed_in(plan)
    approval.perform(plan, Action.RETURN, by=by or in_line(plan), seen=plan.revision, reason=reason)
    return fresh(plan)


def amended(plan: Plan) -> Plan:
    """Approved and opened by its author for a change."""
    if plan.state != State.APPROVED:
        plan = approved(plan)
    approval.perform(plan, Action.AMEND, by=plan.author.user, seen=plan.revision)
    return fresh(plan)


def decided(plan: Plan, *, by: User | None = None) -> Plan:
    """One more step of the route, by the person in line or by ``by``."""
    by = by or in_line(plan)
    step = plan.current_version.route[plan.current_version.decisions.exclude(step=None).count()]
    minutes = meeting(plan.association, by=by) if step["needs_minutes"] else None
    approval.perform(plan, Action(step["action"]), by=by, seen=plan.revision, meeting=minutes)
    return fresh(plan)


def in_line(plan: Plan) -> User:
    """The first account that may take the plan's next step."""
    for user in User.objects.select_related("person").order_by("pk"):
        if Document.objects.awaiting(user).filter(pk=plan.pk).exists():
            return user
    raise LookupError(f"nobody can take the next step of {plan}")


def meeting(association: MethodicalAssociation, *, by: User, number: str = "1") -> Meeting:
    return Meeting.objects.create(
        association=association, minutes_number=number, held_on=today(), recorded_by=by.person
    )


def decisions_of(plan: Plan) -> list[Decision]:
    return list(Decision.objects.filter(version__document=plan.pk).order_by("pk"))


def _handed_in(plan: Plan) -> Plan:
    return submitted(plan) if plan.is_editable else plan
