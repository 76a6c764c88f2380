"""The one writer of a record's status: who hands it in, who verifies it, and how a decision is taken back.

A move is one conditional UPDATE, as in :mod:`schools.approval`: it happens only if the record still stands where the
person saw it. Each move leaves a decision with the name, the role and the columns of that moment. Nothing is deleted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import NUMBERED_DOCUMENTS, HoursUnit, RecordAction, RecordStatus
from courses.facts import rule_over
from courses.models import CertificateFile, ConfirmedPair, RecordDecision, TrainingRecord
from courses.models.records import OPEN, REASONED, UNSENT
from courses.rules import SHORT_COURSES, Policy
from cpd.by_app import found_in_apps
from cpd.dates import moment, today
from schools import audit
from schools.approval import ChangedMeanwhile, Refused, read_anew
from schools.choices import KEEPING_ROLES, Event, Role, Work
from schools.models import AuditEntry, Institution, Person, User


@dataclass(frozen=True)
class Move:
    """From which statuses to which; without a target the status stays. ``by_owner`` moves are the teacher's."""

    sources: tuple[RecordStatus, ...]
    target: RecordStatus | None
    by_owner: bool = False


BROUGHT_AT = 2  # the revision of a record out of a workbook: written, and handed in
HANDED_IN = (RecordStatus.SUBMITTED, RecordStatus.VERIFIED)
GIVEN_BACK = (*OPEN, RecordStatus.REJECTED)
MOVES: dict[RecordAction, Move] = {
    RecordAction.SUBMIT: Move(OPEN, RecordStatus.SUBMITTED, by_owner=True),
    RecordAction.WITHDRAW: Move((RecordStatus.SUBMITTED,), RecordStatus.DRAFT, by_owner=True),
    RecordAction.VERIFY: Move((RecordStatus.SUBMITTED,), RecordStatus.VERIFIED),
    RecordAction.SET_HOURS: Move(HANDED_IN, None),
    RecordAction.RECOGNISE: Move(HANDED_IN, None),
    RecordAction.RETURN: Move((RecordStatus.SUBMITTED,), RecordStatus.RETURNED),
    RecordAction.REJECT: Move((RecordStatus.SUBMITTED,), RecordStatus.REJECTED),
    RecordAction.REVERSE: Move((RecordStatus.VERIFIED, RecordStatus.REJECTED), RecordStatus.RETURNED),
}

# What verifiers read off the papers of a record as it stood: it falls when its owner may change it again.
READ_OFF: dict[str, Any] = {"approved_hours": None, "approved_hours_reason": "", "recognition": ""}

# What a decision keeps of the record, so that it can be told later what was decided on.
DECIDED_ON = (
    "person_id",
    "institution_id",
    "title",
    "programme_id",
    "kind",
    "category",
    "block",
    "delivery_mode",
    "role",
    "date_text",
    "starts_on",
    "ends_on",
    "precision",
    "provider_text",
    "provider_id",
    "hours_text",
    "amount",
    "unit",
    "approved_hours",
    "approved_hours_reason",
    "goal_achieved",
    "comment",
    "document_type",
    "document_number",
    "document_on",
    "is_state_standard",
    "recognition",
)


def perform(
    record: TrainingRecord,
    action: RecordAction,
    *,
    by: User,
    seen: int,
    reason: str = "",
    hours: Decimal | None = None,
) -> RecordDecision:
    """Make one move, or raise and change nothing.

    ``seen`` is the revision the person had before their eyes; ``hours`` are what SET_HOURS writes, read off the
    document by the verifier; of RECOGNISE the ``reason`` is the decision as typed. Raises :class:`Refused` with a
    sentence where the move is not possible, ``PermissionDenied`` where it is not theirs.
    """
    reason = reason.strip()
    with transaction.atomic():
        now = _as_it_stands(record)
        read_anew(by)
        if now.revision != seen:
            raise ChangedMeanwhile(what_happened(now))
        _check(now, action, by=by, reason=reason)
        target = MOVES[action].target
        read_off = _read_off(action, reason=reason, hours=hours)
        written = READ_OFF if target in GIVEN_BACK else read_off
        if not _claim(now, seen, status=target or now.status, **written):
            raise ChangedMeanwhile(what_happened(_as_it_stands(record)))
        if target in GIVEN_BACK:
            _revoke(ConfirmedPair.objects.filter(Q(first=now.pk) | Q(second=now.pk)), by=by)
        for column, value in read_off.items():
            setattr(now, column, value)
        return _decide(now, action, by=by, reason=reason)


