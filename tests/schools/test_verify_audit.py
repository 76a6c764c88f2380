"""History altered later is found and the row named (trust, T12): the least change of each protected column, by SQL."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DataError, IntegrityError, connection, models, transaction

from schools.choices import Action, Role
from schools.models import Decision, DocumentVersion, Meeting
from schools.models.documents import digest
from tests import factories
from tests.factories import decisions_of

pytestmark = pytest.mark.django_db

DECISION = ("version", "action", "step", "by", "by_name", "by_role", "at", "reason", "previous_hash", "chain_hash")
VERSION = ("document", "number", "content", "content_hash", "route", "made_at")
IN_PLACE_OF = ("in_place_of", "in_place_of_name")  # of a decision; the database lets them change together only
ORDER = ("order_number", "ordered_on")  # the same
# Every other column, with the reason.
UNPROTECTED = {
    Decision: {
        "id": "puts the decisions in order, no more; another order is found",
        "meeting": "what a decision states are the number and the date of the minutes",
    },
    DocumentVersion: {
        "id": "the decisions name it",
        "mark": "chance that says nothing: what its page tells is compared with the paper in the hand",
    },
}


def verify() -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("verify_audit", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def put(row: models.Model, column: str, value: object) -> None:
    """Behind the program's back."""
    field = row._meta.get_field(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {field.column} = %s WHERE id = %s",  # noqa: S608
            [field.get_db_prep_save(value, connection), row.pk],
        )
        assert cursor.rowcount == 1


def found_after(row: models.Model, column: str, value: object) -> str:
    """What the command says of a change that must make it exit with 1; the change is undone."""
    assert value != getattr(row, row._meta.get_field(column).attname)
    with transaction.atomic():
        put(row, column, value)
        code, said = verify()
        transaction.set_rollback(True)
    assert code == 1
    return said


def one_bit_off(text: str) -> str:
    return text[:-1] + chr(ord(text[-1]) ^ 1) if text else "1"


def altered(decision: Decision, column: str) -> Any:
    """The least change that the database's own constraints let through; None where they let none through."""
    if column == "version":
        return DocumentVersion.objects.latest("pk").pk
    if column == "by":
        return decision.by_id - 1
    if column == "action":
        return {Action.SUBMIT: Action.AMEND, Action.CONSIDER: Action.AGREE, Action.APPROVE: Action.AGREE}[
            Action(decision.action)
        ]
    if column == "step":
        return None if decision.step is None else decision.step + 2
    if column == "by_role":
        return Role.CLERK
    if column == "at":
        return decision.at + dt.timedelta.resolution
    return one_bit_off(getattr(decision, column))


@pytest.mark.parametrize(("model", "protected"), [(Decision, DECISION), (DocumentVersion, VERSION)])
def test_every_column_is_protected_or_has_a_reason_not_to_be(model, protected):
    columns = sorted(field.name for field in model._meta.concrete_fields)
    together = (*IN_PLACE_OF, *ORDER) if model is Decision else ()
    assert columns == sorted([*protected, *together, *UNPROTECTED[model]])


def test_a_history_as_it_was_written_is_told_so_with_its_size(approved, cast):
    factories.returned(factories.individual_plan(cast.colleague))
    code, said = verify()
    assert (code, said.splitlines()[0]) == (0, "5 decisions on 2 versions: as they were written.")


def test_an_empty_history_is_a_sound_one():
    nothing = "0 decisions on 0 versions: as they were written.\n"
    assert verify() == (0, f"{nothing}0 entries of the journal: as they were written; no seal.\n")


@pytest.mark.parametrize("column", DECISION)
def test_a_decision_altered_in_a_protected_column_is_named(column, approved):
    DocumentVersion.objects.create(document=approved, number=2, content={}, content_hash=digest({}), route=[])
    tried = 0
    for decision in decisions_of(approved):
        value = altered(decision, column)
        if value is not None:
            assert f"decision {decision.pk}: does not " in found_after(decision, column, value)
            tried += 1
    assert tried == (2 if column == "step" else 3), "of the submission, the consideration and the approval"
    assert verify()[0] == 0


