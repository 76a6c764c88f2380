"""A course schedule as a table for Excel: every value of its own kind, official, so in Kyrgyz."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from courses.exports import Cell, Column, Table
from courses.schedules import words
from courses.schedules.content import Content, Row
from courses.words import listed
from cpd.dates import school_year_label
from cpd.pdf import LANGUAGE
from schools.choices import DocumentKind

# In Excel every value has a column of its own, so that it can be sorted by and reckoned with; widths in signs. The
# group is a column too: lines between the rows would be sorted and filtered away with them.
SHEET: Sequence[tuple[str | Promise, int, Callable[[Row], Cell]]] = (
    (gettext_lazy("Full name of the teacher"), 32, lambda row: row["teacher"]),
    (gettext_lazy("Subject taught"), 24, lambda row: listed(*row["subjects"])),
    (gettext_lazy("Position held"), 20, lambda row: row["position"]),
    (gettext_lazy("Qualification category"), 18, lambda row: words.column_value("category", row["category"])),
    (gettext_lazy("Teaching experience, years"), 10, lambda row: row["experience_years"]),
    (gettext_lazy("Year of the last course"), 12, lambda row: row["last_year"]),
    (gettext_lazy("Hours of the last course"), 12, lambda row: _number(row["last_hours"])),
    (gettext_lazy("Hours collected in five years"), 12, lambda row: _number(row["total"])),
    (gettext_lazy("Missing hours"), 13, lambda row: _number(row["shortfall"])),
    (gettext_lazy("Course (module)"), 40, lambda row: row["title"]),
    (pgettext_lazy("schedule", "Number of hours"), 8, lambda row: _number(row["hours"])),
    (gettext_lazy("Name of the organisation"), 28, lambda row: row["provider"]),
    (gettext_lazy("Study form"), 18, lambda row: words.column_value("study_form", row["study_form"])),
    (gettext_lazy("Proposed term"), 13, lambda row: words.column_value("proposed_month", row["proposed_month"])),
    (gettext_lazy("Fixed term, first day"), 13, lambda row: _day(row["starts_on"])),
    (gettext_lazy("Fixed term, last day"), 13, lambda row: _day(row["ends_on"])),
    (gettext_lazy("Responsible"), 22, lambda row: row["responsible"]),
    (gettext_lazy("Note"), 24, lambda row: row["note"]),
)


def schedule_table(content: Content, number: int | None = None) -> Table:
    """The schedule for Excel, in Kyrgyz, with all columns of the form; ``number`` is the version's, if it is one."""
    with translation.override(LANGUAGE):
        groups = content["groups"]
        numbers = count(1)
        return Table(
            title=str(DocumentKind(content["kind"]).label),
            sheet=content["association"] or content["school"]["title"],
            about=[
                (_("School"), content["school"]["title"]),
                (_("District, city"), content["school"]["district"]),
                (_("School year"), school_year_label(content["school_year"])),
                (_("Version"), number or _("Draft")),
                (_("Number of teachers"), content["teachers"]),
                (_("Hours in all"), _number(content["hours"])),
                *((_of_group(group), _number(group["hours"])) for group in groups if len(groups) > 1),
            ],
            columns=[
                Column(_("Methodical association"), 34),
                Column(_("No."), 5),
                *(Column(str(heading), width) for heading, width, _cell in SHEET),
            ],
            rows=[
                [group["association"], next(numbers), *(cell(row) for _heading, _width, cell in SHEET)]
                for group in groups
                for row in group["rows"]
            ],
        )


def _of_group(group: Mapping[str, Any]) -> str:
    return _("Hours: %(association)s") % {"association": group["association"] or _("In no methodical association")}


def _number(value: str | None) -> Decimal | None:
    return Decimal(value) if value else None


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
