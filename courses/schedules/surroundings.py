"""The bridge of the clashes: rows of a schedule and a school's calendar, as the plain data they are found in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from courses import standing
from courses.choices import PeriodKind
from courses.models import AwayLimit, CalendarPeriod, ScheduleEntry, Seat
from courses.schedules.clashes import Limit, Pair, Place, Spell, Stay, Surroundings
from courses.standing import Standing
from cpd.dates import Period, school_year, today
from schools.models import Employment, Institution, Leave, Mentorship


def surroundings_of(institution: Institution, year: int) -> Surroundings:
    """What the courses of one school year meet in a school: four queries, however much there is.

    Periods and limits are the school's own, its district's and the country's; of limits the nearest goes first.
    """
    days = school_year(year)
    by_kind = _spells(institution, days)
    pairs = _holding(Mentorship.objects.filter(institution=institution), days)
    limits = _limits(institution, days)
    return Surroundings(
        exams=tuple(by_kind[PeriodKind.EXAMS]),
        leaves=tuple(by_kind[PeriodKind.LEAVE]),
        pairs=tuple(Pair(row.mentor_id, row.mentee_id, _from_to(row)) for row in pairs),
        places=tuple(_places(institution, days)),
        limits=tuple(Limit(row.percent, _from_to(row)) for row in limits),
        teachers=limits[0].teachers if limits else 0,
        due_since=min(today(), days.starts_on),
    )


def stays_from(rows: Iterable[ScheduleEntry]) -> list[Stay]:
    """Those of the rows that have a fixed term, with their teachers' due dates: two queries for any number.

    The rows are read already, each with its employment, the person and the subjects.
    """
    fixed = [(row, days) for row in rows if (days := _term(row))]
    dues = _dues({row.employment_id for row, _days in fixed})
    return [
        Stay(
            uid=str(row.uid),
            employment=row.employment_id,
            person=row.employment.person_id,
            name=row.employment.person.short_name,
            subjects=frozenset(subject.pk for subject in row.employment.subjects.all()),
            association=row.association_id,
            starts_on=days.starts_on,
            ends_on=days.ends_on,
            due=dues.get(row.employment_id),
            title=row.title,
            offering=row.offering_id,
        )
        for row, days in fixed
    ]


def stays_in(content: Mapping[str, Any]) -> list[Stay]:
    """The rows of a frozen version that have a fixed term, with the names it holds; two queries.

    Subjects and association are today's, none where the employment was deleted since. Without due dates and offered
    courses: what was owed and offered when the version was made is not known any more.
    """
    rows = [row for group in content["groups"] for row in group["rows"] if row["starts_on"]]
    jobs = Employment.objects.prefetch_related("subjects").in_bulk({row["employment"] for row in rows})
    return [_frozen(row, jobs.get(row["employment"])) for row in rows]


def due_of(found: Standing) -> dt.date | None:
    """The first day by which a teacher has to have learnt something; None where no day is known."""
    return min(filter(None, (found.hours_due, found.frequency_due)), default=None)


def _spells(institution: Institution, days: Period) -> dict[str, list[Spell]]:
    """By their kind the periods of the calendar, and with the teachers' leave the long leaves: one query for both.

    What kind of long leave it is stays with who keeps the staff.
    """
    kept = CalendarPeriod.objects.known_in(institution).order_by()
    away = Leave.objects.filter(employment__institution=institution).order_by()
    known = _holding(kept, days).values_list("starts_on", "ends_on", "employment", "kind")
    long = _holding(away, days).values_list("starts_on", "ends_on", "employment", Value(PeriodKind.LEAVE.value))
    found: dict[str, list[Spell]] = {kind: [] for kind in PeriodKind.values}
    for starts_on, ends_on, job, kind in known.union(long, all=True):
        found[kind].append(Spell(Period(starts_on, ends_on or dt.date.max), job))
    return found


def _limits(institution: Institution, days: Period) -> list[Any]:
    """The limits a school knows on some of the days, the nearest and newest first, each with how many ``teachers``.

    These are the people who teach there today, or on the nearest of the days: schedules are made before their year.
    """
    day = min(max(today(), days.starts_on), days.ends_on)
    jobs = Employment.objects.teaching().on(day).filter(institution=institution).order_by()
    people = jobs.values("institution").annotate(people=Count("person", distinct=True)).values("people")
    known = _holding(AwayLimit.objects.known_in(institution), days)
    rows = known.annotate(teachers=Coalesce(Subquery(people), 0)).order_by("-starts_on", "-pk")
    return sorted(rows, key=lambda row: (row.institution_id is None, row.district_id is None))


def _frozen(row: Mapping[str, Any], job: Employment | None) -> Stay:
    return Stay(
        uid=row["uid"],
        employment=row["employment"],
        person=job.person_id if job else -row["employment"],  # nobody else's
        name=row["teacher"],
        subjects=frozenset(subject.pk for subject in job.subjects.all()) if job else frozenset(),
        association=job.association_id if job else None,
        starts_on=dt.date.fromisoformat(row["starts_on"]),
        ends_on=dt.date.fromisoformat(row["ends_on"]),
        title=row["title"],
    )


def _dues(employments: set[int]) -> dict[int, dt.date | None]:
    jobs = Employment.objects.filter(pk__in=employments)
    return {found.employment: due_of(found) for found in standing.of(jobs, today())} if employments else {}


def _places(institution: Institution, days: Period) -> Iterable[Place]:
    """The places in courses of that year given to people of the school, here or where else they work."""
    people = Employment.objects.filter(institution=institution).order_by().values("person")
    seats = Seat.objects.live().filter(
        employment__person__in=people,
        offering__cancelled_at=None,
        offering__starts_on__lte=days.ends_on,
        offering__ends_on__gte=days.starts_on,
    )
    columns = ("employment__person", "offering", "offering__title", "offering__starts_on", "offering__ends_on")
    for person, offering, title, starts_on, ends_on in seats.exclude(attended=False).values_list(*columns):
        yield Place(person, offering, title, Period(starts_on, ends_on))


def _holding(rows: QuerySet[Any, Any], days: Period) -> QuerySet[Any, Any]:
    """Those of dated rows that hold on some of the days."""
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=days.starts_on), starts_on__lte=days.ends_on)


def _from_to(row: Any) -> Period:
    return Period(row.starts_on, row.ends_on or dt.date.max)


def _term(row: ScheduleEntry) -> Period | None:
    return Period(row.starts_on, row.ends_on) if row.starts_on and row.ends_on else None
