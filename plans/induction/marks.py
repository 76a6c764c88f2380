"""The mentor's marks: which rows of the plan in force were done, when, and a line about it (form F12)."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plans.models import InductionMark, InductionPlan
from schools.approval import Refused
from schools.models import User


def can_mark(user: User, plan: InductionPlan) -> bool:
    """The mentor of today, on what is in force. Who guided before marks no more; what they marked stays."""
    return plan.in_force is not None and user.person_id in plan.writers and user.person_id != plan.author_id


def rows_in_force(plan: InductionPlan) -> set[str]:
    """The rows that can be marked, by their uid."""
    return {row["uid"] for row in plan.in_force.content["rows"]} if plan.in_force else set()


def marks_of(plan: InductionPlan) -> dict[str, InductionMark]:
    """The marks by the uid of the row; one query. A row that a yearly change took out keeps its own."""
    return {str(mark.uid): mark for mark in plan.marks.select_related("by")}


def mark_row(*, plan: InductionPlan, uid: uuid.UUID, by: User, done_on: dt.date, note: str = "") -> InductionMark:
    """Note that a row was done. Raises ``Refused`` where it is not in force or bears a mark already."""
    if not can_mark(by, plan):
        raise PermissionDenied
    if str(uid) not in rows_in_force(plan):
        raise Refused(_("This item is not in the plan in force."))
    try:
        with transaction.atomic():
            return InductionMark.objects.create(plan=plan, uid=uid, by=by.person, done_on=done_on, note=note)
    except IntegrityError:
        raise Refused(_("This row is marked already.")) from None


def unmark_row(*, plan: InductionPlan, uid: uuid.UUID, by: User) -> None:
    """Take a mark back, whichever mentor made it."""
    if not can_mark(by, plan):
        raise PermissionDenied
    if not InductionMark.objects.filter(plan=plan, uid=uid).delete()[0]:
        raise Refused(_("This mark was taken back already."))