def put_down(record: TrainingRecord) -> None:
    """Let what nobody was asked about stand as a draft, or as a note where it is learning beside courses.

    That follows from its kind, whichever form it was typed in. No decision is kept of it: but for its owner nobody has
    anything to say. Each app lets go of what a note cannot be (``noting``). Call inside the writing transaction, when
    the row is taken.
    """
    status = RecordStatus.NOTED if record.is_beside else RecordStatus.DRAFT
    if TrainingRecord.objects.filter(pk=record.pk, status__in=UNSENT).update(status=status):
        record.status = status
        if record.is_noted:
            for let_go in found_in_apps("noting", "LET_GO"):
                let_go(record)


def moves_open_to(user: User, record: TrainingRecord) -> list[RecordAction]:
    """The moves this user may make now, the main one first. What pages offer as buttons."""
    if record.person_id == user.person_id:
        return [action for action, move in MOVES.items() if move.by_owner and record.status in move.sources]
    if TrainingRecord.objects.decided_by(user).filter(pk=record.pk).exists():
        return decisions_open_on(record, rule_over(record, today()))
    return []


def decisions_open_on(record: TrainingRecord, rule: Policy | None) -> list[RecordAction]:
    """What somebody who decides on the record may do with it now; ``rule`` is the one in force over it."""
    legal = [action for action, move in MOVES.items() if not move.by_owner and record.status in move.sources]
    return [action for action in legal if _has_use(action, record, rule)]


def _has_use(action: RecordAction, record: TrainingRecord, rule: Policy | None) -> bool:
    if action == RecordAction.VERIFY:
        return not lacking(record)
    if action == RecordAction.SET_HOURS:
        return record.unit != HoursUnit.HOUR
    return action != RecordAction.RECOGNISE or _can_be_recognised(record, rule)


def _can_be_recognised(record: TrainingRecord, rule: Policy | None) -> bool:
    """Whether a decision can stand in for the length the rule asks of a course (004 III 2.4)."""
    return record.kind in SHORT_COURSES and rule is not None and rule.min_event_hours is not None


def lacking(record: TrainingRecord) -> list[str]:
    """The columns that keep a record from being verified, in the order of the form (rules §3, C2; forms M36).

    A date nobody could read is among them: only the teacher can put it right, and it would never count. Unknown hours
    are not: such a record may be verified as a course attended, and counts nothing until somebody enters the hours.
    «б/н» is a number: the document has none of its own.
    """
    found = {"date_text": record.starts_on is None, "document_type": not record.document_type}
    if record.document_type in NUMBERED_DOCUMENTS:
        found |= {"document_number": not record.document_number, "document_on": record.document_on is None}
    found["file"] = record.file_id is None
    return [column for column, is_lacking in found.items() if is_lacking]


def what_happened(record: TrainingRecord) -> str:
    """One sentence for the person who came second."""
    last = record.decisions.order_by("-pk").first()
    if last is None or last.revision != record.revision:
        return _("It was changed meanwhile, at another screen: %(moment)s. Your click changed nothing.") % {
            "moment": moment(record.changed_at)
        }
    action = RecordAction(last.action)
    return _("Meanwhile: %(state)s, %(name)s, %(moment)s. Your click changed nothing.") % {
        "state": (MOVES[action].target or action).label,
        "name": last.by_name,
        "moment": moment(last.at),
    }


# Records out of a workbook ----------------------------------------------------------------------------------------


def enter_handed_in(records: Sequence[TrainingRecord], *, by: User) -> list[RecordDecision]:
    """Write records of past courses that an office brings for its teachers: each handed in, with its decision.

    The decision names who imported them and in which role; the school verifies them as any other, and their owner may
    withdraw them to add the photo. Call inside the writing transaction, and note the decisions in the journal there:
    in one entry for each institution, since thousands come at once.
    """
    for record in records:
        record.status, record.revision = RecordStatus.SUBMITTED, BROUGHT_AT
    TrainingRecord.objects.bulk_create(records)
    name, roles = by.person.full_name, {record.institution_id: _role_at(by, record.institution) for record in records}
    return RecordDecision.objects.bulk_create(
        RecordDecision(
            record=record,
            action=RecordAction.SUBMIT,
            revision=BROUGHT_AT,
            by=by.person,
            by_name=name,
            by_role="" if record.person_id == by.person_id else roles[record.institution_id],
            content=content_of(record),
        )
        for record in records
    )


def untouched(keys: Iterable[int]) -> Any:
    """Those of the records brought in by a workbook that stand as they were brought: nobody has moved them since."""
    return TrainingRecord.objects.filter(pk__in=keys, status=RecordStatus.SUBMITTED, revision=BROUGHT_AT, file=None)


