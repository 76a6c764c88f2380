"""The school's working copy as its page shows it: by association, each row with its warnings and what it lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from courses.models import Schedule, ScheduleEntry
from courses.schedules.clashes import Warning, clashes
from courses.schedules.content import Lack, lacking
from courses.schedules.school_forms import TermForm
from courses.schedules.surroundings import stays_from, surroundings_of
from cpd.dates import Period
from cpd.text import sort_key
from schools.choices import DocumentKind
from schools.models import Document, MethodicalAssociation, User


@dataclass
class Line:
    """One row of the table."""

    row: ScheduleEntry
    form: TermForm
    warnings: list[Warning] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)


@dataclass
class Group:
    """The rows of one association, or of those who belong to none, under the state of the association's own schedule.

    ``part`` is that schedule, if the head has begun one, with ``is_seen`` and ``is_mine``: whether the user may open
    it, and whether it waits for the user's decision. ``held`` is the key of its version that the working copy holds.
    """

    association: MethodicalAssociation | None
    part: Any = None
    held: int | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether the association has handed in another version than the one held."""
        return bool(self.held) and (self.part.is_undecided or self.part.in_force_id != self.held)

    @property
    def can_take(self) -> bool:
        """Whether the part can be taken: with the user's decision, or at once if the one in force is not held."""
        in_force = self.part.in_force_id not in (None, self.held)
        return self.part.is_mine or (in_force and not self.part.is_undecided)

    @property
    def teachers(self) -> int:
        return len({line.row.employment.person_id for line in self.lines})

    @property
    def hours(self) -> Decimal:
        return sum((line.row.hours for line in self.lines if line.row.hours is not None), Decimal())


@dataclass(frozen=True)
class Table:
    """Everything on the page."""

    groups: list[Group]
    is_empty: bool

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def warned(self) -> list[Line]:
        return [line for line in self.lines if line.warnings]

    @property
    def lacking(self) -> list[Line]:
        return [line for line in self.lines if line.lacks]

    @property
    def teachers(self) -> int:
        return len({line.row.employment.person_id for line in self.lines})

    @property
    def hours(self) -> Decimal:
        return sum((group.hours for group in self.groups), Decimal())


def table_of(
    schedule: Schedule,
    user: User,
    *,
    typed: Mapping[str, TermForm] | None = None,
    terms: Mapping[str, Period | None] | None = None,
) -> Table:
    """The table as saved, with the forms of rows ``typed`` but not saved, or judged as if ``terms`` were saved."""
    rows = list(rows_of(schedule))
    lines = [_line(row, schedule.period, typed or {}) for row in rows]
    _judge(lines, schedule, terms or {})
    groups = {group.association and group.association.pk: group for group in _groups(schedule, user)}
    for line in sorted(lines, key=_place):
        association = line.row.association
        groups.setdefault(association and association.pk, Group(association)).lines.append(line)
    return Table(sorted(groups.values(), key=_place_of_group), is_empty=not rows)


def rows_of(schedule: Schedule) -> Iterable[ScheduleEntry]:
    """The rows of a working copy with all that is shown and judged of them; two queries."""
    related = schedule.rows.select_related("employment__person", "association")
    return related.prefetch_related("employment__subjects")


def _line(row: ScheduleEntry, period: Period, typed: Mapping[str, TermForm]) -> Line:
    return Line(row, typed.get(str(row.uid)) or TermForm(row=row, period=period))


def _judge(lines: list[Line], schedule: Schedule, terms: Mapping[str, Period | None]) -> None:
    """Put beside the rows what is lacking as saved, and the warnings with ``terms`` in place of those saved."""
    rows = [line.row for line in lines]
    lacks = lacking(_as_content(rows))
    for line in lines:
        if str(line.row.uid) in terms:
            days = terms[str(line.row.uid)]
            line.row.starts_on, line.row.ends_on = (days.starts_on, days.ends_on) if days else (None, None)
    found = clashes(stays_from(rows), surroundings_of(schedule.institution, schedule.school_year))
    for line in lines:
        line.warnings = found.get(str(line.row.uid), [])
        line.lacks = [lack for uid, lack in lacks if uid == str(line.row.uid)]


def _as_content(rows: list[ScheduleEntry]) -> dict[str, Any]:
    """As much of a content as decides whether the schedule can be closed."""
    data = [{"uid": str(row.uid), "title": row.title, "starts_on": row.starts_on} for row in rows]
    return {"kind": DocumentKind.SCHOOL_SCHEDULE, "rows": len(rows), "groups": [{"rows": data}]}


def _groups(schedule: Schedule, user: User) -> list[Group]:
    """A group for each association of the school, whether its head has begun a schedule or not."""
    associations = MethodicalAssociation.objects.filter(institution=schedule.institution_id)
    parts = {part.association_id: part for part in parts_of(schedule, user)}
    return [
        Group(association, parts.get(association.pk), schedule.taken.get(str(association.pk)))
        for association in associations
    ]


def parts_of(schedule: Schedule, user: User) -> Iterable[Any]:
    """The associations' schedules of the same year: that there is one, the school may know even of a draft."""
    same = Document.objects.filter(pk=OuterRef("pk"))
    return Schedule.objects.filter(
        kind=DocumentKind.ASSOCIATION_SCHEDULE,
        institution=schedule.institution_id,
        starts_on=schedule.starts_on,
    ).annotate(
        is_seen=Exists(same.visible_to(user)),
        is_mine=Exists(same.awaiting(user)),
    )


def _place(line: Line) -> tuple[Any, ...]:
    """By name; by what was proposed and typed first."""
    person = line.row.employment.person
    names = (person.family_name, person.given_name, person.fathers_name)
    return (*(sort_key(name) for name in names), line.row.pk)


def _place_of_group(group: Group) -> tuple[Any, ...]:
    """As the paper orders them; whoever belongs to no association comes last."""
    return group.association is None, sort_key(group.association.title_ky) if group.association else ()
