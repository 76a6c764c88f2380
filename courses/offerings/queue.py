"""The order in which people are offered the places of one course, and the reasons of each (ADR 16).

Facts are compared one after another; the next one decides only where all before it are equal:

1. of a course for heads of schools: who leads a school;
2. whose need for this topic stands in the school's request of that year;
3. who teaches the subject of the course, where it names one;
4. who teaches in the language of the course; whose language is not known; who teaches in another one;
5. whom the school's schedule of that year asks to send to this course;
6. who holds fewer places in other courses of the same school year, so that the same people do not get them all;
7. whose due date is past longest, then whose is nearest, in whole months; who has none comes last;
8. who has no verified course yet;
9. who misses more hours;
10. whose last course ended earlier;
11. whose school holds fewer places in this course;
12. a draw: a hash of the course and the person. It is the same at each look, favours no letter of the alphabet, and
    is another one for each course, so that nobody is always last.

The place of each follows from that one's own facts: adding a candidate never turns two others around. Nobody is placed
by this; people confirm it, or leave it with a reason.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from courses.choices import Need
from courses.words import decimal_text

Reason = dict[str, Any]


@dataclass(frozen=True)
class Course:
    """What the order asks of an offered course; ``subject`` is None where the course is for all subjects."""

    key: int
    subject: int | None
    language: str
    is_for_leaders: bool


@dataclass(frozen=True)
class Candidate:
    """One teacher at one place of work.

    ``months`` are whole months to the due date; after it, −1 in the first month and one less for each further one;
    None where no date is known. ``shortfall`` are missing hours, None where no rule counts them. ``last_ended_on`` is
    the last day of the last verified course. ``other_places`` are those that the person holds, or has attended, in
    other courses that begin in the same school year; ``school_places`` those the school holds in this course.
    ``is_named``: a request on learning needs counts the person for this topic.
    """

    employment: int
    person: int
    institution: int
    subjects: frozenset[int]
    language: str
    months: int | None
    never_trained: bool
    shortfall: Decimal | None
    last_ended_on: dt.date | None
    asked_for: bool
    is_leader: bool
    is_named: bool = False
    other_places: int = 0
    school_places: int = 0


@dataclass(frozen=True)
class Ranked:
    """A candidate in line. A reason is ``{"code": Need}``, some with "months", "hours", "on" or "places"."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


def in_order(candidates: Iterable[Candidate], course: Course) -> list[Ranked]:
    """Everybody in line; of a person's several jobs the one that stands first."""
    by_person: dict[int, Ranked] = {}
    for one in sorted(candidates, key=lambda candidate: _place(candidate, course)):
        by_person.setdefault(one.person, Ranked(one, tuple(_reasons(one, course))))
    return list(by_person.values())


def passed_over(ranked: Sequence[Ranked], chosen: Collection[int]) -> list[Ranked]:
    """Who stands before the last of the ``chosen`` employments and is not chosen. Nobody: the order holds."""
    places = [place for place, one in enumerate(ranked) if one.candidate.employment in chosen]
    return [one for one in ranked[: max(places, default=0)] if one.candidate.employment not in chosen]


def first_of_school(ranked: Iterable[Ranked], institution: int, places: int) -> list[Ranked]:
    """For whom so many places given to a school would be, if it sent those who stand first."""
    return [one for one in ranked if one.candidate.institution == institution][:places]


def _place(one: Candidate, course: Course) -> tuple[Any, ...]:
    """What is compared, in the order of the page above; less comes first."""
    return (
        course.is_for_leaders and not one.is_leader,
        not one.is_named,
        not _fits_subject(one, course),
        LANGUAGES.index(_language(one, course)),
        not one.asked_for,
        one.other_places,
        (one.months is None, one.months or 0),
        not one.never_trained,
        -(one.shortfall or Decimal()),
        one.last_ended_on or dt.date.min,
        one.school_places,
        _draw(one, course),
        one.employment,
    )


LANGUAGES = (Need.FITS_LANGUAGE, Need.LANGUAGE_UNKNOWN, Need.OTHER_LANGUAGE)


def _reasons(one: Candidate, course: Course) -> Iterable[Reason]:
    if course.is_for_leaders:
        yield {"code": Need.LEADER if one.is_leader else Need.NOT_LEADER}
    if one.is_named:
        yield {"code": Need.NAMED_NEED}
    if course.subject is not None:
        yield {"code": Need.FITS_SUBJECT if _fits_subject(one, course) else Need.OTHER_SUBJECT}
    yield {"code": _language(one, course)}
    if one.asked_for:
        yield {"code": Need.ASKED_FOR}
    if one.other_places:
        yield {"code": Need.OTHER_PLACES, "places": one.other_places}
    if one.months is not None and one.months < 0:
        yield {"code": Need.OVERDUE, "months": -one.months - 1}  # whole ones since the due date
    elif one.months is not None:
        yield {"code": Need.MONTHS_LEFT, "months": one.months}
    if one.never_trained:
        yield {"code": Need.NEVER_TRAINED}
    if one.shortfall:
        yield {"code": Need.SHORTFALL, "hours": decimal_text(one.shortfall)}
    if one.last_ended_on:
        yield {"code": Need.LAST_COURSE, "on": one.last_ended_on.isoformat()}
    if one.school_places:
        yield {"code": Need.SCHOOL_PLACES, "places": one.school_places}


def _fits_subject(one: Candidate, course: Course) -> bool:
    return course.subject is None or course.subject in one.subjects


def _language(one: Candidate, course: Course) -> Need:
    if not one.language:
        return Need.LANGUAGE_UNKNOWN
    return Need.FITS_LANGUAGE if one.language == course.language else Need.OTHER_LANGUAGE


def _draw(one: Candidate, course: Course) -> str:
    return sha256(f"{course.key}:{one.person}".encode()).hexdigest()
