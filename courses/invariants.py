"""What must always hold of records, files and places. ``manage.py check_invariants`` runs it with the rest."""

import datetime as dt
from collections.abc import Callable, Iterable
from hashlib import file_digest

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.choices import NUMBERED_DOCUMENTS, BookState, ImportState, RecordAction, RecordStatus, Verdict
from courses.files import names_of, without_row
from courses.models import (
    Book,
    CertificateFile,
    ConfirmedPair,
    ImportRow,
    Offering,
    RecordDecision,
    ScheduleEntry,
    Seat,
    StoredPaper,
    TrainingRecord,
    WorkbookImport,
)
from courses.models.imports import WORKED_AT, WRITTEN
from courses.verification import BROUGHT_AT, HANDED_IN, MOVES, content_of_file
from cpd.storage import file_store
from schools.choices import Event
from schools.invariants import not_as_noted, not_of_one_place

# Acts that leave a record where it stands.
KEEPING = [action for action, move in MOVES.items() if move.target is None]
Check = Callable[[], Iterable[str]]

# “tidy” runs weekly and leaves what is younger than a day.
SWEPT_WITHIN = dt.timedelta(days=8)
MADE_WITHIN = dt.timedelta(hours=1)  # a book takes minutes; of a killed worker's the lease runs out soon


def files_are_whole() -> Iterable[str]:
    """I7: every row has its file, with every byte of it, and the pictures beside it."""
    for file in CertificateFile.objects.exclude(sha256="").order_by("pk").iterator():  # "" was removed by erasing
        for name in names_of(file):
            try:
                with file_store().open(name) as stored:
                    found = file_digest(stored, "sha256").hexdigest()
            except OSError as problem:
                yield f"certificate file {file.pk}: {name} cannot be read, {problem.strerror or problem}"
            else:
                if name == file.stored_as and found != file.sha256:
                    yield f"certificate file {file.pk}: {name} does not match its hash"


def files_have_rows() -> Iterable[str]:
    """I7: nothing lies in the store for long that no row names."""
    return [f"{name} belongs to no row" for name in without_row(timezone.now() - SWEPT_WITHIN)]


def finished_files_are_whole() -> Iterable[str]:
    """I7: the paper of a version and a district's book are in the store as they were written."""
    for model in (StoredPaper, Book):
        for row in model.objects.exclude(stored_as="").order_by("pk").iterator():
            what = f"{row._meta.verbose_name} {row.pk}"
            try:
                with file_store().open(row.stored_as) as stored:
                    found = file_digest(stored, "sha256").hexdigest()
            except OSError as problem:
                yield f"{what}: {row.stored_as} cannot be read, {problem.strerror or problem}"
            else:
                if found != row.sha256:
                    yield f"{what}: {row.stored_as} does not match its hash"


def books_are_ended() -> Iterable[str]:
    """I8: no book waits for a worker for long, and each file is one book's."""
    before = timezone.now() - MADE_WITHIN
    unended = Q(state=BookState.RUNNING, lease_until__lt=before) | Q(state=BookState.WAITING, asked_at__lt=before)
    for book in Book.objects.filter(unended).order_by("pk"):
        yield f"book {book.pk}: {book.state} since {book.asked_at:%Y-%m-%d %H:%M}, does a worker run?"
    names = Book.objects.exclude(stored_as="").values("stored_as").annotate(books=Count("pk")).order_by("stored_as")
    for name in names.filter(books__gt=1):
        yield f"{name['stored_as']} is the file of {name['books']} books"


def imports_are_ended() -> Iterable[str]:
    """I8: no import waits for a worker for long; of one that was applied every row was, of another one none."""
    before = timezone.now() - MADE_WITHIN
    silent = Q(taken_at__lt=before) | Q(taken_at=None, uploaded_at__lt=before)
    waiting = WorkbookImport.objects.filter(silent, state__in=WORKED_AT).order_by("pk")
    for pk, state in waiting.values_list("pk", "state"):
        yield f"import {pk}: {state} for long, does a worker run?"
    half = Q(workbook__state__in=WRITTEN, verdict=Verdict.NEW, did=[])
    half |= ~Q(workbook__state__in=(*WRITTEN, ImportState.UNDONE)) & ~Q(did=[])
    rows = ImportRow.objects.filter(half).order_by("workbook").values("workbook").annotate(rows=Count("pk"))
    for one in rows:
        yield f"import {one['workbook']}: {one['rows']} rows are not as the rest of it"


def nothing_is_counted_twice() -> Iterable[str]:
    """A file confirms one thing, and no record is somebody's whose own record goes on as another one."""
    others = Q(sharing__isnull=False) | Q(attachment__isnull=False)
    twice = Q(record__isnull=False) & others | Q(sharing__isnull=False, attachment__isnull=False)
    for pk in CertificateFile.objects.filter(twice).order_by("pk").values_list("pk", flat=True):
        yield f"certificate file {pk}: belongs to two things"
    left = TrainingRecord.objects.filter(person__merged_into__isnull=False).order_by("pk")
    for pk, person in left.values_list("pk", "person"):
        yield f"record {pk}: is of person {person}, who goes on as another one"


