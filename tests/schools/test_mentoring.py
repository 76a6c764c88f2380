"""Mentors fixed by the director's order: what an order may say, and what becomes of a mentorship."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from cpd.dates import add_years, today
from plans.models import InductionMark, PortfolioEntry
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event, LeaveKind
from schools.leaving import what_hangs
from schools.mentoring import (
    Terms,
    Unfit,
    annul_mentorship,
    change_mentorship,
    end_mentorship,
    fix_mentor,
    standing,
    unguided,
)
from schools.merging import of_mentors
from schools.models import AuditEntry, Employment, Leave, Mentorship, User
from schools.staffing import Post, change_employment, end_employment
from tests import factories
from tests.conftest import Cast
from tests.factories import LONG_AGO, job_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def fix(cast: Cast, by: User | None = None, **said: Any) -> Mentorship:
    """The teacher becomes the peer's mentor, from today until further notice."""
    wanted: dict[str, Any] = {"mentor": cast.teacher.person, "mentee": cast.peer.person, "institution": cast.school}
    wanted |= {"starts_on": today(), "order_number": "14-б", "ordered_on": today()}
    return fix_mentor(by=by or cast.director, **wanted | said)


def terms(mentorship: Mentorship, **said: Any) -> Terms:
    names = ("starts_on", "ends_on", "order_number", "ordered_on")
    return Terms(**{name: getattr(mentorship, name) for name in names} | said)


def field_of(refused: pytest.ExceptionInfo[Unfit]) -> str:
    assert not Mentorship.objects.filter(order_number="14-б").exists()
    return refused.value.field


# Fixing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["director", "deputy", "clerk"])
def test_who_serves_the_school_enters_the_director_s_order(who: str, cast: Cast) -> None:
    made = fix(cast, by=getattr(cast, who), order_number="  14-б ")
    made.refresh_from_db()
    assert (made.institution, made.mentor, made.mentee) == (cast.school, cast.teacher.person, cast.peer.person)
    assert (made.starts_on, made.ends_on, made.order_number, made.ordered_on) == (today(), None, "14-б", today())


@pytest.mark.parametrize("who", ["head", "teacher", "peer", "officer", "institute", "administrator", "other_director"])
def test_nobody_else_does(who: str, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        fix(cast, by=getattr(cast, who))
    assert not Mentorship.objects.exists()


def test_both_find_the_order_in_the_journal_and_neither_the_other_s_name(cast: Cast) -> None:
    fix(cast)
    entries = AuditEntry.objects.filter(event=Event.MENTOR_FIXED)
    assert {entry.subject for entry in entries} == {cast.teacher.person, cast.peer.person}
    for entry in entries:
        assert (entry.institution, entry.by, entry.what) == (cast.school, cast.director.person, "№ 14-б")
        assert entry.after["order_number"] == "14-б"
        assert cast.teacher.person.family_name not in str([entry.what, entry.before, entry.after])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"order_number": "  "}, "order_number"),
        ({"ordered_on": today() + DAY}, "ordered_on"),
        ({"ordered_on": add_years(today(), -1) - DAY}, "ordered_on"),
        ({"starts_on": add_years(today(), 1) + DAY}, "ordered_on"),
        ({"ends_on": today() - DAY}, "ends_on"),
        ({"starts_on": LONG_AGO - DAY, "ordered_on": LONG_AGO}, "mentor"),
    ],
)
def test_what_an_order_cannot_say_is_told_of_its_field(said: dict[str, Any], field: str, cast: Cast) -> None:
    with pytest.raises(Unfit) as refused:
        fix(cast, **said)
    assert field_of(refused) == field


@pytest.mark.parametrize("days", [-5, 5])
def test_an_order_may_be_written_some_days_before_or_after_the_first_day(days: int, cast: Cast) -> None:
    first = today() - 10 * DAY
    assert fix(cast, starts_on=first, ordered_on=first + days * DAY).starts_on == first


def test_nobody_is_their_own_mentor(cast: Cast) -> None:
    with pytest.raises(Unfit) as refused:
        fix(cast, mentor=cast.peer.person)
    assert field_of(refused) == "mentor"


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_both_teach_in_the_school(side: str, cast: Cast) -> None:
    Employment.objects.filter(person=cast.colleague.person).update(is_teaching=False)
    for who in (cast.stranger, cast.colleague):
        said: dict[str, Any] = {side: who.person}
        with pytest.raises(Unfit) as refused:
            fix(cast, **said)
        assert field_of(refused) == side


