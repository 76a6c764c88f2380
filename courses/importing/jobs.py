"""Imports read, applied and undone in the background. The row is the job (ADR 15); a task only says that it waits.

A worker takes an import by one conditional UPDATE and shows with its progress that it lives. One that is killed stays
silent: then another worker takes the import up again. What was read is read anew; what was being applied left nothing.
"""

import datetime as dt
import logging
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from courses.choices import ImportState, Verdict
from courses.importing import states
from courses.importing.applying import apply_import
from courses.importing.reading import is_unfit, read_workbook
from courses.importing.undoing import BuiltOn, check_last, undo_import
from courses.importing.words import KEPT, NOT_UNDONE, is_of_undoing
from courses.models import WorkbookImport
from courses.models.imports import LEASE, UNDER_WAY
from cpd.wording import speaking
from schools.access import can_import
from schools.approval import ChangedMeanwhile, Refused
from schools.models import District, Institution, User

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
REST = dt.timedelta(seconds=5)  # before the next attempt
LONGEST_NAME = 200  # signs of a file's name
# What waits, what it is while a worker has it, and where it ends when nobody can do it.
BUSY = {
    ImportState.WAITING: ImportState.READING,
    ImportState.QUEUED: ImportState.APPLYING,
    ImportState.UNDO_QUEUED: ImportState.UNDOING,
}
AGAIN = {busy: waiting for waiting, busy in BUSY.items()}
GIVEN_UP = {
    ImportState.READING: ImportState.UNFIT,
    ImportState.APPLYING: ImportState.FAILED,
    ImportState.UNDOING: ImportState.APPLIED,
}


class TakenAway(Exception):
    """Another worker has the import: this one was thought dead."""


# Asking ------------------------------------------------------------------------------------------------------------


def take_in(place: Institution | District, *, name: str, data: bytes, by: User) -> WorkbookImport:
    """Keep an uploaded file for reading: the import that is under way already where it is the same file.

    The task is queued with the row, in one transaction.
    """
    columns: dict[str, Any] = {"district": place} if isinstance(place, District) else {"institution": place}
    columns["sha256"] = sha256(data).hexdigest()
    there = WorkbookImport.objects.filter(**columns, state__in=UNDER_WAY)
    with transaction.atomic():
        if found := there.first():
            return found
        try:
            with transaction.atomic():
                made = WorkbookImport.objects.create(
                    **columns, file_name=name[-LONGEST_NAME:], data=data, by=by.person
                )
        except IntegrityError:  # the same file came at the same moment
            return there.get()
        work_at.enqueue(made.pk)
    return made


def ask_to_apply(workbook: WorkbookImport, *, by: User, leaves_out_refused: bool) -> None:
    """Queue an import that was read. Raises ``Refused`` where it has nothing to apply, or refused rows nobody saw."""
    if workbook.state != ImportState.READ:
        raise ChangedMeanwhile(_("This import does not wait to be applied."))
    if not number_of(workbook, Verdict.NEW, Verdict.CHANGED):
        raise Refused(_("There is nothing to apply: everything is there already, or was refused."))
    if number_of(workbook, Verdict.REFUSED) and not leaves_out_refused:
        raise Refused(_("Say that the refused rows are to be left out, or correct them and upload the file again."))
    with transaction.atomic():
        now = timezone.now()
        asked = {"applied_by": by.person, "taken_at": now, "attempts": 0}
        if not states.move(workbook, ImportState.QUEUED, **asked):
            raise ChangedMeanwhile(_("This import does not wait to be applied."))
        work_at.enqueue(workbook.pk)


def ask_to_undo(workbook: WorkbookImport, *, by: User) -> None:
    """Queue the last import of a place for being taken back. Raises ``Refused`` where it is not that."""
    if workbook.state != ImportState.APPLIED:
        raise ChangedMeanwhile(_("This import is not applied, or somebody has undone it meanwhile."))
    check_last(workbook)
    problems = [problem for problem in workbook.problems if not is_of_undoing(problem)]
    asked = {"undone_by": by.person, "problems": problems, "taken_at": timezone.now(), "attempts": 0}
    with transaction.atomic():
        if not states.move(workbook, ImportState.UNDO_QUEUED, **asked):
            raise ChangedMeanwhile(_("This import is not applied, or somebody has undone it meanwhile."))
        work_at.enqueue(workbook.pk)


def number_of(workbook: WorkbookImport, *verdicts: Verdict) -> int:
    """How many rows of all tables were judged so."""
    return sum(found.get(verdict, 0) for found in workbook.counts.values() for verdict in verdicts)


def waits_in_vain(workbook: WorkbookImport) -> bool:
    """Whether nobody takes the import up, and nobody is busy with another one either: it seems that no worker runs."""
    if not WorkbookImport.objects.lost().filter(pk=workbook.pk).exists():
        return False
    busy = WorkbookImport.objects.filter(state__in=AGAIN, taken_at__gte=timezone.now() - LEASE)
    return not busy.exists()


# Working -----------------------------------------------------------------------------------------------------------


