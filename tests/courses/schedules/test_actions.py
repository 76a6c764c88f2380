"""Writes of schedules: what they change, what they refuse, what they leave alone."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Schedule, ScheduleEntry
from courses.schedules import actions
from courses.schedules.drafting import Planned, Suggestion
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, State
from tests import factories
from tests.conftest import Cast
from tests.factories import ScheduleEntryFactory, decisions_of, fresh, job_of, next_school_year

pytestmark = pytest.mark.django_db
COURSE = {"title": "Критериалдуу баалоо", "hours": Decimal(24), "provider_text": "РКЖИ", "proposed_month": 11}


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    """The association's, with a row for the teacher and one for a peer."""
    made = factories.association_schedule(cast.association, by=cast.head)
    for user, title in ((cast.teacher, "Баалоо"), (cast.peer, "Инклюзия")):
        ScheduleEntryFactory.create(
            schedule=made, employment=job_of(user), association=cast.association, title=title, plan_item=uuid.uuid4()
        )
    return made


def suggestion(user: Any, title: str = "", **columns: Any) -> Suggestion:
    job = job_of(user)
    wanted: dict[str, Any] = {"block": "", "study_form": "", "hours": None, "provider_text": "", "month": None}
    item = Planned(
        person=job.person_id,
        institution=job.institution_id,
        uid=uuid.uuid4(),
        title=title,
        year=next_school_year(),
        **wanted | columns,
    )
    return Suggestion(job, item if title else None, ({"code": "never_trained"},))


def written(schedule: Schedule) -> list[tuple[Any, ...]]:
    names = (
        *("uid", "association", "employment", "title", "title_key", "block", "hours", "provider_text", "study_form"),
        *("offering", "proposed_month", "starts_on", "ends_on", "responsible", "note", "reasons", "plan_item"),
    )
    return list(schedule.rows.order_by("uid").values_list(*names))


def taken(schedule: Schedule, cast: Cast) -> Schedule:
    """Handed in by the head and taken by the deputy."""
    actions.submit_schedule(schedule=schedule, by=cast.head, seen=fresh(schedule).revision)
    approval.perform(schedule, Action.APPROVE, by=cast.deputy, seen=fresh(schedule).revision)
    return fresh(schedule)


def amended(schedule: Schedule, cast: Cast) -> Schedule:
    found = taken(schedule, cast)
    approval.perform(found, Action.AMEND, by=cast.head, seen=found.revision)
    return fresh(found)


# Starting -----------------------------------------------------------------------------------------------------------


def test_a_schedule_starts_with_the_rows_proposed(cast: Cast) -> None:
    proposed = [
        suggestion(cast.teacher, "Баалоо", hours=Decimal(24), month=10, provider_text="РКЖИ", block="compulsory"),
        suggestion(cast.peer),
    ]
    made = actions.start_schedule(
        by=cast.head,
        institution=cast.school,
        association=cast.association,
        year=next_school_year(),
        proposed=proposed,
    )
    first, second = made.rows.order_by("pk")
    assert proposed[0].planned
    assert (made.kind, made.state, made.school_year) == ("association_schedule", "draft", next_school_year())
    assert (first.title, first.hours, first.proposed_month, first.block) == ("Баалоо", 24, 10, "compulsory")
    assert (first.plan_item, first.association, first.employment) == (
        proposed[0].planned.uid,
        cast.association,
        job_of(cast.teacher),
    )
    assert (second.title, second.plan_item, second.reasons) == ("", None, [{"code": "never_trained"}])


def test_an_office_starts_one_schedule_a_year(cast: Cast) -> None:
    started = {"by": cast.deputy, "institution": cast.school, "year": next_school_year()}
    actions.start_schedule(**started)
    with pytest.raises(Refused):
        actions.start_schedule(**started | {"by": cast.director})
    actions.start_schedule(**started | {"year": next_school_year() - 1})
    assert Schedule.objects.count() == 2


