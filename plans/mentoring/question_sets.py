"""Changing the questions that sheets ask: a new version from a day on. Every change stands in the journal."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cpd.dates import today
from plans.mentoring.access import can_change_set, can_keep_questions
from plans.models import Question, QuestionSet
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.models import User
from schools.models.documents import digest

COLUMNS = ("title_ky", "title_ru", "is_stem")


def rows_of(questions: QuestionSet) -> list[dict[str, Any]]:
    """The questions of a version in order, as a form shows them."""
    return [{name: getattr(one, name) for name in COLUMNS} for one in questions.questions.all()]


def mark_of(questions: QuestionSet) -> str:
    """A short mark of what a version says, by which a form tells what it showed."""
    return digest({"source": questions.source, "questions": rows_of(questions)})


@transaction.atomic
def new_set(*, by: User, earlier: QuestionSet, source: str, starts_on: dt.date) -> QuestionSet:
    """A copy of the version that goes on until further notice, which ends the day before.

    Sheets that were begun by the earlier version keep its questions.
    """
    if not can_keep_questions(by):
        raise PermissionDenied
    if starts_on <= max(earlier.starts_on, today()):
        raise Refused(_("A new version begins after the earlier one, tomorrow or later."))
    going_on = QuestionSet.objects.filter(pk=earlier.pk, ends_on=None)
    if not going_on.update(ends_on=starts_on - dt.timedelta(days=1)):
        raise ChangedMeanwhile(_("Another version follows this one already."))
    try:
        with transaction.atomic():
            made = QuestionSet.objects.create(
                purpose=earlier.purpose, source=source, starts_on=starts_on, entered_by=by.person
            )
    except IntegrityError:
        raise ChangedMeanwhile(_("Another version follows this one already.")) from None
    _write(made, rows_of(earlier))
    audit.note(Event.REFERENCE_CHANGED, by=by, what=str(made), after={"source": source, "starts_on": starts_on})
    return made


@transaction.atomic
def save_set(
    *, by: User, questions: QuestionSet, seen: str, source: str, rows: Sequence[Mapping[str, Any]]
) -> QuestionSet:
    """Put ``rows`` in place of the questions of a version that has not begun, if it says what was ``seen``."""
    kept = _held(by, questions)
    if mark_of(kept) != seen:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again."))
    if not rows:
        raise Refused(_("A set asks at least one question."))
    before = {"source": kept.source, "questions": rows_of(kept)}
    after = {"source": source, "questions": [dict(row) for row in rows]}
    differing = [name for name, value in before.items() if after[name] != value]
    if differing:
        kept.source = source
        kept.save(update_fields=["source"])
        kept.questions.all().delete()
        _write(kept, rows)
        audit.note(
            Event.REFERENCE_CHANGED,
            by=by,
            what=str(kept),
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )
    return kept


@transaction.atomic
def delete_set(*, by: User, questions: QuestionSet) -> QuestionSet:
    """Take a version away that has not begun; the earlier one, which is returned, goes on in its place."""
    kept = _held(by, questions)
    before = QuestionSet.objects.filter(purpose=kept.purpose, starts_on__lt=kept.starts_on)
    earlier = before.order_by("-starts_on").first()
    if earlier is None:
        raise Refused(_("There is no earlier version that could go on."))
    audit.note(
        Event.REFERENCE_CHANGED,
        by=by,
        what=str(kept),
        before={"source": kept.source, "questions": rows_of(kept), "starts_on": kept.starts_on},
    )
    kept.delete()
    QuestionSet.objects.filter(pk=earlier.pk).update(ends_on=kept.ends_on)
    return earlier


def _held(by: User, questions: QuestionSet) -> QuestionSet:
    """The version by its own row, as long as it may be changed."""
    kept = QuestionSet.objects.select_for_update().filter(pk=questions.pk).first()
    if kept is None:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again."))
    if not can_keep_questions(by):
        raise PermissionDenied
    if not can_change_set(by, kept):
        raise Refused(_("Sheets ask by this version: it is not changed any more. Make a new one."))
    return kept


def _write(questions: QuestionSet, rows: Sequence[Mapping[str, Any]]) -> None:
    Question.objects.bulk_create(
        Question(question_set=questions, position=position, **row) for position, row in enumerate(rows, start=1)
    )