def take_out(keys: Sequence[int]) -> list[int]:
    """Remove records that a workbook brought, with the decision that only says so. Call inside the transaction.

    Decisions stay for ever; this one goes with the import that is undone. Their keys, which are returned, belong into
    the journal. Raises :class:`Refused` where one of the records was moved meanwhile.
    """
    # Writing the rows keeps them until the end: who moves one at this moment waits, and finds it gone.
    if untouched(keys).update(revision=F("revision")) != len(keys):
        raise Refused(_("Some of the courses were verified, returned or changed meanwhile."))
    decisions: QuerySet[RecordDecision] = QuerySet(RecordDecision).filter(record__in=keys, revision=BROUGHT_AT)
    gone = list(decisions.values_list("pk", flat=True))
    decisions.delete()
    TrainingRecord.objects.filter(pk__in=keys).delete()
    return gone


def _role_at(user: User, institution: Institution) -> Role:
    """In which role the user brings records into an institution."""
    scope = user.scope
    held = (role for role in KEEPING_ROLES if institution.pk in scope.schools_as(role))
    above = Role.DISTRICT_OFFICER if institution.district_id in scope.districts else Role.ADMINISTRATOR
    return next(held, above)


# Two courses on the same days -------------------------------------------------------------------------------------


def confirm_pair(
    first: TrainingRecord, second: TrainingRecord, *, by: User, seen: tuple[int, int], reason: str
) -> ConfirmedPair:
    """Note that two courses of one person with common days both took place (rules §6).

    The person decides on one of the two and may read the other: it may have been verified at another school. ``seen``
    are the revisions of both as they were on the screen.
    """
    reason = reason.strip()
    in_order = sorted(zip((first, second), seen, strict=True), key=lambda pair: pair[0].pk)
    with transaction.atomic():
        records = []
        for record, revision in in_order:
            held = TrainingRecord.objects.filter(pk=record.pk, revision=revision, status__in=HANDED_IN)
            # Writing the row keeps it as it is until the end: a reversal waits, and then sees the pair.
            if held.update(revision=F("revision")) != 1:
                raise ChangedMeanwhile(what_happened(_as_it_stands(record)))
            records.append(_as_it_stands(record))
        earlier, later = records
        if not _may_pair(by, records):
            raise PermissionDenied(_("You have no permission for this action."))
        if not _have_common_days(earlier, later):
            raise Refused(_("These two courses have no days in common."))
        if not reason:
            raise Refused(_("Give the reason."))
        try:
            with transaction.atomic():
                return ConfirmedPair.objects.create(first=earlier, second=later, confirmed_by=by.person, reason=reason)
        except IntegrityError:
            raise Refused(_("These two courses are confirmed already.")) from None


def revoke_pair(pair: ConfirmedPair, *, by: User) -> None:
    """Take the confirmation back; its row stays, with the day and the name."""
    with transaction.atomic():
        if not _may_pair(by, (pair.first, pair.second)):
            raise PermissionDenied(_("You have no permission for this action."))
        if not _revoke(ConfirmedPair.objects.filter(pk=pair.pk), by=by):
            raise Refused(_("This confirmation was taken back already."))


def _may_pair(user: User, records: Iterable[TrainingRecord]) -> bool:
    """Whether the user decides on one of the two and sees both; nobody judges their own courses."""
    numbers = {record.pk for record in records}
    if TrainingRecord.objects.visible_to(user).filter(pk__in=numbers).count() != len(numbers):
        return False
    return TrainingRecord.objects.decided_by(user).filter(pk__in=numbers).exists()


def _have_common_days(first: TrainingRecord, second: TrainingRecord) -> bool:
    if first.person_id != second.person_id or first.pk == second.pk:
        return False
    if not (first.starts_on and first.ends_on and second.starts_on and second.ends_on):
        return False
    return first.starts_on <= second.ends_on and second.starts_on <= first.ends_on


def _revoke(pairs: Any, *, by: User) -> int:
    return pairs.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by.person)


# One move ---------------------------------------------------------------------------------------------------------


def _as_it_stands(record: TrainingRecord) -> TrainingRecord:
    now = TrainingRecord.objects.select_related("person", "institution").filter(pk=record.pk).first()
    if now is None:
        raise ChangedMeanwhile(_("This record was deleted meanwhile."))
    return now


