"""What templates need beyond Django's own tags."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cpd import dates, once

register = template.Library()

register.filter("month_name", dates.month_name)


def unbroken(text: str) -> SafeString:
    """Dates, each on one line: a browser would break «15-март 2022-ж.» after every hyphen. Copied, they stay as is."""
    return format_html_join(" – ", '<span class="date">{}</span>', ((date,) for date in text.split(" – ") if date))


@register.filter
def short_date(day: dt.date) -> SafeString:
    return unbroken(dates.short_date(day))


@register.filter
def days_to(first: dt.date, last: dt.date) -> SafeString:
    """The days from ``first`` to ``last``."""
    return unbroken(dates.span(first, last))


@register.filter
def approval_date(day: dt.date) -> SafeString:
    return unbroken(dates.approval_date(day))


@register.filter
def moment(at: dt.datetime) -> SafeString:
    date, time = dates.moment(at).rsplit(", ", 1)
    return format_html("{}, {}", unbroken(date), time)


@register.filter
def school_year(first: int) -> SafeString:
    return unbroken(dates.school_year_label(first))


@register.filter
def hours(value: Decimal | str | None) -> str:
    """Hours as papers write them: «72», «72,5»; empty where not known."""
    if value in (None, ""):
        return ""
    number = Decimal(value).normalize()
    return f"{number:f}".replace(".", ",")


@register.simple_tag
def once_token() -> SafeString:
    """The hidden one-use token; stands in every form that creates, submits or decides."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.new_token())
