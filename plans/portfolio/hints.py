"""Under which unit a record may belong, by what is known already: as parts of the one query that reads the records.

Each gives the code of a unit, of whatever version of the standard it was said by.
"""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingRecord
from plans.models import AssessmentAnswer, LearningNeed, OfferingTopic, PlanItem


class Hint(TextChoices):
    """Where a proposed unit was taken from, the surest first."""

    PLAN = "by_plan", _("your plan names a need of this unit for this course")
    EVIDENCE = "by_evidence", _("your self-assessment names it as evidence")
    NEED = "by_need", _("it answers a need of yours")


def with_hints(records: QuerySet[TrainingRecord]) -> QuerySet[TrainingRecord]:
    """The records, with one more column for each :class:`Hint`."""
    return records.annotate(**{Hint.PLAN: _by_plan(), Hint.EVIDENCE: _by_evidence(), Hint.NEED: _by_need()})


def _by_plan() -> Subquery:
    """The item it fulfils was made of a need, which a competence was named for."""
    items = PlanItem.objects.filter(
        plan__fulfilments__record=OuterRef("pk"),
        plan__fulfilments__uid=F("uid"),
        need__competence__isnull=False,
    )
    return Subquery(items.values("need__competence__unit__code")[:1])


def _by_evidence() -> Subquery:
    answers = AssessmentAnswer.objects.filter(evidence=OuterRef("pk"), assessment__person=OuterRef("person"))
    newest = answers.order_by("-assessment__school_year", "competence__unit__position")
    return Subquery(newest.values("competence__unit__code")[:1])


def _by_need() -> Subquery:
    """A need of the same words; or the district said that the course attended answers it."""
    topics = OfferingTopic.objects.filter(offering__seats__record=OuterRef(OuterRef("pk")))
    needs = LearningNeed.objects.live().filter(
        Q(title_key=OuterRef("title_key")) | Q(title_key__in=topics.values("title_key")),
        employment__person=OuterRef("person"),
        competence__isnull=False,
    )
    return Subquery(needs.order_by("-school_year", "pk").values("competence__unit__code")[:1])
