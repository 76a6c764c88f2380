"""The picture of strengths and needs: one bar per unit or group of competences, in whole steps of the drawing.

A bar is as long as the average of the levels given, against the highest one of the scale; a mark stands where the
average was last year. The same numbers stand in the table beside the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plans.assessment.sheet import Question, Sheet

LEFT, WIDTH, ROW = 40, 200, 34  # of the drawing, whose own width is 320


@dataclass(frozen=True)
class Bar:
    code: str
    title: str
    average: Decimal | None  # of the levels given
    earlier: Decimal | None
    needs: int  # competences with a need
    y: int  # the upper edge of its row
    length: int
    earlier_x: int | None


@dataclass(frozen=True)
class Picture:
    bars: list[Bar]
    lines: list[tuple[int, int]]  # where each level of the scale stands, and the level
    height: int

    @property
    def needs(self) -> int:
        return sum(bar.needs for bar in self.bars)


def by_unit(sheet: Sheet) -> Picture:
    return _picture(sheet, [(unit.code, unit.title, questions) for unit, questions in sheet.units])


def by_group(sheet: Sheet) -> Picture:
    """By groups of key competences; a competence of several groups counts in each."""
    found: dict[str, tuple[str, list[Question]]] = {}
    for question in sheet.questions:
        for group in question.competence.groups.all():
            found.setdefault(group.code, (group.title, []))[1].append(question)
    return _picture(sheet, [(code, title, questions) for code, (title, questions) in sorted(found.items())])


def strengths(sheet: Sheet) -> list[Question]:
    """The competences with the highest level given, and no need."""
    highest = max((question.level or 0 for question in sheet.questions), default=0)
    return [question for question in sheet.questions if question.level == highest and not question.has_need]


def average(levels: Iterable[int | None]) -> Decimal | None:
    """Of those given, to one place; None where nothing was."""
    given = [level for level in levels if level is not None]
    return round(Decimal(sum(given)) / len(given), 1) if given else None


def _picture(sheet: Sheet, parts: Sequence[tuple[str, str, list[Question]]]) -> Picture:
    top = max((level.value for level in sheet.levels), default=1)
    bars = []
    for place, (code, title, questions) in enumerate(parts):
        now = average(question.level for question in questions)
        before = average(question.earlier_level for question in questions)
        bars.append(
            Bar(
                code=code,
                title=title,
                average=now,
                earlier=before,
                needs=sum(question.has_need for question in questions),
                y=place * ROW,
                length=_reach(now or Decimal(), top),
                earlier_x=None if before is None else LEFT + _reach(before, top),
            )
        )
    lines = [(LEFT + _reach(Decimal(level.value), top), level.value) for level in sheet.levels]
    return Picture(bars, lines, len(bars) * ROW)


def _reach(level: Decimal, top: int) -> int:
    """How far a level goes; one of an earlier, longer scale ends where the drawing does."""
    return int(min(level / top, Decimal(1)) * WIDTH)
