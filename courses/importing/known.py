"""What stands in our tables where an import is for: read in a few queries, however many rows the workbook has."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import F, Q

from courses.importing.words import key
from courses.models import TrainingRecord, WorkbookImport
from cpd.dates import today
from cpd.text import fold
from schools.models import (
    Category,
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Person,
    Position,
    RoleAssignment,
    Subject,
)

AT_ONCE = 5_000  # numbers in one question
_SCHOOL = r"(?:(?:орто|средняя) )?(?:мектеп|мектеби|школа|сш|сош)"
_NUMBER_OF_SCHOOL = re.compile(rf"(?:{_SCHOOL} )?(\d{{1,4}})(?: {_SCHOOL})?")

Ref = dict[str, int]  # {"pk": n}, or {"row": n} for what another row of the workbook makes


class Human(NamedTuple):
    """A person as an import compares them."""

    pk: int
    family_name: str
    given_name: str
    fathers_name: str
    personal_number: str
    born_on: dt.date | None
    category: str
    education: str
    speciality: str
    teaching_since: dt.date | None

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.family_name, self.given_name, self.fathers_name)))

    @property
    def name_key(self) -> tuple[str, str]:
        return fold(self.family_name), fold(self.given_name)


class Job(NamedTuple):
    """A piece of work that goes on; ``title`` is its institution's."""

    pk: int
    person: int
    institution: int
    title: str
    position: str
    association: int | None
    teaching_language: str
    is_main: bool
    is_teaching: bool
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True)
class Place:
    """The institution or district of an import, and how our tables are narrowed to it."""

    institution: Institution | None
    district: District

    @classmethod
    def of(cls, workbook: WorkbookImport) -> "Place":
        if workbook.institution:
            return cls(workbook.institution, workbook.institution.district)
        if workbook.district is None:
            raise TypeError("an import is for an institution or a district")
        return cls(None, workbook.district)

    def within(self, path: str) -> Q:
        """Rows whose institution, found along ``path``, is of this place."""
        if self.institution:
            return Q(**{path: self.institution.pk})
        return Q(**{f"{path}__district": self.district.pk})


class Registers:
    """The lists that a workbook speaks of by their words."""

    def __init__(self) -> None:
        self.subjects: dict[str, int] = {}
        for pk, code, title_ky, title_ru in Subject.objects.values_list("pk", "code", "title_ky", "title_ru"):
            self.subjects |= {key(word): pk for word in (code, title_ru, title_ky) if word}
        self.teaching: dict[str, bool] = {}
        for title_ky, title_ru, is_teaching in Position.objects.values_list("title_ky", "title_ru", "is_teaching"):
            self.teaching |= {key(word): is_teaching for word in (title_ky, title_ru) if word}
        titles = Category.objects.values_list("code", "title_ky", "title_ru")
        self.categories = {code: (title_ky, title_ru) for code, title_ky, title_ru in titles}


class Institutions:
    """Institutions of the place and those that rows make, by code, title and number."""

    def __init__(self, place: Place) -> None:
        here = [place.institution] if place.institution else Institution.objects.filter(district=place.district)
        self.all = {one.pk: one for one in here}
        self.by_code: dict[str, Ref] = {}
        self.by_title: dict[str, list[Ref]] = defaultdict(list)
        self.by_number: dict[str, list[Ref]] = defaultdict(list)
        self.titles: dict[tuple[str, int], str] = {}
        self.refused: dict[str, int] = {}  # by title and code: the row
        for one in self.all.values():
            self.add({"pk": one.pk}, one.code, one.number, one.title_ky, one.title_ru)

    def add(self, ref: Ref, code: str, number: str, *titles: str) -> None:
        self.titles[next(iter(ref.items()))] = titles[0]
        if code:
            self.by_code[key(code)] = ref
        for title in dict.fromkeys(key(title) for title in titles if title):
            if ref not in self.by_title[title]:
                self.by_title[title].append(ref)
        if number and ref not in self.by_number[key(number)]:
            self.by_number[key(number)].append(ref)

    def found(self, text: str) -> list[Ref]:
        """What a text may mean: the one with this code, else those with this title, else those with this number."""
        said = key(text)
        if said in self.by_code:
            return [self.by_code[said]]
        if said in self.by_title:
            return self.by_title[said]
        number = _NUMBER_OF_SCHOOL.fullmatch(said)
        return self.by_number.get(number[1], []) if number else []

    def title(self, ref: Ref) -> str:
        return self.titles[next(iter(ref.items()))]


