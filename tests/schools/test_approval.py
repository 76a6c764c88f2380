"""The one state machine: which moves happen, for whom, and that nothing else does (trust, T7, T8, T12, T13)."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from cpd.dates import moment, today
from plans import actions
from plans.content import content_of
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, Role, State
from schools.models import (
    ApprovalRoute,
    Decision,
    Document,
    DocumentVersion,
    Employment,
    RoleAssignment,
    User,
)
from tests import factories
from tests.conftest import PEOPLE, Cast
from tests.factories import again, decisions_of, fresh, meeting
from tests.schools import requests_standing, schedules_standing

LONG_ROUTE = [
    (Action.CONSIDER, Role.ASSOCIATION_HEAD, True),
    (Action.AGREE, Role.DEPUTY_DIRECTOR, False),
    (Action.APPROVE, Role.DIRECTOR, False),
]
A_REASON = "Сааттарды тактаңыз."


# Each paper on which the product is taken -------------------------------------------------------------------------


def seen(plan):
    approval.mark_seen([plan.pk], by=factories.in_line(plan))
    return fresh(plan)


def changed(plan):
    """An approved plan, opened again and changed."""
    plan = factories.amended(plan)
    plan.change_note = "Жаңы курс"
    rows = content_of(plan)["rows"]
    rows[0]["note" if "note" in rows[0] else "methods_text"] = "өзгөрдү"
    actions.save_plan(
        plan=plan, by=plan.author.user, seen=plan.revision, header={"change_note": "Жаңы курс"}, rows=rows
    )
    return fresh(plan)


def own_route(cast: Cast, steps=LONG_ROUTE, kind="individual_plan") -> ApprovalRoute:
    route = ApprovalRoute.objects.create(document_kind=kind, institution=cast.school, source="мектептин чечими")
    for position, (action, role, needs_minutes) in enumerate(steps, start=1):
        route.steps.create(position=position, action=action, role=role, needs_minutes=needs_minutes)
    return route


def agreed(cast: Cast):
    own_route(cast)
    return factories.decided(factories.considered(cast.plan, by=cast.head), by=cast.deputy)


STANDING = {
    "draft": lambda cast: cast.plan,
    "submitted": lambda cast: factories.submitted(cast.plan),
    "seen": lambda cast: seen(factories.submitted(cast.plan)),
    "considered": lambda cast: factories.considered(cast.plan, by=cast.head),
    "agreed": agreed,
    "approved": lambda cast: factories.approved(cast.plan),
    "returned": lambda cast: factories.returned(cast.plan),
    "change": lambda cast: changed(cast.plan),
    "change submitted": lambda cast: factories.submitted(changed(cast.plan)),
    "change returned": lambda cast: factories.returned(changed(cast.plan)),
    "yearly draft": lambda cast: cast.annual_plan,
    "yearly submitted": lambda cast: factories.submitted(cast.annual_plan),
    "yearly seen": lambda cast: seen(factories.submitted(cast.annual_plan)),
    "yearly approved": lambda cast: factories.approved(cast.annual_plan),
    "yearly returned": lambda cast: factories.returned(cast.annual_plan),
    "yearly change": lambda cast: changed(cast.annual_plan),
    **schedules_standing.STANDING,
    **requests_standing.STANDING,
}
DEPUTIES = {"deputy", "second_deputy"}

# Written by hand from the regulations: standing → action → (who, the state it leads to, whose turn it then is).
# Everything that is not written here must not happen.
LISTED: dict[str, dict[str, tuple[set[str], str, str | dict[str, str]]]] = {
    "draft": {"submit": ({"teacher"}, "submitted", "association_head")},
    "submitted": {
        "withdraw": ({"teacher"}, "draft", ""),
        "consider": ({"head"}, "considered", "deputy_director"),
        "return": ({"head"}, "returned", ""),
    },
    "seen": {
        "consider": ({"head"}, "considered", "deputy_director"),
        "return": ({"head"}, "returned", ""),
    },
    "considered": {"approve": (DEPUTIES, "approved", ""), "return": (DEPUTIES, "returned", "")},
    "agreed": {"approve": ({"director"}, "approved", ""), "return": ({"director"}, "returned", "")},
    "approved": {"amend": ({"teacher"}, "draft", "")},
    "returned": {"submit": ({"teacher"}, "submitted", "association_head")},
    "change": {
        "submit": ({"teacher"}, "submitted", "association_head"),
        "discard": ({"teacher"}, "approved", ""),
    },
    "change submitted": {
        "withdraw": ({"teacher"}, "draft", ""),
        "consider": ({"head"}, "considered", "deputy_director"),
        "return": ({"head"}, "returned", ""),
    },
    "change returned": {
        "submit": ({"teacher"}, "submitted", "association_head"),
        "discard": ({"teacher"}, "approved", ""),
    },
    "yearly draft": {"submit": ({"teacher"}, "submitted", "director")},
    "yearly submitted": {
        "withdraw": ({"teacher"}, "draft", ""),
        "approve": ({"director"}, "approved", ""),
        "return": ({"director"}, "returned", ""),
    },
    "yearly seen": {"approve": ({"director"}, "approved", ""), "return": ({"director"}, "returned", "")},
    "yearly approved": {"amend": ({"teacher"}, "draft", "")},
    "yearly returned": {"submit": ({"teacher"}, "submitted", "director")},
    "yearly change": {
        "submit": ({"teacher"}, "submitted", "director"),
        "discard": ({"teacher"}, "approved", ""),
    },
    **schedules_standing.LISTED,
    **requests_standing.LISTED,
}


def standing(plan) -> dict[str, Any]:
    """Everything a move could change."""
    return Document.objects.filter(pk=plan.pk).values().get() | {
        "versions": list(plan.versions.values_list("pk", flat=True)),
        "decisions": [(decision.action, decision.by_id) for decision in decisions_of(plan)],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("where", STANDING)
def test_exactly_the_listed_moves_happen(where, cast):
    plan = STANDING[where](cast)
    before = standing(plan)
    everything = {
        "seen": plan.revision,
        "reason": A_REASON,
        "meeting": meeting(cast.association, by=cast.head),
        "content": {"rows": []},
    }
    users = {name: again(getattr(cast, name)) for name in PEOPLE}
    for action in Action:
        who, target, turn = LISTED[where].get(action, (set(), "", ""))
        for name, user in users.items():
            point = transaction.savepoint() if name in who else None
            refusal = None
            try:
                approval.perform(plan, action, by=user, **everything)
            except (Refused, PermissionDenied) as answer:
                refusal = answer
            if point is None:
                assert isinstance(refusal, PermissionDenied if who else (Refused, PermissionDenied)), (action, name)
                continue
            assert refusal is None, (action, name)
            after = standing(plan)
            next_turn = turn if isinstance(turn, str) else turn[name]
            assert (after["state"], after["awaiting_role"]) == (target, next_turn), (action, name)
            assert after["revision"] == before["revision"] + 1
            assert after["decisions"] == [*before["decisions"], (action, user.person_id)]
            transaction.savepoint_rollback(point)
        assert standing(plan) == before, f"{action} of somebody who was refused left something"


@pytest.mark.django_db
@pytest.mark.parametrize("where", STANDING)
def test_everybody_is_offered_exactly_the_listed_moves(where, cast):
    plan = STANDING[where](cast)
    for name in PEOPLE:
        offered = approval.moves_open_to(again(getattr(cast, name)), fresh(plan))
        assert sorted(offered) == sorted(a for a, (who, *_rest) in LISTED[where].items() if name in who), name


def test_the_table_lists_every_state():
    assert {target for moves in LISTED.values() for _who, target, _turn in moves.values()} | {"agreed"} == set(State)


# What a move needs ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_considering_needs_minutes(submitted, cast):
    with pytest.raises(Refused):
        approval.perform(submitted, Action.CONSIDER, by=cast.head, seen=submitted.revision)
    assert fresh(submitted).state == State.SUBMITTED


@pytest.mark.django_db
def test_a_meeting_of_another_association_decides_nothing(submitted, cast):
    elsewhere = meeting(cast.other_association, by=cast.other_head)
    with pytest.raises(PermissionDenied):
        approval.perform(submitted, Action.CONSIDER, by=cast.head, seen=submitted.revision, meeting=elsewhere)
    assert fresh(submitted).state == State.SUBMITTED


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_giving_back_needs_a_reason(reason, considered, cast):
    with pytest.raises(Refused):
        approval.perform(considered, Action.RETURN, by=cast.deputy, seen=considered.revision, reason=reason)
    assert fresh(considered).state == State.CONSIDERED


@pytest.mark.django_db
def test_the_reason_is_kept_without_spaces_around(considered, cast):
    decision = approval.perform(
        considered, Action.RETURN, by=cast.deputy, seen=considered.revision, reason=f"  {A_REASON}\n"
    )
    assert decision.reason == A_REASON


@pytest.mark.django_db
def test_a_submission_needs_the_content_it_freezes(draft, cast):
    with pytest.raises(TypeError):
        approval.perform(draft, Action.SUBMIT, by=cast.teacher, seen=draft.revision)


@pytest.mark.django_db
def test_a_paper_without_a_route_is_not_submitted(draft):
    ApprovalRoute.objects.all().delete()
    with pytest.raises(Refused):
        factories.submitted(draft)
    assert fresh(draft).state == State.DRAFT


@pytest.mark.django_db
@pytest.mark.parametrize(
    "steps",
    [
        [],
        [(Action.CONSIDER, Role.DIRECTOR, False)],
        [(Action.APPROVE, Role.DEPUTY_DIRECTOR, False), (Action.AGREE, Role.DIRECTOR, False)],
        [(Action.APPROVE, Role.DEPUTY_DIRECTOR, False), (Action.APPROVE, Role.DIRECTOR, False)],
    ],
)
def test_a_route_must_end_with_its_only_approval(steps, draft, cast):
    own_route(cast, steps)
    with pytest.raises(Refused):
        factories.submitted(draft)


@pytest.mark.django_db
def test_a_plan_without_an_association_is_not_sent_to_a_meeting(cast):
    Employment.objects.filter(person=cast.teacher.person).update(association=None)
    with pytest.raises(Refused):
        factories.submitted(factories.individual_plan(cast.teacher))


@pytest.mark.django_db
def test_the_school_s_own_route_goes_before_the_general_one(draft, cast):
    own_route(cast)
    plan = factories.submitted(draft)
    assert [step["action"] for step in plan.current_version.route] == ["consider", "agree", "approve"]


@pytest.mark.django_db
def test_a_route_changed_later_does_not_touch_papers_under_way(submitted, cast):
    own_route(cast)
    ApprovalRoute.objects.filter(institution=None).delete()
    assert factories.approved(submitted).state == State.APPROVED


@pytest.mark.django_db
def test_the_route_walks_consider_agree_approve(draft, cast):
    own_route(cast)
    plan = factories.approved(draft)
    assert [(d.action, d.step, d.by_role) for d in decisions_of(plan)] == [
        ("submit", None, ""),
        ("consider", 0, "association_head"),
        ("agree", 1, "deputy_director"),
        ("approve", 2, "director"),
    ]


# Seen, withdrawn, changed meanwhile -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_plan_can_be_withdrawn_until_it_was_looked_at(submitted, cast):
    approval.mark_seen([submitted.pk], by=cast.head)
    with pytest.raises(Refused):
        approval.perform(submitted, Action.WITHDRAW, by=cast.teacher, seen=submitted.revision)
    assert fresh(submitted).state == State.SUBMITTED


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"head"}))
def test_only_a_look_by_somebody_who_can_decide_counts(name, submitted, cast):
    approval.mark_seen([submitted.pk], by=getattr(cast, name))
    assert fresh(submitted).seen_at is None
    approval.perform(submitted, Action.WITHDRAW, by=cast.teacher, seen=submitted.revision)
    assert fresh(submitted).state == State.DRAFT


@pytest.mark.django_db
def test_the_first_look_is_kept_and_a_new_submission_begins_unseen(submitted, cast):
    approval.mark_seen([submitted.pk], by=cast.head)
    first = fresh(submitted).seen_at
    approval.mark_seen([submitted.pk], by=cast.head)
    assert fresh(submitted).seen_at == first
    plan = factories.submitted(factories.returned(submitted, by=cast.head))
    assert plan.seen_at is None


@pytest.mark.django_db
def test_a_look_is_no_change(submitted, cast):
    approval.mark_seen([submitted.pk], by=cast.head)
    assert fresh(submitted).revision == submitted.revision


@pytest.mark.django_db
@pytest.mark.parametrize("action", list(Action))
def test_a_move_on_an_old_revision_is_told_who_was_first_and_when(action, considered, cast):
    old = considered.revision
    first = approval.perform(considered, Action.APPROVE, by=cast.deputy, seen=old)
    with pytest.raises(ChangedMeanwhile) as refusal:
        approval.perform(considered, action, by=cast.second_deputy, seen=old, reason=A_REASON)
    assert cast.deputy.person.full_name in refusal.value.message
    assert moment(first.at) in refusal.value.message


@pytest.mark.django_db
def test_a_move_on_a_text_saved_elsewhere_is_told_when(draft, cast):
    old = draft.revision
    plan = factories.complete(draft)
    with pytest.raises(ChangedMeanwhile) as refusal:
        actions.submit_plan(plan=draft, by=cast.teacher, seen=old)
    assert moment(plan.changed_at) in refusal.value.message


@pytest.mark.django_db
@pytest.mark.parametrize("seen_revision", [-1, 0, 10**6])
def test_a_revision_that_never_was_moves_nothing(seen_revision, considered, cast):
    with pytest.raises(ChangedMeanwhile):
        approval.perform(considered, Action.APPROVE, by=cast.deputy, seen=seen_revision)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["submitted", "considered", "approved"])
def test_a_paper_that_is_handed_in_is_not_edited(where, cast):
    plan = STANDING[where](cast)
    with pytest.raises(ChangedMeanwhile):
        approval.take_for_editing(plan, by=cast.teacher, seen=plan.revision)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"teacher"}))
def test_nobody_edits_the_paper_of_another(name, draft, cast):
    with pytest.raises(PermissionDenied):
        approval.take_for_editing(draft, by=getattr(cast, name), seen=draft.revision)


# Changing what is in force ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_approved_stays_in_force_until_the_change_is_approved(approved, cast):
    first = approved.in_force
    plan = changed(approved)
    for step in (factories.submitted, factories.considered):
        assert plan.in_force == first
        plan = step(plan)
    assert plan.in_force == first
    plan = factories.approved(plan)
    assert plan.in_force == plan.current_version != first
    assert [version.number for version in plan.versions.all()] == [1, 2]
    assert first.content == DocumentVersion.objects.get(pk=first.pk).content


@pytest.mark.django_db
def test_a_change_that_was_given_back_leaves_the_old_text_in_force(approved):
    plan = factories.returned(changed(approved))
    assert (plan.state, plan.in_force) == (State.RETURNED, approved.in_force)


@pytest.mark.django_db
@pytest.mark.parametrize("hand_in", [False, True])
def test_a_discarded_change_leaves_what_was_in_force(hand_in, approved, cast):
    plan = changed(approved)
    if hand_in:
        plan = factories.returned(plan)
    approval.perform(plan, Action.DISCARD, by=cast.teacher, seen=plan.revision)
    plan = fresh(plan)
    assert (plan.state, plan.in_force, plan.current_version) == (State.APPROVED, approved.in_force, approved.in_force)
    assert factories.amended(plan).state == State.DRAFT, "and can be changed another time"


@pytest.mark.django_db
def test_others_read_the_version_never_the_working_copy(approved, cast):
    plan = changed(approved)
    assert plan.version_read_by(cast.deputy) == approved.in_force
    handed_in = factories.submitted(plan)
    assert handed_in.version_read_by(cast.deputy).number == 2
    assert handed_in.version_read_by(cast.officer) == approved.in_force


# Nobody on their own paper, nobody twice ---------------------------------------------------------------------------


def may_take(plan, *names: str, cast: Cast) -> None:
    """Exactly these of the cast can take the plan's next step."""
    able = {
        name for name in PEOPLE if Document.objects.awaiting(again(getattr(cast, name))).filter(pk=plan.pk).exists()
    }
    assert able == set(names)


