"""Moves between two institutions: one proposes, the other confirms, and the record follows the person.

What was decided stays where it was decided. Like every write about a person these keep the person's row until they
are done (see ``schools.staffing``); each answer is one conditional UPDATE besides, so a move is answered once.
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cpd.by_app import found_in_apps
from cpd.dates import moment, short_date
from schools import audit
from schools.access import can_keep_staff, can_move
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import PERSONAL, EndReason, Event, State, TransferState
from schools.models import Document, Employment, Institution, MethodicalAssociation, Subject, Transfer, User
from schools.staffing import DAY, Post, begin_employment, check_last_day, close, hold


def propose_transfer(
    *,
    employment: Employment,
    institution: Institution,
    by: User,
    position: str,
    moves_on: dt.date,
    association: MethodicalAssociation | None = None,
) -> Transfer:
    """By the old institution or by the new one; the other has to confirm."""
    is_by_new = can_keep_staff(by, institution)
    if not is_by_new and not can_move(by, employment):
        raise PermissionDenied
    with transaction.atomic():
        now = hold(employment)
        _check_possible(now, institution, moves_on)
        try:
            with transaction.atomic():
                transfer = Transfer.objects.create(
                    employment=now,
                    institution=institution,
                    is_proposed_by_new=is_by_new,
                    position=position,
                    association=association,
                    moves_on=moves_on,
                    proposed_by=by.person,
                )
        except IntegrityError:
            raise Refused(_("A move of this person waits for an answer already.")) from None
        _note(Event.TRANSFER_PROPOSED, transfer, by=by)
    return transfer


def confirm_transfer(
    *,
    transfer: Transfer,
    by: User,
    position: str = "",
    association: MethodicalAssociation | None = None,
    subjects: Iterable[Subject] = (),
) -> Employment:
    """End the old employment the day before, and begin the new one.

    Position, association and subjects are the new institution's to say: they count where it is the one to confirm.
    """
    with transaction.atomic():
        now = _held(transfer, by)
        old = now.employment
        _check_possible(old, now.institution, now.moves_on)
        if now.is_proposed_by_new:
            position, association, subjects = now.position, now.association, ()
        columns = {
            "position": position or now.position,
            "association": association,
            "is_teaching": old.is_teaching,
            "teaching_language": old.teaching_language,
            "is_young_specialist": old.is_young_specialist,
        }
        is_main = old.is_main
        close(old, by=by, last_day=now.moves_on - DAY, reason=EndReason.TRANSFERRED)
        new = begin_employment(
            person=old.person,
            institution=now.institution,
            post=Post(now.moves_on, columns, list(subjects) or list(old.subjects.all())),
            is_main=is_main,
        )
        _answer(now, TransferState.CONFIRMED, by=by, became=new)
        _take_drafts_along(new, left=old.institution)
        for take_along in found_in_apps("following", "TAKE_ALONG"):  # what each app knows to follow the person
            take_along(old, new)
        _note(Event.TRANSFER_ANSWERED, now, by=by, answer=TransferState.CONFIRMED)
    return new


def refuse_transfer(*, transfer: Transfer, by: User, reason: str) -> None:
    if not reason:
        raise Refused(_("Give the reason."))
    with transaction.atomic():
        now = _held(transfer, by)
        _answer(now, TransferState.REFUSED, by=by, reason=reason)
        _note(Event.TRANSFER_ANSWERED, now, by=by, answer=TransferState.REFUSED)


def withdraw_transfer(*, transfer: Transfer, by: User) -> None:
    """By the institution that proposed it, while the other one has not answered."""
    with transaction.atomic():
        hold(transfer.employment)
        now = _fresh(transfer)
        if not can_withdraw(by, now):
            raise PermissionDenied
        _answer(now, TransferState.WITHDRAWN, by=by)
        _note(Event.TRANSFER_ANSWERED, now, by=by, answer=TransferState.WITHDRAWN)


def can_withdraw(user: User, transfer: Transfer) -> bool:
    proposer = transfer.institution if transfer.is_proposed_by_new else transfer.employment.institution
    return can_keep_staff(user, proposer)


def what_happened(transfer: Transfer) -> str:
    """One sentence for the person who came second."""
    if transfer.answered_by is None or transfer.answered_at is None:
        return _("This is not possible now.")
    told = {
        "state": transfer.get_state_display(),
        "name": transfer.answered_by.full_name,
        "moment": moment(transfer.answered_at),
    }
    return _("Meanwhile: %(state)s, %(name)s, %(moment)s. Your click changed nothing.") % told


def _fresh(transfer: Transfer) -> Transfer:
    related = ("employment__person", "employment__institution", "institution", "association", "answered_by")
    return Transfer.objects.select_related(*related).get(pk=transfer.pk)


def _held(transfer: Transfer, by: User) -> Transfer:
    """The transfer as it stands, where it is this user's to answer."""
    hold(transfer.employment)
    now = _fresh(transfer)
    if now.state != TransferState.PROPOSED:
        raise ChangedMeanwhile(what_happened(now))
    if not Transfer.objects.awaiting(by).filter(pk=now.pk).exists():
        raise PermissionDenied
    return now


def _answer(
    now: Transfer, state: TransferState, *, by: User, became: Employment | None = None, reason: str = ""
) -> None:
    columns = {"answered_by": by.person, "answered_at": timezone.now(), "became": became, "reason": reason}
    waiting = Transfer.objects.filter(pk=now.pk, state=TransferState.PROPOSED)
    if waiting.update(state=state, **columns) != 1:
        raise ChangedMeanwhile(what_happened(_fresh(now)))


def _check_possible(old: Employment, institution: Institution, moves_on: dt.date) -> None:
    """Whether the person still works there on the day before, and not yet in the new institution."""
    if institution.pk == old.institution_id:
        raise Refused(_("This person works in this institution."))
    if old.end_reason or (old.ends_on and old.ends_on < moves_on - DAY):
        day = short_date(old.ends_on) if old.ends_on else ""
        raise Refused(_("The employment ends before the move: %(day)s") % {"day": day})
    if moves_on <= old.starts_on:
        raise Refused(_("The move must be later than the first day in the old institution."))
    check_last_day(old, moves_on - DAY)
    others = old.person.employments.exclude(pk=old.pk).lasting_after(moves_on - DAY)
    if others.filter(institution=institution).exists():
        raise Refused(
            _("This person has a second job in the new institution. End the old employment instead: then it goes on.")
        )
    if old.is_main and others.filter(is_main=True).exists():
        raise Refused(_("This person already has a main job."))


def _take_drafts_along(new: Employment, *, left: Institution) -> None:
    """Plans that were never handed in go with the person; where one stands there for the same time, it stays."""
    there = Document.objects.filter(
        author=OuterRef("author"),
        kind=OuterRef("kind"),
        institution=new.institution,
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("starts_on"),
    )
    drafts = Document.objects.filter(
        ~Exists(there),
        kind__in=PERSONAL,
        author=new.person,
        institution=left,
        state=State.DRAFT,
        versions=None,
    )
    Document.objects.filter(pk__in=list(drafts.values_list("pk", flat=True))).update(
        institution=new.institution, association=new.association
    )


def _note(event: Event, transfer: Transfer, *, by: User, answer: str = "") -> None:
    """In the journals of both institutions."""
    old = transfer.employment
    for place in (old.institution, transfer.institution):
        audit.note(
            event,
            by=by,
            subject=old.person,
            institution=place,
            what=f"{old.institution.title_ky} → {transfer.institution.title_ky}",
            after={"moves_on": transfer.moves_on, "position": transfer.position}
            | ({"state": answer} if answer else {}),
        )