@pytest.mark.parametrize("who", ["teacher", "deputy", "other_head", "officer", "stranger"])
def test_nobody_but_its_head_starts_the_schedule_of_an_association(who: str, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.start_schedule(
            by=getattr(cast, who), institution=cast.school, association=cast.association, year=next_school_year()
        )
    assert not Schedule.objects.exists()


# Rows ---------------------------------------------------------------------------------------------------------------


def test_a_course_that_a_teacher_has_already_is_not_added_twice(schedule: Schedule, cast: Cast) -> None:
    proposed = [suggestion(cast.teacher, "баалоо"), suggestion(cast.peer, "Баалоо"), suggestion(cast.peer, "БААЛОО")]
    assert actions.add_rows(schedule=schedule, by=cast.head, proposed=proposed) == 1
    assert schedule.rows.filter(employment=job_of(cast.peer), title_key="баалоо").count() == 1
    assert fresh(schedule).revision == schedule.revision + 1


def test_adding_thirty_rows_needs_no_more_queries_than_adding_one(schedule: Schedule, cast: Cast) -> None:
    def adding(proposed: list[Suggestion]) -> int:
        with CaptureQueriesContext(connection) as captured:
            actions.add_rows(schedule=schedule, by=again(cast.head), proposed=proposed)
        return len(captured)

    again = factories.again
    assert adding([suggestion(cast.teacher, "Бир")]) == adding([suggestion(cast.peer, f"{n}") for n in range(30)])


def test_a_typed_row_says_that_it_was_added(schedule: Schedule, cast: Cast) -> None:
    row = actions.add_row(schedule=schedule, by=cast.head, employment=job_of(cast.head), columns=COURSE)
    row.refresh_from_db()
    assert (row.reasons, row.title, row.association) == ([{"code": "added"}], COURSE["title"], cast.association)
    with pytest.raises(Refused):
        actions.add_row(schedule=schedule, by=cast.head, employment=job_of(cast.head), columns=COURSE)


def test_a_saved_row_takes_what_was_typed_and_a_new_revision(schedule: Schedule, cast: Cast) -> None:
    row = schedule.rows.get(title="Баалоо")
    assert actions.save_row(row=row, by=cast.head, seen=1, columns=COURSE) == 2
    row.refresh_from_db()
    assert (row.title, row.title_key, row.hours, row.proposed_month) == (
        "Критериалдуу баалоо",
        "критериалдуу баалоо",
        24,
        11,
    )
    assert (row.revision, row.changed_by) == (2, cast.head.person)
    assert fresh(schedule).revision == schedule.revision + 1


def test_a_row_saved_or_removed_elsewhere_is_told_with_the_name(schedule: Schedule, cast: Cast) -> None:
    row = schedule.rows.get(title="Баалоо")
    actions.save_row(row=row, by=cast.head, seen=1, columns=COURSE)
    before = written(schedule)
    with pytest.raises(ChangedMeanwhile, match="Бекмуратова"):
        actions.save_row(row=row, by=cast.head, seen=1, columns=COURSE | {"note": "жаңы"})
    with pytest.raises(ChangedMeanwhile):
        actions.remove_row(row=row, by=cast.head, seen=1)
    assert written(schedule) == before
    actions.remove_row(row=row, by=cast.head, seen=2)
    with pytest.raises(ChangedMeanwhile):
        actions.save_row(row=row, by=cast.head, seen=2, columns=COURSE)
    assert schedule.rows.count() == 1


def test_two_rows_of_a_teacher_never_become_one_course(schedule: Schedule, cast: Cast) -> None:
    other = ScheduleEntryFactory.create(schedule=schedule, employment=job_of(cast.teacher), title="Инклюзия")
    with pytest.raises(Refused):
        actions.save_row(row=other, by=cast.head, seen=1, columns={"title": " БААЛОО"})
    other.refresh_from_db()
    assert (other.title, other.revision) == ("Инклюзия", 1)


def test_months_of_many_rows_are_set_at_once(schedule: Schedule, cast: Cast) -> None:
    one, other = schedule.rows.order_by("pk")
    months = {one.uid: 2, other.uid: None}
    assert actions.propose_months(schedule=schedule, by=cast.head, seen=1, months=months) == 2
    assert list(schedule.rows.order_by("pk").values_list("proposed_month", "revision")) == [(2, 2), (None, 2)]
    with pytest.raises(ChangedMeanwhile):
        actions.propose_months(schedule=schedule, by=cast.head, seen=1, months={one.uid: 3})
    assert list(schedule.rows.order_by("pk").values_list("proposed_month", flat=True)) == [2, None]


@pytest.mark.parametrize("who", ["teacher", "deputy", "director", "other_head", "officer"])
def test_nobody_else_writes_the_rows_of_an_association(who: str, schedule: Schedule, cast: Cast) -> None:
    by, row = getattr(cast, who), schedule.rows.first()
    assert row
    for write in (
        lambda: actions.add_rows(schedule=schedule, by=by, proposed=[]),
        lambda: actions.add_row(schedule=schedule, by=by, employment=row.employment, columns=COURSE),
        lambda: actions.save_row(row=row, by=by, seen=1, columns=COURSE),
        lambda: actions.remove_row(row=row, by=by, seen=1),
        lambda: actions.propose_months(schedule=schedule, by=by, seen=1, months={row.uid: 3}),
        lambda: actions.submit_schedule(schedule=schedule, by=by, seen=1),
    ):
        before = written(schedule)
        with pytest.raises(PermissionDenied):
            write()
        assert (written(schedule), fresh(schedule).revision) == (before, 1)


# Handing in, closing, changing --------------------------------------------------------------------------------------


def test_a_schedule_is_handed_in_once_however_often_it_is_sent(schedule: Schedule, cast: Cast) -> None:
    actions.submit_schedule(schedule=schedule, by=cast.head, seen=1)
    for _again in range(2):
        with pytest.raises(ChangedMeanwhile):
            actions.submit_schedule(schedule=schedule, by=cast.head, seen=1)
    found = fresh(schedule)
    assert (found.state, found.awaiting_role, found.versions.count()) == (State.SUBMITTED, "deputy_director", 1)
    assert [decision.action for decision in decisions_of(found)] == ["submit"]
    assert found.current_version
    assert found.current_version.content["rows"] == 2


def test_a_row_saved_meanwhile_keeps_the_schedule_from_being_handed_in(schedule: Schedule, cast: Cast) -> None:
    actions.save_row(row=schedule.rows.get(title="Баалоо"), by=cast.head, seen=1, columns=COURSE)
    with pytest.raises(ChangedMeanwhile):
        actions.submit_schedule(schedule=schedule, by=cast.head, seen=1)
    assert not fresh(schedule).versions.exists()


def test_an_empty_schedule_is_not_handed_in(cast: Cast) -> None:
    empty = factories.association_schedule(cast.association, by=cast.head)
    with pytest.raises(Refused):
        actions.submit_schedule(schedule=empty, by=cast.head, seen=1)
    assert fresh(empty).state == State.DRAFT


def test_a_school_closes_only_what_is_complete_and_sends_it_once(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    row = ScheduleEntryFactory.create(schedule=schedule, employment=job_of(cast.director))
    with pytest.raises(Refused):
        actions.close_schedule(schedule=schedule, by=cast.deputy, seen=1)
    term = {"starts_on": schedule.starts_on, "ends_on": schedule.starts_on}
    actions.save_row(row=row, by=cast.deputy, seen=1, columns=term)
    actions.close_schedule(schedule=schedule, by=cast.deputy, seen=2)
    closed = fresh(schedule)
    approval.perform(closed, Action.SEND, by=cast.deputy, seen=closed.revision)
    with pytest.raises(ChangedMeanwhile):
        approval.perform(closed, Action.SEND, by=cast.deputy, seen=closed.revision)
    assert [decision.action for decision in decisions_of(closed)] == ["close", "send"]
    assert fresh(schedule).versions.count() == 1


def test_a_change_begins_with_the_rows_there_and_must_differ(schedule: Schedule, cast: Cast) -> None:
    before = written(schedule)
    found = amended(schedule, cast)
    assert (found.state, written(found)) == (State.DRAFT, before)
    with pytest.raises(Refused):
        actions.submit_schedule(schedule=found, by=cast.head, seen=found.revision)
    actions.save_row(row=schedule.rows.get(title="Баалоо"), by=cast.head, seen=1, columns=COURSE)
    found = fresh(found)
    actions.submit_schedule(schedule=found, by=cast.head, seen=found.revision, change_note=" Курс алмашты ")
    found = fresh(found)
    assert found.current_version
    assert found.in_force
    assert (found.current_version.number, found.in_force.number) == (2, 1)
    assert (found.change_note, found.current_version.content["change_note"]) == ("Курс алмашты", "Курс алмашты")


def test_giving_up_a_change_brings_back_every_row_as_it_stood(schedule: Schedule, cast: Cast) -> None:
    offering = factories.OfferingFactory.create(district=cast.district, entered_by=cast.officer.person)
    schedule.rows.filter(title="Баалоо").update(offering=offering, note="Тактоо")
    before = written(schedule)
    found = amended(schedule, cast)
    changed, removed = found.rows.get(title="Баалоо"), found.rows.get(title="Инклюзия")
    actions.save_row(row=changed, by=cast.head, seen=1, columns=COURSE | {"offering": None, "note": ""})
    actions.remove_row(row=removed, by=cast.head, seen=1)
    actions.add_row(schedule=found, by=cast.head, employment=job_of(cast.head), columns=COURSE)
    found = fresh(found)
    actions.discard_change(schedule=found, by=cast.head, seen=found.revision)
    assert fresh(found).state == State.APPROVED
    assert written(found) == before
    assert ScheduleEntry.objects.get(uid=changed.uid).revision > 2, "a form opened before is stale"
