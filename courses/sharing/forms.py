"""What people type about sharing after a course."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from courses.forms import TAKEN, Comparable, DayField
from courses.models import CertificateFile, SharingEvent, TrainingRecord
from courses.scans import Fault
from courses.sharing.access import is_of_past_year
from courses.sharing.actions import STAYS_IN_ITS_YEAR
from cpd.dates import month_name, months_of_school_year, school_year_label, school_year_of, today
from cpd.forms import FIRST_YEAR, LAST_YEAR

Choices = list[tuple[Any, str]]
MOST_PRESENT = 9_999  # whoever types more has mistyped
WITHOUT_FILE = "without_file"
FAULTS = {  # an attachment is no certificate
    Fault.UNKNOWN_KIND: _(
        "Only a photo (JPEG, PNG, HEIC) or a PDF can be uploaded. Save a presentation or a text as a PDF first."
    ),
    Fault.TOO_MANY_PAGES: _("The PDF has more than %(pages)s pages. Upload the main pages of it."),
}


def month_choices() -> Choices:
    return [("", pgettext("month", "not chosen"))] + [(one, month_name(one)) for one in months_of_school_year()]


def year_choices(*more: int) -> Choices:
    """This school year and the next, and those that stand already."""
    this = school_year_of(today())
    return [(year, school_year_label(year)) for year in sorted({this, this + 1, *more})]


class YearForm(forms.Form):
    """The school year a plan is asked for in its address, ``?year=2026``. Nothing named means this one."""

    year = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)

    @property
    def school_year(self) -> int:
        """What was asked for; this one where it cannot be read."""
        return (self.cleaned_data["year"] if self.is_valid() else None) or school_year_of(today())


class PlanForm(forms.ModelForm):
    """One tap of the plan of a year: which course, how and in which month."""

    record: Any = forms.ModelChoiceField(queryset=None)
    school_year = forms.TypedChoiceField(coerce=int, choices=year_choices)
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, empty_value=None, required=False, choices=month_choices
    )

    class Meta:
        model = SharingEvent
        fields = ["record", "kind", "school_year", "month"]

    def __init__(self, *args: Any, records: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["record"].queryset = records

    def validate_constraints(self) -> None:
        """The fields say the same."""

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "school_year", "month")}


class SharingForm(Comparable, forms.ModelForm):
    """One occasion: planned for a month, or held on a day, with the number of those present and a file.

    ``attached`` is the file that will be saved with it, ``fault`` says why one was not taken. Who only plans it is not
    asked whether it was held.
    """

    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int)
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, empty_value=None, required=False, choices=month_choices
    )
    held_on = DayField(label=_("Date"), required=False)
    present_count = forms.IntegerField(
        label=_("Number of those present"),
        required=False,
        min_value=0,
        max_value=MOST_PRESENT,
        help_text=_("May stay empty."),
    )
    file = forms.Field(label=_("Attachment"), required=False, widget=forms.FileInput(attrs={"accept": TAKEN}))
    without_file = forms.BooleanField(label=_("Remove the attachment"), required=False)

    class Meta:
        model = SharingEvent
        fields = ["kind", "topic", "school_year", "month", "held_on", "present_count"]

    def __init__(
        self,
        *args: Any,
        record: TrainingRecord,
        only_plans: bool = False,
        attached: CertificateFile | None = None,
        fault: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.attached, self.fault = record, attached, fault
        self.year_held = self.instance.school_year if self.instance.pk and is_of_past_year(self.instance) else None
        fields: dict[str, Any] = self.fields
        fields["topic"].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        fields["school_year"].choices = year_choices(*([self.instance.school_year] if self.instance.pk else []))
        fields["kind"].choices = [one for one in fields["kind"].choices if one[0]]
        if only_plans:
            for name in ("held_on", "present_count", "file", WITHOUT_FILE):
                del fields[name]
        elif not (attached or self.instance.file_id):
            del fields[WITHOUT_FILE]

    def validate_constraints(self) -> None:
        """``clean`` says the same in words that stand beside the fields."""

    def clean_held_on(self) -> dt.date | None:
        """A course is shared after it ended; of one whose days are not known exactly, after it may have begun."""
        day: dt.date | None = self.cleaned_data["held_on"]
        earliest = self.record.ends_on if self.record.precision == "day" else self.record.starts_on
        if day and earliest and day < earliest:
            raise forms.ValidationError(_("The course had not ended on that day yet."))
        if self.year_held is not None and (day is None or school_year_of(day) != self.year_held):
            raise forms.ValidationError(STAYS_IN_ITS_YEAR)
        return day

    def clean_file(self) -> None:
        """The file itself was taken in before the form: see ``courses.files``."""
        if self.fault:
            raise forms.ValidationError(self.fault)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        says_held = cleaned.get("present_count") is not None or self.attached is not None
        if "held_on" in self.fields and says_held and not cleaned.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", _("Enter the date on which it was held."))
        if not self.errors and not any(cleaned.get(name) for name in ("topic", "month", "held_on")):
            self.add_error("topic", _("Enter at least a topic, a month or a date."))
        return cleaned

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}