@pytest.mark.parametrize("who", ["teacher", "peer"])
def test_a_mentorship_lies_within_both_employments(who: str, cast: Cast) -> None:
    Employment.objects.filter(person=getattr(cast, who).person).update(ends_on=today() + 9 * DAY)
    for ends_on in (None, today() + 10 * DAY):
        with pytest.raises(Unfit) as refused:
            fix(cast, ends_on=ends_on)
        assert field_of(refused) == "ends_on"
    assert fix(cast, ends_on=today() + 9 * DAY).ends_on == today() + 9 * DAY


def test_one_employment_may_follow_another_without_a_gap(cast: Cast) -> None:
    first = job_of(cast.peer)
    Employment.objects.filter(pk=first.pk).update(ends_on=today())
    again = Employment(person=cast.peer.person, institution=cast.school, position="мугалим")
    again.starts_on = today() + 2 * DAY
    again.save()
    with pytest.raises(Unfit) as refused:
        fix(cast)
    assert field_of(refused) == "ends_on"
    Employment.objects.filter(pk=again.pk).update(starts_on=today() + DAY)
    assert fix(cast).ends_on is None


def test_a_young_specialist_has_one_mentor_at_a_time(cast: Cast) -> None:
    first = fix(cast, ends_on=today() + 5 * DAY)
    for starts_on in (today() - 5 * DAY, today() + 5 * DAY):
        with pytest.raises(Unfit) as refused:
            fix(cast, mentor=cast.head.person, starts_on=starts_on)
        assert refused.value.field == "mentee"
        assert first.mentor.family_name in refused.value.message
    assert fix(cast, mentor=cast.head.person, starts_on=today() + 6 * DAY).mentor == cast.head.person
    assert fix(cast, starts_on=today() - 5 * DAY, ends_on=today() - DAY).ends_on == today() - DAY


def test_one_mentor_may_guide_several(cast: Cast) -> None:
    fix(cast)
    assert fix(cast, mentee=cast.colleague.person).mentor == cast.teacher.person


def test_who_is_guided_guides_nobody(cast: Cast) -> None:
    fix(cast)
    with pytest.raises(Unfit) as refused:
        fix(cast, mentor=cast.peer.person, mentee=cast.colleague.person)
    assert refused.value.field == "mentor"
    with pytest.raises(Unfit) as refused:
        fix(cast, mentor=cast.head.person, mentee=cast.teacher.person)
    assert refused.value.field == "mentee"


def test_who_is_called_a_young_specialist_is_no_mentor(cast: Cast) -> None:
    Employment.objects.filter(person=cast.teacher.person).update(is_young_specialist=True)
    with pytest.raises(Unfit) as refused:
        fix(cast)
    assert field_of(refused) == "mentor"


# Putting right ----------------------------------------------------------------------------------------------------


def test_what_was_entered_wrong_is_put_right(cast: Cast) -> None:
    made = fix(cast)
    wanted = terms(made, order_number="15", starts_on=today() - DAY)
    change_mentorship(mentorship=made, by=cast.clerk, seen=standing(made), terms=wanted)
    made.refresh_from_db()
    assert terms(made) == wanted
    entry = AuditEntry.objects.get(event=Event.MENTOR_CHANGED, subject=cast.peer.person)
    assert (entry.before["order_number"], entry.after["order_number"]) == ("14-б", "15")
    assert {*entry.after} == {"order_number", "starts_on"}


def test_what_stays_as_it_was_is_no_change(cast: Cast) -> None:
    made = fix(cast)
    change_mentorship(mentorship=made, by=cast.clerk, seen=standing(made), terms=terms(made))
    assert not AuditEntry.objects.filter(event=Event.MENTOR_CHANGED).exists()


def test_a_change_passes_the_same_rules(cast: Cast) -> None:
    made = fix(cast)
    fix(cast, mentor=cast.head.person, starts_on=today() - 9 * DAY, ends_on=today() - DAY)
    for said in ({"starts_on": today() - DAY}, {"ordered_on": today() + DAY}, {"order_number": ""}):
        with pytest.raises(Unfit):
            change_mentorship(mentorship=made, by=cast.director, seen=standing(made), terms=terms(made, **said))
    with pytest.raises(PermissionDenied):
        change_mentorship(mentorship=made, by=cast.teacher, seen=standing(made), terms=terms(made))
    assert terms(Mentorship.objects.get(pk=made.pk)) == terms(made)


def test_who_changes_what_was_changed_meanwhile_is_told(cast: Cast) -> None:
    made = fix(cast)
    seen = standing(made)
    change_mentorship(mentorship=made, by=cast.clerk, seen=seen, terms=terms(made, order_number="15"))
    with pytest.raises(ChangedMeanwhile):
        change_mentorship(mentorship=made, by=cast.deputy, seen=seen, terms=terms(made, order_number="16"))
    assert Mentorship.objects.get().order_number == "15"


# Ending -----------------------------------------------------------------------------------------------------------


