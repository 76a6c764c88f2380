"""Work handed over for a time: what it opens, to whom, until when, and what it never opens (trust, T5, T7, T8)."""

import datetime as dt
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from courses.choices import RecordAction
from courses.choices import RecordStatus as Status
from courses.models import CertificateFile, RecordDecision, Schedule, TrainingRecord
from courses.schedules.access import can_edit, schedules_seen
from courses.schedules.offices import offices_of
from courses.verification import perform as perform_on_record
from cpd.dates import add_years, today
from plans.pdf import approvals
from schools import approval
from schools.access import can_keep_accounts
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, Event, Role, State, Work
from schools.delegations import end_early, hand_over, handed_to, lines_of
from schools.invariants import CHECKS
from schools.models import (
    AuditEntry,
    Decision,
    Delegation,
    Document,
    Employment,
    Institution,
    Person,
    RoleAssignment,
    User,
)
from schools.scope import Handed
from tests import factories
from tests.campus import Campus
from tests.conftest import PEOPLE, Cast, at_once
from tests.factories import again, decisions_of, fresh

DAY = dt.timedelta(days=1)


def hand(cast: Cast, *works: Work, taker: User | None = None, giver: User | None = None, **dates) -> list[Delegation]:
    wanted = {"starts_on": today(), "ends_on": today() + 10 * DAY} | dates
    who = (taker or cast.peer).person
    return hand_over(institution=cast.school, taker=who, works=works, by=again(giver or cast.deputy), **wanted)


def sees(user: User) -> dict[str, set]:
    """All that a person may look at, by kind."""
    user = again(user)
    return {
        "papers": set(Document.objects.visible_to(user)),
        "waiting": set(Document.objects.awaiting(user)),
        "written": set(Document.objects.written_by(user)),
        "schedules": set(schedules_seen(user)),
        "records": set(TrainingRecord.objects.visible_to(user)),
        "to verify": set(TrainingRecord.objects.awaiting(user)),
        "files": set(CertificateFile.objects.visible_to(user)),
        "people": set(Person.objects.visible_to(user)),
        "staff": set(Employment.objects.overseen_by(user)),
        "institutions": set(Institution.objects.visible_to(user)),
        "accounts": {one for one in Institution.objects.all() if can_keep_accounts(user, one)},
    }


def opened(cast: Cast, *works: Work) -> dict[str, set]:
    """What the peer sees more, once these parts of the work are handed over."""
    before = sees(cast.peer)
    hand(cast, *works)
    return {kind: found - before[kind] for kind, found in sees(cast.peer).items() if found != before[kind]}


def part_handed_over(cast: Cast) -> Schedule:
    """The association's schedule with one row, handed to the deputy."""
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher)
    return factories.handed_over(part, by=cast.head)


@pytest.fixture
def everything(cast: Cast) -> dict[str, object]:
    """Papers of every kind at school A, and the like at B."""
    plan = factories.considered(cast.plan, by=cast.head)
    draft = factories.individual_plan(cast.colleague)
    far = factories.submitted(factories.individual_plan(cast.stranger))
    part = part_handed_over(cast)
    whole = factories.school_schedule(cast.school, by=cast.deputy)
    record = factories.training_record(cast.colleague, status=Status.SUBMITTED)
    factories.training_record(cast.colleague, status=Status.DRAFT)
    factories.training_record(cast.stranger, status=Status.SUBMITTED)
    return {"plan": plan, "draft": draft, "far": far, "part": part, "whole": whole, "record": record}


# What cannot be handed over ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_work_is_handed_over_for_a_year_at_most(cast):
    with pytest.raises(Refused):
        hand(cast, Work.PLANS, ends_on=add_years(today(), 1))
    [handed] = hand(cast, Work.PLANS, ends_on=add_years(today(), 1) - DAY)
    assert handed.ends_on == add_years(today(), 1) - DAY


@pytest.mark.django_db
def test_work_is_not_handed_to_who_does_it_in_the_same_role(cast):
    with pytest.raises(Refused):
        hand(cast, Work.PLANS, taker=cast.second_deputy)
    assert not Delegation.objects.exists()
    assert hand(cast, Work.PLANS, taker=cast.second_deputy, giver=cast.director)


