"""Taking the associations' schedules into the school's, and fixing terms in it."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from courses.models import Schedule, ScheduleEntry
from courses.schedules import actions, school_actions
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, DocumentKind, Role, State
from schools.models import Decision, RoleAssignment
from tests import factories
from tests.conftest import at_once

FIRST = dt.date(factories.next_school_year(), 10, 5)
LAST = dt.date(factories.next_school_year(), 10, 16)
TERM = {"starts_on": FIRST, "ends_on": LAST}


@pytest.fixture
def part(cast: Any) -> Schedule:
    """The association's schedule with two rows, handed over to the deputy."""
    schedule = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(schedule, cast.teacher, title="Критериалдуу баалоо", note="Күзүндө")
    factories.schedule_row(schedule, cast.peer, title="Сынчыл ойлом")
    return factories.handed_over(schedule, by=cast.head)


def take(part: Schedule, by: Any) -> school_actions.Taken:
    return school_actions.take_part(part=part, by=factories.again(by), seen=Schedule.objects.get(pk=part.pk).revision)


def amend(part: Schedule, head: Any) -> Schedule:
    """The head opens the schedule again."""
    now = Schedule.objects.get(pk=part.pk)
    approval.perform(now, Action.AMEND, by=factories.again(head), seen=now.revision)
    return Schedule.objects.get(pk=part.pk)


def titles(schedule: Schedule) -> list[str]:
    return sorted(schedule.rows.values_list("title", flat=True))


def row_of(schedule: Schedule, user: Any) -> ScheduleEntry:
    return schedule.rows.get(employment__person=user.person_id)


# Taking ------------------------------------------------------------------------------------------------------------


def test_taking_a_part_begins_the_schools_schedule_and_copies_its_rows(cast: Any, part: Schedule) -> None:
    taken = take(part, cast.deputy)
    school = Schedule.objects.get(kind=DocumentKind.SCHOOL_SCHEDULE)
    assert taken == school_actions.Taken(school, added=2, changed=0, removed=0, left_out=0)
    assert (school.institution, school.starts_on, school.state) == (cast.school, part.starts_on, State.DRAFT)
    assert Schedule.objects.get(pk=part.pk).state == State.APPROVED
    columns = ("uid", "employment", "association", "title", "hours", "provider_text", "study_form", "proposed_month")
    columns += ("note", "reasons", "title_key", "plan_item", "offering", "starts_on")
    assert list(school.rows.values_list(*columns)) == list(part.rows.values_list(*columns))
    assert set(school.rows.values_list("changed_by", flat=True)) == {cast.deputy.person_id}


def test_taking_moves_the_schools_schedule_on(cast: Any, part: Schedule) -> None:
    """So that a close which did not show these rows is refused."""
    school = factories.school_schedule(cast.school, by=cast.deputy)
    take(part, cast.deputy)
    assert Schedule.objects.get(pk=school.pk).revision == school.revision + 1


def test_parts_of_several_associations_stand_in_one_schedule(cast: Any, part: Schedule) -> None:
    other = factories.association_schedule(cast.other_association, by=cast.other_head)
    factories.schedule_row(other, cast.colleague, title="Окуу сабаттуулугу")
    take(part, cast.deputy)
    taken = take(factories.handed_over(other, by=cast.other_head), cast.second_deputy)
    assert titles(taken.schedule) == ["Критериалдуу баалоо", "Окуу сабаттуулугу", "Сынчыл ойлом"]
    assert row_of(taken.schedule, cast.colleague).association == cast.other_association


def test_a_part_that_changed_on_the_screen_is_not_taken(cast: Any, part: Schedule) -> None:
    with pytest.raises(ChangedMeanwhile):
        school_actions.take_part(part=part, by=cast.deputy, seen=part.revision - 1)
    assert not Schedule.objects.filter(kind=DocumentKind.SCHOOL_SCHEDULE)


