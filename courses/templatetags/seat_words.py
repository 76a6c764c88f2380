"""The words of places in courses, for pages."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import Need, SeatState
from courses.models import Offering, Seat
from courses.offerings.access import can_read_named_need
from courses.offerings.need import Elsewhere
from courses.offerings.queue import Reason
from cpd.dates import span
from cpd.templatetags.cpd import hours, short_date
from schools.models import User

register = template.Library()


@register.filter
def need(reason: Mapping[str, Any]) -> str:
    """A reason of the queue in words, see ``courses.offerings.queue``."""
    code = Need(reason["code"])
    if code == Need.OVERDUE and reason["months"]:
        text = ngettext("Overdue for %(count)s month", "Overdue for %(count)s months", reason["months"])
        return text % {"count": reason["months"]}
    if code == Need.MONTHS_LEFT:
        if not reason["months"]:
            return _("Less than a month to the due date")
        text = ngettext("%(count)s month to the due date", "%(count)s months to the due date", reason["months"])
        return text % {"count": reason["months"]}
    if code == Need.SHORTFALL:
        return f"{code.label}: {hours(reason['hours'])}"
    if code == Need.LAST_COURSE:
        return format_html("{}: {}", code.label, short_date(dt.date.fromisoformat(reason["on"])))
    if code in (Need.OTHER_PLACES, Need.SCHOOL_PLACES):
        return f"{code.label}: {reason['places']}"
    return str(code.label)


@register.simple_tag
def reasons_for(user: User, seat: Seat) -> list[Reason]:
    """Why a place was given, as far as the reader may know it."""
    reads_all = can_read_named_need(user, seat)
    return [reason for reason in seat.reasons if reads_all or reason["code"] != Need.NAMED_NEED]


@register.filter
def elsewhere(other: Elsewhere) -> str:
    """Where else the teacher is in those days."""
    where = {"title": other.title or "—", "days": span(other.days.starts_on, other.days.ends_on)}
    if other.is_place:
        return _("Holds a place in another course of these days: %(title)s, %(days)s.") % where
    return _("The school's schedule has another course in these days: %(title)s, %(days)s.") % where


@register.simple_tag
def state_of(seat: Seat, offering: Offering) -> SeatState:
    """Where a place stands: planned, confirmed and attended are facts of their own."""
    if seat.taken_back_at:
        return SeatState.TAKEN_BACK
    if seat.attended is not None:
        return SeatState.ATTENDED if seat.attended else SeatState.ABSENT
    if offering.cancelled_at:
        return SeatState.CANCELLED
    return SeatState.CONFIRMED if seat.employment_id else SeatState.TO_NAME
