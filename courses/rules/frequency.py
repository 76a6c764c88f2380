"""«Once in so many years»: the last qualifying event and the day the next is due (rules §5.3)."""

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal

from courses.choices import STUDIES, HoursStatus, Precision, Reason, RecordStatus, TrainingKind, Unfit
from courses.rules.counting import Figure, Row, conflicts, failure_before_hours, hours_of
from courses.rules.inputs import Pair, Policy, Record
from courses.rules.leave import Term, first_live, years_after
from cpd.dates import Period

SHORT_COURSES = (TrainingKind.COURSE, TrainingKind.SHORT_EVENT)
MEASURED = (TrainingKind.COURSE, TrainingKind.INTERNSHIP, TrainingKind.RETRAINING)


@dataclass(frozen=True)
class Frequency:
    """Where a teacher stands under «once in so many years»; ``plan_again_on`` only reminds, nobody is late by it.

    ``rows`` tell of each record whether it is such an event, and still lasts; they stand as the records were given.
    """

    status: HoursStatus
    term: Term | None
    event: Record | None
    plan_again_on: dt.date | None = None
    rows: tuple[Row, ...] = field(default=(), compare=False)

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


def event_rows(
    records: Sequence[Record], policy: Policy, as_of: dt.date, confirmed: AbstractSet[Pair]
) -> tuple[Row, ...]:
    """Of each record whether it is an event the rule asks for, whenever it was, and why not.

    What is verified and of a kind the rule does not take is told so: nothing else put right would make it one.
    """
    reasons = {record.id: _failure(record, policy, as_of) for record in records}
    passed = [record for record in records if reasons[record.id] is None]
    lost = conflicts(passed, policy, confirmed)
    rows = []
    for record in records:
        reason: Reason | Unfit | None = reasons[record.id]
        rival = None
        if record.status == RecordStatus.VERIFIED and not _is_of_kind_taken(record, policy):
            reason = Unfit.OTHER_KIND
        elif record.id in lost:
            reason, rival = lost[record.id]
        elif reason is None:
            reason = Reason.COUNTED if is_event(record, policy) else _unfit(record, policy)
        known = hours_of(record, policy) if reason == Reason.COUNTED else None
        rows.append(Row(record, known or Decimal(), reason, rival))
    return tuple(rows)


def still_lasting(rows: Sequence[Row], live_from: dt.date) -> tuple[Row, ...]:
    """The same, but events that ended before that day belong to years that are over."""
    return tuple(
        replace(row, hours=Decimal(), reason=Reason.OUTSIDE_WINDOW)
        if row.reason == Reason.COUNTED and safe_end(row.record) < live_from
        else row
        for row in rows
    )


def attested_events(
    records: Sequence[Record],
    policy: Policy,
    on: dt.date,
    confirmed: AbstractSet[Pair] = frozenset(),
    away: Sequence[Period] = (),
) -> Figure:
    """What attestation on a day looks at where the rule asks for one event: those that still last, with documents."""
    window = Period(first_live(on, policy.event_years, away), on)
    events = event_rows(records, replace(policy, require_document=True), on, confirmed)
    return Figure(window, still_lasting(events, window.starts_on), overlaps=())


def last_event(rows: Sequence[Row]) -> Record | None:
    """The event that keeps the teacher in time the longest, or None."""
    events = [row.record for row in rows if row.reason == Reason.COUNTED]
    return max(events, key=lambda record: (safe_end(record), record.id), default=None)


def _failure(record: Record, policy: Policy, as_of: dt.date) -> Reason | None:
    """Tests C1–C7; recognised learning need not be formal."""
    reason = failure_before_hours(record, policy, as_of, is_category_open=record.recognised)
    return Reason.DATE_UNCERTAIN if reason is None and record.days is None else reason


def _unfit(record: Record, policy: Policy) -> Reason | Unfit:
    """Why a record of a kind the rule takes, that passed the tests, is no event."""
    hours = hours_of(record, policy)
    return Reason.HOURS_UNKNOWN if hours is None or hours <= 0 else Unfit.TOO_SHORT


def _is_of_kind_taken(record: Record, policy: Policy) -> bool:
    """Whether learning of its kind can be an event at all, whatever its size."""
    if record.kind in STUDIES:
        return policy.degree_counts
    if record.kind == TrainingKind.SHORT_EVENT:
        return record.recognised and policy.min_event_hours is not None
    return record.kind in MEASURED


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
    if not policy.measures_internships:
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
