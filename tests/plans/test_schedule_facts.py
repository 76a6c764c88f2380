"""What individual plans tell the course schedules."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans import actions
from plans.models import IndividualPlan
from plans.schedule_facts import planned_courses
from schools.models import Employment
from tests import factories
from tests.conftest import Cast
from tests.factories import job_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> IndividualPlan:
    """In force, with one item in each of its first three school years."""
    draft = factories.individual_plan(cast.teacher)
    years = draft.period.school_years[:3]
    rows = [factories.plan_row(draft, programme_title=f"{year}", school_year=year) for year in years]
    return factories.approved(factories.complete(draft, rows=rows))


def jobs() -> Any:
    return Employment.objects.all()


def titles(year: int) -> list[str]:
    return [one.title for one in planned_courses(jobs(), year)]


def test_items_of_the_year_and_earlier_ones_are_told_and_later_ones_not(plan: IndividualPlan) -> None:
    first, second, third = plan.period.school_years[:3]
    assert titles(first) == [str(first)]
    assert titles(second) == [str(first), str(second)]
    assert titles(third + 1) == [str(first), str(second), str(third)]
    assert titles(plan.period.school_years[-1] + 1) == []


def test_an_item_that_a_record_fulfils_is_not_told_again(plan: IndividualPlan, cast: Cast) -> None:
    first, second = plan.period.school_years[:2]
    record = factories.training_record(cast.teacher)
    actions.fulfil_item(plan=plan, uid=plan.rows.get(school_year=first).uid, record=record, by=cast.teacher)
    assert titles(second) == [str(second)]


def test_an_item_is_told_with_all_its_columns(plan: IndividualPlan, cast: Cast) -> None:
    year = plan.period.school_years[0]
    row = plan.rows.get(school_year=year)
    [found] = planned_courses(jobs(), year)
    assert (found.person, found.institution, found.uid) == (cast.teacher.person_id, cast.school.pk, row.uid)
    assert (found.title, found.block, found.study_form) == (str(year), "compulsory", "distance")
    assert (found.hours, found.provider_text, found.year, found.month) == (Decimal(24), "", year, 10)


def test_drafts_and_other_peoples_plans_tell_nothing(cast: Cast) -> None:
    year = cast.plan.period.school_years[0]
    assert titles(year) == []
    factories.approved(cast.plan)
    assert titles(year) != []
    assert planned_courses(Employment.objects.filter(pk=job_of(cast.peer).pk), year) == []


def test_two_queries_tell_of_any_number_of_plans(cast: Cast) -> None:
    for user in (cast.teacher, cast.peer, cast.colleague):
        factories.approved(factories.individual_plan(user))
    with CaptureQueriesContext(connection) as captured:
        found = planned_courses(jobs(), factories.five_years().school_years[0])
    assert len({one.person for one in found}) == 3
    assert len(captured) == 2
