"""What must always hold of records and certificate files. ``manage.py check_invariants`` runs it with the rest."""

import datetime as dt
from collections.abc import Callable, Iterable
from hashlib import sha256

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from courses.choices import NUMBERED_DOCUMENTS, RecordAction, RecordStatus
from courses.files import names_of, without_row
from courses.models import CertificateFile, ConfirmedPair, RecordDecision, TrainingRecord
from courses.verification import HANDED_IN, MOVES, content_of_file
from cpd.storage import file_store

# Acts that leave a record where it stands.
KEEPING = [action for action, move in MOVES.items() if move.target is None]
Check = Callable[[], Iterable[str]]

# “tidy” runs weekly and leaves what is younger than a day.
SWEPT_WITHIN = dt.timedelta(days=8)


def files_are_whole() -> Iterable[str]:
    """I7: every row has its file, with every byte of it, and the pictures beside it."""
    for file in CertificateFile.objects.order_by("pk").iterator():
        for name in names_of(file):
            try:
                with file_store().open(name) as stored:
                    found = sha256(stored.read()).hexdigest()
            except OSError as problem:
                yield f"certificate file {file.pk}: {name} cannot be read, {problem.strerror or problem}"
            else:
                if name == file.stored_as and found != file.sha256:
                    yield f"certificate file {file.pk}: {name} does not match its hash"


def files_have_rows() -> Iterable[str]:
    """I7: nothing lies in the store for long that no row names."""
    return [f"{name} belongs to no row" for name in without_row(timezone.now() - SWEPT_WITHIN)]


def record_status_follows_decisions() -> Iterable[str]:
    """I2: a record stands where its last move left it; one that never moved is a draft."""
    moves = RecordDecision.objects.filter(record=OuterRef("pk")).exclude(action__in=KEEPING)
    last = Subquery(moves.order_by("-pk").values("action")[:1])
    for number, status, action in TrainingRecord.objects.values_list("pk", "status", last).order_by("pk").iterator():
        expected = MOVES[RecordAction(action)].target if action else RecordStatus.DRAFT
        if status != expected:
            yield f"record {number}: stands as {status}, its decisions say otherwise"


def verified_records_have_documents() -> Iterable[str]:
    """Rules §3, C2: what was verified has a date, and a document as its type demands."""
    without = Q(file=None) | Q(document_type="") | Q(starts_on=None)
    without |= Q(document_type__in=NUMBERED_DOCUMENTS) & (Q(document_number="") | Q(document_on=None))
    found = TrainingRecord.objects.filter(without, status=RecordStatus.VERIFIED).order_by("pk")
    return [f"record {record.pk}: verified without its document" for record in found.only("pk").iterator()]


def nobody_verified_their_own() -> Iterable[str]:
    """I10, T8: no decision on a record was its owner's, and no move of the owner anybody else's."""
    owners = [action for action, move in MOVES.items() if move.by_owner]
    wrong = Q(action__in=owners) & ~Q(by=F("record__person")) | ~Q(action__in=owners) & Q(by=F("record__person"))
    return [
        f"decision {found.pk} on a record: taken by the wrong person" for found in RecordDecision.objects.filter(wrong)
    ]


def decisions_keep_their_files() -> Iterable[str]:
    """ADR 9: what was decided on can still be looked at, and is the very file that was decided on."""
    for found in RecordDecision.objects.select_related("file").order_by("pk").iterator():
        if found.content.get("file") != content_of_file(found.file):
            yield f"decision {found.pk} on a record: its file is not the one decided on"


def pairs_are_of_one_person() -> Iterable[str]:
    """Rules §6: a pair that holds is of one person, on common days, and both records are handed in."""
    right = Q(
        first__person=F("second__person"),
        first__starts_on__lte=F("second__ends_on"),
        second__starts_on__lte=F("first__ends_on"),
        first__status__in=HANDED_IN,
        second__status__in=HANDED_IN,
    )
    wrong = ConfirmedPair.objects.filter(revoked_at=None).exclude(pk__in=ConfirmedPair.objects.filter(right))
    return [f"pair {pair.pk}: does not hold" for pair in wrong]


OF_RECORDS: tuple[Check, ...] = (
    record_status_follows_decisions,
    verified_records_have_documents,
    nobody_verified_their_own,
    decisions_keep_their_files,
    pairs_are_of_one_person,
)
CHECKS: tuple[Check, ...] = (files_are_whole, files_have_rows, *OF_RECORDS)
