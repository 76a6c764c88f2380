"""One tap from a need to the teacher's own five-year plan."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cpd.dates import school_year
from cpd.pdf import LANGUAGE
from plans.forms import MOST_ROWS
from plans.models import IndividualPlan, LearningNeed, PlanItem
from plans.needs.access import is_own
from plans.needs.words import origin_in_words
from schools import approval
from schools.approval import Refused
from schools.models import User


def plan_for(need: LearningNeed) -> IndividualPlan | None:
    """The teacher's plan at that institution which covers the school year of the need."""
    days = school_year(need.school_year)
    plans = IndividualPlan.objects.filter(
        author=need.employment.person_id,
        institution=need.employment.institution_id,
        starts_on__lte=days.ends_on,
        ends_on__gte=days.starts_on,
    )
    return plans.order_by("starts_on").last()


def plan_need(*, need: LearningNeed, plan: IndividualPlan, by: User) -> PlanItem:
    """The item of the working copy that is made of a need; asked for twice it is the same item.

    Raises ``PermissionDenied`` for somebody else's need, ``ChangedMeanwhile`` where the plan is not open to its
    author now.
    """
    if not is_own(by, need) or need.withdrawn_at is not None:
        raise PermissionDenied
    with transaction.atomic():
        approval.take_for_editing(plan, by=by, seen=None)  # and whoever taps at another screen waits until the end
        made = plan.rows.filter(need=need).first()
        if made is not None:
            return made
        rows = plan.rows.count()
        if rows >= MOST_ROWS:
            raise Refused(_("The plan is full: at most %(most)s items.") % {"most": MOST_ROWS})
        with translation.override(LANGUAGE):
            rationale = origin_in_words(need.origin, need.competence.code if need.competence else "")
        return PlanItem.objects.create(
            plan=plan,
            position=rows,
            programme_title=need.title,
            rationale=rationale,
            study_form=need.study_form,
            school_year=need.school_year,
            need=need,
        )
