"""What of courses hangs on an employment that ends: places, rows of schedules, records that wait."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import RecordStatus
from courses.models import ScheduleEntry, Seat, TrainingRecord
from cpd.dates import school_year_label, school_year_of, short_date
from schools.leaving import Hanging
from schools.models import Employment


def of_courses(employment: Employment, last_day: dt.date) -> Iterator[Hanging]:
    seats = Seat.objects.live().filter(
        employment=employment, offering__ends_on__gt=last_day, offering__cancelled_at=None, attended=None
    )
    for seat in seats.select_related("offering"):
        told = {"course": seat.offering, "day": short_date(seat.offering.starts_on)}
        text = _("A place in the course “%(course)s” from %(day)s. It can be given to another teacher.") % told
        yield Hanging(text, url=reverse("school_places", args=[employment.institution_id]))
    rows = ScheduleEntry.objects.filter(
        Q(starts_on=None) | Q(starts_on__gt=last_day), employment=employment, schedule__ends_on__gt=last_day
    )
    for row in rows.select_related("schedule").order_by("schedule", "pk"):
        year = school_year_label(school_year_of(row.schedule.starts_on))
        text = _("A row of the course schedule %(year)s: %(course)s") % {"year": year, "course": row.title or "—"}
        yield Hanging(text, url=reverse("schedule", args=[row.schedule_id]))
    waiting = TrainingRecord.objects.filter(
        person=employment.person_id, institution=employment.institution_id, status=RecordStatus.SUBMITTED
    ).count()
    if waiting:
        text = ngettext(
            "%(count)s certificate waits for verification in this institution.",
            "%(count)s certificates wait for verification in this institution.",
            waiting,
        )
        yield Hanging(text % {"count": waiting}, url=reverse("verification"))


HANGING = of_courses
