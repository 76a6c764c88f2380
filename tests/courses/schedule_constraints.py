"""Rows that each break one fact about schedules, offered courses, places, calendars and books."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils import timezone

from courses.choices import BookState
from courses.models import (
    AwayLimit,
    Book,
    CalendarFeed,
    CalendarPeriod,
    Offering,
    Schedule,
    ScheduleDeadline,
    ScheduleEntry,
    ScheduleReminder,
    Seat,
    StoredPaper,
)
from tests import factories
from tests.conftest import Cast
from tests.constraints import second

TODAY, YESTERDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 1)


def period(cast: Cast, **columns: Any) -> CalendarPeriod:
    return CalendarPeriod(**{"kind": "exams", "starts_on": TODAY, "ends_on": TODAY} | columns)


def limit(cast: Cast, **columns: Any) -> AwayLimit:
    return AwayLimit(**{"percent": 10, "starts_on": TODAY} | columns)


def row(cast: Cast, **columns: Any) -> ScheduleEntry:
    schedule = Schedule.objects.first() or factories.school_schedule(cast.school, by=cast.deputy)
    wanted = {"schedule": schedule, "employment": factories.job_of(cast.teacher), "title": "Сынчыл ойлом"}
    return ScheduleEntry(**wanted | columns)


def offering(cast: Cast, **columns: Any) -> Offering:
    provider = columns.pop("provider", None) or factories.ProviderFactory()
    wanted = {"district": cast.district, "entered_by": cast.officer.person, "provider": provider}
    return factories.OfferingFactory.build(**wanted | columns)


def seat(cast: Cast, **columns: Any) -> Seat:
    made = Offering.objects.first() or factories.OfferingFactory(
        district=cast.district, entered_by=cast.officer.person
    )
    job = factories.job_of(cast.teacher)
    wanted = {
        "offering": made,
        "institution": cast.school,
        "employment": job,
        "given_by": cast.officer.person,
    }
    return Seat(**wanted | columns)


def of_year(model: type[models.Model], cast: Cast, **columns: Any) -> models.Model:
    own = {"due_on": TODAY} if model is ScheduleDeadline else {"institution": cast.school}
    wanted = {"district": cast.district, "school_year": 2026, "by": cast.officer.person}
    return model(**wanted | own | columns)


def book(cast: Cast, **columns: Any) -> Book:
    wanted = {"district": cast.district, "school_year": 2026, "form": "book", "fingerprint": "ab"}
    return Book(**wanted | {"asked_by": cast.officer.person} | columns)


def paper(cast: Cast) -> StoredPaper:
    """The paper of the teacher's plan, which was handed in once."""
    version = getattr(cast.plan, "current_version", None) or factories.submitted(cast.plan).current_version
    cast.plan.current_version = version
    return StoredPaper(version=version, made_with="ab", pages=1)


def given_in_one_course(cast: Cast) -> dict[str, Any]:
    """The columns by which an offered course is told from another."""
    provider = factories.ProviderFactory()
    return {"provider": provider, "title": "Сынчыл ойлом", "starts_on": TODAY, "ends_on": TODAY}


def offered_twice(cast: Cast) -> Offering:
    columns = given_in_one_course(cast)
    return second(offering(cast, **columns), lambda: offering(cast, **columns | {"title": "СЫНЧЫЛ ойлом"}))


def row_twice(cast: Cast) -> ScheduleEntry:
    uid = uuid.uuid4()
    return second(row(cast, uid=uid), lambda: row(cast, uid=uid, title="Башка курс"))


BREAKING: dict[str, Callable[[Cast], models.Model]] = {
    "courses_calendarperiod_kept_in_one_place": lambda cast: period(
        cast, institution=cast.school, district=cast.district
    ),
    "courses_calendarperiod_kind_known": lambda cast: period(cast, kind="party"),
    "courses_calendarperiod_ends_after_start": lambda cast: period(cast, ends_on=YESTERDAY),
    "courses_calendarperiod_of_one_school": lambda cast: period(
        cast, district=cast.district, employment=factories.job_of(cast.teacher)
    ),
    "courses_awaylimit_kept_in_one_place": lambda cast: limit(cast, institution=cast.school, district=cast.district),
    "courses_awaylimit_ends_after_start": lambda cast: limit(cast, ends_on=YESTERDAY),
    "courses_awaylimit_percent_known": lambda cast: limit(cast, percent=101),
    "courses_awaylimit_one_from_a_day": lambda cast: second(
        limit(cast, institution=cast.school), lambda: limit(cast, institution=cast.school)
    ),
    "courses_calendarfeed_one_per_person": lambda cast: second(
        CalendarFeed(person=cast.teacher.person, token_hash="ab"),
        lambda: CalendarFeed(person=cast.teacher.person, token_hash="cd"),
    ),
    "courses_offering_once": offered_twice,
    "courses_offering_ends_after_start": lambda cast: offering(cast, starts_on=TODAY, ends_on=YESTERDAY),
    "courses_offering_hours_positive": lambda cast: offering(cast, hours=0),
    "courses_offering_no_more_given_than_there_are": lambda cast: offering(cast, places=2, given=3),
    "courses_offering_choices_known": lambda cast: offering(cast, language="en"),
    "courses_offering_cancelled_whole": lambda cast: offering(
        cast, cancelled_at=timezone.now(), cancelled_by=cast.officer.person
    ),
    "courses_seat_once": lambda cast: second(seat(cast), lambda: seat(cast)),
    "courses_seat_named_whole": lambda cast: seat(
        cast, employment=None, named_at=timezone.now(), named_by=cast.deputy.person
    ),
    "courses_seat_taken_back_whole": lambda cast: seat(
        cast, taken_back_at=timezone.now(), taken_back_by=cast.officer.person
    ),
    "courses_seat_marked_whole": lambda cast: seat(cast, attended=True),
    "courses_scheduleentry_once_per_schedule": row_twice,
    "courses_scheduleentry_one_per_course": lambda cast: second(row(cast), lambda: row(cast, title="СЫНЧЫЛ ойлом")),
    "courses_scheduleentry_choices_known": lambda cast: row(cast, block="third"),
    "courses_scheduleentry_hours_positive": lambda cast: row(cast, hours=0),
    "courses_scheduleentry_month_known": lambda cast: row(cast, proposed_month=13),
    "courses_scheduleentry_term_whole": lambda cast: row(cast, starts_on=TODAY, ends_on=YESTERDAY),
    "courses_scheduledeadline_year_known": lambda cast: of_year(ScheduleDeadline, cast, school_year=1999),
    "courses_scheduledeadline_one_per_year": lambda cast: second(
        of_year(ScheduleDeadline, cast), lambda: of_year(ScheduleDeadline, cast)
    ),
    "courses_schedulereminder_year_known": lambda cast: of_year(ScheduleReminder, cast, school_year=2101),
    "courses_storedpaper_once": lambda cast: second(paper(cast), lambda: paper(cast)),
    "courses_book_choices_known": lambda cast: book(cast, form="scroll"),
    "courses_book_one_of_its_kind": lambda cast: second(book(cast), lambda: book(cast)),
    "courses_book_done_has_its_file": lambda cast: book(cast, state=BookState.DONE, finished_at=timezone.now()),
    "courses_book_running_is_leased": lambda cast: book(cast, state=BookState.RUNNING),
    "courses_book_failed_says_why": lambda cast: book(cast, state=BookState.FAILED),
}
