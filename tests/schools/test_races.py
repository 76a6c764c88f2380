"""Two people, one paper, the same moment: real threads, each with a connection of its own (trust, T9–T11, T14).

Every race has its teeth: the same harness with the control taken away must see the harm.
"""

import datetime as dt
from collections import Counter
from contextlib import nullcontext
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from cpd.dates import lasting
from plans import actions
from plans.content import content_of
from plans.models import IndividualPlan, PlanItem
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, State
from schools.invariants import CHECKS
from schools.models import Decision, Document
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import again, decisions_of, fresh, meeting

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 12


def outcome(answers: list) -> Counter:
    """How often each kind of answer came."""
    return Counter(type(answer).__name__ for answer in answers)


def move(plan, action: Action, user, **details):
    return partial(approval.perform, plan, action, by=again(user), seen=plan.revision, **details)


def holds() -> None:
    assert {check.__name__: list(check()) for check in CHECKS} == {check.__name__: [] for check in CHECKS}


def save(plan, note: str):
    rows = [factories.plan_row(plan, note=note)]
    header = {"grounds": ["standard"], "grounds_text": note, "change_note": ""}
    return partial(
        actions.save_plan, plan=fresh(plan), by=plan.author.user, seen=plan.revision, header=header, rows=rows
    )


def drafts(cast: Cast, how_many: int = 4):
    """The teacher's plans for as many periods: one for each round of a race."""
    periods = [factories.five_years()]
    while len(periods) < how_many:
        periods.append(lasting(periods[-1].ends_on + dt.timedelta(days=1), 5))
    for period in periods:
        yield factories.complete(factories.individual_plan(cast.teacher, period=period))


