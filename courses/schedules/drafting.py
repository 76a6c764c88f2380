"""What a schedule is drafted from: who is to learn in a school year, and why. People decide; this only proposes.

A reason is plain data, kept with its row: ``{"code": Due}``, and where the code asks for one ``"on"``, an ISO date,
``"hours"``, a text, or ``"year"``, the first calendar year of a school year.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from courses.choices import Due
from courses.models import ScheduleEntry
from courses.staff import Line, lines, rules_by_code
from courses.standing import Standing
from courses.words import decimal_text
from cpd.dates import school_year, school_year_of
from cpd.text import fold
from schools.models import Employment

Reason = dict[str, Any]
Held = tuple[int, str, uuid.UUID | None]  # of a row: the employment, the folded title, the planned item


@dataclass(frozen=True)
class Planned:
    """One item of an individual plan in force. ``year`` is the school year it stands in, ``hours`` may be unknown."""

    person: int
    institution: int
    uid: uuid.UUID
    title: str
    block: str
    study_form: str
    hours: Decimal | None
    provider_text: str
    year: int
    month: int | None


@dataclass(frozen=True)
class Suggestion:
    """A row to propose: a planned course, or a teacher for whom a course is still to be found."""

    job: Employment
    planned: Planned | None
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        """What a form calls it by."""
        return f"{self.job.pk}:{self.planned.uid if self.planned else ''}"

    @property
    def title(self) -> str:
        return self.planned.title if self.planned else ""


def suggestions(jobs: QuerySet[Employment], year: int, on: dt.date, planned: Iterable[Planned]) -> list[Suggestion]:
    """The rows to propose for a school year, by the teacher's name, as of a day; few queries for any number."""
    courses: dict[tuple[int, int], list[Planned]] = defaultdict(list)
    for item in _without_scheduled(list(planned), year, on):
        courses[item.person, item.institution].append(item)
    found: list[Suggestion] = []
    for line in lines(jobs, on, rules_by_code()):
        found += _of_one(line, courses[line.job.person_id, line.job.institution_id], year, on)
    return found


def not_yet_in(rows: Iterable[Held], proposed: Iterable[Suggestion]) -> list[Suggestion]:
    """What of a proposal a schedule lacks: a teacher's planned course, or a teacher without any row in it."""
    held = list(rows)
    people = {job for job, _title, _item in held}
    courses = {(job, title) for job, title, _item in held}
    items = {item for _job, _title, item in held if item}
    return [
        one
        for one in proposed
        if (
            one.planned.uid not in items and (one.job.pk, fold(one.title)) not in courses
            if one.planned
            else one.job.pk not in people
        )
    ]


def reasons_of(standing: Standing, *, has_trained: bool, year: int, on: dt.date) -> list[Reason]:
    """Why somebody is to learn by the end of a school year, whatever was planned; empty where nothing says so."""
    by_hours, last_day = standing.hours_due, school_year(year).ends_on
    owed = [day for day in (by_hours, standing.frequency_due) if day and day <= last_day]
    found: list[Reason] = []
    if owed:
        found.append({"code": Due.OVERDUE if min(owed) < on else Due.DUE, "on": min(owed).isoformat()})
    if by_hours in owed and standing.shortfall:
        found.append({"code": Due.SHORTFALL, "hours": decimal_text(standing.shortfall)})
    if not has_trained:
        found.append({"code": Due.NEVER_TRAINED})
    return found


def distinct(planned: Iterable[Planned], year: int) -> list[Planned]:
    """One item per title: that of the year itself before one carried over. A schedule holds a course once."""
    in_order = sorted(planned, key=lambda item: (item.year != year, -item.year))
    by_title: dict[str, Planned] = {}
    for item in in_order:
        by_title.setdefault(fold(item.title), item)
    return list(by_title.values())


def _without_scheduled(planned: Sequence[Planned], year: int, on: dt.date) -> list[Planned]:
    """Without what the running year's schedules hold, where a later year is drafted: it may still be done."""
    running = school_year_of(on)
    if year <= running:
        return list(planned)
    carried = {item.uid for item in planned if item.year < year}
    rows = ScheduleEntry.objects.filter(schedule__starts_on=school_year(running).starts_on, plan_item__in=carried)
    scheduled = set(rows.values_list("employment__person", "plan_item"))
    return [item for item in planned if item.year == year or (item.person, item.uid) not in scheduled]


def _of_one(line: Line, planned: Sequence[Planned], year: int, on: dt.date) -> list[Suggestion]:
    needs = reasons_of(line.standing, has_trained=line.last_ended_on is not None, year=year, on=on)
    if planned:
        return [Suggestion(line.job, item, (_intended(item, year), *needs)) for item in distinct(planned, year)]
    return [Suggestion(line.job, None, tuple(needs))] if needs else []


def _intended(item: Planned, year: int) -> Reason:
    return {"code": Due.PLANNED if item.year == year else Due.CARRIED, "year": item.year}
