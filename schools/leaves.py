"""Long leave from one employment: entered, put right, removed where it was entered by mistake.

What kind of leave it is stays out of the journal: others read that too.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from schools import audit
from schools.access import can_keep_staff
from schools.approval import Refused
from schools.choices import Event
from schools.models import Employment, Leave, User
from schools.staffing import hold


def enter_leave(
    *, employment: Employment, by: User, kind: str, starts_on: dt.date, ends_on: dt.date | None, order_number: str = ""
) -> Leave:
    """From a day until a day, or until somebody enters the end."""
    with transaction.atomic():
        now = _held(employment, by)
        leave = Leave(
            employment=now,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            order_number=order_number,
            entered_by=by.person,
        )
        _check_days(leave)
        leave.save()
        _note(leave, by=by, before={}, after={"starts_on": starts_on, "ends_on": ends_on})
    return leave


def change_leave(
    *, leave: Leave, by: User, kind: str, starts_on: dt.date, ends_on: dt.date | None, order_number: str
) -> None:
    """Its end, or what was entered wrong."""
    with transaction.atomic():
        now = _held(leave.employment, by)
        stored = now.leaves.filter(pk=leave.pk).first()
        if stored is None:
            raise Refused(_("Meanwhile this leave was removed."))
        before = {"starts_on": stored.starts_on, "ends_on": stored.ends_on}
        stored.kind, stored.order_number = kind, order_number
        stored.starts_on, stored.ends_on = starts_on, ends_on
        _check_days(stored)
        stored.save()
        _note(stored, by=by, before=before, after={"starts_on": starts_on, "ends_on": ends_on})


def remove_leave(*, leave: Leave, by: User) -> None:
    """A leave that was entered by mistake; the journal keeps that it was."""
    with transaction.atomic():
        now = _held(leave.employment, by)
        stored = now.leaves.filter(pk=leave.pk).first()
        if stored is None:
            raise Refused(_("Meanwhile this leave was removed."))
        before = {"starts_on": stored.starts_on, "ends_on": stored.ends_on}
        _note(stored, by=by, before=before, after={})
        stored.delete()


def _held(employment: Employment, by: User) -> Employment:
    now = hold(employment)
    if not can_keep_staff(by, now.institution):
        raise PermissionDenied
    return now


def _check_days(leave: Leave) -> None:
    """Inside the employment, and beside every other leave from it."""
    job, first, last = leave.employment, leave.starts_on, leave.ends_on
    if first < job.starts_on:
        raise Refused(_("The leave cannot begin before the employment."))
    if job.ends_on and (last is None or last > job.ends_on):
        raise Refused(_("The employment ends before the leave does: give the last day of the leave."))
    if last and last < first:
        raise Refused(_("The end date must not be earlier than the start date."))
    others = job.leaves.filter(Q(ends_on=None) | Q(ends_on__gte=first)).exclude(pk=leave.pk)
    if last:
        others = others.filter(starts_on__lte=last)
    if others.exists():
        raise Refused(_("Another leave covers these days already."))


def _note(leave: Leave, *, by: User, before: dict[str, dt.date | None], after: dict[str, dt.date | None]) -> None:
    job = leave.employment
    audit.note(Event.LEAVE_CHANGED, by=by, subject=job.person, institution=job.institution, before=before, after=after)
