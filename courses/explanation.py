"""Why a number is what it is: the judgements of a person's jobs laid beside the records they were made from."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from courses import reasons
from courses.choices import Driver, Reason, Unfit
from courses.models import HoursPolicy, TrainingRecord
from courses.rules import Figure, Judgement, Row
from schools.models import Employment, Institution


@dataclass(frozen=True)
class Standing:
    """Where a person stands at one place of work.

    ``rule`` is the row of the rule that judges, or of the last one that held where none is in force; ``planned`` are
    the hours of the plan that nobody has attended yet.
    """

    job: Employment
    judgement: Judgement
    rule: HoursPolicy | None
    planned: Decimal = Decimal()

    @property
    def unassigned(self) -> Decimal:
        """Counted hours of records that name no block."""
        figure = self.judgement.figure
        return figure.total - figure.compulsory - figure.variative


@dataclass(frozen=True)
class Answer:
    """What the rule of one place of work makes of one record in one span of time.

    Where the rule asks for one large event once in so many years, ``is_event`` is set: counted is what qualifies.
    """

    place: Institution
    span: Driver | None  # None: whenever it was, because no rule ever set a window
    years: int | None
    hours: Decimal
    reason: Reason | Unfit
    source: str
    advice: str
    rival: TrainingRecord | None
    is_event: bool = False

    @property
    def said(self) -> tuple[Decimal, Reason | Unfit, str, bool]:
        """What a reader would see: two answers that say the same are told once."""
        return self.hours, self.reason, self.source, self.is_event


@dataclass(frozen=True)
class Line:
    """One record with its answers, one where all places and spans agree; ``overlaps`` are those no answer names."""

    record: TrainingRecord
    answers: Sequence[Answer]
    overlaps: Sequence[TrainingRecord]


def lines(
    standings: Sequence[Standing], known: Mapping[int, TrainingRecord], kept: AbstractSet[int] = frozenset()
) -> list[Line]:
    """Every record, by its key, with what becomes of it; in the order given.

    ``kept`` are the institutions whose registers the reader keeps.
    """
    pairs = open_pairs(standings, known)
    found = []
    for record in known.values():
        answers = [answer for standing in standings for answer in _answers(standing, record, known, kept)]
        if len({answer.said for answer in answers}) == 1:
            answers = answers[:1]
        named = {answer.rival for answer in answers}
        others = [_other(pair, record) for pair in pairs if record in pair]
        found.append(Line(record, answers, [other for other in others if other not in named]))
    return found


def open_pairs(
    standings: Iterable[Standing], known: Mapping[int, TrainingRecord]
) -> list[tuple[TrainingRecord, TrainingRecord]]:
    """The pairs of records with common days that nobody has confirmed yet, each once."""
    pairs = dict.fromkeys(pair for standing in standings for figure in _figures(standing) for pair in figure.overlaps)
    return [(known[one], known[other]) for one, other in pairs if one in known and other in known]  # type: ignore[index]


def _answers(
    standing: Standing, record: TrainingRecord, known: Mapping[int, TrainingRecord], kept: AbstractSet[int]
) -> list[Answer]:
    """The answer of the figure the demand is measured by, and that of the last years where it is another."""
    judgement = standing.judgement
    spans = [(judgement.driver, judgement.rows)]
    if judgement.rolling and judgement.rolling != judgement.figure:
        spans.append((Driver.ROLLING, judgement.rolling.rows))
    answers = [
        _answer(standing, span, row, record, known, kept)
        for span, rows in spans
        for row in rows
        if row.record.id == record.pk
    ]
    return answers if len({answer.said for answer in answers}) > 1 else answers[:1]


def _answer(
    standing: Standing,
    span: Driver | None,
    row: Row,
    record: TrainingRecord,
    known: Mapping[int, TrainingRecord],
    kept: AbstractSet[int],
) -> Answer:
    place = standing.job.institution
    return Answer(
        place=place,
        span=span,
        years=_years(standing.judgement),
        hours=row.hours,
        reason=row.reason,
        source="" if row.reason == Reason.COUNTED else reasons.source(row.reason, place.kind),
        advice=reasons.advice(row.reason, record.status, to_keeper=record.institution_id in kept),
        rival=known.get(row.rival) if isinstance(row.rival, int) else None,
        is_event=standing.judgement.asks_for_event,
    )


def _years(judgement: Judgement) -> int | None:
    """In how many years the event is asked for, or over how many the hours are added up."""
    rule = judgement.counted_by
    if rule is None:
        return None
    return rule.event_years if judgement.asks_for_event else rule.years


def _figures(standing: Standing) -> list[Figure]:
    judgement = standing.judgement
    return [figure for figure in (judgement.figure, judgement.rolling) if figure]


def _other(pair: tuple[TrainingRecord, TrainingRecord], record: TrainingRecord) -> TrainingRecord:
    return pair[1] if pair[0] == record else pair[0]
