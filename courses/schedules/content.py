"""A schedule as plain data: what is frozen when it is handed in, compared between versions, printed and sent.

Names stand in it in Kyrgyz, choices as codes, numbers and days as text: a version prints the same after a teacher, a
school or a translation has changed, and has the same hash on every database.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery

from courses import facts, rules, standing
from courses.models import Schedule, ScheduleEntry, TrainingRecord
from courses.staff import last_course
from courses.standing import Standing
from courses.words import decimal_text, known_hours
from cpd.dates import months_of_school_year, today
from cpd.text import sort_key
from schools.choices import DocumentKind
from schools.models import Employment, MethodicalAssociation

Content = dict[str, Any]
Row = dict[str, Any]

LAST = 99  # sorts rows without a month behind all months

# What people write into a row, in the order of the forms. All else in it is counted on the day of the content.
WRITTEN = (
    *("association", "teacher", "title", "block", "hours", "provider", "study_form", "proposed_month", "term"),
    *("responsible", "note"),
)

# What tells whether a name is still that of the same.
KEYS = {"teacher": "employment", "association": "association_key"}


class Lack(StrEnum):
    """What keeps a schedule from being handed on."""

    NO_ROWS = "no_rows"
    NO_TITLE = "no_title"
    NO_TERM = "no_term"


class DifferenceKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class ColumnChange:
    """Values as the content holds them; a term is a list of its two days. Nothing is an empty text."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """One row that was added, removed or changed; ``teacher`` and ``title`` are those it has, or had last."""

    kind: DifferenceKind
    uid: str
    teacher: str
    title: str
    columns: tuple[ColumnChange, ...] = field(default=())


def content_of(schedule: Schedule, on: dt.date | None = None) -> Content:
    """The working copy as it stands, with hours and last courses as of ``on`` or today: five queries in all."""
    on = on or today()
    norms = facts.policies()
    jobs = Employment.objects.filter(schedule_rows__schedule=schedule)
    standings = {one.employment: one for one in standing.of(jobs, on, norms)}
    entries = _entries(schedule, on)
    courses = TrainingRecord.objects.in_bulk({entry.last_course for entry in entries} - {None})
    institution = schedule.institution
    told = rules.Facts(institution_kind=institution.kind, institution=institution.pk)
    norm = rules.policy_on(norms, told, on)
    groups = []
    for association, members in groupby(sorted(entries, key=_place), key=_association):
        grouped = list(members)
        rows = [_row(one, standings[one.employment_id], courses.get(one.last_course), on) for one in grouped]
        title, key = (association.title_ky, association.pk) if association else ("", None)
        groups.append({"association": title, "association_key": key, "rows": rows} | _sums(grouped))
    return {
        "kind": schedule.kind,
        "school_year": schedule.school_year,
        "school": {"title": institution.title_ky, "district": institution.district.title_ky},
        "association": schedule.association.title_ky if schedule.association else "",
        "change_note": schedule.change_note,
        "required_hours": decimal_text(norm.req_hours) if norm else None,
        "parts": schedule.taken,
        "groups": groups,
        "rows": len(entries),
    } | _sums(entries)


def rows_of(content: Mapping[str, Any]) -> Iterator[Row]:
    """All rows in the order of the paper."""
    for group in content["groups"]:
        yield from group["rows"]


def lacking(content: Mapping[str, Any]) -> list[tuple[str, Lack]]:
    """What keeps a schedule from being handed on, each with the uid of its row; empty for the schedule as a whole.

    A school's schedule names a course and exact days for everybody in it (000 §15); an association's need not.
    """
    if not content["rows"]:
        return [("", Lack.NO_ROWS)]
    if content["kind"] != DocumentKind.SCHOOL_SCHEDULE:
        return []
    found = []
    for row in rows_of(content):
        if not row["title"]:
            found.append((row["uid"], Lack.NO_TITLE))
        if not row["starts_on"]:
            found.append((row["uid"], Lack.NO_TERM))
    return found


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """From ``before`` to ``after``, in the order of ``after``; a row is the same row where its uid is.

    Only what people wrote is compared: years of experience and counted hours change by themselves.
    """
    old, new = _written_by_uid(before), _written_by_uid(after)
    found = []
    for uid, row in new.items():
        if uid not in old:
            found.append(_difference(DifferenceKind.ADDED, uid, row, _changes({}, row)))
        elif changes := _changes(old[uid], row):
            found.append(_difference(DifferenceKind.CHANGED, uid, row, changes))
    gone = ((uid, row) for uid, row in old.items() if uid not in new)
    found += [_difference(DifferenceKind.REMOVED, uid, row, _changes(row, {})) for uid, row in gone]
    return found


def columns_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What people wrote into a row of a content, and what it was chosen from, as the columns of an entry."""
    same = ("title", "block", "study_form", "proposed_month", "responsible", "note", "reasons")
    return {name: row[name] for name in same} | {
        "employment_id": row["employment"],
        "offering_id": row["offering"],
        "plan_item": row["plan_item"] and uuid.UUID(row["plan_item"]),
        "provider_text": row["provider"],
        "hours": Decimal(row["hours"]) if row["hours"] else None,
        "starts_on": dt.date.fromisoformat(row["starts_on"]) if row["starts_on"] else None,
        "ends_on": dt.date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
    }