class Associations:
    """Associations of the place and those that rows make, by institution and title."""

    def __init__(self, place: Place) -> None:
        self.all: dict[int, tuple[int, str, str]] = {}
        self.by_title: dict[tuple[str, int, str], Ref] = {}
        self.refused: dict[tuple[str, int, str], int] = {}
        here = MethodicalAssociation.objects.filter(place.within("institution")).order_by("pk")
        for pk, institution, title_ky, title_ru in here.values_list("pk", "institution", "title_ky", "title_ru"):
            self.all[pk] = (institution, title_ky, title_ru)
            self.add({"pk": pk}, {"pk": institution}, title_ky, title_ru)

    def add(self, ref: Ref, institution: Ref, *titles: str) -> None:
        for title in filter(None, titles):
            self.by_title.setdefault(self.key(institution, title), ref)

    @staticmethod
    def key(institution: Ref, title: str) -> tuple[str, int, str]:
        return (*next(iter(institution.items())), key(title))


@dataclass
class People:
    """Everybody who works or worked in the place, and whoever bears one of the numbers the workbook names."""

    all: dict[int, Human] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    here: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # of the place, by family and given name
    jobs: dict[int, list[Job]] = field(default_factory=dict)  # that go on, wherever
    subjects: dict[int, set[int]] = field(default_factory=dict)  # by job
    roles: dict[int, set[tuple[str, int]]] = field(default_factory=dict)  # role and its institution or association

    @classmethod
    def of(cls, place: Place, numbers: Collection[str]) -> "People":
        found = cls(by_number={}, here=defaultdict(list), jobs=defaultdict(list), subjects=defaultdict(set))
        found.roles = defaultdict(set)
        ever = Employment.objects.filter(place.within("institution")).values("person")
        for human in _humans(Q(pk__in=ever)):
            found.all[human.pk] = human
            found.here[human.name_key].append(human.pk)
        elsewhere: list[int] = []
        merged: dict[str, int] = {}
        for some in _batches(numbers):
            bearers = Person.objects.filter(personal_number__in=some).exclude(merged_into=None)
            merged |= {number: pk for number, pk in bearers.values_list("personal_number", "merged_into") if pk}
            for human in _humans(Q(personal_number__in=some)):
                elsewhere += [human.pk] if human.pk not in found.all else []
                found.all.setdefault(human.pk, human)
        missing = set(merged.values()) - found.all.keys()
        for human in _humans(Q(pk__in=missing)) if missing else ():
            found.all[human.pk] = human
            elsewhere.append(human.pk)
        found.by_number = {number: pk for number, pk in merged.items() if pk in found.all}
        found.by_number |= {one.personal_number: one.pk for one in found.all.values() if one.personal_number}
        found._read_work(place, Q(person__in=ever))
        for some in _batches(elsewhere):
            found._read_work(place, Q(person__in=some))
        return found

    def _read_work(self, place: Place, whose: Q) -> None:
        now = Employment.objects.filter(whose).exclude(ends_on__lt=today())
        columns = ("pk", "person", "institution", "institution__title_ky", "position", "association")
        more = ("teaching_language", "is_main", "is_teaching", "starts_on", "ends_on")
        for row in now.order_by("pk").values_list(*columns, *more):
            job = Job(*row)
            self.jobs[job.person].append(job)
        taught = Employment.subjects.through.objects.filter(employment__in=now.filter(place.within("institution")))
        for pk, subject in taught.values_list("employment", "subject"):
            self.subjects[pk].add(subject)
        held = RoleAssignment.objects.filter(whose).on(today())
        here = place.within("institution") | place.within("association__institution")
        for person, role, institution, association in held.filter(here).values_list(
            "person", "role", "institution", "association"
        ):
            self.roles[person].add((role, institution or association))


def _humans(which: Q) -> Iterator[Human]:
    people = Person.objects.filter(which, merged_into=None, erased_at=None).order_by("pk")
    return (Human(*row) for row in people.values_list(*Human._fields).iterator())


def _batches(some: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(some)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def codes_elsewhere(place: Place, codes: Collection[str]) -> set[str]:
    """Which of the codes institutions of other districts have."""
    if not codes:
        return set()
    others = Institution.objects.filter(code__in=codes).exclude(district=place.district)
    return set(others.values_list("code", flat=True))


def courses_of(place: Place) -> set[tuple[Any, ...]]:
    """What the people of the place have entered, as one course of one person is told from another."""
    people = Employment.objects.filter(place.within("institution")).exclude(ends_on__lt=today()).values("person")
    columns = ("person", "title_key", "starts_on", "ends_on", "provider_key")
    records = TrainingRecord.objects.filter(person__in=people).order_by()
    return {(pk, *rest) for pk, *rest in records.annotate(of=F("person")).values_list("of", *columns[1:]).iterator()}
