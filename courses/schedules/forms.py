"""What people type into schedules."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.forms import Comparable, HoursField
from courses.models import Offering, Programme, Provider, Schedule, ScheduleEntry
from courses.schedules.content import Row
from courses.schedules.term_typed import wrong_term
from cpd.dates import month_name, months_of_school_year, span
from cpd.text import fold
from schools.models import Employment, User

SUGGESTED = 60  # titles sent along with the form: the page must stay light
OF_SCHOOL = ("starts_on", "ends_on", "responsible")  # what the deputy adds (000 §15)
FOLDED = ("study_form", "block", "responsible", "note")
DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")
Choices = list[tuple[Any, Any]]


def month_choices() -> Choices:
    return [("", _("month")), *((month, month_name(month)) for month in months_of_school_year())]


class MonthField(forms.TypedChoiceField):
    """A month of the school year, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, choices=month_choices, **kwargs)


class EntryForm(Comparable, forms.ModelForm):
    """One row of a schedule; a new one names its teacher. The school's has the fixed term too.

    Choosing an offered course writes its title, hours, organisation and days over what is typed: it is that course.
    """

    hours = HoursField(
        label=_("Number of hours"),
        required=False,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    proposed_month = MonthField(label=_("Proposed term"))

    class Meta:
        model = ScheduleEntry
        fields = [
            "employment",
            "offering",
            "title",
            "hours",
            "provider_text",
            "proposed_month",
            *OF_SCHOOL,
            "study_form",
            "block",
            "note",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"list": "titles"}),
            "provider_text": forms.TextInput(attrs={"list": "providers"}),
            "starts_on": DAY,
            "ends_on": DAY,
        }

    def __init__(self, *args: Any, user: User, schedule: Schedule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schedule = schedule
        self.offering_before = self.instance.offering_id
        fields: dict[str, Any] = self.fields
        for field in fields.values():
            field.widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        fields["offering"].queryset = self._offerings(user)
        fields["offering"].empty_label = _("none: as typed below")
        fields["offering"].label_from_instance = offering_label
        fields["offering"].help_text = _("Its title, hours, organisation and days are taken from the plan-schedule.")
        if self.instance.pk:
            del fields["employment"]
        else:
            fields["employment"].queryset = members(user, schedule).select_related("person")
            fields["employment"].label_from_instance = lambda job: job.person.full_name
        if not schedule.is_of_school:
            for name in OF_SCHOOL:
                del fields[name]

    def _offerings(self, user: User) -> QuerySet[Offering]:
        """The district's courses of the school year; the row's own even where it was cancelled since."""
        period = self.schedule.period
        offered = Q(
            district=self.schedule.institution.district_id,
            starts_on__range=(period.starts_on, period.ends_on),
            cancelled_at=None,
        )
        visible = Offering.objects.visible_to(user).select_related("provider")
        return visible.filter(offered | Q(pk=self.offering_before))

    @property
    def has_offerings(self) -> bool:
        return len(self.fields["offering"].choices) > 1  # type: ignore[attr-defined]

    @property
    def has_more(self) -> bool:
        """Whether a text stands in the folded fields, or something is wrong there."""
        return any(self[name].errors or self[name].value() for name in FOLDED if name in self.fields)

    def validate_constraints(self) -> None:
        """The fields say the same in words that stand beside them."""

    def validate_unique(self) -> None:
        """See ``_refuse_twin``."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        offering = cleaned.get("offering")
        if offering and offering.pk != self.offering_before:
            cleaned |= self._of(offering)
        if self.schedule.is_of_school:
            self._check_term(cleaned)
        self._refuse_twin(cleaned)
        return cleaned

    def _of(self, offering: Offering) -> dict[str, Any]:
        columns: dict[str, Any] = {
            "title": offering.title,
            "hours": offering.hours,
            "provider_text": offering.provider.title_ky,
            "block": offering.block,
            "study_form": offering.study_form,
            "proposed_month": offering.starts_on.month,
        }
        if self.schedule.is_of_school:
            columns |= {"starts_on": offering.starts_on, "ends_on": offering.ends_on}
        return columns

    def _check_term(self, cleaned: dict[str, Any]) -> None:
        if {"starts_on", "ends_on"} & self.errors.keys():
            return
        wrong = wrong_term(cleaned.get("starts_on"), cleaned.get("ends_on"), self.schedule.period)
        for name, said in wrong.items():
            self.add_error(name, said)

    def _refuse_twin(self, cleaned: dict[str, Any]) -> None:
        """A teacher has a course once in a schedule, and one row whose course is still to be found."""
        employment = cleaned.get("employment") or (self.instance.employment_id and self.instance.employment)
        if not employment or "title" in self.errors:
            return
        twins = self.schedule.rows.filter(employment=employment, title_key=fold(cleaned.get("title") or ""))
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("title", _("This teacher already has this course in the schedule."))

    def columns(self) -> dict[str, Any]:
        """What is written, the teacher apart."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "employment"}

    def known_titles(self) -> list[str]:
        programmes = Programme.objects.known_in(self.schedule.institution)[:SUGGESTED]
        return list(dict.fromkeys(programme.title_ky for programme in programmes))

    def known_providers(self) -> list[str]:
        providers = Provider.objects.known_in(self.schedule.institution)[:SUGGESTED]
        return list(dict.fromkeys(provider.title_ky for provider in providers))


class MonthsForm(forms.Form):
    """The proposed terms of all rows of a content on one screen; ``typed`` but not saved ones stand in their place."""

    def __init__(self, data: Any = None, *, rows: Iterable[Row], typed: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        for row in rows:
            name = f"month-{row['uid']}"
            month = (typed or {}).get(name, row["proposed_month"])
            self.fields[name] = MonthField(initial=month, label=_("Proposed term"))

    def months(self) -> dict[uuid.UUID, int | None]:
        """The months that were chosen otherwise than they stood, by row."""
        return {uuid.UUID(name.removeprefix("month-")): self.cleaned_data[name] for name in self.changed_data}

    def by_row(self) -> dict[str, forms.BoundField]:
        return {name.removeprefix("month-"): self[name] for name in self.fields}


def members(user: User, schedule: Schedule) -> QuerySet[Employment]:
    """Whom a schedule is for: teachers of today whom the user oversees, of the association or of the whole school."""
    jobs = Employment.objects.overseen_by(user).teaching().filter(institution=schedule.institution)
    return jobs.filter(association=schedule.association) if schedule.association else jobs


def offering_label(offering: Offering) -> str:
    """«Критериалдуу баалоо · РКЖИ · 5–16-октябрь 2026-ж.»"""
    return " · ".join((offering.title, offering.provider.title, span(offering.starts_on, offering.ends_on)))
