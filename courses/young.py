"""Who is a young specialist: by the first years of teaching, or because the school says so of the employment.

The regulation (4.4) gives no number of years; the rule in force does, see ``InductionNorm.young_years``.
"""

import datetime as dt
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from courses.choices import NormStatus
from courses.models import InductionNorm
from cpd.dates import last_years
from schools.mentoring import unguided
from schools.models import Employment, Institution

DAY = dt.timedelta(days=1)


def young_in(institution: Institution, on: dt.date) -> QuerySet[Employment]:
    """The young specialists of an institution on a day, each with ``taught_from``: two queries for any number."""
    return young_among(Employment.objects.filter(institution=institution), on)


def young_among(jobs: Any, on: dt.date) -> QuerySet[Employment]:
    """Of these employments the teaching ones of young specialists on a day.

    The years are counted from the day on which the person began to teach, wherever that was: the one that is known
    of them, else the first day of their first teaching employment. One query for the rules, wherever the jobs are.
    """
    first = Employment.objects.teaching().filter(person=OuterRef("person")).order_by("starts_on").values("starts_on")
    began = Coalesce("person__teaching_since", Subquery(first[:1]), output_field=DateField())
    posts: QuerySet[Employment] = jobs.on(on).teaching().annotate(taught_from=began, young_from=_young_from(on))
    by_years = Q(is_young_specialist=None, taught_from__gte=F("young_from"))
    return posts.filter(by_years | Q(is_young_specialist=True))


def without_mentor(jobs: QuerySet[Employment], on: dt.date) -> QuerySet[Employment]:
    """Of these employments those of young specialists whom nobody guides."""
    return unguided(young_among(jobs, on), on)


def _young_from(on: dt.date) -> Case:
    """Who began to teach on this day or later is young, by the rule that holds for the institution of the job."""
    rules = InductionNorm.objects.filter(status=NormStatus.IN_FORCE, valid_from__lte=on).exclude(valid_to__lt=on)
    cases = [
        When(
            Q(institution=rule.institution_id) if rule.institution_id else Q(institution__kind=rule.institution_kind),
            then=Value(last_years(on + DAY, rule.young_years).starts_on),
        )
        for rule in rules.order_by(F("institution").asc(nulls_last=True), "-valid_from")
    ]
    return Case(*cases, default=Value(None), output_field=DateField())
