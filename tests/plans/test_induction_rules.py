"""The duty of a young specialist's plan, judged without a database (national regulation 4.4.1; rules §8, E50, E51)."""

import datetime as dt
from typing import Any

import pytest

from courses.choices import CountedFrom
from cpd.dates import Period
from plans.choices import InductionStatus
from plans.induction.rules import Facts, Rule, judge

DAY = dt.timedelta(days=1)
RULE = Rule(years=3, due_months=3)
BY_ORDER = Rule(years=3, due_months=3, counted_from=CountedFrom.ORDER)
WITH_LEAVE = Rule(years=3, due_months=3, leave_extends=True)
HIRED = dt.date(2024, 9, 1)
DUE = dt.date(2024, 12, 1)


def facts(**told: Any) -> Facts:
    return Facts(**{"is_young": True, "employed_from": HIRED} | told)


@pytest.mark.parametrize(
    ("hired", "due"),
    [("2024-09-01", "2024-12-01"), ("2024-11-30", "2025-02-28"), ("2023-11-30", "2024-02-29")],  # E50
)
def test_the_plan_is_due_so_many_months_after_hiring(hired: str, due: str) -> None:
    judged = judge(facts(employed_from=dt.date.fromisoformat(hired)), RULE, dt.date.fromisoformat(hired))
    assert judged.due is not None
    assert judged.due.ends_on == dt.date.fromisoformat(due)


def test_the_plan_lasts_so_many_years_less_a_day() -> None:  # E51
    assert judge(facts(), RULE, HIRED).period == Period(HIRED, dt.date(2027, 8, 31))


def test_the_last_day_is_inside_and_late_begins_the_day_after() -> None:
    assert judge(facts(), RULE, DUE).status == InductionStatus.DUE
    assert judge(facts(), RULE, DUE + DAY).status == InductionStatus.LATE


@pytest.mark.parametrize(
    ("stands", "status"),
    [
        ({"plan_from": HIRED}, InductionStatus.LATE),
        ({"plan_from": HIRED, "is_undecided": True}, InductionStatus.SUBMITTED),
        ({"plan_from": HIRED, "is_in_force": True}, InductionStatus.APPROVED),
        ({"plan_from": HIRED, "is_undecided": True, "is_in_force": True}, InductionStatus.APPROVED),
    ],
)
def test_what_was_handed_in_is_not_late_and_what_is_in_force_stays_so(
    stands: dict[str, Any], status: InductionStatus
) -> None:
    assert judge(facts(**stands), RULE, DUE + DAY).status == status


@pytest.mark.parametrize("stands", [{}, {"is_undecided": True}, {"is_in_force": True}])
def test_nobody_but_young_specialists_owes_it(stands: dict[str, Any]) -> None:
    judged = judge(facts(is_young=False, **stands), RULE, DUE + DAY)
    assert (judged.status, judged.due) == (InductionStatus.NOT_REQUIRED, None)


def test_without_a_rule_nothing_is_owed() -> None:
    judged = judge(facts(), None, DUE + DAY)
    assert (judged.status, judged.due, judged.period) == (InductionStatus.NOT_REQUIRED, None, None)


def test_counted_from_the_order_both_run_from_its_day() -> None:
    ordered = dt.date(2024, 10, 15)
    judged = judge(facts(ordered_on=ordered), BY_ORDER, DUE + DAY)
    assert judged.due is not None
    assert (judged.due.ends_on, judged.status) == (dt.date(2025, 1, 15), InductionStatus.DUE)
    assert judged.period == Period(ordered, dt.date(2027, 10, 14))


def test_counted_from_an_order_that_is_still_to_come_no_day_runs() -> None:
    judged = judge(facts(), BY_ORDER, DUE + 365 * DAY)
    assert (judged.status, judged.due, judged.period) == (InductionStatus.DUE, None, None)


def test_days_of_long_leave_move_day_and_period_only_where_the_rule_says_so() -> None:
    leave = (dt.date(2024, 10, 1), dt.date(2024, 10, 10))
    still = judge(facts(leaves=(leave,)), RULE, DUE + DAY)
    moved = judge(facts(leaves=(leave,)), WITH_LEAVE, DUE + DAY)
    assert still.status == InductionStatus.LATE
    assert moved.due is not None
    assert moved.period is not None
    assert (moved.status, moved.due.ends_on, moved.due.days_moved) == (InductionStatus.DUE, dt.date(2024, 12, 11), 10)
    assert moved.period == Period(HIRED, dt.date(2027, 9, 10))


def test_leave_before_work_and_leave_to_come_move_nothing() -> None:
    leaves = ((dt.date(2024, 7, 1), dt.date(2024, 8, 31)), (dt.date(2024, 11, 20), dt.date(2024, 11, 25)))
    judged = judge(facts(leaves=leaves), WITH_LEAVE, dt.date(2024, 11, 20))
    assert judged.due is not None
    assert judged.due.ends_on == DUE


def test_a_plan_that_was_begun_keeps_its_own_first_day() -> None:
    begun = dt.date(2024, 8, 20)
    assert judge(facts(plan_from=begun), RULE, HIRED).period == Period(begun, dt.date(2027, 8, 19))


def test_years_that_were_over_before_the_plan_was_begun_run_from_the_order_of_the_mentor() -> None:
    ordered = dt.date(2027, 10, 1)
    last = dt.date(2027, 8, 31)  # of the years from the first day of work
    assert judge(facts(ordered_on=ordered), RULE, last).period == Period(HIRED, last)
    judged = judge(facts(ordered_on=ordered), RULE, ordered)
    assert judged.due is not None
    assert (judged.counted_from, judged.due.ends_on) == (ordered, dt.date(2028, 1, 1))
    assert (judged.status, judged.period) == (InductionStatus.DUE, Period(ordered, dt.date(2030, 9, 30)))
    begun = judge(facts(ordered_on=ordered, plan_from=ordered), RULE, dt.date(2028, 1, 2))
    assert (begun.status, begun.period) == (InductionStatus.LATE, judged.period)


def test_without_a_mentor_years_that_are_over_wait_for_the_order() -> None:
    judged = judge(facts(), RULE, dt.date(2027, 9, 1))
    assert (judged.status, judged.due, judged.period) == (InductionStatus.DUE, None, None)


def test_where_the_years_from_the_order_are_over_too_they_run_from_today() -> None:
    on = dt.date(2028, 1, 10)
    assert judge(facts(ordered_on=HIRED), RULE, on).period == Period(on, dt.date(2031, 1, 9))


def test_a_plan_begun_in_time_keeps_its_day_when_its_years_are_over() -> None:
    judged = judge(facts(plan_from=HIRED), RULE, dt.date(2028, 1, 10))
    assert (judged.counted_from, judged.period) == (HIRED, Period(HIRED, dt.date(2027, 8, 31)))
