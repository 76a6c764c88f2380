"""What people type about the calendar of a school or a district: periods, the limit of teachers away."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import AwayLimit, CalendarPeriod
from cpd.dates import today
from cpd.forms import FIRST_YEAR, LAST_YEAR
from schools.models import Employment

DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")


class DaysForm(forms.ModelForm):
    """Days that can be meant, in the order of time; what is wrong is told beside the field."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("starts_on", "ends_on"):
            if (day := cleaned.get(name)) and not FIRST_YEAR <= day.year <= LAST_YEAR:
                told = _("Give a year from %(first)s to %(last)s.")
                params = {"first": FIRST_YEAR, "last": LAST_YEAR}
                self.add_error(name, forms.ValidationError(told, params=params))
        starts_on, ends_on = cleaned.get("starts_on", self.instance.starts_on), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end date must not be earlier than the start date."))
        return cleaned


class PeriodForm(DaysForm):
    """Days on which a course is not welcome; kept where ``instance`` says."""

    class Meta:
        model = CalendarPeriod
        fields = ["kind", "starts_on", "ends_on"]
        widgets = {"starts_on": DAY, "ends_on": DAY}
        labels = {"kind": _("Kind")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kept = self.instance
        if not self.errors:
            columns = {name: self.cleaned_data.get(name) for name in ("kind", "employment", "starts_on", "ends_on")}
            place = {"institution": kept.institution, "district": kept.district}
            if CalendarPeriod.objects.filter(**columns, **place).exists():
                self.add_error("starts_on", _("This is already in the calendar."))
        return cleaned


class SchoolPeriodForm(PeriodForm):
    """The same for a school: of everybody or of one of its people."""

    class Meta(PeriodForm.Meta):
        fields = ["kind", "employment", "starts_on", "ends_on"]
        labels = PeriodForm.Meta.labels | {"employment": _("For whom")}
        help_texts = {"employment": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jobs = Employment.objects.on(today()).filter(institution=self.instance.institution)
        field: Any = self.fields["employment"]
        field.queryset = jobs.select_related("person")
        field.label_from_instance = lambda job: job.person.full_name
        field.empty_label = _("everybody")


class LimitForm(DaysForm):
    """How many teachers may be away at once, from a day on. A limit that holds already can only be followed."""

    class Meta:
        model = AwayLimit
        fields = ["percent", "starts_on"]
        widgets = {"starts_on": DAY}
        help_texts = {"percent": _("With 100 nobody is warned.")}

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        begun = AwayLimit.objects.filter(institution=self.instance.institution, starts_on__lte=today())
        newest = begun.first()
        if newest and day < newest.starts_on:
            raise forms.ValidationError(
                _("A limit has held since %(day)s. Give this day or a later one."),
                params={"day": f"{newest.starts_on:%d.%m.%Y}"},
            )
        return day
