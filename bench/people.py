"""Gives some schools of the invented country people who work in the program: accounts, offices and papers.

Their papers come about as at a school: started, saved, handed in and decided on by the program's own actions. What
``bench.load`` asks for are the pages of these people.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count
from django.utils import timezone

from bench.make import PEOPLE_SIGNED_IN
from courses.models import TrainingRecord
from courses.schedules import actions as schedule_actions
from cpd.dates import Period, lasting, school_year, school_year_of, today
from plans import actions
from plans.content import Plan
from plans.models import AnnualPlan, IndividualPlan
from schools import approval
from schools.choices import Action, DocumentKind, NoticeKind, Role, State
from schools.models import (
    Document,
    Employment,
    Institution,
    Meeting,
    MethodicalAssociation,
    Notice,
    Person,
    RoleAssignment,
    User,
)

LONG_AGO = dt.date(2020, 1, 1)
SCHOOLS = 5
LARGE = 30  # teachers, at least, of a school that is given accounts
ASSOCIATIONS = 3
ROWS = 10  # of a plan that somebody writes
NOTICES = 30  # of each teacher, a third of them unread
BACKEND = "schools.backends.AuthenticationBackend"
# What becomes of the individual plans and the yearly plans of a school's teachers, dealt in turn.
FATES = ("draft", "submitted", "considered", "approved", "approved")
OFFICES = {"director": Role.DIRECTOR, "deputy": Role.DEPUTY_DIRECTOR, "clerk": Role.CLERK}


@dataclass
class Working:
    """One school at work."""

    institution: Institution
    offices: dict[str, User] = field(default_factory=dict)
    heads: dict[int, User] = field(default_factory=dict)  # by association
    teachers: list[User] = field(default_factory=list)


def working_schools(count: int = SCHOOLS, *, large: int = LARGE) -> list[Working]:
    """The schools whose people have accounts: made where they are not there yet, the same ones each time."""
    return [_school(institution) for institution in _large_ones(count, large)]


def _large_ones(count: int, people: int) -> list[Institution]:
    """The first schools with so many people, and in front of them the one of the deputy of ``bench.make``."""
    first = RoleAssignment.objects.get(person__user__username=PEOPLE_SIGNED_IN[0]).institution_id
    schools = Institution.objects.filter(kind="school").annotate(people=Count("employments"))
    large = schools.filter(people__gte=people).exclude(pk=first).order_by("pk")[: count - 1]
    return [*schools.filter(pk=first), *large]


def _school(institution: Institution) -> Working:
    found = Working(institution)
    is_new = not MethodicalAssociation.objects.filter(institution=institution).exists()
    jobs = list(Employment.objects.on(today()).filter(institution=institution, is_main=True).order_by("pk"))
    for name, role in OFFICES.items():
        found.offices[name] = _office(institution, name, role)
    associations = _associations(institution)
    found.teachers = [_account(f"bench-{job.person_id}", job.person) for job in jobs]
    found.heads = {one.pk: found.teachers[number] for number, one in enumerate(associations)}
    if is_new:
        for number, job in enumerate(jobs):  # dealt in turn, so that the first ones head one each
            job.association = associations[number % len(associations)]
        Employment.objects.bulk_update(jobs, ["association"])
        for association, head in found.heads.items():
            RoleAssignment.objects.create(
                person=head.person, role=Role.ASSOCIATION_HEAD, association_id=association, starts_on=LONG_AGO
            )
        _write(found)
    return found


def _office(institution: Institution, name: str, role: Role) -> User:
    username = f"bench-{name}-{institution.pk}"
    known = User.objects.filter(username=username).first()
    if known:
        return known
    person = Person.objects.create(family_name=username, given_name="Ак")
    RoleAssignment.objects.create(person=person, role=role, institution=institution, starts_on=LONG_AGO)
    return _account(username, person)


def _account(username: str, person: Person) -> User:
    user, _made = User.objects.get_or_create(
        username=username, defaults={"person": person, "password": "!", "must_change_password": False}
    )
    return user


def _associations(institution: Institution) -> list[MethodicalAssociation]:
    titles = [f"{number}-бирикме" for number in range(ASSOCIATIONS)]
    offices = MethodicalAssociation.objects
    return [offices.get_or_create(institution=institution, title_ky=title)[0] for title in titles]


def _write(found: Working) -> None:
    """The papers of everybody, the schedules of the next school year, and what people are told."""
    year = school_year_of(today())
    five_years, this_year = lasting(school_year(year).starts_on, 5), school_year(year)
    for number, user in enumerate(found.teachers):
        for shift, (kind, period) in enumerate(
            ((DocumentKind.INDIVIDUAL_PLAN, five_years), (DocumentKind.ANNUAL_PLAN, this_year))
        ):
            _paper(found, user, kind, period, FATES[(number + shift) % len(FATES)])
    for association, head in found.heads.items():
        _schedule(found, association, head, year + 1)
    Notice.objects.bulk_create(notice for user in found.teachers for notice in _notices(user))


def _paper(found: Working, user: User, kind: DocumentKind, period: Period, fate: str) -> None:
    job = Employment.objects.on(today()).get(person=user.person_id, is_main=True)
    try:
        plan = actions.start_plan(by=user, kind=kind, employment=job, period=period)
    except approval.Refused:
        return  # ``bench.make`` has given this teacher a plan of these years
    header = {"grounds": ["standard"], "grounds_text": ""} if isinstance(plan, IndividualPlan) else {}
    rows = [row(plan, number) for number in range(ROWS)]
    actions.save_plan(plan=plan, by=user, seen=plan.revision, header=header, rows=rows)
    if fate == "draft":
        return
    plan = fresh(plan)
    actions.submit_plan(plan=plan, by=user, seen=plan.revision)
    while (plan := fresh(plan)).is_undecided and fate in ("considered", "approved"):
        if not _decide(found, plan):
            return
        if fate == "considered":
            return


def _decide(found: Working, plan: Plan) -> bool:
    """The next step by whoever it waits for; False where the association's head would decide on their own plan."""
    step: dict[str, Any] = approval.next_step(plan) or {}
    is_head = plan.awaiting_role == Role.ASSOCIATION_HEAD
    by = found.heads[plan.association_id] if is_head else found.offices[_office_of(plan.awaiting_role)]
    if by.person_id == plan.author_id:
        return False
    minutes = None
    if step["needs_minutes"]:
        minutes = Meeting.objects.create(
            association_id=plan.association_id, minutes_number="1", held_on=today(), recorded_by=by.person
        )
    approval.perform(plan, Action(step["action"]), by=by, seen=plan.revision, meeting=minutes)
    return True


