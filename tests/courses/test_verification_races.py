"""Two people, one record, the same moment: real threads, each with a connection of its own (trust, T9–T11)."""

from collections import Counter
from contextlib import nullcontext
from functools import partial
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F

from courses import actions, verification
from courses.choices import RecordAction, RecordStatus
from courses.invariants import OF_RECORDS
from courses.models import ConfirmedPair, RecordDecision, TrainingRecord
from schools.approval import ChangedMeanwhile
from schools.models import User
from tests.conftest import Cast, at_once
from tests.factories import again, rule_of_least_length, training_record

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 12
ROUNDS = 4
A_REASON = "Күбөлүктүн номери окулбайт."


def fresh(record: TrainingRecord) -> TrainingRecord:
    return TrainingRecord.objects.get(pk=record.pk)


def outcome(answers: list[Any]) -> Counter[str]:
    """How often each kind of answer came."""
    return Counter(type(answer).__name__ for answer in answers)


def move(record: TrainingRecord, action: RecordAction, user: User) -> Any:
    return partial(verification.perform, record, action, by=again(user), seen=record.revision, reason=A_REASON)


def submitted(cast: Cast) -> TrainingRecord:
    record = training_record(cast.teacher, status=RecordStatus.DRAFT)
    move(record, RecordAction.SUBMIT, cast.teacher)()
    return fresh(record)


def holds() -> None:
    assert {check.__name__: list(check()) for check in OF_RECORDS} == {check.__name__: [] for check in OF_RECORDS}


def test_of_two_deputies_verifying_at_once_one_does_and_one_is_told(cast):
    for _round in range(ROUNDS):
        record = submitted(cast)
        answers = at_once(*(move(record, RecordAction.VERIFY, who) for who in (cast.deputy, cast.second_deputy)))
        assert outcome(answers) == {"RecordDecision": 1, "ChangedMeanwhile": 1}
        [done] = [answer for answer in answers if isinstance(answer, RecordDecision)]
        [told] = [answer for answer in answers if isinstance(answer, ChangedMeanwhile)]
        assert done.by_name in told.message
        holds()


def test_a_record_is_either_verified_or_given_back(cast):
    for _round in range(ROUNDS):
        record = submitted(cast)
        verified, returned = at_once(
            move(record, RecordAction.VERIFY, cast.deputy), move(record, RecordAction.RETURN, cast.second_deputy)
        )
        assert outcome([verified, returned]) == {"RecordDecision": 1, "ChangedMeanwhile": 1}
        stands = RecordStatus.VERIFIED if isinstance(verified, RecordDecision) else RecordStatus.RETURNED
        assert fresh(record).status == stands
        holds()


