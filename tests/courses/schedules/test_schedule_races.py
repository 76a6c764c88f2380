"""Two people, one schedule, the same moment: real threads, each with a connection of its own."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from courses.models import Schedule, ScheduleEntry
from courses.schedules import actions
from schools import approval
from schools.choices import Action
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import ScheduleEntryFactory, again, decisions_of, fresh, job_of, next_school_year

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def outcome(answers: list[Any]) -> Counter[str]:
    return Counter(type(answer).__name__ for answer in answers)


def part(cast: Cast) -> Schedule:
    schedule = factories.association_schedule(cast.association, by=cast.head)
    ScheduleEntryFactory.create(schedule=schedule, employment=job_of(cast.teacher), association=cast.association)
    return schedule


def test_starting_at_once_starts_one(cast: Cast) -> None:
    start = partial(actions.start_schedule, institution=cast.school, year=next_school_year())
    who = [cast.deputy, cast.director, cast.second_deputy] * (CROWD // 3)
    answers = at_once(*(partial(start, by=again(user)) for user in who))
    assert outcome(answers) == {"Schedule": 1, "Refused": CROWD - 1}
    assert Schedule.objects.count() == 1


def test_handing_in_at_once_hands_in_once(cast: Cast) -> None:
    schedule = part(cast)
    answers = at_once(
        *(
            partial(actions.submit_schedule, schedule=fresh(schedule), by=again(cast.head), seen=1)
            for _number in range(CROWD)
        )
    )
    assert outcome(answers) == {"Decision": 1, "ChangedMeanwhile": CROWD - 1}
    assert (fresh(schedule).versions.count(), len(decisions_of(schedule))) == (1, 1)


def test_closing_and_sending_at_once_happen_once_each(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    ScheduleEntryFactory.create(
        schedule=schedule, employment=job_of(cast.director), starts_on=schedule.starts_on, ends_on=schedule.starts_on
    )
    who = [cast.deputy, cast.director] * (CROWD // 2)
    close = [partial(actions.close_schedule, schedule=fresh(schedule), by=again(user), seen=1) for user in who]
    assert outcome(at_once(*close)) == {"Decision": 1, "ChangedMeanwhile": CROWD - 1}
    closed = fresh(schedule)
    send = [partial(approval.perform, closed, Action.SEND, by=again(user), seen=closed.revision) for user in who]
    assert outcome(at_once(*send)) == {"Decision": 1, "ChangedMeanwhile": CROWD - 1}
    assert [decision.action for decision in decisions_of(schedule)] == ["close", "send"]
    assert fresh(schedule).versions.count() == 1


def test_saving_one_row_at_once_saves_it_once(cast: Cast) -> None:
    schedule = part(cast)
    row = ScheduleEntry.objects.select_related("schedule").get()
    save = [
        partial(actions.save_row, row=row, by=again(cast.head), seen=1, columns={"note": f"{number}"})
        for number in range(CROWD)
    ]
    answers = at_once(*save)
    assert outcome(answers) == {"int": 1, "ChangedMeanwhile": CROWD - 1}
    row.refresh_from_db()
    assert (row.note, row.revision) == (str(answers.index(2)), 2)
    assert fresh(schedule).revision == 2


def test_a_row_saved_while_the_schedule_is_handed_in_is_in_the_version_or_refused(cast: Cast) -> None:
    schedule = part(cast)
    row = ScheduleEntry.objects.select_related("schedule").get()
    saved, handed_in = at_once(
        partial(actions.save_row, row=row, by=again(cast.head), seen=1, columns={"note": "кечикти"}),
        partial(actions.submit_schedule, schedule=fresh(schedule), by=again(cast.head), seen=1),
    )
    assert outcome([saved, handed_in])["ChangedMeanwhile"] == 1
    row.refresh_from_db()
    versions = [version.content["groups"][0]["rows"][0]["note"] for version in fresh(schedule).versions.all()]
    assert (row.note, versions) in (("кечикти", []), ("", [""]))
