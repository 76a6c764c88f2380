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

from cpd.dates import lasting, school_year, today
from plans import actions
from plans.content import content_of
from schools import approval
from schools.approval import Refused
from schools.choices import PERSONAL, Action, DocumentKind, Role, Work
from schools.delegations import end_early, hand_over
from schools.invariants import CHECKS
from schools.models import Decision, Delegation, Document, RoleAssignment, User
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
    ("submitted", "agree"): "agreed",
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
    ("draft", "close"): "closed",
    ("returned", "close"): "closed",
    ("closed", "send"): "submitted",
    ("closed", "reopen"): "draft",
}
BY_AUTHOR = {"submit", "close", "send", "reopen", "withdraw", "amend", "discard"}
AUTHORS = ("teacher", "colleague", "head", "deputy", "director", "other_director")
GAINS = (("clerk", Role.DEPUTY_DIRECTOR), ("head", Role.DEPUTY_DIRECTOR), ("deputy", Role.DIRECTOR))

OFFICES = ("head", "other_head", "deputy")  # who start a schedule: of their association, or of the school
OF_THE_SCHOOL = {DocumentKind.SCHOOL_SCHEDULE: Work.SCHEDULES, DocumentKind.NEEDS_REQUEST: Work.NEEDS}

people = st.sampled_from([*PEOPLE])
some_plan = st.integers(0, 3)


def writes(plan, user) -> bool:
    """Said once more by hand: one's own plan, the schedule of the association one heads, the schedule and the request
    of the school one leads or was handed that work of."""
    held = RoleAssignment.objects.on(today()).filter(person=user.person)
    if plan.kind == DocumentKind.ASSOCIATION_SCHEDULE:
        return held.filter(role=Role.ASSOCIATION_HEAD, association=plan.association).exists()
    if plan.kind in OF_THE_SCHOOL:
        leads = held.filter(role__in=[Role.DEPUTY_DIRECTOR, Role.DIRECTOR], institution=plan.institution)
        handed = Delegation.objects.in_force(today()).filter(taker=user.person, work=OF_THE_SCHOOL[plan.kind])
        return leads.exists() or handed.filter(institution=plan.institution).exists()
    return plan.author == user.person