def test_only_who_leads_the_school_takes_a_part(cast: Any, part: Schedule) -> None:
    for user in (cast.head, cast.clerk, cast.other_director, cast.officer):
        with pytest.raises(PermissionDenied):
            take(part, user)
    assert not Schedule.objects.filter(kind=DocumentKind.SCHOOL_SCHEDULE)


def test_a_deputy_who_heads_the_association_leaves_the_part_to_the_director(cast: Any) -> None:
    RoleAssignment.objects.filter(person=cast.second_deputy.person_id).delete()
    RoleAssignment.objects.filter(person=cast.head.person_id).update(person=cast.deputy.person_id)
    schedule = factories.association_schedule(cast.association, by=cast.deputy)
    factories.schedule_row(schedule, cast.teacher)
    part = factories.handed_over(schedule, by=cast.deputy)
    assert part.awaiting_role == Role.DIRECTOR
    with pytest.raises(PermissionDenied):
        take(part, cast.deputy)
    assert take(part, cast.director).added == 1


def test_a_closed_schedule_takes_nothing_and_says_what_to_do(cast: Any, part: Schedule) -> None:
    school = factories.school_schedule(cast.school, by=cast.deputy)
    factories.schedule_row(school, cast.colleague, **TERM)
    actions.close_schedule(schedule=school, by=cast.deputy, seen=school.revision)
    with pytest.raises(Refused, match="кайра ачыңыз"):
        take(part, cast.deputy)
    assert Schedule.objects.get(pk=part.pk).state == State.SUBMITTED
    assert school.rows.count() == 1


# A later version of the head's --------------------------------------------------------------------------------------


def test_a_later_version_brings_only_what_the_head_changed(cast: Any, part: Schedule) -> None:
    school = take(part, cast.deputy).schedule
    mine = {**TERM, "responsible": "Төлөгөнова Ж. К.", "provider_text": "Облустук институт"}
    ScheduleEntry.objects.filter(pk=row_of(school, cast.teacher).pk).update(**mine)
    head = amend(part, cast.head)
    row = row_of(head, cast.teacher)
    row.note, row.proposed_month = "Кышында", 1
    row.save()
    row_of(head, cast.peer).delete()
    factories.schedule_row(head, cast.head, title="Жаңы курс")
    part = factories.handed_over(head, by=cast.head)
    revision = row_of(school, cast.teacher).revision
    taken = take(part, cast.second_deputy)
    assert (taken.added, taken.changed, taken.removed, taken.left_out) == (1, 1, 1, 0)
    assert titles(school) == ["Жаңы курс", "Критериалдуу баалоо"]
    merged = row_of(school, cast.teacher)
    assert (merged.note, merged.proposed_month) == ("Кышында", 1)
    assert {name: getattr(merged, name) for name in mine} == mine
    assert (merged.revision, merged.changed_by) == (revision + 1, cast.second_deputy.person)


def test_rows_the_head_left_alone_keep_their_revision(cast: Any, part: Schedule) -> None:
    school = take(part, cast.deputy).schedule
    head = amend(part, cast.head)
    row = row_of(head, cast.teacher)
    row.note = "Кышында"
    row.save()
    before = row_of(school, cast.peer)
    take(factories.handed_over(head, by=cast.head), cast.deputy)
    after = row_of(school, cast.peer)
    assert (after.pk, after.revision, after.changed_at) == (before.pk, before.revision, before.changed_at)


def test_what_the_deputy_added_or_removed_stays_so(cast: Any, part: Schedule) -> None:
    school = take(part, cast.deputy).schedule
    factories.schedule_row(school, cast.colleague, title="Мектептин өзүнүкү")
    row_of(school, cast.teacher).delete()
    row_of(school, cast.peer).delete()
    head = amend(part, cast.head)
    row = row_of(head, cast.teacher)
    row.note = "Кышында"
    row.save()
    taken = take(factories.handed_over(head, by=cast.head), cast.deputy)
    assert (taken.added, taken.changed, taken.left_out) == (0, 0, 1)
    assert titles(school) == ["Мектептин өзүнүкү"]


