"""The demand of a district beside the places that providers offer it: every place is counted once.

An offered course answers a group where it is called by the group's topic, or the district says that it answers it, for
the same subject or for all, in the same language. Its places go first to what they fit best: the same subject, the
wished quarter, the same block. What no place is offered for is unmet.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.models import Offering
from cpd.dates import SCHOOL_YEAR_BEGINS, school_year
from plans.models import OfferingTopic
from plans.needs.topics import titles_for
from plans.orders.totals import Group, Titles, groups, received
from schools.models import District

MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True)
class Course:
    """An offered course as demand is set against it; ``keys`` are the topics it answers."""

    keys: frozenset[str]
    subject: int | None
    language: str
    block: str
    quarter: int
    places: int
    given: int


@dataclass
class Supply:
    """What is offered for a group: places, and those of them that were given already."""

    offered: int = 0
    given: int = 0


@dataclass(frozen=True)
class Line:
    """A group with what is offered for it."""

    group: Group
    offered: int
    given: int

    @property
    def unmet(self) -> int:
        """For how many teachers no place is offered."""
        return max(0, self.group.teachers - self.offered)


def demand(district: District, year: int) -> list[Line]:
    """The groups of a district by title with what is offered for them: seven queries."""
    lines = received(district, year)
    offerings = _offerings(district, year)
    said: dict[int, set[str]] = {offering.pk: {offering.title_key} for offering in offerings}
    for offering, key in OfferingTopic.objects.filter(offering__in=said).values_list("offering", "title_key"):
        said[offering].add(key)
    written = {line["title_key"] for line in lines} | {key for keys in said.values() for key in keys}
    titles = titles_for(district, written)
    found = groups(lines, titles)
    supplies = allot(found, [_course(offering, said[offering.pk], titles) for offering in offerings])
    return [Line(group, supply.offered, supply.given) for group, supply in zip(found, supplies, strict=True)]


def allot(found: Sequence[Group], courses: Iterable[Course]) -> list[Supply]:
    """What is offered for each group, in their order. Places beyond the demand stay with the group they fit best."""
    supplies = [Supply() for _group in found]
    for course in sorted(courses, key=lambda one: (one.subject is None, one.quarter)):  # who answers few comes first
        fitting = sorted(
            (number for number, group in enumerate(found) if _answers(course, group)),
            key=lambda number: (*_misfit(course, found[number]), number),
        )
        if not fitting:
            continue
        places, given = course.places, course.given
        for number in fitting:
            wanted = max(0, found[number].teachers - supplies[number].offered)
            taken = min(wanted, places)
            given_here = min(taken, given)
            supplies[number].offered += taken
            supplies[number].given += given_here
            places, given = places - taken, given - given_here
        supplies[fitting[0]].offered += places
        supplies[fitting[0]].given += given
    return supplies


def quarter_of(day: dt.date) -> int:
    """The quarter of the school year, see ``plans.choices.Quarter``."""
    return (day.month - SCHOOL_YEAR_BEGINS) % 12 // MONTHS_OF_A_QUARTER + 1


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


def _offerings(district: District, year: int) -> list[Offering]:
    days = school_year(year)
    found = Offering.objects.live().filter(
        district=district, starts_on__gte=days.starts_on, starts_on__lte=days.ends_on
    )
    return list(found.order_by("starts_on", "pk"))


def _course(offering: Offering, said: set[str], titles: Titles) -> Course:
    return Course(
        keys=frozenset(titles[key][0] if key in titles else key for key in said),
        subject=offering.subject_id,
        language=offering.language,
        block=offering.block,
        quarter=quarter_of(offering.starts_on),
        places=offering.places,
        given=offering.given,
    )
