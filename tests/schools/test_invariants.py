"""What must always hold is really looked at: each breach, put in by SQL behind the program's back, is found."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.models import Model, QuerySet

from courses.invariants import CHECKS as OF_COURSES
from cpd.dates import today
from plans.invariants import CHECKS as OF_PLANS
from schools.choices import Action
from schools.invariants import (
    CHECKS,
    database_is_sound,
    decisions_are_in_the_journal,
    decisions_form_a_chain,
    entries_are_as_sealed,
    invitations_were_used_once,
    jobs_of_one_place_do_not_overlap,
    nobody_decided_for_themselves,
    one_decision_per_step,
    rows_belong_to_one_place,
    seals_form_a_chain,
    state_follows_decisions,
    steps_were_taken_by_who_held_the_role,
    versions_unchanged,
    versions_were_handed_in,
)
from schools.invitations import make_invitations, token_of, use_invitation
from schools.management.commands import check_invariants
from schools.models import Decision, Document, DocumentVersion, Employment, Invitation, RoleAssignment
from schools.models.documents import digest
from schools.roles import end_role
from tests import factories
from tests.factories import decisions_of


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1, "the breach was put in"


def alter(decision: Decision, column: str, value: object) -> None:
    """An UPDATE that goes around the queryset which refuses it."""
    assert QuerySet(Decision).filter(pk=decision.pk).update(**{column: value}) == 1


@contextmanager
def changed(row: Model, column: str, value: object) -> Iterator[None]:
    """A column that somebody changed behind the program's back, and puts back afterwards."""
    rows = QuerySet(type(row)).filter(pk=row.pk)
    stood = getattr(row, column)
    assert rows.update(**{column: value}) == 1
    yield
    rows.update(**{column: stood})


def broken() -> set[str]:
    return {check.__name__ for check in CHECKS if list(check())}


@pytest.mark.django_db
def test_all_hold_over_papers_in_every_state(cast):
    for author in (cast.teacher, cast.peer, cast.head, cast.deputy, cast.colleague):
        factories.submitted(factories.annual_plan(author))
    factories.approved(factories.annual_plan(cast.director))
    factories.submitted(factories.individual_plan(cast.colleague))
    factories.considered(factories.individual_plan(cast.head))
    factories.returned(factories.individual_plan(cast.peer))
    factories.amended(factories.approved(factories.individual_plan(cast.deputy)))
    factories.individual_plan(cast.teacher)
    assert broken() == set()


@pytest.mark.django_db
def test_all_hold_where_there_is_nothing():
    assert broken() == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("by_name", "Башка киши"),
        ("by_role", "clerk"),
        ("reason", "кошулган"),
        ("at", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        ("step", 7),
        ("chain_hash", "0" * 64),
        ("previous_hash", "0" * 64),
    ],
)
def test_a_decision_altered_in_any_column_breaks_the_chain(column, value, approved):
    last = decisions_of(approved)[-1]
    alter(last, column, value)
    assert decisions_form_a_chain.__name__ in broken()
    assert f"decision {last.pk}:" in " ".join(decisions_form_a_chain())


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["by_id", "meeting_id", "version_id", "action"])
def test_a_decision_given_to_another_breaks_the_chain(column, approved, cast):
    value = {
        "by_id": cast.second_deputy.person_id,
        "meeting_id": factories.meeting(cast.association, by=cast.head, number="77").pk,
        "version_id": factories.submitted(cast.annual_plan).current_version_id,
        "action": Action.AGREE.value,
    }[column]
    last = decisions_of(approved)[-1]
    alter(last, column, value)
    assert decisions_form_a_chain.__name__ in broken()


@pytest.mark.django_db
def test_minutes_renumbered_later_break_the_chain(approved):
    meeting = decisions_of(approved)[1].meeting
    sql("UPDATE schools_meeting SET minutes_number = '99' WHERE id = %s", meeting.pk)
    assert broken() == {decisions_form_a_chain.__name__}


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 1])
def test_a_decision_taken_out_breaks_the_chain(place, approved):
    sql("DELETE FROM schools_decision WHERE id = %s", decisions_of(approved)[place].pk)
    assert decisions_form_a_chain.__name__ in broken()


