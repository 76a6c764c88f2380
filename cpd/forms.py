"""Forms that any app may need."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpd.dates import today

FIRST_YEAR, LAST_YEAR = 1950, 2100  # as in texts (forms §M.1)
PRINTED = re.compile(r"^\s*((буйрук|приказ|протокол)\w*)?\s*(№|N(?=[\s\d.№]))?[\s.]*", re.IGNORECASE)


class PaperNumberField(forms.CharField):
    """The number of an order or of minutes, without the word and the «№» that papers print before it."""

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        return PRINTED.sub("", typed) or typed


class DayForm(forms.Form):
    """The day a page or a paper is asked for in its address, ``?on=2026-03-15``. Nothing named means today."""

    on = forms.DateField(
        label=gettext_lazy("On the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_on(self) -> dt.date:
        day: dt.date | None = self.cleaned_data["on"]
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                _("Give a year from %(first)s to %(last)s."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day or today()

    @property
    def day(self) -> dt.date:
        """What was asked for; today where it cannot be read: the field says why."""
        return self.cleaned_data["on"] if self.is_valid() else today()


class SeveralField(forms.ModelMultipleChoiceField):
    """Several rows of a table. A number that no row can have is as unknown as any other: SQLite cannot look for it."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            unknown = {"value": max(value, key=len)}
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params=unknown
            ) from None


class WorkbookForm(forms.Form):
    """An Excel file to import; its content decides what it is, not its name."""

    file = forms.FileField(
        label=gettext_lazy("Excel file (.xlsx)"),
        allow_empty_file=True,  # told with all other faults of files
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
