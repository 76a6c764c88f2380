"""Which needs of a self-assessment can be passed on to the school, and which were."""

from dataclasses import dataclass

from cpd.text import fold
from plans.assessment.access import can_take_back
from plans.assessment.sheet import Question, Sheet
from plans.models import LearningNeed
from schools.models import User


@dataclass(frozen=True)
class Passable:
    """A competence that needs learning, and the need the school knows of, if it does."""

    question: Question
    need: LearningNeed | None
    is_fixed: bool  # the school entered it, or a request that was handed in counts it: it is not taken back


def passables_of(sheet: Sheet, user: User) -> list[Passable]:
    """Those marked as a need now, and those passed on before, in the order of the standard."""
    passed_on = (
        LearningNeed.objects.passed_on()
        .filter(employment__person=user.person_id, school_year=sheet.assessment.school_year)
        .select_related("employment", "competence", "row__request")
    )
    # Somebody may have named the same topic before: then the school knows of it already.
    known = {need.title_key: need for need in passed_on}
    known |= {need.competence.code: need for need in passed_on if need.competence}
    found = []
    for question in sheet.questions:
        need = known.get(question.code) or known.get(fold(question.competence.title_ky))
        if need or question.has_need:
            found.append(Passable(question, need, need is not None and not can_take_back(user, need)))
    return found
