"""The demand of a district beside the places that providers offer it: every place is counted once.

An offered course answers a group where it is called by the group's topic, or the district says that it answers it, for
the same subject or for all, in the same language. What covers what:

* a place given to somebody who has this need covers that need, in a course to come and in one that ended alike, unless
  they were marked as absent;
* a place that nobody has by name covers any need of the group until the course has ended;
* a place given to somebody without this need covers nothing, and neither does a place that a course ended without.

Free places go first to what they fit best: the same subject, the wished quarter, the same block. So of every group:
teachers = given to those who asked + free places that are needed + unmet, and offered = given to those who asked +
free + given to others or left when the course ended.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Coalesce

from courses.models import Offering, Seat
from cpd.dates import SCHOOL_YEAR_BEGINS, school_year, today
from plans.needs.topics import titles_for
from plans.orders.totals import Group, Titles, groups, received
from schools.models import District

MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True)
class Course:
    """An offered course as demand is set against it.

    ``keys`` are the topics it answers, ``free`` the places that may still be given to somebody, ``people`` the keys of
    those who have one and were not marked as absent.
    """

    keys: frozenset[str]
    subject: int | None
    language: str
    block: str
    quarter: int
    places: int
    free: int
    people: frozenset[int] = frozenset()


@dataclass
class Supply:
    """What is offered for a group: places, those still free, and those given to people who have this need."""

    offered: int = 0
    free: int = 0
    given: int = 0


@dataclass(frozen=True)
class Line:
    """A group with what is offered for it; see the head of the module."""

    group: Group
    offered: int
    free: int
    given: int

    @property
    def unmet(self) -> int:
        """For how many teachers there is no place."""
        return max(0, self.group.teachers - self.given - self.free)

    @property
    def needed(self) -> int:
        """How many of the free places somebody of the group needs."""
        return min(self.free, self.group.teachers - self.given)


@dataclass(frozen=True)
class Demand:
    """The lines of a district, and how many places of the year answer none of them."""

    lines: list[Line]
    unasked: int


def demand(district: District, year: int) -> Demand:
    """The groups of a district by title with what is offered for them: seven queries."""
    lines = received(district, year)
    offerings, said = _offerings(district, year)
    written = {line["title_key"] for line in lines} | {key for keys in said.values() for key in keys}
    titles = titles_for(district, written)
    found = groups(lines, titles)
    courses = _courses(offerings, said, titles)
    supplies = allot(found, courses)
    return Demand(
        lines=[Line(group, one.offered, one.free, one.given) for group, one in zip(found, supplies, strict=True)],
        unasked=sum(course.places for course in courses if not _fitting(course, found)),
    )


def allot(found: Sequence[Group], courses: Iterable[Course]) -> list[Supply]:
    """What is offered for each group, in their order. Places beyond the demand stay with the group they fit best."""
    supplies = [Supply() for _group in found]
    seated: list[set[int]] = [set() for _group in found]
    in_order = sorted(courses, key=lambda one: (one.subject is None, one.quarter))  # who answers few comes first
    answering = [(course, fitting) for course in in_order if (fitting := _fitting(course, found))]
    for course, fitting in answering:
        for person in sorted(course.people):
            at = next((one for one in fitting if person in found[one].people - seated[one]), None)
            if at is not None:
                seated[at].add(person)
                supplies[at].given += 1
                supplies[at].offered += 1
                supplies[fitting[0]].offered -= 1  # all places of the course are put there below
    for course, fitting in answering:
        free = course.free
        for at in fitting:
            wanted = found[at].teachers - supplies[at].given - supplies[at].free
            taken = max(0, min(wanted, free))
            supplies[at].free += taken
            supplies[at].offered += taken
            free -= taken
        supplies[fitting[0]].free += free
        supplies[fitting[0]].offered += course.places - (course.free - free)
    return supplies


def quarter_of(day: dt.date) -> int:
    """The quarter of the school year, see ``plans.choices.Quarter``."""
    return (day.month - SCHOOL_YEAR_BEGINS) % 12 // MONTHS_OF_A_QUARTER + 1


def _fitting(course: Course, found: Sequence[Group]) -> list[int]:
    """The groups that a course answers, by their place; what it fits best comes first."""
    answered = (at for at, group in enumerate(found) if _answers(course, group))
    return sorted(answered, key=lambda at: (*_misfit(course, found[at]), at))


def _answers(course: Course, group: Group) -> bool:
    return (
        group.key.title_key in course.keys
        and course.language == group.key.language
        and course.subject in (None, group.key.subject)
    )


def _misfit(course: Course, group: Group) -> tuple[bool, bool, bool]:
    return (
        course.subject != group.key.subject,
        course.quarter != group.key.quarter,
        course.block != group.key.block,
    )


def _offerings(district: District, year: int) -> tuple[list[Offering], dict[int, set[str]]]:
    """The courses of a year, and what each answers, by its key; one query."""
    days = school_year(year)
    found = Offering.objects.live().filter(
        district=district, starts_on__gte=days.starts_on, starts_on__lte=days.ends_on
    )
    said: dict[int, set[str]] = defaultdict(set)
    offerings: dict[int, Offering] = {}
    for offering in found.annotate(topic=F("topics__title_key")).order_by("starts_on", "pk"):  # once for each topic
        offerings[offering.pk] = offering
        said[offering.pk] |= {offering.title_key, offering.topic} - {None}
    return list(offerings.values()), said


def _courses(offerings: Sequence[Offering], said: dict[int, set[str]], titles: Titles) -> list[Course]:
    """One query: who has a place. A place given to a school that has not named its teacher is nobody's yet."""
    job, now = "employment__person", today()
    people: dict[int, set[int]] = defaultdict(set)
    taken = Counter[int]()
    seats = Seat.objects.live().filter(offering__in=said).exclude(employment=None).order_by()
    person = Coalesce(f"{job}__merged_into", job)  # of two records of one person the one that goes on
    for offering, attended, whose in seats.values_list("offering", "attended", person):
        taken[offering] += 1
        if attended is not False:
            people[offering].add(whose)
    return [
        Course(
            keys=frozenset(titles[key][0] if key in titles else key for key in said[offering.pk]),
            subject=offering.subject_id,
            language=offering.language,
            block=offering.block,
            quarter=quarter_of(offering.starts_on),
            places=offering.places,
            free=offering.places - taken[offering.pk] if offering.ends_on >= now else 0,
            people=frozenset(people[offering.pk]),
        )
        for offering in offerings
    ]