@pytest.mark.django_db
def test_work_that_ended_during_a_request_decides_nothing(cast):
    [plans] = hand(cast, Work.PLANS)
    [records] = hand(cast, Work.RECORDS)
    plan, record = factories.considered(cast.plan, by=cast.head), factories.training_record(cast.colleague)
    of_plans, of_records = again(cast.peer), again(cast.peer)
    assert of_plans.scope.handed == of_records.scope.handed != ()
    for one in (plans, records):
        end_early(delegation=one, by=again(cast.deputy))
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.APPROVE, by=of_plans, seen=plan.revision)
    with pytest.raises(PermissionDenied):
        perform_on_record(record, RecordAction.VERIFY, by=of_records, seen=record.revision)


@pytest.mark.django_db
def test_only_work_that_there_is_at_the_institution_is_handed_over(campus: Campus, client):
    everywhere = {Work.PLANS, Work.RECORDS, Work.ACCOUNTS}
    wanted = {
        campus.vice_rector: (campus.university, everywhere),
        campus.college_deputy: (campus.college, everywhere),
        campus.school_deputy: (campus.school, set(Work)),
    }
    for user, (place, works) in wanted.items():
        client.force_login(user)
        page = client.get(reverse("delegation_new", args=[place.pk]))
        assert {work for work, _label in page.context["form"].fields["works"].choices} == works, place


@pytest.mark.django_db
def test_work_that_there_is_not_at_the_institution_is_refused_beside_the_field(campus: Campus, client):
    client.force_login(campus.college_deputy)
    typed = {"taker": campus.college_hr.person_id, "works": [Work.PLANS, Work.SCHEDULES], "once": uuid4()}
    typed |= {"starts_on": today(), "ends_on": today() + DAY}
    page = client.post(reverse("delegation_new", args=[campus.college.pk]), typed)
    assert list(page.context["form"].errors) == ["works"]
    with pytest.raises(PermissionDenied):
        hand_over(
            institution=campus.college,
            taker=campus.college_hr.person,
            works=[Work.SCHEDULES],
            starts_on=today(),
            ends_on=today(),
            by=campus.college_deputy,
        )
    assert not Delegation.objects.exists()


# What it opens ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_plans_open_the_plans_of_the_school_and_nothing_else(everything, cast):
    plan = Document.objects.get(pk=everything["plan"].pk)
    assert opened(cast, Work.PLANS) == {"papers": {plan}, "waiting": {plan}}


@pytest.mark.django_db
def test_records_open_the_records_of_the_school_with_their_files_and_nothing_else(everything, cast):
    record = everything["record"]
    assert opened(cast, Work.RECORDS) == {"records": {record}, "to verify": {record}, "files": {record.file}}


@pytest.mark.django_db
def test_schedules_open_the_school_s_schedule_and_the_parts_handed_over_and_nothing_else(everything, cast):
    part, whole = (Document.objects.get(pk=everything[name].pk) for name in ("part", "whole"))
    found = opened(cast, Work.SCHEDULES)
    assert {paper.pk for paper in found.pop("schedules")} == {part.pk, whole.pk}
    assert found == {"papers": {part, whole}, "written": {whole}, "waiting": {part}}


@pytest.mark.django_db
def test_accounts_open_the_accounts_of_the_school_and_nothing_else(everything, cast):
    assert opened(cast, Work.ACCOUNTS) == {"accounts": {cast.school}}
    assert cast.school in Institution.objects.reached_by(again(cast.peer))


@pytest.mark.django_db
def test_to_everybody_else_nothing_is_opened(everything, cast):
    others = [getattr(cast, name) for name in PEOPLE if name != "peer"]
    before = [sees(user) for user in others]
    hand(cast, *Work)
    assert [sees(user) for user in others] == before


# Doing it ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_decision_tells_the_deputy_s_role_and_in_whose_place_it_was_taken(everything, cast):
    hand(cast, Work.PLANS)
    plan = everything["plan"]
    decision = approval.perform(plan, Action.APPROVE, by=again(cast.peer), seen=plan.revision)
    assert (decision.by, decision.by_role) == (cast.peer.person, Role.DEPUTY_DIRECTOR)
    assert (decision.in_place_of, decision.in_place_of_name) == (cast.deputy.person, cast.deputy.person.full_name)
    assert decision.chain_hash == decision.computed_hash()
    plan = fresh(plan)
    *_others, signed = approvals(plan.current_version.content, plan.current_version.route, decisions_of(plan))
    assert signed.name == cast.peer.person.full_name
    assert cast.deputy.person.full_name in signed.post
    assert [told for check in CHECKS for told in check()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["in_place_of", "in_place_of_name"])
