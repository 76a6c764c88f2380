"""What the deputy director types into the school's schedule."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import ScheduleEntry
from courses.schedules.term_typed import wrong_term
from cpd.dates import Period


class DayField(forms.DateField):
    """One of the two days; a browser opens its calendar at the school year, what is wrong is said beside both."""

    def __init__(self, *, label: Any, period: Period, said: str) -> None:
        attributes = {
            "type": "date",
            "min": period.starts_on.isoformat(),
            "class": "form-control",
            "aria-describedby": said,
        }
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(attributes, format="%Y-%m-%d"),
            error_messages={
                "invalid": _("Enter a date, for example %(date)s.") % {"date": f"05.10.{period.starts_on.year}"}
            },
        )


class TermForm(forms.Form):
    """The exact days of one row, both or neither (000 §15). ``revision`` is the row's own that was on the screen.

    While somebody is still typing (``is_whole=False``) one day alone stands for a course of that day.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: ScheduleEntry, period: Period, is_whole: bool = True) -> None:
        initial = {"revision": row.revision, "starts_on": row.starts_on, "ends_on": row.ends_on}
        super().__init__(data, initial=initial, auto_id=f"%s_{row.uid}")
        self.row, self.period, self.is_whole = row, period, is_whole
        said = f"said_{row.uid}"
        self.fields["starts_on"] = DayField(label=gettext_lazy("Start date"), period=period, said=said)
        self.fields["ends_on"] = DayField(label=gettext_lazy("End date"), period=period, said=said)
        if not is_whole:
            del self.fields["revision"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        starts_on, ends_on = cleaned["starts_on"], cleaned["ends_on"]
        if not self.is_whole:
            starts_on, ends_on = starts_on or ends_on, ends_on or starts_on
            cleaned |= {"starts_on": starts_on, "ends_on": ends_on}
        for name, said in wrong_term(starts_on, ends_on, self.period).items():
            self.add_error(name, said)
        return cleaned

    @property
    def term(self) -> Period | None:
        """The days typed; None where the row is left without any."""
        starts_on, ends_on = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        return Period(starts_on, ends_on) if starts_on else None

    def over(self, row: ScheduleEntry) -> "TermForm":
        """The same days typed over the row as it stands now."""
        typed = {name: self.data.get(name, "") for name in ("starts_on", "ends_on")}
        newer = TermForm({"revision": row.revision, **typed}, row=row, period=self.period)
        newer.full_clean()
        return newer
