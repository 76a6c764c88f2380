"""Filters of lists of records."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingRecord
from cpd.dates import today
from schools.models import Employment, MethodicalAssociation, Person, User


class QueueFilter(django_filters.FilterSet):
    """What waits for verification, narrowed by name, association, and whether anything has to be looked at.

    Flags are judged outside the database: ``with_flags`` is what was asked for, and the view acts on it.
    """

    name = django_filters.CharFilter(label=_("Name of the teacher"), method="by_name")
    association = django_filters.ModelChoiceFilter(
        label=_("Methodical association"),
        queryset=MethodicalAssociation.objects.none(),
        empty_label=_("all"),
        method="by_association",
    )
    flags = django_filters.ChoiceFilter(
        label=_("To look at"),
        choices=[("none", _("nothing to look at")), ("some", _("something to look at"))],
        empty_label=_("all"),
        method="by_flags",
    )

    class Meta:
        model = TrainingRecord
        fields = ["name", "association", "flags"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_flags: bool | None = None
        self.filters["association"].queryset = MethodicalAssociation.objects.filter(institution__in=user.scope.served)

    def by_name(self, records: QuerySet[TrainingRecord], _name: str, words: str) -> QuerySet[TrainingRecord]:
        return records.filter(person__in=Person.objects.named_like(words))

    def by_association(
        self, records: QuerySet[TrainingRecord], _name: str, association: MethodicalAssociation
    ) -> QuerySet[TrainingRecord]:
        members = Employment.objects.on(today()).filter(association=association)
        return records.filter(person__in=members.values("person"))

    def by_flags(self, records: QuerySet[TrainingRecord], _name: str, wanted: str) -> QuerySet[TrainingRecord]:
        self.with_flags = wanted == "some"
        return records
