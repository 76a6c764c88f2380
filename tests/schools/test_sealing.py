"""The journal's seals: every entry under one, each change behind the program's back found and the row named (T12)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from cpd.by_app import found_in_apps
from schools import audit, sealing
from schools.choices import Event
from schools.models import AuditEntry, AuditSeal
from schools.models.audit import STATED
from schools.sealing import seal
from tests.conftest import Cast
from tests.schools.test_verify_audit import found_after, one_bit_off, put, verify

pytestmark = pytest.mark.django_db

# Every other column, with the reason.
NOT_STATED = {
    "id": "the seal names it",
    "seal": "the seal tells which entries are its own",
}
SEAL = ("number", "previous_hash", "chain_hash", "sealed", "made_at")


@pytest.fixture
def entries(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[AuditEntry]:
    """Seven entries under three seals."""
    monkeypatch.setattr(sealing, "MOST_SEALED", 3)
    made = [
        audit.note(
            Event.PERSON_CHANGED,
            by=cast.deputy,
            subject=cast.teacher.person,
            institution=cast.school,
            what=f"Жазуу {number}",
            before={"speciality": "Химия"},
            after={"speciality": "Биология"},
        )
        for number in range(7)
    ]
    assert seal() == 7
    return [AuditEntry.objects.get(pk=entry.pk) for entry in made]


def altered(entry: AuditEntry, column: str, cast: Cast) -> Any:
    """The least change of a column that the database lets through."""
    least = {
        "at": entry.at + dt.timedelta.resolution,
        "event": Event.NAME_CHANGED,
        "by": cast.clerk.person_id,
        "subject": cast.colleague.person_id,
        "institution": cast.other_school.pk,
        "district": cast.far_school.district_id,
        "before": {"speciality": "химия"},
        "after": {"speciality": "Биологиа"},
        "address": "10.0.0.1",
        "once": uuid.uuid4(),
    }
    return least[column] if column in least else one_bit_off(getattr(entry, column))


def test_every_column_is_stated_or_has_a_reason_not_to_be() -> None:
    columns = sorted(field.attname for field in AuditEntry._meta.concrete_fields)
    assert columns == sorted([*STATED, "id", "seal_id"])
    assert sorted(NOT_STATED) == ["id", "seal"]
    assert sorted(SEAL) == sorted(field.name for field in AuditSeal._meta.concrete_fields if field.name != "id")


def test_what_was_written_is_sealed_in_its_order_and_found_sound(entries: list[AuditEntry]) -> None:
    seals = AuditSeal.objects.order_by("number")
    assert [one.number for one in seals] == [1, 2, 3]
    assert [[pk for pk, _hash in one.sealed] for one in seals] == [
        [entry.pk for entry in entries[start : start + 3]] for start in (0, 3, 6)
    ]
    assert [one.previous_hash for one in seals[1:]] == [one.chain_hash for one in seals[:2]]
    assert verify()[0] == 0
    assert seal() == 0


def test_an_entry_that_came_late_is_sealed_with_the_next(entries: list[AuditEntry], cast: Cast) -> None:
    """Its transaction began before and ended after: it has a smaller pk than entries sealed already."""
    audit.note(Event.SIGNED_IN, by=cast.teacher)
    late = AuditEntry(event=Event.SIGNED_IN, by=cast.head.person, by_name="…")
    late.pk = entries[0].pk - 1
    late.save(force_insert=True)
    assert seal() == 2
    assert AuditSeal.objects.latest("number").sealed[0][0] == late.pk
    assert verify()[0] == 0


@pytest.mark.parametrize("column", [name.removesuffix("_id") for name in STATED])
def test_an_entry_altered_in_any_column_is_named(column: str, entries: list[AuditEntry], cast: Cast) -> None:
    for entry, number in ((entries[0], 1), (entries[4], 2), (entries[6], 3)):
        said = found_after(entry, column, altered(entry, column, cast))
        assert said == f"entry {entry.pk}: does not match its hash in seal {number}\n"
    assert verify()[0] == 0


def test_an_entry_under_another_seal_is_named_by_both(entries: list[AuditEntry]) -> None:
    said = found_after(entries[0], "seal", entries[4].seal_id)
    assert f"entry {entries[0].pk}: is not under seal 1 any more" in said
    assert f"entry {entries[0].pk}: was put under seal 2 later" in said


def test_an_entry_taken_from_its_seal_is_named_though_it_is_sealed_again(entries: list[AuditEntry]) -> None:
    """Altered at the same time it would be sealed anew as it is now; the seal that lost it tells."""
    said = found_after(entries[1], "seal", None)
    assert said == f"entry {entries[1].pk}: is not under seal 1 any more\n"


@pytest.mark.parametrize("place", [0, 3, 6], ids=["first", "middle", "last"])
def test_an_entry_taken_out_is_named(place: int, entries: list[AuditEntry]) -> None:
    run("DELETE FROM schools_auditentry WHERE id = %s", entries[place].pk)
    assert verify() == (1, f"entry {entries[place].pk}: is not under seal {1 + place // 3} any more\n")


def test_an_entry_put_in_later_is_named(entries: list[AuditEntry], cast: Cast) -> None:
    between = audit.note(Event.SIGNED_IN, by=cast.teacher)
    put(between, "seal", entries[3].seal_id)
    assert verify() == (1, f"entry {between.pk}: was put under seal 2 later\n")


def test_of_many_wrong_entries_the_first_are_named(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, entries: list[AuditEntry]
) -> None:
    monkeypatch.setattr(sealing, "MOST_SHOWN", 2)
    run("UPDATE schools_auditentry SET by_name = %s", "Башка")
    first = "".join(f"entry {one.pk}: does not match its hash in seal 1\n" for one in entries[:2])
    assert verify()[1].startswith(f"{first}seal 1: and 1 more entries\n")


@pytest.mark.parametrize("column", SEAL)
def test_a_seal_altered_in_any_column_is_named(column: str, entries: list[AuditEntry]) -> None:
    for number in (1, 2, 3):
        found = AuditSeal.objects.get(number=number)
        least = {"number": 7, "sealed": found.sealed[:-1], "made_at": found.made_at + dt.timedelta.resolution}
        value = least[column] if column in least else one_bit_off(getattr(found, column))
        said = found_after(found, column, value)
        named = [f"seal {number}: ", f"seal {7 if column == 'number' else number}: does not match its hash"]
        assert all(one in said for one in named), said


@pytest.mark.parametrize("number", [1, 2])
def test_a_seal_taken_out_is_named(number: int, entries: list[AuditEntry]) -> None:
    """With its entries, so that no link is left hanging."""
    gone = AuditSeal.objects.get(number=number)
    run("DELETE FROM schools_auditentry WHERE seal_id = %s", gone.pk)
    run("DELETE FROM schools_auditseal WHERE id = %s", gone.pk)
    assert f"seal {number}: is not there\n" in verify()[1]
    assert verify()[0] == 1


def test_a_seal_made_anew_over_altered_entries_breaks_with_the_next(entries: list[AuditEntry]) -> None:
    """Who knows how hashes are made has to make every later seal anew too, and the last one was printed before."""
    put(entries[0], "what", "Башка")
    first = AuditSeal.objects.get(number=1)
    first.sealed[0][1] = AuditEntry.objects.get(pk=entries[0].pk).computed_hash()
    put(first, "sealed", first.sealed)
    put(first, "chain_hash", first.computed_hash())
    assert verify() == (1, "seal 2: does not follow the seal before it\n")


def test_the_command_prints_the_last_seal(entries: list[AuditEntry]) -> None:
    last = AuditSeal.objects.latest("number")
    assert f"7 entries of the journal: as they were written; last seal 3, {last.chain_hash}." in verify()[1]


def test_what_nobody_sealed_yet_is_sealed_before_it_is_verified(cast: Cast) -> None:
    entry = audit.note(Event.SIGNED_IN, by=cast.teacher)
    assert verify()[0] == 0
    assert AuditEntry.objects.get(pk=entry.pk).seal is not None


def test_tidy_seals_what_was_written(cast: Cast) -> None:
    audit.note(Event.SIGNED_IN, by=cast.teacher)
    call_command("tidy")
    assert (AuditEntry.objects.filter(seal=None).count(), AuditSeal.objects.count()) == (0, 1)


def test_the_worker_seals_what_was_written(cast: Cast) -> None:
    audit.note(Event.SIGNED_IN, by=cast.teacher)
    for take_up in found_in_apps("working", "TAKE_UP_LOST"):
        take_up()
    assert (AuditEntry.objects.filter(seal=None).count(), AuditSeal.objects.count()) == (0, 1)


def test_no_entry_and_no_seal_is_changed_or_deleted_by_the_program(entries: list[AuditEntry]) -> None:
    for row in (entries[0], AuditSeal.objects.get(number=1)):
        rows: Any = type(row).objects.filter(pk=row.pk)
        for change in (row.save, row.delete, rows.delete, lambda rows=rows: rows.update(pk=9)):
            with pytest.raises(TypeError, match="never"):
                change()


def run(statement: str, *values: object) -> None:
    """Behind the program's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
