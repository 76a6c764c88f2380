"""The machine of records: which moves happen, for whom, what they leave behind, and that nothing else does."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import hypothesis
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from courses import verification
from courses.choices import (
    DocumentType,
    HoursUnit,
    RecordAction,
    RecordStatus,
    TrainingKind,
)
from courses.facts import records_of
from courses.invariants import OF_RECORDS
from courses.models import ConfirmedPair, HoursPolicy, RecordDecision, TrainingRecord
from courses.verification import GIVEN_BACK, MOVES, confirm_pair, lacking, moves_open_to, perform, revoke_pair
from cpd.dates import moment, today
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Employment, RoleAssignment
from tests import factories
from tests.conftest import PEOPLE, Cast
from tests.factories import again, training_record

A_REASON = "Күбөлүктүн номери окулбайт."
IN_DAYS = {"unit": HoursUnit.DAY_NIGHT, "amount": Decimal(4), "hours_text": "4 сутка"}
SCHOOL = {"deputy", "second_deputy", "director", "clerk"}

# Written by hand: whose record, in which status → action → (who may, the status it leads to). Nothing else happens.
LISTED: dict[tuple[str, str], dict[str, tuple[set[str], str]]] = {
    ("teacher", "draft"): {"submit": ({"teacher"}, "submitted")},
    ("teacher", "noted"): {"submit": ({"teacher"}, "submitted")},
    ("teacher", "returned"): {"submit": ({"teacher"}, "submitted")},
    ("teacher", "submitted"): {
        "withdraw": ({"teacher"}, "draft"),
        "set_hours": (SCHOOL, "submitted"),
        "recognise": (SCHOOL, "submitted"),
        "verify": (SCHOOL, "verified"),
        "return": (SCHOOL, "returned"),
        "reject": (SCHOOL, "rejected"),
    },
    ("teacher", "verified"): {
        "set_hours": (SCHOOL, "verified"),
        "recognise": (SCHOOL, "verified"),
        "reverse": (SCHOOL, "returned"),
    },
    ("teacher", "rejected"): {"reverse": (SCHOOL, "returned")},
    # Who leads the school is judged by the others who do, and by the district's officer; never by themselves.
    ("deputy", "submitted"): {
        "withdraw": ({"deputy"}, "draft"),
        "set_hours": (SCHOOL - {"deputy"} | {"officer"}, "submitted"),
        "recognise": (SCHOOL - {"deputy"} | {"officer"}, "submitted"),
        "verify": (SCHOOL - {"deputy"} | {"officer"}, "verified"),
        "return": (SCHOOL - {"deputy"} | {"officer"}, "returned"),
        "reject": (SCHOOL - {"deputy"} | {"officer"}, "rejected"),
    },
    ("director", "verified"): {
        "set_hours": (SCHOOL - {"director"} | {"officer"}, "verified"),
        "recognise": (SCHOOL - {"director"} | {"officer"}, "verified"),
        "reverse": (SCHOOL - {"director"} | {"officer"}, "returned"),
    },
    ("head", "submitted"): {
        "withdraw": ({"head"}, "draft"),
        "set_hours": (SCHOOL, "submitted"),
        "recognise": (SCHOOL, "submitted"),
        "verify": (SCHOOL, "verified"),
        "return": (SCHOOL, "returned"),
        "reject": (SCHOOL, "rejected"),
    },
}


def fresh(record: TrainingRecord) -> TrainingRecord:
    return TrainingRecord.objects.get(pk=record.pk)


def standing(record: TrainingRecord) -> dict[str, Any]:
    """Everything a move could change."""
    return TrainingRecord.objects.filter(pk=record.pk).values().get() | {
        "decisions": list(record.decisions.values_list("pk", flat=True)),
        "pairs": list(ConfirmedPair.objects.order_by("pk").values()),
    }


def move(record: TrainingRecord, action: RecordAction, user: Any, **details: Any) -> RecordDecision:
    wanted = {"seen": record.revision, "reason": A_REASON}
    wanted |= {"hours": Decimal(32)} if action == RecordAction.SET_HOURS else {}
    return perform(record, action, by=again(user), **wanted | details)


def overlapping(cast: Cast, **columns: Any) -> tuple[TrainingRecord, TrainingRecord]:
    ends_on = today() - dt.timedelta(days=60)
    first = training_record(cast.teacher, ends_on=ends_on, **columns)
    return first, training_record(cast.teacher, ends_on=ends_on - dt.timedelta(days=3), **columns)


@pytest.mark.django_db
@pytest.mark.parametrize("where", LISTED, ids="-".join)
def test_exactly_the_listed_moves_happen(where, cast):
    owner, status = where
    factories.rule_of_least_length(cast.school)
    record = training_record(getattr(cast, owner), status=status, **IN_DAYS)
    before = standing(record)
    for name in PEOPLE:
        user = getattr(cast, name)
        offered = set(moves_open_to(again(user), record))
        listed = {action for action, (who, _target) in LISTED[where].items() if name in who}
        assert offered == listed, name
        for action in RecordAction:
            point = transaction.savepoint() if action in listed else None
            try:
                decision = move(record, action, user)
            except (Refused, PermissionDenied):
                assert point is None, (name, action)
            else:
                assert point is not None, (name, action)
                after = fresh(record)
                assert after.status == LISTED[where][action][1]
                assert after.revision == record.revision + 1
                assert (decision.action, decision.revision) == (action, after.revision)
                transaction.savepoint_rollback(point)
        assert standing(record) == before, f"{name}, who was refused, left something"


def test_every_status_and_every_action_is_listed():
    assert {status for _owner, status in LISTED} == set(RecordStatus.values)
    assert {action for moves in LISTED.values() for action in moves} == set(RecordAction.values)
    assert set(MOVES) == set(RecordAction)


@pytest.mark.django_db
def test_a_decision_keeps_the_name_the_role_the_reason_and_what_was_decided_on(cast):
    record = training_record(cast.teacher)
    decision = move(record, RecordAction.RETURN, cast.deputy)
    cast.deputy.person.family_name = "Башкаева"
    cast.deputy.person.save()
    kept = RecordDecision.objects.get(pk=decision.pk)
    assert (kept.by_name, kept.by_role, kept.reason) == ("Төлөгөнова Жылдыз Кадыровна", "deputy_director", A_REASON)
    assert kept.content["title"] == record.title
    assert kept.content["ends_on"] == str(record.ends_on)
    assert kept.content["amount"] == "24.0"
    assert kept.content["document_number"] == record.document_number
    assert kept.content["file"] == {
        "stored_as": record.file.stored_as,
        "sha256": record.file.sha256,
        "original_sha256": record.file.original_sha256,
    }
    assert kept.file == record.file


def test_a_decision_keeps_every_column_but_those_of_the_machine_and_of_search():
    own = {field.attname for field in TrainingRecord._meta.concrete_fields}
    left_out = {
        "id", "title_key", "provider_key", "document_key", "file_id", "status", "revision", "entered_at", "changed_at",
        "handed_in_on",
    }  # fmt: skip
    assert own - left_out == set(verification.DECIDED_ON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "role"),
    [("deputy", "deputy_director"), ("director", "director"), ("clerk", "clerk"), ("officer", "district_officer")],
)
def test_a_decision_keeps_the_role_it_was_taken_in(who, role, cast):
    record = training_record(cast.second_deputy)
    assert move(record, RecordAction.VERIFY, getattr(cast, who)).by_role == role


@pytest.mark.django_db
def test_the_owners_moves_are_of_no_role(cast):
    assert move(training_record(cast.deputy), RecordAction.WITHDRAW, cast.deputy).by_role == ""


@pytest.mark.django_db
def test_decisions_are_never_changed_nor_deleted(cast):
    decision = move(training_record(cast.teacher), RecordAction.VERIFY, cast.deputy)
    for write in (decision.save, decision.delete, RecordDecision.objects.all().delete):
        with pytest.raises(TypeError):
            write()
    with pytest.raises(TypeError):
        RecordDecision.objects.update(reason="")


# What keeps a record from being verified --------------------------------------------------------------------------

UNNUMBERED = {"document_type": DocumentType.THANKS_LETTER, "document_number": "", "document_on": None}
UNDATED = {"starts_on": None, "ends_on": None, "precision": "", "document_on": dt.date(2026, 2, 2)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, []),
        ({"document_number": ""}, ["document_number"]),
        ({"document_number": "б/н"}, []),
        ({"document_on": None}, ["document_on"]),
        ({"document_type": ""}, ["document_type"]),
        ({"file": None}, ["file"]),
        (UNNUMBERED, []),
        (UNNUMBERED | {"file": None}, ["file"]),
        (UNDATED, ["date_text"]),
        (IN_DAYS, []),
        ({"hours_text": "", "amount": None, "unit": HoursUnit.UNKNOWN}, []),
        (
            {"document_number": "", "document_on": None, "file": None},
            ["document_number", "document_on", "file"],
        ),
    ],
)
def test_a_record_is_verified_only_with_its_document(columns, expected, cast):
    record = training_record(cast.teacher, **columns)
    assert lacking(record) == expected
    assert (RecordAction.VERIFY in moves_open_to(again(cast.deputy), record)) == (not expected)
    if not expected:
        move(record, RecordAction.VERIFY, cast.deputy)
        assert fresh(record).status == RecordStatus.VERIFIED
        return
    before = standing(record)
    with pytest.raises(Refused) as refusal:
        move(record, RecordAction.VERIFY, cast.deputy)
    assert standing(record) == before
    assert all(word in refusal.value.message for word in verification.lacking_words(record))


@pytest.mark.django_db
@pytest.mark.parametrize("action", [RecordAction.RETURN, RecordAction.REJECT, RecordAction.REVERSE])
def test_what_refuses_needs_a_reason(action, cast):
    status = RecordStatus.VERIFIED if action == RecordAction.REVERSE else RecordStatus.SUBMITTED
    record = training_record(cast.teacher, status=status)
    with pytest.raises(Refused, match=re.escape(gettext("Give the reason."))):
        move(record, action, cast.deputy, reason=" \n ")
    assert fresh(record).status == status


@pytest.mark.django_db
def test_hours_are_entered_only_where_the_document_does_not_speak_of_hours(cast):
    record = training_record(cast.teacher)
    with pytest.raises(Refused):
        move(record, RecordAction.SET_HOURS, cast.deputy)
    in_days = training_record(cast.teacher, **IN_DAYS)
    decision = move(in_days, RecordAction.SET_HOURS, cast.deputy, hours=Decimal("32.5"))
    after = fresh(in_days)
    assert (after.approved_hours, after.approved_hours_reason) == (Decimal("32.5"), A_REASON)
    assert (after.amount, after.unit, after.hours_text) == (Decimal(4), "day_night", "4 сутка")
    assert (decision.content["approved_hours"], decision.reason) == ("32.5", A_REASON)


COUNCIL = "Окуу-методикалык кеңеш, № 4, 12.03.2026"


@pytest.mark.django_db
def test_a_short_course_is_recognised_by_a_decision_as_typed(cast):
    factories.rule_of_least_length(cast.school)
    record = training_record(cast.teacher)
    decision = move(record, RecordAction.RECOGNISE, cast.deputy, reason=f" {COUNCIL} ")
    after = fresh(record)
    assert (after.recognition, after.status, after.revision) == (COUNCIL, "submitted", 2)
    assert (decision.reason, decision.by_role) == (COUNCIL, "deputy_director")
    assert decision.content["recognition"] == COUNCIL
    assert records_of([record.person])[record.person_id][0].recognised
    move(after, RecordAction.VERIFY, cast.deputy)
    corrected = move(fresh(record), RecordAction.RECOGNISE, cast.director, reason="№ 5")
    assert (fresh(record).recognition, fresh(record).status, corrected.by_role) == ("№ 5", "verified", "director")
    assert [list(check()) for check in OF_RECORDS] == [[]] * len(OF_RECORDS)


@pytest.mark.django_db
def test_a_recognition_needs_its_decision(cast):
    factories.rule_of_least_length(cast.school)
    record = training_record(cast.teacher)
    with pytest.raises(Refused):
        move(record, RecordAction.RECOGNISE, cast.deputy, reason=" ")
    assert fresh(record).recognition == ""


@pytest.mark.django_db
@pytest.mark.parametrize("action", [action for action, move in MOVES.items() if move.target in GIVEN_BACK])
def test_a_recognition_falls_when_the_record_is_given_back(action, cast):
    status = RecordStatus.VERIFIED if action == RecordAction.REVERSE else RecordStatus.SUBMITTED
    record = training_record(cast.teacher, status=status, recognition=COUNCIL)
    decision = move(record, action, cast.teacher if action == RecordAction.WITHDRAW else cast.deputy)
    assert fresh(record).recognition == ""
    assert decision.content["recognition"] == COUNCIL, "what was decided on stays told"


@pytest.mark.django_db
def test_nothing_is_recognised_where_no_rule_in_force_asks_for_a_least_length(cast):
    record = training_record(cast.teacher)
    conference = training_record(cast.teacher, kind=TrainingKind.CONFERENCE)

    def is_open(which: TrainingRecord) -> bool:
        """Whether it is offered, which must agree with what happens."""
        point = transaction.savepoint()
        try:
            move(which, RecordAction.RECOGNISE, cast.deputy, reason=COUNCIL)
        except Refused:
            happened = False
        else:
            happened = True
        transaction.savepoint_rollback(point)
        assert (RecordAction.RECOGNISE in moves_open_to(again(cast.deputy), which)) == happened
        return happened

    assert not is_open(record), "a school's rule knows no least length"
    rule = factories.rule_of_least_length(cast.school)
    assert is_open(record)
    assert not is_open(conference), "conferences are no events, recognised or not"
    rule.staff_group = "nobody's"
    rule.save()
    assert not is_open(record)
    rule.staff_group = Employment.objects.get(person=record.person).staff_group
    rule.save()
    assert is_open(record)
    HoursPolicy.objects.filter(pk=rule.pk).update(valid_to=today() - dt.timedelta(days=1))
    assert not is_open(record), "the rule has ended"


@pytest.mark.django_db
@pytest.mark.parametrize("action", [RecordAction.WITHDRAW, RecordAction.RETURN])
def test_hours_read_off_a_document_fall_when_its_owner_may_change_it(action, cast):
    record = training_record(cast.teacher, **IN_DAYS, approved_hours=Decimal(32), approved_hours_reason="күбөлүктөн")
    decision = move(record, action, cast.teacher if action == RecordAction.WITHDRAW else cast.deputy)
    assert (fresh(record).approved_hours, fresh(record).approved_hours_reason) == (None, "")
    assert decision.content["approved_hours"] == "32.0", "what was decided on stays told"


# Who came second --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_comes_second_is_told_who_did_what_and_when(cast):
    record = training_record(cast.teacher)
    first = move(record, RecordAction.VERIFY, cast.deputy)
    with pytest.raises(ChangedMeanwhile) as told:
        move(record, RecordAction.REJECT, cast.second_deputy)
    for word in (first.by_name, moment(first.at), str(RecordStatus.VERIFIED.label)):
        assert word in told.value.message


@pytest.mark.django_db
def test_who_comes_after_a_change_without_a_decision_is_told_when(cast):
    record = training_record(cast.teacher)
    TrainingRecord.objects.filter(pk=record.pk).update(revision=2)
    with pytest.raises(ChangedMeanwhile, match=re.escape(moment(fresh(record).changed_at))):
        move(record, RecordAction.VERIFY, cast.deputy)


@pytest.mark.django_db
def test_a_record_deleted_meanwhile_is_told_in_a_sentence(cast):
    record = training_record(cast.teacher, status=RecordStatus.DRAFT)
    gone = fresh(record)
    record.delete()
    with pytest.raises(ChangedMeanwhile):
        move(gone, RecordAction.SUBMIT, cast.teacher)


@pytest.mark.django_db
def test_a_deputy_is_told_that_nobody_verifies_their_own_record(cast):
    record = training_record(cast.deputy)
    for action in (RecordAction.VERIFY, RecordAction.RETURN, RecordAction.REJECT):
        with pytest.raises(PermissionDenied) as refusal:
            move(record, action, cast.deputy)
        assert str(refusal.value) == str(gettext("You cannot verify your own record."))
    assert fresh(record).status == RecordStatus.SUBMITTED


@pytest.mark.django_db
def test_a_role_that_ended_yesterday_decides_nothing_today(cast):
    record = training_record(cast.teacher)
    yesterday = today() - dt.timedelta(days=1)
    RoleAssignment.objects.filter(person=cast.deputy.person).update(ends_on=yesterday)
    assert moves_open_to(again(cast.deputy), record) == []
    with pytest.raises(PermissionDenied):
        move(record, RecordAction.VERIFY, cast.deputy)


@pytest.mark.django_db
def test_the_school_that_was_told_decides_though_the_teacher_has_left(cast):
    record = training_record(cast.teacher)
    yesterday = today() - dt.timedelta(days=1)
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=yesterday)
    move(record, RecordAction.VERIFY, cast.deputy)
    assert fresh(record).status == RecordStatus.VERIFIED


# Two courses on the same days -------------------------------------------------------------------------------------


def confirm(first, second, user, **details):
    wanted = {"seen": (first.revision, second.revision), "reason": "Экөө тең сырттан окуу."}
    return confirm_pair(first, second, by=again(user), **wanted | details)


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_decides_on_the_records_confirms_a_pair_and_takes_it_back(who, cast):
    first, second = overlapping(cast)
    user = getattr(cast, who)
    kept = factories.confirmed_pair(*overlapping(cast), by=cast.director)
    if who in SCHOOL:
        pair = confirm(second, first, user)
        assert (pair.first, pair.second, pair.confirmed_by) == (first, second, user.person)
        revoke_pair(kept, by=again(user))
        kept.refresh_from_db()
        assert (kept.revoked_by, kept.revoked_at is None) == (user.person, False)
        return
    with pytest.raises(PermissionDenied):
        confirm(first, second, user)
    with pytest.raises(PermissionDenied):
        revoke_pair(kept, by=again(user))
    assert list(ConfirmedPair.objects.filter(revoked_at=None)) == [kept]


@pytest.mark.django_db
def test_a_pair_is_refused_without_common_days_without_a_reason_and_twice(cast):
    first, second = overlapping(cast)
    apart = training_record(cast.teacher, ends_on=today() - dt.timedelta(days=400))
    foreign = training_record(cast.colleague)
    undated = training_record(cast.teacher, **UNDATED)
    for one, other in ((first, apart), (first, foreign), (first, undated), (first, first)):
        with pytest.raises(Refused):
            confirm(one, other, cast.deputy)
    with pytest.raises(Refused):
        confirm(first, second, cast.deputy, reason="  ")
    confirm(first, second, cast.deputy)
    with pytest.raises(Refused):
        confirm(second, first, cast.second_deputy)
    assert ConfirmedPair.objects.count() == 1


@pytest.mark.django_db
def test_a_pair_is_refused_where_one_of_the_two_was_changed_or_is_not_handed_in(cast):
    first, second = overlapping(cast)
    with pytest.raises(ChangedMeanwhile):
        confirm(first, second, cast.deputy, seen=(first.revision, second.revision - 1))
    TrainingRecord.objects.filter(pk=second.pk).update(status=RecordStatus.RETURNED)
    with pytest.raises(Refused):
        confirm(first, second, cast.deputy)
    assert not ConfirmedPair.objects.exists()


@pytest.mark.django_db
def test_a_pair_across_two_schools_is_confirmed_by_either_that_sees_both(cast):
    first, second = overlapping(cast)
    TrainingRecord.objects.filter(pk=second.pk).update(institution=cast.other_school)
    with pytest.raises(PermissionDenied):
        confirm(first, second, cast.other_director)  # to whom the teacher is a stranger
    confirm(first, second, cast.deputy)
    assert ConfirmedPair.objects.count() == 1


@pytest.mark.django_db
def test_a_confirmation_is_taken_back_once(cast):
    pair = factories.confirmed_pair(*overlapping(cast), by=cast.deputy)
    revoke_pair(pair, by=again(cast.deputy))
    with pytest.raises(Refused):
        revoke_pair(pair, by=again(cast.second_deputy))
    pair.refresh_from_db()
    assert pair.revoked_by == cast.deputy.person


@pytest.mark.django_db
def test_a_reversal_takes_the_pairs_of_the_record_back_and_no_others(cast):
    first, second = overlapping(cast, status=RecordStatus.VERIFIED)
    other_pair = factories.confirmed_pair(*overlapping(cast), by=cast.deputy)
    pair = confirm(first, second, cast.deputy)
    move(second, RecordAction.REVERSE, cast.director)
    pair.refresh_from_db()
    other_pair.refresh_from_db()
    assert (pair.revoked_by, pair.revoked_at is None) == (cast.director.person, False)
    assert other_pair.revoked_at is None
    assert fresh(second).status == RecordStatus.RETURNED
    assert fresh(first).status == RecordStatus.VERIFIED


@pytest.mark.django_db
def test_a_reversed_record_can_be_corrected_handed_in_and_verified_again(cast):
    record = training_record(cast.teacher)
    steps = [
        (RecordAction.VERIFY, cast.deputy),
        (RecordAction.REVERSE, cast.director),
        (RecordAction.SUBMIT, cast.teacher),
        (RecordAction.VERIFY, cast.clerk),
    ]
    for action, user in steps:
        move(fresh(record), action, user)
    assert [(decision.action, decision.revision) for decision in record.decisions.all()] == [
        ("verify", 2),
        ("reverse", 3),
        ("submit", 4),
        ("verify", 5),
    ]


# What must always hold is really looked at: each breach, put in behind the program's back, is found --------------


def breaches() -> set[str]:
    return {check.__name__ for check in OF_RECORDS if list(check())}


def alter(record: TrainingRecord, **columns: Any) -> None:
    assert TrainingRecord.objects.filter(pk=record.pk).update(**columns) == 1


@pytest.fixture
def verified(cast: Cast) -> TrainingRecord:
    record = training_record(cast.teacher, status=RecordStatus.DRAFT)
    move(record, RecordAction.SUBMIT, cast.teacher)
    move(fresh(record), RecordAction.VERIFY, cast.deputy)
    assert breaches() == set()
    return fresh(record)


@pytest.mark.django_db
@pytest.mark.parametrize("status", sorted(set(RecordStatus) - {RecordStatus.VERIFIED}))
def test_a_status_that_no_decision_gave_is_found(status, verified):
    alter(verified, status=status)
    assert breaches() == {"record_status_follows_decisions"}


@pytest.mark.django_db
@pytest.mark.parametrize("columns", [{"file": None}, {"document_number": ""}, {"document_on": None}, UNDATED])
def test_a_verified_record_that_lost_its_document_is_found(columns, verified):
    alter(verified, **columns)
    assert breaches() == {"verified_records_have_documents"}


@pytest.mark.django_db
def test_an_own_decision_is_found(verified, cast):
    RecordDecision.objects.create(
        record=verified, action=RecordAction.VERIFY, revision=9, by=cast.teacher.person, by_name="…"
    )
    assert breaches() == {"nobody_verified_their_own", "record_decisions_are_in_the_journal"}


@pytest.mark.django_db
def test_a_submission_by_somebody_else_is_found(verified, cast):
    alter(verified, status=RecordStatus.SUBMITTED)
    RecordDecision.objects.create(
        record=verified, action=RecordAction.SUBMIT, revision=9, by=cast.deputy.person, by_name="…"
    )
    assert breaches() == {"nobody_verified_their_own", "record_decisions_are_in_the_journal"}


@pytest.mark.django_db
def test_a_pair_that_cannot_be_is_found(verified, cast):
    other = training_record(cast.colleague, status=RecordStatus.DRAFT)
    factories.confirmed_pair(verified, other, by=cast.deputy)
    assert breaches() == {"pairs_are_of_one_person"}


# Random walks -----------------------------------------------------------------------------------------------------

LEADS = {
    (status, action): target for (_owner, status), moves in LISTED.items() for action, (_who, target) in moves.items()
}


class Records(RuleBasedStateMachine):
    """Three records of three people, everybody trying everything."""

    cast: Cast
    made: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        ends_on = today() - dt.timedelta(days=60)
        self.records = [
            training_record(self.cast.teacher, status=RecordStatus.DRAFT, ends_on=ends_on, **IN_DAYS),
            training_record(self.cast.teacher, status=RecordStatus.DRAFT, ends_on=ends_on, document_number=""),
            training_record(self.cast.teacher, status=RecordStatus.DRAFT, ends_on=ends_on),
            training_record(self.cast.deputy, status=RecordStatus.DRAFT, ends_on=ends_on),
        ]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    @rule(which=st.integers(0, 3), name=st.sampled_from([*PEOPLE]), action=st.sampled_from([*RecordAction]))
    def act(self, which, name, action):
        self.try_to(fresh(self.records[which]), action, name)

    @rule(which=st.integers(0, 3), choice=st.integers(0, 20))
    def act_as_one_may(self, which, choice):
        record = fresh(self.records[which])
        offers = [
            (name, action)
            for name in ("teacher", "deputy", "director", "officer")
            for action in moves_open_to(again(getattr(self.cast, name)), record)
        ]
        if offers:
            name, action = offers[choice % len(offers)]
            assert self.try_to(record, action, name), "what is offered is possible"

    @rule(which=st.permutations(range(4)), name=st.sampled_from(["deputy", "teacher", "officer", "clerk"]))
    def pair(self, which, name):
        first, second = (fresh(self.records[place]) for place in which[:2])
        try:
            confirm(first, second, getattr(self.cast, name))
        except (Refused, PermissionDenied):
            return
        self.made["pair"] += 1

    def try_to(self, record, action, name) -> bool:
        before = standing(record)
        try:
            move(record, action, getattr(self.cast, name))
        except (Refused, PermissionDenied):
            assert standing(record) == before
            return False
        after = fresh(record)
        assert after.status == LEADS[before["status"], action]
        assert (record.person == getattr(self.cast, name).person) == (action in ("submit", "withdraw"))
        self.made[action.value] += 1
        return True

    @invariant()
    def what_must_always_hold_does(self):
        for check in OF_RECORDS:
            assert list(check()) == [], check.__name__
        for record in TrainingRecord.objects.all():
            assert record.decisions.count() == record.revision - 1


@pytest.mark.django_db
def test_no_walk_breaks_what_must_always_hold(cast):
    made: Counter[str] = Counter()
    factories.rule_of_least_length(cast.school)
    walk = type("Walk", (Records,), {"cast": cast, "made": made})
    walks = hypothesis.settings(
        max_examples=10,
        stateful_step_count=40,
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
    )
    run_state_machine_as_test(walk, settings=walks)
    assert set(made) == {*RecordAction.values, "pair"}, "walks came far"
