"""What is read for the clashes of a schedule: the right rows, in a fixed number of queries."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from courses.choices import Clash, PeriodKind
from courses.models import AwayLimit, CalendarPeriod, HoursPolicy
from courses.schedules.clashes import Limit, Pair, Place, Spell, clashes
from courses.schedules.content import content_of
from courses.schedules.school_table import rows_of
from courses.schedules.surroundings import stays_from, stays_in, surroundings_of
from cpd.dates import Period, add_years, school_year, today
from schools.choices import LeaveKind
from schools.models import Employment, Leave, Mentorship
from tests import factories
from tests.factories import ScheduleEntryFactory, job_of, next_school_year

pytestmark = pytest.mark.django_db
YEAR = next_school_year()
FIRST, LAST = school_year(YEAR).starts_on, school_year(YEAR).ends_on
AUTUMN = Period(dt.date(YEAR, 11, 2), dt.date(YEAR, 11, 8))
COURSE = Period(dt.date(YEAR, 10, 5), dt.date(YEAR, 10, 16))


def spell(days: Period = AUTUMN, kind: str = PeriodKind.LEAVE, **columns) -> CalendarPeriod:
    return CalendarPeriod.objects.create(kind=kind, starts_on=days.starts_on, ends_on=days.ends_on, **columns)


def row(schedule, user, days: Period | None = COURSE, **columns):
    term = {"starts_on": days.starts_on, "ends_on": days.ends_on} if days else {}
    return ScheduleEntryFactory.create(schedule=schedule, employment=job_of(user), **term | columns)


@pytest.fixture
def schedule(cast):
    return factories.school_schedule(cast.school, by=cast.deputy)


# What surrounds the courses ---------------------------------------------------------------------------------------


def test_a_school_knows_its_own_periods_its_district_s_and_the_country_s(cast):
    spell(institution=cast.school)
    spell(kind=PeriodKind.EXAMS, district=cast.district)
    spell()
    spell(institution=cast.school, employment=job_of(cast.teacher))
    around = surroundings_of(cast.school, YEAR)
    assert around.exams == (Spell(AUTUMN),)
    assert Counter(around.leaves) == {Spell(AUTUMN): 2, Spell(AUTUMN, job_of(cast.teacher).pk): 1}


def test_long_leave_counts_as_the_teacher_s_leave_on_its_days_of_the_year(cast):
    by, job = {"entered_by": cast.clerk.person}, job_of(cast.teacher)
    Leave.objects.create(employment=job, kind=LeaveKind.STUDY, starts_on=COURSE.ends_on, **by)
    Leave.objects.create(
        employment=job_of(cast.peer), kind=LeaveKind.STUDY, starts_on=factories.LONG_AGO, ends_on=FIRST, **by
    )
    over = {"starts_on": factories.LONG_AGO, "ends_on": FIRST - dt.timedelta(1)}
    Leave.objects.create(employment=job_of(cast.head), kind=LeaveKind.STUDY, **over, **by)
    Leave.objects.create(employment=job_of(cast.stranger), kind=LeaveKind.STUDY, starts_on=FIRST, **by)
    assert set(surroundings_of(cast.school, YEAR).leaves) == {
        Spell(Period(COURSE.ends_on, dt.date.max), job.pk),
        Spell(Period(factories.LONG_AGO, FIRST), job_of(cast.peer).pk),
    }


def test_a_course_in_the_teacher_s_long_leave_is_warned_of(schedule, cast):
    Leave.objects.create(
        employment=job_of(cast.teacher), kind=LeaveKind.STUDY, starts_on=COURSE.ends_on, entered_by=cast.clerk.person
    )
    mine, other = row(schedule, cast.teacher), row(schedule, cast.peer)
    found = clashes(stays_from(rows_of(schedule)), surroundings_of(cast.school, YEAR))
    assert [one.on for one in found[str(mine.uid)] if one.code == Clash.LEAVE] == [
        Period(COURSE.ends_on, COURSE.ends_on)
    ]
    assert not [one for one in found.get(str(other.uid), ()) if one.code == Clash.LEAVE]


def test_a_school_does_not_know_the_periods_of_others(cast):
    spell(institution=cast.other_school)
    spell(district=cast.other_district)
    around = surroundings_of(cast.school, YEAR)
    assert (around.exams, around.leaves) == ((), ())


@pytest.mark.parametrize(
    ("days", "is_known"),
    [
        (Period(FIRST - dt.timedelta(9), FIRST), True),
        (Period(LAST, LAST + dt.timedelta(9)), True),
        (Period(FIRST - dt.timedelta(9), FIRST - dt.timedelta(1)), False),
        (Period(LAST + dt.timedelta(1), LAST + dt.timedelta(9)), False),
    ],
)
def test_only_what_lies_in_the_school_year_is_read(days, is_known, cast):
    spell(days, institution=cast.school)
    assert surroundings_of(cast.school, YEAR).leaves == ((Spell(days),) if is_known else ())


def test_mentorships_of_the_school_in_that_year_are_pairs(cast):
    made = {"mentor": cast.teacher.person, "mentee": cast.peer.person}
    Mentorship.objects.create(institution=cast.school, **made, starts_on=today())
    Mentorship.objects.create(institution=cast.school, **made, starts_on=factories.LONG_AGO, ends_on=today())
    Mentorship.objects.create(institution=cast.other_school, **made, starts_on=today())
    assert surroundings_of(cast.school, YEAR).pairs == (
        Pair(cast.teacher.person_id, cast.peer.person_id, Period(today(), dt.date.max)),
    )


def test_the_school_s_own_limit_goes_before_the_district_s_and_the_country_s(cast):
    for percent, place in ((30, {}), (20, {"district": cast.district}), (10, {"institution": cast.school})):
        AwayLimit.objects.create(percent=percent, starts_on=today(), **place)
    AwayLimit.objects.create(percent=1, starts_on=today(), institution=cast.other_school)
    ever_since = Period(today(), dt.date.max)
    assert surroundings_of(cast.school, YEAR).limits == tuple(Limit(p, ever_since) for p in (10, 20, 30))


def test_a_limit_that_ended_before_the_year_is_not_read(cast):
    AwayLimit.objects.create(percent=5, starts_on=factories.LONG_AGO, ends_on=FIRST - dt.timedelta(1))
    assert surroundings_of(cast.school, YEAR).limits == ()


def test_teachers_are_people_who_teach_at_the_school_now(cast):
    AwayLimit.objects.create(percent=5, starts_on=today())
    teaching = Employment.objects.on(today()).filter(institution=cast.school)
    teaching.filter(person=cast.clerk.person).update(is_teaching=False)
    factories.EmploymentFactory(institution=cast.school, ends_on=today() - dt.timedelta(1), is_main=False)
    assert surroundings_of(cast.school, YEAR).teachers == teaching.count() - 1 == 8


def test_places_given_to_people_of_the_school_are_read_wherever_else_they_work(cast):
    offering = factories.OfferingFactory(district=cast.district, entered_by=cast.officer.person)
    elsewhere = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.far_school, is_main=False)
    for job in (elsewhere, job_of(cast.stranger)):
        factories.SeatFactory(offering=offering, employment=job, given_by=cast.officer.person)
    assert surroundings_of(cast.school, YEAR).places == (
        Place(cast.teacher.person_id, offering.pk, offering.title, Period(offering.starts_on, offering.ends_on)),
    )


def test_a_place_that_is_no_longer_one_is_not_read(cast):
    by = {"given_by": cast.officer.person, "employment": job_of(cast.teacher)}
    now = factories.LONG_AGO
    courses = factories.OfferingFactory.create_batch(4, district=cast.district, entered_by=cast.officer.person)
    taken_back, missed, cancelled, long_ago = courses
    factories.SeatFactory(
        offering=taken_back,
        taken_back_by=cast.officer.person,
        taken_back_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        taken_back_reason="Оорулуу",
        **by,
    )
    factories.SeatFactory(
        offering=missed,
        attended=False,
        attended_by=cast.deputy.person,
        attended_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        **by,
    )
    for one in (cancelled, long_ago):
        factories.SeatFactory(offering=one, **by)
    type(cancelled).objects.filter(pk=cancelled.pk).update(
        cancelled_by=cast.officer.person, cancelled_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), cancel_reason="Жок"
    )
    type(long_ago).objects.filter(pk=long_ago.pk).update(starts_on=now, ends_on=now)
    assert surroundings_of(cast.school, YEAR).places == ()


# The rows of a schedule -------------------------------------------------------------------------------------------


def test_a_row_with_a_fixed_term_is_a_stay(schedule, cast):
    biology = factories.SubjectFactory()
    job_of(cast.teacher).subjects.add(biology)
    entry = row(schedule, cast.teacher, association=cast.association, title="STEM")
    row(schedule, cast.peer, days=None)
    [stay] = stays_from(rows_of(schedule))
    assert (stay.uid, stay.employment, stay.person) == (
        str(entry.uid), job_of(cast.teacher).pk, cast.teacher.person_id,
    )  # fmt: skip
    assert (stay.name, stay.title, stay.offering) == (cast.teacher.person.short_name, "STEM", None)
    assert (stay.subjects, stay.association) == (frozenset([biology.pk]), cast.association.pk)
    assert stay.days == COURSE


def due_after(schedule) -> dt.date | None:
    [stay] = stays_from(rows_of(schedule))
    return stay.due


def rule(**columns) -> HoursPolicy:
    """The rule for schools, changed."""
    found = HoursPolicy.objects.get(code="SCHOOL_72_5Y")
    HoursPolicy.objects.filter(pk=found.pk).update(**columns)
    found.refresh_from_db()
    return found


def test_the_due_date_is_the_day_on_which_the_hours_run_out(schedule, cast):
    policy = rule(frequency_years=None)
    ended = today() - dt.timedelta(100)
    factories.training_record(cast.teacher, ends_on=ended, amount=policy.required_hours, status="verified")
    row(schedule, cast.teacher)
    assert due_after(schedule) == max(
        add_years(ended, policy.years), add_years(job_of(cast.teacher).starts_on, policy.years)
    )


def test_whoever_has_the_hours_of_the_plan_owes_nothing_when_it_ends(schedule, cast):
    policy = rule(frequency_years=None)
    plan = factories.approved(cast.plan)
    row(schedule, cast.teacher)
    assert due_after(schedule) == plan.ends_on
    factories.training_record(
        cast.teacher, ends_on=today() - dt.timedelta(1), amount=policy.required_hours, status="verified"
    )
    assert due_after(schedule) is None


def test_of_two_due_dates_the_first_is_warned_of(schedule, cast):
    """Once in so many years the teacher was to learn something; the plan runs longer."""
    plan = factories.approved(cast.plan)
    row(schedule, cast.teacher)
    first = add_years(job_of(cast.teacher).starts_on, rule().frequency_years)
    assert first < plan.ends_on
    assert due_after(schedule) == first


@pytest.mark.parametrize("year", [YEAR - 1, YEAR, YEAR + 1])
def test_due_dates_are_warned_of_from_today_or_the_beginning_of_the_year(year, cast):
    """Whoever is overdue is told so beside the row; a year that runs already still warns of all its own days."""
    assert surroundings_of(cast.school, year).due_since == min(today(), school_year(year).starts_on)


def test_who_is_overdue_today_is_not_warned_of_at_every_term(schedule, cast):
    row(schedule, cast.teacher)
    [late] = stays_from(rows_of(schedule))
    around = surroundings_of(cast.school, YEAR)
    for due, is_told in ((today() - dt.timedelta(1), False), (today(), True), (COURSE.starts_on, True)):
        assert bool(clashes([replace(late, due=due)], around)) == is_told, due


def test_of_a_frozen_version_the_names_it_holds_are_shown(schedule, cast):
    biology = factories.SubjectFactory()
    job_of(cast.teacher).subjects.add(biology)
    entry = row(schedule, cast.teacher, title="STEM")
    row(schedule, cast.peer, days=None)
    content = content_of(schedule)
    cast.teacher.person.family_name = "Башкача"
    cast.teacher.person.save()
    entry.delete()
    [stay] = stays_in(content)
    assert (stay.uid, stay.days, stay.title) == (str(entry.uid), COURSE, "STEM")
    assert (stay.person, stay.employment) == (cast.teacher.person_id, job_of(cast.teacher).pk)
    assert (stay.subjects, stay.association) == (frozenset([biology.pk]), cast.association.pk)
    assert "Башкача" not in stay.name


def test_a_version_is_read_even_where_an_employment_is_gone(schedule):
    content = factories.schedule_content(schedule, rows=1)
    content["groups"][0]["rows"][0]["employment"] = 10**6
    [first] = stays_in(content)
    assert (first.name, first.subjects, first.association) == ("Сыноочу1 Элмира", frozenset(), None)


def test_all_comes_together_in_the_warnings_of_a_row(schedule, cast):
    biology = factories.SubjectFactory()
    for user in (cast.teacher, cast.peer):
        job_of(user).subjects.add(biology)
    one, other = row(schedule, cast.teacher), row(schedule, cast.peer)
    spell(COURSE, PeriodKind.EXAMS, district=cast.district)
    spell(COURSE, institution=cast.school, employment=job_of(cast.teacher))
    Mentorship.objects.create(institution=cast.school, mentor=cast.teacher.person, mentee=cast.peer.person)
    AwayLimit.objects.create(percent=10, institution=cast.school, starts_on=today())
    found = clashes(stays_from(rows_of(schedule)), surroundings_of(cast.school, YEAR))
    expected = [Clash.SAME_SUBJECT, Clash.MENTOR_WITH_MENTEE, Clash.LEAVE, Clash.EXAMS]
    assert [warning.code for warning in found[str(one.uid)]] == [*expected, Clash.TOO_MANY_AWAY]
    assert found[str(one.uid)][0].names == (cast.peer.person.short_name,)
    assert Clash.LEAVE not in [warning.code for warning in found[str(other.uid)]]


def crowd(schedule, cast, count: int) -> None:
    subject = factories.SubjectFactory()
    for number, job in enumerate(factories.EmploymentFactory.create_batch(count, institution=cast.school)):
        job.subjects.add(subject)
        ScheduleEntryFactory(
            schedule=schedule, employment=job, starts_on=COURSE.starts_on, ends_on=COURSE.ends_on, hours=Decimal(8)
        )
        spell(institution=cast.school, employment=job)
        Mentorship.objects.create(institution=cast.school, mentor=cast.peer.person, mentee=job.person)
        since = factories.LONG_AGO + dt.timedelta(number)
        AwayLimit.objects.create(percent=10, institution=cast.school, starts_on=since)


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_are_as_many_for_one_row_as_for_thirty(count, schedule, cast, django_assert_num_queries):
    crowd(schedule, cast, count)
    with django_assert_num_queries(4):
        surroundings_of(cast.school, YEAR)
    rows = list(rows_of(schedule))
    with django_assert_num_queries(2):
        assert len(stays_from(rows)) == count
    content = content_of(schedule)
    with django_assert_num_queries(2):
        assert len(stays_in(content)) == count