@pytest.mark.django_db
def test_the_last_decision_taken_out_leaves_a_state_nobody_decided(approved):
    sql("DELETE FROM schools_decision WHERE id = %s", decisions_of(approved)[-1].pk)
    assert broken() == {state_follows_decisions.__name__, decisions_are_in_the_journal.__name__}


@pytest.mark.django_db
def test_a_decision_put_in_later_breaks_the_chain(considered, cast):
    last = decisions_of(considered)[-1]
    Decision.objects.bulk_create(
        [
            Decision(
                version=last.version,
                action=Action.APPROVE,
                step=1,
                by=cast.deputy.person,
                by_name=cast.deputy.person.full_name,
                by_role="deputy_director",
                at=last.at,
                previous_hash=last.chain_hash,
                chain_hash=uuid.uuid4().hex,
            )
        ]
    )
    assert broken() == {
        decisions_form_a_chain.__name__,
        state_follows_decisions.__name__,
        decisions_are_in_the_journal.__name__,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["approved", "returned", "draft"])
def test_a_state_nobody_decided_is_found(state, considered):
    sql("UPDATE schools_document SET state = %s, awaiting_role = '' WHERE id = %s", state, considered.pk)
    assert broken() == {state_follows_decisions.__name__}
    assert list(state_follows_decisions()) == [
        f"document {considered.pk}: stands as {state}, its decisions say otherwise"
    ]


@pytest.mark.django_db
def test_a_version_in_force_that_nobody_approved_is_found(considered):
    sql("UPDATE schools_document SET in_force_id = %s WHERE id = %s", considered.current_version_id, considered.pk)
    assert broken() == {state_follows_decisions.__name__}


@pytest.mark.django_db
def test_an_approved_version_no_longer_in_force_is_found(approved):
    sql("UPDATE schools_document SET in_force_id = NULL WHERE id = %s", approved.pk)
    assert broken() == {state_follows_decisions.__name__}


@pytest.mark.django_db
def test_a_text_altered_after_its_approval_is_found(approved):
    version = approved.in_force
    content = version.content | {"grounds_text": "кийин кошулду"}
    sql("UPDATE schools_documentversion SET content = %s WHERE id = %s", json.dumps(content), version.pk)
    assert broken() == {versions_unchanged.__name__}
    assert list(versions_unchanged()) == [f"version {version.pk}: its content does not match its hash"]


@pytest.mark.django_db
def test_a_text_altered_together_with_its_hash_is_found(approved):
    """Whoever knows how the hash is made must alter every decision too, and the printed papers."""
    version = approved.in_force
    content = version.content | {"grounds_text": "кийин кошулду"}
    sql(
        "UPDATE schools_documentversion SET content = %s, content_hash = %s WHERE id = %s",
        json.dumps(content),
        digest(content),
        version.pk,
    )
    assert broken() == {decisions_form_a_chain.__name__}


@pytest.mark.django_db
def test_the_same_content_has_the_same_hash_whatever_the_order_of_its_names(approved):
    version = approved.in_force
    content = dict(reversed(version.content.items()))
    sql("UPDATE schools_documentversion SET content = %s WHERE id = %s", json.dumps(content), version.pk)
    assert broken() == set()


@pytest.mark.django_db
def test_a_decision_by_the_author_is_found(approved, cast):
    sql("UPDATE schools_decision SET by_id = %s WHERE id = %s", cast.teacher.person_id, decisions_of(approved)[-1].pk)
    assert nobody_decided_for_themselves.__name__ in broken()


@pytest.mark.django_db
def test_two_steps_taken_by_one_person_are_found(approved, cast):
    sql("UPDATE schools_decision SET by_id = %s WHERE id = %s", cast.head.person_id, decisions_of(approved)[-1].pk)
    assert nobody_decided_for_themselves.__name__ in broken()


@pytest.mark.django_db(transaction=True)
def test_two_decisions_on_one_step_are_found(approved):
    """Possible only where the database's own constraint is gone, so it is taken away for the test."""
    belt = next(c for c in Decision._meta.constraints if c.name == "schools_decision_one_per_step")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Decision, belt)
    try:
        sql("UPDATE schools_decision SET step = 0 WHERE id = %s", decisions_of(approved)[-1].pk)
        assert one_decision_per_step.__name__ in broken()
    finally:
        sql("UPDATE schools_decision SET step = 1 WHERE id = %s", decisions_of(approved)[-1].pk)
        with connection.schema_editor() as editor:
            editor.add_constraint(Decision, belt)


