"""Two schools, one person, the same moment: real threads (trust, T9–T11), on both databases.

A race has its teeth: with the person's row not kept and no condition on the write the same calls must do harm.
"""

import datetime as dt
from contextlib import nullcontext
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db.models import QuerySet

from cpd.dates import today
from schools import transfers
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, TransferState
from schools.models import AuditEntry, Employment, Person, Transfer
from schools.newcomers import Identity
from schools.staffing import Post, end_employment, hire, take_back_ending
from schools.transfers import confirm_transfer, propose_transfer, refuse_transfer, withdraw_transfer
from tests.conftest import Cast, at_once
from tests.factories import again, job_of

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
TOLD = (Refused, ChangedMeanwhile)


def move(cast: Cast) -> Transfer:
    """School A proposes that the teacher moves to B."""
    return propose_transfer(
        employment=job_of(cast.teacher),
        institution=cast.other_school,
        by=cast.deputy,
        position="мугалим",
        moves_on=today(),
    )


def one_did_it(answers: list) -> None:
    """Exactly one succeeded; every other one was told in a sentence."""
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    assert len(done) == 1, answers
    assert all(isinstance(answer, TOLD) for answer in answers if answer not in done), answers


def open_jobs(cast: Cast) -> QuerySet[Employment]:
    return Employment.objects.filter(person=cast.teacher.person, ends_on=None)


def test_one_of_four_answers_counts(cast: Cast) -> None:
    transfer = move(cast)
    one_did_it(
        at_once(
            partial(confirm_transfer, transfer=transfer, by=again(cast.other_director)),
            partial(confirm_transfer, transfer=transfer, by=again(cast.other_director)),
            partial(refuse_transfer, transfer=transfer, by=again(cast.other_director), reason="Орун жок."),
            partial(withdraw_transfer, transfer=transfer, by=again(cast.deputy)),
        )
    )
    transfer.refresh_from_db()
    assert transfer.state != TransferState.PROPOSED
    assert open_jobs(cast).count() == 1
    assert (open_jobs(cast).get().institution == cast.other_school) == (transfer.state == TransferState.CONFIRMED)


def test_one_move_of_an_employment_is_proposed(cast: Cast) -> None:
    proposals = [
        partial(
            propose_transfer,
            employment=job_of(cast.teacher),
            institution=cast.other_school,
            by=again(user),
            position="мугалим",
            moves_on=today(),
        )
        for user in (cast.deputy, cast.second_deputy, cast.director, cast.other_director)
    ]
    one_did_it(at_once(*proposals))
    assert Transfer.objects.count() == 1


def test_an_ending_and_a_confirmed_move_never_both_happen(cast: Cast) -> None:
    transfer = move(cast)
    job = job_of(cast.teacher)
    answers = at_once(
        partial(confirm_transfer, transfer=transfer, by=again(cast.other_director)),
        partial(end_employment, employment=job, by=again(cast.deputy), last_day=today(), reason=EndReason.LEFT),
    )
    one_did_it(answers)
    job.refresh_from_db()
    assert (job.end_reason, job.ends_on) == (EndReason.TRANSFERRED, today() - DAY)


def test_a_death_and_a_confirmed_move_leave_nobody_at_work(cast: Cast) -> None:
    transfer = move(cast)
    job = job_of(cast.teacher)
    at_once(
        partial(confirm_transfer, transfer=transfer, by=again(cast.other_director)),
        partial(end_employment, employment=job, by=again(cast.deputy), last_day=today(), reason=EndReason.DIED),
    )
    jobs, transfer = open_jobs(cast), Transfer.objects.get()
    if transfer.state == TransferState.CONFIRMED:  # then the old school was told, and the new one enters it
        assert jobs.get().institution == cast.other_school
    else:
        assert not jobs.exists()


def test_an_employment_ends_once(cast: Cast) -> None:
    job = job_of(cast.teacher)
    endings = [
        partial(end_employment, employment=job, by=again(user), last_day=today() - n * DAY, reason=EndReason.LEFT)
        for n, user in enumerate((cast.deputy, cast.director, cast.clerk))
    ]
    one_did_it(at_once(*endings))
    assert AuditEntry.objects.filter(event="employment_ended").count() == 1


def test_one_newcomer_is_entered_once(cast: Cast) -> None:
    who = Identity("Жаңыбаева", "Асел", "", "11203198500123", dt.date(1985, 3, 12))
    hirings = [
        partial(
            hire,
            by=again(user),
            institution=place,
            identity=who,
            post=Post(today(), {"position": "мугалим"}),
            known=None,
        )
        for user, place in (
            (cast.deputy, cast.school),
            (cast.clerk, cast.school),
            (cast.other_director, cast.other_school),
        )
    ]
    one_did_it(at_once(*hirings))
    assert Person.objects.filter(personal_number=who.personal_number).count() == 1
    assert Employment.objects.filter(person__personal_number=who.personal_number).count() == 1


def test_an_ending_is_not_taken_back_beside_a_new_main_job(cast: Cast) -> None:
    Person.objects.filter(pk=cast.teacher.person_id).update(
        personal_number="11203198500123", born_on=dt.date(1985, 3, 12)
    )
    job = job_of(cast.teacher)
    end_employment(employment=job, by=cast.deputy, last_day=today() - DAY, reason=EndReason.LEFT)
    who = Identity("Өмүралиева", "Айнагүл", "", "11203198500123", dt.date(1985, 3, 12))
    answers = at_once(
        partial(take_back_ending, employment=job, by=again(cast.deputy)),
        partial(
            hire,
            by=again(cast.other_director),
            institution=cast.other_school,
            identity=who,
            post=Post(today(), {"position": "мугалим"}),
            known=cast.teacher.person_id,
        ),
    )
    one_did_it(answers)
    assert open_jobs(cast).count() == 1


def test_without_control_both_a_refusal_and_a_confirmation_happen(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The teeth of the first test: nobody kept out, and a write without its condition."""
    transfer = move(cast)
    gate = Barrier(2)

    def hold(employment: Employment) -> Employment:
        gate.wait(timeout=30)
        return Employment.objects.select_related("person", "institution").get(pk=employment.pk)

    def answer(now: Transfer, state: str, **columns: object) -> None:
        columns.pop("by")
        Transfer.objects.filter(pk=now.pk).update(reason=f"{now.reason}{state}")

    monkeypatch.setattr(transfers, "hold", hold)
    monkeypatch.setattr(transfers, "_answer", answer)
    monkeypatch.setattr(transfers, "transaction", SimpleNamespace(atomic=nullcontext))
    answers = at_once(
        partial(refuse_transfer, transfer=transfer, by=again(cast.other_director), reason="Орун жок."),
        partial(withdraw_transfer, transfer=transfer, by=again(cast.deputy)),
    )
    assert answers == [None, None]