def test_of_twelve_verifications_at_once_one_happens(cast):
    for _round in range(ROUNDS):
        record = submitted(cast)
        who = [cast.deputy, cast.second_deputy, cast.director, cast.clerk] * (CROWD // 4)
        answers = at_once(*(move(record, RecordAction.VERIFY, user) for user in who))
        assert outcome(answers) == {"RecordDecision": 1, "ChangedMeanwhile": CROWD - 1}
        assert fresh(record).revision == record.revision + 1
        holds()


def test_a_recognition_is_of_the_record_that_was_on_the_screen_or_refused(cast):
    """Verified, given back or written anew at the same moment: never is a recognition left on a record given back."""
    rule_of_least_length(cast.school)
    for other in (RecordAction.RETURN, RecordAction.WITHDRAW, RecordAction.VERIFY):
        for _round in range(ROUNDS):
            record = submitted(cast)
            by = cast.teacher if other == RecordAction.WITHDRAW else cast.second_deputy
            recognised, moved = at_once(move(record, RecordAction.RECOGNISE, cast.deputy), move(record, other, by))
            assert outcome([recognised, moved]) == {"RecordDecision": 1, "ChangedMeanwhile": 1}
            stands = A_REASON if isinstance(recognised, RecordDecision) else ""
            assert fresh(record).recognition == stands
            assert (fresh(record).status == RecordStatus.SUBMITTED) == bool(stands)
            holds()


def rewrite(record: TrainingRecord, cast: Cast) -> Any:
    """The teacher takes the record back, writes another number of hours and hands it in again."""

    def act() -> None:
        move(record, RecordAction.WITHDRAW, cast.teacher)()
        now = fresh(record)
        columns = {"institution": cast.school, "hours_text": "240 саат"}
        actions.save_record(
            by=cast.teacher, record=now, seen=now.revision, columns=columns, file=now.file, submit=True
        )

    return act


def test_what_is_verified_is_what_was_on_the_screen(cast):
    for _round in range(ROUNDS):
        record = submitted(cast)
        rewritten, verified = at_once(rewrite(record, cast), move(record, RecordAction.VERIFY, cast.deputy))
        after = fresh(record)
        if isinstance(verified, RecordDecision):
            assert isinstance(rewritten, ChangedMeanwhile)
            assert (after.status, after.amount, verified.content["amount"]) == ("verified", 24, "24.0")
        else:
            assert isinstance(verified, ChangedMeanwhile)
            assert rewritten is None
            assert (after.status, after.amount) == ("submitted", 240)
        holds()


def test_teeth_without_the_revision_of_the_screen_other_hours_are_verified(cast):
    record = submitted(cast)
    rewrite(record, cast)()
    unseen = fresh(record).revision  # what a form that carries no revision would act on
    decision = verification.perform(record, RecordAction.VERIFY, by=cast.deputy, seen=unseen)
    assert decision.content["amount"] == "240.0"


def test_teeth_without_the_claim_all_twelve_take_the_record_and_only_the_database_stops_them(cast, monkeypatch):
    record = submitted(cast)
    gate = Barrier(CROWD)

    def claim(record, _seen, **columns) -> bool:
        gate.wait(timeout=30)
        TrainingRecord.objects.filter(pk=record.pk).update(revision=F("revision") + 1, **columns)
        return True

    monkeypatch.setattr(verification, "_claim", claim)
    monkeypatch.setattr(verification, "transaction", SimpleNamespace(atomic=nullcontext))
    who = [cast.deputy, cast.second_deputy] * (CROWD // 2)
    answers = at_once(*(move(record, RecordAction.VERIFY, user) for user in who))
    assert outcome(answers) == {"RecordDecision": 1, "IntegrityError": CROWD - 1}
    assert fresh(record).revision == record.revision + CROWD, "twelve claims of one record"


def test_a_pair_confirmed_while_one_of_the_two_is_reversed_is_refused_or_taken_back(cast):
    for _round in range(ROUNDS):
        first, second = submitted(cast), submitted(cast)
        for record in (first, second):
            move(record, RecordAction.VERIFY, cast.deputy)()
        first, second = fresh(first), fresh(second)
        confirm = partial(
            verification.confirm_pair,
            first,
            second,
            by=again(cast.second_deputy),
            seen=(first.revision, second.revision),
            reason="Экөө тең туура.",
        )
        confirmed, reversed_ = at_once(confirm, move(second, RecordAction.REVERSE, cast.deputy))
        assert isinstance(reversed_, RecordDecision)
        assert isinstance(confirmed, ConfirmedPair | ChangedMeanwhile)
        assert not ConfirmedPair.objects.filter(revoked_at=None).exists()
        holds()


def test_of_twelve_confirmations_of_one_pair_one_is_kept(cast):
    first, second = submitted(cast), submitted(cast)
    seen = (first.revision, second.revision)
    answers = at_once(
        *[
            partial(verification.confirm_pair, *pair, by=again(cast.deputy), seen=seen, reason="Экөө тең туура.")
            for pair in [(first, second), (second, first)] * (CROWD // 2)
        ]
    )
    assert outcome(answers) == {"ConfirmedPair": 1, "Refused": CROWD - 1}
    holds()
