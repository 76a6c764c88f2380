"""What a verifier types: a reason, hours read off the document, why two courses on the same days are right."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.choices import HoursUnit
from courses.forms import REFUSED
from courses.reading import Unreadable, read_hours

A_FEW_LINES = {"rows": 2}
NOT_HOURS = _("Enter the number of hours as a number, for example 24.")
NO_REASON = {"required": _("Give the reason.")}


class ReasonForm(forms.Form):
    """Why a record is given back, rejected, or a decision on it reversed. Its owner reads it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=A_FEW_LINES), error_messages=NO_REASON
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word


class HoursForm(forms.Form):
    """Hours where the document counts in another unit, or nobody could read what it says."""

    hours = forms.CharField(label=_("Number of hours"), widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    reason = forms.CharField(
        label=_("Where these hours are from"),
        max_length=300,
        widget=forms.Textarea(attrs=A_FEW_LINES),
        error_messages={"required": _("Say where these hours are from.")},
    )

    def clean_hours(self) -> Decimal:
        """Hours as people write them: «32», «72,5», «32 саат» (rules §4)."""
        try:
            read = read_hours(self.cleaned_data["hours"])
        except Unreadable as unreadable:
            raise forms.ValidationError(str(REFUSED.get(unreadable.code, NOT_HOURS))) from None
        if read is None or read.amount is None or read.unit != HoursUnit.HOUR:
            raise forms.ValidationError(NOT_HOURS)
        return read.amount


class RecognitionForm(forms.Form):
    """The decision that recognises a short course, as it is named on paper (004 III 2.4)."""

    decision = forms.CharField(
        label=_("Number and date of the decision"),
        max_length=200,
        help_text=_("With this decision a short course is enough, whatever its hours."),
        error_messages={"required": _("Give the number and the date of the decision.")},
    )


class PairForm(forms.Form):
    """Two courses on the same days, both of which took place."""

    reason = forms.CharField(
        label=_("Why both courses are right"),
        max_length=300,
        widget=forms.Textarea(attrs=A_FEW_LINES),
        error_messages=NO_REASON,
    )
    other_seen = forms.IntegerField(widget=forms.HiddenInput)


def with_ids_of_its_own(form: type[forms.Form], name: str, data: Any = None, **initial: Any) -> forms.Form:
    """Several forms with the same fields stand on one page; each label must find its own field."""
    return form(data, auto_id=f"{name}-%s", initial=initial)