def test_a_row_of_the_heads_takes_the_place_and_the_term_of_the_same_course(cast: Any, part: Schedule) -> None:
    school = factories.school_schedule(cast.school, by=cast.deputy)
    factories.schedule_row(school, cast.teacher, title="критериалдуу  баалоо", **TERM)
    take(part, cast.deputy)
    row = row_of(school, cast.teacher)
    assert (row.title, row.starts_on, row.ends_on) == ("Критериалдуу баалоо", FIRST, LAST)
    assert row.uid == row_of(part, cast.teacher).uid


def test_two_rows_may_exchange_their_titles(cast: Any) -> None:
    head = factories.association_schedule(cast.association, by=cast.head)
    one, other = (factories.schedule_row(head, cast.teacher, title=title) for title in ("Биринчи", "Экинчи"))
    part = factories.handed_over(head, by=cast.head)
    school = take(part, cast.deputy).schedule
    head = amend(part, cast.head)
    for row, title in ((one, "Убактылуу"), (other, "Биринчи"), (one, "Экинчи")):
        row.title = title
        row.save()
    take(factories.handed_over(head, by=cast.head), cast.deputy)
    assert dict(school.rows.values_list("uid", "title")) == {one.uid: "Экинчи", other.uid: "Биринчи"}


# Giving back --------------------------------------------------------------------------------------------------------


def test_a_part_is_given_back_with_a_reason(cast: Any, part: Schedule) -> None:
    decision = school_actions.return_part(part=part, by=cast.deputy, seen=part.revision, reason="Айлар жок.")
    assert (decision.action, decision.reason) == (Action.RETURN, "Айлар жок.")
    assert Schedule.objects.get(pk=part.pk).state == State.RETURNED
    assert not Schedule.objects.filter(kind=DocumentKind.SCHOOL_SCHEDULE)


def test_a_part_is_not_given_back_without_a_reason_nor_by_others(cast: Any, part: Schedule) -> None:
    with pytest.raises(Refused):
        school_actions.return_part(part=part, by=cast.deputy, seen=part.revision, reason=" ")
    with pytest.raises(PermissionDenied):
        school_actions.return_part(part=part, by=cast.clerk, seen=part.revision, reason="Айлар жок.")
    assert Schedule.objects.get(pk=part.pk).state == State.SUBMITTED


# Exact terms --------------------------------------------------------------------------------------------------------


def test_a_term_is_fixed_and_taken_away(cast: Any, part: Schedule) -> None:
    school = take(part, cast.deputy).schedule
    row = row_of(school, cast.teacher)
    revision = school_actions.fix_term(row=row, by=cast.deputy, seen=row.revision, **TERM)
    assert revision == Schedule.objects.get(pk=school.pk).revision
    fixed = row_of(school, cast.teacher)
    assert (fixed.starts_on, fixed.ends_on, fixed.revision) == (FIRST, LAST, row.revision + 1)
    assert fixed.changed_by == cast.deputy.person
    school_actions.fix_term(row=fixed, by=cast.deputy, seen=fixed.revision, starts_on=None, ends_on=None)
    assert row_of(school, cast.teacher).starts_on is None


def test_who_comes_second_to_a_row_is_told_who_was_first(cast: Any, part: Schedule) -> None:
    row = row_of(take(part, cast.deputy).schedule, cast.teacher)
    school_actions.fix_term(row=row, by=cast.second_deputy, seen=row.revision, **TERM)
    with pytest.raises(ChangedMeanwhile, match=cast.second_deputy.person.full_name):
        school_actions.fix_term(row=row, by=cast.deputy, seen=row.revision, starts_on=LAST, ends_on=LAST)
    assert ScheduleEntry.objects.get(pk=row.pk).starts_on == FIRST


