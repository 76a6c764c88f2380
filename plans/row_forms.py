"""What the rows of all plans have in common as forms."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cpd.dates import month_name, months_of_school_year

Choices = list[tuple[Any, Any]]


def month_choices() -> Choices:
    return [("", _("month"))] + [(month, month_name(month)) for month in months_of_school_year()]


def drop_change_note_from_first(form: forms.ModelForm) -> None:
    if form.instance.in_force_id is None:
        del form.fields["change_note"]


def let_the_server_say_what_is_too_long(form: forms.BaseForm) -> None:
    """A browser would cut a pasted text at its «maxlength» without a word."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class RowForm(forms.ModelForm):
    """One row as it is typed. ``uid`` says which row it is, however often and in whatever order it is sent."""

    ALWAYS_CHOSEN: tuple[str, ...] = ()  # fields that hold a choice from the start, so they say nothing was typed

    uid = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000)
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        let_the_server_say_what_is_too_long(self)
        if "month" in fields:
            fields["month"].choices = month_choices()
        if not self.is_bound and not self.initial.get("uid"):
            self.initial["uid"] = uuid.uuid4()

    def validate_constraints(self) -> None:
        """The fields above say the same; asking the database would cost a query per row and constraint."""

    @classmethod
    def columns(cls) -> list[str]:
        """The row's own columns, in the order of the screen."""
        return list(cls._meta.fields or ())

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """What stands in the fields of a row that was saved."""
        initial = {name: getattr(row, name) for name in ["uid", *cls.columns()]}
        if initial.get("hours"):
            initial["hours"] = initial["hours"].normalize() + 0  # «72», not «72,0» nor «7,2E+1»
        return initial

    @property
    def is_blank(self) -> bool:
        """Nothing was typed: such a row is neither saved nor complained about."""
        return not any(self.cleaned_data.get(name) for name in self.columns() if name not in self.ALWAYS_CHOSEN)

    def row(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ["uid", *self.columns()]}


class RowFormSet(forms.BaseFormSet):
    """All rows of a plan; the order on the screen is the order kept."""

    def kept(self) -> list[dict[str, Any]]:
        """The rows to save, in order: neither removed nor empty."""
        forms_left = [form for form in self.forms if not form.cleaned_data.get("DELETE") and not form.is_blank]
        in_order = sorted(forms_left, key=lambda form: form.cleaned_data.get("place") or 0)
        return [form.row() for form in in_order]
