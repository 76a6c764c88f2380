"""The plan of a young specialist's first years: written by two, approved by an order, marked by the mentor."""

import datetime as dt
import uuid
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.choices import CountedFrom
from courses.models import InductionNorm
from cpd.dates import approval_date, lasting, short_date, today
from plans import actions
from plans.choices import InductionStatus
from plans.content import content_of
from plans.erasing import NAMELESS, erase
from plans.induction.facts import duties_in, duty_of
from plans.induction.marks import mark_row, unmark_row
from plans.models import InductionMark, InductionPlan
from plans.pdf import plan_pdf
from plans.readers import readers_of
from schools import approval
from schools.approval import Order, Refused
from schools.choices import Action, DocumentKind, Kept, LeaveKind, NoticeKind, Role, State, Work
from schools.delegations import hand_over
from schools.document_notices import decided, waiting
from schools.invariants import versions_unchanged
from schools.models import Document, Leave, Mentorship, RetentionPeriod, RoleAssignment, User
from tests import factories
from tests.conftest import Cast

DAY = dt.timedelta(days=1)
ORDER = Order("14", today())


@pytest.fixture
def plan(cast: Cast) -> InductionPlan:
    """The teacher's first plan, complete; ``peer`` is the mentor."""
    return factories.complete(factories.induction_plan(cast.teacher, cast.peer))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def approve(plan: InductionPlan, by: User, **wanted: Any) -> InductionPlan:
    approval.perform(plan, Action.APPROVE, by=by, seen=plan.revision, order=ORDER, **wanted)
    return factories.fresh(plan)


def posted(**wanted: Any) -> dict[str, Any]:
    return {"once": uuid.uuid4()} | wanted


def mentorship_of(plan: InductionPlan) -> Mentorship:
    return Mentorship.objects.get(mentee=plan.author_id)


# --- written by two ---


def test_both_write_the_plan_and_nobody_else_at_school(plan: InductionPlan, cast: Cast) -> None:
    assert plan.is_written_by(cast.teacher)
    assert plan.is_written_by(cast.peer)
    for user in (cast.colleague, cast.head, cast.deputy, cast.director, cast.stranger):
        assert not plan.is_written_by(user)
        assert signed_in(user).get(reverse("plan_edit", args=[plan.pk])).status_code == 404


def test_the_mentor_saves_rows_and_the_association_stays_the_young_specialists(
    plan: InductionPlan, cast: Cast
) -> None:
    rows = [factories.induction_row(activity="Класстык саат өткөрүү")]
    mentor = factories.again(cast.peer)
    actions.save_plan(plan=plan, by=mentor, seen=plan.revision, header={}, rows=rows)
    assert [row.activity for row in plan.rows.all()] == ["Класстык саат өткөрүү"]
    assert factories.fresh(plan).association == cast.association


