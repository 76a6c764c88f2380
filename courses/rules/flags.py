"""What a verifier should look at in a record. No flag changes a number by itself (rules §6, forms §M)."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from courses.choices import WITHOUT_HOURS, Flag, HoursUnit, Precision
from courses.rules.counting import has_document, has_right, hours_of, is_by_host
from courses.rules.inputs import Facts, Pair, Policy, Record
from cpd.dates import add_years

# Rules §6: our assumption, no norm. It warns and judges nothing.
LATE_ENTRY_YEARS = 1


def flags(
    record: Record,
    others: Sequence[Record],
    policy: Policy | None,
    facts: Facts,
    *,
    late_entry_years: int = LATE_ENTRY_YEARS,
) -> list[Flag]:
    """The flags of a record beside the other records of the same teacher, in the order of ``Flag``.

    ``policy`` gives the densest day; None leaves that question out.
    """
    others = [other for other in others if other.id != record.id]
    is_hosted = policy is not None and is_by_host(record, policy)
    raised = {
        Flag.DATE_UNREAD: record.days is None,
        Flag.DATE_IMPRECISE: record.days is not None and record.precision != Precision.DAY,
        Flag.HOURS_UNREAD: record.amount is None and record.kind not in WITHOUT_HOURS,
        Flag.NOT_IN_HOURS: record.amount is not None and record.unit != HoursUnit.HOUR,
        Flag.NO_DOCUMENT: not has_document(record),
        Flag.PROVIDER_UNKNOWN: record.provider is None and not is_hosted,
        Flag.PROVIDER_NOT_ELIGIBLE: record.provider is not None and not is_hosted and not has_right(record),
        Flag.DUPLICATE_DOCUMENT: any(_same_document(record, other) for other in others),
        Flag.SAME_FILE: record.file_hash != "" and record.file_hash in {other.file_hash for other in others},
        Flag.OVERLAP: overlaps_any(record, others, facts.confirmed_pairs),
        Flag.SAME_COURSE_AGAIN: any(_same_course(record, other) for other in others),
        Flag.DENSE: policy is not None and _is_dense(record, policy),
        Flag.DAYS_VS_HOURS: _days_disagree(record),
        Flag.LATE_ENTRY: _is_late(record, late_entry_years),
        Flag.BEFORE_EMPLOYMENT: _is_before_employment(record, facts),
    }
    return [flag for flag, is_raised in raised.items() if is_raised]


def overlaps_any(record: Record, others: Iterable[Record], confirmed: AbstractSet[Pair]) -> bool:
    """Common days with another record, whatever its delivery or precision, that nobody has confirmed."""
    return any(
        record.days is not None
        and other.days is not None
        and record.days.overlaps(other.days)
        and frozenset((record.id, other.id)) not in confirmed
        for other in others
    )


def _same_document(record: Record, other: Record) -> bool:
    """The same number; two known organisations must be one, an unknown one may be any."""
    if record.document_key == "" or record.document_key != other.document_key:
        return False
    return record.provider is None or other.provider is None or record.provider == other.provider


def _same_course(record: Record, other: Record) -> bool:
    same = (record.title, record.provider) == (other.title, other.provider) and record.title != ""
    return same and _size(record) == _size(other) and record.days != other.days


def _size(record: Record) -> tuple[object, ...]:
    return record.amount, record.unit, record.approved_hours


def _is_dense(record: Record, policy: Policy) -> bool:
    hours = hours_of(record, policy)
    if hours is None or record.days is None or policy.max_hours_per_day is None:
        return False
    return hours > policy.max_hours_per_day * _length(record)


def _days_disagree(record: Record) -> bool:
    """Days are written in place of hours, and they are not as many as the dates hold."""
    if record.unit not in (HoursUnit.DAY, HoursUnit.DAY_NIGHT) or record.amount is None or record.days is None:
        return False
    return record.precision == Precision.DAY and record.amount != _length(record)


def _length(record: Record) -> int:
    """Calendar days, the first and the last inside."""
    return (record.days.ends_on - record.days.starts_on).days + 1 if record.days else 0


def _is_late(record: Record, years: int) -> bool:
    if record.entered_on is None or record.ends_on is None:
        return False
    return record.entered_on > add_years(record.ends_on, years)


def _is_before_employment(record: Record, facts: Facts) -> bool:
    if facts.employed_from is None or record.ends_on is None:
        return False
    return record.ends_on < facts.employed_from
