"""Who is proposed for a school year, and why."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.choices import Due, HoursStatus, RecordStatus
from courses.schedules.drafting import Planned, Suggestion, distinct, not_yet_in, reasons_of, suggestions
from courses.schedules.words import why
from courses.standing import Standing
from cpd.dates import school_year
from cpd.text import fold
from schools.models import Employment
from tests import factories
from tests.conftest import Cast
from tests.factories import job_of

YEAR = 2027
ON = dt.date(2027, 5, 10)
LAST_DAY = school_year(YEAR).ends_on


def standing(**columns: Any) -> Standing:
    """Somebody who owes nothing for years; ``columns`` say otherwise."""
    wanted = {
        "employment": 1,
        "person": 1,
        "institution": 1,
        "policy": None,
        "total": Decimal(72),
        "required": Decimal(72),
        "status": HoursStatus.MET,
        "due": dt.date(2031, 8, 31),
        "is_due_exact": True,
        "is_due_at_end": False,
        "frequency_status": None,
        "frequency_due": None,
    }
    return Standing(**(wanted | columns))


def planned(title: str, year: int = YEAR, **columns: Any) -> Planned:
    wanted: dict[str, Any] = {
        "person": 1,
        "institution": 1,
        "uid": uuid.uuid4(),
        "title": title,
        "block": "",
        "study_form": "",
        "hours": Decimal(24),
        "provider_text": "",
        "year": year,
        "month": None,
    }
    return Planned(**(wanted | columns))


MISSES_48 = {"total": Decimal(24), "status": HoursStatus.IN_PROGRESS}
LATE, IN_TIME, LATER = dt.date(2027, 1, 31), dt.date(2028, 2, 1), LAST_DAY + dt.timedelta(days=1)
REASONS: list[tuple[str, dict[str, Any], list[dict[str, str]]]] = [
    ("owes nothing", {}, []),
    ("due later", MISSES_48 | {"due": LATER}, []),
    ("no rule", {"status": HoursStatus.NO_RULE, "required": None, "due": None}, []),
    (
        "overdue",
        MISSES_48 | {"status": HoursStatus.OVERDUE, "due": LATE},
        [{"code": "overdue", "on": "2027-01-31"}, {"code": "shortfall", "hours": "48"}],
    ),
    (
        "due on the last day of the year",
        MISSES_48 | {"due": LAST_DAY},
        [{"code": "due", "on": "2028-08-31"}, {"code": "shortfall", "hours": "48"}],
    ),
    ("the hours run out in the year", {"due": IN_TIME}, [{"code": "due", "on": "2028-02-01"}]),
    ("the plan ends with enough hours", {"due": IN_TIME, "is_due_at_end": True}, []),
    (
        "a course must be repeated",
        {"frequency_status": HoursStatus.MET, "frequency_due": IN_TIME},
        [{"code": "due", "on": "2028-02-01"}],
    ),
    (
        "a course must be repeated, and hours are due later",
        MISSES_48 | {"due": LATER, "frequency_status": HoursStatus.MET, "frequency_due": IN_TIME},
        [{"code": "due", "on": "2028-02-01"}],
    ),
    (
        "both are owed: the earlier day is told",
        MISSES_48 | {"due": IN_TIME, "frequency_status": HoursStatus.OVERDUE, "frequency_due": LATE},
        [{"code": "overdue", "on": "2027-01-31"}, {"code": "shortfall", "hours": "48"}],
    ),
]


@pytest.mark.parametrize(("columns", "expected"), [row[1:] for row in REASONS], ids=[row[0] for row in REASONS])
def test_the_reasons_say_what_is_owed_by_the_end_of_the_year(
    columns: dict[str, Any], expected: list[dict[str, str]]
) -> None:
    assert reasons_of(standing(**columns), has_trained=True, year=YEAR, on=ON) == expected


def test_whoever_never_attended_a_course_is_told_so_whatever_is_owed() -> None:
    never = {"code": "never_trained"}
    assert reasons_of(standing(), has_trained=False, year=YEAR, on=ON) == [never]
    owing = reasons_of(standing(**MISSES_48, due=IN_TIME), has_trained=False, year=YEAR, on=ON)
    assert [reason["code"] for reason in owing] == ["due", "shortfall", "never_trained"]
    assert owing[-1] == never


days = st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2031, 12, 31))
statuses = st.sampled_from(HoursStatus)


@given(
    status=statuses,
    due=days,
    at_end=st.booleans(),
    frequency=st.none() | statuses,
    frequency_due=days,
    total=st.integers(0, 144),
    has_trained=st.booleans(),
)
def test_whatever_the_standing_the_reasons_hold_together(
    status: HoursStatus,
    due: dt.date | None,
    at_end: bool,
    frequency: HoursStatus | None,
    frequency_due: dt.date | None,
    total: int,
    has_trained: bool,
) -> None:
    stands = standing(
        status=status,
        due=due,
        is_due_at_end=at_end,
        frequency_status=frequency,
        frequency_due=frequency_due,
        total=Decimal(total),
    )
    found = reasons_of(stands, has_trained=has_trained, year=YEAR, on=ON)
    codes = [reason["code"] for reason in found]
    assert len(codes) == len(set(codes))
    assert not {Due.OVERDUE, Due.DUE} <= set(codes)
    assert (Due.NEVER_TRAINED in codes) is not has_trained
    assert Due.SHORTFALL not in codes or {Due.OVERDUE, Due.DUE} & set(codes)
    for reason in found:
        day = dt.date.fromisoformat(reason["on"]) if "on" in reason else None
        assert day is None or (day <= LAST_DAY and (day < ON) is (reason["code"] == Due.OVERDUE))
        assert why(reason)


@given(
    st.lists(st.tuples(st.sampled_from(["Баалоо", "баалоо ", "Сынчыл ойлом"]), st.integers(2024, YEAR)), max_size=6)
)
def test_a_course_is_proposed_once_and_of_the_year_itself_first(items: list[tuple[str, int]]) -> None:
    found = distinct([planned(title, year) for title, year in items], YEAR)
    assert sorted(fold(one.title) for one in found) == sorted({fold(title) for title, _year in items})
    for one in found:
        assert one.year == max(year for title, year in items if fold(title) == fold(one.title))


def test_a_schedule_lacks_planned_courses_it_does_not_hold_and_teachers_without_a_row() -> None:
    one, other, third = (Employment(pk=number) for number in (1, 2, 3))
    renamed, same, new = planned("Баалоо"), planned("Сынчыл ойлом"), planned("Инклюзия")
    proposed = [Suggestion(one, item, ()) for item in (renamed, same, new)]
    proposed += [Suggestion(other, None, ()), Suggestion(third, None, ())]
    held = [(1, "другое", renamed.uid), (1, fold("Сынчыл ойлом"), None), (2, "", None)]
    assert not_yet_in(held, proposed) == [proposed[2], proposed[4]]


@pytest.mark.django_db
def test_planned_courses_come_first_and_those_without_one_only_for_a_reason(cast: Cast) -> None:
    teacher, peer = job_of(cast.teacher), job_of(cast.peer)
    for user in (cast.teacher, cast.head, cast.deputy):
        factories.training_record(user, status=RecordStatus.VERIFIED, amount=Decimal(72))
    item = planned("Баалоо", person=teacher.person_id, institution=teacher.institution_id)
    late = planned("Инклюзия", YEAR - 1, person=teacher.person_id, institution=teacher.institution_id)
    elsewhere = planned("Башка", person=peer.person_id, institution=cast.other_school.pk)
    jobs = Employment.objects.filter(association=cast.association)
    found = suggestions(jobs, YEAR, ON, [late, item, elsewhere])
    of_teacher = [one for one in found if one.job == teacher]
    assert [(one.planned, one.reasons[0]) for one in of_teacher] == [
        (item, {"code": Due.PLANNED, "year": YEAR}),
        (late, {"code": Due.CARRIED, "year": YEAR - 1}),
    ]
    [of_peer] = [one for one in found if one.job == peer]
    assert of_peer.planned is None
    assert [reason["code"] for reason in of_peer.reasons] == ["overdue", "shortfall", "never_trained"]
    assert {one.job for one in found} == {teacher, peer}


@pytest.mark.django_db
def test_what_the_running_year_has_scheduled_is_not_proposed_again_for_the_next(cast: Cast) -> None:
    teacher = job_of(cast.teacher)
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, amount=Decimal(72))
    whose = {"person": teacher.person_id, "institution": teacher.institution_id}
    scheduled, left = (planned(title, YEAR - 1, **whose) for title in ("Баалоо", "Инклюзия"))
    own = planned("STEM", **whose)
    running = factories.association_schedule(cast.association, by=cast.head, year=YEAR - 1)
    for item in (scheduled, own):
        factories.schedule_row(running, cast.teacher, title=item.title, plan_item=item.uid)
    long_ago = factories.association_schedule(cast.association, by=cast.head, year=YEAR - 2)
    factories.schedule_row(long_ago, cast.teacher, title=left.title, plan_item=left.uid)

    def proposed(year: int, on: dt.date) -> list[Planned | None]:
        found = suggestions(Employment.objects.filter(pk=teacher.pk), year, on, [scheduled, left, own])
        return [one.planned for one in found]

    assert proposed(YEAR, ON) == [own, left]
    assert proposed(YEAR, LAST_DAY) == [own, scheduled, left], "the year it was scheduled for is over"
