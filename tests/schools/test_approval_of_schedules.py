"""Papers that belong to an office: whoever holds it goes on, whoever held it does not (000 §14–16)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from cpd.dates import today
from schools import approval
from schools.approval import Refused
from schools.choices import Action, Role, State
from schools.models import ApprovalRoute, Decision, Document, RoleAssignment, User
from tests import factories
from tests.conftest import PEOPLE, Cast
from tests.factories import again, decisions_of, fresh
from tests.schools.schedules_standing import (
    CONTENT,
    LISTED,
    STANDING,
    closed,
    handed_over,
    looked_at,
    moved,
    of_association,
    of_school,
    received,
    sent,
)

pytestmark = pytest.mark.django_db


def sees(user: User, schedule: Document) -> bool:
    return Document.objects.visible_to(again(user)).filter(pk=schedule.pk).exists()


def follows(cast: Cast, successor: User, role: Role, former: User, **place) -> User:
    """The office passes on."""
    RoleAssignment.objects.filter(person=former.person, role=role).update(ends_on=today() - dt.timedelta(days=1))
    factories.RoleFactory(person=successor.person, role=role, **place)
    return again(successor)


def new_head(cast: Cast, successor: User) -> User:
    return follows(cast, successor, Role.ASSOCIATION_HEAD, cast.head, association=cast.association)


# The office, not the person ---------------------------------------------------------------------------------------


def test_who_follows_the_head_goes_on_with_the_draft(cast):
    schedule = of_association(cast)
    successor = new_head(cast, cast.peer)
    revision = approval.take_for_editing(schedule, by=successor, seen=schedule.revision)
    approval.perform(schedule, Action.SUBMIT, by=successor, seen=revision, content=CONTENT)
    schedule = fresh(schedule)
    assert (schedule.state, schedule.author) == (State.SUBMITTED, successor.person)


def test_who_was_head_sees_the_draft_no_more_and_touches_nothing(cast):
    schedule = of_association(cast)
    assert sees(cast.head, schedule)
    new_head(cast, cast.peer)
    former = again(cast.head)
    assert not sees(former, schedule)
    assert approval.moves_open_to(former, schedule) == []
    with pytest.raises(PermissionDenied):
        approval.take_for_editing(schedule, by=former, seen=schedule.revision)
    with pytest.raises(PermissionDenied):
        approval.perform(schedule, Action.SUBMIT, by=former, seen=schedule.revision, content=CONTENT)


def test_who_was_head_sees_nothing_of_what_they_handed_in_either(cast):
    schedule = handed_over(cast)
    new_head(cast, cast.peer)
    assert not sees(cast.head, schedule)
    with pytest.raises(PermissionDenied):
        approval.perform(schedule, Action.WITHDRAW, by=again(cast.head), seen=schedule.revision)


def test_who_follows_the_head_takes_back_what_was_handed_in(cast):
    schedule = handed_over(cast)
    moved(schedule, (Action.WITHDRAW, new_head(cast, cast.peer)))
    assert fresh(schedule).state == State.DRAFT


def test_what_one_deputy_closed_another_leader_sends(cast):
    schedule = moved(closed(cast), (Action.SEND, cast.director))
    assert [(row.action, row.by) for row in decisions_of(schedule)] == [
        ("close", cast.deputy.person),
        ("send", cast.director.person),
    ]
    assert schedule.author == cast.deputy.person


def test_both_deputies_write_into_one_schedule(cast):
    schedule = of_school(cast)
    for user in (cast.deputy, cast.second_deputy, cast.director):
        approval.take_for_editing(fresh(schedule), by=again(user), seen=None)
    assert fresh(schedule).revision == schedule.revision + 3


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"deputy", "second_deputy", "director"}))
def test_nobody_else_writes_into_the_school_s_schedule(name, cast):
    schedule = of_school(cast)
    with pytest.raises(PermissionDenied):
        approval.take_for_editing(schedule, by=again(getattr(cast, name)), seen=schedule.revision)


def test_a_row_written_meanwhile_stops_the_closing(cast):
    """Who closes what they saw closes nothing else: saving a row moves the schedule's revision on."""
    schedule = of_school(cast)
    approval.take_for_editing(schedule, by=cast.second_deputy, seen=None)
    with pytest.raises(approval.ChangedMeanwhile):
        approval.perform(schedule, Action.CLOSE, by=cast.deputy, seen=schedule.revision, content=CONTENT)
    assert fresh(schedule).state == State.DRAFT