@task()
def work_at(pk: int) -> None:
    """Read, apply or undo one import, if it still waits for somebody. What goes wrong is noted in its row."""
    workbook = _claim(pk)
    if workbook is None:
        return
    try:
        _work(workbook)
    except TakenAway:
        logger.warning("Import %s was taken up by another worker", pk)
    except BuiltOn as refusal:
        _give_up(workbook, *refusal.things)
    except Refused as refusal:
        _give_up(workbook, refusal.message)
    except Exception:
        logger.exception("Import %s could not be done", pk)
        _set_back(workbook)
    except BaseException:  # the worker was told to stop
        _give_back(workbook)
        raise


def take_up_lost() -> int:
    """Queue again what nobody works at: imports of killed workers, and such as lost their place in the queue."""
    taken = 0
    for workbook in WorkbookImport.objects.lost().defer("data"):
        waiting = AGAIN.get(ImportState(workbook.state), ImportState(workbook.state))
        with transaction.atomic():
            if states.move(workbook, waiting, taken_at=timezone.now()):
                work_at.enqueue(workbook.pk)
                taken += 1
    return taken


def _claim(pk: int) -> WorkbookImport | None:
    """The import, if it is ours now; nothing where it is done, given up, or in other hands."""
    related = ("institution", "district", "by", "applied_by", "undone_by")
    workbook = WorkbookImport.objects.select_related(*related).filter(pk=pk, state__in=BUSY).first()
    if workbook is None:
        return None
    busy = BUSY[ImportState(workbook.state)]
    if not states.move(workbook, busy, taken_at=timezone.now(), attempts=F("attempts") + 1):
        return None
    workbook.refresh_from_db(fields=["attempts"])
    if workbook.attempts > MOST_ATTEMPTS:
        _give_up(workbook, _("The work was interrupted too often. Tell the administrator."))
        return None
    return workbook


def _work(workbook: WorkbookImport) -> None:
    person = {
        ImportState.READING: workbook.by,
        ImportState.APPLYING: workbook.applied_by,
        ImportState.UNDOING: workbook.undone_by,
    }[ImportState(workbook.state)]
    user = User.objects.filter(person=person, is_active=True).first()
    if user is None or not can_import(user, workbook.place):
        raise Refused(_("Whoever asked for it may no longer import for this place."))
    with speaking(user.scope.words, user.language):  # in which what cannot be done is told
        if workbook.state == ImportState.READING:
            _read(workbook)
        elif workbook.state == ImportState.APPLYING:
            apply_import(workbook, by=user)
        else:
            _undo(workbook, by=user)
    logger.info("Import %s is %s: %s rows", workbook.pk, workbook.state, workbook.total)


def _read(workbook: WorkbookImport) -> None:
    read_workbook(workbook, lambda done: hold(workbook, done))
    target = ImportState.UNFIT if is_unfit(workbook) else ImportState.READ
    if not states.move(workbook, target, done=workbook.total, data=None, attempts=0):
        raise TakenAway


def _undo(workbook: WorkbookImport, *, by: User) -> None:
    if kept := undo_import(workbook, by=by):
        text = ngettext(
            "%(count)s person or institution stays by name only: the journal tells that somebody looked at it.",
            "%(count)s people or institutions stay by name only: the journal tells that somebody looked at them.",
            kept,
        )
        workbook.problems = [*workbook.problems, {"code": KEPT, "text": text % {"count": kept}}]
        workbook.save(update_fields=["problems"])


def hold(workbook: WorkbookImport, done: int) -> None:
    """Show that whoever reads it lives, and how far it is."""
    if not states.move(workbook, ImportState(workbook.state), done=done, taken_at=timezone.now()):
        raise TakenAway


def _set_back(workbook: WorkbookImport) -> None:
    """To be tried once more, or given up."""
    if workbook.attempts >= MOST_ATTEMPTS:
        _give_up(workbook, _("Something went wrong. The administrator finds it in the log."))
        return
    again_at = timezone.now() + REST
    with transaction.atomic():
        if states.move(workbook, AGAIN[ImportState(workbook.state)], taken_at=again_at):
            work_at.using(run_after=again_at).enqueue(workbook.pk)


def _give_back(workbook: WorkbookImport) -> None:
    """An attempt that was no fault of the import's does not count."""
    waiting = AGAIN[ImportState(workbook.state)]
    with transaction.atomic():
        if states.move(workbook, waiting, taken_at=timezone.now(), attempts=F("attempts") - 1):
            work_at.enqueue(workbook.pk)


def _give_up(workbook: WorkbookImport, *told: str) -> None:
    columns: dict[str, Any] = {"problems": [{"code": "given_up", "text": text} for text in told], "data": None}
    if workbook.state == ImportState.UNDOING:  # it stays as it was applied
        problems = [*workbook.problems, *({"code": NOT_UNDONE, "text": text} for text in told)]
        columns = {"problems": problems, "undone_by": None}
    states.move(workbook, GIVEN_UP[ImportState(workbook.state)], **columns)
