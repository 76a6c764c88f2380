"""What people choose and type when places are given, named and taken back, and when a list is marked."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.forms import DayField
from courses.models import Seat, TrainingRecord
from courses.offerings.attendance import Mark
from courses.offerings.need import Line
from cpd.text import sort_key
from schools.models import Institution

MOST_PLACES = 32767  # of the column
A_FEW_LINES = {"rows": 2}
LONGEST_REASON = Seat._meta.get_field("override_reason").max_length


class SchoolFilterForm(forms.Form):
    """The queue of one school: chosen in the address. What cannot be read narrows nothing."""

    school = forms.ChoiceField(label=_("School"), required=False)

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", _("all")), *school_choices(lines)]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> int | None:
        chosen = self.cleaned_data.get("school") if self.is_valid() else None
        return int(chosen) if chosen else None


class GiveForm(forms.Form):
    """Why the order of the queue is left; nothing where it is kept."""

    reason = forms.CharField(
        label=_("Reason for leaving the queue"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs=A_FEW_LINES),
        help_text=_(
            "Needed only where somebody who stands before is passed over. "
            "Only the district office and the institute read it, not the schools and teachers."
        ),
    )


class SchoolPlacesForm(GiveForm):
    """Places for a school, which names its teachers later."""

    school = forms.ChoiceField(label=_("School"))
    places = forms.IntegerField(label=_("Number of places"), min_value=1, max_value=MOST_PLACES, initial=1)
    field_order = ["school", "places", "reason"]

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools = {line.job.institution_id: line.job.institution for line in lines}
        self.fields["school"].choices = [("", "—"), *school_choices(lines)]  # type: ignore[attr-defined]

    def clean_school(self) -> Institution:
        return self.schools[int(self.cleaned_data["school"])]


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for taking it back"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=A_FEW_LINES),
        error_messages={"required": _("Give the reason.")},
    )


ATTENDED = {"yes": True, "no": False, "": None}
AS_TEXT = {value: text for text, value in ATTENDED.items()}


class MarkForm(forms.Form):
    """One line of the attendance list."""

    attended = forms.ChoiceField(
        label=_("Attended"),
        required=False,
        choices=[
            ("yes", pgettext_lazy("attended", "yes")),
            ("no", pgettext_lazy("attended", "no")),
            ("", pgettext_lazy("attended", "not marked")),
        ],
        widget=forms.RadioSelect,
    )
    seen = forms.ChoiceField(required=False, choices=[(text, text) for text in ATTENDED], widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("Document number"),
        max_length=TrainingRecord._meta.get_field("document_number").max_length,
        required=False,
    )
    on = DayField(label=_("Date of issue"), required=False)

    def mark(self) -> Mark:
        typed = self.cleaned_data
        return Mark(ATTENDED[typed["attended"]], ATTENDED[typed["seen"]], typed["number"], typed["on"])


def mark_forms(seats: Iterable[Seat], typed: Any = None) -> list[tuple[Seat, MarkForm]]:
    """A line for each place. Without a name of its own a form would take its neighbour's answers."""
    return [
        (
            seat,
            MarkForm(
                typed,
                prefix=f"seat{seat.pk}",
                initial={"attended": AS_TEXT[seat.attended], "seen": AS_TEXT[seat.attended]},
            ),
        )
        for seat in seats
    ]


def school_choices(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The schools whose teachers stand in line, by title."""
    titles = {line.job.institution_id: str(line.job.institution) for line in lines}
    return [(str(key), title) for key, title in sorted(titles.items(), key=lambda item: sort_key(item[1]))]
