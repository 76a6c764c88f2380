"""Moves between schools: both agree, the person's record goes along, and what was decided stays."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from courses.models import TrainingRecord
from cpd.dates import today
from plans.content import content_of
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event, Role, TransferState
from schools.models import AuditEntry, Document, Employment, RoleAssignment, Transfer, User
from schools.staffing import end_employment
from schools.transfers import confirm_transfer, propose_transfer, refuse_transfer, withdraw_transfer
from tests import factories
from tests.conftest import Cast
from tests.factories import again, fresh, job_of

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_words_of_the_code() -> Iterator[None]:
    """Refusals are told apart by their English sentences, whatever the catalogues say."""
    with translation.override("en"):
        yield


def proposed(cast: Cast, by: User | None = None, **columns: Any) -> Transfer:
    """The teacher is to move from school A to B."""
    wanted = {"institution": cast.other_school, "position": "химия мугалими", "moves_on": today()}
    return propose_transfer(**{"employment": job_of(cast.teacher), "by": by or cast.deputy} | wanted | columns)


def test_a_confirmed_move_ends_one_employment_and_begins_another(cast: Cast) -> None:
    transfer = proposed(cast, moves_on=today() + 5 * DAY)
    new = confirm_transfer(
        transfer=transfer, by=cast.other_director, position="биология мугалими", association=cast.strange_association
    )
    transfer.refresh_from_db()
    old = transfer.employment
    old.refresh_from_db()
    assert (old.ends_on, old.end_reason) == (today() + 4 * DAY, EndReason.TRANSFERRED)
    assert (new.starts_on, new.ends_on, new.institution) == (today() + 5 * DAY, None, cast.other_school)
    assert (new.position, new.association, new.is_main) == ("биология мугалими", cast.strange_association, True)
    assert (transfer.state, transfer.became, transfer.answered_by) == (
        TransferState.CONFIRMED,
        new,
        cast.other_director.person,
    )


@pytest.mark.parametrize("said", [True, False, None])
def test_what_was_said_of_a_young_specialist_moves_along(said: bool | None, cast: Cast) -> None:
    Employment.objects.filter(person=cast.teacher.person).update(is_young_specialist=said)
    assert confirm_transfer(transfer=proposed(cast), by=cast.other_director).is_young_specialist is said


def test_on_each_day_the_person_works_in_one_school(cast: Cast) -> None:
    confirm_transfer(transfer=proposed(cast, moves_on=today() + 5 * DAY), by=cast.other_director)
    jobs = Employment.objects.filter(person=cast.teacher.person)
    assert [job.institution for job in jobs.on(today() + 4 * DAY)] == [cast.school]
    assert [job.institution for job in jobs.on(today() + 5 * DAY)] == [cast.other_school]


def test_the_old_school_confirms_what_the_new_one_proposed(cast: Cast) -> None:
    transfer = proposed(cast, by=cast.other_director, association=cast.strange_association)
    assert transfer.is_proposed_by_new
    with pytest.raises(PermissionDenied):
        confirm_transfer(transfer=transfer, by=cast.other_director)
    new = confirm_transfer(transfer=transfer, by=cast.deputy, position="кароолчу")
    assert (new.position, new.association) == ("химия мугалими", cast.strange_association)


def test_only_leaders_of_the_other_school_answer(cast: Cast) -> None:
    transfer = proposed(cast)
    for user in (cast.deputy, cast.clerk, cast.head, cast.teacher, cast.stranger, cast.officer, cast.administrator):
        with pytest.raises(PermissionDenied):
            confirm_transfer(transfer=transfer, by=user)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.PROPOSED


def test_nobody_confirms_their_own_move(cast: Cast) -> None:
    factories.RoleFactory(person=cast.teacher.person, role=Role.DIRECTOR, institution=cast.other_school)
    transfer = proposed(cast)
    assert not Transfer.objects.awaiting(again(cast.teacher)).exists()
    assert list(Transfer.objects.awaiting(cast.other_director)) == [transfer]


def test_the_district_answers_for_a_school_that_nobody_leads(cast: Cast) -> None:
    transfer = proposed(cast)
    assert not Transfer.objects.awaiting(cast.officer).exists()
    RoleAssignment.objects.filter(institution=cast.other_school).update(ends_on=today() - DAY)
    assert list(Transfer.objects.awaiting(again(cast.officer))) == [transfer]
    assert not Transfer.objects.awaiting(again(cast.other_officer)).exists()


def test_a_stranger_proposes_nothing(cast: Cast) -> None:
    for user in (cast.teacher, cast.head, cast.stranger, cast.officer, cast.other_officer):
        with pytest.raises(PermissionDenied):
            proposed(cast, by=user)


def test_one_move_of_an_employment_waits_at_a_time(cast: Cast) -> None:
    proposed(cast)
    with pytest.raises(Refused, match="waits for an answer already"):
        proposed(cast, by=cast.other_director)
    assert Transfer.objects.count() == 1


def test_a_refusal_gives_its_reason_and_changes_nothing_else(cast: Cast) -> None:
    transfer = proposed(cast)
    with pytest.raises(Refused, match="reason"):
        refuse_transfer(transfer=transfer, by=cast.other_director, reason="")
    refuse_transfer(transfer=transfer, by=cast.other_director, reason="Орун жок.")
    transfer.refresh_from_db()
    assert (transfer.state, transfer.reason) == (TransferState.REFUSED, "Орун жок.")
    assert job_of(cast.teacher).ends_on is None
    with pytest.raises(ChangedMeanwhile, match="Раимбекова"):
        confirm_transfer(transfer=transfer, by=cast.other_director)


def test_who_proposed_withdraws_and_proposes_anew(cast: Cast) -> None:
    transfer = proposed(cast)
    with pytest.raises(PermissionDenied):
        withdraw_transfer(transfer=transfer, by=cast.other_director)
    withdraw_transfer(transfer=transfer, by=cast.clerk)
    assert proposed(cast).state == TransferState.PROPOSED
    with pytest.raises(ChangedMeanwhile):
        withdraw_transfer(transfer=transfer, by=cast.deputy)


def test_an_employment_does_not_end_while_its_move_waits(cast: Cast) -> None:
    proposed(cast)
    with pytest.raises(Refused, match="waits for an answer"):
        end_employment(employment=job_of(cast.teacher), by=cast.deputy, last_day=today(), reason=EndReason.LEFT)


def test_a_move_that_makes_no_sense_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="works in this institution"):
        proposed(cast, institution=cast.school)
    with pytest.raises(Refused, match="later than the first day"):
        proposed(cast, moves_on=factories.LONG_AGO)
    factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, is_main=False)
    with pytest.raises(Refused, match="second job"):
        proposed(cast)


def test_nobody_moved_before_a_role_of_theirs_began(cast: Cast) -> None:
    role = factories.RoleFactory(
        person=cast.teacher.person, role=Role.CLERK, institution=cast.school, starts_on=today() - 20 * DAY
    )
    with pytest.raises(Refused, match="later than that"):
        proposed(cast, moves_on=today() - 20 * DAY)
    confirm_transfer(transfer=proposed(cast, moves_on=today() - 19 * DAY), by=cast.other_director)
    role.refresh_from_db()
    assert role.ends_on == today() - 20 * DAY


def test_a_move_with_a_second_job_elsewhere_leaves_that_as_it_is(cast: Cast) -> None:
    second = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.far_school, is_main=False)
    new = confirm_transfer(transfer=proposed(cast, moves_on=today() - 3 * DAY), by=cast.other_director)
    second.refresh_from_db()
    assert (new.is_main, second.is_main) == (True, False)


def test_roles_in_the_old_school_end_the_day_before(cast: Cast) -> None:
    transfer = proposed(cast, employment=job_of(cast.head), moves_on=today())
    confirm_transfer(transfer=transfer, by=cast.other_director)
    assert cast.head.person.roles.get().ends_on == today() - DAY
    assert again(cast.head).scope.associations == frozenset()


def test_drafts_go_along_and_what_was_handed_in_stays(cast: Cast) -> None:
    plan = factories.submitted(cast.plan)
    draft = cast.annual_plan
    confirm_transfer(transfer=proposed(cast), by=cast.other_director, association=cast.strange_association)
    draft = Document.objects.get(pk=draft.pk)
    assert (draft.institution, draft.association) == (cast.other_school, cast.strange_association)
    assert fresh(plan).institution == cast.school
    assert content_of(cast.annual_plan)


def test_a_draft_stays_where_one_for_the_same_time_stands_in_the_new_school(cast: Cast) -> None:
    draft = cast.annual_plan
    Document.objects.create(
        kind=draft.kind,
        author=cast.teacher.person,
        institution=cast.other_school,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
    )
    confirm_transfer(transfer=proposed(cast), by=cast.other_director)
    assert Document.objects.get(pk=draft.pk).institution == cast.school


def test_the_new_school_reads_plans_in_force_and_the_old_one_keeps_what_it_decided(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    record = factories.training_record(cast.teacher, status="verified")
    assert not Document.objects.visible_to(cast.other_director).exists()
    confirm_transfer(transfer=proposed(cast), by=cast.other_director)
    newly = again(cast.other_director)
    assert [paper.pk for paper in Document.objects.visible_to(newly)] == [plan.pk]
    assert not fresh(plan).is_inside_for(newly)
    assert list(TrainingRecord.objects.visible_to(newly)) == [record]
    assert [paper.pk for paper in Document.objects.visible_to(again(cast.deputy))] == [plan.pk]
    assert fresh(plan).institution == record.institution == cast.school


def test_a_plan_that_waits_in_the_old_school_is_not_the_new_one_s_to_read(cast: Cast) -> None:
    factories.submitted(cast.plan)
    confirm_transfer(transfer=proposed(cast), by=cast.other_director)
    assert not Document.objects.visible_to(again(cast.other_director)).exists()


def test_both_schools_have_it_in_their_journal(cast: Cast) -> None:
    confirm_transfer(transfer=proposed(cast), by=cast.other_director)
    for place in (cast.school, cast.other_school):
        seen = set(AuditEntry.objects.filter(institution=place).values_list("event", flat=True))
        assert {Event.TRANSFER_PROPOSED, Event.TRANSFER_ANSWERED} <= seen


def test_moves_are_seen_on_both_sides_and_by_the_person(cast: Cast) -> None:
    proposed(cast)
    for user in (cast.teacher, cast.deputy, cast.clerk, cast.other_director, cast.officer):
        assert Transfer.objects.visible_to(user).count() == 1
    for user in (cast.peer, cast.head, cast.stranger, cast.other_officer, cast.far_stranger):
        assert Transfer.objects.visible_to(user).count() == 0
