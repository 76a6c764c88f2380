"""What lists of people and of schools are narrowed and sorted by.

Statuses and dates are computed and stand in no column, so these forms sift lines in memory: a school has at most some
hundred people, a district some hundred schools. What cannot be read narrows nothing, and its field says why.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.choices import HoursStatus
from courses.staff import Line, Place
from cpd.text import fold, sort_key
from schools.models import Institution

ALL = ("", _("all"))
BY_NAME = ("", pgettext_lazy("sorted", "by name"))


class Sifting(forms.Form):
    """Chosen in an address, not sent: nothing is required."""

    def value(self, name: str) -> Any:
        """What was chosen and can be read, or nothing."""
        return None if name in self.errors else self.cleaned_data[name]

    def in_words(self) -> list[tuple[str, Any]]:
        """What was chosen, field by field, for a paper to tell what was left out of it."""
        return [
            (str(field.label), _label_of(field, self.value(name)))
            for name, field in self.fields.items()
            if self.value(name)
        ]


class StaffForm(Sifting):
    """The people of a school, narrowed by name, association, status and due date."""

    name = forms.CharField(label=_("Name of the teacher"), required=False)
    association = forms.ChoiceField(label=_("Methodical association"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ALL, *HoursStatus.choices])
    due = forms.DateField(
        label=_("Due before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            BY_NAME,
            ("due", pgettext_lazy("sorted", "by due date")),
            ("missing", pgettext_lazy("sorted", "by missing hours")),
            ("last", pgettext_lazy("sorted", "by the last course")),
        ],
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        titles = {line.job.association_id: str(line.job.association) for line in lines if line.job.association}
        in_order = sorted(titles.items(), key=lambda item: sort_key(item[1]))
        self.fields["association"].choices = [ALL, *((str(key), title) for key, title in in_order)]  # type: ignore[attr-defined]

    def sifted(self) -> list[Line]:
        """The lines that were asked for, in the order asked for; those that come by name stay so where equal."""
        found = [line for line in self.lines if self._is_wanted(line)]
        return sorted(found, key=ORDERS[self.value("sort")]) if self.value("sort") else found

    def _is_wanted(self, line: Line) -> bool:
        association, status, due = (self.value(name) for name in ("association", "status", "due"))
        return (
            all(word in line.job.person.search_key for word in fold(self.value("name") or "").split())
            and (not association or str(line.job.association_id) == association)
            and (not status or line.status == status)
            and (not due or (line.due is not None and line.due < due))
        )


ORDERS: dict[str, Callable[[Line], Any]] = {
    "due": lambda line: line.due or dt.date.max,
    "missing": lambda line: -(line.standing.shortfall or Decimal()),
    "last": lambda line: line.last_ended_on or dt.date.min,  # who has attended nothing stands first
}


class SchoolsForm(Sifting):
    """The schools of a district, narrowed by title, and then counted: their sum is of those shown."""

    name = forms.CharField(label=_("Name of the school"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            BY_NAME,
            ("overdue", pgettext_lazy("sorted", "by people overdue")),
            ("met", pgettext_lazy("sorted", "by the share met")),
        ],
    )

    def narrowed(self, schools: Iterable[Institution]) -> list[Institution]:
        words = fold(self.value("name") or "").split()
        return [one for one in schools if all(word in _searched(one) for word in words)]

    def in_order(self, schools: list[Place[Institution]]) -> list[Place[Institution]]:
        """Those that come by name stay so where equal."""
        if self.value("sort") == "overdue":
            return sorted(schools, key=lambda one: -one.totals.overdue)
        if self.value("sort") == "met":
            return sorted(schools, key=lambda one: -1 if one.totals.share_met is None else one.totals.share_met)
        return schools


def _searched(school: Institution) -> str:
    return fold(f"{school.title_ky} {school.title_ru} {school.number}")


def _label_of(field: forms.Field, value: Any) -> Any:
    """The word of a choice, the value itself elsewhere."""
    choices: Any = getattr(field, "choices", ())
    return str(dict(choices)[value]) if choices else value
