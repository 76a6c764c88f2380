"""The form of a portfolio: of each entry its unit and whether it goes in, all in one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import StandardUnit
from plans.portfolio.actions import Choice
from plans.portfolio.facts import Entry
from plans.standard.codes import paper_code


class EntryForm(forms.Form):
    """What is said of one entry. Its fields' names begin with the entry's key."""

    is_in = forms.BooleanField(
        label=_("Goes in"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    unit = forms.ChoiceField(
        label=_("Unit of the standard"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, data: Any = None, *, entry: Entry, units: Iterable[StandardUnit]) -> None:
        initial = {"is_in": entry.is_in, "unit": entry.unit.code if entry.unit else ""}
        super().__init__(data, initial=initial, prefix=entry.key, auto_id="%s")
        self.entry = entry
        self.units = {unit.code: unit for unit in units}
        fields: dict[str, Any] = self.fields
        titles = [(unit.code, f"{paper_code(unit.code)}. {unit}") for unit in self.units.values()]
        fields["unit"].choices = [("", _("without a unit")), *titles]
        fields["unit"].error_messages["invalid_choice"] = _("The standard in force has no such unit. Choose again.")

    @property
    def was_sent(self) -> bool:
        """Whether the page it came from showed this entry: a box left empty is not sent, a list always is."""
        return self.add_prefix("unit") in self.data

    @property
    def choice(self) -> Choice:
        return Choice(self.entry, self.units.get(self.cleaned_data["unit"]), self.cleaned_data["is_in"])
