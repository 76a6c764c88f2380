"""A school's schedule by weeks, as its page shows it: who of which association is away, and what speaks against it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from courses.choices import Clash
from courses.models import Schedule
from courses.schedules.clashes import Stay, Surroundings, Warning, clashes
from courses.schedules.school_table import rows_of
from courses.schedules.surroundings import stays_from, stays_in, surroundings_of
from courses.schedules.weeks import Week, weeks
from cpd.text import sort_key
from schools.models import DocumentVersion


@dataclass(frozen=True)
class Away:
    """One course of one teacher in one week."""

    stay: Stay
    warnings: list[Warning]


@dataclass(frozen=True)
class WeekLine:
    """One week with a cell for each column; ``people`` are away, too many where ``is_crowded``."""

    week: Week
    cells: list[tuple[str, list[Away]]]
    people: int
    is_crowded: bool


@dataclass(frozen=True)
class YearTable:
    """``columns`` are titles of associations, empty for those who belong to none; ``undated`` rows have no term."""

    columns: list[str]
    lines: list[WeekLine]
    undated: int

    @property
    def is_empty(self) -> bool:
        return not self.columns


def of_working_copy(schedule: Schedule) -> YearTable:
    rows = list(rows_of(schedule))
    groups = {str(row.uid): row.association.title_ky if row.association else "" for row in rows}
    return _table(schedule, stays_from(rows), groups, _surroundings(schedule))


def of_version(schedule: Schedule, version: DocumentVersion, *, is_judged: bool) -> YearTable:
    """A version names its associations itself: who belongs to which may have changed since.

    Warnings tell of single teachers' leave and of mentors: without ``is_judged`` the table says only who is away.
    Places were given because of the version, or after it: they do not speak against it.
    """
    content = version.content
    groups = {row["uid"]: group["association"] for group in content["groups"] for row in group["rows"]}
    around = replace(_surroundings(schedule), places=())
    return _table(schedule, stays_in(content), groups, around, is_judged=is_judged)


def _surroundings(schedule: Schedule) -> Surroundings:
    return surroundings_of(schedule.institution, schedule.school_year)


def _table(
    schedule: Schedule,
    stays: list[Stay],
    groups: Mapping[str, str],
    surroundings: Surroundings,
    *,
    is_judged: bool = True,
) -> YearTable:
    """``groups`` holds the association of every row, with a term or without, by its uid."""
    found = clashes(stays, surroundings) if is_judged else {}
    columns = sorted({groups[stay.uid] for stay in stays}, key=lambda title: (not title, sort_key(title)))
    return YearTable(
        columns=columns,
        lines=[_line(week, columns, groups, found) for week in weeks(schedule.school_year, stays, surroundings)],
        undated=len(groups) - len(stays),
    )


def _line(week: Week, columns: list[str], groups: Mapping[str, str], found: Mapping[str, list[Warning]]) -> WeekLine:
    away = [Away(stay, found.get(stay.uid, [])) for stay in week.stays]
    crowded = [one.on for here in away for one in here.warnings if one.code == Clash.TOO_MANY_AWAY and one.on]
    return WeekLine(
        week=week,
        cells=[(title, [one for one in away if groups[one.stay.uid] == title]) for title in columns],
        people=len({stay.person for stay in week.stays}),
        is_crowded=any(days.overlaps(week.period) for days in crowded),
    )
