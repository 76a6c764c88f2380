"""No page needs more than twelve queries, and none needs more for thirty rows than for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans import actions
from plans.content import Plan
from schools.models import Employment, Person, User
from tests import factories
from tests.factories import LONG_AGO

LIMIT = 12
MANY = 30


def colleagues(cast: Any, count: int) -> list[User]:
    """More teachers in the teacher's association."""
    people = Person.objects.bulk_create(Person(family_name=f"Көпчүлүк{n}", given_name="Ак") for n in range(count))
    Employment.objects.bulk_create(
        Employment(
            person=person,
            institution=cast.school,
            association=cast.association,
            position="мугалим",
            starts_on=LONG_AGO,
        )
        for person in people
    )
    User.objects.bulk_create(
        User(username=f"many{n}", person=person, password="!", must_change_password=False)
        for n, person in enumerate(people)
    )
    return list(User.objects.filter(username__startswith="many").select_related("person"))


def submitted_by(users: list[User]) -> list[Plan]:
    return [factories.submitted(factories.individual_plan(user)) for user in users]


def considered_by(users: list[User]) -> list[Plan]:
    return [factories.considered(factories.individual_plan(user)) for user in users]


def with_rows(cast: Any, count: int) -> Plan:
    rows = [factories.plan_row(cast.plan, programme_title=f"Модуль {n}") for n in range(count)]
    return factories.complete(cast.plan, rows=rows)


def queries(user: User, url: str) -> int:
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return len(captured)


def people_only(cast: Any, count: int) -> None:
    colleagues(cast, count)


def papers_to_consider(cast: Any, count: int) -> None:
    submitted_by(colleagues(cast, count))


def papers_to_approve(cast: Any, count: int) -> None:
    considered_by(colleagues(cast, count))


def rows_of_one_plan(cast: Any, count: int) -> None:
    with_rows(cast, count)


def rows_of_a_submitted_plan(cast: Any, count: int) -> None:
    factories.submitted(with_rows(cast, count))


def changes_of_an_approved_plan(cast: Any, count: int) -> None:
    cast.plan = factories.amended(factories.approved(cast.plan))
    with_rows(cast, count)


Rows = Callable[[Any, int], None]
PAGES: list[tuple[str, str, Rows, int]] = [
    ("teacher", "home", rows_of_one_plan, 9),
    ("head", "home", papers_to_consider, 10),
    ("deputy", "home", papers_to_approve, 9),
    ("officer", "home", papers_to_approve, 6),
    ("deputy", "plans", papers_to_approve, 7),
    ("head", "plans", papers_to_consider, 7),
    ("deputy", "institutions", people_only, 6),
    ("deputy", "institution", papers_to_approve, 8),
    ("officer", "institution", people_only, 8),
    ("teacher", "plan", rows_of_one_plan, 11),
    ("teacher", "plan", changes_of_an_approved_plan, 12),
    ("head", "plan", rows_of_a_submitted_plan, 11),
    ("teacher", "plan_edit", rows_of_one_plan, 9),
    ("head", "meeting_new", papers_to_consider, 9),
    ("teacher", "plan_start", rows_of_one_plan, 7),
]


def address(cast: Any, name: str) -> str:
    numbers = {
        "institution": [cast.school.pk],
        "meeting_new": [cast.association.pk],
        "plan": [cast.plan.pk],
        "plan_edit": [cast.plan.pk],
        "plan_start": ["annual_plan"],
    }
    return reverse(name, args=numbers.get(name))


def measured(cast: Any, who: str, name: str, rows: Rows, count: int) -> int:
    """The page's queries with ``count`` rows; whatever was written is taken back."""
    with transaction.atomic():
        rows(cast, count)
        found = queries(getattr(cast, who), address(cast, name))
        transaction.set_rollback(True)
    cast.__dict__.pop("plan", None)
    return found


@pytest.mark.parametrize(("who", "name", "rows", "expected"), PAGES)
def test_a_page_needs_the_same_few_queries_for_one_row_and_for_thirty(
    who: str, name: str, rows: Rows, expected: int, cast: Any
) -> None:
    found = {count: measured(cast, who, name, rows, count) for count in (1, MANY)}
    assert found == {1: expected, MANY: expected}
    assert expected <= LIMIT


def test_saving_thirty_rows_needs_no_more_queries_than_saving_three(cast: Any) -> None:
    def saving(count: int) -> int:
        plan = factories.fresh(cast.plan)
        rows = [factories.plan_row(plan, programme_title=f"Модуль {n}") for n in range(count)]
        header = {"grounds": ["standard"], "grounds_text": ""}
        with CaptureQueriesContext(connection) as captured:
            actions.save_plan(plan=plan, by=cast.teacher, seen=plan.revision, header=header, rows=rows)
        return len(captured)

    assert saving(MANY) == saving(3)
