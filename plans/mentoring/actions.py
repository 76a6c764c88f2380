"""Writes of sheets of lessons. They tell nobody and leave no trace of what they say: only the two may know of it."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.choices import SheetKind
from plans.mentoring.access import can_delete, kinds_written_by
from plans.mentoring.content import Written, written_in
from plans.models import LessonSheet, SheetAnswer
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Mentorship, Person, User


@transaction.atomic
def save_sheet(
    *, uid: uuid.UUID, by: User, mentorship: Mentorship, kind: str, seen: int, written: Written
) -> LessonSheet:
    """Begin the sheet of this ``uid``, or put ``written`` in place of what revision ``seen`` of it says.

    The same text sent twice is one sheet and one change: a phone sends it again until it hears that it arrived.
    """
    if kind not in kinds_written_by(by, mentorship):
        raise PermissionDenied
    # One at a time: of the same sheet sent twice at once one begins it, and the other one finds it.
    Mentorship.objects.select_for_update(no_key=True).get(pk=mentorship.pk)
    stands = LessonSheet.objects.written_by(by).filter(uid=uid).first()
    if stands is None and seen:
        raise ChangedMeanwhile(_("This sheet was deleted meanwhile. Saved again, it is a new one."))
    if stands is None:
        return _begin(uid, by, mentorship, kind, written)
    if _is_same(stands, written):
        return stands
    _change(stands, by, seen, written)
    return stands


@transaction.atomic
def delete_sheet(*, sheet: LessonSheet, by: User, seen: int) -> None:
    """Only as it was seen, and only while the other one has written nothing in it."""
    if not can_delete(by, sheet):
        raise Refused(_("Both have written in this sheet: it stays."))
    found = LessonSheet.objects.filter(pk=sheet.pk, revision=seen, is_of_both=False)
    if not found.update(revision=F("revision") + 1):  # from here on nobody else writes it
        raise ChangedMeanwhile(_("This sheet was changed meanwhile. Look at it again."))
    LessonSheet.objects.filter(pk=sheet.pk).delete()


def _begin(uid: uuid.UUID, by: User, mentorship: Mentorship, kind: str, written: Written) -> LessonSheet:
    sheet = LessonSheet.objects.create(
        uid=uid, mentorship=mentorship, kind=kind, made_by=by.person, changed_by=by.person, **written.columns
    )
    _write_answers(sheet, written)
    return sheet


def _is_same(sheet: LessonSheet, written: Written) -> bool:
    kept = written_in(sheet)
    return kept.columns == written.columns and kept.answers == written.answers


def _change(sheet: LessonSheet, by: User, seen: int, written: Written) -> None:
    """One conditional UPDATE: of two people at the same moment one is refused."""
    changed = LessonSheet.objects.filter(pk=sheet.pk, revision=seen).update(
        revision=F("revision") + 1,
        changed_by=by.person,
        changed_at=timezone.now(),
        is_of_both=Q(is_of_both=True) | ~Q(made_by=by.person_id),
        **written.columns,
    )
    if not changed:
        raise ChangedMeanwhile(_by_whom(sheet, by))
    sheet.refresh_from_db()
    sheet.answers.all().delete()
    _write_answers(sheet, written)


def _by_whom(sheet: LessonSheet, by: User) -> str:
    """Who saved it meanwhile: the other one, or oneself on another phone."""
    other = Person.objects.filter(pk=sheet.changed_by_id).exclude(pk=by.person_id).first()
    if other is None:
        return _("You saved this sheet meanwhile at another phone or window. Both texts are shown.")
    return _("Saved this sheet meanwhile: %(name)s. Both texts are shown.") % {"name": other.full_name}


def _write_answers(sheet: LessonSheet, written: Written) -> None:
    """Every question that was asked gets its row, also without an answer: the sheet keeps its questions."""
    is_reflection = sheet.kind == SheetKind.REFLECTION
    SheetAnswer.objects.bulk_create(
        SheetAnswer(
            sheet=sheet,
            position=position,
            question_id=given.question,
            own_question=given.own_question,
            text=given.text,
            is_shared=given.is_shared and is_reflection,
        )
        for position, given in enumerate(written.answers, start=1)
    )
