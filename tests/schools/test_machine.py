"""Random walks over papers by random people: whatever they try, what must always hold does (trust, T7, T8)."""

import datetime as dt
import os
from collections import Counter

import hypothesis
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cpd.dates import lasting, today
from plans import actions
from plans.content import content_of
from schools import approval
from schools.approval import Refused
from schools.choices import Action, Role
from schools.invariants import CHECKS
from schools.models import Decision, Document, RoleAssignment, User
from tests import factories
from tests.conftest import PEOPLE, Cast
from tests.factories import again, fresh

STEPS = 50  # of one walk
WALKS = 20  # ``MACHINE_WALKS=400 pytest tests/schools/test_machine.py`` makes 20,000 steps

# Written by hand: from which state which move may lead where. Whoever makes it, nothing else may be seen.
LEADS = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "withdraw"): "draft",
    ("submitted", "consider"): "considered",
    ("submitted", "approve"): "approved",
    ("considered", "agree"): "agreed",
    ("considered", "approve"): "approved",
    ("agreed", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("considered", "return"): "returned",
    ("agreed", "return"): "returned",
    ("approved", "amend"): "draft",
    ("draft", "discard"): "approved",
    ("returned", "discard"): "approved",
}
BY_AUTHOR = {"submit", "withdraw", "amend", "discard"}
AUTHORS = ("teacher", "colleague", "head", "deputy", "director", "other_director")
GAINS = (("clerk", Role.DEPUTY_DIRECTOR), ("head", Role.DEPUTY_DIRECTOR), ("deputy", Role.DIRECTOR))

people = st.sampled_from([*PEOPLE])
some_plan = st.integers(0, 3)


