"""What stands in a sheet, as plain data: which questions it asks, what was answered, how two states differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from cpd.dates import today
from plans.mentoring.access import reads_shared_alone
from plans.mentoring.parts import HEAD, PARTS, Part, columns_of, purposes_of
from plans.models import LessonSheet, Question, QuestionSet, SheetAnswer
from schools.models import User

PartRead = tuple[Part, list[tuple[str, str]], list[tuple[int, SheetAnswer]]]


@dataclass(frozen=True)
class Given:
    """One answer: to the question of that key, or to one of their own. ``text`` may be empty."""

    question: int | None
    own_question: str
    text: str
    is_shared: bool = False


@dataclass(frozen=True)
class Written:
    """All that a form of a sheet says: the columns of its kind, and every question it asked with its answer."""

    columns: Mapping[str, Any]
    answers: Sequence[Given]


def written_in(sheet: LessonSheet) -> Written:
    """What is saved of a sheet."""
    answers = [
        Given(answer.question_id, answer.own_question, answer.text, answer.is_shared) for answer in sheet.answers.all()
    ]
    return Written({name: getattr(sheet, name) for name in columns_of(sheet.kind)}, answers)


def questions_of(sheet: LessonSheet, posted: Iterable[int] = ()) -> list[Question]:
    """The questions a sheet asks, in order: a saved one those it was begun with, a new one those of today.

    ``posted`` are the questions of a form that comes back: a page that was kept on a phone may be older than the
    version in force, and is taken as it was.
    """
    if sheet.pk:
        asked = {answer.question_id: answer.question for answer in sheet.answers.all()}
        return [question for question in asked.values() if question]
    chosen: list[int] = []
    for purpose in purposes_of(sheet.kind):
        begun = QuestionSet.objects.filter(purpose=purpose, starts_on__lte=today()).order_by("-starts_on")
        found = begun.filter(questions__in=list(posted)).first() or QuestionSet.objects.in_force(purpose)
        chosen += [found.pk] if found else []
    questions = Question.objects.filter(question_set__in=chosen).select_related("question_set")
    order = purposes_of(sheet.kind)
    return sorted(questions, key=lambda one: (order.index(one.question_set.purpose), one.position))  # type: ignore[arg-type]


def head_read_by(user: User, sheet: LessonSheet) -> list[tuple[str, Any]]:
    """What is said of the lesson, by its label; of a reflection the mentor reads its day alone."""
    names = ("held_on",) if reads_shared_alone(user, sheet) else HEAD
    return [(label_of(name), getattr(sheet, name)) for name in names if getattr(sheet, name)]


def parts_read_by(user: User, sheet: LessonSheet) -> list[PartRead]:
    """The parts with their columns by label and their answers by number; of a reflection the mentor reads shared ones.

    A question bears the same number for both, also where the mentor does not read the one before it.
    """
    is_narrowed = reads_shared_alone(user, sheet)
    shown = []
    for part in PARTS[sheet.kind]:
        columns = [] if is_narrowed else [(label_of(name), getattr(sheet, name)) for name in part.columns]
        asked = enumerate((answer for answer in sheet.answers.all() if _belongs(answer, part)), start=1)
        answers = [(number, answer) for number, answer in asked if answer.is_shared or not is_narrowed]
        shown.append((part, columns, answers))
    return shown


def label_of(name: str) -> str:
    """What a column of a sheet is called."""
    return capfirst(str(LessonSheet._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _belongs(answer: SheetAnswer, part: Part) -> bool:
    if answer.question is None:
        return part.has_own
    return answer.question.question_set.purpose == part.purpose
