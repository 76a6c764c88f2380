"""The forms of a district's desk: which school year, which schools, and by when."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from courses.schedules.desk import DeskState, Line
from courses.staff_filters import ALL, BY_NAME, Sifting
from cpd.dates import Period, school_year, school_year_label, school_year_of, short_date, today
from cpd.text import fold

MINE = "mine"
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


class YearForm(forms.Form):
    """The school year a page is asked for, ``?year=2027``: one that is known, this one or the next.

    Nothing named, or what cannot be read, means the latest of those known, or else the next one: schedules are made
    for the year to come, and a desk stays with a year until something belongs to a later one.
    """

    year = forms.TypedChoiceField(label=gettext_lazy("School year"), required=False, coerce=int)

    def __init__(self, data: QueryDict, *, known: Sequence[int]) -> None:
        super().__init__(data if data.get("year") else None)
        this = school_year_of(today())
        self.usual = max(known, default=this + 1)
        years = sorted({*known, this, this + 1}, reverse=True)
        field = self.fields["year"]
        field.choices = [(year, school_year_label(year)) for year in years]  # type: ignore[attr-defined]
        field.initial = self.usual

    @property
    def asked(self) -> int:
        year: int = self.cleaned_data["year"] if self.is_valid() else self.usual
        return year


class DeskForm(Sifting):
    """The schools of a desk, narrowed by what came of their schedules, by title and by subject."""

    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[ALL, (MINE, gettext_lazy("Waiting for me")), *DeskState.choices],
    )
    name = forms.CharField(label=gettext_lazy("Name of the school"), required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            BY_NAME,
            ("newest", pgettext_lazy("sorted", "by the day of sending, newest first")),
            ("oldest", pgettext_lazy("sorted", "by the day of sending, oldest first")),
        ],
    )

    def sifted(self, lines: Sequence[Line], with_subject: Callable[[str], set[int]]) -> list[Line]:
        """The lines asked for, in the order asked for; ``with_subject`` is called only where a subject was named."""
        state, words = self.value("state"), fold(self.value("name") or "").split()
        subject = self.value("subject")
        having = with_subject(subject) if subject else None
        found = [
            line
            for line in lines
            if (not state or line.state == state or (state == MINE and line.is_mine))
            and all(word in _searched(line) for word in words)
            and (having is None or line.school.pk in having)
        ]
        return sorted(found, key=ORDERS[self.value("sort")]) if self.value("sort") else found


class DeadlineForm(forms.Form):
    """The last day for sending the schedules of one school year."""

    due_on = forms.DateField(
        label=gettext_lazy("Send by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounds = Period(school_year(year - 1).starts_on, school_year(year).ends_on)

    def clean_due_on(self) -> dt.date:
        """Schedules are made in the year before, and completed in the year itself at the latest."""
        day: dt.date = self.cleaned_data["due_on"]
        if day not in self.bounds:
            raise ValidationError(
                _("Give a day from %(first)s to %(last)s"),
                params={"first": short_date(self.bounds.starts_on), "last": short_date(self.bounds.ends_on)},
            )
        return day


def _searched(line: Line) -> str:
    return fold(f"{line.school.title_ky} {line.school.title_ru} {line.school.number}")


def _oldest_first(line: Line) -> dt.datetime:
    return line.sent.sending.at if line.sent else NEVER


def _newest_first(line: Line) -> float:
    return -line.sent.sending.at.timestamp() if line.sent else 0.0


ORDERS: dict[str, Callable[[Line], Any]] = {"oldest": _oldest_first, "newest": _newest_first}
