"""The pages of a move: proposed on one side, answered on the other."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import today
from schools.choices import Event, LeaveKind, TransferState
from schools.models import AuditEntry, Leave, Transfer, User
from schools.transfers import propose_transfer
from tests.conftest import Cast
from tests.factories import job_of


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user: User, name: str, pk: int, **typed: Any) -> Any:
    return client_of(user).post(reverse(name, args=[pk]), {"once": uuid.uuid4()} | typed)


@pytest.fixture
def move(cast: Cast) -> Transfer:
    return propose_transfer(
        employment=job_of(cast.teacher),
        institution=cast.other_school,
        by=cast.deputy,
        position="химия мугалими",
        moves_on=today(),
    )


def test_the_old_school_chooses_among_schools_of_one_district(cast: Cast) -> None:
    job = job_of(cast.teacher)
    address = reverse("transfer_new", args=[job.pk])
    here = client_of(cast.clerk).get(address).context["form"].fields["institution"].queryset
    there = client_of(cast.clerk).get(address, {"district": cast.other_district.pk})
    assert list(here) == [cast.other_school]
    assert list(there.context["form"].fields["institution"].queryset) == [cast.far_school]


def test_the_old_school_is_told_what_a_move_touches_and_the_new_one_is_not(move: Transfer, cast: Cast) -> None:
    Leave.objects.create(employment=move.employment, kind=LeaveKind.STUDY, entered_by=cast.clerk.person)
    word = str(LeaveKind.STUDY.label)
    at_answer, at_proposal = reverse("transfer_answer", args=[move.pk]), [move.employment_id]
    assert word in client_of(cast.deputy).get(at_answer).content.decode()
    assert word in client_of(cast.deputy).get(reverse("transfer_new", args=at_proposal)).content.decode()
    assert word not in client_of(cast.other_director).get(at_answer).content.decode()


def test_whoever_looks_at_a_move_is_in_the_journal(move: Transfer, cast: Cast) -> None:
    for user in (cast.other_director, cast.teacher):
        client_of(user).get(reverse("transfer_answer", args=[move.pk]))
    seen = AuditEntry.objects.filter(event=Event.SAW_PERSON)
    assert [(one.by, one.subject, one.institution) for one in seen] == [
        (cast.other_director.person, cast.teacher.person, cast.school)
    ]


def test_a_move_to_another_district_is_proposed(cast: Cast) -> None:
    job = job_of(cast.teacher)
    address = reverse("transfer_new", args=[job.pk], query={"district": cast.other_district.pk})
    typed = {"once": uuid.uuid4(), "institution": cast.far_school.pk, "moves_on": today()}
    answer = client_of(cast.clerk).post(address, typed)
    transfer = Transfer.objects.get()
    assert answer.url == reverse("transfer_answer", args=[transfer.pk])
    assert (transfer.institution, transfer.is_proposed_by_new, transfer.position) == (
        cast.far_school,
        False,
        job.position,
    )


def test_the_new_school_confirms_with_the_post_it_gives(move: Transfer, cast: Cast) -> None:
    typed = {"position": "биология мугалими", "association": cast.strange_association.pk}
    assert send(cast.other_director, "transfer_answer", move.pk, confirm="yes", **typed).status_code == 302
    move.refresh_from_db()
    assert move.became is not None
    assert (move.state, move.became.association) == (TransferState.CONFIRMED, cast.strange_association)


def test_a_refusal_without_a_reason_is_told_beside_the_field(move: Transfer, cast: Cast) -> None:
    answer = send(cast.other_director, "transfer_answer", move.pk, refuse="yes")
    assert list(answer.context["refusal_form"].errors) == ["reason"]
    assert send(cast.other_director, "transfer_answer", move.pk, refuse="yes", reason="Орун жок.").status_code == 302
    move.refresh_from_db()
    assert (move.state, move.reason) == (TransferState.REFUSED, "Орун жок.")


def test_who_comes_second_is_told_what_happened(move: Transfer, cast: Cast) -> None:
    send(cast.deputy, "transfer_withdraw", move.pk)
    client = client_of(cast.other_director)
    typed = {"once": uuid.uuid4(), "confirm": "yes", "position": "мугалим"}
    answer = client.post(reverse("transfer_answer", args=[move.pk]), typed, follow=True)
    assert cast.deputy.person.full_name in answer.content.decode()
    assert job_of(cast.teacher).ends_on is None


def test_what_waits_for_the_reader_stands_first(move: Transfer, cast: Cast) -> None:
    other = propose_transfer(
        employment=job_of(cast.stranger),
        institution=cast.far_school,
        by=cast.other_director,
        position="мугалим",
        moves_on=today(),
    )
    page = client_of(cast.other_director).get(reverse("transfers")).context["page"]
    assert [(one.pk, one.is_mine) for one in page] == [(move.pk, True), (other.pk, False)]


def test_only_whoever_answers_gets_the_buttons(move: Transfer, cast: Cast) -> None:
    address = reverse("transfer_answer", args=[move.pk])
    for user, answers in ((cast.other_director, True), (cast.deputy, False), (cast.teacher, False)):
        shown = client_of(user).get(address).content.decode()
        assert ('name="confirm"' in shown) == answers
        assert (reverse("transfer_withdraw", args=[move.pk]) in shown) == (user == cast.deputy)
