"""Making, saving, copying and submitting plans, and meetings that decide on many at once."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from courses.words import decimal_text
from cpd.dates import Period, add_years, lasting, school_year, school_year_of, today
from plans import actions
from plans.content import content_of, place_in_year
from plans.models import IndividualPlan
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, State
from schools.invariants import CHECKS
from schools.models import Employment, Meeting, Person
from tests import factories
from tests.factories import annual_row, decisions_of, five_years, fresh, plan_row

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def save(plan, rows, *, seen=None, by=None, **header) -> int:
    return actions.save_plan(
        plan=plan, by=by or plan.author.user, seen=plan.revision if seen is None else seen, header=header, rows=rows
    )


# Starting ---------------------------------------------------------------------------------------------------------


def test_a_plan_starts_as_an_empty_draft_of_its_author(cast):
    plan = factories.individual_plan(cast.teacher)
    assert (plan.state, plan.revision, plan.awaiting_role) == (State.DRAFT, 1, "")
    assert (plan.author, plan.institution, plan.association) == (cast.teacher.person, cast.school, cast.association)
    assert plan.period == five_years()
    assert not plan.rows.exists()
    assert decisions_of(plan) == []


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_second_plan_for_a_day_already_covered_is_refused(shift, cast):
    first = factories.individual_plan(cast.teacher)
    edge = first.starts_on if shift < 0 else first.ends_on
    touching = Period(edge - A_DAY, edge) if shift < 0 else Period(edge, edge + A_DAY)
    with pytest.raises(Refused):
        factories.individual_plan(cast.teacher, period=touching)
    assert IndividualPlan.objects.count() == 1


@pytest.mark.parametrize("shift", [-1, 1])
def test_plans_may_follow_each_other_without_a_gap(shift, cast):
    first = factories.individual_plan(cast.teacher)
    following = lasting(add_years(first.starts_on, 5 * shift), 5)
    assert factories.individual_plan(cast.teacher, period=following).period == following


def test_plans_of_another_kind_school_or_teacher_do_not_stand_in_the_way(cast):
    factories.individual_plan(cast.teacher)
    factories.annual_plan(cast.teacher)
    factories.individual_plan(cast.peer)
    second_job = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, is_main=False)
    assert factories.individual_plan(cast.teacher, employment=second_job).institution == cast.other_school


def test_last_year_s_rows_are_copied_as_rows_of_their_own(cast):
    last = factories.complete(factories.annual_plan(cast.teacher), rows=[annual_row(), annual_row(need="Баалоо")])
    coming = school_year(school_year_of(today()) + 1)
    copy = factories.annual_plan(cast.teacher, period=coming, copy_from=last)
    assert [row.need for row in copy.rows.all()] == [row.need for row in last.rows.all()]
    assert {row.uid for row in copy.rows.all()}.isdisjoint(row.uid for row in last.rows.all())
    assert last.rows.count() == 2, "the old plan keeps its rows"
    assert copy.state == State.DRAFT


# Saving -----------------------------------------------------------------------------------------------------------


def test_what_was_typed_replaces_the_working_copy(cast):
    plan = factories.individual_plan(cast.teacher)
    rows = [plan_row(plan, programme_title=title, hours=Decimal("72.5")) for title in ("Экинчи", "Биринчи")]
    revision = save(plan, rows, grounds=["own_interest"], grounds_text="Өзүм", change_note="")
    plan = fresh(plan)
    assert plan.revision == revision == 2
    assert (plan.grounds, plan.grounds_text) == (["own_interest"], "Өзүм")
    assert [(row.position, row.programme_title, row.hours) for row in plan.rows.all()] == [
        (0, "Экинчи", Decimal("72.5")),
        (1, "Биринчи", Decimal("72.5")),
    ]


def test_rows_keep_their_identity_and_those_left_out_are_gone(draft):
    first, second = draft.rows.all()
    rows = [plan_row(draft, programme_title="Жаңы"), plan_row(draft, uid=first.uid, note="өзгөрдү")]
    save(draft, rows)
    new, kept = draft.rows.all()
    assert (kept.pk, kept.uid, kept.note, kept.position) == (first.pk, first.uid, "өзгөрдү", 1)
    assert new.programme_title == "Жаңы"
    assert not draft.rows.filter(pk=second.pk).exists()


def test_a_row_sent_twice_in_one_form_is_one_row(draft):
    uid = uuid4()
    save(draft, [plan_row(draft, uid=uid, note="бир"), plan_row(draft, uid=str(uid), note="эки")])
    [row] = draft.rows.all()
    assert (row.uid, row.note) == (uid, "эки")


def test_the_same_row_name_in_another_plan_is_another_row(draft, cast):
    """A row's name comes from a form: one taken from somebody else's page reaches nothing of theirs."""
    other = factories.complete(factories.individual_plan(cast.peer))
    before = content_of(other)
    save(draft, [plan_row(draft, uid=other.rows.first().uid, programme_title="Башка")])
    assert content_of(fresh(other)) == before
    assert [row.programme_title for row in draft.rows.all()] == ["Башка"]


def test_an_empty_form_empties_the_plan(draft):
    save(draft, [])
    assert not draft.rows.exists()


@pytest.mark.parametrize("back", [1, 2, -1])
def test_a_save_from_another_revision_changes_nothing(back, draft):
    before = content_of(draft)
    with pytest.raises(ChangedMeanwhile):
        save(draft, [], seen=draft.revision - back, grounds_text="башка")
    assert content_of(fresh(draft)) == before


def test_nobody_saves_the_plan_of_another(draft, cast):
    with pytest.raises(PermissionDenied):
        save(draft, [], by=cast.peer)
    assert fresh(draft).rows.count() == 2


@pytest.mark.parametrize("walk", [factories.submitted, factories.considered, factories.approved])
def test_a_plan_that_was_handed_in_is_not_saved(walk, draft):
    plan = walk(draft)
    with pytest.raises(ChangedMeanwhile):
        save(plan, [])
    assert fresh(plan).rows.count() == 2


def test_saving_sends_the_plan_to_the_association_of_today(draft, cast):
    Employment.objects.filter(person=cast.teacher.person).update(association=cast.other_association)
    save(draft, [plan_row(draft)])
    assert fresh(draft).association == cast.other_association


def test_sixty_rows_cost_as_many_queries_as_one(cast, django_assert_max_num_queries):
    plan = factories.individual_plan(cast.teacher)
    rows = [plan_row(plan, programme_title=f"Курс {n}") for n in range(60)]
    with django_assert_max_num_queries(12):
        save(plan, rows)
    plan = fresh(plan)
    changed = [row | {"note": "өзгөрдү"} for row in rows]
    with django_assert_max_num_queries(12):
        save(plan, changed)
    assert set(plan.rows.values_list("note", flat=True)) == {"өзгөрдү"}


def test_a_school_year_is_copied_into_the_one_after_it(draft, cast):
    first_year = draft.period.school_years[0]
    copied = actions.copy_school_year(plan=draft, by=cast.teacher, seen=draft.revision, source=first_year)
    rows = list(draft.rows.all())
    assert copied == 2
    assert [row.school_year - first_year for row in rows] == [0, 0, 1, 1]
    assert [row.position for row in rows] == [0, 1, 2, 3]
    assert len({row.uid for row in rows}) == 4
    assert fresh(draft).revision == draft.revision + 1


def test_a_school_year_is_not_copied_from_an_old_screen_or_by_another(draft, cast):
    year = draft.period.school_years[0]
    with pytest.raises(ChangedMeanwhile):
        actions.copy_school_year(plan=draft, by=cast.teacher, seen=draft.revision - 1, source=year)
    with pytest.raises(PermissionDenied):
        actions.copy_school_year(plan=draft, by=cast.peer, seen=draft.revision, source=year)
    assert draft.rows.count() == 2


# Submitting -------------------------------------------------------------------------------------------------------


def test_the_version_is_the_working_copy_word_for_word(draft, cast):
    content = content_of(draft)
    decision = actions.submit_plan(plan=draft, by=cast.teacher, seen=draft.revision)
    version = decision.version
    assert version.content == content
    assert version.number == 1
    assert (fresh(draft).current_version, fresh(draft).in_force) == (version, None)
    assert [row["hours"] for row in content["rows"]] == ["24", "48"]
    assert content["required_hours"] == "72"
    assert content["teacher"]["name"] == cast.teacher.person.full_name
    assert content["school"] == {"title": cast.school.title_ky, "district": cast.district.title_ky}
    assert content["association"] == cast.association.title_ky


def test_a_version_stays_as_it_was_whatever_happens_to_people_and_places(submitted, cast):
    before = submitted.current_version.content
    person, school = cast.teacher.person, cast.school
    person.family_name, school.title_ky = "Башкаева", "Жаңы ат"
    person.save()
    school.save()
    assert fresh(submitted).current_version.content == before


def test_an_incomplete_plan_is_not_submitted(cast):
    plan = factories.individual_plan(cast.teacher)
    with pytest.raises(Refused):
        actions.submit_plan(plan=plan, by=cast.teacher, seen=plan.revision)
    save(plan, [plan_row(plan, hours=None)], grounds=["standard"])
    with pytest.raises(Refused):
        actions.submit_plan(plan=fresh(plan), by=cast.teacher, seen=fresh(plan).revision)
    assert fresh(plan).state == State.DRAFT


def test_nobody_submits_the_plan_of_another(draft, cast):
    for user in (cast.peer, cast.head, cast.deputy, cast.director, cast.administrator):
        with pytest.raises(PermissionDenied):
            actions.submit_plan(plan=draft, by=user, seen=draft.revision)


def test_a_change_that_changes_nothing_is_not_submitted(amended, cast):
    with pytest.raises(Refused):
        actions.submit_plan(plan=amended, by=cast.teacher, seen=amended.revision)
    save(amended, [plan_row(amended)], grounds=["standard"], change_note="")
    decision = actions.submit_plan(plan=fresh(amended), by=cast.teacher, seen=fresh(amended).revision)
    assert decision.version.number == 2


def test_a_plan_that_was_given_back_may_be_submitted_again(returned, cast):
    """The reason may have been answered at the meeting; the author is not made to change a letter."""
    assert actions.submit_plan(plan=returned, by=cast.teacher, seen=returned.revision).version.number == 2


def test_rows_of_the_year_are_frozen_in_the_order_of_the_school_year(cast):
    rows = [annual_row(month=month, term_text="" if month else "жыл бою") for month in (5, None, 9, 12, 1)]
    plan = factories.submitted(factories.complete(factories.annual_plan(cast.teacher), rows=rows))
    assert [row["month"] for row in plan.current_version.content["rows"]] == [9, 12, 1, 5, None]


def test_months_are_placed_from_september_on():
    assert [place_in_year(month) for month in (9, 12, 1, 8)] == [0, 3, 4, 11]
    assert place_in_year(None) > 11


@pytest.mark.parametrize(
    ("number", "text"),
    [("24", "24"), ("24.0", "24"), ("72.50", "72.5"), ("100", "100"), ("0.1", "0.1"), ("1E+2", "100")],
)
def test_a_number_has_one_spelling(number, text):
    assert decimal_text(Decimal(number)) == text
    assert decimal_text(None) is None


# Giving up a change -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hand_in", [False, True])
def test_a_discarded_change_brings_the_approved_text_back(hand_in, approved, cast):
    before = content_of(approved)
    plan = factories.amended(approved)
    kept = plan.rows.first()
    rows = [plan_row(plan, programme_title="Жаңы"), plan_row(plan, uid=kept.uid, hours=Decimal(8), month=None)]
    save(plan, rows, grounds=[], grounds_text="башка", change_note="Жаңы себеп")
    plan = fresh(plan)
    if hand_in:
        plan = factories.returned(plan)
    decision = actions.discard_change(plan=plan, by=cast.teacher, seen=plan.revision)
    plan = fresh(plan)
    assert decision.version == plan.in_force == plan.current_version == approved.in_force
    assert plan.state == State.APPROVED
    assert content_of(plan) == before == approved.in_force.content
    assert {check.__name__: list(check()) for check in CHECKS} == {check.__name__: [] for check in CHECKS}


def test_a_discarded_change_of_a_yearly_plan_brings_the_approved_text_back(cast):
    plan = factories.amended(factories.approved(cast.annual_plan))
    before = plan.in_force.content
    save(plan, [annual_row(need="Башка", month=3)], change_note="Жаңы себеп")
    actions.discard_change(plan=fresh(plan), by=cast.teacher, seen=fresh(plan).revision)
    assert content_of(fresh(plan)) == before


def test_what_was_never_approved_cannot_be_given_up(draft, cast):
    with pytest.raises(Refused):
        actions.discard_change(plan=draft, by=cast.teacher, seen=draft.revision)
    assert fresh(draft).rows.count() == 2


# Meetings ---------------------------------------------------------------------------------------------------------


def hold(cast, verdicts, *, by=None, number="4"):
    return actions.record_meeting(
        association=cast.association,
        by=by or cast.head,
        minutes_number=number,
        held_on=today(),
        present=[cast.teacher.person, cast.peer.person],
        verdicts=verdicts,
    )


def considering(plan, seen=None) -> actions.Verdict:
    return actions.Verdict(plan, plan.revision if seen is None else seen, Action.CONSIDER)


def two_submitted(cast):
    return [factories.submitted(factories.individual_plan(user)) for user in (cast.teacher, cast.peer)]


def test_one_meeting_decides_on_every_plan(cast):
    one, other = two_submitted(cast)
    back = actions.Verdict(other, other.revision, Action.RETURN, reason="Сааттарды тактаңыз.")
    meeting, result = hold(cast, [considering(one), back])
    assert (len(result.done), result.refused) == (2, [])
    assert (fresh(one).state, fresh(other).state) == (State.CONSIDERED, State.RETURNED)
    assert {decision.meeting for decision in result.done} == {meeting}
    assert (meeting.minutes_number, meeting.recorded_by) == ("4", cast.head.person)
    assert set(meeting.present.all()) == set(Person.objects.filter(user__in=[cast.teacher, cast.peer]))


def test_a_plan_that_changed_meanwhile_keeps_none_of_the_others_back(cast):
    one, other = two_submitted(cast)
    approval.perform(other, Action.WITHDRAW, by=cast.peer, seen=other.revision)
    _meeting, result = hold(cast, [considering(one), considering(other)])
    assert [decision.version.document_id for decision in result.done] == [one.pk]
    [(document, sentence)] = result.refused
    assert document == other
    assert cast.peer.person.full_name in sentence
    assert fresh(other).state == State.DRAFT


def test_the_head_s_own_plan_is_left_out_of_the_meeting(cast):
    one = factories.submitted(factories.individual_plan(cast.teacher))
    own = factories.submitted(factories.individual_plan(cast.head))
    _meeting, result = hold(cast, [considering(one), considering(own)])
    assert len(result.done) == 1
    assert [document for document, _sentence in result.refused] == [own]
    assert fresh(own).state == State.SUBMITTED


def test_a_meeting_that_decided_nothing_is_not_recorded(cast):
    plans = two_submitted(cast)
    with pytest.raises(Refused):
        hold(cast, [considering(plan, seen=plan.revision - 1) for plan in plans])
    assert not Meeting.objects.exists()
    assert {fresh(plan).state for plan in plans} == {State.SUBMITTED}


def test_a_return_without_a_reason_keeps_the_others(cast):
    one, other = two_submitted(cast)
    _meeting, result = hold(cast, [considering(one), actions.Verdict(other, other.revision, Action.RETURN)])
    assert len(result.done) == 1
    assert fresh(other).state == State.SUBMITTED


def test_a_stranger_s_meeting_decides_nothing(cast):
    plans = two_submitted(cast)
    for user in (cast.other_head, cast.deputy, cast.director, cast.teacher):
        with pytest.raises((Refused, PermissionDenied)):
            hold(cast, [considering(plan) for plan in plans], by=user)
    assert not Meeting.objects.exists()


def test_a_deputy_holds_the_meeting_on_the_head_s_plan(cast):
    own = factories.submitted(factories.individual_plan(cast.head))
    _meeting, result = hold(cast, [considering(own)], by=cast.deputy)
    assert [decision.by_role for decision in result.done] == ["deputy_director"]


def test_a_tick_list_approves_each_by_itself(cast):
    plans = [factories.considered(factories.individual_plan(user)) for user in (cast.teacher, cast.peer)]
    IndividualPlan.objects.filter(pk=plans[1].pk).update(revision=F("revision") + 1)
    verdicts = [actions.Verdict(plan, plan.revision, Action.APPROVE) for plan in plans]
    result = actions.decide_all(verdicts, by=cast.deputy)
    assert (len(result.done), len(result.refused)) == (1, 1)
    assert [fresh(plan).state for plan in plans] == [State.APPROVED, State.CONSIDERED]


def test_nothing_ticked_decides_nothing(cast):
    assert actions.decide_all([], by=cast.deputy) == actions.Outcome()
