"""What a book is made of: each school's newest version that holds, one section each, and the hash that names all."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone

from courses.books.papers import made_with_of, makers
from courses.models import Book
from courses.schedules.desk import DeskState, absent_schools, valid_versions
from cpd.text import sort_key
from schools.choices import Action
from schools.models import Decision, District, DocumentVersion


@dataclass(frozen=True)
class Section:
    """One school's schedule in a book. ``version`` is the key, ``number`` what people call it."""

    version: int
    number: int
    school: str
    teachers: int
    rows: int
    hours: Decimal
    content_hash: str
    sent_on: dt.date | None
    received_on: dt.date | None


@dataclass(frozen=True)
class Missing:
    """A school that has nothing in a book, and where its schedule stands."""

    school: str
    state: DeskState


@dataclass(frozen=True)
class Totals:
    schools: int
    teachers: int
    rows: int
    hours: Decimal


@dataclass(frozen=True)
class Edition:
    """Sections in the order of the book: by the school's title. ``made_with`` is of each section's paper.

    ``missing`` are the district's other schools; where ``is_accepted_only``, those still to be decided on among them.
    """

    sections: Sequence[Section]
    missing: Sequence[Missing]
    made_with: Mapping[int, str]
    is_accepted_only: bool

    @property
    def versions(self) -> list[int]:
        return [section.version for section in self.sections]

    @property
    def totals(self) -> Totals:
        sections = self.sections
        return Totals(
            schools=len(sections),
            teachers=sum(section.teachers for section in sections),
            rows=sum(section.rows for section in sections),
            hours=sum((section.hours for section in sections), Decimal()),
        )

    def fingerprint(self, form: str) -> str:
        """Another one as soon as a school has sent another version, one is decided on, or a template changed."""
        parts = [form, makers(), f"accepted only: {self.is_accepted_only}"]
        parts += (f"{one.state} {one.school}" for one in self.missing)
        parts += (f"{one.version} {one.content_hash} {self.made_with[one.version]}" for one in self.sections)
        return sha256("\n".join(parts).encode()).hexdigest()


def edition_now(district: District, year: int, *, is_accepted_only: bool = False) -> Edition:
    """Of what the schools of the district have sent by now; seven queries."""
    valid = valid_versions(district, year, is_accepted_only=is_accepted_only).order_by()
    schools = dict(valid.values_list("pk", "document__institution"))
    absent = [Missing(school, state) for school, state in absent_schools(district, year, list(schools.values()))]
    missing = sorted(absent, key=lambda one: (_place(one.school), one.state))
    return Edition(_sections(list(schools)), missing, made_with_of(list(schools)), is_accepted_only)


def edition_of(book: Book) -> Edition:
    """Of what the book was asked for."""
    return Edition(_sections(book.versions), missing_of(book), made_with_of(book.versions), book.is_accepted_only)


def missing_of(book: Book) -> list[Missing]:
    return [Missing(school, DeskState(state)) for school, state in book.missing]


def _sections(versions: Collection[int]) -> list[Section]:
    """Of these versions, in the order of a book. Their contents stay in the database, sums and titles apart."""
    found = DocumentVersion.objects.filter(pk__in=versions).values_list(
        "pk",
        "number",
        "content_hash",
        "content__school__title",
        "content__teachers",
        "content__rows",
        "content__hours",
    )
    sent_on, received_on = _days(versions, Action.SEND), _days(versions, Action.APPROVE)
    sections = [
        Section(
            version=key,
            number=number,
            school=school,
            teachers=int(teachers),
            rows=int(rows),
            hours=Decimal(hours),
            content_hash=content_hash,
            sent_on=sent_on.get(key),
            received_on=received_on.get(key),
        )
        for key, number, content_hash, school, teachers, rows, hours in found.order_by()
    ]
    return sorted(sections, key=lambda section: (_place(section.school), section.version))


def _place(title: str) -> list[tuple[int, object]]:
    """By the alphabet, numbers in it by their size: school 2 before school 10."""
    parts = re.split(r"(\d+)", title)
    return [(int(part), ()) if place % 2 else (0, sort_key(part)) for place, part in enumerate(parts)]


def _days(versions: Collection[int], action: Action) -> dict[int, dt.date]:
    decisions: Any = Decision.objects.filter(version__in=versions, action=action).order_by("pk")
    return {version: timezone.localdate(at) for version, at in decisions.values_list("version", "at")}