def test_whoever_works_on_another_row_hinders_nobody(cast: Any, part: Schedule) -> None:
    school = take(part, cast.deputy).schedule
    mine, theirs = row_of(school, cast.teacher), row_of(school, cast.peer)
    school_actions.fix_term(row=theirs, by=cast.second_deputy, seen=theirs.revision, **TERM)
    school_actions.fix_term(row=mine, by=cast.deputy, seen=mine.revision, **TERM)
    assert set(school.rows.values_list("starts_on", flat=True)) == {FIRST}


def test_no_term_is_fixed_in_a_closed_schedule_nor_by_others(cast: Any) -> None:
    school = factories.school_schedule(cast.school, by=cast.deputy)
    row = factories.schedule_row(school, cast.teacher, **TERM)
    with pytest.raises(PermissionDenied):
        school_actions.fix_term(row=row, by=cast.head, seen=row.revision, starts_on=LAST, ends_on=LAST)
    actions.close_schedule(schedule=school, by=cast.deputy, seen=school.revision)
    with pytest.raises(ChangedMeanwhile):
        school_actions.fix_term(row=row, by=cast.deputy, seen=row.revision, starts_on=LAST, ends_on=LAST)
    assert row_of(school, cast.teacher).starts_on == FIRST


# The same moment ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_part_at_once_one_does_and_one_is_told(cast: Any, part: Schedule) -> None:
    calls = [
        partial(school_actions.take_part, part=part, by=factories.again(who), seen=part.revision)
        for who in (cast.deputy, cast.second_deputy)
    ]
    answers = at_once(*calls)
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhile", "Taken"]
    school = Schedule.objects.get(kind=DocumentKind.SCHOOL_SCHEDULE)
    assert titles(school) == ["Критериалдуу баалоо", "Сынчыл ойлом"]
    assert Decision.objects.filter(version__document=part.pk, action=Action.APPROVE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_parts_taken_at_once_begin_one_schedule(cast: Any, part: Schedule) -> None:
    other = factories.association_schedule(cast.other_association, by=cast.other_head)
    factories.schedule_row(other, cast.colleague, title="Окуу сабаттуулугу")
    parts = [(part, cast.deputy), (factories.handed_over(other, by=cast.other_head), cast.second_deputy)]
    answers = at_once(
        *(
            partial(school_actions.take_part, part=one, by=factories.again(who), seen=one.revision)
            for one, who in parts
        )
    )
    assert [type(answer).__name__ for answer in answers] == ["Taken", "Taken"], answers
    school = Schedule.objects.get(kind=DocumentKind.SCHOOL_SCHEDULE)
    assert school.rows.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fix_one_row_at_once_one_does_and_one_is_told(cast: Any, part: Schedule) -> None:
    row = row_of(take(part, cast.deputy).schedule, cast.teacher)
    calls = [
        partial(
            school_actions.fix_term, row=row, by=factories.again(who), seen=row.revision, starts_on=day, ends_on=day
        )
        for who, day in ((cast.deputy, FIRST), (cast.second_deputy, LAST))
    ]
    told = [answer for answer in at_once(*calls) if isinstance(answer, Exception)]
    assert [type(answer) for answer in told] == [ChangedMeanwhile]
    assert row_of(row.schedule, cast.teacher).revision == row.revision + 1


# A change of the school's that is given up --------------------------------------------------------------------------


def accepted(part: Schedule, cast: Any) -> Schedule:
    """The school's schedule with the part in it, accepted by the district and opened again for a change."""
    school = take(part, cast.deputy).schedule
    school.rows.update(**TERM)
    factories.closed_and_sent(school, by=cast.deputy)
    factories.received(school, by=cast.officer)
    return amend(school, cast.deputy)


def given_up(school: Schedule, by: Any) -> None:
    revision = Schedule.objects.get(pk=school.pk).revision
    actions.discard_change(schedule=school, by=factories.again(by), seen=revision)


def changed(part: Schedule, cast: Any) -> Schedule:
    """The head's second version: a new row, one that went, one with another note."""
    head = amend(part, cast.head)
    ScheduleEntry.objects.filter(pk=row_of(head, cast.teacher).pk).update(note="Кышында")
    row_of(head, cast.peer).delete()
    factories.schedule_row(head, cast.head, title="Жаңы курс")
    return factories.handed_over(head, by=cast.head)


def version_held(school: Schedule, part: Schedule) -> int:
    key = Schedule.objects.get(pk=school.pk).taken[str(part.association_id)]
    number: int = part.versions.get(pk=key).number
    return number


def test_a_part_whose_taking_was_given_up_is_taken_again_without_another_approval(cast: Any, part: Schedule) -> None:
    school = accepted(part, cast)
    take(changed(part, cast), cast.deputy)
    assert version_held(school, part) == 2
    given_up(school, cast.deputy)
    assert (version_held(school, part), titles(school)) == (1, ["Критериалдуу баалоо", "Сынчыл ойлом"])
    amend(school, cast.deputy)
    decisions = Decision.objects.filter(version__document=part.pk).count()
    taken = take(part, cast.second_deputy)
    assert (taken.added, taken.changed, taken.removed, taken.left_out) == (1, 1, 1, 0)
    assert titles(school) == ["Жаңы курс", "Критериалдуу баалоо"]
    assert (row_of(school, cast.teacher).note, row_of(school, cast.teacher).starts_on) == ("Кышында", FIRST)
    assert version_held(school, part) == 2
    assert Decision.objects.filter(version__document=part.pk).count() == decisions


def test_what_the_next_version_changes_comes_in_over_the_one_held(cast: Any, part: Schedule) -> None:
    """The second version was given up with the school's change: the third brings what both of them changed."""
    school = accepted(part, cast)
    take(changed(part, cast), cast.deputy)
    given_up(school, cast.deputy)
    amend(school, cast.deputy)
    head = amend(part, cast.head)
    ScheduleEntry.objects.filter(pk=row_of(head, cast.head).pk).update(note="Жазында")
    taken = take(factories.handed_over(head, by=cast.head), cast.deputy)
    assert (taken.added, taken.changed, taken.removed, taken.left_out) == (1, 1, 1, 0)
    assert titles(school) == ["Жаңы курс", "Критериалдуу баалоо"]
    assert row_of(school, cast.teacher).note == "Кышында"


def test_a_part_first_taken_in_a_change_that_was_given_up_can_be_taken(cast: Any, part: Schedule) -> None:
    school = accepted(part, cast)
    other = factories.association_schedule(cast.other_association, by=cast.other_head)
    factories.schedule_row(other, cast.colleague, title="Окуу сабаттуулугу")
    take(factories.handed_over(other, by=cast.other_head), cast.deputy)
    given_up(school, cast.deputy)
    assert list(Schedule.objects.get(pk=school.pk).taken) == [str(part.association_id)]
    amend(school, cast.deputy)
    assert take(other, cast.deputy).added == 1
    assert row_of(school, cast.colleague).title == "Окуу сабаттуулугу"


def test_the_version_held_already_is_not_taken_twice(cast: Any, part: Schedule) -> None:
    school = take(part, cast.deputy).schedule
    row_of(school, cast.peer).delete()
    with pytest.raises(Refused):
        take(part, cast.deputy)
    with pytest.raises(ChangedMeanwhile):
        school_actions.take_part(part=part, by=factories.again(cast.deputy), seen=part.revision)
    with pytest.raises(PermissionDenied):
        take(part, cast.head)
    assert titles(school) == ["Критериалдуу баалоо"]


def test_a_renamed_association_keeps_its_rows_when_a_change_is_given_up(cast: Any, part: Schedule) -> None:
    school = accepted(part, cast)
    type(cast.association).objects.filter(pk=cast.association.pk).update(title_ky="Так илимдер")
    given_up(school, cast.deputy)
    assert set(school.rows.values_list("association", flat=True)) == {cast.association.pk}
