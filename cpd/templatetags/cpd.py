"""What templates need beyond Django's own tags."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cpd import dates, once

register = template.Library()

register.filter("full_date", dates.full_date)
register.filter("short_date", dates.short_date)
register.filter("approval_date", dates.approval_date)
register.filter("moment", dates.moment)
register.filter("month_name", dates.month_name)
register.filter("school_year", dates.school_year_label)


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