@pytest.mark.django_db
def test_a_deputy_s_own_plan_is_approved_by_the_director(cast):
    plan = factories.considered(factories.individual_plan(cast.deputy))
    assert plan.awaiting_role == Role.DIRECTOR
    may_take(plan, "director", cast=cast)
    assert factories.approved(plan, by=cast.director).state == State.APPROVED


@pytest.mark.django_db
def test_a_head_s_own_plan_is_considered_by_one_deputy_and_approved_by_another(cast):
    plan = factories.submitted(factories.individual_plan(cast.head))
    assert plan.awaiting_role == Role.DEPUTY_DIRECTOR
    may_take(plan, "deputy", "second_deputy", cast=cast)
    plan = factories.decided(plan, by=cast.deputy)
    may_take(plan, "second_deputy", cast=cast)
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.APPROVE, by=cast.deputy, seen=plan.revision)
    assert factories.approved(plan, by=cast.second_deputy).state == State.APPROVED


@pytest.mark.django_db
def test_where_there_is_one_deputy_the_director_approves_the_head_s_plan(cast):
    RoleAssignment.objects.filter(person=cast.second_deputy.person).delete()
    plan = factories.decided(factories.submitted(factories.individual_plan(cast.head)), by=cast.deputy)
    assert plan.awaiting_role == Role.DIRECTOR
    may_take(plan, "director", cast=cast)


