"""Long leave: a clock that stands still (docs/rules.md, «Long leave»).

A rule that says so does not count the days of long leave among its years: the day by which something is owed moves by
as many days. Only days of leave that are over count, so that a leave without an end moves it by one day each day.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cpd.dates import Period, add_years, last_years

Leave = tuple[dt.date, dt.date | None]  # the first and the last day; without a last one it goes on
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """The last day of a span, and the leave that moved it there; ``unmoved`` is what it would be without."""

    ends_on: dt.date
    unmoved: dt.date
    leave: tuple[Period, ...] = ()

    @property
    def days_moved(self) -> int:
        return (self.ends_on - self.unmoved).days


def days_away(leaves: Iterable[Leave], on: dt.date) -> tuple[Period, ...]:
    """The days of leave before ``on`` as spells, the earliest first; leaves that overlap or follow on are one."""
    spells: list[Period] = []
    for begins, ends in sorted(leaves, key=lambda leave: leave[0]):
        if begins >= on:
            continue
        last = min(ends or dt.date.max, on - DAY)
        if spells and begins <= spells[-1].ends_on + DAY:
            spells[-1] = Period(spells[-1].starts_on, max(spells[-1].ends_on, last))
        else:
            spells.append(Period(begins, last))
    return tuple(spells)


def extended(span: Period, away: Sequence[Period]) -> Term:
    """The last day of a span, later by the days of leave in it; leave that begins in the days gained counts too."""
    ends_on, leave = span.ends_on, []
    for spell in away:
        if spell.ends_on >= span.starts_on and spell.starts_on <= ends_on:
            inside = Period(max(spell.starts_on, span.starts_on), spell.ends_on)
            ends_on += inside.ends_on - inside.starts_on + DAY
            leave.append(inside)
    return Term(ends_on, span.ends_on, tuple(leave))


def years_after(day: dt.date, years: int, away: Sequence[Period]) -> Term:
    """So many years after ``day``, and the days of leave since.

    A day within leave stands for the day before it: the clock stood still since then.
    """
    since = next((spell.starts_on - DAY for spell in away if day in spell), day)
    moved = extended(Period(since + DAY, add_years(since, years)), away)
    leave = (spell.common(Period(day + DAY, moved.ends_on)) for spell in moved.leave if spell.ends_on > day)
    return Term(moved.ends_on, add_years(day, years), tuple(filter(None, leave)))


def first_live(on: dt.date, years: int, away: Sequence[Period]) -> dt.date:
    """The first day whose ``years_after`` reach ``on``."""
    gained = dt.timedelta()
    first = last_years(on, years).starts_on
    for spell in reversed([spell for spell in away if spell.starts_on < on]):
        if first > spell.ends_on:
            break
        last = min(spell.ends_on, on - DAY)
        gained += last - spell.starts_on + DAY
        before = last_years(on - gained, years).starts_on
        if before >= spell.starts_on:  # only where 29 February is lost among the years
            return spell.ends_on + DAY
        first = before
    return first