def test_in_whose_place_it_was_taken_cannot_be_altered_unseen(column, everything, cast):
    hand(cast, Work.PLANS)
    plan = everything["plan"]
    decision = approval.perform(plan, Action.APPROVE, by=again(cast.peer), seen=plan.revision)
    other = {"in_place_of": cast.director.person, "in_place_of_name": "Башка"}[column]
    setattr(decision, column, other)
    assert decision.chain_hash != decision.computed_hash()


@pytest.mark.django_db
def test_the_deputy_s_own_decision_names_nobody_else(everything, cast):
    hand(cast, Work.PLANS)
    plan = everything["plan"]
    decision = approval.perform(plan, Action.APPROVE, by=again(cast.deputy), seen=plan.revision)
    assert (decision.in_place_of, decision.in_place_of_name) == (None, "")


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.SUBMITTED, State.CONSIDERED])
@pytest.mark.parametrize("action", [*Action])
def test_of_all_moves_on_a_plan_only_the_steps_of_the_deputy_are_opened(action, state, cast):
    """The product of states and moves: what the taker may do is what the deputy may, and nothing of the author's."""
    plan = {State.SUBMITTED: factories.submitted, State.CONSIDERED: factories.considered}[state](cast.plan)
    hand(cast, Work.PLANS)
    may = state == State.CONSIDERED and action in (Action.APPROVE, Action.RETURN)
    try:
        approval.perform(plan, action, by=again(cast.peer), seen=plan.revision, reason="Тактаңыз.", content={})
    except (Refused, PermissionDenied):
        assert not may
        assert fresh(plan).state == state
    else:
        assert may


@pytest.mark.django_db
def test_records_are_verified_in_the_deputy_s_place(everything, cast):
    hand(cast, Work.RECORDS)
    record = everything["record"]
    decision = perform_on_record(
        record, RecordAction.RETURN, by=again(cast.peer), seen=record.revision, reason="Сүрөт жок."
    )
    assert (decision.by_role, decision.in_place_of) == (Role.DEPUTY_DIRECTOR, cast.deputy.person)
    assert decision.in_place_of_name == cast.deputy.person.full_name


@pytest.mark.django_db
def test_a_clerk_who_verifies_anyway_does_it_in_their_own_role(everything, cast):
    hand(cast, Work.RECORDS, taker=cast.clerk)
    record = everything["record"]
    perform_on_record(record, RecordAction.RETURN, by=again(cast.clerk), seen=record.revision, reason="Сүрөт жок.")
    decision = RecordDecision.objects.get(by=cast.clerk.person)
    assert (decision.by_role, decision.in_place_of) == (Role.CLERK, None)


@pytest.mark.django_db
def test_the_school_s_schedule_is_made_closed_and_sent_in_the_deputy_s_place(everything, cast):
    hand(cast, Work.SCHEDULES)
    whole = everything["whole"]
    taker = again(cast.peer)
    assert can_edit(taker, whole)
    assert [office.place for office in offices_of(taker, [], [])] == [cast.school]
    version = factories.sent(whole, by=taker)
    places = version.decisions.order_by("pk").values_list("action", "in_place_of")
    assert list(places) == [(Action.CLOSE, cast.deputy.person_id), (Action.SEND, cast.deputy.person_id)]
    assert fresh(whole).awaiting_role == Role.DISTRICT_OFFICER


@pytest.mark.django_db
def test_a_head_hands_in_their_part_and_does_not_take_it_in_themselves(cast):
    hand(cast, Work.SCHEDULES, taker=cast.head)
    part = part_handed_over(cast)
    assert part.awaiting_role == Role.DEPUTY_DIRECTOR
    assert not Document.objects.awaiting(again(cast.head)).filter(pk=part.pk).exists()
    with pytest.raises(PermissionDenied):
        approval.perform(part, Action.APPROVE, by=again(cast.head), seen=fresh(part).revision)


# What it never opens ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nobody_decides_on_their_own_paper_for_somebody_else(cast):
    hand(cast, Work.PLANS, Work.RECORDS, taker=cast.teacher)
    plan = factories.considered(cast.plan, by=cast.head)
    record = factories.training_record(cast.teacher, status=Status.SUBMITTED)
    taker = again(cast.teacher)
    assert not Document.objects.awaiting(taker).exists()
    assert not TrainingRecord.objects.awaiting(taker).exists()
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.APPROVE, by=taker, seen=plan.revision)
    with pytest.raises(PermissionDenied):
        perform_on_record(record, RecordAction.RETURN, by=taker, seen=record.revision, reason="…")


