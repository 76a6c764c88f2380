"""What people type about roles, about handing work over, and about two records of one person."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpd.dates import today
from cpd.forms import FIRST_YEAR, LAST_YEAR
from schools.choices import UNIT_ROLES, Role, Work
from schools.delegations import longest_until, people_to_take
from schools.kinds import WAYS
from schools.models import Institution, Merge, MethodicalAssociation, User
from schools.roles import staff_of, units_for

LONGEST_REASON = Merge._meta.get_field("reason").max_length or 0


class ComingDayField(forms.DateField):
    """A day from today on, as the phone's own calendar offers it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> Any:
        day: dt.date | None = super().clean(value)
        if day is None:
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            told = _("Give a year from %(first)s to %(last)s.")
            raise ValidationError(told, params={"first": FIRST_YEAR, "last": LAST_YEAR})
        if day < today():
            raise ValidationError(_("The date must not be in the past."))
        return day


class RoleForm(forms.Form):
    """Which role, who, and since when. Offered are the roles the user may give and the people who work there."""

    post = forms.ChoiceField(label=pgettext_lazy("post", "Role"))
    person: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=pgettext_lazy("post", "Who"), empty_label=_("Choose")
    )
    starts_on = ComingDayField(label=_("First day"), initial=today)

    def __init__(self, *args: Any, institution: Institution, roles: tuple[Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        self.units: dict[int, MethodicalAssociation] = {}
        fields: dict[str, Any] = self.fields
        fields["post"].choices = [("", _("Choose"))]
        fields["post"].choices += [(role.value, role.label) for role in roles if role not in UNIT_ROLES]
        for role in roles:
            if role in UNIT_ROLES:
                units = {one.pk: one for one in units_for(role, institution)}
                fields["post"].choices += [(f"{role}:{key}", f"{role.label}: {one}") for key, one in units.items()]
                self.units |= units
        fields["person"].queryset = staff_of(institution)

    def role(self) -> Role:
        return Role(self.cleaned_data["post"].split(":")[0])

    def place(self) -> Institution | MethodicalAssociation:
        _role, _colon, unit = self.cleaned_data["post"].partition(":")
        return self.units[int(unit)] if unit else self.institution


class RoleEndForm(forms.Form):
    """The last day of a role, or at once. That nobody will lead the school has to be ticked, where it is so."""

    last_day = ComingDayField(label=_("Last day"), initial=today, required=False)
    at_once = forms.BooleanField(
        label=_("At once"), required=False, help_text=_("The role opens nothing from this moment on.")
    )
    leaves_nobody = forms.BooleanField(
        label=_("Nobody shall lead this institution for the time being"), required=False
    )

    def __init__(self, *args: Any, asks_for_nobody: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_nobody:
            del self.fields["leaves_nobody"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("at_once") and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Give the last day."))
        return cleaned

    def day(self) -> dt.date | None:
        return None if self.cleaned_data["at_once"] else self.cleaned_data["last_day"]


class DelegationForm(forms.Form):
    """To whom, which parts of the work there are at the institution, and from when until when."""

    taker: forms.ModelChoiceField = forms.ModelChoiceField(None, label=_("To whom"), empty_label=_("Choose"))
    works = forms.MultipleChoiceField(label=_("Work handed over"), widget=forms.CheckboxSelectMultiple)
    starts_on = ComingDayField(label=_("First day"), initial=today)
    ends_on = ComingDayField(label=_("Last day"))

    def __init__(self, *args: Any, institution: Institution, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["taker"].queryset = people_to_take(institution, besides=by.person_id)
        works = WAYS[institution.kind].works
        fields["works"].choices = [(work.value, work.label) for work in Work if work in works]

    def clean_works(self) -> list[Work]:
        return [Work(work) for work in self.cleaned_data["works"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end date must not be earlier than the start date."))
        if starts_on and ends_on and ends_on > longest_until(starts_on):
            self.add_error("ends_on", _("Work is handed over for a year at most. It can be handed over again then."))
        return cleaned


class MergeForm(forms.Form):
    """Why two records are merged; where the names differ, that they are one person all the same."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
    is_one = forms.BooleanField(label=_("The names differ, and yet it is one person: I have seen the papers."))

    def __init__(self, *args: Any, names_differ: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        if not names_differ:
            del self.fields["is_one"]
