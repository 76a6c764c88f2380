"""What a district knows of its schools' schedules, and what it does at its desk."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Schedule, ScheduleDeadline, ScheduleReminder
from courses.schedules.desk import (
    UNREAD,
    Desk,
    DeskState,
    Line,
    desk,
    oblasts,
    schools_with_subject,
    sent_versions,
    years_known,
)
from courses.schedules.desk_actions import Reminded, accept_schedules, remind_schools, set_deadline
from cpd.dates import today
from schools import approval
from schools.choices import Action, InstitutionKind, Role, State
from schools.models import Decision, Document, DocumentVersion, Institution
from tests import factories
from tests.conftest import Cast
from tests.factories import again, next_school_year

YEAR = next_school_year()


def schedule_of(cast: Cast) -> Schedule:
    return factories.school_schedule(cast.school, by=cast.deputy)


def moved(schedule: Schedule, action: Action, by: Any, **details: Any) -> None:
    document = Document.objects.get(pk=schedule.pk)
    approval.perform(document, action, by=again(by), seen=document.revision, **details)


def returned(schedule: Schedule, by: Any, reason: str = "Мөөнөтүн тактаңыз.") -> None:
    moved(schedule, Action.RETURN, by, reason=reason)


def closed(schedule: Schedule, by: Any) -> None:
    moved(schedule, Action.CLOSE, by, content=factories.schedule_content(schedule))


def desk_of(cast: Cast, on: dt.date | None = None, year: int = YEAR) -> Desk:
    return desk(again(cast.officer), cast.district, year, on or today())


def line_of(cast: Cast, school: Institution | None = None, **asked: Any) -> Line:
    wanted = school or cast.school
    return next(line for line in desk_of(cast, **asked).lines if line.school == wanted)


def numbers(cast: Cast) -> list[int]:
    return [version.number for version in sent_versions(cast.district, YEAR)]


# --- which version lies before the district ----------------------------------------------------------------------


def test_a_draft_and_a_closed_schedule_are_unknown_to_the_district(cast: Cast) -> None:
    schedule = schedule_of(cast)
    assert line_of(cast).state == DeskState.NOT_SENT
    closed(schedule, cast.deputy)
    assert (line_of(cast).state, line_of(cast).sent) == (DeskState.NOT_SENT, None)
    assert numbers(cast) == []


def test_a_schedule_that_was_sent_waits_with_its_version_sums_and_sender(cast: Cast) -> None:
    version = factories.sent(schedule_of(cast), by=cast.deputy, rows=3)
    line = line_of(cast)
    assert line.state == DeskState.WAITING
    assert line.is_mine
    assert line.sent is not None
    assert (line.sent.version, line.sent.version.number, line.sent.amendment) == (version, 1, 0)
    assert (line.sent.teachers, line.sent.rows, line.sent.hours) == (3, 3, Decimal(72))
    assert line.sent.sending.by_name == cast.deputy.person.full_name
    assert (line.sent.verdict, line.sent.is_in_force) == (None, False)


def test_an_accepted_schedule_tells_when_and_by_whom(cast: Cast) -> None:
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    line = line_of(cast)
    assert line.state == DeskState.ACCEPTED
    assert not line.is_mine
    assert line.sent is not None
    assert line.sent.is_in_force
    assert line.sent.verdict is not None
    assert line.sent.verdict.by_name == cast.officer.person.full_name


def test_a_returned_schedule_tells_why(cast: Cast) -> None:
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    returned(schedule, cast.officer)
    line = line_of(cast)
    assert line.state == DeskState.RETURNED
    assert line.sent is not None
    assert line.sent.verdict is not None
    assert line.sent.verdict.reason == "Мөөнөтүн тактаңыз."
    assert numbers(cast) == [1]


def test_a_schedule_withdrawn_before_anybody_looked_was_never_sent(cast: Cast) -> None:
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    moved(schedule, Action.WITHDRAW, cast.deputy)
    assert line_of(cast).state == DeskState.NOT_SENT
    assert years_known(cast.district) == [YEAR]
    factories.sent(schedule, by=cast.deputy)
    line = line_of(cast)
    assert line.sent is not None
    assert (line.sent.version.number, line.sent.amendment) == (2, 0)


def test_a_change_begun_at_school_shows_nothing_until_it_is_sent(cast: Cast) -> None:
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    moved(schedule, Action.AMEND, cast.deputy)
    assert line_of(cast).state == DeskState.ACCEPTED
    closed(schedule, cast.deputy)
    assert line_of(cast).state == DeskState.ACCEPTED
    assert numbers(cast) == [1]


def test_a_change_that_was_sent_waits_as_an_amendment_while_the_first_stays_in_force(cast: Cast) -> None:
    schedule = schedule_of(cast)
    first = factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    moved(schedule, Action.AMEND, cast.deputy)
    factories.sent(schedule, by=cast.second_deputy, rows=5)
    line = line_of(cast)
    assert line.state == DeskState.WAITING
    assert line.sent is not None
    assert (line.sent.version.number, line.sent.amendment, line.sent.rows) == (2, 1, 5)
    assert not line.sent.is_in_force
    assert line.sent.document.in_force_id == first.pk


def test_a_change_that_was_given_up_leaves_the_version_in_force(cast: Cast) -> None:
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    moved(schedule, Action.AMEND, cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    returned(schedule, cast.officer)
    assert (line_of(cast).state, numbers(cast)) == (DeskState.RETURNED, [2])
    moved(schedule, Action.DISCARD, cast.deputy)
    assert (line_of(cast).state, numbers(cast)) == (DeskState.ACCEPTED, [1])
    moved(schedule, Action.AMEND, cast.deputy)
    assert (line_of(cast).state, numbers(cast)) == (DeskState.ACCEPTED, [1])
    factories.sent(schedule, by=cast.deputy)
    assert (line_of(cast).state, numbers(cast)) == (DeskState.WAITING, [3])


def test_giving_up_a_change_before_it_was_closed_hides_no_later_one(cast: Cast) -> None:
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    for action in (Action.AMEND, Action.DISCARD, Action.AMEND):
        moved(schedule, action, cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    assert numbers(cast) == [2]


def test_each_district_and_each_year_has_its_own_schools_and_versions(cast: Cast) -> None:
    factories.sent(schedule_of(cast), by=cast.deputy)
    last_year = factories.school_schedule(cast.school, by=cast.deputy, year=YEAR - 1)
    factories.sent(last_year, by=cast.deputy)
    assert [line.school for line in desk_of(cast).lines] == [cast.school, cast.other_school]
    elsewhere = desk(again(cast.other_officer), cast.other_district, YEAR, today())
    assert [(line.school, line.state) for line in elsewhere.lines] == [(cast.far_school, DeskState.NOT_SENT)]
    assert {version.document_id for version in sent_versions(None, YEAR - 1)} == {last_year.pk}
    assert list(sent_versions(cast.other_district, YEAR)) == []
    assert years_known(cast.district) == [YEAR, YEAR - 1]
    assert years_known(cast.other_district) == []


def test_a_college_stands_on_the_desk_only_where_it_sent_a_schedule(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.other_school.pk).update(kind=InstitutionKind.COLLEGE)
    assert [line.school for line in desk_of(cast).lines] == [cast.school]
    Institution.objects.filter(pk=cast.school.pk).update(kind=InstitutionKind.COLLEGE)
    schedule = schedule_of(cast)
    Institution.objects.filter(pk=cast.school.pk).update(kind=InstitutionKind.SCHOOL)  # its route is the schools'
    factories.sent(schedule, by=cast.deputy)
    Institution.objects.filter(pk=cast.school.pk).update(kind=InstitutionKind.COLLEGE)
    assert [line.school for line in desk_of(cast).lines] == [cast.school]


def test_figures_count_every_school_once(cast: Cast) -> None:
    factories.sent(schedule_of(cast), by=cast.deputy)
    found = desk_of(cast)
    assert (len(found.lines), found.sent, found.mine, found.not_sent) == (2, 1, 1, 1)
    assert found.figures == [
        (DeskState.NOT_SENT, 1),
        (DeskState.WAITING, 1),
        (DeskState.ACCEPTED, 0),
        (DeskState.RETURNED, 0),
    ]


def test_schools_are_found_by_a_subject_on_any_keyboard(cast: Cast) -> None:
    factories.sent(schedule_of(cast), by=cast.deputy)
    assert schools_with_subject(cast.district, YEAR, "БИОЛ") == {cast.school.pk}
    assert schools_with_subject(cast.district, YEAR, "химия") == set()
    assert schools_with_subject(cast.other_district, YEAR, "биология") == set()


# --- deadlines ----------------------------------------------------------------------------------------------------


def test_without_a_deadline_nothing_is_late(cast: Cast) -> None:
    found = desk_of(cast, on=dt.date(2100, 1, 1))
    assert found.deadline is None
    assert found.late == 0
    assert not any(line.is_late for line in found.lines)


def test_after_the_deadline_whoever_has_not_sent_is_late_and_on_its_day_nobody(cast: Cast) -> None:
    set_deadline(district=cast.district, year=YEAR, due_on=today(), by=cast.officer)
    factories.sent(schedule_of(cast), by=cast.deputy)
    assert desk_of(cast).late == 0
    after = desk_of(cast, on=today() + dt.timedelta(days=1))
    assert {line.school: line.is_late for line in after.lines} == {cast.school: False, cast.other_school: True}
    assert after.late == 1
    assert desk_of(cast, on=dt.date(2100, 1, 1), year=YEAR + 1).late == 0


def test_a_schedule_that_came_after_the_deadline_is_told_so_but_no_later_change_of_it(cast: Cast) -> None:
    set_deadline(district=cast.district, year=YEAR, due_on=today() - dt.timedelta(days=1), by=cast.officer)
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy)
    assert line_of(cast).is_late
    factories.received(schedule, by=cast.officer)
    moved(schedule, Action.AMEND, cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    assert not line_of(cast).is_late
    assert desk_of(cast).late == 1  # the other school, which has sent nothing


def test_a_deadline_is_kept_per_year_and_moved_by_whoever_moves_it(cast: Cast) -> None:
    set_deadline(district=cast.district, year=YEAR, due_on=today(), by=cast.officer)
    set_deadline(district=cast.district, year=YEAR + 1, due_on=today() + dt.timedelta(days=300), by=cast.officer)
    day = today() + dt.timedelta(days=3)
    factories.RoleFactory(person=cast.other_officer.person, role=Role.DISTRICT_OFFICER, district=cast.district)
    set_deadline(district=cast.district, year=YEAR, due_on=day, by=again(cast.other_officer))
    kept = ScheduleDeadline.objects.filter(district=cast.district).order_by("school_year")
    assert list(kept.values_list("school_year", "due_on", "by")) == [
        (YEAR, day, cast.other_officer.person_id),
        (YEAR + 1, today() + dt.timedelta(days=300), cast.officer.person_id),
    ]


def test_another_district_sets_no_deadline_and_reminds_nobody(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        set_deadline(district=cast.district, year=YEAR, due_on=today(), by=cast.other_officer)
    with pytest.raises(PermissionDenied):
        remind_schools(district=cast.district, year=YEAR, schools=[cast.school], by=cast.other_officer)


# --- reminders ----------------------------------------------------------------------------------------------------


def remind(cast: Cast, *schools: Institution) -> Reminded:
    return remind_schools(district=cast.district, year=YEAR, schools=schools, by=cast.officer)


def test_who_has_not_sent_is_reminded_once_a_day(cast: Cast) -> None:
    factories.sent(schedule_of(cast), by=cast.deputy)
    assert remind(cast, cast.school, cast.other_school) == Reminded(now=1, earlier=0)
    assert remind(cast, cast.school, cast.other_school) == Reminded(now=0, earlier=1)
    row = ScheduleReminder.objects.get()
    assert (row.institution, row.school_year, row.by) == (cast.other_school, YEAR, cast.officer.person)
    assert line_of(cast, cast.other_school).is_reminded_today
    ScheduleReminder.objects.update(at=timezone.now() - dt.timedelta(days=1))
    assert not line_of(cast, cast.other_school).is_reminded_today
    assert remind(cast, cast.other_school) == Reminded(now=1, earlier=0)
    assert ScheduleReminder.objects.count() == 2


def test_a_reminder_of_one_year_says_nothing_of_another(cast: Cast) -> None:
    remind(cast, cast.school)
    remind_schools(district=cast.district, year=YEAR - 1, schools=[cast.school], by=cast.officer)
    assert ScheduleReminder.objects.count() == 2
    assert line_of(cast, year=YEAR + 1).reminded_at is None


# --- receiving several at once ------------------------------------------------------------------------------------


def two_sent(cast: Cast) -> list[Document]:
    schedules = [schedule_of(cast), factories.school_schedule(cast.other_school, by=cast.other_director)]
    for schedule, by in zip(schedules, (cast.deputy, cast.other_director), strict=True):
        factories.sent(schedule, by=by)
    return list(Document.objects.filter(pk__in=[schedule.pk for schedule in schedules]).order_by("pk"))


def accept(cast: Cast, *documents: Document, by: Any = None) -> Any:
    seen = {document.pk: document.revision for document in documents}
    return accept_schedules(seen, district=cast.district, by=again(by or cast.officer))


def test_several_schedules_are_accepted_together_and_a_second_time_nothing_happens(cast: Cast) -> None:
    documents = two_sent(cast)
    outcome = accept(cast, *documents)
    assert (sorted(outcome.done), outcome.refused) == (["Ак-Бата орто мектеби", "Күн-Нур орто мектеби"], [])
    assert {one.state for one in Document.objects.filter(pk__in=[one.pk for one in documents])} == {State.APPROVED}
    outcome = accept(cast, *documents)
    assert outcome.done == []
    assert [school for school, _message in outcome.refused] == ["Ак-Бата орто мектеби", "Күн-Нур орто мектеби"]


def test_one_that_was_withdrawn_keeps_the_other_from_nothing(cast: Cast) -> None:
    documents = two_sent(cast)
    moved(Schedule.objects.get(pk=documents[0].pk), Action.WITHDRAW, cast.deputy)
    outcome = accept(cast, *documents)
    assert outcome.done == ["Күн-Нур орто мектеби"]
    assert [school for school, _message in outcome.refused] == ["Ак-Бата орто мектеби"]
    assert Document.objects.get(pk=documents[0].pk).state == State.DRAFT


def test_a_change_sent_after_the_list_was_opened_is_not_accepted_unseen(cast: Cast) -> None:
    before, _other = two_sent(cast)
    schedule = Schedule.objects.get(pk=before.pk)
    factories.received(schedule, by=cast.officer)
    moved(schedule, Action.AMEND, cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    outcome = accept(cast, before)
    assert outcome.done == []
    assert len(outcome.refused) == 1
    assert Document.objects.get(pk=before.pk).state == State.SUBMITTED


def test_no_officer_accepts_for_another_district(cast: Cast) -> None:
    far = factories.school_schedule(cast.far_school, by=cast.far_stranger)
    factories.RoleFactory(person=cast.far_stranger.person, institution=cast.far_school)
    factories.sent(far, by=cast.far_stranger)
    document = Document.objects.get(pk=far.pk)
    seen = {document.pk: document.revision}
    for district in (cast.district, cast.other_district):
        assert accept_schedules(seen, district=district, by=again(cast.officer)).done == []
    assert accept_schedules(seen, district=cast.other_district, by=again(cast.other_officer)).done


def test_an_officer_who_also_leads_the_school_is_refused_with_a_sentence(cast: Cast) -> None:
    factories.RoleFactory(person=cast.officer.person, institution=cast.school)
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.officer)
    assert not line_of(cast).is_mine
    outcome = accept(cast, Document.objects.get(pk=schedule.pk))
    assert (outcome.done, len(outcome.refused)) == ([], 1)
    with pytest.raises(PermissionDenied):
        moved(schedule, Action.APPROVE, cast.officer)


# --- the country --------------------------------------------------------------------------------------------------


def test_the_country_is_counted_by_district_and_oblast(cast: Cast) -> None:
    documents = two_sent(cast)
    factories.received(Schedule.objects.get(pk=documents[0].pk), by=cast.officer)
    set_deadline(district=cast.district, year=YEAR, due_on=today(), by=cast.officer)
    (oblast,) = oblasts(again(cast.institute), YEAR)
    counts = [
        (line.district, line.schools, line.sent, line.accepted, line.not_sent, line.due_on)
        for line in oblast.districts
    ]
    assert counts == [(cast.district, 2, 2, 1, 0, today()), (cast.other_district, 1, 0, 0, 1, None)]
    assert (oblast.schools, oblast.sent, oblast.accepted, oblast.not_sent) == (3, 2, 1, 1)


# --- queries ------------------------------------------------------------------------------------------------------


def many_schools(cast: Cast, count: int) -> None:
    """Schools of the district that all sent a schedule, every second one accepted: only what the desk reads of it."""
    schools = Institution.objects.bulk_create(
        Institution(title_ky=f"№{number} мектеп", district=cast.district) for number in range(count)
    )
    schedules = [factories.school_schedule(school, by=cast.deputy) for school in schools]
    content = factories.schedule_content(schedules[0])
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(document=schedule, number=1, content=content, content_hash="", route=[])
        for schedule in schedules
    )
    sender = {"by": cast.deputy.person, "at": timezone.now()}
    Decision.objects.bulk_create(Decision(version=version, action=Action.SEND, **sender) for version in versions)
    officer = {"by": cast.officer.person, "at": timezone.now(), "step": 0, "previous_hash": "of the sending"}
    Decision.objects.bulk_create(
        Decision(version=version, action=Action.APPROVE, **officer) for version in versions[1::2]
    )


@pytest.mark.parametrize("count", [1, 100])
def test_a_desk_needs_four_queries_and_reads_no_contents(count: int, cast: Cast) -> None:
    many_schools(cast, count)
    officer = again(cast.officer)
    assert officer.scope
    with CaptureQueriesContext(connection) as captured:
        found = desk(officer, cast.district, YEAR, today())
        assert found.sent == count
    assert len(captured) == 4
    assert {frozenset(line.sent.version.get_deferred_fields()) for line in found.lines if line.sent} == {
        frozenset(UNREAD)
    }
    institute = again(cast.institute)
    assert institute.scope
    with CaptureQueriesContext(connection) as captured:
        assert oblasts(institute, YEAR)[0].sent == count
    assert len(captured) == 2


def test_nothing_of_a_version_is_ever_guessed_from_a_working_copy(cast: Cast) -> None:
    """The sums stand in the version, whatever rows the school writes afterwards."""
    schedule = schedule_of(cast)
    factories.sent(schedule, by=cast.deputy, rows=2)
    factories.ScheduleEntryFactory(schedule=schedule, employment=factories.job_of(cast.teacher))
    line = line_of(cast)
    assert line.sent is not None
    assert line.sent.rows == 2
    assert DocumentVersion.objects.count() == 1
