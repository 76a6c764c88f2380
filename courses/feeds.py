"""The calendar a phone subscribes to: a teacher's own courses, and all of a school's for who leads it.

Its address is the only key to it. Whoever has the address reads the calendar, so it can be made anew at any time, and
what it shows is judged at each reading by what the person may see that day.
"""

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from courses.models import CalendarFeed, Seat
from courses.schedules.terms import Term, terms
from cpd.dates import school_year_of, today
from cpd.templatetags.cpd import hours
from cpd.text import fold
from cpd.wording import speaking
from schools.models import Employment, User

DAY = dt.timedelta(days=1)


def make_feed(*, by: User) -> str:
    """A new secret address; the one before it opens nothing any more. Returns the token, which is kept nowhere."""
    token = secrets.token_urlsafe(24)  # 192 bits
    with transaction.atomic():
        revoke_feed(by=by)
        CalendarFeed.objects.create(person=by.person, token_hash=_hash(token))
    return token


def revoke_feed(*, by: User) -> None:
    CalendarFeed.objects.live().filter(person=by.person_id).update(revoked_at=timezone.now())


def reader_of(token: str) -> User | None:
    """Whose calendar an address is, as long as it was not revoked and its owner may sign in."""
    feed = CalendarFeed.objects.live().filter(token_hash=_hash(token))
    return User.objects.filter(is_active=True, person__in=feed.values("person")).first()


@dataclass(frozen=True)
class Entry:
    """One course of one person in a calendar. ``is_sure`` once a place in it was confirmed."""

    uid: str
    teacher: str
    title: str
    hours: str
    where: str
    starts_on: dt.date
    ends_on: dt.date
    is_sure: bool
    is_own: bool
    changed_at: dt.datetime
    version: int


def calendar_of(user: User) -> bytes:
    """The calendar as iCalendar text (RFC 5545), in the user's language; the same courses give the same bytes."""
    host = urlsplit(settings.SITE_URL).hostname
    with speaking(user.scope.words, user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//CPD//Course schedules//KY")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Courses"))
        for entry in entries_of(user, today()):
            event = Event()
            event.add("uid", f"{entry.uid}@{host}")
            event.add("dtstamp", entry.changed_at)
            event.add("sequence", entry.version)
            event.add("summary", entry.title if entry.is_own else f"{entry.teacher}: {entry.title}")
            event.add("dtstart", entry.starts_on)
            event.add("dtend", entry.ends_on + DAY)  # the first day after it
            event.add("location", entry.where)
            event.add("description", _description(entry))
            event.add("status", "CONFIRMED" if entry.is_sure else "TENTATIVE")
            event.add("transp", "OPAQUE")
            calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def entries_of(user: User, on: dt.date) -> list[Entry]:
    """Courses of this and the next school year: one's own, and those of the schools one leads.

    A place that was given stands for the row of the schedule that asked for the same course.
    """
    year = school_year_of(on)
    scope = user.scope
    own = set(Employment.objects.on(on).filter(person=user.person_id).values_list("pk", flat=True))
    planned = [
        term
        for term in terms(scope.led | scope.workplaces, [year, year + 1])
        if term.starts_on and (term.institution in scope.led or term.employment in own)
    ]
    seats = Seat.objects.visible_to(user).live().filter(offering__cancelled_at=None, employment__isnull=False)
    seats = seats.filter(institution__in=scope.led) | seats.filter(employment__in=own)
    given = list(seats.select_related("offering__provider", "employment__person").order_by("pk").distinct())
    covered = {(seat.employment_id, fold(seat.offering.title)) for seat in given}
    rows = [term for term in planned if (term.employment, fold(term.title)) not in covered]
    return sorted([*_from_terms(rows, own), *_from_seats(given, own)], key=lambda entry: (entry.starts_on, entry.uid))


def _from_terms(planned: list[Term], own: set[int]) -> Iterator[Entry]:
    for term in planned:
        if term.starts_on and term.ends_on:
            yield Entry(
                uid=f"row-{term.uid}",
                teacher=term.teacher,
                title=term.title,
                hours=term.hours,
                where=term.provider,
                starts_on=term.starts_on,
                ends_on=term.ends_on,
                is_sure=False,
                is_own=term.employment in own,
                changed_at=term.made_at,
                version=term.version,
            )


def _from_seats(given: list[Seat], own: set[int]) -> Iterator[Entry]:
    for seat in given:
        offering, job = seat.offering, seat.employment
        if job is not None:
            yield Entry(
                uid=f"place-{seat.pk}",
                teacher=job.person.full_name,
                title=offering.title,
                hours=hours(offering.hours),
                where=offering.venue or offering.provider.title,
                starts_on=offering.starts_on,
                ends_on=offering.ends_on,
                is_sure=True,
                is_own=job.pk in own,
                changed_at=seat.named_at or seat.given_at,
                version=offering.revision,
            )


def _description(entry: Entry) -> str:
    state = (
        _("The place is confirmed") if entry.is_sure else _("In the school's schedule; the place is not confirmed yet")
    )
    length = _("%(hours)s h") % {"hours": entry.hours} if entry.hours else ""
    return "\n".join(filter(None, (length, state)))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
