"""A school year by weeks, with the courses in each."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.schedules.clashes import Spell, Stay, Surroundings
from cpd.dates import Period, days_of_week, school_year, week_of


@dataclass(frozen=True)
class Week:
    """Monday to Sunday; ``number`` counts from the first week of the school year.

    ``exams`` and ``leave`` are the days of it on which everybody has them.
    """

    number: int
    period: Period
    stays: tuple[Stay, ...]
    exams: tuple[Period, ...]
    leave: tuple[Period, ...]


def weeks(year: int, stays: Iterable[Stay], surroundings: Surroundings) -> list[Week]:
    """The weeks of the school year that begins in ``year``: the first holds its first day, the last its last one."""
    days = school_year(year)
    first, last = week_of(days.starts_on), week_of(days.ends_on)
    away: dict[int, list[Stay]] = {week: [] for week in range(first, last + 1)}
    for stay in sorted(stays, key=lambda stay: (stay.starts_on, stay.name, stay.uid)):
        for week in range(max(first, stay.first_week), min(last, stay.last_week) + 1):
            away[week].append(stay)
    return [
        Week(
            number=week - first + 1,
            period=days_of_week(week),
            stays=tuple(away[week]),
            exams=_of_everybody(surroundings.exams, days_of_week(week)),
            leave=_of_everybody(surroundings.leaves, days_of_week(week)),
        )
        for week in away
    ]


def _of_everybody(spells: Iterable[Spell], week: Period) -> tuple[Period, ...]:
    common = (spell.days.common(week) for spell in spells if spell.employment is None)
    return tuple(sorted(filter(None, common), key=lambda days: days.starts_on))