class Papers(RuleBasedStateMachine):
    """Up to four plans, sixteen people, roles that come and go."""

    cast: Cast
    made: Counter[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.plans: list = []
        self.users: dict[str, User] = {}
        self.is_unchecked = False

    def teardown(self) -> None:
        assert {check.__name__: list(check()) for check in CHECKS} == {check.__name__: [] for check in CHECKS}
        transaction.savepoint_rollback(self.point)

    def user(self, name: str) -> User:
        if name not in self.users:
            self.users[name] = again(getattr(self.cast, name))
        return self.users[name]

    def plan(self, number: int):
        return fresh(self.plans[number % len(self.plans)])

    @precondition(lambda self: len(self.plans) < 4)
    @rule(author=st.sampled_from(AUTHORS), yearly=st.booleans(), later=st.integers(0, 1))
    def start(self, author, yearly, later):
        make = factories.annual_plan if yearly else factories.individual_plan
        first_day = dt.date(2026, 9, 1) + dt.timedelta(days=1 + 365 * 6 * later)
        try:
            plan = make(self.user(author), period=lasting(first_day, 1 if yearly else 5))
        except Refused:
            assert any(p.author_id == getattr(self.cast, author).person_id for p in self.plans), "only a second one"
        else:
            self.plans.append(factories.complete(plan))

    @precondition(lambda self: self.plans)
    @rule(number=some_plan, name=people, note=st.sampled_from(["", "бир", "эки"]), late=st.booleans())
    def edit(self, number, name, note, late):
        plan, user = self.plan(number), self.user(name)
        before, content = Document.objects.filter(pk=plan.pk).values().get(), content_of(plan)
        rows = [row | {"month": 10 if note else 11} for row in content["rows"]]
        seen = plan.revision - late
        try:
            actions.save_plan(plan=plan, by=user, seen=seen, header={"change_note": note}, rows=rows)
        except (Refused, PermissionDenied):
            assert Document.objects.filter(pk=plan.pk).values().get() == before
            assert content_of(fresh(plan)) == content
        else:
            assert (plan.author, late, before["state"] in {"draft", "returned"}) == (user.person, False, True)

    @precondition(lambda self: self.plans)
    @rule(number=some_plan, name=people)
    def look(self, number, name):
        plan, user = self.plan(number), self.user(name)
        approval.mark_seen([plan.pk], by=user)
        after = fresh(plan)
        if (plan.seen_at is None) != (after.seen_at is None):
            assert plan.state in {"submitted", "considered", "agreed"}
            assert plan.author != user.person

    @precondition(lambda self: self.plans)
    @rule(number=some_plan, name=people, action=st.sampled_from([*Action]), late=st.booleans(), bare=st.booleans())
    def act(self, number, name, action, late, bare):
        self.move(self.plan(number), self.user(name), action, late=late and bare, bare=bare)

    @precondition(lambda self: self.plans)
    @rule(number=some_plan, which=st.integers(0, 7), onward=st.booleans())
    def act_as_one_may(self, number, which, onward):
        """Most random moves are refused; this one walks on, so that the walks come far."""
        plan = self.plan(number)
        offers = [
            (user, action)
            for user in (self.user(name) for name in PEOPLE)
            for action in approval.moves_open_to(user, plan)
            if not (onward and action in {"return", "withdraw", "discard"})
        ]
        if offers:
            self.move(plan, *offers[which % len(offers)])

    @rule(gain=st.sampled_from(GAINS))
    def gain_a_role(self, gain):
        name, role = gain
        RoleAssignment.objects.get_or_create(
            person=getattr(self.cast, name).person, role=role, institution=self.cast.school, ends_on=None
        )
        self.users.clear()

    @rule(name=st.sampled_from(["second_deputy", "deputy", "clerk", "head"]))
    def lose_a_role(self, name):
        held = RoleAssignment.objects.filter(person=getattr(self.cast, name).person, role=Role.DEPUTY_DIRECTOR)
        held.update(starts_on=today() - dt.timedelta(days=2), ends_on=today() - dt.timedelta(days=1))
        self.users.clear()

    def move(self, plan, user, action, *, late=False, bare=False):
        before = Document.objects.filter(pk=plan.pk).values().get()
        decided = Decision.objects.count()
        details = {} if bare else {"reason": "Тактаңыз.", "content": content_of(plan)}
        if not bare and plan.association:
            details["meeting"] = factories.meeting(plan.association, by=user)
        try:
            if bare and action == Action.SUBMIT:
                actions.submit_plan(plan=plan, by=user, seen=plan.revision - late)
            else:
                approval.perform(plan, action, by=user, seen=plan.revision - late, **details)
        except (Refused, PermissionDenied):
            assert Document.objects.filter(pk=plan.pk).values().get() == before
            assert Decision.objects.count() == decided
            return
        after = fresh(plan)
        assert not late
        assert after.state == LEADS[before["state"], action]
        assert (user.person == plan.author) == (action in BY_AUTHOR)
        assert after.revision == plan.revision + 1
        assert Decision.objects.count() == decided + 1
        assert (after.awaiting_role != "") == (after.state in {"submitted", "considered", "agreed"})
        if before["in_force_id"]:
            assert after.in_force is not None, "what is in force is replaced, never lost"
        self.made[before["state"], action.value] += 1
        self.is_unchecked = True

    @invariant()
    def what_must_always_hold_does(self):
        if not self.is_unchecked:
            return  # nothing moved: that was compared already
        self.is_unchecked = False
        for check in CHECKS[:-1]:  # the last reads the whole file; it is asked at the end of each walk
            assert list(check()) == [], check.__name__


@pytest.mark.django_db
def test_no_walk_breaks_what_must_always_hold(cast):
    made: Counter[tuple[str, str]] = Counter()
    walk = type("Walk", (Papers,), {"cast": cast, "made": made})
    walks = hypothesis.settings(
        max_examples=int(os.environ.get("MACHINE_WALKS", WALKS)),
        stateful_step_count=STEPS,
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
    )
    run_state_machine_as_test(walk, settings=walks)
    assert {action for _state, action in made} >= {"submit", "consider", "approve", "return", "amend"}, (
        "walks came far"
    )