def _office_of(role: str) -> str:
    return next(name for name, of in OFFICES.items() if of == role)


def _schedule(found: Working, association: int, head: User, year: int) -> None:
    office = MethodicalAssociation.objects.get(pk=association)
    schedule = schedule_actions.start_schedule(
        by=again(head), institution=found.institution, year=year, association=office
    )
    for job in Employment.objects.on(today()).filter(association=association).order_by("pk"):
        columns = {"title": f"Тема {job.pk % 300}", "hours": Decimal(72), "proposed_month": 10, "block": "compulsory"}
        schedule_actions.add_row(schedule=schedule, by=again(head), employment=job, columns=columns)


def _notices(user: User) -> Iterator[Notice]:
    for number in range(NOTICES):
        yield Notice(
            person=user.person,
            kind=NoticeKind.RETURNED,
            key=f"bench:{number}",
            facts={},
            path="/plans/",
            read_at=None if number % 3 == 0 else timezone.now(),
        )


def row(plan: Plan, number: int) -> dict[str, Any]:
    """One complete row of a plan, as its form cleans it."""
    common = {"uid": uuid.uuid4(), "month": 10}
    if isinstance(plan, AnnualPlan):
        return common | {
            "need": f"Муктаждык {number}", "learning_methods": ["practice"], "methods_text": "", "term_text": "",
            "executor_kind": "self", "executor_text": "",
        }  # fmt: skip
    return common | {
        "direction": "Предметти окутуунун усулу", "rationale": "Мектептин өнүгүү планы",
        "programme_title": f"Тема {number}", "block": "compulsory", "study_form": "distance", "hours": Decimal(24),
        "provider_text": "Борбор", "school_year": plan.period.school_years[number % 5], "note": "",
    }  # fmt: skip


def fresh(plan: Plan) -> Plan:
    return type(plan)._default_manager.get(pk=plan.pk)


def again(user: User) -> User:
    """With the roles as they are now: a user reads them once."""
    return User.objects.get(pk=user.pk)


def cookie_of(user: User) -> str:
    """A session made beside the sign-in, with the name of its cookie."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def own_plan(user: User, kind: DocumentKind, *states: State) -> int | None:
    """One of the person's plans in these states."""
    plans = Document.objects.filter(author=user.person_id, kind=kind, state__in=states).order_by("-starts_on")
    return plans.values_list("pk", flat=True).first()


def own_record(user: User) -> int | None:
    return TrainingRecord.objects.filter(person=user.person_id).order_by("-pk").values_list("pk", flat=True).first()
