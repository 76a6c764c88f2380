"""The attendance list: who may mark it and when, the records it makes, and the provider's list out of Excel."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses import verification
from courses.actions import save_record, submit_record
from courses.choices import Block, DocumentType, HoursUnit, Precision, RecordAction, RecordStatus
from courses.invariants import attendance_makes_records
from courses.models import Offering, Seat, TrainingRecord
from courses.offerings.actions import cancel_offering, save_offering
from courses.offerings.attendance import Mark, Marked, mark_attendance
from courses.offerings.seats import take_back
from cpd.dates import school_year_of, today
from cpd.models import PendingImport
from plans import actions as plan_actions
from plans.attended import fulfil_planned
from plans.models import Fulfilment, IndividualPlan
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import DocumentKind
from schools.models import User
from tests import factories, workbooks
from tests.conftest import Cast, at_once, make_cast
from tests.factories import again, job_of

ATTENDED, ABSENT = Mark(True, None), Mark(False, None)
CROWD = 6


@pytest.fixture
def offering(cast: Cast) -> Offering:
    """Eight working days that ended yesterday."""
    return past_course(cast)


def past_course(cast: Cast, **columns: Any) -> Offering:
    ended = today() - dt.timedelta(days=1)
    wanted = {
        "title": "Критерийлик баалоо",
        "provider": factories.provider(title_ky="Сыноо институту"),
        "block": Block.VARIATIVE,
        "hours": Decimal("72.5"),
        "starts_on": ended - dt.timedelta(days=9),
        "ends_on": ended,
        "places": 40,
    }
    return factories.offering(cast, **wanted | columns)


def seat_of(offering: Offering, user: User, cast: Cast) -> Seat:
    return factories.seat(offering, user, by=cast.officer)


def mark(offering: Offering, by: User, marks: dict[Seat, Mark], **more: Any) -> int:
    keyed = {seat.pk: one for seat, one in marks.items()}
    return mark_attendance(offering=Offering.objects.get(pk=offering.pk), by=by, marks=keyed, **more).places


def only_record(user: User) -> TrainingRecord:
    return TrainingRecord.objects.get(person=user.person)


# What the list makes ----------------------------------------------------------------------------------------------


def test_attending_makes_the_teachers_own_draft_of_all_that_is_known(cast, offering):
    programme = factories.ProgrammeFactory.create()
    Offering.objects.update(programme=programme)
    seat = seat_of(offering, cast.teacher, cast)
    marked = mark(offering, cast.officer, {seat: Mark(True, None, "БЖ № 12", today())})
    record = only_record(cast.teacher)
    seat.refresh_from_db()
    assert marked == 1
    assert (seat.attended, seat.attended_by, seat.record) == (True, cast.officer.person, record)
    first, last = offering.starts_on, offering.ends_on
    assert (record.status, record.revision, record.institution) == (RecordStatus.DRAFT, 1, cast.school)
    assert (record.title, record.programme, record.kind) == (offering.title, programme, "course")
    assert (record.provider_text, record.provider) == ("Сыноо институту", offering.provider)
    assert record.date_text == f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"
    assert (record.starts_on, record.ends_on, record.precision) == (first, last, Precision.DAY)
    assert (record.hours_text, f"{record.amount}", record.unit) == ("72,5", "72.5", HoursUnit.HOUR)
    assert (record.block, record.file) == (Block.VARIATIVE, None)
    assert (record.document_type, record.document_number) == (DocumentType.CERTIFICATE, "БЖ № 12")
    assert (record.document_key, record.document_on) == ("бж12", today())
    assert record.title_key == "критерийлик баалоо"
    assert list(attendance_makes_records()) == []


def test_without_a_number_the_teacher_says_what_document_there_is(cast, offering):
    Offering.objects.update(block="", starts_on=offering.ends_on)
    mark(offering, cast.officer, {seat_of(offering, cast.teacher, cast): ATTENDED})
    record = only_record(cast.teacher)
    assert (record.document_type, record.document_number, record.document_on) == ("", "", None)
    assert record.date_text == f"{offering.ends_on:%d.%m.%Y}"


def test_the_teacher_only_adds_the_photo_and_hands_it_in(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: Mark(True, None, "12", today())})
    record = only_record(cast.teacher)
    file = factories.certificate(cast.teacher.person)
    saved = save_record(by=cast.teacher, record=record, seen=1, columns={}, file=file, submit=True)
    assert saved.status == RecordStatus.SUBMITTED
    verification.perform(saved, RecordAction.VERIFY, by=cast.deputy, seen=saved.revision)
    assert only_record(cast.teacher).status == RecordStatus.VERIFIED


def test_who_did_not_attend_gets_no_record(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ABSENT})
    seat.refresh_from_db()
    assert (seat.attended, seat.record) == (False, None)
    assert not TrainingRecord.objects.exists()


def test_the_list_sent_again_makes_nothing_twice(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    with pytest.raises(ChangedMeanwhile) as told:
        mark(offering, cast.officer, {seat: ATTENDED})
    assert cast.officer.person.full_name in told.value.message
    assert mark(offering, cast.officer, {seat: Mark(True, True)}) == 0
    assert TrainingRecord.objects.count() == 1


def test_records_are_made_of_the_course_as_it_is_held_and_not_as_it_was_read_before(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    changed = {"hours": Decimal(36), "title": "Сынчыл ойлом"}
    save_offering(by=cast.officer, district=cast.district, columns=changed, offering=offering, seen=offering.revision)
    mark_attendance(offering=offering, by=cast.officer, marks={seat.pk: ATTENDED})
    assert (only_record(cast.teacher).hours_text, only_record(cast.teacher).title) == ("36", "Сынчыл ойлом")


# Taking it back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [None, False])
def test_an_untouched_draft_goes_with_the_mark(said, cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    mark(offering, cast.officer, {seat: Mark(said, True)})
    seat.refresh_from_db()
    assert (seat.attended, seat.record) == (said, None)
    assert (seat.attended_by is None) == (said is None)
    assert not TrainingRecord.objects.exists()


def test_a_record_its_owner_has_worked_on_keeps_the_mark(cast, offering):
    seat, other = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.peer, cast)
    mark(offering, cast.officer, {seat: ATTENDED, other: ATTENDED})
    record = only_record(cast.teacher)
    save_record(by=cast.teacher, record=record, seen=1, columns={"comment": "Пайдалуу."}, file=None, submit=False)
    with pytest.raises(Refused):
        mark(offering, cast.officer, {seat: Mark(None, True), other: Mark(None, True)})
    assert Seat.objects.filter(attended=True).count() == TrainingRecord.objects.count() == 2


def test_a_record_that_was_handed_in_keeps_the_mark(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    submit_record(record=only_record(cast.teacher), by=cast.teacher, seen=1)
    with pytest.raises(Refused):
        mark(offering, cast.officer, {seat: Mark(False, True)})


def test_a_draft_its_owner_deleted_is_made_again_only_by_a_new_mark(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    only_record(cast.teacher).delete()
    mark(offering, cast.officer, {seat: Mark(False, True)})
    mark(offering, cast.officer, {seat: Mark(True, False)})
    assert only_record(cast.teacher).status == RecordStatus.DRAFT


# Who and when -----------------------------------------------------------------------------------------------------


def test_the_list_is_open_from_the_last_day_on(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    Offering.objects.update(ends_on=today() + dt.timedelta(days=1))
    with pytest.raises(Refused):
        mark(offering, cast.officer, {seat: ATTENDED})
    assert not TrainingRecord.objects.exists()
    Offering.objects.update(ends_on=today())
    assert mark(offering, cast.officer, {seat: ATTENDED}) == 1


def test_a_school_marks_its_own_people_only_and_nothing_by_halves(cast, offering):
    own, strange = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.stranger, cast)
    for user in (cast.deputy, cast.director, cast.clerk):
        with pytest.raises(PermissionDenied):
            mark(offering, user, {own: ATTENDED, strange: ATTENDED})
    for user in (cast.teacher, cast.head, cast.other_officer, cast.institute, cast.administrator):
        with pytest.raises(PermissionDenied):
            mark(offering, user, {own: ATTENDED})
    assert not Seat.objects.exclude(attended=None).exists()
    assert mark(offering, cast.clerk, {own: ATTENDED}) == 1


def test_a_place_taken_back_or_of_another_course_is_not_marked(cast, offering):
    seat, other = seat_of(offering, cast.teacher, cast), seat_of(past_course(cast, title="Башка"), cast.peer, cast)
    take_back(seat=seat, by=cast.officer, reason="Оорулуу.")
    for one in (seat, other):
        with pytest.raises(ChangedMeanwhile):
            mark(offering, cast.officer, {one: ATTENDED})


def test_a_place_without_a_name_is_not_marked(cast, offering):
    seat = factories.seat(offering, by=cast.officer, institution=cast.school, employment=None)
    with pytest.raises(ChangedMeanwhile):
        mark(offering, cast.officer, {seat: ATTENDED})


@pytest.mark.parametrize("said", [True, False])
def test_what_the_district_marked_only_the_district_changes(said, cast, offering):
    seat, other = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.peer, cast)
    mark(offering, cast.officer, {seat: Mark(said, None)})
    for user in (cast.clerk, cast.deputy, cast.director):
        for turned in (not said, None):
            with pytest.raises(Refused):
                mark(offering, user, {seat: Mark(turned, said), other: ATTENDED})
    assert list(Seat.objects.order_by("pk").values_list("attended", flat=True)) == [said, None]
    mark(offering, cast.officer, {seat: Mark(None, said)})
    assert mark(offering, cast.clerk, {seat: Mark(not said, None)}) == 1
    assert mark(offering, cast.clerk, {seat: Mark(said, not said)}) == 1
    assert mark(offering, cast.officer, {seat: Mark(not said, said)}) == 1
    with pytest.raises(Refused):
        mark(offering, cast.clerk, {seat: Mark(said, not said)})


# A document that comes after the mark -------------------------------------------------------------------------------


def bring(offering: Offering, by: User, marks: dict[Seat, Mark]) -> Marked:
    return mark_attendance(offering=offering, by=by, marks={seat.pk: one for seat, one in marks.items()})


def test_a_number_that_comes_after_the_mark_reaches_the_draft_nobody_touched(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.clerk, {seat: ATTENDED})
    came = bring(offering, cast.officer, {seat: Mark(True, True, "БЖ № 12")})
    assert came == Marked(0, 1, [])
    record = only_record(cast.teacher)
    assert (record.document_type, record.document_number, record.document_key) == ("certificate", "БЖ № 12", "бж12")
    assert (record.status, record.document_on) == (RecordStatus.DRAFT, None)
    assert bring(offering, cast.officer, {seat: Mark(True, True, "БЖ № 12")}) == Marked(0, 0, [])
    assert bring(offering, cast.officer, {seat: Mark(True, True, "", today())}) == Marked(0, 1, [])
    assert (only_record(cast.teacher).document_number, only_record(cast.teacher).document_on) == ("БЖ № 12", today())
    assert mark(offering, cast.officer, {seat: Mark(None, True)}) == 1
    assert not TrainingRecord.objects.exists()


def test_a_page_the_owner_has_open_does_not_wipe_out_the_number(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    opened = only_record(cast.teacher)
    bring(offering, cast.officer, {seat: Mark(True, True, "12")})
    columns = {"document_number": "", "comment": "Пайдалуу."}
    with pytest.raises(ChangedMeanwhile):
        save_record(by=cast.teacher, record=opened, seen=opened.revision, columns=columns, file=None, submit=False)
    assert only_record(cast.teacher).document_number == "12"


@pytest.mark.parametrize("change", ["saved", "handed in", "deleted"])
def test_a_record_that_is_its_owner_s_by_now_stays_as_it_is_and_is_named(change, cast, offering):
    seat, other = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.peer, cast)
    mark(offering, cast.officer, {seat: ATTENDED, other: ATTENDED})
    record = only_record(cast.teacher)
    if change == "saved":
        save_record(by=cast.teacher, record=record, seen=1, columns={"comment": "Ооба."}, file=None, submit=False)
    elif change == "handed in":
        submit_record(record=record, by=cast.teacher, seen=1)
    else:
        record.delete()
    came = bring(offering, cast.officer, {seat: Mark(True, True, "12"), other: Mark(True, True, "13")})
    assert came == Marked(0, 1, [seat])
    assert list(TrainingRecord.objects.exclude(document_number="").values_list("document_number", flat=True)) == ["13"]


# The plan ---------------------------------------------------------------------------------------------------------


def marked_with_plans(offering: Offering, by: User, marks: dict[Seat, Mark]) -> None:
    mark(offering, by, marks, made=partial(fulfil_planned, by=by))


def uids(plan: IndividualPlan) -> list[UUID]:
    assert plan.in_force
    return [UUID(row["uid"]) for row in plan.in_force.content["rows"]]


def test_the_planned_item_of_the_same_title_is_fulfilled_at_once(cast, offering):
    plan = factories.approved(cast.plan)
    seat = seat_of(offering, cast.teacher, cast)
    marked_with_plans(offering, cast.deputy, {seat: ATTENDED})
    link = Fulfilment.objects.get()
    assert (link.plan, link.uid, link.record, link.by) == (
        plan,
        uids(plan)[0],
        only_record(cast.teacher),
        cast.deputy.person,
    )
    marked_with_plans(offering, cast.deputy, {seat: Mark(None, True)})
    assert not Fulfilment.objects.exists()


def test_the_item_the_schedule_was_drafted_from_comes_before_one_of_the_same_title(cast, offering):
    plan = factories.approved(cast.plan)
    schedule = factories.school_schedule(cast.school, by=cast.deputy, year=school_year_of(offering.starts_on))
    factories.ScheduleEntryFactory.create(
        schedule=schedule,
        employment=job_of(cast.teacher),
        title=offering.title,
        plan_item=uids(plan)[1],
    )
    marked_with_plans(offering, cast.officer, {seat_of(offering, cast.teacher, cast): ATTENDED})
    assert Fulfilment.objects.get().uid == uids(plan)[1]


def test_of_two_items_of_the_title_that_of_the_courses_year_is_fulfilled(cast, offering):
    year = school_year_of(offering.starts_on)
    plan = cast.plan
    rows = [factories.plan_row(plan, school_year=one, programme_title=offering.title) for one in (year + 1, year)]
    plan = factories.approved(factories.complete(plan, rows=rows))
    marked_with_plans(offering, cast.officer, {seat_of(offering, cast.teacher, cast): ATTENDED})
    assert Fulfilment.objects.get().uid == rows[1]["uid"]
    assert plan.kind == DocumentKind.INDIVIDUAL_PLAN


def test_an_item_that_is_fulfilled_already_stays_as_it_is(cast, offering):
    plan = factories.approved(cast.plan)
    mine = factories.training_record(cast.teacher)
    plan_actions.fulfil_item(plan=plan, uid=uids(plan)[0], record=mine, by=cast.teacher)
    marked_with_plans(offering, cast.officer, {seat_of(offering, cast.teacher, cast): ATTENDED})
    assert Fulfilment.objects.get().record == mine


def test_without_a_plan_in_force_nothing_is_linked(cast, offering):
    factories.submitted(cast.plan)
    marked_with_plans(offering, cast.officer, {seat_of(offering, cast.teacher, cast): ATTENDED})
    assert not Fulfilment.objects.exists()
    assert TrainingRecord.objects.count() == 1


def test_marking_twenty_takes_as_many_queries_as_marking_one(cast):
    def marking(count: int) -> int:
        offering = past_course(cast, title=f"Курс {count}")
        seats = []
        for _ in range(count):
            job = factories.EmploymentFactory.create(institution=cast.school)
            seats.append(factories.seat(offering, by=cast.officer, employment=job))
        officer = again(cast.officer)
        marks = {seat.pk: ATTENDED for seat in seats}
        made = partial(fulfil_planned, by=officer)
        with CaptureQueriesContext(connection) as captured:
            mark_attendance(offering=offering, by=officer, marks=marks, made=made)
        return len(captured)

    assert marking(20) == marking(1)  # SQLite takes no more than so many records in one statement


@pytest.mark.django_db(transaction=True)
def test_of_six_who_mark_at_once_one_makes_the_record():
    cast = make_cast()
    offering = past_course(cast)
    seat = seat_of(offering, cast.teacher, cast)
    users = [again(user) for user in (cast.officer, cast.deputy, cast.clerk)] * (CROWD // 3)
    answers = at_once(*(partial(mark, offering, user, {seat: ATTENDED}) for user in users))
    assert Counter(isinstance(answer, Refused) for answer in answers) == {False: 1, True: CROWD - 1}
    assert TrainingRecord.objects.count() == 1
    assert list(attendance_makes_records()) == []


@pytest.mark.django_db(transaction=True)
def test_a_teacher_who_saves_while_the_mark_is_taken_back_loses_nothing_unawares():
    cast = make_cast()
    offering = past_course(cast)
    seat = seat_of(offering, cast.teacher, cast)
    for _round in range(4):
        mark(offering, cast.officer, {seat: ATTENDED})
        record, officer, teacher = only_record(cast.teacher), again(cast.officer), again(cast.teacher)
        columns = {"comment": "Пайдалуу."}
        saving = partial(save_record, by=teacher, record=record, seen=1, columns=columns, file=None, submit=False)
        unmarked, saved = at_once(partial(mark, offering, officer, {seat: Mark(None, True)}), saving)
        if isinstance(unmarked, Refused):
            assert only_record(cast.teacher).comment == "Пайдалуу."
            TrainingRecord.objects.all().delete()
            Seat.objects.update(attended=None, attended_by=None, attended_at=None, is_marked_by_district=False)
        else:
            assert (unmarked, type(saved)) == (1, ChangedMeanwhile)
            assert not TrainingRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_course_is_never_both_attended_and_cancelled():
    cast = make_cast()
    outcomes = set()
    for number in range(4):
        offering = past_course(cast, title=f"Курс {number}")
        seat = seat_of(offering, cast.teacher, cast)
        offering.refresh_from_db()
        officer, clerk = again(cast.officer), again(cast.clerk)
        cancelling = partial(
            cancel_offering, offering=offering, by=officer, seen=offering.revision, reason="Акча жок."
        )
        cancelled, marked = at_once(cancelling, partial(mark, offering, clerk, {seat: ATTENDED}))
        outcomes.add((type(cancelled).__name__, type(marked).__name__))
    assert outcomes <= {("NoneType", "Refused"), ("Refused", "int")}
    assert not Offering.objects.filter(seats__attended=True).exclude(cancelled_at=None).exists()


@pytest.mark.parametrize("write", ["cancel", "rewrite"])
def test_a_list_marked_just_before_the_course_is_held_is_seen(write, cast, offering):
    """The teeth of the race above, at its worst moment: whoever looks before holding the course misses the mark."""
    seat = seat_of(offering, cast.teacher, cast)
    offering.refresh_from_db()
    writes = {
        "cancel": partial(cancel_offering, offering=offering, reason="Акча жок."),
        "rewrite": partial(save_offering, offering=offering, district=cast.district, columns={"hours": Decimal(500)}),
    }
    waiting = [partial(mark, offering, cast.clerk, {seat: ATTENDED})]

    def just_before(execute: Any, sql: str, *more: Any) -> Any:
        if waiting and sql.startswith('UPDATE "courses_offering"'):
            waiting.pop()()
        return execute(sql, *more)

    with connection.execute_wrapper(just_before), pytest.raises(Refused):
        writes[write](by=cast.officer, seen=offering.revision)
    assert waiting == []


# The page ---------------------------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(user: User, url: str, **data: Any) -> Any:
    return signed_in(user).post(url, {"once": uuid4(), **data})


def address(offering: Offering) -> str:
    return reverse("attendance", args=[offering.pk])


def test_the_district_sees_everybody_and_a_school_its_own(cast, offering):
    for user in (cast.teacher, cast.stranger):
        seat_of(offering, user, cast)
    of_officer = signed_in(cast.officer).get(address(offering)).content.decode()
    of_clerk = signed_in(cast.clerk).get(address(offering)).content.decode()
    assert str(cast.teacher.person) in of_officer
    assert str(cast.stranger.person) in of_officer
    assert str(cast.teacher.person) in of_clerk
    assert str(cast.stranger.person) not in of_clerk
    assert reverse("attendance_import", args=[offering.pk]) in of_officer
    assert reverse("attendance_import", args=[offering.pk]) not in of_clerk


def test_the_list_is_marked_from_the_page_and_fulfils_the_plan(cast, offering):
    factories.approved(cast.plan)
    seat, absent = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.peer, cast)
    one, other = f"seat{seat.pk}", f"seat{absent.pk}"
    data = {f"{one}-attended": "yes", f"{one}-seen": "", f"{one}-number": "77", f"{one}-on": "05.01.2026"}
    data |= {f"{other}-attended": "no", f"{other}-seen": ""}
    answer = posted(cast.clerk, address(offering), **data)
    assert answer.headers["Location"] == address(offering)
    assert only_record(cast.teacher).document_number == "77"
    assert Fulfilment.objects.get().record == only_record(cast.teacher)
    assert Seat.objects.get(pk=absent.pk).attended is False


def test_a_day_that_is_none_comes_back_and_nothing_is_marked(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    one = f"seat{seat.pk}"
    data = {f"{one}-attended": "yes", f"{one}-seen": "", f"{one}-on": "31.02.2026"}
    answer = posted(cast.clerk, address(offering), **data)
    assert answer.status_code == 422
    assert "31.02.2026" in answer.content.decode()
    assert Seat.objects.get().attended is None


def test_before_the_last_day_the_page_says_when_it_opens(cast, offering):
    Offering.objects.update(ends_on=today() + dt.timedelta(days=1))
    seat_of(offering, cast.teacher, cast)
    answer = signed_in(cast.clerk).get(address(offering), follow=True)
    assert answer.redirect_chain == [(reverse("offering", args=[offering.pk]), 302)]
    assert f"{today() + dt.timedelta(days=1):%Y}" in answer.content.decode()


# The provider's list ----------------------------------------------------------------------------------------------

HEADINGS = ["№", "Аты-жөнү", "Катышты", "Документтин номери", "Берилген датасы"]


def upload(cast: Cast, offering: Offering, *rows: list[Any], headings: list[Any] = HEADINGS) -> Any:
    url = reverse("attendance_import", args=[offering.pk])
    file = SimpleUploadedFile("list.xlsx", workbooks.book(headings, *rows))
    return signed_in(cast.officer).post(url, {"file": file})


def problems(answer: Any) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in answer.context["problems"]]


def test_a_list_is_shown_first_and_then_taken_whole(cast, offering):
    factories.approved(cast.plan)
    for user in (cast.teacher, cast.peer, cast.stranger):
        seat_of(offering, user, cast)
    answer = upload(
        cast,
        offering,
        [1, cast.teacher.person.full_name.upper(), "Ооба", 4512, dt.date(2026, 1, 5)],
        [2, f"  {cast.peer.person.full_name} ", "жок", None, None],
    )
    pending = PendingImport.objects.get()
    check = reverse("attendance_import_check", args=[offering.pk, pending.pk])
    assert answer.headers["Location"] == check
    assert not Seat.objects.exclude(attended=None).exists()
    page = signed_in(cast.officer).get(check).content.decode()
    assert cast.teacher.person.full_name in page
    assert "4512" in page
    assert posted(cast.officer, check).headers["Location"] == address(offering)
    said = {seat.employment.person_id: seat.attended for seat in Seat.objects.select_related("employment")}
    assert said == {cast.teacher.person_id: True, cast.peer.person_id: False, cast.stranger.person_id: None}
    record = only_record(cast.teacher)
    assert (record.document_number, record.document_on) == ("4512", dt.date(2026, 1, 5))
    assert Fulfilment.objects.get().record == record
    assert not PendingImport.objects.exists()
    assert posted(cast.officer, check).status_code == 302
    assert TrainingRecord.objects.count() == 1


def test_the_same_list_again_changes_nothing(cast, offering):
    seat = seat_of(offering, cast.teacher, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    upload(cast, offering, [1, cast.teacher.person.full_name, "да", None, None])
    check = reverse("attendance_import_check", args=[offering.pk, PendingImport.objects.get().pk])
    assert signed_in(cast.officer).get(check).context["new"] == 0
    posted(cast.officer, check)
    assert TrainingRecord.objects.count() == 1


def test_a_later_list_brings_the_numbers_and_says_by_row_whose_record_it_does_not_reach(cast, offering):
    names = {}
    for user, number in ((cast.teacher, 4512), (cast.peer, 4513)):
        mark(offering, cast.officer, {seat_of(offering, user, cast): ATTENDED})
        names[user] = [1, user.person.full_name, "ооба", number, None]
    peers = only_record(cast.peer)
    save_record(by=cast.peer, record=peers, seen=1, columns={"comment": "Ооба."}, file=None, submit=False)
    upload(cast, offering, *names.values())
    check = reverse("attendance_import_check", args=[offering.pk, PendingImport.objects.get().pk])
    shown = signed_in(cast.officer).get(check)
    said = [(line.is_new, line.brings_a_document, line.reaches_the_record) for line in shown.context["lines"]]
    assert (shown.context["new"], said) == (1, [(False, True, True), (False, True, False)])
    answer = posted(cast.officer, check)
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert cast.peer.person.full_name in told[-1]
    assert cast.teacher.person.full_name not in told[-1]
    assert (only_record(cast.teacher).document_number, only_record(cast.peer).document_number) == ("4512", "")
    assert not PendingImport.objects.exists()


def test_a_school_reads_the_district_s_marks_as_words(cast, offering):
    seat, own = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.peer, cast)
    mark(offering, cast.officer, {seat: ATTENDED})
    of_clerk = signed_in(cast.clerk).get(address(offering)).content.decode()
    of_officer = signed_in(cast.officer).get(address(offering)).content.decode()
    assert f'name="seat{seat.pk}-attended"' not in of_clerk
    assert f'name="seat{own.pk}-attended"' in of_clerk
    assert f'name="seat{seat.pk}-attended"' in of_officer
    data = {f"seat{own.pk}-attended": "yes", f"seat{own.pk}-seen": ""}
    assert posted(cast.clerk, address(offering), **data).status_code == 302
    assert Seat.objects.filter(attended=True).count() == 2


def test_every_row_that_cannot_be_taken_is_named_and_nothing_is_kept(cast, offering):
    for user in (cast.teacher, cast.peer):
        seat_of(offering, user, cast)
    twin = factories.PersonFactory.create(
        **{name: getattr(cast.peer.person, name) for name in ("family_name", "given_name", "fathers_name")}
    )
    job = factories.EmploymentFactory.create(person=twin, institution=cast.other_school)
    factories.seat(offering, by=cast.officer, employment=job)
    name = cast.teacher.person.full_name
    answer = upload(
        cast,
        offering,
        [1, name, "ооба", None, None],
        [2, name, "ооба", None, None],
        [3, cast.stranger.person.full_name, "ооба", None, None],
        [4, cast.peer.person.full_name, "ооба", None, None],
        [5, cast.teacher.person.short_name, "ооба", None, None],
        [6, None, "ооба", None, None],
        [7, "Эч Ким", "балким", "1" * 61, "эртең"],
        [8, "Эч Ким Дагы", "ооба", None, today() + dt.timedelta(days=400)],
    )
    assert problems(answer) == [
        (3, "B", "double"),
        (4, "B", "unknown"),
        (5, "B", "unclear"),
        (6, "B", "nearly"),
        (7, "B", "missing"),
        (8, "B", "unknown"),
        (8, "C", "attended"),
        (8, "D", "too_long"),
        (8, "E", "day"),
        (9, "B", "unknown"),
        (9, "E", "future"),
    ]
    page = answer.content.decode()
    assert name in page
    assert not PendingImport.objects.exists()
    assert not TrainingRecord.objects.exists()


def test_a_list_of_names_alone_says_who_attended(cast, offering):
    seat_of(offering, cast.teacher, cast)
    upload(cast, offering, [cast.teacher.person.full_name], headings=["ФИО"])
    assert PendingImport.objects.get().rows[0]["attended"] is True


def test_a_formula_is_told_once(cast, offering):
    seat_of(offering, cast.teacher, cast)
    answer = upload(cast, offering, [1, cast.teacher.person.full_name, "=1+1", None, None])
    assert problems(answer) == [(2, "C", "formula")]


def test_nobody_else_takes_a_list_somebody_uploaded(cast, offering):
    seat_of(offering, cast.teacher, cast)
    upload(cast, offering, [1, cast.teacher.person.full_name, "ооба", None, None])
    check = reverse("attendance_import_check", args=[offering.pk, PendingImport.objects.get().pk])
    factories.RoleFactory.create(person=cast.peer.person, role="district_officer", district=cast.district)
    assert posted(cast.peer, check).headers["Location"] == address(offering)
    assert posted(cast.deputy, check).status_code == 403
    assert not TrainingRecord.objects.exists()


def test_a_place_that_changed_after_the_list_was_shown_keeps_all_of_it_out(cast, offering):
    seat, other = seat_of(offering, cast.teacher, cast), seat_of(offering, cast.peer, cast)
    rows = [[1, user.person.full_name, "ооба", None, None] for user in (cast.teacher, cast.peer)]
    upload(cast, offering, *rows)
    check = reverse("attendance_import_check", args=[offering.pk, PendingImport.objects.get().pk])
    mark(offering, cast.clerk, {other: ABSENT})
    posted(cast.officer, check)
    assert not TrainingRecord.objects.exists()
    seat.refresh_from_db()
    assert seat.attended is None
