"""The sheet of one self-assessment: its questions in the order of the standard, with the answers of two years."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from plans.models import AssessmentAnswer, Competence, ScaleLevel, SelfAssessment, StandardUnit


@dataclass(frozen=True)
class Question:
    """One competence, with this year's answer and the one of the assessment before, as far as there are any."""

    number: int  # from 1, through all units
    competence: Competence
    answer: AssessmentAnswer | None
    earlier: AssessmentAnswer | None

    @property
    def code(self) -> str:
        return self.competence.code

    @property
    def level(self) -> int | None:
        return self.answer.level if self.answer else None

    @property
    def earlier_level(self) -> int | None:
        return self.earlier.level if self.earlier else None

    @property
    def has_need(self) -> bool:
        return bool(self.answer and self.answer.has_need)

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and (self.answer.level is not None or self.answer.has_need is not None)


@dataclass(frozen=True)
class Sheet:
    assessment: SelfAssessment
    questions: list[Question]
    levels: list[ScaleLevel]
    earlier: SelfAssessment | None  # the newest one of an earlier year

    @property
    def units(self) -> list[tuple[StandardUnit, list[Question]]]:
        by_unit = groupby(self.questions, key=lambda question: question.competence.unit)
        return [(unit, list(questions)) for unit, questions in by_unit]

    @cached_property
    def answered(self) -> int:
        return sum(question.is_answered for question in self.questions)

    @property
    def open(self) -> list[Question]:
        return [question for question in self.questions if not question.is_answered]

    def question(self, code: str | None) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)

    def beside(self, question: Question, step: int) -> Question | None:
        """The question ``step`` places further on; None before the first and after the last."""
        place = question.number - 1 + step
        return self.questions[place] if 0 <= place < len(self.questions) else None


def sheet_of(assessment: SelfAssessment) -> Sheet:
    """Six queries, however many answers there are."""
    earlier = (
        SelfAssessment.objects.filter(person=assessment.person_id, school_year__lt=assessment.school_year)
        .order_by("-school_year")
        .first()
    )
    answers = _by_code(assessment.answers.select_related("competence", "evidence"))
    # Another version of the standard may have asked then: questions are known by their codes.
    before = _by_code(earlier.answers.select_related("competence")) if earlier else {}
    competences = (
        Competence.objects.filter(unit__standard=assessment.standard_id)
        .select_related("unit")
        .prefetch_related("groups")
        .order_by("unit__position", "position")
    )
    questions = [
        Question(number, one, answers.get(one.code), before.get(one.code))
        for number, one in enumerate(competences, start=1)
    ]
    levels = list(ScaleLevel.objects.filter(standard=assessment.standard_id).order_by("value"))
    return Sheet(assessment, questions, levels, earlier)


def _by_code(answers: Iterable[AssessmentAnswer]) -> dict[str, AssessmentAnswer]:
    return {answer.competence.code: answer for answer in answers}
