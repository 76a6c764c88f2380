"""A school year by weeks."""

import datetime as dt
from itertools import pairwise

import pytest

from courses.schedules.clashes import Spell, Stay, Surroundings
from courses.schedules.weeks import weeks
from cpd.dates import Period, days_of_week, school_year, week_of

NOTHING = Surroundings()


def stay(uid: str, starts_on: dt.date, ends_on: dt.date) -> Stay:
    return Stay(uid, 1, 1, "Асанова А.", frozenset(), None, starts_on, ends_on)


@pytest.mark.parametrize("year", range(2020, 2032))
def test_the_weeks_hold_every_day_of_the_school_year_once(year):
    found = weeks(year, [], NOTHING)
    days, first, last = school_year(year), found[0].period, found[-1].period
    assert days.starts_on in first
    assert days.ends_on in last
    assert [week.number for week in found] == list(range(1, len(found) + 1))
    assert {week.period.starts_on.isoweekday() for week in found} == {1}
    assert all(one.period.ends_on + dt.timedelta(1) == other.period.starts_on for one, other in pairwise(found))


def test_a_course_stands_in_each_week_that_it_touches():
    found = weeks(2026, [stay("a", dt.date(2026, 10, 9), dt.date(2026, 10, 19))], NOTHING)
    touched = [week.period.starts_on for week in found if week.stays]
    assert touched == [dt.date(2026, 10, 5), dt.date(2026, 10, 12), dt.date(2026, 10, 19)]


def test_in_a_week_courses_stand_by_the_day_they_begin():
    late, early = stay("a", dt.date(2026, 10, 8), dt.date(2026, 10, 9)), stay("b", *2 * [dt.date(2026, 10, 7)])
    found = weeks(2026, [late, early], NOTHING)
    assert [week.stays for week in found if week.stays] == [(early, late)]


def test_a_course_that_runs_beyond_the_school_year_stands_in_the_weeks_it_has():
    found = weeks(2026, [stay("a", dt.date(2027, 8, 20), dt.date(2027, 10, 1))], NOTHING)
    assert [week.number for week in found if week.stays] == [len(found) - 2, len(found) - 1, len(found)]
    assert not any(week.stays for week in weeks(2028, [stay("a", *2 * [dt.date(2027, 8, 20)])], NOTHING))


def test_exams_and_leave_of_everybody_are_shown_and_not_one_teacher_s():
    exams = Spell(Period(dt.date(2027, 5, 26), dt.date(2027, 6, 2)))
    around = Surroundings(exams=(exams,), leaves=(Spell(exams.days, employment=1),))
    found = {week.period.starts_on: week.exams for week in weeks(2026, [], around) if week.exams or week.leave}
    assert found == {
        dt.date(2027, 5, 24): (Period(dt.date(2027, 5, 26), dt.date(2027, 5, 30)),),
        dt.date(2027, 5, 31): (Period(dt.date(2027, 5, 31), dt.date(2027, 6, 2)),),
    }


@pytest.mark.parametrize(
    "day", [dt.date(2024, 12, 29), dt.date(2024, 12, 30), dt.date(2025, 1, 5), dt.date(2025, 1, 6)]
)
def test_a_week_holds_its_day_and_begins_on_monday(day):
    week = days_of_week(week_of(day))
    assert day in week
    assert (week.starts_on.isoweekday(), week.ends_on.isoweekday()) == (1, 7)
    assert week.starts_on == dt.date.fromisocalendar(*day.isocalendar()[:2], 1)
