"""The plan-schedules of the demo: what providers offer this school year, and the places given in it by need."""

import datetime as dt
from collections import Counter
from typing import Any

from courses.models import Offering, Provider, Seat
from courses.offerings.need import queue
from courses.offerings.seats import give_seats
from cpd.dates import today
from plans.demo import course_texts
from plans.demo.people import Town
from schools.choices import Role


def write(town: Town) -> Counter[str]:
    """The courses offered to the district, and their places; returns how many of each."""
    for offer in course_texts.OFFERINGS:
        _offer(town, **offer)
    return Counter(offered_courses=Offering.objects.count(), places=Seat.objects.count())


def _offer(town: Town, *, provider: str, subject: str, days_ahead: int, days: int, given: int, **columns: Any) -> None:
    """One course told in days from today, so that the demo stays fresh; its first places go by the queue."""
    [officer, *_others] = town.holders(Role.DISTRICT_OFFICER, town.district.pk)
    begins = town.day + dt.timedelta(days=days_ahead)
    begins -= dt.timedelta(days=begins.weekday())
    dates = {"starts_on": begins, "ends_on": begins + dt.timedelta(days=days - 1)}
    later = dt.timedelta(days=max(0, (today() - dates["ends_on"]).days + 1))
    offering = Offering.objects.create(
        district=town.district,
        provider=Provider.objects.filter(title_ky__startswith=provider).order_by("pk")[0],
        subject=town.subjects.get(subject),
        entered_by=officer.person,
        # Places are given before a course is over: one of the past is moved there afterwards.
        **{name: day + later for name, day in dates.items()},
        **columns,
    )
    lines = queue(offering, today())[:given]
    if lines:
        give_seats(
            offering=offering, by=officer, seen=offering.revision, chosen={line.job.pk: line.mark for line in lines}
        )
    Offering.objects.filter(pk=offering.pk).update(**dates)