@pytest.mark.django_db
def test_a_director_s_own_yearly_plan_is_approved_by_a_deputy(cast):
    plan = factories.submitted(factories.annual_plan(cast.director))
    assert plan.awaiting_role == Role.DEPUTY_DIRECTOR
    may_take(plan, "deputy", "second_deputy", cast=cast)


def lone_leader(cast: Cast) -> User:
    """At school B the director is also the deputy and heads the only association: there is nobody else."""
    for role, place in (
        (Role.DEPUTY_DIRECTOR, {"institution": cast.other_school}),
        (Role.ASSOCIATION_HEAD, {"association": cast.strange_association}),
    ):
        factories.RoleFactory(person=cast.other_director.person, role=role, **place)
    Employment.objects.filter(person=cast.other_director.person).update(association=cast.strange_association)
    return again(cast.other_director)


@pytest.mark.django_db
def test_where_one_person_is_everything_the_district_decides_on_their_plan(cast):
    plan = factories.submitted(factories.annual_plan(lone_leader(cast)))
    assert plan.awaiting_role == Role.DISTRICT_OFFICER
    may_take(plan, "officer", cast=cast)
    assert factories.approved(plan, by=cast.officer).state == State.APPROVED


@pytest.mark.django_db
def test_two_officers_of_the_district_take_the_two_steps_of_a_lone_leader_s_plan(cast):
    second_officer = factories.UserFactory()
    factories.RoleFactory(person=second_officer.person, role=Role.DISTRICT_OFFICER, district=cast.district)
    plan = factories.decided(factories.submitted(factories.individual_plan(lone_leader(cast))), by=cast.officer)
    may_take(plan, cast=cast)
    assert factories.approved(plan, by=second_officer).state == State.APPROVED