@pytest.mark.django_db(transaction=True)
def test_a_link_to_a_row_that_is_gone_is_found(approved, cast):
    """As after a restore of half a backup; PostgreSQL can only be asked whether its constraints were checked."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("DELETE FROM schools_meeting")
            assert broken() == {database_is_sound.__name__, decisions_form_a_chain.__name__}
            cursor.execute("DELETE FROM schools_decision")
            cursor.execute("PRAGMA foreign_keys=ON")
        else:
            cursor.execute(
                "ALTER TABLE schools_decision ADD CONSTRAINT unchecked CHECK (by_name <> by_name) NOT VALID"
            )
            assert broken() == {database_is_sound.__name__}
            cursor.execute("ALTER TABLE schools_decision DROP CONSTRAINT unchecked")


@pytest.mark.django_db
def test_the_command_prints_json_and_ends_well_where_all_holds(approved):
    out = StringIO()
    call_command("check_invariants", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {check.__name__: [] for check in (*CHECKS, *OF_COURSES, *OF_PLANS)}


@pytest.mark.django_db
@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_names_the_breach_and_exits_with_1(as_json, approved):
    sql("UPDATE schools_document SET in_force_id = NULL WHERE id = %s", approved.pk)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_invariants", *(["--json"] if as_json else []), stdout=out)
    assert end.value.code == 1
    sentence = f"document {approved.pk}: version None is in force, its decisions say otherwise"
    if as_json:
        found = json.loads(out.getvalue())
        assert found["state_follows_decisions"] == [sentence]
        assert set(found) == {check.__name__ for check in (*CHECKS, *OF_COURSES, *OF_PLANS)}
    else:
        assert f"state_follows_decisions: {sentence}" in out.getvalue()
        assert "versions_unchanged: holds" in out.getvalue()


@pytest.mark.parametrize(("first_day", "is_broken"), [(0, True), (1, False)])
def test_two_jobs_in_one_place_at_once_are_told(first_day: int, is_broken: bool, cast):
    job = factories.job_of(cast.teacher)
    job.ends_on = today()
    job.save()
    first = today() + dt.timedelta(days=first_day)
    factories.EmploymentFactory(person=job.person, institution=job.institution, starts_on=first)
    factories.EmploymentFactory(person=job.person, institution=cast.other_school, is_main=False)
    broken = [f"employment {job.pk}: person {job.person_id} has another one there at the same time"]
    assert list(jobs_of_one_place_do_not_overlap()) == (broken if is_broken else [])


def test_a_version_nobody_handed_in_and_one_of_another_document_are_told(considered, cast):
    other = factories.submitted(cast.annual_plan)
    version = considered.current_version
    columns = {name: getattr(version, name) for name in ("document_id", "content", "content_hash", "route")}
    made = DocumentVersion.objects.create(number=2, **columns)
    assert list(versions_were_handed_in()) == [
        f"version {made.pk}: nobody handed it in, though document {considered.pk} has it"
    ]
    sql("DELETE FROM schools_documentversion WHERE id = %s", made.pk)
    for column in ("current_version_id", "in_force_id"):
        with changed(considered, column, other.current_version_id):
            assert list(versions_were_handed_in()) == [
                f"document {considered.pk}: names a version of another document"
            ]
    assert broken() == set()


def test_a_step_taken_by_who_did_not_hold_the_role_there_is_told(approved, cast):
    """I10: of another role, school or time. A role that is ended later opens no breach: the journal tells of it."""
    last = decisions_of(approved)[-1]
    told = [f"decision {last.pk}: who took it was not {last.by_role} there on that day"]
    role = RoleAssignment.objects.get(person=cast.deputy.person)
    for column, value in {
        "role": "director",
        "institution_id": cast.other_school.pk,
        "person_id": cast.clerk.person_id,
        "ends_on": today() - dt.timedelta(days=1),
        "starts_on": today() + dt.timedelta(days=1),
    }.items():
        with changed(role, column, value):
            assert list(steps_were_taken_by_who_held_the_role()) == told, column
    with changed(last, "by_id", cast.other_director.person_id):
        assert list(steps_were_taken_by_who_held_the_role()) == told
    end_role(assignment=role, by=cast.director, last_day=None)
    assert list(steps_were_taken_by_who_held_the_role()) == []


def test_a_step_in_somebody_s_place_is_theirs_whose_role_it_is(approved, cast):
    last = decisions_of(approved)[-1]
    QuerySet(Decision).filter(pk=last.pk).update(by=cast.clerk.person, in_place_of=last.by, in_place_of_name="—")
    assert list(steps_were_taken_by_who_held_the_role()) == []
    alter(last, "in_place_of_id", cast.teacher.person_id)
    assert steps_were_taken_by_who_held_the_role.__name__ in broken()


def test_a_slip_used_when_it_opened_nothing_is_told(cast):
    person = factories.EmploymentFactory(institution=cast.school).person
    [slip] = make_invitations([person], by=cast.director, institution=cast.school)
    account = use_invitation(token_of(slip), username="jany", password=factories.PASSWORD, language="ky")
    slip.refresh_from_db()
    assert broken() == set()
    told = [f"invitation {slip.pk}: was used when it opened nothing, or made no account"]
    day = dt.timedelta(days=1)
    with changed(slip, "expires_at", slip.used_at - day):
        assert list(invitations_were_used_once()) == told
    with changed(slip, "made_at", slip.used_at + day):
        assert list(invitations_were_used_once()) == told
    with changed(account, "person_id", factories.PersonFactory().pk):
        assert list(invitations_were_used_once()) == told
    moments = {name: getattr(slip, name) for name in ("made_at", "expires_at", "used_at")}
    Invitation.objects.create(person=person, made_by=slip.made_by, salt="x", token_hash="x", **moments)
    assert list(invitations_were_used_once()) == [f"person {person.pk}: 2 invitations used at one moment"]


def test_a_row_that_belongs_to_two_places_is_told(draft, cast):
    for row, name in ((Document.objects.get(pk=draft.pk), "document"), (factories.job_of(cast.teacher), "employment")):
        with changed(row, "association_id", cast.far_association.pk):
            assert list(rows_belong_to_one_place()) == [f"{name} {row.pk}: belongs to two places"]
    assert list(rows_belong_to_one_place()) == []


@pytest.mark.django_db(transaction=True)
def test_a_row_of_no_place_is_missing_in_the_sum_of_all_places(cast):
    """Possible only where the database's own links are gone, as after a restore of half a backup."""
    total = Employment.objects.count()
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":  # it lets nobody take a place away
            with pytest.raises(IntegrityError):
                cursor.execute("DELETE FROM schools_institution WHERE id = %s", [cast.far_school.pk])
            return
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("DELETE FROM schools_institution WHERE id = %s", [cast.far_school.pk])
        assert f"employment: {total - 1} rows in all districts, {total} altogether" in list(rows_belong_to_one_place())
        cursor.execute("DELETE FROM schools_employment")
        cursor.execute("DELETE FROM schools_methodicalassociation")
        cursor.execute("PRAGMA foreign_keys=ON")


def test_of_many_breaches_the_first_are_told(approved, monkeypatch):
    monkeypatch.setattr(check_invariants, "MOST_TOLD", 1)
    for decision in decisions_of(approved):
        alter(decision, "reason", "кошулган")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_invariants", "--json", stdout=out)
    first = decisions_of(approved)[0].pk
    assert json.loads(out.getvalue())["decisions_form_a_chain"] == [
        f"decision {first}: does not match its hash",
        "and more",
    ]


def test_every_check_is_run():
    assert set(CHECKS) == {
        one_decision_per_step,
        state_follows_decisions,
        versions_unchanged,
        decisions_form_a_chain,
        decisions_are_in_the_journal,
        seals_form_a_chain,
        entries_are_as_sealed,
        versions_were_handed_in,
        nobody_decided_for_themselves,
        steps_were_taken_by_who_held_the_role,
        invitations_were_used_once,
        rows_belong_to_one_place,
        jobs_of_one_place_do_not_overlap,
        database_is_sound,
    }
