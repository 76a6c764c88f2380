"""What the list of internships is narrowed by."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.staff_filters import ALL, Sifting
from cpd.dates import school_year_label, school_year_of
from plans.lecturers.internships import Internship, Told

LATE = "late"


class InternshipsForm(Sifting):
    """Chosen in the address. An internship belongs to the school year in which it ended."""

    school_year = forms.ChoiceField(label=_("School year"), required=False)
    told = forms.ChoiceField(
        label=_("Information on the internship"),
        required=False,
        choices=[
            ALL,
            (LATE, pgettext_lazy("information", "late")),
            (Told.OWED, pgettext_lazy("information", "not handed in yet")),
            (Told.HANDED_IN, pgettext_lazy("information", "waits to be received")),
            (Told.RECEIVED, pgettext_lazy("information", "received")),
        ],
    )

    def __init__(self, *args: Any, internships: Iterable[Internship], on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.internships, self.on = list(internships), on
        years = sorted({school_year_of(one.ends_on) for one in self.internships}, reverse=True)
        fields: dict[str, Any] = self.fields
        fields["school_year"].choices = [ALL, *((str(year), school_year_label(year)) for year in years)]

    def sifted(self) -> list[Internship]:
        year, told = self.value("school_year"), self.value("told")
        return [
            one
            for one in self.internships
            if (not year or school_year_of(one.ends_on) == int(year))
            and (not told or (one.is_late(self.on) if told == LATE else one.told == told))
        ]