@pytest.mark.django_db
def test_a_person_of_two_roles_takes_one_step_of_a_paper(cast):
    """Who considered it as head does not approve it as deputy."""
    factories.RoleFactory(person=cast.head.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    plan = factories.considered(cast.plan, by=again(cast.head))
    may_take(plan, "deputy", "second_deputy", cast=cast)
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.APPROVE, by=again(cast.head), seen=plan.revision)
    with pytest.raises(PermissionDenied):
        approval.perform(plan, Action.RETURN, by=again(cast.head), seen=plan.revision, reason=A_REASON)


@pytest.mark.django_db
def test_a_person_of_two_roles_where_nobody_shares_them_leaves_the_second_step_to_the_next_in_line(cast):
    RoleAssignment.objects.filter(role=Role.DEPUTY_DIRECTOR).delete()
    factories.RoleFactory(person=cast.head.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    plan = factories.considered(cast.plan, by=again(cast.head))
    may_take(plan, "director", cast=cast)


@pytest.mark.django_db
def test_a_new_version_may_be_decided_on_by_the_same_people(approved, cast):
    plan = factories.considered(changed(approved), by=cast.head)
    assert factories.approved(plan, by=cast.deputy).in_force.number == 2


@pytest.mark.django_db
def test_where_nobody_can_decide_the_plan_waits_for_whoever_gets_the_role(cast):
    RoleAssignment.objects.exclude(role=Role.ASSOCIATION_HEAD).delete()
    plan = factories.considered(cast.plan, by=cast.head)
    may_take(plan, cast=cast)
    factories.RoleFactory(person=cast.clerk.person, role=Role.DEPUTY_DIRECTOR, institution=cast.school)
    may_take(plan, "clerk", cast=cast)


@pytest.mark.django_db
@pytest.mark.parametrize("shift", [{"ends_on": -1}, {"starts_on": 1}])
def test_a_role_that_ended_yesterday_or_begins_tomorrow_decides_nothing(shift, considered, cast):
    [(column, days)] = shift.items()
    RoleAssignment.objects.filter(person=cast.deputy.person).update(**{column: today() + dt.timedelta(days)})
    with pytest.raises(PermissionDenied):
        approval.perform(considered, Action.APPROVE, by=again(cast.deputy), seen=considered.revision)
    may_take(considered, "second_deputy", cast=cast)


# The record of decisions ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_decision_holds_the_one_before_it(approved):
    first, second, third = decisions_of(approved)
    assert first.previous_hash == ""
    assert (second.previous_hash, third.previous_hash) == (first.chain_hash, second.chain_hash)
    for decision in (first, second, third):
        assert decision.chain_hash == decision.computed_hash()


@pytest.mark.django_db
def test_the_chain_goes_on_over_versions(approved):
    decisions = decisions_of(factories.approved(changed(approved)))
    assert [d.previous_hash for d in decisions] == ["", *(d.chain_hash for d in decisions[:-1])]
    assert len({d.version_id for d in decisions}) == 2


@pytest.mark.django_db
def test_a_decision_names_the_person_as_they_were_called_then(approved, cast):
    person = cast.deputy.person
    name = person.full_name
    person.family_name = "Башкача"
    person.save()
    last = decisions_of(approved)[-1]
    assert (last.by_name, last.by_role, last.by) == (name, Role.DEPUTY_DIRECTOR, person)
    assert last.chain_hash == last.computed_hash()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Decision, DocumentVersion])
def test_what_was_decided_is_neither_changed_nor_deleted_through_the_program(model, approved):
    row = model.objects.order_by("pk").last()
    field = "reason" if model is Decision else "content"
    rows = model.objects.filter(pk=row.pk)
    for attempt in (
        row.save,
        row.delete,
        rows.delete,
        lambda: rows.update(**{field: "башка"}),
        lambda: model.objects.bulk_update([row], [field]),
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.django_db
def test_a_move_costs_few_queries(considered, cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        approval.perform(considered, Action.APPROVE, by=again(cast.deputy), seen=considered.revision)
