"""What is told to whom, once each."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpd.dates import today
from schools import approval, audit
from schools.choices import Action, Event, NoticeKind, TransferState, Work
from schools.holders import in_turn
from schools.invitations import make_invitations, token_of, use_invitation
from schools.models import (
    Delegation,
    Document,
    Notice,
    RetentionPeriod,
    RoleAssignment,
    Transfer,
    User,
)
from schools.notice_words import sentence
from schools.notices import LOOKS_BACK, Told, collect_events, write
from schools.tidying import old_notices
from tests import factories
from tests.conftest import Cast, at_once
from tests.factories import again

DAY = dt.timedelta(days=1)
TURN = ("pk", "kind", "awaiting_role", "author", "current_version")
TURN += ("institution", "association", "institution__district")


def collect() -> int:
    return collect_events(timezone.now() - LOOKS_BACK)


def told_to(user: User, kind: str = "") -> list[str]:
    """The keys by their first words."""
    own = Notice.objects.filter(person=user.person_id).order_by("pk")
    return [notice.key.split("-")[0] for notice in (own.filter(kind=kind) if kind else own)]


def told(person: int, kind: NoticeKind = NoticeKind.PLACE, key: str = "seat-1") -> Told:
    return Told(person, kind, key, "/")


def unread(user: User) -> int:
    return again(user).unread_notices


# Once each --------------------------------------------------------------------------------------------------------


def test_the_same_is_never_told_twice(cast: Cast) -> None:
    assert [write([told(cast.teacher.person_id)] * 2), write([told(cast.teacher.person_id)])] == [1, 0]
    assert write([told(cast.teacher.person_id, key="seat-2"), told(cast.peer.person_id)]) == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_gather_at_once_tell_it_once() -> None:
    factories.first_data()
    person = factories.UserFactory().person_id
    many = [told(person, key=f"seat-{n}") for n in range(50)]
    at_once(*[lambda: write(many)] * 3)
    assert Notice.objects.count() == 50


def test_only_who_has_an_open_account_is_told(cast: Cast) -> None:
    User.objects.filter(pk=cast.peer.pk).update(is_active=False)
    gone, nameless = cast.colleague.person, cast.stranger.person
    gone.merged_into = cast.teacher.person
    gone.save(update_fields=["merged_into"])
    nameless.erased_at = timezone.now()
    nameless.save(update_fields=["erased_at"])
    people = [cast.peer.person_id, gone.pk, nameless.pk, factories.PersonFactory().pk, cast.teacher.person_id]
    assert write([told(person) for person in people]) == 1
    assert [notice.person_id for notice in Notice.objects.all()] == [cast.teacher.person_id]


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_but_decisions_on_one_s_own_can_be_switched_off(kind: NoticeKind, cast: Cast) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(muted=NoticeKind.values)
    is_always_told = kind in (NoticeKind.RETURNED, NoticeKind.APPROVED, NoticeKind.ACCOUNT)
    assert write([told(cast.teacher.person_id, kind)]) == is_always_told


def test_five_hundred_notices_cost_as_many_questions_as_one(cast: Cast) -> None:
    asked = []
    for count in (1, 500):
        many = [told(cast.teacher.person_id, key=f"seat-{count}-{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert write(many) == count
        asked.append(sum(query["sql"].startswith("SELECT") for query in captured))
    assert asked == [2, 2]


# Documents --------------------------------------------------------------------------------------------------------


def test_a_plan_waits_for_who_considers_it_and_then_for_who_approves(cast: Cast) -> None:
    plan = factories.submitted(cast.plan)
    assert collect() == 1
    assert told_to(cast.head, "waiting") == ["document"]
    factories.considered(plan, by=cast.head)
    collect()
    assert [unread(who) for who in (cast.head, cast.deputy, cast.second_deputy)] == [0, 1, 1]
    assert collect() == 0
    factories.approved(factories.fresh(plan), by=cast.deputy)
    collect()
    assert [unread(who) for who in (cast.head, cast.deputy, cast.second_deputy)] == [0, 0, 0]
    assert told_to(cast.teacher) == ["decision"]
    assert Notice.objects.get(person=cast.teacher.person_id).path == f"/plans/{plan.pk}/"


def test_each_version_waits_anew_and_once(cast: Cast) -> None:
    plan = factories.returned(cast.plan, by=cast.head)
    collect()
    assert (told_to(cast.head, "waiting"), told_to(cast.teacher, "returned")) == ([], ["decision"])
    factories.submitted(plan)
    assert [collect(), collect()] == [1, 0]
    assert told_to(cast.head, "waiting") == ["document"]


def test_nobody_is_told_of_what_was_withdrawn(cast: Cast) -> None:
    plan = factories.submitted(cast.plan)
    collect()
    approval.perform(plan, Action.WITHDRAW, by=cast.teacher, seen=plan.revision)
    collect()
    assert unread(cast.head) == 0


def test_old_events_are_not_told(cast: Cast) -> None:
    factories.returned(cast.plan, by=cast.head)
    assert collect_events(timezone.now() + DAY) == 0


def test_facts_name_nobody(cast: Cast) -> None:
    factories.submitted(cast.plan)
    collect()
    assert cast.teacher.person.family_name not in str(Notice.objects.get().facts)


def test_a_role_that_ended_is_told_nothing_any_more(cast: Cast) -> None:
    RoleAssignment.objects.filter(person=cast.head.person).update(ends_on=today() - DAY)
    factories.submitted(cast.plan)
    collect()
    assert told_to(cast.head) == []


def delegate(cast: Cast, work: Work) -> Delegation:
    return Delegation.objects.create(
        institution=cast.school, giver=cast.deputy.person, taker=cast.peer.person, work=work, ends_on=today()
    )


@pytest.mark.parametrize("work", [None, Work.PLANS, Work.SCHEDULES])
def test_whose_turn_it_is_is_the_reverse_of_what_waits_for_one(work: Work | None, cast: Cast) -> None:
    """Plans in every undecided state, of the leaders themselves too, and both kinds of schedule."""
    if work:
        delegate(cast, work)
    for user in (cast.teacher, cast.peer, cast.director, cast.stranger):
        factories.submitted(factories.annual_plan(user))
    for user in (cast.teacher, cast.head, cast.deputy, cast.colleague):
        factories.considered(factories.individual_plan(user))
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher)
    factories.handed_over(part, by=cast.head)
    factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)
    undecided = Document.objects.exclude(awaiting_role="")
    found = in_turn(list(undecided.values(*TURN)), today())
    users = [again(user) for user in User.objects.all()]
    expected = {
        document.pk: {user.person_id for user in users if Document.objects.awaiting(user).filter(pk=document.pk)}
        for document in undecided
    }
    assert found == expected
    assert len(found) >= 8
    assert all(found.values())


def test_whose_turn_it_is_costs_three_queries_for_any_number(cast: Cast) -> None:
    factories.submitted(cast.plan)
    for user in (cast.peer, cast.deputy):
        factories.submitted(factories.annual_plan(user))
    documents = list(Document.objects.exclude(awaiting_role="").values(*TURN))
    with CaptureQueriesContext(connection) as captured:
        in_turn(documents, today())
    assert len(captured) == 3


def test_a_schedule_that_came_back_is_told_to_who_makes_it(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    collect()
    assert told_to(cast.officer, "waiting") == ["document"]
    factories.received(schedule, by=cast.officer)
    collect()
    for who in (cast.deputy, cast.second_deputy, cast.director):
        assert told_to(who, "approved") == ["decision"]
        assert Notice.objects.get(person=who.person_id, kind="approved").path == f"/schedules/{schedule.pk}/"
    assert unread(cast.officer) == 0


# Moves and accounts -----------------------------------------------------------------------------------------------


def transfer(cast: Cast) -> Transfer:
    return Transfer.objects.create(
        employment=factories.job_of(cast.teacher),
        institution=cast.other_school,
        is_proposed_by_new=True,
        position="мугалим",
        moves_on=today(),
        proposed_by=cast.other_director.person,
    )


def test_a_move_waits_for_the_other_school_and_both_are_told_the_answer(cast: Cast) -> None:
    move = transfer(cast)
    collect()
    for who in (cast.deputy, cast.second_deputy, cast.director):
        assert told_to(who, "waiting") == ["transfer"]
    assert (told_to(cast.teacher, "move"), told_to(cast.other_director)) == (["transfer"], [])
    Transfer.objects.filter(pk=move.pk).update(
        state=TransferState.REFUSED, answered_at=timezone.now(), answered_by=cast.deputy.person
    )
    collect()
    assert [unread(who) for who in (cast.deputy, cast.director, cast.other_director)] == [0, 1, 1]
    assert len(told_to(cast.teacher, "move")) == 2


def test_a_change_of_one_s_account_or_roles_is_told_and_a_look_is_not(cast: Cast) -> None:
    audit.note(Event.PASSWORD_CHANGED, by=cast.deputy, subject=cast.teacher.person)
    audit.note(Event.ROLE_GIVEN, by=cast.director, subject=cast.teacher.person)
    audit.note(Event.SAW_PERSON, by=cast.deputy, subject=cast.teacher.person)
    assert collect() == 2
    assert told_to(cast.teacher, "account") == ["journal", "journal"]


def sentences(user: User) -> list[str]:
    return [sentence(notice) for notice in Notice.objects.filter(person=user.person_id).order_by("pk")]


def test_a_slip_for_somebody_with_an_account_says_who_made_it_and_what_it_opens(cast: Cast) -> None:
    make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    make_invitations([cast.director.person], by=cast.officer, institution=None)
    assert collect() == 2
    [of_school], [of_office] = sentences(cast.teacher), sentences(cast.director)
    assert cast.school.title_ky in of_school
    assert cast.school.title_ky not in of_office
    assert len(of_office) > len(str(Event.INVITED.label)) + 50


def test_the_slip_that_made_the_account_is_no_news(cast: Cast) -> None:
    person = factories.EmploymentFactory(institution=cast.school).person
    [slip] = make_invitations([person], by=cast.deputy, institution=cast.school)
    account = use_invitation(token_of(slip), username="jany", password="Көк-Жайык-2027", language="ky")
    assert (collect(), told_to(account)) == (0, [])
    make_invitations([person], by=cast.deputy, institution=cast.school)
    assert (collect(), told_to(account)) == (1, ["journal"])


def test_data_that_others_changed_are_told_to_whose_they_are(cast: Cast) -> None:
    for event in (Event.NAME_CHANGED, Event.PERSON_CHANGED):
        audit.note(event, by=cast.clerk, subject=cast.teacher.person, institution=cast.school)
        audit.note(event, by=cast.peer, subject=cast.peer.person, institution=cast.school)
    assert collect() == 2
    assert [cast.school.title_ky in told for told in sentences(cast.teacher)] == [True, True]
    assert {notice.path for notice in Notice.objects.all()} == {reverse("my_data")}


def test_a_second_job_is_told_to_the_person_and_to_who_leads_the_main_school(cast: Cast) -> None:
    job = factories.job_of(cast.teacher)
    for user in (cast.teacher, cast.stranger):  # the stranger's own school: that is no second job
        audit.note(Event.HIRED, by=cast.other_director, subject=user.person, institution=cast.other_school)
    collect()
    leaders = (cast.deputy, cast.second_deputy, cast.director)
    for leader in leaders:
        [notice] = Notice.objects.filter(person=leader.person_id)
        assert (notice.kind, notice.path) == (NoticeKind.MOVE, reverse("employment", args=[job.pk]))
        assert cast.teacher.person.family_name not in str(notice.facts)
        assert cast.other_school.title_ky in sentence(notice)
    [own] = sentences(cast.teacher)
    assert cast.other_school.title_ky in own
    assert Notice.objects.count() == len(leaders) + 1


def test_no_notice_of_a_move_has_two_full_stops(cast: Cast) -> None:
    transfer(cast)
    collect()
    assert [told for user in (cast.teacher, cast.deputy) for told in sentences(user) if ".." in told] == []


# How long ---------------------------------------------------------------------------------------------------------


def test_notices_are_kept_for_the_years_that_are_set(cast: Cast) -> None:
    RetentionPeriod.objects.all().delete()
    write([told(cast.teacher.person_id), told(cast.peer.person_id)])
    Notice.objects.filter(person=cast.peer.person_id).update(made_at=timezone.now() - 400 * DAY)
    assert old_notices() == 0
    kept = RetentionPeriod.objects.create(kept="notices", years=None, source="буйрук")
    assert old_notices() == 0
    RetentionPeriod.objects.filter(pk=kept.pk).update(years=1)
    assert [old_notices(), old_notices()] == [1, 0]
    assert Notice.objects.get().person == cast.teacher.person
