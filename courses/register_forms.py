"""What people type about the registers of providers and programmes."""

import datetime as dt
import functools
import operator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.choices import ProviderKind, RightBasis, StudyForm
from courses.forms import HOURS, HoursField
from courses.models import Programme, Provider, ProviderAlias, ProviderRight
from courses.registers import PROGRAMMES, PROVIDERS, Place, Register, key_of
from cpd.dates import today
from schools.models import User

DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")
LONGEST_TEXT = ProviderAlias._meta.get_field("text").max_length or 0


class SearchForm(forms.Form):
    """What a register is narrowed by."""

    q = forms.CharField(label=_("Title or other name"), max_length=200, required=False)

    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


class ProviderSearchForm(SearchForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *ProviderKind.choices], required=False)


class TypedTextForm(forms.Form):
    """A text as people typed it, and the entry that a button names for it; no entry where a new one is to be made."""

    text = forms.CharField(required=False)
    target: forms.ModelChoiceField = forms.ModelChoiceField(None, required=False)

    def __init__(self, *args: Any, register: Register, place: Place, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["target"].queryset = place.knows(register.entries.objects.visible_to(by))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not 0 < len(text) <= LONGEST_TEXT:
            raise forms.ValidationError(_("Write a text of at most %(count)s signs."), params={"count": LONGEST_TEXT})
        return text


class PlaceForm(forms.Form):
    """Where the entry holds; not asked where there is only one place."""

    place = forms.ChoiceField(label=_("Holds in"))

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.key: place for place in places}
        fields: dict[str, Any] = self.fields
        fields["place"].choices = [(key, str(place)) for key, place in self.places.items()]
        if len(places) == 1:
            del fields["place"]

    def chosen_place(self) -> Place:
        [*keys] = self.places
        return self.places[self.cleaned_data.get("place") or keys[0]]


class EntryForm(PlaceForm, forms.ModelForm):
    """An entry as its register keeps it. Two entries of one title in one place are refused."""

    register: Register

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, places=places, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "place" not in self.errors:
            for name in ("title_ky", "title_ru"):
                if self._is_taken(cleaned.get(name) or ""):
                    self.add_error(name, _("This is already in the register."))
        return cleaned

    def _is_taken(self, title: str) -> bool:
        key, here = key_of(title), self.chosen_place()
        others = here.knows(self.register.aliases.objects.live().filter(key=key)).exclude(target=self.instance.pk)
        return bool(key) and others.exists()

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class ProviderForm(EntryForm):
    register = PROVIDERS

    class Meta:
        model = Provider
        fields = ["title_ky", "title_ru", "kind"]


class ProgrammeForm(EntryForm):
    register = PROGRAMMES
    study_forms = forms.MultipleChoiceField(
        label=_("Study forms"), choices=StudyForm, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Programme
        fields = [
            "title_ky",
            "title_ru",
            "provider",
            "block",
            "hours",
            "study_forms",
            "audience",
            "subject",
            "expert_body",
            "expert_number",
            "expert_on",
        ]
        widgets = {"expert_on": DAY, "hours": HOURS}
        field_classes = {"hours": HoursField}

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, places=places, **kwargs)
        fields: dict[str, Any] = self.fields
        known = [place.knows(Provider.objects.all()) for place in places]
        fields["provider"].queryset = functools.reduce(operator.or_, known, Provider.objects.none())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        provider = cleaned.get("provider")
        if provider and not self.errors and not self._knows(provider):
            self.add_error("provider", _("This organisation is not in the register there."))
        return cleaned

    def _knows(self, provider: Provider) -> bool:
        return bool(self.chosen_place().knows(Provider.objects.filter(pk=provider.pk)).exists())

    def clean_expert_on(self) -> dt.date | None:
        day = self.cleaned_data["expert_on"]
        if day and day > today():
            raise forms.ValidationError(_("The date must not be in the future."))
        return day


class RightDaysForm(forms.ModelForm):
    """What is wrong with a right is told beside its field."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ends_on, starts_on = cleaned.get("ends_on"), cleaned.get("starts_on", self.instance.starts_on)
        if ends_on and starts_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end date must not be earlier than the start date."))
        if cleaned.get("basis") == RightBasis.LICENCE and not cleaned.get("number", "-"):
            self.add_error("number", _("Give the number of the licence."))
        return cleaned


class RightForm(PlaceForm, RightDaysForm):
    """By what right a provider teaches, and since when."""

    class Meta:
        model = ProviderRight
        fields = ["basis", "number", "starts_on", "ends_on"]
        widgets = {"starts_on": DAY, "ends_on": DAY}

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class RightEndForm(RightDaysForm):
    """The last day of a right; empty where it holds until further notice."""

    class Meta:
        model = ProviderRight
        fields = ["ends_on"]
        widgets = {"ends_on": DAY}
