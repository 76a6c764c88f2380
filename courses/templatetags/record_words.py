"""The words of records of attendance, for pages."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy

from courses import words
from courses.choices import RecordAction
from courses.models import RecordDecision
from cpd.templatetags.cpd import unbroken

register = template.Library()

DONE = {
    RecordAction.SUBMIT: gettext_lazy("Sent for verification"),
    RecordAction.WITHDRAW: gettext_lazy("Withdrawn"),
    RecordAction.VERIFY: gettext_lazy("Verified"),
    RecordAction.SET_HOURS: gettext_lazy("The hours were entered"),
    RecordAction.RECOGNISE: gettext_lazy("The decision of recognition was entered"),
    RecordAction.RETURN: gettext_lazy("Returned for revision"),
    RecordAction.REJECT: gettext_lazy("The record was rejected"),
    RecordAction.REVERSE: gettext_lazy("The decision was reversed"),
}


@register.filter
def days_read(read: Any) -> str:
    """The dates of a record, or of a text just read, each on one line; empty where none was read."""
    return unbroken(words.days(read.starts_on, read.ends_on, read.precision)) if read else ""


@register.filter
def hours_read(record: Any) -> Any:
    """The hours of a record as far as they are known without a rule."""
    return words.known_hours(record.amount, record.unit, record.approved_hours)


@register.filter
def move_made(decision: RecordDecision) -> str:
    return str(DONE[RecordAction(decision.action)])
