"""The words of a schedule: what pages and papers print for the codes, days and reasons of its rows."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import Block, Due, StudyForm
from courses.models import ScheduleEntry
from courses.schedules.content import DifferenceKind
from cpd.dates import month_name, school_year_label, short_date, span
from cpd.templatetags.cpd import hours
from schools.categories import category_title
from schools.models import Employment, Person

Reason = Mapping[str, Any]

CHOICES: dict[str, Any] = {"block": Block, "study_form": StudyForm}
# Columns of a content that no row of a schedule calls so.
COLUMNS: dict[str, Callable[[], str]] = {
    "provider": lambda: _name_of(ScheduleEntry, "provider_text"),
    "teacher": lambda: _name_of(ScheduleEntry, "employment"),
    "term": lambda: _("Fixed term"),
    "position": lambda: _name_of(Employment, "position"),
    "category": lambda: _name_of(Person, "category"),
}
WHY: dict[str, Callable[[Reason], str]] = {
    Due.PLANNED: lambda reason: _("Planned for %(year)s") % {"year": school_year_label(reason["year"])},
    Due.CARRIED: lambda reason: _("Planned for %(year)s and not done") % {"year": school_year_label(reason["year"])},
    Due.OVERDUE: lambda reason: _("Overdue since %(date)s") % {"date": date_of(reason)},
    Due.DUE: lambda reason: _("Due by %(date)s") % {"date": date_of(reason)},
    Due.SHORTFALL: lambda reason: _("Missing hours: %(hours)s") % {"hours": hours(reason["hours"])},
}

KINDS = {
    DifferenceKind.ADDED: gettext_lazy("Added"),
    DifferenceKind.REMOVED: gettext_lazy("Removed"),
    DifferenceKind.CHANGED: gettext_lazy("Changed"),
}


def why(reason: Reason) -> str:
    """A reason in one short sentence; see :mod:`courses.schedules.drafting`."""
    code = reason["code"]
    if code in WHY:
        return WHY[code](reason)
    return str(dict(Due.choices).get(code, code))


def date_of(reason: Reason) -> str:
    """The date a reason names; empty where it names none."""
    return short_date(_day(reason["on"])) if "on" in reason else ""


def column_label(name: str) -> str:
    """A column of a content by the name that forms and papers give it."""
    return COLUMNS[name]() if name in COLUMNS else _name_of(ScheduleEntry, name)


def column_value(name: str, value: Any) -> str:
    """A value of a content in words; nothing is an empty text."""
    if value in ("", None, []):
        return ""
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    if name == "category":
        return category_title(value)
    if name == "hours":
        return hours(value)
    if name == "proposed_month":
        return month_name(value)
    if name == "term":
        return term(*value)
    return str(value)


def term(starts_on: str | None, ends_on: str | None) -> str:
    """The fixed term of a row of a content: «5–16-октябрь 2026-ж.»; empty where there is none."""
    return span(_day(starts_on), _day(ends_on)) if starts_on and ends_on else ""


def _name_of(model: Any, column: str) -> str:
    return capfirst(str(model._meta.get_field(column).verbose_name))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
