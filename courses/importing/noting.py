"""What an import tells the journal of each person: who was hired, what was changed, which role was given.

What the journal names is never taken out again. So that an import can be undone, an entry names nobody and no
institution that the same import made: it stands with the district, and gives the person's number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from courses.importing.said import NAMES
from schools import audit
from schools.choices import Event, Role
from schools.models import (
    AuditEntry,
    Employment,
    Institution,
    MethodicalAssociation,
    Person,
    RoleAssignment,
    Subject,
    User,
)
from schools.naming import HIDDEN
from schools.staffing import post_told

Written = Mapping[str, list[Any]]  # column: [old, new]


@dataclass(frozen=True)
class Noted:
    """What became of one row of the staff."""

    person: Person
    institution: Institution
    made: list[models.Model]
    changed: list[tuple[type[models.Model], Written]]
    is_new_person: bool
    is_new_institution: bool


def entries_of(rows: Iterable[Noted], *, by: User, workbook: int) -> Iterator[AuditEntry]:
    """The entries of all rows, not yet written; in as many queries as there are lists that columns point into."""
    rows = list(rows)
    words = _words(written for row in rows for _model, written in row.changed)
    for row in rows:
        yield from _of_row(row, words, by=by, workbook=workbook)


def _of_row(row: Noted, words: Mapping[str, Mapping[int, str]], *, by: User, workbook: int) -> Iterator[AuditEntry]:
    where: dict[str, Any] = {"by": by, "institution": None if row.is_new_institution else row.institution}
    where |= {"district": row.institution.district_id, "subject": None if row.is_new_person else row.person}
    known = {"import": workbook} | ({"person": row.person.pk} if row.is_new_person else {})
    for made in row.made:
        if isinstance(made, Employment):
            yield audit.entry_of(Event.HIRED, what=post_told(made), after=known, **where)
        elif isinstance(made, RoleAssignment):
            yield audit.entry_of(
                Event.ROLE_GIVEN, what=Role(made.role).label, after=known | {"role": made.role}, **where
            )
    for model, written in row.changed:
        before, after = ({name: _word(words, name, pair[side]) for name, pair in written.items()} for side in (0, 1))
        if model is Employment:
            event, what = Event.EMPLOYMENT_CHANGED, row.institution.title_ky
        else:
            event, what = (Event.PERSON_CHANGED, Event.NAME_CHANGED)[not set(NAMES).isdisjoint(written)], ""
        yield audit.entry_of(event, what=what, before=before, after=known | after, **where)


def _words(all_written: Iterable[Written]) -> dict[str, dict[int, str]]:
    """What the columns that hold keys say, as people call it."""
    associations: set[int] = set()
    is_of_subjects = False
    for written in all_written:
        associations |= {key for key in written.get("association_id", ()) if key}
        is_of_subjects = is_of_subjects or "subjects" in written
    found = MethodicalAssociation.objects.in_bulk(list(associations)) if associations else {}
    subjects = dict(Subject.objects.values_list("pk", "title_ky")) if is_of_subjects else {}
    return {"association_id": {pk: one.title_ky for pk, one in found.items()}, "subjects": subjects}


def _word(words: Mapping[str, Mapping[int, str]], column: str, value: Any) -> Any:
    if column == "born_on":
        return HIDDEN if value else value
    if column == "subjects":
        return [words[column].get(key, key) for key in value]
    return words[column].get(value, value) if column in words else value