@pytest.fixture
def without_control(monkeypatch) -> None:
    """Read, then write: every claim succeeds, all at the same moment, and no transaction keeps the others out."""
    gate = Barrier(CROWD)

    def claim(document, sources, seen, only_if=None, **columns) -> bool:
        gate.wait(timeout=30)
        Document.objects.filter(pk=document.pk).update(
            revision=F("revision") + 1, changed_at=timezone.now(), **columns
        )
        return True

    monkeypatch.setattr(approval, "_claim", claim)
    monkeypatch.setattr(approval, "_hold", lambda document: Document.objects.get(pk=document.pk))
    monkeypatch.setattr(approval, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(actions, "transaction", SimpleNamespace(atomic=nullcontext))


# Approving at once ------------------------------------------------------------------------------------------------


def test_of_two_deputies_approving_at_once_one_does_and_one_is_told(cast):
    for draft in drafts(cast):
        considered = factories.considered(draft)
        answers = at_once(*(move(considered, Action.APPROVE, who) for who in (cast.deputy, cast.second_deputy)))
        assert outcome(answers) == {"Decision": 1, "ChangedMeanwhile": 1}
        [done] = [answer for answer in answers if isinstance(answer, Decision)]
        [told] = [answer for answer in answers if isinstance(answer, ChangedMeanwhile)]
        assert done.by_name in told.message
        assert fresh(considered).in_force_id == done.version_id
        holds()


def test_of_twelve_approvals_at_once_one_happens(cast):
    for draft in drafts(cast):
        considered = factories.considered(draft)
        who = [cast.deputy, cast.second_deputy] * (CROWD // 2)
        answers = at_once(*(move(considered, Action.APPROVE, user) for user in who))
        assert outcome(answers) == {"Decision": 1, "ChangedMeanwhile": CROWD - 1}
        assert fresh(considered).revision == considered.revision + 1
        holds()


def test_teeth_without_the_claim_all_twelve_take_the_paper_and_only_the_database_stops_them(
    considered, cast, without_control
):
    who = [cast.deputy, cast.second_deputy] * (CROWD // 2)
    answers = at_once(*(move(considered, Action.APPROVE, user) for user in who))
    assert outcome(answers) == {"Decision": 1, "IntegrityError": CROWD - 1}
    assert fresh(considered).revision == considered.revision + CROWD, "twelve claims of one paper"


def test_twelve_clicks_of_one_person_are_one_decision(considered, cast):
    answers = at_once(*[move(considered, Action.APPROVE, cast.deputy)] * CROWD)
    assert outcome(answers) == {"Decision": 1, "ChangedMeanwhile": CROWD - 1}
    holds()


# Deciding against withdrawing, giving back, editing ---------------------------------------------------------------


def test_a_paper_is_either_withdrawn_or_considered(cast):
    for draft in drafts(cast):
        submitted = factories.submitted(draft)
        minutes = meeting(cast.association, by=cast.head)
        withdrawn, considered = at_once(
            move(submitted, Action.WITHDRAW, cast.teacher),
            move(submitted, Action.CONSIDER, cast.head, meeting=minutes),
        )
        assert outcome([withdrawn, considered]) == {"Decision": 1, "ChangedMeanwhile": 1}
        assert fresh(submitted).state == (State.DRAFT if isinstance(withdrawn, Decision) else State.CONSIDERED)
        holds()


def test_a_paper_is_either_approved_or_given_back(cast):
    for draft in drafts(cast):
        considered = factories.considered(draft)
        approved, returned = at_once(
            move(considered, Action.APPROVE, cast.deputy),
            move(considered, Action.RETURN, cast.second_deputy, reason="Сааттарды тактаңыз."),
        )
        assert outcome([approved, returned]) == {"Decision": 1, "ChangedMeanwhile": 1}
        assert fresh(considered).state == (State.APPROVED if isinstance(approved, Decision) else State.RETURNED)
        holds()


def test_a_paper_somebody_looks_at_is_withdrawn_or_seen_but_not_both(cast):
    for draft in drafts(cast):
        submitted = factories.submitted(draft)
        withdrawn, _looked = at_once(
            move(submitted, Action.WITHDRAW, cast.teacher),
            partial(approval.mark_seen, [submitted.pk], by=again(cast.head)),
        )
        plan = fresh(submitted)
        if isinstance(withdrawn, Decision):
            assert plan.state == State.DRAFT
        else:
            assert isinstance(withdrawn, Refused)
            assert (plan.state, plan.seen_at is None) == (State.SUBMITTED, False)
        holds()


def hand_in_another_text(plan, cast: Cast, note: str):
    """The author takes the paper back, writes something else and hands it in again."""

    def rewrite():
        approval.perform(plan, Action.WITHDRAW, by=cast.teacher, seen=plan.revision)
        save(fresh(plan), note)()
        actions.submit_plan(plan=fresh(plan), by=cast.teacher, seen=fresh(plan).revision)

    return rewrite


def test_what_is_considered_is_the_text_that_was_on_the_screen(cast):
    for draft in drafts(cast):
        submitted = factories.submitted(draft)
        on_screen = submitted.current_version
        minutes = meeting(cast.association, by=cast.head)
        rewritten, considered = at_once(
            hand_in_another_text(submitted, cast, "башка текст"),
            move(submitted, Action.CONSIDER, cast.head, meeting=minutes),
        )
        if isinstance(considered, Decision):
            assert considered.version == on_screen
            assert isinstance(rewritten, ChangedMeanwhile)
        else:
            assert isinstance(considered, ChangedMeanwhile)
            assert rewritten is None
            assert fresh(submitted).state == State.SUBMITTED
        holds()


def test_teeth_without_the_revision_of_the_screen_another_text_is_considered(submitted, cast):
    on_screen = submitted.current_version
    hand_in_another_text(submitted, cast, "башка текст")()
    unseen = fresh(submitted).revision  # what a form that carries no revision would act on
    minutes = meeting(cast.association, by=cast.head)
    considered = approval.perform(submitted, Action.CONSIDER, by=cast.head, seen=unseen, meeting=minutes)
    assert considered.version != on_screen
    assert considered.version.content["grounds_text"] == "башка текст"


# Saving at once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [2, CROWD])
def test_of_editors_saving_from_one_revision_one_is_saved_and_the_others_are_told(draft, how_many):
    notes = [f"текст {n}" for n in range(how_many)]
    answers = at_once(*(save(draft, note) for note in notes))
    assert outcome(answers) == {"int": 1, "ChangedMeanwhile": how_many - 1}
    [saved] = [note for note, answer in zip(notes, answers, strict=True) if isinstance(answer, int)]
    plan = fresh(draft)
    assert (plan.grounds_text, [row.note for row in plan.rows.all()]) == (saved, [saved])
    assert plan.revision == draft.revision + 1


def test_teeth_without_the_claim_all_editors_are_told_saved_and_all_but_one_lose_their_text(draft, without_control):
    notes = [f"текст {n}" for n in range(CROWD)]
    answers = at_once(*(save(draft, note) for note in notes))
    assert outcome(answers)["int"] > 1, "more than one was told that the text is saved"
    assert fresh(draft).grounds_text in notes


def test_a_text_saved_while_it_is_handed_in_is_in_the_version_or_refused(cast):
    for draft in drafts(cast):
        saved, handed_in = at_once(
            save(draft, "акыркы сөз"),
            partial(actions.submit_plan, plan=fresh(draft), by=cast.teacher, seen=draft.revision),
        )
        assert outcome([saved, handed_in])["ChangedMeanwhile"] == 1
        plan = fresh(draft)
        if isinstance(handed_in, Decision):
            frozen = plan.current_version.content
            assert frozen["rows"] == content_of(plan)["rows"], "the version is the working copy"
        else:
            assert (plan.state, plan.grounds_text) == (State.DRAFT, "акыркы сөз")
        holds()


def test_of_twelve_submissions_of_one_draft_one_makes_a_version(draft, cast):
    answers = at_once(
        *(partial(actions.submit_plan, plan=fresh(draft), by=again(cast.teacher), seen=draft.revision),) * CROWD
    )
    assert outcome(answers) == {"Decision": 1, "ChangedMeanwhile": CROWD - 1}
    assert fresh(draft).versions.count() == 1
    assert len(decisions_of(draft)) == 1
    holds()


# Starting at once -------------------------------------------------------------------------------------------------


def test_of_eight_plans_started_at_once_for_one_period_one_is_made(cast):
    answers = at_once(*[partial(factories.individual_plan, cast.teacher)] * 8)
    assert outcome(answers) == {"IndividualPlan": 1, "Refused": 7}
    assert Document.objects.count() == 1


def test_of_two_plans_started_at_once_for_overlapping_periods_one_is_made(cast):
    """The database's constraint sees the same first day only; here the first days differ."""
    periods = [factories.five_years(), lasting(factories.five_years().ends_on, 5)]
    answers = at_once(*(partial(factories.individual_plan, cast.teacher, period=period) for period in periods * 4))
    assert outcome(answers) == {"IndividualPlan": 1, "Refused": 7}
    assert Document.objects.count() == 1


def test_teeth_where_each_finds_the_period_free_only_the_database_stops_the_other_seven(cast, monkeypatch):
    gate = Barrier(8)
    create = IndividualPlan.objects.create

    def create_after_all_have_looked(**columns):
        gate.wait(timeout=30)
        return create(**columns)

    monkeypatch.setattr(actions, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(actions, "Person", SimpleNamespace(objects=SimpleNamespace(select_for_update=unlocked)))
    monkeypatch.setattr(IndividualPlan.objects, "create", create_after_all_have_looked)
    answers = at_once(*[partial(factories.individual_plan, cast.teacher)] * 8)
    assert outcome(answers) == {"IndividualPlan": 1, "IntegrityError": 7}


def unlocked(**_how):
    return SimpleNamespace(get=lambda **_which: None)


# A save that fails half-way ---------------------------------------------------------------------------------------


def test_a_save_that_fails_half_way_changes_nothing(draft, monkeypatch):
    before = (draft.revision, content_of(draft))

    def fail(*_rows, **_how):
        raise IntegrityError

    monkeypatch.setattr(type(PlanItem.objects), "bulk_create", fail, raising=False)
    with pytest.raises(IntegrityError):
        save(draft, "жарым")()
    assert (fresh(draft).revision, content_of(fresh(draft))) == before


def test_the_harness_gives_each_thread_a_connection_of_its_own(cast):
    """Without that no race would be one."""

    def whose() -> int:
        with transaction.atomic():
            return id(connection.connection)

    assert len(set(at_once(*[whose] * 4))) == 4