def rows_of_courses_belong_to_one_place() -> Iterable[str]:
    """I12: records, rows of schedules and places in courses; see ``schools.invariants``."""
    elsewhere = Q(employment__isnull=False) & ~Q(employment__institution=F("schedule__institution"))
    return not_of_one_place(
        {TrainingRecord: "institution__district", ScheduleEntry: "schedule__institution__district"},
        {ScheduleEntry: elsewhere},
    )


def record_status_follows_decisions() -> Iterable[str]:
    """I2: a record stands where its last move left it; one that never moved is a draft. Of a draft its owner may make
    a note of learning beside courses.
    """
    moves = RecordDecision.objects.filter(record=OuterRef("pk")).exclude(action__in=KEEPING)
    last = Subquery(moves.order_by("-pk").values("action")[:1])
    for number, status, action in TrainingRecord.objects.values_list("pk", "status", last).order_by("pk").iterator():
        expected = MOVES[RecordAction(action)].target if action else RecordStatus.DRAFT
        if status != expected and not (status == RecordStatus.NOTED and expected == RecordStatus.DRAFT):
            yield f"record {number}: stands as {status}, its decisions say otherwise"


def verified_records_have_documents() -> Iterable[str]:
    """Rules §3, C2: what was verified has a date, and a document as its type demands."""
    without = Q(file=None) | Q(document_type="") | Q(starts_on=None)
    without |= Q(document_type__in=NUMBERED_DOCUMENTS) & (Q(document_number="") | Q(document_on=None))
    found = TrainingRecord.objects.filter(without, status=RecordStatus.VERIFIED).order_by("pk")
    return [f"record {record.pk}: verified without its document" for record in found.only("pk").iterator()]


def nobody_verified_their_own() -> Iterable[str]:
    """I10, T8: no decision on a record was its owner's, and no move of the owner anybody else's.

    But records of past courses may have been brought by an office, and its role is told.
    """
    owners = [action for action, move in MOVES.items() if move.by_owner]
    brought = Q(action=RecordAction.SUBMIT, revision=BROUGHT_AT) & ~Q(by_role="")
    is_owner = Q(who=F("record__person"))
    wrong = Q(action__in=owners) & ~is_owner & ~brought
    wrong |= ~Q(action__in=owners) & (is_owner | Q(in_place_of=F("record__person")))
    who = Coalesce("by__merged_into", "by")  # of two records that were merged the one that goes on
    found = RecordDecision.objects.annotate(who=who).filter(wrong)
    return [f"decision {one.pk} on a record: taken by the wrong person" for one in found]


def decisions_keep_their_files() -> Iterable[str]:
    """ADR 9: what was decided on can still be looked at, and is the very file that was decided on."""
    kept = RecordDecision.objects.filter(record__person__erased_at=None).select_related("file").order_by("pk")
    for found in kept.iterator():
        if found.content.get("file") != content_of_file(found.file):
            yield f"decision {found.pk} on a record: its file is not the one decided on"


def record_decisions_are_in_the_journal() -> Iterable[str]:
    """I6, T13: each decision on a record is the very one the journal names; of nameless people the text is gone."""
    decisions = RecordDecision.objects.select_related("record__person").order_by("pk").iterator()
    hashes = ((one.pk, None if one.record.person.erased_at else one.computed_hash()) for one in decisions)
    events = (Event.RECORD_MOVED, Event.IMPORT_APPLIED, Event.IMPORT_UNDONE)
    return not_as_noted("decision on a record", hashes, *events)


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


def places_are_counted() -> Iterable[str]:
    """An offered course counts as given exactly the places that are held."""
    held = Count("seats", filter=Q(seats__taken_back_at=None))
    wrong = Offering.objects.annotate(held=held).exclude(given=F("held")).order_by("pk")
    return [f"offered course {one.pk}: counts {one.given} places, {one.held} are held" for one in wrong]


def attendance_makes_records() -> Iterable[str]:
    """Only a place that was attended has a record, and it is of the teacher who held the place."""
    right = Q(attended=True, record__person=F("employment__person"))
    wrong = Seat.objects.filter(record__isnull=False).exclude(pk__in=Seat.objects.filter(right)).order_by("pk")
    return [f"place {seat.pk}: its record belongs elsewhere" for seat in wrong]


HISTORY: tuple[Check, ...] = (record_decisions_are_in_the_journal,)  # what ``verify_audit`` looks at
OF_FILES: tuple[Check, ...] = (files_are_whole, finished_files_are_whole, files_have_rows)
OF_JOBS: tuple[Check, ...] = (books_are_ended, imports_are_ended)
OF_RECORDS: tuple[Check, ...] = (
    record_status_follows_decisions,
    verified_records_have_documents,
    nobody_verified_their_own,
    decisions_keep_their_files,
    record_decisions_are_in_the_journal,
    pairs_are_of_one_person,
    nothing_is_counted_twice,
)
OF_PLACES: tuple[Check, ...] = (places_are_counted, attendance_makes_records, rows_of_courses_belong_to_one_place)
CHECKS: tuple[Check, ...] = (*OF_FILES, *OF_JOBS, *OF_RECORDS, *OF_PLACES)