class Papers(RuleBasedStateMachine):
    """Up to four papers, sixteen people, roles that come and go: plans, or schedules and requests, of offices."""

    cast: Cast
    of_offices: bool
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

    @precondition(lambda self: len(self.plans) < 4 and not self.of_offices)
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

    @precondition(lambda self: len(self.plans) < 4 and self.of_offices)
    @rule(name=st.sampled_from(OFFICES), later=st.integers(0, 1))
    def start_a_schedule(self, name, later):
        """One of an association and one of the school are enough: the database refuses a second one."""
        user, year = getattr(self.cast, name), factories.next_school_year() + later
        place = {"head": self.cast.association, "other_head": self.cast.other_association}.get(name)
        kind = DocumentKind.ASSOCIATION_SCHEDULE if place else DocumentKind.SCHOOL_SCHEDULE
        if any((p.kind, p.association, p.period) == (kind, place, school_year(year)) for p in self.plans):
            return
        if place:
            self.plans.append(factories.association_schedule(place, by=user, year=year))
        else:
            self.plans.append(factories.school_schedule(self.cast.school, by=user, year=year))

    @precondition(lambda self: len(self.plans) < 4 and self.of_offices)
    @rule(name=st.sampled_from(["deputy", "director"]))
    def start_a_request(self, name):
        """That of the school for the next school year."""
        if not any(paper.kind == DocumentKind.NEEDS_REQUEST for paper in self.plans):
            self.plans.append(factories.needs_request(self.cast.school, by=getattr(self.cast, name)))

    @precondition(lambda self: self.plans)
    @rule(number=some_plan, name=people, note=st.sampled_from(["", "бир", "эки"]), late=st.booleans())
    def edit(self, number, name, note, late):
        plan, user = self.plan(number), self.user(name)
        if plan.kind not in PERSONAL:
            self.write_a_row(plan, user, late=late)
            return
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

    def write_a_row(self, plan, user, *, late):
        """A row of a schedule has a revision of its own; the paper's moves on with it."""
        before = Document.objects.filter(pk=plan.pk).values().get()
        try:
            revision = approval.take_for_editing(plan, by=user, seen=plan.revision - 1 if late else None)
        except (Refused, PermissionDenied):
            assert Document.objects.filter(pk=plan.pk).values().get() == before
        else:
            assert (late, before["state"] in {"draft", "returned"}) == (False, True)
            assert writes(plan, user)
            assert revision == plan.revision + 1

    @precondition(lambda self: self.plans)
    @rule(number=some_plan, name=people)
    def look(self, number, name):
        plan, user = self.plan(number), self.user(name)
        approval.mark_seen([plan.pk], by=user)
        after = fresh(plan)
        if (plan.seen_at is None) != (after.seen_at is None):
            assert plan.state in {"submitted", "considered", "agreed"}
            assert plan.author != user.person, "whose look takes away the withdrawal"

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
            if not (onward and action in {"return", "withdraw", "discard", "reopen"})
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

    @rule(
        giver=st.sampled_from(["deputy", "second_deputy", "director", "head"]),
        taker=people,
        work=st.sampled_from([Work.PLANS, Work.SCHEDULES, Work.NEEDS]),
    )
    def hand_over_work(self, giver, taker, work):
        days = {"starts_on": today(), "ends_on": today() + dt.timedelta(days=30)}
        who = getattr(self.cast, taker).person
        try:
            hand_over(institution=self.cast.school, taker=who, works=[work], by=self.user(giver), **days)
        except PermissionDenied:
            assert self.cast.school.pk not in self.user(giver).scope.led
        except Refused:
            pass
        self.users.clear()

    @rule()
    def end_what_was_handed_over_first(self):
        first = Delegation.objects.filter(ended_at=None).order_by("pk").first()
        if first:
            end_early(delegation=first, by=again(first.taker.user))
        self.users.clear()

    def move(self, plan, user, action, *, late=False, bare=False):
        before = Document.objects.filter(pk=plan.pk).values().get()
        decided = Decision.objects.count()
        is_writer = writes(plan, user)
        content = content_of(plan) if plan.kind in PERSONAL else {"rows": [plan.revision]}
        bare = bare and plan.kind in PERSONAL
        details = {} if bare else {"reason": "Тактаңыз.", "content": content}
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
        decision = Decision.objects.latest("pk")
        if decision.in_place_of:
            assert Delegation.objects.filter(giver=decision.in_place_of, taker=user.person).exists()
        if action in BY_AUTHOR:
            assert is_writer
        else:
            assert plan.author not in (user.person, decision.in_place_of)
        if plan.kind != DocumentKind.SCHOOL_SCHEDULE:
            assert action not in {"close", "send", "reopen"}
        if action in {"submit", "close"}:
            assert after.author == user.person, "of an office's paper: who handed it in"
        else:
            assert after.author == plan.author
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


FAR = {
    False: {"submit", "consider", "approve", "return", "amend"},
    True: {"submit", "close", "send", "reopen", "withdraw", "agree", "approve", "return", "amend"},
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("of_offices", FAR, ids=["plans", "papers of offices"])
def test_no_walk_breaks_what_must_always_hold(of_offices, cast):
    made: Counter[tuple[str, str]] = Counter()
    walk = type("Walk", (Papers,), {"cast": cast, "made": made, "of_offices": of_offices})
    walks = hypothesis.settings(
        max_examples=int(os.environ.get("MACHINE_WALKS", WALKS)),
        stateful_step_count=STEPS,
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
    )
    run_state_machine_as_test(walk, settings=walks)
    assert {action for _state, action in made} >= FAR[of_offices], "walks came far"
