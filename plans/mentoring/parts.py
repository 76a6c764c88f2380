"""The parts of each kind of sheet (F14–F16), in the order of a lesson: columns to fill in, and questions."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plans.choices import QuestionPurpose, SheetKind

HEAD = ("held_on", "held_at", "grade", "subject_text", "topic")


@dataclass(frozen=True)
class Part:
    """One screen of a sheet: ``columns`` stand before its questions; ``has_own`` where own questions follow them."""

    code: str
    title: str | Promise
    columns: tuple[str, ...] = ()
    purpose: QuestionPurpose | None = None
    has_own: bool = False


PARTS: dict[str, tuple[Part, ...]] = {
    SheetKind.OBSERVATION: (
        Part("before", pgettext_lazy("lesson", "Before the lesson"), ("agreed",), QuestionPurpose.BEFORE),
        Part("lesson", pgettext_lazy("lesson", "During the lesson"), ("notes",)),
        Part("after", pgettext_lazy("lesson", "After the lesson"), (), QuestionPurpose.AFTER, has_own=True),
        Part("plan", _("Joint plan of improvement"), ("next_steps",)),
    ),
    SheetKind.VISIT: (
        Part("before", pgettext_lazy("lesson", "Before the lesson"), ("agreed",)),
        Part("lesson", pgettext_lazy("lesson", "During the lesson"), (), QuestionPurpose.FOCUS, has_own=True),
        Part("after", pgettext_lazy("lesson", "After the lesson"), ("worth_taking", "discussion")),
    ),
    SheetKind.REFLECTION: (Part("reflection", _("My thoughts"), (), QuestionPurpose.REFLECTION, has_own=True),),
}


def purposes_of(kind: str) -> list[QuestionPurpose]:
    return [part.purpose for part in PARTS[kind] if part.purpose]


def columns_of(kind: str) -> list[str]:
    """The columns of a sheet that this kind fills in."""
    return [*HEAD, *(name for part in PARTS[kind] for name in part.columns)]
