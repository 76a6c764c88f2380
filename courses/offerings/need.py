"""The bridge of the queue: teachers of a district become the facts that ``courses.offerings.queue`` compares.

As many queries for a whole district as for one school: six, four more where only the engine knows somebody's due date
(see ``courses.staff``), and those of the apps that know whom a request on learning needs names.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses import staff
from courses.models import Offering, ScheduleEntry, Seat
from courses.offerings.queue import Candidate, Course, Ranked, Reason, in_order
from courses.schedules.content import Row, rows_of
from courses.schedules.desk import sent_versions
from cpd.by_app import found_in_apps
from cpd.dates import Period, school_year, school_year_of, whole_months
from cpd.text import fold
from schools.choices import Role
from schools.models import Employment, Institution, RoleAssignment

LEADING = (Role.DEPUTY_DIRECTOR, Role.DIRECTOR)


@dataclass(frozen=True)
class Elsewhere:
    """Another course of the teacher in those days: a place that was given, or a term of the school's schedule."""

    title: str
    days: Period
    is_place: bool


@dataclass(frozen=True)
class Line:
    """One teacher in line for a place."""

    job: Employment
    ranked: Ranked
    elsewhere: tuple[Elsewhere, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.ranked.reasons

    @property
    def mark(self) -> int:
        """A number that says whether the reasons are still those that were on the screen."""
        return crc32(json.dumps(self.reasons, sort_keys=True).encode())


@dataclass
class Asked:
    """What the schools' schedules of the year say, by employment: who is to go to this course, who is away then."""

    this_course: set[int] = field(default_factory=set)
    other_terms: dict[int, list[Elsewhere]] = field(default_factory=lambda: defaultdict(list))


def queue(offering: Offering, on: dt.date, institution: Institution | None = None) -> list[Line]:
    """Everybody in line for a place, as of a day; those of one school only where it is given.

    Who holds a place in the course is no longer in line; nor is whoever no longer works there when it begins.
    """
    jobs = _jobs(offering, on)
    if institution:
        jobs = jobs.filter(institution=institution)
    seats = list(_seats_of_that_year(offering, jobs))
    own = [seat for seat in seats if seat.offering_id == offering.pk]
    holders = {seat.employment.person_id for seat in own if seat.employment}
    places = Counter(seat.institution_id for seat in own)
    others = _other_places(seats, offering)
    asked, named = _asked(offering), _named(offering)
    lines = {
        line.job.pk: line for line in staff.lines(jobs, on, staff.rules_by_code()) if line.job.person_id not in holders
    }
    candidates = [
        _candidate(
            line,
            offering,
            asked,
            on,
            is_named=line.job.person_id in named,
            other_places=others[line.job.person_id],
            school_places=places[line.job.institution_id],
        )
        for line in lines.values()
    ]
    away = _places_by_person(seats, offering)
    return [
        Line(
            job := lines[one.candidate.employment].job,
            one,
            (*away[job.person_id], *asked.other_terms.get(job.pk, ())),
        )
        for one in in_order(candidates, course_of(offering))
    ]


def course_of(offering: Offering) -> Course:
    return Course(offering.pk, offering.subject_id, offering.language, offering.is_for_leaders)


def _jobs(offering: Offering, on: dt.date) -> QuerySet[Any]:
    """The teaching posts of the district, in a course for heads of schools their posts too."""
    leading = RoleAssignment.objects.on(on).filter(
        role__in=LEADING, person=OuterRef("person"), institution=OuterRef("institution")
    )
    teaches = Employment.subjects.through.objects.filter(employment=OuterRef("pk"), subject=offering.subject_id)
    jobs = Employment.objects.on(on).on(max(on, offering.starts_on)).filter(institution__district=offering.district_id)
    jobs = jobs.annotate(leads=Exists(leading), teaches=Exists(teaches))
    return jobs.filter(Q(is_teaching=True) | Q(leads=True)) if offering.is_for_leaders else jobs.teaching()


def _candidate(
    line: Any,
    offering: Offering,
    asked: Asked,
    on: dt.date,
    *,
    is_named: bool,
    other_places: int,
    school_places: int,
) -> Candidate:
    job = line.job
    return Candidate(
        employment=job.pk,
        person=job.person_id,
        institution=job.institution_id,
        subjects=_subjects(job, offering),
        language=job.teaching_language,
        months=None if line.due is None else months_to(line.due, on),
        never_trained=line.last_ended_on is None,
        shortfall=line.standing.shortfall,
        last_ended_on=line.last_ended_on,
        asked_for=job.pk in asked.this_course,
        is_leader=job.leads,
        is_named=is_named,
        other_places=other_places,
        school_places=school_places,
    )


def _named(offering: Offering) -> set[int]:
    """People whom a school's request names for the course.

    Each app that knows of some brings a function ``NAMED`` of its module ``asking``.
    """
    found: set[int] = set()
    return found.union(*(named(offering) for named in found_in_apps("asking", "NAMED")))


def _subjects(job: Any, offering: Offering) -> frozenset[int]:
    """Only the one that is asked for."""
    return frozenset([offering.subject_id]) if offering.subject_id and job.teaches else frozenset()


def months_to(due: dt.date, on: dt.date) -> int:
    """Whole months to a due date; after it, −1 in the first month and one less for each further one."""
    return whole_months(on, due) if due >= on else -1 - whole_months(due, on)


def _seats_of_that_year(offering: Offering, jobs: QuerySet[Any]) -> QuerySet[Seat]:
    """Places in this course, and those of any of these people in courses of the same school year or the same days."""
    year = _year(offering)
    others = Seat.objects.live().filter(
        Q(offering__starts_on__gte=year.starts_on, offering__starts_on__lte=year.ends_on)
        | Q(offering__starts_on__lte=offering.ends_on, offering__ends_on__gte=offering.starts_on),
        offering__cancelled_at=None,
        employment__person__in=jobs.order_by().values("person"),
    )
    found = Seat.objects.live().filter(Q(offering=offering) | Q(pk__in=others.values("pk")))
    return found.select_related("offering", "employment")


def _other_places(seats: Iterable[Seat], offering: Offering) -> Counter[int]:
    """By person, the places in other courses of the school year; one where the person was absent is none."""
    year = _year(offering)
    return Counter(
        seat.employment.person_id
        for seat in seats
        if seat.employment
        and seat.offering_id != offering.pk
        and seat.attended is not False
        and seat.offering.starts_on in year
    )


def _year(offering: Offering) -> Period:
    return school_year(school_year_of(offering.starts_on))


def _places_by_person(seats: Iterable[Seat], offering: Offering) -> dict[int, list[Elsewhere]]:
    """By person, the places in other courses of the same days."""
    found: dict[int, list[Elsewhere]] = defaultdict(list)
    course = Period(offering.starts_on, offering.ends_on)
    for seat in seats:
        days = Period(seat.offering.starts_on, seat.offering.ends_on)
        if seat.employment and seat.offering_id != offering.pk and days.overlaps(course):
            found[seat.employment.person_id].append(Elsewhere(seat.offering.title, days, is_place=True))
    return found


def _asked(offering: Offering) -> Asked:
    """From the versions that lie before the district; a school's working copy is nobody's business yet."""
    days = Period(offering.starts_on, offering.ends_on)
    chosen = {str(uid) for uid in ScheduleEntry.objects.filter(offering=offering).values_list("uid", flat=True)}
    found = Asked()
    versions = sent_versions(offering.district, school_year_of(offering.starts_on))
    for content in versions.values_list("content", flat=True):
        for row in rows_of(content):
            if row["uid"] in chosen or fold(row["title"]) == offering.title_key:
                found.this_course.add(row["employment"])
            elif (term := _term(row)) and term.overlaps(days):
                found.other_terms[row["employment"]].append(Elsewhere(row["title"], term, is_place=False))
    return found


def _term(row: Row) -> Period | None:
    if not row["starts_on"]:
        return None
    return Period(dt.date.fromisoformat(row["starts_on"]), dt.date.fromisoformat(row["ends_on"]))
