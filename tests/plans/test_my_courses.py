"""My courses: planned, place confirmed, attended and certificate are four facts, kept apart."""

import datetime as dt

import pytest
from django.test import Client

from courses.choices import RecordStatus
from courses.models import Seat
from courses.schedules.content import content_of
from cpd.dates import today
from plans.models import Fulfilment
from plans.my_courses import MyCourse, my_courses
from schools import approval
from schools.choices import Action
from tests import factories
from tests.conftest import Cast
from tests.factories import OfferingFactory, ScheduleEntryFactory, SeatFactory

pytestmark = pytest.mark.django_db
TITLE = "Критериалдуу баалоо"


def planned(cast: Cast, *, title: str = TITLE) -> str:
    """The teacher's plan in force holds one course for the next school year; returns the uid of the item."""
    plan = factories.individual_plan(cast.teacher)
    row = factories.plan_row(plan, programme_title=title, school_year=factories.next_school_year(), month=10)
    factories.approved(factories.complete(plan, rows=[row]))
    return str(row["uid"])


def scheduled(cast: Cast, *, plan_item: str | None = None, title: str = TITLE, close: bool = True) -> None:
    """A row of the school's schedule for the teacher, closed unless said otherwise."""
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    year = factories.next_school_year()
    ScheduleEntryFactory(
        schedule=schedule,
        employment=factories.job_of(cast.teacher),
        title=title,
        plan_item=plan_item,
        starts_on=dt.date(year, 10, 5),
        ends_on=dt.date(year, 10, 16),
    )
    if close:
        approval.perform(schedule, Action.CLOSE, by=cast.deputy, seen=schedule.revision, content=content_of(schedule))


def seated(cast: Cast, *, title: str = TITLE) -> Seat:
    offering = OfferingFactory(district=cast.district, entered_by=cast.officer.person, title=title)
    return SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)


def only(cast: Cast) -> MyCourse:
    [course] = my_courses(cast.teacher, today())
    return course


def test_a_planned_course_has_no_place(cast: Cast) -> None:
    planned(cast)
    course = only(cast)
    assert (course.title, course.month, course.seat, course.was_attended) == (TITLE, 10, None, None)


def test_a_row_drafted_from_the_plan_is_the_same_course_though_its_title_was_changed(cast: Cast) -> None:
    scheduled(cast, plan_item=planned(cast), title="Баалоонун жаңы ыкмалары")
    course = only(cast)
    assert course.term is not None
    assert (course.title, course.starts_on) == ("Баалоонун жаңы ыкмалары", course.term.starts_on)


def test_a_working_copy_tells_nobody_anything(cast: Cast) -> None:
    scheduled(cast, close=False)
    assert my_courses(cast.teacher, today()) == []


def test_a_colleague_is_told_nothing_of_it(cast: Cast) -> None:
    scheduled(cast)
    seated(cast)
    assert my_courses(cast.colleague, today()) == []


def test_a_place_joins_the_row_of_the_same_course(cast: Cast) -> None:
    scheduled(cast)
    seat = seated(cast, title=TITLE.upper())
    course = only(cast)
    assert course.term is not None
    assert course.seat == seat
    assert course.was_attended is None


def test_a_place_for_another_course_stands_by_itself(cast: Cast) -> None:
    scheduled(cast)
    seated(cast, title="Инклюзивдик билим берүү")
    assert [course.seat is not None for course in my_courses(cast.teacher, today())] == [True, False]


def test_a_place_that_was_taken_back_is_no_place(cast: Cast) -> None:
    seat = seated(cast)
    Seat.objects.filter(pk=seat.pk).update(
        taken_back_at=seat.given_at, taken_back_by=cast.officer.person_id, taken_back_reason="Курс жылдырылды"
    )
    assert my_courses(cast.teacher, today()) == []


def test_attendance_is_what_the_list_says(cast: Cast) -> None:
    seat = seated(cast)
    Seat.objects.filter(pk=seat.pk).update(
        attended=False, attended_at=seat.given_at, attended_by=cast.officer.person_id
    )
    assert only(cast).was_attended is False


def test_the_certificate_is_the_record_of_the_planned_item(cast: Cast) -> None:
    uid = planned(cast)
    record = factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, title=TITLE)
    plan = cast.teacher.person.documents.get()
    Fulfilment.objects.create(plan=plan.individualplan, uid=uid, record=record, by=cast.teacher.person)
    course = only(cast)
    assert course.record == record
    assert course.was_attended is True


@pytest.mark.parametrize("status", [RecordStatus.DRAFT, RecordStatus.NOTED])
def test_what_was_never_handed_in_says_nothing_of_attendance(cast: Cast, status: str) -> None:
    assert MyCourse(title=TITLE, record=factories.training_record(cast.teacher, status=status)).was_attended is None


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_as_many_queries_for_many_courses(
    cast: Cast, client: Client, number: int, django_assert_max_num_queries
) -> None:
    for place in range(number):
        seated(cast, title=f"{TITLE} {place}")
    client.force_login(cast.teacher)
    with django_assert_max_num_queries(12):
        page = client.get("/my-courses/")
    assert page.content.decode().count("<h2") == number
