"""The rows of an import, narrowed; and the place that an empty workbook is for."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from courses.choices import ImportTable, Verdict
from courses.models import ImportRow
from schools.models import District, Institution, User


class RowFilter(django_filters.FilterSet):
    table = django_filters.ChoiceFilter(label=_("Table"), choices=ImportTable, empty_label=_("all"))
    verdict = django_filters.ChoiceFilter(label=_("What becomes of it"), choices=Verdict, empty_label=_("all"))

    class Meta:
        model = ImportRow
        fields = ["table", "verdict"]


class TemplateForm(forms.Form):
    """``?school=ID`` or ``?district=ID``, one that the user can see."""

    school = forms.ModelChoiceField(Institution.objects.none(), required=False)
    district = forms.ModelChoiceField(District.objects.none(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = Institution.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["district"].queryset = District.objects.visible_to(user)  # type: ignore[attr-defined]

    @property
    def place(self) -> Institution | District | None:
        return self.cleaned_data["school"] or self.cleaned_data["district"]
