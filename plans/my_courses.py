"""One's courses of the school years at hand, each by four facts kept apart: planned, place confirmed, attended,
certificate. None of them is made of another: an approved plan is no place, a place is no attendance (field notes 16).
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from courses.models import ScheduleEntry, Seat, TrainingRecord
from courses.models.records import UNSENT
from courses.schedules.terms import Term, terms
from cpd.dates import school_year_of
from cpd.text import fold
from plans.models import Fulfilment
from schools.choices import DocumentKind
from schools.models import Document, Employment, User


@dataclass
class MyCourse:
    """One course, put together of what the plan, the schedule, the place and the record say of it."""

    title: str
    hours: str = ""
    provider: str = ""
    school_year: int | None = None
    month: int | None = None
    term: Term | None = None
    plan_item: str = ""  # its uid; empty where no plan in force names the course
    seat: Seat | None = None
    record: TrainingRecord | None = None

    @property
    def starts_on(self) -> dt.date | None:
        """The first day, by what is surest: the place, then the schedule."""
        if self.seat:
            return self.seat.offering.starts_on
        return self.term.starts_on if self.term else None

    @property
    def ends_on(self) -> dt.date | None:
        if self.seat:
            return self.seat.offering.ends_on
        return self.term.ends_on if self.term else None

    @property
    def was_attended(self) -> bool | None:
        """None while nobody has marked it; a record that was handed in says it too."""
        if self.seat and self.seat.attended is not None:
            return self.seat.attended
        return True if self.record and self.record.status not in UNSENT else None


def my_courses(user: User, on: dt.date) -> list[MyCourse]:
    """Courses of this and the next school year of one person, the earliest first; what has no date comes last."""
    year = school_year_of(on)
    years = (year, year + 1)
    jobs = dict(Employment.objects.on(on).filter(person=user.person_id).values_list("pk", "institution"))
    found = _from_plans(user, years)
    rows = [term for term in terms(set(jobs.values()), years) if term.employment in jobs]
    _join_terms(found, rows)
    _join_seats(found, _seats(user, jobs, year))
    return sorted(found, key=lambda course: (course.starts_on is None, course.starts_on or on, course.title))


def _from_plans(user: User, years: Collection[int]) -> list[MyCourse]:
    """The items of one's plans in force, with the record that was entered for each."""
    plans = Document.objects.filter(
        kind=DocumentKind.INDIVIDUAL_PLAN, author=user.person_id, in_force__isnull=False
    ).values_list("pk", "in_force__content")
    contents = dict(plans)
    links = Fulfilment.objects.visible_to(user).filter(plan__in=contents).select_related("record")
    records = {(link.plan_id, str(link.uid)): link.record for link in links}
    return [
        MyCourse(
            title=item["programme_title"],
            hours=item["hours"] or "",
            provider=item["provider_text"],
            school_year=item["school_year"],
            month=item["month"],
            plan_item=item["uid"],
            record=records.get((plan, item["uid"])),
        )
        for plan, content in contents.items()
        for item in content["rows"]
        if item["school_year"] in years
    ]


def _join_terms(found: list[MyCourse], rows: list[Term]) -> None:
    """A row of the schedule belongs to the planned item it was drafted from, or else stands by itself."""
    uids = [term.uid for term in rows]
    drafted_from = dict(ScheduleEntry.objects.filter(uid__in=uids).values_list("uid", "plan_item"))
    items = {str(uid): str(item) for uid, item in drafted_from.items() if item}
    by_item = {course.plan_item: course for course in found if course.plan_item}
    for term in rows:
        course = by_item.get(items.get(term.uid, "")) or _by_title(found, term.title, term.school_year)
        if course is None or course.term is not None:
            course = MyCourse(title=term.title, school_year=term.school_year)
            found.append(course)
        course.term = term
        course.title = term.title or course.title
        course.hours, course.provider = term.hours or course.hours, term.provider or course.provider
        course.month = term.month or course.month


def _seats(user: User, jobs: Collection[int], year: int) -> list[Seat]:
    seats = Seat.objects.visible_to(user).live().filter(employment__in=jobs, offering__cancelled_at=None)
    seats = seats.select_related("offering__provider", "record").order_by("offering__starts_on", "pk")
    return [seat for seat in seats if school_year_of(seat.offering.starts_on) >= year]


def _join_seats(found: list[MyCourse], seats: Iterable[Seat]) -> None:
    for seat in seats:
        offering = seat.offering
        year = school_year_of(offering.starts_on)
        course = _by_title(found, offering.title, year)
        if course is None or course.seat is not None:
            course = MyCourse(title=offering.title, school_year=year)
            found.append(course)
        course.seat, course.record = seat, seat.record or course.record
        course.hours, course.provider = f"{offering.hours.normalize():f}", offering.provider.title


def _by_title(found: Iterable[MyCourse], title: str, year: int) -> MyCourse | None:
    key = fold(title)
    return next((one for one in found if one.school_year == year and key and fold(one.title) == key), None)
