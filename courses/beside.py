"""Learning beside courses (national regulation 5.3): noted by its owner, verified only where a norm counts it.

Whether it would count is asked of the hours engine, as if it were verified; nothing is judged here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import F

from courses import rules
from courses.choices import Reason, RecordStatus, Unfit
from courses.facts import records_of, rule_over
from courses.models import TrainingRecord
from courses.models.records import UNSENT, TrainingRecordQuerySet
from cpd.dates import today

NEVER = (None, Reason.INFORMAL, Reason.NONFORMAL)  # no verification would change it


@dataclass(frozen=True)
class Line:
    """One entry, and the engine's reason to count it or not, were it verified; None where no rule is in force."""

    record: TrainingRecord
    reason: Reason | Unfit | None

    @property
    def asks_for_nobody(self) -> bool:
        """Never handed in, and no verification would make it count."""
        return self.record.status in UNSENT and self.reason in NEVER

    @property
    def may_be_handed_in(self) -> bool:
        return self.record.is_open and self.reason not in NEVER


def lines_of(records: Iterable[TrainingRecord], on: dt.date) -> list[Line]:
    """What the rule in force makes of each. Two queries, and two for each institution; they are loaded."""
    rows = list(records)
    over: dict[int, rules.Policy | None] = {}
    for row in rows:
        if row.institution_id not in over:
            over[row.institution_id] = rule_over(row, on)
    known = {one.id: one for theirs in records_of(row.person_id for row in rows).values() for one in theirs}
    return [Line(row, _reason(known[row.pk], over[row.institution_id], on)) for row in rows]


def newest_first(records: TrainingRecordQuerySet) -> TrainingRecordQuerySet:
    """As the portfolio has it: what has no date that could be read stands last."""
    return records.select_related("institution").order_by(F("ends_on").desc(nulls_last=True), "-pk")


def line_of(record: TrainingRecord) -> Line:
    return lines_of([record], today())[0]


def asks_for_nobody(record: TrainingRecord) -> bool:
    """Learning beside courses that nobody has to verify."""
    return record.is_beside and line_of(record).asks_for_nobody


def _reason(record: rules.Record, policy: rules.Policy | None, on: dt.date) -> Reason | Unfit | None:
    """A missing document aside: it is what one would add when handing it in."""
    if policy is None:
        return None
    as_verified = replace(record, status=RecordStatus.VERIFIED)
    figure = rules.counted_in(None, [as_verified], replace(policy, require_document=False), on)
    return figure.rows[0].reason
