"""What people type about offered courses."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import F
from django.forms.models import fields_for_model, model_to_dict
from django.utils.translation import gettext_lazy as _

from courses.forms import HOURS, HoursField
from courses.models import Offering, Programme, Provider
from courses.models.offerings import OfferingQuerySet
from courses.offerings.attendance import STAYS, rewritten
from courses.reading import FIRST_YEAR, LAST_YEAR
from courses.register_forms import DAY
from courses.registers import Place
from cpd.dates import school_year, school_year_label, school_year_of, today
from cpd.text import fold
from schools.choices import TeachingLanguage
from schools.models import District, Subject

YEARS = {"first": FIRST_YEAR, "last": LAST_YEAR}
MOST_PLACES = 9_999  # of one course; more is a slip of the pen
SAME = _("This course is already in the plan-schedule.")


class CourseForm(forms.Form):
    """What a course says by itself, whoever gives it: a row of an imported plan-schedule is judged by it too.

    No model form: one would ask the database about the constraints of each of a thousand rows. The fields say the same
    in words that stand beside them.
    """

    names: tuple[str, ...] = (
        "title",
        "audience",
        "is_for_leaders",
        "language",
        "block",
        "hours",
        "study_form",
        "starts_on",
        "ends_on",
        "venue",
        "places",
    )

    def __init__(self, *args: Any, offering: Offering | None = None, **kwargs: Any) -> None:
        self.offering = offering
        initial = model_to_dict(offering, self.names) if offering else {}
        super().__init__(*args, **{"initial": initial} | kwargs)
        widgets: dict[str, Any] = {"starts_on": DAY, "ends_on": DAY, "hours": HOURS}
        self.fields.update(
            fields_for_model(Offering, self.names, widgets=widgets, field_classes={"hours": HoursField})
        )
        self.order_fields(self.names)
        fields: dict[str, Any] = self.fields
        for field in fields.values():
            field.widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word

    def clean_starts_on(self) -> dt.date:
        return self._known_year("starts_on")

    def clean_ends_on(self) -> dt.date:
        ends_on, starts_on = self._known_year("ends_on"), self.cleaned_data.get("starts_on")
        if starts_on and ends_on < starts_on:
            raise forms.ValidationError(_("The end date must not be earlier than the start date."))
        return ends_on

    def clean_places(self) -> int:
        places: int = self.cleaned_data["places"]
        if places < 1:
            raise forms.ValidationError(_("A course has at least one place."))
        if places > MOST_PLACES:
            raise forms.ValidationError(_("The number of places is too large."))
        given = self.offering.given if self.offering else 0
        if places < given:
            raise forms.ValidationError(_("Places given already: %(count)s."), params={"count": given})
        return places

    def _known_year(self, name: str) -> dt.date:
        day: dt.date = self.cleaned_data[name]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("Give a year from %(first)s to %(last)s."), params=YEARS)
        return day

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


class OfferingForm(CourseForm):
    """One offered course of a district. The same course twice is refused."""

    names = ("provider", "title", "programme", "subject", *CourseForm.names[1:])

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district = district
        fields: dict[str, Any] = self.fields
        here = Place(district=district)
        fields["provider"].queryset = here.knows(Provider.objects.all())
        fields["programme"].queryset = here.knows(Programme.objects.all())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and self._stands_already(cleaned):
            self.add_error("title", SAME)
        for name in rewritten(self.offering, cleaned) if self.offering else ():
            self.add_error(name, STAYS)
        return cleaned

    def _stands_already(self, cleaned: dict[str, Any]) -> bool:
        same = {name: cleaned[name] for name in ("provider", "starts_on", "language")}
        others = self.district.offerings.live().filter(title_key=title_key(cleaned["title"]), **same)
        return bool((others.exclude(pk=self.offering.pk) if self.offering else others).exists())


class CancelForm(forms.Form):
    """Why an offered course does not take place."""

    reason = forms.CharField(
        label=_("Reason for the cancellation"),
        max_length=Offering._meta.get_field("cancel_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PlanFilterForm(forms.Form):
    """What a district's offered courses are narrowed by. Without a year it is the last one that has any."""

    year = forms.TypedChoiceField(label=_("School year"), coerce=int, empty_value=None, required=False)
    provider: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Provider"), empty_label=_("all"), required=False
    )
    subject: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Subject"), empty_label=_("all"), required=False
    )
    language = forms.ChoiceField(
        label=_("language of the course"), choices=[("", _("all")), *TeachingLanguage.choices], required=False
    )
    left = forms.BooleanField(label=_("With places left"), required=False)

    def __init__(self, *args: Any, offerings: OfferingQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offerings = offerings
        fields: dict[str, Any] = self.fields
        days = offerings.order_by().values_list("starts_on", flat=True).distinct()
        now = school_year_of(today())
        years = sorted({now, now + 1, *map(school_year_of, days)}, reverse=True)
        self.default = max(map(school_year_of, days), default=now)
        fields["year"].choices = [(year, school_year_label(year)) for year in years]
        fields["provider"].queryset = Provider.objects.filter(pk__in=offerings.order_by().values("provider"))
        fields["subject"].queryset = Subject.objects.filter(pk__in=offerings.order_by().values("subject"))

    @property
    def year_shown(self) -> int:
        return self._chosen("year") or self.default

    def narrowed(self) -> OfferingQuerySet:
        """Those that start in the year and pass the filter; all of the year where it cannot be read."""
        year = school_year(self.year_shown)
        found = self.offerings.filter(starts_on__gte=year.starts_on, starts_on__lte=year.ends_on)
        for name in ("provider", "subject", "language"):
            if chosen := self._chosen(name):
                found = found.filter(**{name: chosen})
        return found.live().filter(given__lt=F("places")) if self._chosen("left") else found

    def in_words(self) -> list[tuple[str, str]]:
        """What was chosen beside the year, for papers."""
        words = [(name, self._chosen(name)) for name in ("provider", "subject")]
        told = [(str(self.fields[name].label), str(chosen)) for name, chosen in words if chosen]
        if language := self._chosen("language"):
            told.append((str(self.fields["language"].label), str(TeachingLanguage(language).label)))
        if self._chosen("left"):
            told.append((str(self.fields["left"].label), str(_("Yes"))))
        return told

    def _chosen(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


def title_key(title: str) -> str:
    """A title as offered courses keep it for comparison."""
    return fold(title)[: Offering._meta.get_field("title_key").max_length]
