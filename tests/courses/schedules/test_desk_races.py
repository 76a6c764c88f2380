"""A district and its schools at the same moment: real threads, each with a connection of its own."""

from functools import partial

import pytest
from django.db import connection
from django.db.models.query import QuerySet

from courses.models import ScheduleDeadline, ScheduleReminder
from courses.schedules.desk_actions import accept_schedules, remind_schools, set_deadline
from cpd.dates import today
from schools import approval
from schools.approval import Refused
from schools.choices import Action, State
from schools.invariants import CHECKS
from schools.models import Decision, Document
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import again, next_school_year

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = next_school_year()
CROWD = 6


def waiting(cast: Cast, year: int) -> Document:
    schedule = factories.school_schedule(cast.school, by=cast.deputy, year=year)
    factories.sent(schedule, by=cast.deputy)
    return Document.objects.get(pk=schedule.pk)


def accepting(cast: Cast, document: Document) -> partial:
    seen = {document.pk: document.revision}
    return partial(accept_schedules, seen, district=cast.district, by=again(cast.officer))


def holds() -> None:
    assert {check.__name__: list(check()) for check in CHECKS} == {check.__name__: [] for check in CHECKS}


@pytest.mark.parametrize("number", range(4))
def test_of_accepting_and_withdrawing_at_once_exactly_one_happens(number: int, cast: Cast) -> None:
    document = waiting(cast, YEAR + number)
    withdrawing = partial(approval.perform, document, Action.WITHDRAW, by=again(cast.deputy), seen=document.revision)
    accepted, withdrawn = at_once(accepting(cast, document), withdrawing)
    state = Document.objects.get(pk=document.pk).state
    if accepted.done:
        assert isinstance(withdrawn, Refused)
        assert state == State.APPROVED
    else:
        assert isinstance(withdrawn, Decision)
        assert len(accepted.refused) == 1
        assert state == State.DRAFT
    holds()


def test_many_screens_that_accept_at_once_make_one_decision(cast: Cast) -> None:
    document = waiting(cast, YEAR)
    answers = at_once(*[accepting(cast, document) for _n in range(CROWD)])
    assert sorted(len(answer.done) for answer in answers) == [0] * (CROWD - 1) + [1]
    assert all(len(answer.done) + len(answer.refused) == 1 for answer in answers)
    assert Decision.objects.filter(version__document=document, action=Action.APPROVE).count() == 1
    holds()


def reminding(cast: Cast) -> partial:
    return partial(remind_schools, district=cast.district, year=YEAR, schools=[cast.school], by=again(cast.officer))


def test_of_many_that_remind_at_once_one_does(cast: Cast) -> None:
    answers = at_once(*[reminding(cast) for _n in range(CROWD)])
    assert sorted(answer.now for answer in answers) == [0] * (CROWD - 1) + [1]
    assert ScheduleReminder.objects.count() == 1


def test_many_that_set_a_deadline_at_once_leave_one(cast: Cast) -> None:
    setting = partial(set_deadline, district=cast.district, year=YEAR, due_on=today(), by=again(cast.officer))
    answers = at_once(*[setting] * CROWD)
    assert {type(answer) for answer in answers} == {ScheduleDeadline}
    assert ScheduleDeadline.objects.count() == 1


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="SQLite lets one writer in at a time")
def test_without_the_lock_a_school_would_be_reminded_twice_a_day(cast: Cast, monkeypatch) -> None:
    """The teeth of the race above: the same harness sees the harm where the control is taken away."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    for _round in range(20):
        ScheduleReminder.objects.all().delete()
        at_once(*[reminding(cast) for _n in range(CROWD)])
        if ScheduleReminder.objects.count() > 1:
            return
    pytest.fail("nobody was reminded twice: the race has no teeth")
