"""Two who enter an order at the same moment: real threads, each with a connection of its own."""

import datetime as dt
from collections import Counter
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from cpd.dates import today
from schools import mentoring
from schools.approval import Refused
from schools.choices import EndReason
from schools.mentoring import Terms, change_mentorship, end_mentorship, fix_mentor, standing
from schools.models import Employment, Mentorship, User
from schools.staffing import end_employment
from tests.conftest import Cast, at_once
from tests.factories import again, job_of

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def fixing(cast: Cast, by: User, mentor: User, **said: Any) -> Any:
    order: dict[str, Any] = {"starts_on": today(), "order_number": "14-б", "ordered_on": today()}
    order |= {"mentor": mentor.person, "mentee": cast.peer.person, **said}
    return partial(fix_mentor, by=again(by), institution=cast.school, **order)


def names(answers: list[Any]) -> Counter[str]:
    return Counter(type(answer).__name__ for answer in answers)


def test_of_several_who_fix_a_mentor_at_once_one_does_and_the_others_are_told(cast: Cast) -> None:
    mentors = [cast.teacher, cast.head, cast.colleague, cast.deputy]
    answers = at_once(*(fixing(cast, cast.director, mentor) for mentor in mentors))
    assert names(answers) == {"Mentorship": 1, "Unfit": 3}
    [made] = Mentorship.objects.all()
    assert all(made.mentor.family_name in one.message for one in answers if isinstance(one, Refused))


def test_days_that_end_are_guarded_by_the_lock_alone_and_one_mentorship_stands(cast: Cast) -> None:
    """No constraint of the database knows of overlapping days."""
    until = today() + 30 * DAY
    mentors = [cast.teacher, cast.head, cast.colleague, cast.deputy]
    answers = at_once(*(fixing(cast, cast.clerk, mentor, ends_on=until) for mentor in mentors))
    assert names(answers) == {"Mentorship": 1, "Unfit": 3}
    assert Mentorship.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there a transaction that writes keeps all others out")
def test_teeth_without_the_lock_several_mentorships_share_days(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Barrier(4)
    monkeypatch.setattr(mentoring, "_hold_both", lambda mentor, mentee: None)
    checked = mentoring._check

    def check(one: Mentorship) -> None:
        checked(one)
        gate.wait(timeout=30)

    monkeypatch.setattr(mentoring, "_check", check)
    mentors = [cast.teacher, cast.head, cast.colleague, cast.deputy]
    at_once(*(fixing(cast, cast.clerk, mentor, ends_on=today()) for mentor in mentors))
    assert Mentorship.objects.count() == 4


def test_a_mentor_does_not_leave_while_being_fixed(cast: Cast) -> None:
    """Whichever comes first: a mentor who left yesterday guides nobody today."""
    leaving = partial(
        end_employment,
        employment=job_of(cast.teacher),
        by=again(cast.director),
        last_day=today() - DAY,
        reason=EndReason.LEFT,
    )
    at_once(fixing(cast, cast.clerk, cast.teacher), leaving)
    assert Employment.objects.get(person=cast.teacher.person).ends_on == today() - DAY
    assert not Mentorship.objects.filter(ends_on=None).exists()


def test_of_two_who_end_or_change_it_at_once_one_is_told(cast: Cast) -> None:
    made = fixing(cast, cast.clerk, cast.teacher, starts_on=today() - 9 * DAY)()
    days = [today(), today() + DAY, today() + 2 * DAY]
    endings = [partial(end_mentorship, mentorship=made, by=again(cast.director), last_day=day) for day in days]
    assert names(at_once(*endings)) == {"NoneType": 1, "ChangedMeanwhile": 2}
    made.refresh_from_db()
    changes = [
        partial(
            change_mentorship,
            mentorship=made,
            by=again(cast.director),
            seen=standing(made),
            terms=Terms(made.starts_on, None, number, today()),
        )
        for number in ("15", "16")
    ]
    assert names(at_once(*changes)) == {"Mentorship": 1, "ChangedMeanwhile": 1}
