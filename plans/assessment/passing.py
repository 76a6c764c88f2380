"""Which needs of a self-assessment can be passed on to the school, and which were, each with its sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from cpd.text import fold
from plans.assessment.access import can_take_back, is_told_by
from plans.assessment.sheet import Question, Sheet
from plans.models import LearningNeed
from schools.models import User


@dataclass(frozen=True)
class Passable:
    """A competence that needs learning, and the need the school knows of, if it does."""

    question: Question
    need: LearningNeed | None
    is_fixed: bool  # the school entered it, or a request that was handed in counts it: it is not taken back
    sentence: str  # the teacher's own, which the school reads or could read; of the sheet where the need has none
    is_read: bool  # whether the school reads it


def passables_of(sheet: Sheet, user: User, year: int) -> list[Passable]:
    """Those marked as a need now, and those passed on before for that school year, in the order of the standard."""
    live = (
        LearningNeed.objects.live()
        .filter(employment__person=user.person_id, school_year=year)
        .select_related("employment", "competence", "row__request")
    )
    # Somebody may have named the same topic before: then the school knows of it already.
    known = _by_topic(need for need in live if need.passed_on_at)
    private = _by_topic(need for need in live if not need.passed_on_at)
    found = []
    for question in sheet.questions:
        title_key = fold(question.competence.title_ky)
        need = known.get(question.code) or known.get(title_key)
        if need or question.has_need:
            told = need or private.get(question.code) or private.get(title_key)
            found.append(_passable(question, need, told, user))
    return found


def _by_topic(needs: Iterable[LearningNeed]) -> dict[str, LearningNeed]:
    needs = list(needs)
    found = {need.title_key: need for need in needs}
    return found | {need.competence.code: need for need in needs if need.competence}


def _passable(question: Question, need: LearningNeed | None, told: LearningNeed | None, user: User) -> Passable:
    """``told`` is the need with the teacher's own sentence: the one the school knows of, else a private one."""
    if need is not None and not is_told_by(user, need):  # what stands beside it are the words of the school
        return Passable(question, need, is_fixed=True, sentence="", is_read=False)
    sentence = (told.note if told else "") or (question.answer.note if question.answer else "")
    is_fixed = need is not None and not can_take_back(user, need)
    return Passable(question, need, is_fixed, sentence, is_read=need is not None and need.note != "")
