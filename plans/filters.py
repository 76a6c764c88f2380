"""Filters of the plan lists."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schools.choices import PLANS, State
from schools.models import Document, MethodicalAssociation, Person, User


class PlanFilter(django_filters.FilterSet):
    """The papers a person may see, narrowed by name, kind, status and association."""

    name = django_filters.CharFilter(label=_("Name of the teacher"), method="by_name")
    kind = django_filters.ChoiceFilter(
        label=_("Kind of paper"), choices=[(kind.value, kind.label) for kind in PLANS], empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(label=_("Status"), choices=State, empty_label=_("all"))
    association = django_filters.ModelChoiceFilter(
        label=_("Methodical association"), queryset=MethodicalAssociation.objects.none(), empty_label=_("all")
    )
    mine = django_filters.BooleanFilter(
        label=_("Only what waits for me"), method="awaiting_me", widget=forms.CheckboxInput
    )

    class Meta:
        model = Document
        fields = ["name", "kind", "state", "association", "mine"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # Whoever reads papers of other kinds of institution, too, finds all kinds of paper.
        kinds = PLANS if user.scope.districts or user.scope.is_country_wide else user.scope.uses
        self.filters["kind"].extra["choices"] = [(kind.value, kind.label) for kind in PLANS if kind in kinds]
        if not (user.scope.workplaces or user.scope.served or user.scope.associations or user.scope.faculties):
            del self.filters["state"]  # from outside the school every paper is simply in force
        self.filters["association"].queryset = MethodicalAssociation.objects.read_by(user)

    def by_name(self, documents: QuerySet[Document], _name: str, words: str) -> QuerySet[Document]:
        return documents.filter(author__in=Person.objects.named_like(words))

    def awaiting_me(self, documents: QuerySet[Document], _name: str, wanted: bool) -> QuerySet[Document]:
        return documents.filter(pk__in=Document.objects.awaiting(self.user)) if wanted else documents
