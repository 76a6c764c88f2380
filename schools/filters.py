"""Filters of the lists of people."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cpd.text import kyrgyz_order
from schools.models import Employment, Institution, MethodicalAssociation, Person


class StaffFilter(django_filters.FilterSet):
    """The people of an institution, narrowed by name, which may be an earlier one, and by association."""

    name = django_filters.CharFilter(label=_("Name, also an earlier one"), method="by_name")
    association = django_filters.ModelChoiceFilter(
        label=_("Methodical association"), queryset=MethodicalAssociation.objects.none(), empty_label=_("all")
    )

    class Meta:
        model = Employment
        fields = ["name", "association"]

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = MethodicalAssociation.objects.filter(institution=institution)
        self.filters["association"].queryset = own.order_by(kyrgyz_order("title_ky"))

    def by_name(self, jobs: QuerySet[Employment], _name: str, words: str) -> QuerySet[Employment]:
        return jobs.filter(person__in=Person.objects.named_like(words))
