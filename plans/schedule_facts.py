"""What individual plans tell the course schedules, which do not know of plans."""

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from courses.schedules.drafting import Planned
from cpd.dates import school_year
from plans.models import Fulfilment
from schools.choices import DocumentKind
from schools.models import Document, Employment


def planned_courses(jobs: QuerySet[Employment], year: int) -> list[Planned]:
    """Items of the plans in force in a school year that no record fulfils: of that year, and of earlier ones.

    Two queries. The same person's plan at another institution is left to that institution.
    """
    period = school_year(year)
    plans = Document.objects.filter(
        kind=DocumentKind.INDIVIDUAL_PLAN,
        in_force__isnull=False,
        author__in=jobs.order_by().values("person"),
        institution__in=jobs.order_by().values("institution"),
        starts_on__lte=period.ends_on,
        ends_on__gte=period.starts_on,
    )
    rows = list(plans.order_by("starts_on", "pk").values_list("pk", "author", "institution", "in_force__content"))
    done = _fulfilled([plan for plan, *_rest in rows])
    return [
        _planned(person, institution, item)
        for plan, person, institution, content in rows
        for item in content["rows"]
        if item["school_year"] and item["school_year"] <= year and (plan, item["uid"]) not in done
    ]


def _fulfilled(plans: Iterable[int]) -> set[tuple[int, str]]:
    """Items by the plan's key and their uid."""
    links = Fulfilment.objects.filter(plan__in=plans).values_list("plan", "uid")
    return {(plan, str(uid)) for plan, uid in links}


def _planned(person: int, institution: int, item: Mapping[str, Any]) -> Planned:
    return Planned(
        person=person,
        institution=institution,
        uid=uuid.UUID(item["uid"]),
        title=item["programme_title"],
        block=item["block"],
        study_form=item["study_form"],
        hours=Decimal(item["hours"]) if item["hours"] else None,
        provider_text=item["provider_text"],
        year=item["school_year"],
        month=item["month"],
    )
