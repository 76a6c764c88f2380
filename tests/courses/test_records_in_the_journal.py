"""Decisions on records are under the journal's seals: one altered, taken out or put in later is found (T12, T13)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from courses import verification
from courses.choices import RecordAction
from courses.invariants import record_decisions_are_in_the_journal
from courses.models import RecordDecision, TrainingRecord
from schools import audit
from schools.choices import Event, Role
from schools.models import AuditEntry
from tests.conftest import Cast
from tests.factories import training_record
from tests.schools.test_verify_audit import found_after, one_bit_off, verify

pytestmark = pytest.mark.django_db
STATED = (
    "record",
    "action",
    "revision",
    "by",
    "by_name",
    "by_role",
    "in_place_of",
    "in_place_of_name",
    "at",
    "reason",
    "content",
    "file",
)


@pytest.fixture
def decisions(cast: Cast) -> list[RecordDecision]:
    """A record handed in, verified, and reversed; another one is beside it."""
    training_record(cast.teacher)
    record = training_record(cast.teacher, status="draft")
    for action, user in (("submit", cast.teacher), ("verify", cast.deputy), ("reverse", cast.second_deputy)):
        now = TrainingRecord.objects.get(pk=record.pk)
        verification.perform(now, RecordAction(action), by=user, seen=now.revision, reason="Номери окулбайт.")
    return list(record.decisions.order_by("pk"))


def altered(decision: RecordDecision, column: str, cast: Cast) -> Any:
    """The least change that the database's own constraints let through; None where they let none through."""
    if column.startswith("in_place_of"):
        return None
    if column == "file":
        return training_record(cast.colleague).file_id
    least = {
        "record": TrainingRecord.objects.exclude(pk=decision.record_id).latest("pk").pk,
        "action": RecordAction.RECOGNISE,
        "revision": decision.revision + 7,
        "by": cast.clerk.person_id,
        "by_role": Role.CLERK,
        "at": decision.at + dt.timedelta.resolution,
        "content": decision.content | {"title": "."},
    }
    return least[column] if column in least else one_bit_off(getattr(decision, column))


def test_every_column_is_protected() -> None:
    assert sorted(field.name for field in RecordDecision._meta.concrete_fields) == sorted([*STATED, "id"])


def test_each_move_of_a_record_is_noted_with_its_decision(decisions: list[RecordDecision], cast: Cast) -> None:
    entries = list(AuditEntry.objects.filter(event=Event.RECORD_MOVED).order_by("pk"))
    assert [one.after["decisions"] for one in entries] == [[[made.pk, made.computed_hash()]] for made in decisions]
    assert [(one.before["status"], one.after["status"]) for one in entries] == [
        ("draft", "submitted"),
        ("submitted", "verified"),
        ("verified", "returned"),
    ]
    assert {(one.subject, one.institution) for one in entries} == {(cast.teacher.person, cast.school)}
    assert verify()[0] == 0


def test_no_reason_and_no_content_stands_in_the_journal(decisions: list[RecordDecision]) -> None:
    entries = AuditEntry.objects.filter(event=Event.RECORD_MOVED)
    assert not [one for one in entries if "окулбайт" in str(one.__dict__) or "content" in one.after]


@pytest.mark.parametrize("column", [name for name in STATED if not name.startswith("in_place_of")])
def test_a_decision_on_a_record_altered_in_any_column_is_named(
    column: str, decisions: list[RecordDecision], cast: Cast
) -> None:
    for decision in decisions:
        said = found_after(decision, column, altered(decision, column, cast))
        assert f"decision on a record {decision.pk}: is not as the journal has it\n" in said
    assert verify()[0] == 0


@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
def test_a_decision_on_a_record_taken_out_is_named(place: int, decisions: list[RecordDecision]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM courses_recorddecision WHERE id = %s", [decisions[place].pk])
    assert verify() == (1, f"decision on a record {decisions[place].pk}: is in the journal and not there\n")


def test_a_decision_on_a_record_put_in_later_is_named(decisions: list[RecordDecision], cast: Cast) -> None:
    made = RecordDecision.objects.create(
        record=decisions[0].record, action="verify", revision=9, by=cast.deputy.person, by_name="…"
    )
    assert verify() == (1, f"decision on a record {made.pk}: is not in the journal\n")


def test_decisions_from_before_the_journal_are_let_be(cast: Cast) -> None:
    record = training_record(cast.teacher)
    columns = {"record": record, "by": cast.deputy.person, "by_name": "…"}
    RecordDecision.objects.create(**columns, action="submit", revision=1)
    assert verify()[0] == 0
    verification.perform(record, RecordAction.VERIFY, by=cast.deputy, seen=record.revision)
    assert verify()[0] == 0


def test_records_that_a_workbook_brought_and_took_back_are_accounted_for(cast: Cast) -> None:
    made = [training_record(cast.teacher, status="draft", file=None) for _n in range(2)]
    verification.perform(training_record(cast.peer), RecordAction.VERIFY, by=cast.deputy, seen=1)
    brought = [TrainingRecord(**columns_of(record)) for record in made]
    decisions = verification.enter_handed_in(brought, by=cast.deputy)
    assert len(list(record_decisions_are_in_the_journal())) == 2, "until the import is noted"
    named = [[decision.pk, decision.computed_hash()] for decision in decisions]
    audit.note(Event.IMPORT_APPLIED, by=cast.deputy, after={"decisions": named})
    assert list(record_decisions_are_in_the_journal()) == []
    gone = verification.take_out([record.pk for record in brought])
    assert len(list(record_decisions_are_in_the_journal())) == 2
    audit.note(Event.IMPORT_UNDONE, by=cast.deputy, after={"taken_out": gone})
    assert list(record_decisions_are_in_the_journal()) == []


def columns_of(record: TrainingRecord) -> dict[str, Any]:
    """A record as a workbook would bring it."""
    names = ("person", "institution", "title", "date_text", "starts_on", "ends_on", "precision", "provider_text")
    return {name: getattr(record, name) for name in names}