@pytest.mark.django_db
def test_nobody_decides_in_somebody_s_place_on_that_person_s_own_paper(cast):
    """The deputy's plan was considered before the post was the deputy's; it waits for a deputy all the same."""
    plan = factories.considered(factories.individual_plan(cast.deputy), by=None)
    Document.objects.filter(pk=plan.pk).update(awaiting_role=Role.DEPUTY_DIRECTOR)
    record = factories.training_record(cast.deputy, status=Status.SUBMITTED)
    hand(cast, Work.PLANS, Work.RECORDS)
    assert not Document.objects.awaiting(again(cast.peer)).filter(pk=plan.pk).exists()
    assert record not in TrainingRecord.objects.awaiting(again(cast.peer))
    hand(cast, Work.PLANS, Work.RECORDS, giver=cast.second_deputy)
    assert Document.objects.awaiting(again(cast.peer)).filter(pk=plan.pk).exists()
    assert record in TrainingRecord.objects.awaiting(again(cast.peer))
    decision = approval.perform(fresh(plan), Action.APPROVE, by=again(cast.peer), seen=fresh(plan).revision)
    assert decision.in_place_of == cast.second_deputy.person


@pytest.mark.django_db
def test_who_considered_the_plan_does_not_approve_it_for_the_deputy(everything, cast):
    hand(cast, Work.PLANS, taker=cast.head)
    plan = everything["plan"]
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.APPROVE, by=again(cast.head), seen=plan.revision)


@pytest.mark.django_db
def test_a_deputy_who_considered_the_plan_as_head_does_not_approve_it_by_another_s_hand(cast):
    factories.RoleFactory(person=cast.deputy.person, role=Role.ASSOCIATION_HEAD, association=cast.association)
    plan = factories.considered(cast.plan, by=again(cast.deputy))
    assert plan.awaiting_role == Role.DEPUTY_DIRECTOR, "there is a second one"
    hand(cast, Work.PLANS)
    assert not Document.objects.awaiting(again(cast.peer)).filter(pk=plan.pk).exists()
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.APPROVE, by=again(cast.peer), seen=plan.revision)


@pytest.mark.django_db
def test_what_was_handed_over_is_not_handed_on(cast):
    hand(cast, *Work)
    with pytest.raises(PermissionDenied):
        hand(cast, Work.PLANS, taker=cast.colleague, giver=cast.peer)


@pytest.mark.django_db
def test_only_who_leads_hands_over(cast):
    for name in ("teacher", "head", "clerk", "officer", "other_director", "administrator", "institute"):
        with pytest.raises(PermissionDenied):
            hand(cast, Work.PLANS, giver=getattr(cast, name))
    hand(cast, Work.PLANS, giver=cast.director)


@pytest.mark.django_db
def test_a_director_hands_over_what_waits_for_a_director_and_no_more(everything, cast):
    hand(cast, Work.PLANS, giver=cast.director)
    plan = everything["plan"]
    assert not Document.objects.awaiting(again(cast.peer)).filter(pk=plan.pk).exists(), "it waits for a deputy"
    Document.objects.filter(pk=plan.pk).update(awaiting_role=Role.DIRECTOR)
    assert Document.objects.awaiting(again(cast.peer)).filter(pk=plan.pk).exists()


@pytest.mark.django_db
def test_of_a_giver_with_several_roles_only_those_that_lead_are_handed_over(cast):
    factories.RoleFactory(person=cast.deputy.person, role=Role.DIRECTOR, institution=cast.school)
    factories.RoleFactory(person=cast.deputy.person, role=Role.DIRECTOR, institution=cast.other_school)
    factories.RoleFactory(person=cast.deputy.person, role=Role.ASSOCIATION_HEAD, association=cast.association)
    hand(cast, Work.PLANS)
    giver = cast.deputy.person_id
    assert set(again(cast.peer).scope.handed) == {
        Handed(Work.PLANS, cast.school.pk, giver, Role.DEPUTY_DIRECTOR),
        Handed(Work.PLANS, cast.school.pk, giver, Role.DIRECTOR),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("taker", "dates"),
    [
        ("stranger", {}),
        ("deputy", {}),
        ("peer", {"starts_on": today() - DAY}),
        ("peer", {"ends_on": today() - DAY}),
    ],
    ids=["of another school", "oneself", "in the past", "ends before it begins"],
)
def test_what_makes_no_sense_is_refused(taker, dates, cast):
    with pytest.raises(Refused):
        hand(cast, Work.PLANS, taker=getattr(cast, taker), **dates)
    assert not Delegation.objects.exists()


