"""Which record counts in a window, with how many hours, and why not (rules §3, §4 and §6)."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from courses.choices import (
    NUMBERED_DOCUMENTS,
    STUDIES,
    Block,
    DeliveryMode,
    HoursUnit,
    LearningCategory,
    ParticipationRole,
    Precision,
    Reason,
    RecordStatus,
    TrainingKind,
    Unfit,
)
from courses.rules.inputs import Pair, Policy, Record, RecordId
from courses.rules.leave import first_live
from cpd.dates import Period

# Recorded, never counted, whatever category was ticked (national regulation 5.3, rules §3).
NEVER_COUNTED = (
    TrainingKind.MENTORING,
    TrainingKind.LEARNING_ORGANISATION,
    TrainingKind.NETWORK,
    TrainingKind.INTERACTIVE,
    TrainingKind.SELF_STUDY,
    TrainingKind.OPEN_LESSON,
)


@dataclass(frozen=True)
class Row:
    """One record's answer. ``rival`` is the record that was counted in its place."""

    record: Record
    hours: Decimal
    reason: Reason | Unfit
    rival: RecordId | None = None


@dataclass(frozen=True)
class Figure:
    """What the records add up to in a window (None: whenever they were). Rows stand as the records were given."""

    window: Period | None
    rows: tuple[Row, ...]
    overlaps: tuple[tuple[RecordId, RecordId], ...]  # pairs waiting for a person to say that both are right

    @property
    def total(self) -> Decimal:
        return sum((row.hours for row in self.rows), Decimal())

    @property
    def compulsory(self) -> Decimal:
        return self._of_block(Block.COMPULSORY)

    @property
    def variative(self) -> Decimal:
        return self._of_block(Block.VARIATIVE)

    def _of_block(self, block: Block) -> Decimal:
        return sum((row.hours for row in self.rows if row.record.block == block), Decimal())


def counted_in(
    window: Period | None,
    records: Sequence[Record],
    policy: Policy,
    as_of: dt.date,
    confirmed: AbstractSet[Pair] = frozenset(),
) -> Figure:
    """Every record's hours and reason in the window, known on ``as_of``."""
    reasons = {record.id: _first_failure(window, record, policy, as_of) for record in records}
    passed = [record for record in records if reasons[record.id] is None]
    lost = conflicts(passed, policy, confirmed)
    rows = []
    for record in records:
        reason = reasons[record.id]
        rival = None
        if record.id in lost:
            reason, rival = lost[record.id]
        hours = (hours_of(record, policy) or Decimal()) if reason is None else Decimal()
        rows.append(Row(record, hours, reason or Reason.COUNTED, rival))
    singles = [record for record in passed if lost.get(record.id, (None,))[0] != Reason.DUPLICATE_DOCUMENT]
    return Figure(window, tuple(rows), _open_pairs(singles, confirmed))


def live_figure(
    records: Sequence[Record],
    policy: Policy,
    on: dt.date,
    confirmed: AbstractSet[Pair] = frozenset(),
    away: Sequence[Period] = (),
) -> Figure:
    """What is live on a day: ended within the rule's years before it (rules §5.2), the days ``away`` left out."""
    return counted_in(Period(first_live(on, policy.years, away), on), records, policy, on, confirmed)


def attested_figure(
    records: Sequence[Record], policy: Policy, on: dt.date, confirmed: AbstractSet[Pair] = frozenset()
) -> Figure:
    """What attestation on a day looks at: the live hours, and only those with documents (001 4.5.5).

    Its own clause names its years, so that leave does not stretch them.
    """
    return live_figure(records, replace(policy, require_document=True), on, confirmed)


def hours_of(record: Record, policy: Policy | None) -> Decimal | None:
    """The hours of a record, or None while nobody knows them; no other unit is converted by itself (rules §4)."""
    if record.unit == HoursUnit.HOUR and record.amount is not None:
        return record.amount
    if record.approved_hours is not None:
        return record.approved_hours
    per_credit = policy.hours_per_credit if policy else None
    if record.unit == HoursUnit.CREDIT and record.amount is not None and per_credit is not None:
        return record.amount * per_credit
    return None


def has_document(record: Record) -> bool:
    """Test C2: type and file, and number and date where the type has them."""
    if not record.document_type or not record.has_file:
        return False
    return record.document_type not in NUMBERED_DOCUMENTS or bool(record.document_number and record.document_on)


def has_right(record: Record) -> bool:
    """Test C6 on the day the record ends; while that day is unknown, any right will do: C9 stops the record anyway."""
    if record.ends_on is None:
        return bool(record.provider_rights)
    return any(
        begins <= record.ends_on and (ends is None or record.ends_on <= ends)
        for begins, ends in record.provider_rights
    )


