"""What whoever fixes terms should know: how the courses of one school's schedule clash. Plain data in, codes out.

A clash is a warning, never a wall (000 §15 leaves the terms to the deputy director). Only courses that meet in a week
are compared, so that a school of two hundred rows answers while somebody types a date.
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from courses.choices import Clash
from cpd.dates import Period, week_of
from cpd.text import fold


@dataclass(frozen=True)
class Stay:
    """One course of one teacher with a fixed term: the days on which the school does without them.

    ``uid`` is the row's, as text; ``due`` the day by which the teacher must have learnt; ``offering`` the chosen one.
    """

    uid: str
    employment: int
    person: int
    name: str
    subjects: frozenset[int]
    association: int | None
    starts_on: dt.date
    ends_on: dt.date
    due: dt.date | None = None
    title: str = ""
    offering: int | None = None

    @cached_property
    def days(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @cached_property
    def first_week(self) -> int:
        return week_of(self.starts_on)

    @cached_property
    def last_week(self) -> int:
        return week_of(self.ends_on)


@dataclass(frozen=True)
class Spell:
    """Days on which a course is not welcome, of everybody or of one employment."""

    days: Period
    employment: int | None = None

    def holds_for(self, stay: Stay) -> bool:
        return self.employment in (None, stay.employment)


@dataclass(frozen=True)
class Pair:
    """A mentor and a young specialist, as people, and the days on which they are that."""

    mentor: int
    mentee: int
    days: Period


@dataclass(frozen=True)
class Place:
    """A place in an offered course that somebody of the school was given."""

    person: int
    offering: int
    title: str
    days: Period


@dataclass(frozen=True)
class Limit:
    """How many of a hundred teachers may be away on one day, and on which days this holds."""

    percent: int
    days: Period


@dataclass(frozen=True)
class Surroundings:
    """What a school's courses meet. Of several limits on one day the first holds; ``teachers`` are people.

    Whoever was to have learnt before ``due_since`` is late whatever the term: that speaks against none.
    """

    exams: tuple[Spell, ...] = ()
    leaves: tuple[Spell, ...] = ()
    pairs: tuple[Pair, ...] = ()
    places: tuple[Place, ...] = ()
    limits: tuple[Limit, ...] = ()
    teachers: int = 0
    due_since: dt.date = dt.date.min


@dataclass(frozen=True)
class Warning:
    """One warning of one row.

    ``others`` are the rows it clashes with, ``names`` what a reader calls them: their teachers, or, of a second course
    of the same teacher, the courses. ``on`` are the days concerned, after a due date that date; ``away`` how many
    people are away on the fullest of the days.
    """

    code: Clash
    others: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    on: Period | None = None
    away: int = 0


Pairs = Mapping[frozenset[int], Sequence[Period]]
Met = Mapping[Clash, Sequence[Stay]]
WITH_OTHERS = (Clash.SAME_SUBJECT, Clash.SAME_ASSOCIATION, Clash.MENTOR_WITH_MENTEE)


def clashes(stays: Iterable[Stay], surroundings: Surroundings) -> dict[str, list[Warning]]:
    """The warnings of each row by its ``uid``, in the order of ``Clash``; a row without any is not in it."""
    ordered = sorted(stays, key=lambda stay: (stay.starts_on, stay.name, stay.uid))
    met = _met(ordered, surroundings.pairs)
    places = defaultdict(list)
    for place in surroundings.places:
        places[place.person].append(place)
    crowded = _crowded(ordered, surroundings)
    found = {}
    for stay in ordered:
        warnings = [
            *_second_course(stay, met[stay.uid], places[stay.person]),
            *_with_others(met[stay.uid]),
            *_in_spells(Clash.LEAVE, stay, surroundings.leaves),
            *_in_spells(Clash.EXAMS, stay, surroundings.exams),
            *_after_due(stay, surroundings.due_since),
            *_too_many(stay, crowded),
        ]
        if warnings:
            found[stay.uid] = warnings
    return found


# With the courses of others ---------------------------------------------------------------------------------------


def _met(ordered: Sequence[Stay], pairs: Iterable[Pair]) -> dict[str, dict[Clash, list[Stay]]]:
    """With which rows each row clashes, by the kind of the clash."""
    days_of: dict[frozenset[int], list[Period]] = defaultdict(list)
    for pair in pairs:
        days_of[frozenset((pair.mentor, pair.mentee))].append(pair.days)
    met: dict[str, dict[Clash, list[Stay]]] = {stay.uid: defaultdict(list) for stay in ordered}
    for one, other in _in_one_week(ordered):
        for code in _between(one, other, days_of):
            met[one.uid][code].append(other)
            met[other.uid][code].append(one)
    return met


def _in_one_week(ordered: Iterable[Stay]) -> Iterator[tuple[Stay, Stay]]:
    """Every two rows with a week in common, met in the order in which they begin."""
    still_away: list[Stay] = []
    for stay in ordered:
        still_away = [other for other in still_away if other.last_week >= stay.first_week]
        for other in still_away:
            yield other, stay
        still_away.append(stay)


def _between(one: Stay, other: Stay, days_of: Pairs) -> Iterator[Clash]:
    if one.person == other.person:
        if one.days.overlaps(other.days):
            yield Clash.SAME_TEACHER
        return
    if not one.subjects.isdisjoint(other.subjects):
        yield Clash.SAME_SUBJECT
    elif one.association is not None and one.association == other.association:
        yield Clash.SAME_ASSOCIATION
    paired = days_of.get(frozenset((one.person, other.person)), ()) if days_of else ()
    together = one.days.common(other.days) if paired else None
    if together and any(days.overlaps(together) for days in paired):
        yield Clash.MENTOR_WITH_MENTEE


def _second_course(stay: Stay, met: Met, places: Iterable[Place]) -> Iterator[Warning]:
    """Other rows of the same teacher, and places given: but not the place in the very course of the row."""
    rows = met.get(Clash.SAME_TEACHER, ())
    given = [place for place in places if place.days.overlaps(stay.days) and not _is_course_of(stay, place)]
    if rows or given:
        titles = [*(row.title for row in rows), *(place.title for place in given)]
        yield Warning(
            Clash.SAME_TEACHER,
            others=tuple(row.uid for row in rows),
            names=tuple(dict.fromkeys(filter(None, titles))),
        )


def _is_course_of(stay: Stay, place: Place) -> bool:
    return stay.offering == place.offering or fold(stay.title) == fold(place.title)


def _with_others(met: Met) -> Iterator[Warning]:
    for code in WITH_OTHERS:
        if others := met.get(code):
            yield Warning(
                code,
                others=tuple(other.uid for other in others),
                names=tuple(dict.fromkeys(other.name for other in others)),
            )


# With the calendar ------------------------------------------------------------------------------------------------


def _in_spells(code: Clash, stay: Stay, spells: Iterable[Spell]) -> Iterator[Warning]:
    """One warning for each stretch of days in common, said once where two entries give the same."""
    common = {spell.days.common(stay.days) for spell in spells if spell.holds_for(stay)}
    for days in sorted(filter(None, common), key=lambda days: (days.starts_on, days.ends_on)):
        yield Warning(code, on=days)


def _after_due(stay: Stay, due_since: dt.date) -> Iterator[Warning]:
    if stay.due is not None and due_since <= stay.due < stay.ends_on:
        yield Warning(Clash.AFTER_DUE, on=Period(stay.due, stay.due))


# Too many at once -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stretch:
    """Days, by their ordinals, on which the same number of people is away, and that is too many."""

    first: int
    last: int
    away: int


def _crowded(stays: Iterable[Stay], surroundings: Surroundings) -> list[_Stretch]:
    """The stretches on which more people are away than the limit lets, from the first to the last."""
    if not surroundings.limits or not surroundings.teachers:
        return []
    turns: dict[int, list[tuple[int, int]]] = defaultdict(list)  # on which day how many courses of whom begin or end
    for stay in stays:
        turns[stay.starts_on.toordinal()].append((stay.person, 1))
        turns[stay.ends_on.toordinal() + 1].append((stay.person, -1))
    for limit in surroundings.limits:  # a day without courses that begin or end may still bring another limit
        turns[limit.days.starts_on.toordinal()] += []
        turns[limit.days.ends_on.toordinal() + 1] += []
    away: Counter[int] = Counter()  # who is away, and on how many courses: people are counted, not rows
    found = []
    for day, following in pairwise(sorted(turns)):
        for person, step in turns[day]:
            away[person] += step
            if not away[person]:
                del away[person]
        if _is_too_many(len(away), dt.date.fromordinal(day), surroundings):
            found.append(_Stretch(day, following - 1, len(away)))
    return found


def _is_too_many(people: int, day: dt.date, surroundings: Surroundings) -> bool:
    percent = next((limit.percent for limit in surroundings.limits if day in limit.days), None)
    return percent is not None and people * 100 > percent * surroundings.teachers


def _too_many(stay: Stay, crowded: Sequence[_Stretch]) -> Iterator[Warning]:
    """The days of the row on which too many are away: one warning for days on end, with the most of them."""
    first, last = stay.starts_on.toordinal(), stay.ends_on.toordinal()
    runs: list[_Stretch] = []
    for stretch in crowded[bisect_left(crowded, first, key=lambda stretch: stretch.last) :]:
        if stretch.first > last:
            break
        begins, ends = max(stretch.first, first), min(stretch.last, last)
        if runs and runs[-1].last == begins - 1:
            run = runs.pop()
            runs.append(_Stretch(run.first, ends, max(run.away, stretch.away)))
        else:
            runs.append(_Stretch(begins, ends, stretch.away))
    for run in runs:
        days = Period(dt.date.fromordinal(run.first), dt.date.fromordinal(run.last))
        yield Warning(Clash.TOO_MANY_AWAY, on=days, away=run.away)