@pytest.mark.django_db
def test_the_same_work_is_not_handed_to_the_same_person_twice(cast):
    hand(cast, Work.PLANS)
    with pytest.raises(Refused):
        hand(cast, Work.RECORDS, Work.PLANS)
    assert Delegation.objects.count() == 1, "all of it or nothing"
    hand(cast, Work.PLANS, taker=cast.clerk)


# Until when -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "opens"),
    [(0, 0, True), (-3, 0, True), (-3, -1, False), (1, 3, False)],
    ids=["today", "last day", "over", "tomorrow"],
)
def test_it_holds_from_its_first_day_to_its_last(starts, ends, opens, everything, cast):
    hand(cast, Work.PLANS)
    Delegation.objects.update(starts_on=today() + starts * DAY, ends_on=today() + ends * DAY)
    assert Document.objects.awaiting(again(cast.peer)).exists() == opens


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["deputy", "peer", "director", "second_deputy"])
def test_it_is_ended_early_and_opens_nothing_from_then_on(who, everything, cast):
    [handed] = hand(cast, Work.PLANS)
    assert [line.row for line in handed_to(again(cast.peer))] == [handed]
    end_early(delegation=handed, by=again(getattr(cast, who)))
    assert not Document.objects.awaiting(again(cast.peer)).exists()
    assert handed_to(again(cast.peer)) == []
    assert lines_of(again(cast.deputy), cast.school) == []
    with pytest.raises(ChangedMeanwhile):
        end_early(delegation=handed, by=again(cast.deputy))


@pytest.mark.django_db
def test_nobody_else_ends_it(cast):
    [handed] = hand(cast, Work.PLANS)
    for name in ("teacher", "clerk", "other_director", "officer"):
        with pytest.raises(PermissionDenied):
            end_early(delegation=handed, by=again(getattr(cast, name)))


@pytest.mark.django_db
def test_it_ends_with_the_giver_s_role(everything, cast):
    hand(cast, *Work)
    RoleAssignment.objects.filter(person=cast.deputy.person).update(ends_on=today() - DAY)
    assert again(cast.peer).scope.handed == ()
    assert not Document.objects.awaiting(again(cast.peer)).exists()


@pytest.mark.django_db
def test_it_ends_with_the_taker_s_post(everything, cast):
    hand(cast, *Work)
    Employment.objects.filter(person=cast.peer.person).update(ends_on=today() - DAY)
    assert again(cast.peer).scope.handed == ()


@pytest.mark.django_db
def test_what_was_done_in_somebody_s_place_stays_when_it_has_ended(everything, cast):
    [handed] = hand(cast, Work.PLANS)
    plan = everything["plan"]
    approval.perform(plan, Action.APPROVE, by=again(cast.peer), seen=plan.revision)
    end_early(delegation=handed, by=again(cast.deputy))
    assert Decision.objects.latest("pk").in_place_of_name == cast.deputy.person.full_name
    assert fresh(plan).state == State.APPROVED


@pytest.mark.django_db
def test_the_journal_tells_of_both_ends(cast):
    [handed] = hand(cast, Work.PLANS)
    end_early(delegation=handed, by=again(cast.deputy))
    entries = AuditEntry.objects.filter(subject=cast.peer.person, institution=cast.school).order_by("pk")
    assert list(entries.values_list("event", flat=True)) == [Event.DELEGATED, Event.DELEGATION_ENDED]


@pytest.mark.django_db
def test_in_whose_place_is_asked_only_of_whom_something_was_handed_to(cast, django_assert_num_queries):
    user = again(cast.peer)
    with django_assert_num_queries(2):
        assert user.scope.handed == ()
    hand(cast, Work.PLANS)
    user = again(cast.peer)
    with django_assert_num_queries(3):
        assert len(user.scope.handed) == 1


# At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_four_clicks_at_once_one_hands_over(cast):
    answers = at_once(*[partial(hand, cast, Work.PLANS)] * 4)
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Refused", "Refused", "list"]
    assert Delegation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_the_deputy_and_who_stands_in_at_once_one_decides(cast):
    hand(cast, Work.PLANS)
    plan = factories.considered(cast.plan, by=cast.head)
    approve = partial(approval.perform, plan, Action.APPROVE, seen=plan.revision)
    answers = at_once(partial(approve, by=again(cast.deputy)), partial(approve, by=again(cast.peer)))
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhile", "Decision"]