def place_in_year(month: int | None) -> int:
    """September is 0; rows without a month come last."""
    return months_of_school_year().index(month) if month else LAST


def _entries(schedule: Schedule, on: dt.date) -> list[Any]:
    """The rows with what is read of each, and the key of the teacher's last course."""
    rows = ScheduleEntry.objects.filter(schedule=schedule).prefetch_related("employment__subjects")
    last = last_course(on, person=OuterRef("employment__person"))
    return list(
        rows.select_related("employment__person__category", "association", "schedule__association").annotate(
            last_course=Subquery(last.values("pk")[:1])
        )
    )


def _association(entry: ScheduleEntry) -> MethodicalAssociation | None:
    """The group a row stands in; an association's own schedule is one group."""
    return entry.schedule.association or entry.association


def _place(entry: ScheduleEntry) -> tuple[Any, ...]:
    """By association, whoever has none last; by name; by term. In Python, so that no database has its own order."""
    association, person = _association(entry), entry.employment.person
    return (
        association is None,
        sort_key(association.title_ky) if association else (),
        *(sort_key(name) for name in (person.family_name, person.given_name, person.fathers_name)),
        person.pk,
        entry.starts_on or dt.date.max,
        place_in_year(entry.proposed_month),
        sort_key(entry.title),
        str(entry.uid),
    )


def _sums(entries: Iterable[ScheduleEntry]) -> dict[str, Any]:
    entries = list(entries)
    hours = sum((entry.hours for entry in entries if entry.hours is not None), Decimal())
    return {"teachers": len({entry.employment.person_id for entry in entries}), "hours": decimal_text(hours)}


def _row(entry: ScheduleEntry, figures: Standing, last: TrainingRecord | None, on: dt.date) -> Row:
    job, person = entry.employment, entry.employment.person
    last_hours = known_hours(last.amount, last.unit, last.approved_hours) if last else None
    return {
        "uid": str(entry.uid),
        "employment": job.pk,
        "teacher": person.full_name,
        "subjects": [subject.title_ky for subject in job.subjects.all()],
        "position": job.position,
        "category": person.category.title_ky,
        "experience_years": person.experience_years(on),
        "last_year": last.ends_on.year if last and last.ends_on else None,
        "last_hours": decimal_text(last_hours),
        "total": decimal_text(figures.total),
        "shortfall": decimal_text(figures.shortfall),
        "title": entry.title,
        "block": entry.block,
        "hours": decimal_text(entry.hours),
        "provider": entry.provider_text,
        "study_form": entry.study_form,
        "proposed_month": entry.proposed_month,
        "starts_on": entry.starts_on.isoformat() if entry.starts_on else None,
        "ends_on": entry.ends_on.isoformat() if entry.ends_on else None,
        "responsible": entry.responsible,
        "note": entry.note,
        "reasons": entry.reasons,
        "offering": entry.offering_id,
        "plan_item": str(entry.plan_item) if entry.plan_item else None,
    }


def _written_by_uid(content: Mapping[str, Any]) -> dict[str, Row]:
    """Of every row what people wrote, the group it stands in among it."""
    return {
        row["uid"]: row
        | {
            "association": group["association"],
            "association_key": group.get("association_key"),
            "term": [row["starts_on"], row["ends_on"]] if row["starts_on"] else "",
        }
        for group in content["groups"]
        for row in group["rows"]
    }


def _difference(kind: DifferenceKind, uid: str, row: Row, columns: tuple[ColumnChange, ...]) -> Difference:
    return Difference(kind, uid, row["teacher"], row["title"], columns)


def _changes(before: Row, after: Row) -> tuple[ColumnChange, ...]:
    pairs = ((name, before.get(name) or "", after.get(name) or "") for name in WRITTEN)
    return tuple(
        ColumnChange(name, old, new) for name, old, new in pairs if old != new and not _is_same(name, before, after)
    )


def _is_same(name: str, before: Row, after: Row) -> bool:
    """Whether only the name was changed of a teacher or an association: the row says the same of the same."""
    key = KEYS.get(name)
    return key is not None and before.get(key) == after.get(key) is not None