def test_a_page_saved_by_the_other_meanwhile_shows_both_texts(plan: InductionPlan, cast: Cast) -> None:
    actions.save_plan(plan=plan, by=cast.peer, seen=plan.revision, header={}, rows=[factories.induction_row()])
    data = {"seen": plan.revision, "rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0, "rows-0-uid": uuid.uuid4()}
    data |= {"rows-0-activity": "Менин сабым", "rows-0-plan_year": 3}
    answer = signed_in(cast.teacher).post(reverse("plan_edit", args=[plan.pk]), posted(**data))
    assert answer.status_code == 409
    assert "Менин сабым" in answer.content.decode()
    assert "Насаатчынын сабагына катышуу" in answer.content.decode()


def test_the_mentor_finds_the_plan_in_the_list(plan: InductionPlan, cast: Cast) -> None:
    assert plan.get_absolute_url() in signed_in(cast.peer).get(reverse("plans")).content.decode()


def test_home_shows_the_mentor_what_they_write_with_whom_and_takes_it_for_no_plan_of_theirs(
    plan: InductionPlan, cast: Cast
) -> None:
    plan = factories.submitted(plan)
    approval.perform(plan, Action.RETURN, by=cast.director, seen=plan.revision, reason="Толуктаңыз.")
    answer = signed_in(cast.peer).get(reverse("home"))
    assert answer.context["unfinished"].pk == plan.pk
    assert "induction_plan" not in answer.context["has_current"]
    assert str(cast.teacher.person) in answer.content.decode()
    assert reverse("plan_edit", args=[plan.pk]) in answer.content.decode()
    Mentorship.objects.update(ends_on=today() - DAY)
    assert signed_in(cast.peer).get(reverse("home")).context["own"] == []


def test_who_was_the_mentor_reads_and_writes_no_more(plan: InductionPlan, cast: Cast) -> None:
    Mentorship.objects.update(ends_on=today() - DAY)
    mentor = factories.again(cast.peer)
    assert not factories.fresh(plan).is_written_by(mentor)
    assert signed_in(mentor).get(reverse("plan", args=[plan.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.save_plan(plan=factories.fresh(plan), by=mentor, seen=plan.revision, header={}, rows=[])


def test_the_mentor_does_not_delete_the_draft(plan: InductionPlan, cast: Cast) -> None:
    answer = signed_in(cast.peer).post(reverse("plan_delete", args=[plan.pk]), posted(seen=plan.revision))
    assert answer.status_code == 403
    assert InductionPlan.objects.filter(pk=plan.pk).exists()


def test_a_plan_handed_in_by_the_mentor_stays_the_young_specialists(plan: InductionPlan, cast: Cast) -> None:
    decision = actions.submit_plan(plan=plan, by=cast.peer, seen=plan.revision)
    plan = factories.fresh(plan)
    assert (plan.author, plan.state, decision.by) == (cast.teacher.person, State.SUBMITTED, cast.peer.person)


# --- the mentor comes first ---


def test_a_plan_is_not_handed_in_without_a_mentor(cast: Cast) -> None:
    plan = factories.complete(factories.induction_plan(cast.teacher))
    page = signed_in(cast.teacher).get(reverse("plan", args=[plan.pk])).content.decode()
    assert reverse("plan_move", args=[plan.pk, "submit"]) not in page
    with pytest.raises(Refused, match=r"director.s order|буйругу"):
        actions.submit_plan(plan=plan, by=cast.teacher, seen=plan.revision)
    assert factories.fresh(plan).state == State.DRAFT


@pytest.mark.parametrize("change", [{"ends_on": today() - DAY}, {"starts_on": today() + DAY}, {"order_number": ""}])
def test_a_mentor_of_another_day_or_without_an_order_is_none(
    change: dict[str, Any], plan: InductionPlan, cast: Cast
) -> None:
    Mentorship.objects.update(**change, **({"ordered_on": None} if "order_number" in change else {}))
    with pytest.raises(Refused):
        actions.submit_plan(plan=factories.fresh(plan), by=cast.teacher, seen=plan.revision)


# --- approved by an order ---


def test_the_director_approves_by_an_order_that_the_history_names(plan: InductionPlan, cast: Cast) -> None:
    plan = approve(factories.submitted(plan), cast.director)
    assert plan.state == State.APPROVED
    decision = factories.decisions_of(plan)[-1]
    assert (decision.order_number, decision.ordered_on, decision.by_role) == ("14", today(), Role.DIRECTOR)
    assert "14" in signed_in(cast.teacher).get(reverse("plan", args=[plan.pk])).content.decode()


def test_the_chain_of_decisions_holds_the_order(plan: InductionPlan, cast: Cast) -> None:
    plan = approve(factories.submitted(plan), cast.director)
    decision = factories.decisions_of(plan)[-1]
    assert decision.computed_hash() == decision.chain_hash
    decision.order_number = "15"
    assert decision.computed_hash() != decision.chain_hash
    call_command("verify_audit")


def test_without_an_order_nothing_is_approved(plan: InductionPlan, cast: Cast) -> None:
    plan = factories.submitted(plan)
    with pytest.raises(Refused):
        approval.perform(plan, Action.APPROVE, by=cast.director, seen=plan.revision)
    address = reverse("plan_move", args=[plan.pk, "approve"])
    answer = signed_in(cast.director).post(address, posted(seen=plan.revision, order_number="", ordered_on=""))
    assert answer.status_code == 422
    assert factories.fresh(plan).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("number", "issued_on"),
    [("1" * 31, today()), ("14", today() + DAY), ("14", today() - dt.timedelta(days=31)), ("14", "31.02.2026")],
)
def test_a_wrong_order_is_told_beside_the_field_and_stays_typed(
    number: str, issued_on: Any, plan: InductionPlan, cast: Cast
) -> None:
    plan = factories.submitted(plan)
    address = reverse("plan_move", args=[plan.pk, "approve"])
    data = posted(seen=plan.revision, order_number=number, ordered_on=issued_on)
    answer = signed_in(cast.director).post(address, data)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert f'value="{number}"' in answer.content.decode()
    assert factories.fresh(plan).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("typed", "kept"), [("№ 14-к", "14-к"), ("буйрук № 14", "14"), ("N 14", "14"), ("N-14", "N-14"), ("14", "14")]
)
def test_the_number_of_the_order_is_kept_without_its_sign(
    typed: str, kept: str, plan: InductionPlan, cast: Cast
) -> None:
    plan = factories.submitted(plan)
    address = reverse("plan_move", args=[plan.pk, "approve"])
    data = posted(seen=plan.revision, order_number=typed, ordered_on=today())
    assert signed_in(cast.director).post(address, data).status_code == 302
    assert factories.decisions_of(plan)[-1].order_number == kept


def test_the_order_is_not_older_than_the_one_that_fixed_the_mentor(plan: InductionPlan, cast: Cast) -> None:
    fixed_on = today() - 10 * DAY
    Mentorship.objects.update(ordered_on=fixed_on)
    plan = factories.submitted(plan)
    address = reverse("plan_move", args=[plan.pk, "approve"])
    client = signed_in(cast.director)
    answer = client.post(address, posted(seen=plan.revision, order_number="14", ordered_on=fixed_on - DAY))
    assert answer.status_code == 422
    assert short_date(fixed_on) in str(answer.context["order_form"].errors["ordered_on"])
    assert factories.fresh(plan).state == State.SUBMITTED
    client.post(address, posted(seen=plan.revision, order_number="14", ordered_on=fixed_on))
    assert factories.decisions_of(plan)[-1].ordered_on == fixed_on


def test_several_at_once_leaves_out_what_needs_an_order(plan: InductionPlan, cast: Cast) -> None:
    plan = factories.submitted(plan)
    client = signed_in(cast.director)
    assert f'value="{plan.pk}:{plan.revision}"' not in client.get(reverse("plans")).content.decode()
    answer = client.post(reverse("plans_approve"), posted(plan=f"{plan.pk}:{plan.revision}"), follow=True)
    assert str(plan.author) in next(str(message) for message in answer.context["messages"])
    assert factories.fresh(plan).state == State.SUBMITTED


def test_a_director_who_is_the_mentor_decides_nothing_on_it(cast: Cast) -> None:
    plan = factories.complete(factories.induction_plan(cast.teacher, cast.director))
    plan = factories.submitted(plan)
    assert plan.awaiting_role == Role.DEPUTY_DIRECTOR
    assert not Document.objects.awaiting(factories.again(cast.director)).filter(pk=plan.pk).exists()
    with pytest.raises(PermissionDenied):
        approve(plan, cast.director)
    assert approve(plan, cast.deputy).state == State.APPROVED


def test_the_young_specialist_who_is_deputy_decides_nothing_on_it(plan: InductionPlan, cast: Cast) -> None:
    RoleAssignment.objects.create(person=cast.teacher.person, role=Role.DIRECTOR, institution=cast.school)
    plan = factories.submitted(plan)
    with pytest.raises(PermissionDenied):
        approve(plan, factories.again(cast.teacher))


def test_who_handed_it_in_as_the_mentor_decides_nothing_when_they_are_it_no_longer(cast: Cast) -> None:
    plan = factories.complete(factories.induction_plan(cast.teacher, cast.deputy))
    actions.submit_plan(plan=plan, by=factories.again(cast.deputy), seen=plan.revision)
    days = {"starts_on": today(), "ends_on": today() + 10 * DAY}
    for taker in (cast.deputy, cast.clerk):
        hand_over(by=cast.director, taker=taker.person, institution=cast.school, works=[Work.PLANS], **days)
    Mentorship.objects.update(ends_on=today() - DAY)
    plan, deputy = factories.fresh(plan), factories.again(cast.deputy)
    assert approval.moves_open_to(deputy, plan) == []
    assert Action.APPROVE in approval.moves_open_to(factories.again(cast.clerk), plan)
    assert {told.person for told in waiting([DocumentKind.INDUCTION_PLAN], "plan")(timezone.now() - DAY)} == {
        cast.director.person_id,
        cast.clerk.person_id,
    }
    with pytest.raises(PermissionDenied):
        approve(plan, deputy)
    assert approve(plan, cast.director).state == State.APPROVED


def test_nobody_decides_through_whom_the_one_who_handed_it_in_chose(cast: Cast) -> None:
    plan = factories.complete(factories.induction_plan(cast.teacher, cast.director))
    actions.submit_plan(plan=plan, by=factories.again(cast.director), seen=plan.revision)
    days = {"starts_on": today(), "ends_on": today() + 10 * DAY}
    hand_over(by=cast.director, taker=cast.clerk.person, institution=cast.school, works=[Work.PLANS], **days)
    Mentorship.objects.update(ends_on=today() - DAY)
    Document.objects.update(awaiting_role=Role.DIRECTOR)
    assert approval.moves_open_to(factories.again(cast.clerk), factories.fresh(plan)) == []


def test_who_handed_an_earlier_version_in_may_decide_on_the_next(cast: Cast) -> None:
    plan = factories.complete(factories.induction_plan(cast.teacher, cast.director))
    actions.submit_plan(plan=plan, by=factories.again(cast.director), seen=plan.revision)
    approval.perform(plan, Action.RETURN, by=cast.deputy, seen=plan.revision + 1, reason="Толуктаңыз.")
    Mentorship.objects.update(mentor=cast.peer.person)
    plan = factories.submitted(factories.fresh(plan))
    assert plan.awaiting_role == Role.DIRECTOR
    assert approve(plan, factories.again(cast.director)).state == State.APPROVED


def test_a_plan_that_waits_for_who_became_the_mentor_is_withdrawn_and_goes_on(plan: InductionPlan, cast: Cast) -> None:
    plan = factories.submitted(plan)
    approval.mark_seen([plan.pk], by=cast.director)
    assert approval.moves_open_to(cast.teacher, factories.fresh(plan)) == []
    Mentorship.objects.update(mentor=cast.director.person)
    for user in (cast.teacher, factories.again(cast.director)):
        assert approval.moves_open_to(user, factories.fresh(plan)) == [Action.WITHDRAW]
    address = reverse("plan_move", args=[plan.pk, "withdraw"])
    page = signed_in(cast.teacher).get(plan.get_absolute_url()).content.decode()
    assert address in page
    signed_in(cast.teacher).post(address, posted(seen=plan.revision))
    assert factories.fresh(plan).state == State.DRAFT
    plan = factories.submitted(factories.fresh(plan))
    assert plan.awaiting_role == Role.DEPUTY_DIRECTOR
    assert approve(plan, cast.deputy).state == State.APPROVED


def test_a_return_needs_no_order(plan: InductionPlan, cast: Cast) -> None:
    plan = factories.submitted(plan)
    approval.perform(plan, Action.RETURN, by=cast.director, seen=plan.revision, reason="Толуктаңыз.")
    assert factories.decisions_of(plan)[-1].order_number == ""
    assert factories.fresh(plan).is_written_by(cast.peer)


def test_a_yearly_change_is_begun_by_the_mentor_and_discarded(plan: InductionPlan, cast: Cast) -> None:
    plan = approve(factories.submitted(plan), cast.director)
    approval.perform(plan, Action.AMEND, by=cast.peer, seen=plan.revision)
    plan = factories.fresh(plan)
    before = content_of(plan)["rows"]
    header = {"change_note": "Класс алмашты"}
    actions.save_plan(plan=plan, by=cast.peer, seen=plan.revision, header=header, rows=[factories.induction_row()])
    plan = factories.fresh(plan)
    actions.discard_change(plan=plan, by=cast.teacher, seen=plan.revision)
    assert content_of(factories.fresh(plan))["rows"] == before


# --- starting it ---


def start_page(user: User) -> Any:
    return signed_in(user).get(reverse("plan_start", args=[DocumentKind.INDUCTION_PLAN]))


def test_the_plan_begins_on_the_first_day_of_work_and_lasts_by_the_rule(cast: Cast) -> None:
    job = factories.young_specialist(cast.teacher, cast.peer)
    form = start_page(cast.teacher).context["form"]
    (label,) = form.periods
    assert form.periods[label] == lasting(job.starts_on, 3)
    data = posted(employment=job.pk, period=label)
    signed_in(cast.teacher).post(reverse("plan_start", args=[DocumentKind.INDUCTION_PLAN]), data)
    plan = InductionPlan.objects.get()
    assert (plan.author, plan.period) == (cast.teacher.person, lasting(job.starts_on, 3))


def test_counted_from_the_order_it_begins_on_the_day_of_the_order(cast: Cast) -> None:
    InductionNorm.objects.update(counted_from=CountedFrom.ORDER)
    factories.young_specialist(cast.teacher)
    assert start_page(cast.teacher).context["form"].waits_for_order
    ordered_on = today() - 5 * DAY
    factories.mentorship(cast.peer, cast.teacher, order_number="7", ordered_on=ordered_on, starts_on=ordered_on)
    assert list(start_page(cast.teacher).context["form"].periods.values()) == [lasting(ordered_on, 3)]


def test_who_is_no_young_specialist_and_has_no_mentor_is_offered_nothing(cast: Cast) -> None:
    form = start_page(cast.colleague).context["form"]
    assert form.jobs == []


def test_who_has_a_mentor_may_make_the_plan_too(cast: Cast) -> None:
    factories.mentorship(cast.peer, cast.colleague)
    assert start_page(cast.colleague).context["form"].periods


def test_rows_made_at_another_school_can_begin_the_next_plan(plan: InductionPlan, cast: Cast) -> None:
    InductionPlan.objects.update(institution=cast.other_school)
    job = factories.job_of(cast.teacher)
    copied = actions.start_plan(
        by=cast.teacher, kind=DocumentKind.INDUCTION_PLAN, employment=job, period=plan.period, copy_from=plan
    )
    assert [row.activity for row in copied.rows.all()] == [row.activity for row in plan.rows.all()]


# --- the duty ---


def test_the_duty_goes_from_due_to_late_to_submitted_to_approved(cast: Cast) -> None:
    job = factories.young_specialist(cast.teacher, cast.peer, since=dt.date(2026, 8, 31))
    last = dt.date(2026, 11, 30)
    assert (duty_of(job, last).status, duty_of(job, last).due_on) == (InductionStatus.DUE, last)
    assert duty_of(job, last + DAY).status == InductionStatus.LATE
    plan = actions.start_plan(
        by=cast.teacher, kind=DocumentKind.INDUCTION_PLAN, employment=job, period=lasting(job.starts_on, 3)
    )
    assert duty_of(job, last + DAY).status == InductionStatus.LATE
    plan = factories.submitted(plan)
    assert duty_of(job, last + DAY).status == InductionStatus.SUBMITTED
    approve(plan, cast.director)
    assert duty_of(job, last + DAY).status == InductionStatus.APPROVED
    assert duty_of(job, last + DAY).plan == plan


def test_who_is_no_young_specialist_owes_nothing(cast: Cast) -> None:
    duty = duty_of(factories.job_of(cast.colleague), today())
    assert (duty.status, duty.due_on, duty.reasons) == (InductionStatus.NOT_REQUIRED, None, ())


def test_long_leave_moves_day_and_period_where_the_rule_says_so(cast: Cast) -> None:
    job = factories.young_specialist(cast.teacher, cast.peer, since=dt.date(2026, 1, 15))
    Leave.objects.create(
        employment=job,
        kind=LeaveKind.ILLNESS,
        starts_on=dt.date(2026, 2, 1),
        ends_on=dt.date(2026, 2, 10),
        entered_by=cast.clerk.person,
    )
    on = dt.date(2026, 4, 20)
    assert duty_of(job, on).due_on == dt.date(2026, 4, 15)
    InductionNorm.objects.update(leave_extends=True)
    duty = duty_of(job, on)
    assert (duty.due_on, duty.ends_on) == (dt.date(2026, 4, 25), dt.date(2029, 1, 24))
    assert duty.status == InductionStatus.DUE


def test_a_saved_plan_ends_later_by_long_leave(plan: InductionPlan, cast: Cast) -> None:
    InductionNorm.objects.update(leave_extends=True)
    job = factories.job_of(cast.teacher)
    Leave.objects.create(
        employment=job,
        kind=LeaveKind.ILLNESS,
        starts_on=today() - 20 * DAY,
        ends_on=today() - 11 * DAY,
        entered_by=cast.clerk.person,
    )
    rows = [factories.induction_row()]
    actions.save_plan(plan=plan, by=cast.teacher, seen=plan.revision, header={}, rows=rows)
    assert factories.fresh(plan).ends_on == lasting(job.starts_on, 3).ends_on + 10 * DAY


def test_a_later_rule_leaves_the_years_of_a_plan_that_was_begun(plan: InductionPlan, cast: Cast) -> None:
    rule = InductionNorm.objects.get()
    rule.pk, rule.valid_from, rule.years, rule.due_months = None, today() - DAY, 1, 1
    rule.save(force_insert=True)
    job, newer = factories.job_of(cast.teacher), factories.young_specialist(cast.colleague, cast.peer)
    assert duty_of(job, today()).ends_on == lasting(job.starts_on, 3).ends_on
    assert duty_of(newer, today()).ends_on == lasting(newer.starts_on, 1).ends_on
    rows = [factories.induction_row(plan_year=3)]
    actions.save_plan(plan=plan, by=cast.teacher, seen=plan.revision, header={}, rows=rows)
    plan = factories.fresh(plan)
    assert (plan.ends_on, content_of(plan)["years"]) == (lasting(job.starts_on, 3).ends_on, 3)


def test_a_plan_begun_before_any_rule_is_by_the_first_that_came(plan: InductionPlan, cast: Cast) -> None:
    InductionNorm.objects.update(valid_from=today() - 20 * DAY, years=2)
    rule = InductionNorm.objects.get()
    rule.pk, rule.valid_from, rule.years = None, today() - DAY, 1
    rule.save(force_insert=True)
    assert content_of(plan)["years"] == 2


def test_who_came_from_another_school_is_told_that_the_duty_begins_anew(plan: InductionPlan, cast: Cast) -> None:
    job = factories.job_of(cast.teacher)
    before = len(duty_of(job, today()).reasons)
    InductionPlan.objects.update(institution=cast.other_school)
    duty = duty_of(job, today())
    assert (duty.plan, len(duty.reasons)) == (None, before + 1)


def test_who_was_hired_long_ago_has_the_years_from_the_order_of_the_mentor(cast: Cast) -> None:
    job = factories.young_specialist(cast.teacher, since=dt.date(today().year - 6, 9, 1))
    home = signed_in(cast.teacher).get(reverse("home")).content.decode()
    assert start_page(cast.teacher).context["form"].waits_for_order
    assert reverse("plan_start", args=[DocumentKind.INDUCTION_PLAN]) not in home
    ordered_on = today() - 5 * DAY
    factories.mentorship(cast.peer, cast.teacher, order_number="7", ordered_on=ordered_on, starts_on=ordered_on)
    duty = duty_of(job, today())
    assert (duty.status, duty.starts_on) == (InductionStatus.DUE, ordered_on)
    assert list(start_page(cast.teacher).context["form"].periods.values()) == [lasting(ordered_on, 3)]
    home = signed_in(cast.teacher).get(reverse("home")).content.decode()
    assert reverse("plan_start", args=[DocumentKind.INDUCTION_PLAN]) in home


def test_the_duties_of_a_school_take_the_same_number_of_queries_for_one_and_for_three(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for count, mentee in enumerate((cast.teacher, cast.colleague, cast.head), start=1):
        factories.young_specialist(mentee, cast.peer)
        with django_assert_num_queries(7):
            assert len(duties_in(cast.school, today())) == count


# --- marks ---


def in_force(plan: InductionPlan, cast: Cast) -> InductionPlan:
    return approve(factories.submitted(plan), cast.director)


def test_the_mentor_marks_a_row_and_takes_the_mark_back(plan: InductionPlan, cast: Cast) -> None:
    plan = in_force(plan, cast)
    uid = plan.rows.first().uid
    client = signed_in(cast.peer)
    data = posted(done_on=today(), note="Үч сабакка катышты")
    client.post(reverse("induction_mark", args=[plan.pk, uid]), data)
    mark = InductionMark.objects.get()
    assert (mark.uid, mark.done_on, mark.note, mark.by) == (uid, today(), "Үч сабакка катышты", cast.peer.person)
    page = signed_in(cast.teacher).get(reverse("plan", args=[plan.pk])).content.decode()
    assert "Үч сабакка катышты" in page
    assert reverse("induction_unmark", args=[plan.pk, uid]) not in page
    client.post(reverse("induction_unmark", args=[plan.pk, uid]), posted())
    assert not InductionMark.objects.exists()


def test_nobody_but_the_mentor_of_today_marks(plan: InductionPlan, cast: Cast) -> None:
    plan = in_force(plan, cast)
    address = reverse("induction_mark", args=[plan.pk, plan.rows.first().uid])
    data = {"done_on": today()}
    assert signed_in(cast.teacher).post(address, posted(**data)).status_code == 403
    assert signed_in(cast.director).post(address, posted(**data)).status_code == 403
    assert signed_in(cast.colleague).post(address, posted(**data)).status_code == 404
    Mentorship.objects.update(ends_on=today() - DAY)
    assert signed_in(cast.peer).post(address, posted(**data)).status_code == 404
    assert not InductionMark.objects.exists()


def test_only_rows_in_force_are_marked_and_each_once(plan: InductionPlan, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        mark_row(plan=plan, uid=plan.rows.first().uid, by=cast.peer, done_on=today())
    plan = in_force(plan, cast)
    with pytest.raises(Refused):
        mark_row(plan=plan, uid=uuid.uuid4(), by=cast.peer, done_on=today())
    mark_row(plan=plan, uid=plan.rows.first().uid, by=cast.peer, done_on=today())
    with pytest.raises(Refused):
        mark_row(plan=plan, uid=plan.rows.first().uid, by=cast.peer, done_on=today())
    with pytest.raises(Refused):
        unmark_row(plan=plan, uid=plan.rows.last().uid, by=cast.peer)


@pytest.mark.parametrize("done_on", [today() + DAY, today() - dt.timedelta(days=31), ""])
def test_a_day_that_cannot_be_is_told_beside_the_field(done_on: Any, plan: InductionPlan, cast: Cast) -> None:
    plan = in_force(plan, cast)
    address = reverse("induction_mark", args=[plan.pk, plan.rows.first().uid])
    answer = signed_in(cast.peer).post(address, posted(done_on=done_on, note="Ушул сап калсын"))
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert "Ушул сап калсын" in answer.content.decode()
    assert not InductionMark.objects.exists()


# --- the paper ---


def text_of(plan: InductionPlan) -> str:
    paper = plan_pdf(plan, plan.in_force)
    pages = PdfReader(BytesIO(paper)).pages
    assert pages[0].mediabox.width > pages[0].mediabox.height
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_f12_names_order_mentor_terms_and_marks(plan: InductionPlan, cast: Cast) -> None:
    plan = in_force(plan, cast)
    mark_row(plan=plan, uid=plan.rows.first().uid, by=cast.peer, done_on=today(), note="Аткарылды")
    text = text_of(plan)
    for told in (cast.teacher.person.full_name, cast.peer.person.full_name, "Аткарылды", approval_date(today())):
        assert told in text


def test_f12_of_a_draft_has_lines_for_the_order(plan: InductionPlan, cast: Cast) -> None:
    text = text_of(plan)
    assert approval_date(today()) not in text
    assert cast.peer.person.full_name in text


def test_home_tells_the_young_specialist_by_when_and_who_helps(cast: Cast) -> None:
    factories.young_specialist(cast.teacher, cast.peer)
    page = signed_in(cast.teacher).get(reverse("home"))
    (duty,) = page.context["duties"]
    assert (duty.status, duty.mentor.mentor) == (InductionStatus.DUE, cast.peer.person)
    assert reverse("plan_start", args=[DocumentKind.INDUCTION_PLAN]) in page.content.decode()
    assert signed_in(cast.colleague).get(reverse("home")).context["duties"] == []


def test_both_are_told_what_was_decided(plan: InductionPlan, cast: Cast) -> None:
    before = timezone.now()
    in_force(plan, cast)
    gather = decided((DocumentKind.INDUCTION_PLAN,), "plan")
    told = [one for one in gather(before) if one.kind == NoticeKind.APPROVED]
    assert {one.person for one in told} == {cast.teacher.person_id, cast.peer.person_id}


def test_my_data_names_the_mentor_among_readers(plan: InductionPlan, cast: Cast) -> None:
    assert [cast.peer.person.full_name] in [reader.names for reader in readers_of(cast.teacher.person)]


def test_a_mentor_decides_neither_through_whom_they_handed_plans_over_to(plan: InductionPlan, cast: Cast) -> None:
    plan = factories.submitted(plan)
    days = {"starts_on": today(), "ends_on": today() + 10 * DAY}
    hand_over(by=cast.director, taker=cast.clerk.person, institution=cast.school, works=[Work.PLANS], **days)
    assert Document.objects.awaiting(factories.again(cast.clerk)).filter(pk=plan.pk).exists()
    Mentorship.objects.update(mentor=cast.director.person)
    assert not Document.objects.awaiting(factories.again(cast.clerk)).filter(pk=plan.pk).exists()


def test_who_is_told_that_it_waits_are_those_who_may_decide(plan: InductionPlan, cast: Cast) -> None:
    Mentorship.objects.update(mentor=cast.deputy.person)
    before = timezone.now()
    factories.submitted(factories.fresh(plan))
    Document.objects.update(awaiting_role=Role.DEPUTY_DIRECTOR)
    told = {one.person for one in waiting((DocumentKind.INDUCTION_PLAN,), "plan")(before)}
    assert told == {cast.second_deputy.person_id}


def test_a_mentor_whose_data_is_past_its_time_is_nameless_in_plans_of_others(plan: InductionPlan, cast: Cast) -> None:
    plan = in_force(plan, cast)
    mark_row(plan=plan, uid=plan.rows.first().uid, by=cast.peer, done_on=today(), note="Аткарылды")
    RetentionPeriod.objects.update_or_create(kept=Kept.PEOPLE, defaults={"years": 1})
    Mentorship.objects.update(ends_on=factories.LONG_AGO + DAY, starts_on=factories.LONG_AGO)
    cast.peer.person.employments.update(ends_on=factories.LONG_AGO + DAY)
    assert erase(cast.peer.person)
    plan = factories.fresh(plan)
    assert plan.in_force.content["mentor"]["name"] == NAMELESS
    assert plan.in_force.content["teacher"]["name"] == cast.teacher.person.full_name
    assert not list(versions_unchanged())
    assert InductionMark.objects.get().note == "Аткарылды"
