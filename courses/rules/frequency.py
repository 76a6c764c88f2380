"""«Once in so many years»: the last qualifying event and the day the next is due (rules §5.3)."""

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from courses.choices import HoursStatus, Precision, TrainingKind
from courses.rules.counting import conflicts, failure_before_hours, hours_of
from courses.rules.inputs import Pair, Policy, Record
from courses.rules.leave import Term, years_after
from cpd.dates import Period

STUDIES = (TrainingKind.SECOND_DEGREE, TrainingKind.POSTGRADUATE, TrainingKind.DEGREE)
SHORT_COURSES = (TrainingKind.COURSE, TrainingKind.SHORT_EVENT)


@dataclass(frozen=True)
class Frequency:
    """Where a teacher stands under «once in so many years»; ``plan_again_on`` only reminds, nobody is late by it."""

    status: HoursStatus
    term: Term | None
    event: Record | None
    plan_again_on: dt.date | None = None

    @property
    def due(self) -> dt.date | None:
        return self.term.ends_on if self.term else None


def is_event(record: Record, policy: Policy) -> bool:
    """Whether a record that passed the tests is by its kind and size one the rule asks for."""
    if record.recognised and record.kind in SHORT_COURSES and policy.min_event_hours is not None:
        return True  # the methodical council's decision stands in for the size (004 III 2.4)
    if record.kind == TrainingKind.COURSE:
        return _reaches(hours_of(record, policy), policy.min_event_hours)
    if record.kind == TrainingKind.INTERNSHIP:
        return _is_internship_long_enough(record, policy)
    if record.kind == TrainingKind.RETRAINING:
        return policy.retraining_min_hours is None or _reaches(hours_of(record, policy), policy.retraining_min_hours)
    return record.kind in STUDIES and policy.degree_counts


def last_event(
    records: Sequence[Record], policy: Policy, as_of: dt.date, confirmed: AbstractSet[Pair]
) -> Record | None:
    """The event that keeps the teacher in time the longest, or None."""
    passed = [
        record
        for record in records
        if record.days is not None
        and failure_before_hours(record, policy, as_of, is_category_open=record.recognised) is None
    ]
    lost = conflicts(passed, policy, confirmed)
    events = [record for record in passed if record.id not in lost and is_event(record, policy)]
    return max(events, key=lambda record: (safe_end(record), record.id), default=None)


def safe_end(record: Record) -> dt.date:
    """The day years are reckoned from: the end, or the first day it may be where only a month or year is known."""
    day = record.ends_on if record.precision == Precision.DAY else record.starts_on
    if day is None:
        raise ValueError("a record without dates has no end")
    return day


def next_due(event: Record | None, employed_from: dt.date | None, years: int, away: Sequence[Period]) -> Term | None:
    """So many years after the last event; where there is none, after the employment began."""
    since = employed_from if event is None else safe_end(event)
    return years_after(since, years, away) if since else None


def _is_internship_long_enough(record: Record, policy: Policy) -> bool:
    """Enough hours or enough days; either will do (004 III 2.4). Without its own limits it is measured as a course."""
    if policy.internship_min_hours is None and policy.internship_min_days is None:
        return _reaches(hours_of(record, policy), policy.min_event_hours)
    if policy.internship_min_hours is not None and _reaches(hours_of(record, policy), policy.internship_min_hours):
        return True
    if policy.internship_min_days is None or record.days is None or record.precision != Precision.DAY:
        return False
    return (record.days.ends_on - record.days.starts_on).days + 1 >= policy.internship_min_days


def _reaches(hours: Decimal | None, least: Decimal | None) -> bool:
    if hours is None or hours <= 0:
        return False
    return least is None or hours >= least