def test_a_mentorship_ends_once(cast: Cast) -> None:
    made = fix(cast)
    end_mentorship(mentorship=made, by=cast.director, last_day=today() + DAY)
    made.refresh_from_db()
    assert made.ends_on == today() + DAY
    assert AuditEntry.objects.filter(event=Event.MENTOR_CHANGED).count() == 2, "an entry for each of the two"
    with pytest.raises(ChangedMeanwhile):
        end_mentorship(mentorship=made, by=cast.deputy, last_day=today())
    assert Mentorship.objects.get().ends_on == today() + DAY


def test_it_ends_on_its_first_day_at_the_earliest(cast: Cast) -> None:
    made = fix(cast)
    with pytest.raises(Unfit) as refused:
        end_mentorship(mentorship=made, by=cast.director, last_day=today() - DAY)
    assert refused.value.field == "ends_on"
    with pytest.raises(PermissionDenied):
        end_mentorship(mentorship=made, by=cast.head, last_day=today())


# Taking back -----------------------------------------------------------------------------------------------------


def test_who_was_fixed_by_mistake_makes_room_for_the_right_one_on_the_same_day(cast: Cast) -> None:
    wrong = fix(cast)
    annul_mentorship(mentorship=wrong, by=cast.clerk)
    right = fix(cast, mentor=cast.head.person)
    assert (right.starts_on, [*Mentorship.objects.all()]) == (today(), [right])
    entries = AuditEntry.objects.filter(event=Event.MENTOR_CHANGED)
    assert {entry.subject for entry in entries} == {cast.teacher.person, cast.peer.person}
    assert {(entry.before["order_number"], entry.after["order_number"]) for entry in entries} == {("14-б", None)}
    with pytest.raises(ChangedMeanwhile):
        annul_mentorship(mentorship=Mentorship(pk=wrong.pk, mentor=wrong.mentor, mentee=wrong.mentee), by=cast.clerk)


def test_only_who_fixes_mentors_takes_one_back(cast: Cast) -> None:
    made = fix(cast)
    for who in (cast.teacher, cast.peer, cast.head, cast.officer):
        with pytest.raises(PermissionDenied):
            annul_mentorship(mentorship=made, by=who)
    assert Mentorship.objects.exists()


@pytest.mark.parametrize("built", ["sheet", "portfolio", "version", "mark"])
def test_a_mentorship_on_which_something_rests_is_not_taken_back(built: str, cast: Cast) -> None:
    made = fix(cast)
    plan = factories.induction_plan(cast.peer)
    if built == "sheet":
        factories.lesson_sheet(made, cast.teacher)
    elif built == "portfolio":
        PortfolioEntry.objects.create(person=cast.peer.person, mentorship=made)
    elif built == "version":
        factories.submitted(plan)
    else:
        InductionMark.objects.create(plan=plan, uid=factories.uuid4(), done_on=today(), by=cast.teacher.person)
    with pytest.raises(Refused):
        annul_mentorship(mentorship=made, by=cast.director)
    assert [*Mentorship.objects.all()] == [made]


# Who is left ------------------------------------------------------------------------------------------------------


def lacks(cast: Cast) -> bool:
    return unguided(Employment.objects.filter(pk=job_of(cast.peer).pk), today()).exists()


def test_who_has_a_mentor_lacks_none_until_the_last_day_has_passed(cast: Cast) -> None:
    assert lacks(cast)
    made = fix(cast, starts_on=today() + DAY)
    assert not lacks(cast), "fixed, though it begins tomorrow"
    Mentorship.objects.filter(pk=made.pk).update(starts_on=LONG_AGO, ends_on=today())
    assert not lacks(cast)
    Mentorship.objects.filter(pk=made.pk).update(ends_on=today() - DAY)
    assert lacks(cast)


@pytest.mark.parametrize("reason", [EndReason.LEFT, EndReason.DIED])
def test_a_mentor_who_leaves_or_dies_leaves_the_young_specialist_alone(reason: EndReason, cast: Cast) -> None:
    made = fix(cast, starts_on=today() - 9 * DAY)
    told = [one for one in what_hangs(job_of(cast.teacher), today()) if cast.peer.person.short_name in one.text]
    assert [(one.ends, one.url) for one in told] == [
        (False, reverse("mentors", args=[cast.school.pk])),
        (True, ""),
    ]
    end_employment(employment=job_of(cast.teacher), by=cast.director, last_day=today() - DAY, reason=reason)
    made.refresh_from_db()
    assert made.ends_on == today() - DAY
    assert lacks(cast)
    assert AuditEntry.objects.filter(event=Event.MENTOR_CHANGED, subject=cast.peer.person).exists()


def test_nobody_is_left_where_the_young_specialist_leaves(cast: Cast) -> None:
    fix(cast)
    assert [one.ends for one in what_hangs(job_of(cast.peer), today())] == [True]


