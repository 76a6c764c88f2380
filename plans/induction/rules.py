"""The duty of a young specialist's plan: by when it is made, for which days, and how it stands (rules §8).

No database, no clock, no words: dataclasses in, judgement out.
"""

import datetime as dt
from dataclasses import dataclass

from courses.choices import CountedFrom
from courses.rules import Leave, Term, days_away, extended, induction_plan_due_on
from cpd.dates import Period, lasting
from plans.choices import InductionStatus


@dataclass(frozen=True)
class Rule:
    """What the norm says: ``years`` of the plan, ``due_months`` in which it is made, and from which day both run."""

    years: int
    due_months: int
    counted_from: str = CountedFrom.HIRING
    leave_extends: bool = False


@dataclass(frozen=True)
class Facts:
    """One employment on the day judged; ``ordered_on`` is the day of the order that fixed the first mentor."""

    is_young: bool
    employed_from: dt.date
    ordered_on: dt.date | None = None
    leaves: tuple[Leave, ...] = ()
    plan_from: dt.date | None = None  # the first day of the plan that was begun
    is_undecided: bool = False  # it was handed in and waits
    is_in_force: bool = False
    is_begun_elsewhere: bool = False  # another school has a plan of theirs


@dataclass(frozen=True)
class Judgement:
    """How the duty stands. Day and period are empty where no rule says them, or where the order is still to come."""

    status: InductionStatus
    due: Term | None = None
    period: Period | None = None
    counted_from: dt.date | None = None


def judge(facts: Facts, rule: Rule | None, on: dt.date) -> Judgement:
    """How the duty stands on a day. What is in force stays so while it is changed; late is from the day after."""
    if rule is None:
        return Judgement(InductionStatus.NOT_REQUIRED)
    start = counted_from(facts, rule, on)
    due = None
    if start is not None and facts.is_young:
        due = _moved(Period(start, induction_plan_due_on(start, rule.due_months)), facts, rule, on)
    return Judgement(_status(facts, due, on), due, period_of(facts, rule, on), start)


def counted_from(facts: Facts, rule: Rule, on: dt.date) -> dt.date | None:
    """The day from which months and years run; None where they run from an order that is still to come.

    Years that were over before the plan was begun are none for a plan: who is told to be a young specialist later
    has theirs from the order that fixes the mentor, or, where those are over too, from today.
    """
    start = facts.ordered_on if rule.counted_from == CountedFrom.ORDER else facts.employed_from
    begins = facts.plan_from or on
    if start is None or begins <= _years_from(start, facts, rule, on).ends_on:
        return start
    if facts.plan_from or facts.ordered_on is None:
        return facts.plan_from
    return facts.ordered_on if on <= _years_from(facts.ordered_on, facts, rule, on).ends_on else on


def period_of(facts: Facts, rule: Rule, on: dt.date) -> Period | None:
    """The days of the plan: those of the one that was begun, else those it would have; longer by long leave."""
    start = facts.plan_from or counted_from(facts, rule, on)
    return _years_from(start, facts, rule, on) if start else None


def _years_from(start: dt.date, facts: Facts, rule: Rule, on: dt.date) -> Period:
    return Period(start, _moved(lasting(start, rule.years), facts, rule, on).ends_on)


def _moved(span: Period, facts: Facts, rule: Rule, on: dt.date) -> Term:
    return extended(span, days_away(facts.leaves, on) if rule.leave_extends else ())


def _status(facts: Facts, due: Term | None, on: dt.date) -> InductionStatus:
    if not facts.is_young:
        return InductionStatus.NOT_REQUIRED
    if facts.is_in_force:
        return InductionStatus.APPROVED
    if facts.is_undecided:
        return InductionStatus.SUBMITTED
    return InductionStatus.LATE if due and on > due.ends_on else InductionStatus.DUE
