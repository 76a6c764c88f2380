"""The people of an institution as they stand on a day: working, on long leave, left, or coming."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.utils.translation import pgettext_lazy

from cpd.text import kyrgyz_order
from schools.models import Employment, Institution, Leave, User

BY_NAME = [kyrgyz_order(f"person__{name}") for name in ("family_name", "given_name", "fathers_name")]


class Group(TextChoices):
    WORKING = "working", pgettext_lazy("staff", "Working")
    ON_LEAVE = "leave", pgettext_lazy("staff", "On long leave")
    COMING = "coming", pgettext_lazy("staff", "Coming")
    LEFT = "left", pgettext_lazy("staff", "Left")


def staff_on(day: dt.date, institution: Institution, user: User) -> QuerySet[Any]:
    """Every employment there with its ``group`` on the day and ``away_until``, by name.

    Who left and came back stands in the list once, with the last employment.
    """
    leaves = Leave.objects.on(day).filter(employment=OuterRef("pk"))
    again = Employment.objects.filter(
        person=OuterRef("person"), institution=institution, starts_on__gt=OuterRef("starts_on")
    )
    jobs = Employment.objects.visible_to(user).filter(
        institution=institution, person__merged_into=None, person__erased_at=None
    )
    return (
        jobs.annotate(
            group=Case(
                When(starts_on__gt=day, then=Value(Group.COMING)),
                When(ends_on__lt=day, then=Value(Group.LEFT)),
                When(Exists(leaves), then=Value(Group.ON_LEAVE)),
                default=Value(Group.WORKING),
                output_field=CharField(),
            ),
            away_until=Subquery(leaves.values("ends_on")[:1]),
        )
        .exclude(Q(group=Group.LEFT) & Exists(again))
        .select_related("person", "association")
        .order_by(*BY_NAME, "pk")
    )


def counts(staff: QuerySet[Any]) -> Mapping[Group, int]:
    """How many stand in each group: one query."""
    found = staff.order_by().aggregate(**{group.value: Count("pk", filter=Q(group=group)) for group in Group})
    return {group: found[group.value] for group in Group}