def test_a_mentor_whose_days_ran_out_guides_nobody(cast: Cast) -> None:
    fix(cast)
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=today() - DAY)
    assert lacks(cast)


@pytest.mark.parametrize("ends_on", [None, today()])
def test_a_mentor_on_long_leave_guides_nobody_meanwhile(ends_on: dt.date | None, cast: Cast) -> None:
    fix(cast)
    leave = away(cast.teacher, today() - DAY, ends_on, cast)
    assert lacks(cast)
    Leave.objects.filter(pk=leave.pk).update(ends_on=today() - DAY)
    assert not lacks(cast)


def test_nobody_on_long_leave_needs_a_mentor(cast: Cast) -> None:
    assert lacks(cast)
    away(cast.peer, today(), None, cast)
    assert not lacks(cast)


def away(user: User, starts_on: dt.date, ends_on: dt.date | None, cast: Cast) -> Leave:
    return Leave.objects.create(
        employment=job_of(user), kind=LeaveKind.ILLNESS, starts_on=starts_on, ends_on=ends_on,
        entered_by=cast.clerk.person,
    )  # fmt: skip


def test_an_employment_does_not_begin_after_a_mentorship_of_it(cast: Cast) -> None:
    fix(cast, starts_on=today() - 9 * DAY)
    job = job_of(cast.peer)
    post = Post(today(), {"position": job.position}, [])
    with pytest.raises(Refused):
        change_employment(employment=job, by=cast.director, post=post, ends_on=None)
    assert job_of(cast.peer).starts_on == LONG_AGO


# Records of one person twice --------------------------------------------------------------------------------------


def test_a_mentor_and_the_young_specialist_are_not_one_person(cast: Cast) -> None:
    fix(cast)
    assert len([*of_mentors(cast.teacher.person, cast.peer.person)]) == 1
    assert [*of_mentors(cast.teacher.person, cast.colleague.person)] == []


@pytest.mark.parametrize("last_day", [None, today(), today() + 9 * DAY])
def test_of_two_records_with_a_mentor_each_one_mentorship_ends_first(last_day: dt.date | None, cast: Cast) -> None:
    fix(cast)
    other = fix(cast, mentee=cast.colleague.person, starts_on=today() - 9 * DAY, ends_on=last_day)
    for one, two in ((cast.peer, cast.colleague), (cast.colleague, cast.peer)):
        assert len([*of_mentors(one.person, two.person)]) == 1
    Mentorship.objects.filter(pk=other.pk).update(ends_on=today() - DAY)
    assert [*of_mentors(cast.peer.person, cast.colleague.person)] == []


def test_records_that_guide_and_are_guided_on_the_same_days_are_not_of_one_person(cast: Cast) -> None:
    fix(cast)
    other = fix(cast, mentor=cast.head.person, mentee=cast.colleague.person)
    for one, two in ((cast.peer, cast.head), (cast.head, cast.peer)):
        assert len([*of_mentors(one.person, two.person)]) == 1
    Mentorship.objects.filter(pk=other.pk).update(starts_on=LONG_AGO, ends_on=today() - DAY)
    assert [*of_mentors(cast.peer.person, cast.head.person)] == []


def test_two_mentors_in_different_schools_hinder_nobody(cast: Cast) -> None:
    fix(cast)
    Mentorship.objects.create(
        institution=cast.other_school, mentor=cast.stranger.person, mentee=cast.colleague.person, starts_on=today()
    )
    assert [*of_mentors(cast.peer.person, cast.colleague.person)] == []


# Elsewhere --------------------------------------------------------------------------------------------------------


def test_the_employment_says_whether_somebody_is_a_young_specialist(client: Any, cast: Cast) -> None:
    job = job_of(cast.peer)
    client.force_login(cast.clerk)
    address = reverse("employment_edit", args=[job.pk])
    typed = {"position": job.position, "is_teaching": "on", "starts_on": job.starts_on}
    for said, kept in (("True", True), ("False", False), ("", None)):
        answer = client.post(address, typed | {"is_young_specialist": said, "once": factories.uuid4()})
        assert answer.status_code == 302
        job.refresh_from_db()
        assert job.is_young_specialist is kept
        shown = client.get(address).context["form"]["is_young_specialist"]
        assert f'value="{said}" selected' in str(shown)


def test_the_administration_only_looks_at_mentorships(client: Any, cast: Cast) -> None:
    made = fix(cast)
    client.force_login(cast.administrator)
    for name in ("change", "delete"):
        assert client.post(reverse(f"admin:schools_mentorship_{name}", args=[made.pk])).status_code == 403
    assert client.post(reverse("admin:schools_mentorship_add")).status_code == 403
    assert client.get(reverse("admin:schools_mentorship_change", args=[made.pk])).status_code == 200