def is_by_host(record: Record, policy: Policy) -> bool:
    """Internships and studies that the rule names beside courses: whoever takes somebody in needs no right to teach
    (004 III 2.4: enterprises and public organisations too; 1.6 asks for a licence where courses are given).
    """
    if record.kind == TrainingKind.INTERNSHIP:
        return policy.measures_internships
    return record.kind in STUDIES and policy.degree_counts


def failure_before_hours(
    record: Record, policy: Policy, as_of: dt.date, *, is_category_open: bool = False
) -> Reason | None:
    """The first failing test of C1–C7; ``is_category_open`` lets non-formal learning pass."""
    if record.status != RecordStatus.VERIFIED:
        return Reason.NOT_VERIFIED
    if policy.require_document and not has_document(record):
        return Reason.NO_DOCUMENT
    if record.role != ParticipationRole.PARTICIPANT:
        return Reason.NOT_PARTICIPANT
    if record.category == LearningCategory.INFORMAL:
        return Reason.INFORMAL
    if record.category != LearningCategory.FORMAL and not (policy.count_nonformal or is_category_open):
        return Reason.NONFORMAL
    if record.kind in NEVER_COUNTED:
        return Reason.INFORMAL
    if policy.require_provider_eligible and not is_by_host(record, policy) and not has_right(record):
        return Reason.PROVIDER_NOT_ELIGIBLE
    if record.ends_on is not None and record.ends_on > as_of:
        return Reason.NOT_FINISHED
    return None


def conflicts(
    passed: Sequence[Record], policy: Policy, confirmed: AbstractSet[Pair]
) -> dict[RecordId, tuple[Reason, RecordId]]:
    """Tests C10 and C11: the records that give way, why, and to which."""
    lost: dict[RecordId, tuple[Reason, RecordId]] = {}
    first_uses: dict[Any, Record] = {}
    taken: list[Record] = []
    for record in sorted(passed, key=_precedence(policy)):
        use = (record.provider, record.document_key)
        if record.provider is not None and record.document_key and first_uses.setdefault(use, record) is not record:
            lost[record.id] = (Reason.DUPLICATE_DOCUMENT, first_uses[use].id)
            continue
        rival = next((other for other in taken if _collide(record, other, confirmed)), None)
        if rival is None:
            taken.append(record)
        else:
            lost[record.id] = (Reason.OVERLAP_UNRESOLVED, rival.id)
    return lost


def _first_failure(window: Period | None, record: Record, policy: Policy, as_of: dt.date) -> Reason | None:
    """Tests C1–C9 in their order."""
    reason = failure_before_hours(record, policy, as_of)
    if reason is not None:
        return reason
    hours = hours_of(record, policy)
    if hours is None or hours <= 0:
        return Reason.HOURS_UNKNOWN
    return _place(record, window)


def _place(record: Record, window: Period | None) -> Reason | None:
    """Test C9: the window that contains the end owns a record; where the end is unsure, all the days it may be."""
    if record.days is None:
        return Reason.DATE_UNCERTAIN
    if window is None:
        return None
    if record.precision == Precision.DAY:
        return None if record.days.ends_on in window else Reason.OUTSIDE_WINDOW
    if record.days.starts_on in window and record.days.ends_on in window:
        return None
    return Reason.DATE_UNCERTAIN if record.days.overlaps(window) else Reason.OUTSIDE_WINDOW


def _precedence(policy: Policy) -> Callable[[Record], Any]:
    """More hours first, then the earlier end, then the lower id (rules §6)."""
    return lambda record: (-(hours_of(record, policy) or Decimal()), record.ends_on or dt.date.max, record.id)


def _collide(record: Record, other: Record, confirmed: AbstractSet[Pair]) -> bool:
    """Two events in person, both dated to the day, on common days, and nobody has said that both are right."""
    if not (_is_in_person(record) and _is_in_person(other)):
        return False
    if frozenset((record.id, other.id)) in confirmed:
        return False
    return record.days is not None and other.days is not None and record.days.overlaps(other.days)


def _is_in_person(record: Record) -> bool:
    return record.delivery_mode == DeliveryMode.OFFLINE and record.precision == Precision.DAY


def _open_pairs(records: Iterable[Record], confirmed: AbstractSet[Pair]) -> tuple[tuple[RecordId, RecordId], ...]:
    """All pairs that collide, each with the earlier end first."""
    ordered = sorted(records, key=lambda record: (record.ends_on or dt.date.max, record.id))
    return tuple(
        (record.id, other.id)
        for position, record in enumerate(ordered)
        for other in ordered[position + 1 :]
        if _collide(record, other, confirmed)
    )
