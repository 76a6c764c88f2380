"""How far a teacher has come with the sheet of a school year, told in a query that is asked anyway."""

from django.db.models import Count, Exists, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from cpd.prepared import Given
from plans.models import AssessmentAnswer, Competence, SelfAssessment


def begun_by(person: str, school_year: int | Given) -> Subquery:
    """For rows with a column ``person``: the sheet's ``pk``, the numbers ``answered`` and ``asked``, and the code of
    the ``next`` open question. None where the sheet of that year was not begun.
    """
    given = AssessmentAnswer.objects.exclude(level=None, has_need=None).order_by()
    asked = Competence.objects.filter(unit__standard=OuterRef("standard"))
    is_given = Exists(given.filter(assessment=OuterRef(OuterRef("pk")), competence=OuterRef("pk")))
    sheet = SelfAssessment.objects.filter(person=OuterRef(person), school_year=school_year)
    told = JSONObject(
        pk="pk",
        answered=_count(given.filter(assessment=OuterRef("pk")), "assessment"),
        asked=_count(asked, "unit__standard"),
        next=Subquery(asked.exclude(is_given).order_by("unit__position", "position").values("code")[:1]),
    )
    return Subquery(sheet.values(told=told)[:1], output_field=JSONField())


def _count(rows: QuerySet[AssessmentAnswer] | QuerySet[Competence], by: str) -> Coalesce:
    """Of rows that have the same ``by``, which stands for what they belong to."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(found=Count("pk")).values("found")), 0)