def test_a_decision_put_into_somebody_elses_place_later_is_named(approved, cast):
    for decision in decisions_of(approved):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE schools_decision SET in_place_of_id = %s, in_place_of_name = 'Башка' WHERE id = %s",
                    [cast.clerk.person_id, decision.pk],
                )
            assert f"decision {decision.pk}: does not match its hash" in verify()[1]
            transaction.set_rollback(True)


def test_a_decision_given_an_order_later_is_named(approved):
    for decision in decisions_of(approved):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE schools_decision SET order_number = '21', ordered_on = '2026-01-12' WHERE id = %s",
                    [decision.pk],
                )
            assert f"decision {decision.pk}: does not match its hash" in verify()[1]
            transaction.set_rollback(True)


def test_a_step_put_on_the_authors_own_move_is_refused_by_the_database(approved):
    with pytest.raises(IntegrityError, match="step_fits_action"), transaction.atomic():
        put(decisions_of(approved)[0], "step", 5)


def test_a_version_altered_in_its_content_or_hash_is_named(approved):
    version = approved.in_force
    for column, value in (
        ("content", version.content | {"grounds_text": "."}),
        ("content_hash", one_bit_off(version.content_hash)),
    ):
        assert f"version {version.pk}: its content does not match its hash" in found_after(version, column, value)


def test_a_version_given_to_another_document_is_found_by_both(approved, cast):
    said = found_after(approved.in_force, "document", cast.annual_plan.pk)
    for document in (approved, cast.annual_plan):
        assert f"document {document.pk}: " in said


@pytest.mark.parametrize(
    ("column", "value"), [("number", 7), ("route", []), ("made_at", dt.datetime(2020, 1, 2, tzinfo=dt.UTC))]
)
def test_a_version_altered_in_number_route_or_moment_is_found_by_its_decisions(column, value, approved):
    said = found_after(approved.in_force, column, value)
    assert all(f"decision {decision.pk}: does not match its hash" in said for decision in decisions_of(approved))


def test_each_byte_of_a_content_is_protected(approved):
    """Not one that the hash overlooks: every name and every value of the frozen text."""
    version = approved.in_force
    for place in places_in(version.content):
        content = json.loads(json.dumps(version.content))
        *path, last = place
        inner = content
        for key in path:
            inner = inner[key]
        inner[last] = "башка"
        assert f"version {version.pk}: " in found_after(version, "content", content), place


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every single value inside."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in places_in(inner, (*path, key))]
    if isinstance(value, list):
        return [place for key, inner in enumerate(value) for place in places_in(inner, (*path, key))]
    return [path]


def test_a_content_altered_together_with_its_hash_is_found_by_its_decisions(approved):
    version = approved.in_force
    content = version.content | {"grounds_text": "."}
    put(version, "content_hash", digest(content))
    said = found_after(version, "content", content)
    assert all(f"decision {decision.pk}: does not match its hash" in said for decision in decisions_of(approved))


@pytest.mark.parametrize(("column", "value"), [("minutes_number", "2"), ("held_on", dt.date(2020, 1, 2))])
def test_minutes_altered_after_a_decision_named_them_are_found_by_that_decision(column, value, approved):
    considered = decisions_of(approved)[1]
    said = found_after(considered.meeting, column, value)
    assert said == f"decision {considered.pk}: does not match its hash\n"


@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
def test_a_decision_taken_out_is_found_by_what_is_left(place, approved):
    decisions = decisions_of(approved)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM schools_decision WHERE id = %s", [decisions[place].pk])
    code, said = verify()
    assert code == 1
    assert (f"decision {decisions[place + 1].pk}: " if place < 2 else f"document {approved.pk}: ") in said


@pytest.mark.parametrize(("model", "column"), [(Decision, "at"), (Meeting, "held_on")])
def test_a_value_that_cannot_even_be_read_is_named_and_no_traceback(model, column, approved):
    """SQLite takes it, PostgreSQL refuses it itself; both ways it cannot pass unseen."""
    decision = decisions_of(approved)[1]
    row = decision if model is Decision else decision.meeting
    statement = f"UPDATE {model._meta.db_table} SET {column} = 'кечээ' WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with pytest.raises(DataError, match="invalid input syntax"), transaction.atomic():
                cursor.execute(statement, [row.pk])
        else:
            cursor.execute(statement, [row.pk])
            assert verify() == (1, f"{model._meta.model_name} {row.pk}: holds a value that cannot be read\n")
