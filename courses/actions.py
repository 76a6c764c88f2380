"""Writes over several rows: saving, submitting and deleting one's own records of attendance."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from courses import verification
from courses.beside import asks_for_nobody
from courses.choices import WITHOUT_HOURS, HoursUnit, RecordAction
from courses.files import hold_for
from courses.models import CertificateFile, RecordDecision, TrainingRecord
from courses.models.records import OPEN
from courses.reading import Unreadable, document_key, read_dates, read_hours
from courses.registers import PROGRAMMES, PROVIDERS, Register, key_of
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Institution, User

NO_DATES: dict[str, Any] = {"starts_on": None, "ends_on": None, "precision": ""}
NO_HOURS: dict[str, Any] = {"amount": None, "unit": HoursUnit.UNKNOWN}


def save_record(
    *,
    by: User,
    record: TrainingRecord | None,
    seen: int | None,
    columns: Mapping[str, Any],
    file: CertificateFile | None,
    submit: bool,
) -> TrainingRecord:
    """Write one's own record, a new one where ``record`` is None, and hand it in where ``submit``.

    Learning beside courses that nobody has to verify is not handed in: it stays a note, which waits for nobody.

    ``columns`` are the columns as typed, with the institution; what is read from the texts is written beside them
    and never over them. Raises ``ChangedMeanwhile`` where the record was changed elsewhere since ``seen``, ``Refused``
    where it cannot be submitted; then nothing is written.
    """
    with transaction.atomic():
        if record is None:
            record = TrainingRecord(person=by.person)
        else:
            record = _take_for_editing(record, by=by, seen=seen or 0)
        for name, value in columns.items():
            setattr(record, name, value)
        read = dates_of(record.date_text) | hours_of(record.hours_text)
        for name, value in read.items():
            setattr(record, name, value)
        record.document_key = document_key(record.document_number)
        record.file = hold_for(record, file) if file else None
        record.provider_id = _named(PROVIDERS, record.institution, record.provider_text)
        record.programme_id = _named(PROGRAMMES, record.institution, record.title)
        if record.pk is None:
            record.save()
        else:
            own = ("provider", "programme", "provider_key", "title_key", "document_key", "file", "changed_at")
            record.save(update_fields=[*columns, *read, *own])
        verification.put_down(record)
        if submit and not asks_for_nobody(record):
            submit_record(record=record, by=by, seen=record.revision)
            record.refresh_from_db()
    return record


def submit_record(*, record: TrainingRecord, by: User, seen: int) -> RecordDecision:
    """Hand a record in for verification."""
    if asks_for_nobody(record):
        raise Refused(_("The rule in force does not count such learning, so nobody has to verify it. It is noted."))
    if lacking_to_submit(record):
        raise Refused(_("The record is not complete yet."))
    return verification.perform(record, RecordAction.SUBMIT, by=by, seen=seen)


def lacking_to_submit(record: TrainingRecord) -> list[str]:
    """The columns that keep a record a draft.

    A text that could not be read is kept in a draft until a person resolves it (forms §M). Of dates that can only be
    who typed them: a verifier has nowhere to enter others. Hours in another unit, or in words, are resolved by the
    verifier from the document (M9), so for them any text will do.
    """
    lacking = []
    if not record.precision:
        lacking.append("date_text")
    if not record.hours_text and record.kind not in WITHOUT_HOURS:
        lacking.append("hours_text")
    if record.is_beside and not record.provider_text:  # the short form does not ask for it
        lacking.append("provider_text")
    return lacking


def delete_record(*, record: TrainingRecord, by: User, seen: int) -> None:
    """Remove a draft that was never sent. What was sent once stays for ever."""
    with transaction.atomic():
        record = _take_for_editing(record, by=by, seen=seen)
        if record.decisions.exists():
            raise Refused(_("The record was sent before, so it stays in the history."))
        record.delete()


def dates_of(text: str) -> dict[str, Any]:
    """The columns of what a date text says; all empty where it cannot be read."""
    try:
        read = read_dates(text)
    except Unreadable:
        return NO_DATES
    return {"starts_on": read.starts_on, "ends_on": read.ends_on, "precision": read.precision} if read else NO_DATES


def hours_of(text: str) -> dict[str, Any]:
    """The columns of what an hours text says; empty and of an unknown unit where it cannot be read."""
    try:
        read = read_hours(text)
    except Unreadable:
        return NO_HOURS
    return {"amount": read.amount, "unit": read.unit} if read else NO_HOURS


def _take_for_editing(record: TrainingRecord, *, by: User, seen: int) -> TrainingRecord:
    """Let the owner write once; the record as it now stands. Call inside the writing transaction.

    The conditional UPDATE lets one of two writers through and makes the other find another revision.
    """
    if record.person_id != by.person_id:
        raise PermissionDenied
    claimed = TrainingRecord.objects.filter(pk=record.pk, status__in=OPEN, revision=seen)
    is_taken = claimed.update(revision=F("revision") + 1) == 1
    now = TrainingRecord.objects.select_related("institution").filter(pk=record.pk).first()
    if now is None:
        raise ChangedMeanwhile(_("This record was deleted meanwhile."))
    if not is_taken:
        raise ChangedMeanwhile(verification.what_happened(now))
    return now


def _named(register: Register, institution: Institution, text: str) -> int | None:
    """The entry that a text stands for in an institution; its titles are among its names."""
    key = key_of(text)
    return register.aliases.objects.nearest(institution, {key}).get(key)
