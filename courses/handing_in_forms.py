"""What the register of handed-in documents is narrowed by, and the day that is entered there."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.forms import DayField
from courses.staff_filters import ALL, Sifting
from cpd.dates import school_year, school_year_label, today
from cpd.text import sort_key
from schools.models import MethodicalAssociation, Person

MISSING, THERE = "missing", "there"


class RegisterForm(Sifting):
    """Chosen in the address. A faculty stands for all of its departments."""

    name = forms.CharField(label=_("Name of the teacher"), required=False)
    department = forms.ChoiceField(label=_("Methodical association"), required=False)
    school_year = forms.ChoiceField(label=_("School year"), required=False)
    handed = forms.ChoiceField(
        label=_("Document"),
        required=False,
        choices=[ALL, (MISSING, _("not handed in yet")), (THERE, _("handed in"))],
    )

    def __init__(
        self,
        *args: Any,
        departments: Iterable[MethodicalAssociation],
        school_years: Collection[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        by_title = sorted(departments, key=lambda one: sort_key(str(one)))
        fields["department"].choices = [ALL, *((str(one.pk), str(one)) for one in by_title)]
        years = sorted(school_years, reverse=True)
        fields["school_year"].choices = [ALL, *((str(year), school_year_label(year)) for year in years)]

    def narrowed(self, records: Any) -> Any:
        """``records`` know their ``department``; a course belongs to the school year in which it ended."""
        name, department, year, handed = (self.value(one) for one in ("name", "department", "school_year", "handed"))
        if name:
            records = records.filter(person__in=Person.objects.named_like(name))
        if department:
            units = MethodicalAssociation.objects.filter(Q(pk=department) | Q(part_of=department))
            records = records.filter(department__in=units.values("pk"))
        if year:
            days = school_year(int(year))
            records = records.filter(ends_on__range=(days.starts_on, days.ends_on))
        if handed:
            records = records.filter(handed_in_on__isnull=handed == MISSING)
        return records


class HandedInForm(forms.Form):
    """The day on which the ticked papers were handed in."""

    day = DayField(label=_("Handed in on"), error_messages={"required": _("Enter the day.")})

    @classmethod
    def shown(cls, typed: str | None) -> "HandedInForm":
        """With what was typed before, or today."""
        return cls(initial={"day": typed or today()})

    @property
    def chosen(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        return day
