"""Migrations are walked back and forth on a database that people have worked in."""

import datetime as dt

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cpd.dates import today
from plans.models import LearningNeed, NeedsRequest, PlanItem, ProfessionalStandard, RequestLine
from plans.needs.planning import plan_need
from schools.choices import DocumentKind, Work
from schools.models import ApprovalRoute, Decision, Delegation, Document, DocumentVersion, Mentorship
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE_NEEDS = [("schools", "0006_movement_accounts_and_journal"), ("plans", "0002_fulfilments")]
BEFORE_ORDERS = [("schools", "0008_route_of_requests"), ("courses", "0007_imports_of_workbooks")]
REQUEST = DocumentKind.NEEDS_REQUEST


def migrate(*targets: tuple[str, str]) -> None:
    MigrationExecutor(connection).migrate(list(targets) or MigrationLoader(connection).graph.leaf_nodes())


@pytest.fixture
def worked_in(cast: Cast) -> Cast:
    """A self-assessment, needs, one of them in a plan, a request that was received, work handed over."""
    sheet = factories.assessment(cast.teacher)
    factories.answer(sheet, "A2.1", level=1, has_need=True)
    competence = sheet.answers.get().competence
    need = factories.need(cast.teacher, competence.title_ky, competence=competence)
    plan_need(need=need, plan=factories.individual_plan(cast.teacher), by=cast.teacher)
    factories.need(cast.peer)
    request = factories.needs_request(cast.school, by=cast.deputy)
    factories.signed_request(request, by=cast.deputy, director=cast.director)
    factories.received_request(request, by=cast.officer)
    Delegation.objects.create(
        institution=cast.school, giver=cast.deputy.person, taker=cast.head.person, work=Work.NEEDS, ends_on=today()
    )
    return cast


def test_learning_needs_and_requests_go_and_come_back_and_leave_nothing_half(worked_in: Cast) -> None:
    assert RequestLine.objects.exists()
    others = Document.objects.exclude(kind=REQUEST).count()
    try:
        migrate(*BEFORE_NEEDS)
        assert not Document.objects.filter(kind=REQUEST).exists()
        assert Document.objects.count() == others > 0
        assert not DocumentVersion.objects.exists()
        assert not Decision.objects.exists()
        assert not Delegation.objects.exists()
        assert not ApprovalRoute.objects.filter(document_kind=REQUEST).exists()
    finally:
        migrate()
    connection.check_constraints()
    assert ProfessionalStandard.objects.get().units.count() == 5
    assert ApprovalRoute.objects.get(document_kind=REQUEST).steps.count() == 2
    assert not LearningNeed.objects.exists()
    assert PlanItem.objects.get().need is None
    request = factories.needs_request(worked_in.school, by=worked_in.deputy)
    assert NeedsRequest.objects.get() == request


# First and last days of mentors of one person as they were entered, and the last days that they get: month and day.
MENTORS: list[tuple[list[tuple[str, str | None]], list[str | None]]] = [
    ([("01-01", None), ("02-01", None), ("03-01", None)], ["01-31", "02-28", None]),
    ([("01-01", "12-31"), ("05-01", None)], ["04-30", None]),
    ([("01-01", "12-31"), ("05-01", "06-30")], ["04-30", "06-30"]),
    ([("01-01", "01-31"), ("02-01", None)], ["01-31", None]),
    ([("09-01", None), ("09-01", None)], ["09-01", None]),
    ([("01-01", None)], [None]),
]


def test_of_several_mentors_each_ends_the_day_before_the_next(cast: Cast) -> None:
    mentors = [user.person_id for user in (cast.teacher, cast.head, cast.deputy)]
    mentees = [factories.PersonFactory.create().pk for _case in MENTORS]
    try:
        migrate(*BEFORE_ORDERS)
        old = MigrationLoader(connection).project_state(BEFORE_ORDERS).apps.get_model("schools", "Mentorship").objects
        for mentee, (entered, _then) in zip(mentees, MENTORS, strict=True):
            for mentor, days in zip(mentors, entered, strict=False):
                first, last = (day and dt.date.fromisoformat(f"2026-{day}") for day in days)
                pair = {"mentor_id": mentor, "mentee_id": mentee, "institution_id": cast.school.pk}
                old.create(**pair, starts_on=first, ends_on=last)
    finally:
        migrate()
    for mentee, (_entered, then) in zip(mentees, MENTORS, strict=True):
        rows = Mentorship.objects.filter(mentee=mentee).order_by("pk")
        assert [row.ends_on and f"{row.ends_on:%m-%d}" for row in rows] == then
