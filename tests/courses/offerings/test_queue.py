"""The order of the queue for places (ADR 16), and the facts it is told."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from courses.choices import Need, RecordStatus
from courses.models import Offering
from courses.offerings.need import Elsewhere, Line, months_to, queue
from courses.offerings.queue import Candidate, Course, first_of_school, in_order, passed_over
from cpd.dates import Period, add_months, add_years, school_year, school_year_of, today
from schools.choices import Action, Role
from schools.models import Employment, RoleAssignment, User
from tests import factories
from tests.conftest import Cast
from tests.factories import OfferingFactory, SeatFactory, job_of

BIOLOGY, PHYSICS = 1, 2
COURSE = Course(key=7, subject=BIOLOGY, language="ky", is_for_leaders=False)
EQUAL = Candidate(
    employment=1,
    person=1,
    institution=1,
    subjects=frozenset([BIOLOGY]),
    language="ky",
    months=5,
    never_trained=False,
    shortfall=Decimal(10),
    last_ended_on=dt.date(2024, 5, 1),
    asked_for=False,
    is_leader=False,
    other_places=1,
    school_places=1,
)

# What makes somebody needier than EQUAL, the fact that decides first at the top.
NEEDIER: list[dict[str, Any]] = [
    {"asked_for": True},
    {"other_places": 0},
    {"months": -3},
    {"never_trained": True},
    {"shortfall": Decimal("10.5")},
    {"last_ended_on": dt.date(2020, 5, 1)},
    {"school_places": 0},
]
# What makes somebody stand behind EQUAL, whatever else.
LESS_FIT: list[dict[str, Any]] = [
    {"subjects": frozenset([PHYSICS])},
    {"subjects": frozenset()},
    {"language": ""},
    {"language": "ru"},
]


def other(person: int, **facts: Any) -> Candidate:
    return replace(EQUAL, employment=person, person=person, institution=person, **facts)


def line_of(candidates: list[Candidate], course: Course = COURSE) -> list[int]:
    return [one.candidate.person for one in in_order(candidates, course)]


def codes(candidate: Candidate, course: Course = COURSE) -> list[Need]:
    return [reason["code"] for reason in in_order([candidate], course)[0].reasons]


def some_candidate(chance: Random, person: int) -> Candidate:
    """Few values of each fact, so that most are equal in most of them."""
    last = chance.choice([None, dt.date(2020, 1, 1), dt.date(2024, 1, 1)])
    return other(
        person,
        subjects=frozenset(chance.sample([BIOLOGY, PHYSICS], chance.randrange(3))),
        language=chance.choice(["", "ky", "ru"]),
        months=chance.choice([None, -2, 0, 5]),
        never_trained=last is None,
        shortfall=chance.choice([None, Decimal(), Decimal(12)]),
        last_ended_on=last,
        asked_for=chance.random() < 0.5,
        is_leader=chance.random() < 0.5,
        is_named=chance.random() < 0.5,
        other_places=chance.randrange(3),
        school_places=chance.randrange(2),
    )


crowds = st.builds(
    lambda seed, size: [some_candidate(Random(seed + number), number) for number in range(size)],
    st.integers(0, 2**32),
    st.integers(2, 12),
)
courses = st.builds(
    Course, st.integers(1, 5), st.sampled_from([None, BIOLOGY]), st.sampled_from(["ky", "ru"]), st.booleans()
)


@given(crowds, courses)
def test_adding_somebody_never_turns_two_others_around(crowd, course):
    newcomer, *others = crowd
    with_newcomer = [person for person in line_of(crowd, course) if person != newcomer.person]
    assert with_newcomer == line_of(others, course)


@given(crowds, courses, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_given(crowd, course, chance):
    shuffled = list(crowd)
    chance.shuffle(shuffled)
    assert line_of(shuffled, course) == line_of(crowd, course)


@given(crowds, courses, st.sampled_from([{"is_named": True}, *NEEDIER]))
def test_who_is_needier_in_one_fact_and_equal_in_all_others_stands_before(crowd, course, facts):
    needier = replace(EQUAL, **facts)
    assert needier != EQUAL
    line = line_of([*crowd, replace(EQUAL, person=100, employment=100), replace(needier, person=200, employment=200)])
    assert line.index(200) < line.index(100)


@pytest.mark.parametrize("facts", LESS_FIT, ids=str)
def test_who_fits_less_stands_behind_however_needy(facts):
    needy = {name: value for more in NEEDIER for name, value in more.items()}
    assert line_of([other(2, **(needy | facts)), other(1)]) == [1, 2]


@pytest.mark.parametrize("place", range(1, len(NEEDIER)))
def test_a_fact_decides_before_all_facts_that_come_after_it(place):
    later = {name: value for more in NEEDIER[place:] for name, value in more.items()}
    assert line_of([other(2, **later), other(1, **NEEDIER[place - 1])]) == [1, 2]


@pytest.mark.parametrize("facts", LESS_FIT, ids=str)
def test_whose_need_the_request_names_stands_before_all_but_leaders_of_schools(facts):
    needy = {name: value for more in NEEDIER for name, value in more.items()}
    assert line_of([other(1, **needy), other(2, is_named=True, **facts)]) == [2, 1]
    crowd = [other(1, is_leader=True), other(2, is_named=True)]
    assert line_of(crowd, replace(COURSE, is_for_leaders=True)) == [1, 2]
    assert codes(other(1, is_named=True))[0] == Need.NAMED_NEED


def test_an_unknown_language_stands_between_the_right_one_and_another():
    assert line_of([other(1, language="uz"), other(2, language=""), other(3)]) == [3, 2, 1]


def test_who_is_longer_overdue_stands_first_and_who_has_no_date_last():
    dates = [other(1, months=None), other(2, months=0), other(3, months=-9), other(4, months=-1), other(5, months=40)]
    assert line_of(dates) == [3, 4, 2, 5, 1]


def test_who_holds_no_place_of_the_year_stands_before_whoever_is_longest_overdue():
    line = [other(1, months=-30, other_places=2), other(2, months=-20), other(3, months=30, other_places=0)]
    assert line_of(line) == [3, 2, 1]
    assert line_of([other(1, asked_for=True, other_places=5), other(2, other_places=0)]) == [1, 2]


def test_a_course_for_all_subjects_asks_for_none():
    course = replace(COURSE, subject=None)
    assert codes(other(1, subjects=frozenset()), course)[0] == Need.FITS_LANGUAGE
    assert line_of([other(1), other(2, subjects=frozenset(), months=0)], course) == [2, 1]


def test_leaders_stand_first_in_a_course_for_them_and_nowhere_else():
    crowd = [other(1, months=-5), other(2, is_leader=True)]
    assert line_of(crowd, replace(COURSE, is_for_leaders=True)) == [2, 1]
    assert line_of(crowd) == [1, 2]
    assert codes(crowd[0], replace(COURSE, is_for_leaders=True))[0] == Need.NOT_LEADER


def test_the_last_draw_is_another_one_for_each_course_and_no_alphabet():
    crowd = [other(person) for person in range(1, 30)]
    crowd = [replace(one, institution=1) for one in crowd]
    draws = {tuple(line_of(crowd, replace(COURSE, key=key))) for key in range(10)}
    assert len(draws) == 10
    assert tuple(range(1, 30)) not in draws
    assert line_of(crowd) == line_of(list(reversed(crowd)))


def test_of_two_jobs_of_one_person_the_one_that_fits_better_stands_in_line():
    jobs = [replace(EQUAL, employment=1, subjects=frozenset()), replace(EQUAL, employment=2)]
    assert [one.candidate.employment for one in in_order(jobs, COURSE)] == [2]


def test_reasons_name_each_fact_that_was_compared_and_is_known():
    needy = other(1, asked_for=True, months=-3, never_trained=True, last_ended_on=None, school_places=2)
    assert in_order([needy], COURSE)[0].reasons == (
        {"code": "fits_subject"},
        {"code": "fits_language"},
        {"code": "asked_for"},
        {"code": "other_places", "places": 1},
        {"code": "overdue", "months": 2},
        {"code": "never_trained"},
        {"code": "shortfall", "hours": "10"},
        {"code": "school_places", "places": 2},
    )
    content = other(2, subjects=frozenset(), language="ru", shortfall=Decimal(), other_places=0, school_places=0)
    assert in_order([content], COURSE)[0].reasons == (
        {"code": "other_subject"},
        {"code": "other_language"},
        {"code": "months_left", "months": 5},
        {"code": "last_course", "on": "2024-05-01"},
    )
    unknown = other(3, language="", months=None, shortfall=None)
    assert codes(unknown) == ["fits_subject", "language_unknown", "other_places", "last_course", "school_places"]


def test_the_order_holds_for_its_beginning_and_names_who_is_passed_over():
    ranked = in_order([other(person, months=person) for person in range(5)], COURSE)
    assert passed_over(ranked, {0, 1}) == []
    assert passed_over(ranked, set()) == []
    assert [one.candidate.person for one in passed_over(ranked, {0, 3})] == [1, 2]


def test_a_school_stands_in_line_by_its_first_people():
    crowd = [replace(other(person, months=person), institution=person % 2) for person in range(6)]
    assert [one.candidate.person for one in first_of_school(in_order(crowd, COURSE), 1, 2)] == [1, 3]


# The facts --------------------------------------------------------------------------------------------------------


def test_months_are_counted_whole_and_the_first_month_overdue_is_minus_one():
    on = dt.date(2026, 1, 31)
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 27), dt.date(2026, 2, 28), dt.date(2027, 1, 31)]
    assert [months_to(day, on) for day in days] == [0, 0, 1, 12]
    assert [months_to(day, on) for day in (dt.date(2026, 1, 30), dt.date(2025, 12, 31), dt.date(2025, 1, 31))] == [
        -1,
        -2,
        -13,
    ]


@pytest.fixture
def offering(cast: Cast) -> Offering:
    return OfferingFactory.create(district=cast.district, entered_by=cast.officer.person)


def line(offering: Offering) -> list[Line]:
    return queue(offering, today())


def found(offering: Offering, user: User) -> Line:
    [one] = [one for one in line(offering) if one.job.person_id == user.person_id]
    return one


def names(lines: list[Line]) -> set[str]:
    return {one.job.person.user.username for one in lines}


AT_A = {"teacher", "colleague", "peer", "head", "other_head", "deputy", "second_deputy", "director", "clerk"}
AT_B = {"stranger", "other_director"}


def test_all_teaching_posts_of_the_district_stand_in_line(cast, offering):
    Employment.objects.filter(person=cast.clerk.person).update(is_teaching=False)
    assert names(line(offering)) == AT_A - {"clerk"} | AT_B
    assert names(queue(offering, today(), cast.other_school)) == AT_B


def test_a_course_for_heads_of_schools_takes_their_posts_in_too(cast, offering):
    Employment.objects.filter(person__in=[cast.clerk.person, cast.director.person]).update(is_teaching=False)
    assert "director" not in names(line(offering))
    Offering.objects.update(is_for_leaders=True)
    offering.refresh_from_db()
    assert names(line(offering)) == AT_A - {"clerk"} | AT_B
    first = names(line(offering)[:4])
    assert first == {"deputy", "second_deputy", "director", "other_director"}
    RoleAssignment.objects.filter(role=Role.DIRECTOR).update(ends_on=today() - dt.timedelta(days=1))
    assert found(offering, cast.other_director).reasons[0] == {"code": "not_leader"}
    assert "director" not in names(line(offering))


def test_who_leaves_before_the_course_begins_is_not_in_line(cast, offering):
    Employment.objects.filter(person=cast.peer.person).update(ends_on=offering.starts_on - dt.timedelta(days=1))
    assert "peer" not in names(line(offering))
    Employment.objects.filter(person=cast.peer.person).update(ends_on=offering.starts_on)
    assert "peer" in names(line(offering))


def test_who_holds_a_place_is_not_in_line_and_the_school_is_counted(cast, offering):
    SeatFactory.create(offering=offering, employment=job_of(cast.peer), given_by=cast.officer.person)
    assert "peer" not in names(line(offering))
    assert {"code": "school_places", "places": 1} in found(offering, cast.teacher).reasons
    assert found(offering, cast.stranger).ranked.candidate.school_places == 0


def test_a_place_taken_back_or_in_another_course_keeps_nobody_out_of_line(cast, offering):
    job, officer = job_of(cast.peer), cast.officer.person
    SeatFactory.create(
        offering=offering,
        employment=job,
        given_by=officer,
        taken_back_by=officer,
        taken_back_at="2026-01-01T00:00Z",
        taken_back_reason="Оорулуу.",
    )
    later = OfferingFactory.create(
        district=cast.district,
        entered_by=officer,
        starts_on=offering.ends_on + dt.timedelta(days=1),
        ends_on=offering.ends_on + dt.timedelta(days=5),
    )
    SeatFactory.create(offering=later, employment=job, given_by=officer)
    assert found(offering, cast.peer).elsewhere == ()


def test_places_of_the_school_year_are_counted_wherever_they_were_given(cast, offering):
    year = school_year(school_year_of(offering.starts_on))

    def hold(starts_on: dt.date, *, is_cancelled: bool = False, **columns: Any) -> None:
        course = OfferingFactory.create(
            district=cast.other_district, entered_by=cast.officer.person, starts_on=starts_on, ends_on=starts_on
        )
        who = cast.officer.person
        SeatFactory.create(offering=course, employment=job_of(cast.peer), given_by=who, **columns)
        if is_cancelled:
            cancelled = {"cancelled_at": "2026-01-01T00:00Z", "cancelled_by": who, "cancel_reason": "Акча жок."}
            Offering.objects.filter(pk=course.pk).update(**cancelled)

    mark = {"attended_by": cast.officer.person, "attended_at": "2026-01-01T00:00Z"}
    back = {"taken_back_by": cast.officer.person, "taken_back_at": "2026-01-01T00:00Z", "taken_back_reason": "Ооруду."}
    day = dt.timedelta(days=1)
    hold(year.starts_on - day)
    hold(year.ends_on + day)
    hold(year.starts_on, attended=False, **mark)
    hold(year.starts_on, is_cancelled=True)
    hold(year.starts_on, **back)
    assert found(offering, cast.peer).ranked.candidate.other_places == 0
    hold(year.starts_on)
    hold(year.ends_on, attended=True, **mark)
    assert {"code": "other_places", "places": 2} in found(offering, cast.peer).reasons
    assert found(offering, cast.teacher).ranked.candidate.other_places == 0
    assert line(offering)[-1].job == job_of(cast.peer)


def test_who_holds_a_place_in_the_same_days_is_told_beside_the_line(cast, offering):
    other_course = OfferingFactory.create(
        district=cast.other_district,
        entered_by=cast.officer.person,
        starts_on=offering.ends_on,
        ends_on=offering.ends_on + dt.timedelta(days=5),
    )
    SeatFactory.create(offering=other_course, employment=job_of(cast.peer), given_by=cast.officer.person)
    days = Period(other_course.starts_on, other_course.ends_on)
    assert found(offering, cast.peer).elsewhere == (Elsewhere(other_course.title, days, is_place=True),)
    assert found(offering, cast.teacher).elsewhere == ()


def test_the_facts_of_a_teacher_are_those_of_the_hours_rule(cast, offering):
    job = job_of(cast.teacher)
    subject = factories.SubjectFactory.create()
    job.subjects.add(subject)
    Employment.objects.filter(pk=job.pk).update(teaching_language="ky")
    Offering.objects.update(subject=subject)
    offering.refresh_from_db()
    ended = add_years(today(), -5) + dt.timedelta(days=20)
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, ends_on=ended)
    candidate = found(offering, cast.teacher).ranked.candidate
    assert candidate.subjects == {subject.pk}
    assert candidate.language == "ky"
    assert candidate.last_ended_on == ended
    assert not candidate.never_trained
    assert candidate.shortfall is not None
    assert candidate.shortfall > 0
    others = found(offering, cast.colleague).ranked.candidate
    assert (others.subjects, others.language, others.never_trained) == (frozenset(), "", True)
    assert line(offering)[0].job == job


def sent_row(cast: Cast, job: Employment, offering: Offering, **columns: Any) -> None:
    """The school's schedule of the course's year, sent with one row."""
    schedule = factories.school_schedule(cast.school, by=cast.deputy, year=school_year_of(offering.starts_on))
    content = factories.schedule_content(schedule, 1)
    content["groups"][0]["rows"][0] |= {"employment": job.pk, "title": offering.title} | columns
    factories.approval.perform(schedule, Action.CLOSE, by=cast.deputy, seen=1, content=content)
    if columns.get("note") != "closed only":
        factories.approval.perform(schedule, Action.SEND, by=cast.deputy, seen=2)


def test_whom_the_schedule_sent_asks_to_send_is_asked_for_however_the_title_is_written(cast, offering):
    sent_row(cast, job_of(cast.peer), offering, title=f" {offering.title.upper()} ")
    assert {"code": "asked_for"} in found(offering, cast.peer).reasons
    assert found(offering, cast.peer).elsewhere == ()
    assert {"code": "asked_for"} not in found(offering, cast.teacher).reasons


def test_a_row_that_chose_this_very_offering_asks_for_it(cast, offering):
    sent_row(cast, job_of(cast.peer), offering, title="Башкача аталган")
    assert {"code": "asked_for"} not in found(offering, cast.peer).reasons
    schedule = factories.Schedule.objects.get()
    uid = schedule.current_version.content["groups"][0]["rows"][0]["uid"]
    factories.ScheduleEntryFactory.create(
        schedule=schedule, employment=job_of(cast.peer), uid=uid, title="Башкача аталган", offering=offering
    )
    assert {"code": "asked_for"} in found(offering, cast.peer).reasons


def test_a_schedule_that_was_only_closed_asks_for_nothing(cast, offering):
    sent_row(cast, job_of(cast.peer), offering, note="closed only")
    assert {"code": "asked_for"} not in found(offering, cast.peer).reasons


def test_a_fixed_term_in_the_same_days_is_told_beside_the_line(cast, offering):
    first, last = offering.starts_on - dt.timedelta(days=3), offering.starts_on
    term = {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
    sent_row(cast, job_of(cast.peer), offering, title="Инклюзия", **term)
    assert found(offering, cast.peer).elsewhere == (Elsewhere("Инклюзия", Period(first, last), is_place=False),)


def test_a_reason_that_changed_has_another_mark(cast, offering):
    before = found(offering, cast.peer).mark
    assert found(offering, cast.peer).mark == before
    Employment.objects.filter(person=cast.peer.person).update(teaching_language="ky")
    assert found(offering, cast.peer).mark != before


def counted(offering: Offering) -> int:
    with CaptureQueriesContext(connection) as captured:
        line(offering)
    return len(captured)


def test_a_whole_district_takes_as_many_queries_as_one_school(cast, offering):
    before = counted(offering)
    for _ in range(30):
        made = factories.EmploymentFactory.create(institution__district=cast.district)
        SeatFactory.create(
            offering=OfferingFactory.create(district=cast.district, entered_by=cast.officer.person),
            employment=made,
            given_by=cast.officer.person,
        )
    sent_row(cast, job_of(cast.peer), offering)
    assert counted(offering) == before
    assert len(line(offering)) == len(AT_A | AT_B) + 30


def test_where_only_the_engine_knows_the_date_it_is_asked(cast, offering):
    for hours in (72, 60):
        factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, amount=Decimal(hours))
    due = found(offering, cast.teacher).ranked.candidate.months
    assert due is not None
    assert add_months(today(), due) > today()