def _check(now: TrainingRecord, action: RecordAction, *, by: User, reason: str) -> None:
    """Legal, permitted, complete, and explained; or raise."""
    move = MOVES[action]
    if now.status not in move.sources:
        raise Refused(_("This is not possible now. Status: %(state)s.") % {"state": now.get_status_display()})
    is_owner = now.person_id == by.person_id
    if move.by_owner:
        if not is_owner:
            raise PermissionDenied
        return
    if is_owner:
        raise PermissionDenied(_("You cannot verify your own record."))
    if not TrainingRecord.objects.decided_by(by).filter(pk=now.pk).exists():
        raise PermissionDenied(_("You have no permission for this action."))
    if action in REASONED and not reason:
        raise Refused(_("Give the reason."))
    if action == RecordAction.VERIFY and lacking(now):
        raise Refused(_("It cannot be verified yet. Lacking: %(fields)s.") % {"fields": ", ".join(lacking_words(now))})
    if action == RecordAction.SET_HOURS and now.unit == HoursUnit.HOUR:
        raise Refused(_("The document itself gives the hours."))
    if action == RecordAction.RECOGNISE and not _can_be_recognised(now, rule_over(now, today())):
        raise Refused(_("The rule in force here knows no recognition of such a course."))


def _read_off(action: RecordAction, *, reason: str, hours: Decimal | None) -> dict[str, Any]:
    """The columns of ``READ_OFF`` that an action writes."""
    if action == RecordAction.RECOGNISE:
        return {"recognition": reason}
    if action != RecordAction.SET_HOURS:
        return {}
    if hours is None:
        raise TypeError("setting the hours needs the hours")
    return {"approved_hours": hours, "approved_hours_reason": reason}


def lacking_words(record: TrainingRecord) -> list[str]:
    """The names of the lacking columns, in the language in use."""
    return [str(getattr(TrainingRecord, column).field.verbose_name) for column in lacking(record)]


def _claim(record: TrainingRecord, seen: int, **columns: Any) -> bool:
    """The conditional UPDATE under every move: one row, or nothing happened. See ``schools.approval``."""
    claimed = TrainingRecord.objects.filter(pk=record.pk, status=record.status, revision=seen)
    return claimed.update(revision=F("revision") + 1, changed_at=timezone.now(), **columns) == 1


def _decide(record: TrainingRecord, action: RecordAction, *, by: User, reason: str) -> RecordDecision:
    role, giver = ("", None) if MOVES[action].by_owner else _role_in(by, record)
    decision = RecordDecision.objects.create(
        record=record,
        action=action,
        revision=record.revision + 1,
        by=by.person,
        by_name=by.person.full_name,
        by_role=role,
        in_place_of=giver,
        in_place_of_name=giver.full_name if giver else "",
        reason=reason,
        content=content_of(record),
        file=record.file,
    )
    audit.note_all([_entry_of(decision, by=by, before=record.status)])
    return decision


def _entry_of(decision: RecordDecision, *, by: User, before: str) -> AuditEntry:
    """What the journal keeps of a decision: its hash, so that its text is under the seals too."""
    record = decision.record
    return audit.entry_of(
        Event.RECORD_MOVED,
        by=by,
        subject=record.person,
        institution=record.institution,
        what=record.title,
        before={"status": before},
        after={
            "status": MOVES[RecordAction(decision.action)].target or before,
            "action": decision.action,
            "decisions": [[decision.pk, decision.computed_hash()]],
        },
    )


def content_of(record: TrainingRecord) -> dict[str, Any]:
    """The columns decided on as plain data, with the hashes of the file."""
    plain = {column: getattr(record, column) for column in DECIDED_ON}
    content = {
        column: value if value is None or isinstance(value, bool | int) else str(value)
        for column, value in plain.items()
    }
    return content | {"file": content_of_file(record.file)}


def content_of_file(file: CertificateFile | None) -> dict[str, str] | None:
    """What a decision tells of the file: its name in the store and its hashes."""
    if file is None:
        return None
    return {"stored_as": file.stored_as, "sha256": file.sha256, "original_sha256": file.original_sha256}


def _role_in(user: User, record: TrainingRecord) -> tuple[Role, Person | None]:
    """In which role the user decides on the record, and in whose place where that role is another's: that of its
    institution, or what was handed over there, or else its district's.
    """
    scope = user.scope
    held = (role for role in KEEPING_ROLES if record.institution_id in scope.schools_as(role))
    if own := next(held, None):
        return own, None
    at_school = (one for one in scope.handed if one.work == Work.RECORDS and one.institution == record.institution_id)
    if handed := next((one for one in at_school if one.giver != record.person_id), None):
        return handed.role, Person.objects.get(pk=handed.giver)
    return Role.DISTRICT_OFFICER, None