# Nobody decides on what they handed in ------------------------------------------------------------------------------


def test_what_a_head_who_is_deputy_too_hands_in_is_taken_over_by_the_director(cast):
    """As with a deputy's own plan: not by the other deputies beside them."""
    factories.RoleFactory(person=cast.head.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    schedule = looked_at(handed_over(cast))
    assert schedule.awaiting_role == Role.DIRECTOR
    for user in (again(cast.head), again(cast.deputy)):
        assert not Document.objects.awaiting(user).filter(pk=schedule.pk).exists()
        for action in (Action.APPROVE, Action.RETURN):
            with pytest.raises(PermissionDenied):
                approval.perform(schedule, action, by=user, seen=schedule.revision, reason="Тактаңыз.")
    assert moved(schedule, (Action.APPROVE, cast.director)).state == State.APPROVED


def alone_at_school(cast):
    """The association's head is the only one who leads the school."""
    RoleAssignment.objects.filter(institution=cast.school, role__in=(Role.DEPUTY_DIRECTOR, Role.DIRECTOR)).delete()
    factories.RoleFactory(person=cast.head.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)


def test_who_makes_the_school_s_schedule_alone_is_told_to_put_the_rows_there(cast):
    """The district receives no association's schedule: it would wait there for ever."""
    alone_at_school(cast)
    schedule = of_association(cast)
    with translation.override("en"), pytest.raises(Refused, match="into the school's schedule directly"):
        approval.perform(schedule, Action.SUBMIT, by=again(cast.head), seen=schedule.revision, content=CONTENT)
    now = Document.objects.get(pk=schedule.pk)
    assert (now.state, now.awaiting_role, now.versions.count()) == (State.DRAFT, "", 0)


def test_where_no_director_is_left_another_deputy_takes_it_over(cast):
    alone_at_school(cast)
    factories.RoleFactory(person=cast.deputy.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    schedule = looked_at(handed_over(cast))
    assert schedule.awaiting_role == Role.DEPUTY_DIRECTOR
    with pytest.raises(PermissionDenied):
        approval.perform(schedule, Action.APPROVE, by=again(cast.head), seen=schedule.revision)
    assert moved(schedule, (Action.APPROVE, cast.deputy)).state == State.APPROVED


def test_where_nobody_leads_the_school_yet_it_waits_for_who_will(cast):
    RoleAssignment.objects.filter(institution=cast.school, role__in=(Role.DEPUTY_DIRECTOR, Role.DIRECTOR)).delete()
    assert handed_over(cast).awaiting_role == Role.DEPUTY_DIRECTOR


def test_who_becomes_deputy_after_handing_it_in_does_not_take_it_over(cast):
    schedule = looked_at(handed_over(cast))
    factories.RoleFactory(person=cast.head.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    with pytest.raises(PermissionDenied):
        approval.perform(schedule, Action.APPROVE, by=again(cast.head), seen=schedule.revision)
    assert moved(schedule, (Action.APPROVE, cast.deputy)).state == State.APPROVED


def test_an_officer_who_closed_it_as_deputy_does_not_accept_it(cast):
    factories.RoleFactory(person=cast.deputy.person, role=Role.DISTRICT_OFFICER, district=cast.district)
    schedule = looked_at(sent(cast))
    for action in (Action.APPROVE, Action.RETURN):
        with pytest.raises(PermissionDenied):
            approval.perform(schedule, action, by=again(cast.deputy), seen=schedule.revision, reason="Тактаңыз.")
    assert moved(schedule, (Action.APPROVE, cast.officer)).state == State.APPROVED


# Two moves or one -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [name for name in STANDING if name.startswith("school")])
def test_a_school_s_schedule_is_never_submitted_in_one_move(where, cast):
    schedule = STANDING[where](cast)
    with pytest.raises(Refused):
        approval.perform(schedule, Action.SUBMIT, by=cast.deputy, seen=schedule.revision, content=CONTENT)
    assert "submit" not in LISTED[where]


@pytest.mark.parametrize("action", [Action.CLOSE, Action.SEND, Action.REOPEN])
@pytest.mark.parametrize("whose", ["plan", "annual_plan", "association"])
def test_what_is_submitted_in_one_move_is_neither_closed_nor_sent(action, whose, cast):
    paper = of_association(cast) if whose == "association" else getattr(cast, whose)
    user = cast.head if whose == "association" else cast.teacher
    with pytest.raises(Refused):
        approval.perform(paper, action, by=user, seen=paper.revision, content=CONTENT)
    assert not Decision.objects.exists()


def test_closing_freezes_a_version_and_sending_adds_none(cast):
    schedule = closed(cast)
    version = schedule.current_version
    assert (version.number, version.content, schedule.awaiting_role) == (1, CONTENT, "")
    schedule = moved(schedule, (Action.SEND, cast.deputy))
    assert schedule.current_version == version
    assert schedule.versions.count() == 1


def test_sending_twice_makes_one_submission(cast):
    schedule = closed(cast)
    approval.perform(schedule, Action.SEND, by=cast.deputy, seen=schedule.revision)
    with pytest.raises(approval.ChangedMeanwhile):
        approval.perform(schedule, Action.SEND, by=cast.second_deputy, seen=schedule.revision)
    with pytest.raises(Refused):
        approval.perform(fresh(schedule), Action.SEND, by=cast.second_deputy, seen=fresh(schedule).revision)
    assert Decision.objects.filter(action=Action.SEND).count() == 1


def test_what_was_opened_again_is_closed_under_the_next_number(cast):
    schedule = closed(cast, (Action.REOPEN, cast.director), (Action.CLOSE, cast.second_deputy))
    assert (schedule.state, schedule.current_version.number) == (State.CLOSED, 2)
    assert schedule.author == cast.second_deputy.person


def test_a_closed_schedule_is_written_into_by_nobody(cast):
    schedule = closed(cast)
    with pytest.raises(Refused):
        approval.take_for_editing(schedule, by=cast.deputy, seen=None)


def test_the_district_sees_a_schedule_when_it_is_sent_and_not_before(cast):
    schedule = closed(cast)
    assert not sees(cast.officer, schedule)
    schedule = moved(schedule, (Action.SEND, cast.deputy))
    assert sees(cast.officer, schedule)
    assert not sees(cast.other_officer, schedule)


def test_a_schedule_without_a_complete_route_is_not_closed(cast):
    ApprovalRoute.objects.filter(document_kind="school_schedule").delete()
    with pytest.raises(Refused):
        closed(cast)


def test_what_the_district_accepted_stays_in_force_until_it_accepts_the_change(cast):
    schedule = received(cast, (Action.AMEND, cast.deputy), (Action.CLOSE, cast.deputy), (Action.SEND, cast.deputy))
    first = schedule.in_force
    assert (first.number, schedule.current_version.number) == (1, 2)
    schedule = moved(schedule, (Action.RETURN, cast.officer))
    assert schedule.in_force == first
    schedule = moved(
        schedule, (Action.CLOSE, cast.director), (Action.SEND, cast.director), (Action.APPROVE, cast.officer)
    )
    assert (schedule.in_force, schedule.in_force.number) == (schedule.current_version, 3)


def test_a_change_that_was_given_up_leaves_what_was_accepted(cast):
    by = cast.deputy
    schedule = received(cast, (Action.AMEND, by))
    first = schedule.in_force
    schedule = moved(
        schedule, (Action.CLOSE, cast.deputy), (Action.REOPEN, cast.deputy), (Action.DISCARD, cast.deputy)
    )
    assert (schedule.state, schedule.in_force, schedule.current_version) == (State.APPROVED, first, first)


def test_who_comes_second_is_told_in_the_words_of_a_schedule(cast):
    schedule = handed_over(cast)
    taken = moved(schedule, (Action.APPROVE, cast.deputy))
    said = approval.what_happened(fresh(taken))
    assert str(taken.label_of(State.APPROVED)) in said
    assert taken.label_of(State.APPROVED) != State.APPROVED.label
