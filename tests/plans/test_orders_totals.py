"""The totals of a district, what is offered beside them, and which of it may leave the district."""

import datetime as dt

import pytest
from django.utils import timezone

from cpd.dates import school_year_of, today
from plans.models import OfferingTopic
from plans.needs.topics import merge_topics
from plans.orders.demand import Course, Line, allot, demand, quarter_of
from plans.orders.hidden import sum_told, told_apart
from plans.orders.totals import Group, GroupKey, ordered_as, totals, totals_of_orders
from schools import approval
from schools.choices import Action
from schools.models import Person
from tests import factories
from tests.plans.needs_told import YEAR, handed_in, line, received, request_of, told

pytestmark = pytest.mark.django_db
TOPIC, OTHER = "Критерийлик баалоо", "Баалоонун критерийлери"


def sums(district) -> dict[str, tuple[int, int]]:
    return {group.title: (group.teachers, group.schools) for group in totals(district, YEAR)}


def test_requests_that_were_received_are_summed_up_over_schools(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 1), school=cast.school)
    told(cast, line(TOPIC.upper(), 4))
    request_of(cast.other_school, cast.other_director, line(TOPIC, 9))  # waits
    told(cast, line(TOPIC, 9), school=cast.far_school)  # of another district
    told(cast, line(TOPIC, 9), year=YEAR - 1)
    assert sums(cast.district) == {TOPIC.upper(): (7, 2), OTHER: (1, 1)}


def test_only_the_newest_received_version_counts(cast):
    request = told(cast, line(TOPIC, 3), school=cast.school)
    approval.perform(request, Action.AMEND, by=factories.again(cast.director), seen=request.revision)
    handed_in(request, cast.director, line(TOPIC, 5))
    assert sums(cast.district) == {TOPIC: (3, 1)}
    received(request, cast.officer)
    assert sums(cast.district) == {TOPIC: (5, 1)}


def test_a_group_is_one_topic_subject_language_block_and_quarter(cast):
    subject = factories.SubjectFactory()
    ways = [{}, {"subject": subject}, {"language": "ru"}, {"block": "compulsory"}, {"quarter": 2}]
    told(cast, *[line(TOPIC, 2, **way) for way in ways])
    found = totals(cast.district, YEAR)
    assert {(group.key.subject, group.key.language, group.key.block, group.key.quarter) for group in found} == {
        (None, "ky", "", None),
        (subject.pk, "ky", "", None),
        (None, "ru", "", None),
        (None, "ky", "compulsory", None),
        (None, "ky", "", 2),
    }
    assert len({group.text for group in found}) == len(ways)


def test_what_most_teachers_wish_stands_in_the_group(cast):
    told(cast, line(TOPIC, 2, hours=72, study_form="distance"), line(TOPIC, 1, hours=36, study_form="full_time"))
    told(cast, line(TOPIC, 4))
    [group] = totals(cast.district, YEAR)
    assert (group.hours, group.study_form, group.teachers, group.schools) == (72, "distance", 7, 2)


def test_topics_merged_by_the_district_are_one_and_a_school_twice_in_it_is_one_school(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 1), school=cast.school)
    told(cast, line(OTHER, 2), school=cast.far_school)
    merge_topics(by=cast.officer, where=cast.district, texts=[OTHER, TOPIC], title="Баалоо")
    [group] = totals(cast.district, YEAR)
    assert (group.title, group.teachers, group.schools) == ("Баалоо", 4, 1)
    assert group.texts == (OTHER, TOPIC)
    assert sums(cast.other_district) == {OTHER: (2, 1)}


def test_a_teacher_with_two_needs_that_the_district_counts_as_one_is_one_teacher(cast, settings):
    settings.SMALLEST_GROUP = 3
    one = cast.teacher.person
    told(cast, *[line(title, [one]) for title in (TOPIC, OTHER, "Баалоонун түрлөрү")], school=cast.school)
    merge_topics(by=cast.officer, where=cast.district, texts=[TOPIC, OTHER, "Баалоонун түрлөрү"], title="Баалоо")
    [group] = totals(cast.district, YEAR)
    assert (group.teachers, group.schools, group.is_small) == (1, 1, True)


def test_a_teacher_of_two_schools_is_one_teacher(cast):
    both = cast.teacher.person
    told(cast, line(TOPIC, [both, cast.peer.person]), school=cast.school)
    told(cast, line(TOPIC, [both]), school=cast.other_school)
    assert sums(cast.district) == {TOPIC: (2, 2)}


def test_two_records_of_one_person_are_one_teacher(cast):
    told(cast, line(TOPIC, [cast.teacher.person, cast.peer.person]), school=cast.school)
    Person.objects.filter(pk=cast.peer.person.pk).update(merged_into=cast.teacher.person)
    assert sums(cast.district) == {TOPIC: (1, 1)}


def group(teachers: int = 10, title: str = "т", first: int = 1, **columns) -> Group:
    """A group of so many people, whose keys begin with the ``first``."""
    key = GroupKey(title, None, "ky", "", None)._replace(**columns)
    people = frozenset(range(first, first + teachers))
    return Group(key, title, None, teachers, 1, "", None, (title,), people)


def course(places: int = 10, *people: int, free: int | None = None, **columns) -> Course:
    """A course to come with so many places, which these people have; the others are free."""
    wanted = {"keys": frozenset({"т"}), "subject": None, "language": "ky", "block": "", "quarter": 1} | columns
    left = places - len(people) if free is None else free
    return Course(**wanted, places=places, free=left, people=frozenset(people))


def told_of(supplies) -> list[tuple[int, int, int]]:
    return [(one.offered, one.free, one.given) for one in supplies]


@pytest.mark.parametrize(
    ("columns", "is_answered"),
    [
        ({}, True),
        ({"subject": 5}, False),
        ({"language": "ru"}, False),
        ({"keys": frozenset({"б"})}, False),
        ({"keys": frozenset({"б", "т"}), "block": "variative", "quarter": 3}, True),
    ],
)
def test_a_course_answers_a_group_of_its_topic_subject_and_language(columns, is_answered):
    supplies = allot([group()], [course(4, 1, 2, 3, **columns)])
    assert told_of(supplies) == [(4, 1, 3) if is_answered else (0, 0, 0)]


def test_a_free_place_is_counted_once_and_where_it_fits_best():
    found = [group(6, quarter=2), group(6, first=11, quarter=1), group(6, first=21, subject=5, quarter=1)]
    supplies = allot(found, [course(9, quarter=1), course(8, subject=5)])
    assert told_of(supplies) == [(3, 3, 0), (6, 6, 0), (8, 8, 0)]


def test_places_beyond_the_demand_stay_with_the_group_they_fit_best():
    supplies = allot([group(2, quarter=2), group(3, first=11, quarter=1)], [course(9, quarter=1)])
    assert told_of(supplies) == [(2, 2, 0), (7, 7, 0)]


def test_a_place_given_to_somebody_without_the_need_covers_nothing():
    [supply] = allot([group(4)], [course(10, 1, 2, 91, 92, 93, 94, 95, 96)])
    assert told_of([supply]) == [(10, 2, 2)]
    assert Line(group(4), supply.offered, supply.free, supply.given).unmet == 0
    [supply] = allot([group(4)], [course(10, 1, 2, 91, 92, 93, 94, 95, 96, free=0)])  # it has ended
    assert told_of([supply]) == [(10, 0, 2)]
    assert Line(group(4), supply.offered, supply.free, supply.given).unmet == 2


def test_a_place_covers_the_need_of_whoever_has_it_and_of_nobody_twice():
    found = [group(3, quarter=1), group(2, first=3, quarter=2)]  # the third person is in both
    supplies = allot(found, [course(5, 3, 4, quarter=1), course(3, 3, quarter=2)])
    assert told_of(supplies) == [(4, 3, 1), (4, 2, 2)]


def test_what_is_shown_of_a_group_adds_up():
    for one in (Line(group(9), 12, 7, 1), Line(group(9), 12, 3, 1), Line(group(9), 0, 0, 0), Line(group(2), 9, 9, 0)):
        assert one.group.teachers == one.given + one.needed + one.unmet


@pytest.mark.parametrize(("month", "quarter"), [(9, 1), (11, 1), (12, 2), (2, 2), (3, 3), (5, 3), (6, 4), (8, 4)])
def test_quarters_are_counted_from_september(month, quarter):
    assert quarter_of(dt.date(2026, month, 28)) == quarter


def test_demand_stands_beside_offered_courses_of_the_year(cast):
    year = school_year_of(today())
    told(cast, line(TOPIC, 7), line(OTHER, 2), year=year)
    days = {"starts_on": today(), "ends_on": today()}
    factories.offering(cast, title=TOPIC, places=4, **days)
    named = factories.offering(cast, title="Такыр башкача аталган", places=2, **days)
    OfferingTopic.objects.create(offering=named, title=OTHER, by=cast.officer.person)
    factories.offering(cast, title="Эч ким сурабаган", places=5, **days)
    factories.offering(cast, title=TOPIC, places=9, starts_on=dt.date(year, 8, 30), ends_on=dt.date(year, 8, 31))
    found = demand(cast.district, year)
    assert {one.group.title: (one.offered, one.unmet) for one in found.lines} == {TOPIC: (4, 3), OTHER: (2, 0)}
    assert found.unasked == 5


def test_a_course_that_ended_covers_only_who_had_a_place_in_it_and_came(cast):
    yesterday = today() - dt.timedelta(days=1)
    year = school_year_of(yesterday)
    asked = [cast.teacher.person, cast.peer.person, cast.head.person]
    told(cast, line(TOPIC, asked), school=cast.school, year=year)
    ended = factories.offering(cast, title=TOPIC, places=10, starts_on=yesterday, ends_on=yesterday)
    factories.seat(ended, cast.teacher, by=cast.officer, institution=cast.school)
    absent = {"attended": False, "attended_by": cast.officer.person, "attended_at": timezone.now()}
    factories.seat(ended, cast.peer, by=cast.officer, institution=cast.school, **absent)
    factories.seat(ended, cast.deputy, by=cast.officer, institution=cast.school)  # did not ask for it
    [found] = demand(cast.district, year).lines
    assert (found.offered, found.free, found.given, found.unmet) == (10, 0, 1, 2)


def test_a_place_whose_teacher_the_school_has_not_named_is_free(cast):
    year = school_year_of(today())
    told(cast, line(TOPIC, 3), year=year)
    coming = factories.offering(cast, title=TOPIC, places=2, starts_on=today(), ends_on=today())
    factories.seat(coming, by=cast.officer, institution=cast.school)
    [found] = demand(cast.district, year).lines
    assert (found.offered, found.free, found.given, found.unmet) == (2, 2, 0, 1)


def test_an_order_puts_block_and_term_together_and_says_what_all_agree_on(cast):
    ways = [{"quarter": 3, "block": "variative"}, {"block": "variative"}]
    told(cast, *[line(TOPIC, 2, **way) for way in ways], line(TOPIC, 5, language="ru", quarter=1))
    assert len(totals(cast.district, YEAR)) == 3
    found = {one.key.language: one for one in totals_of_orders(cast.district, YEAR)}
    assert (found["ky"].teachers, found["ru"].teachers) == (4, 5)
    assert found["ky"].agreed == {"block": "variative", "study_form": ""}
    assert found["ru"].agreed["quarter"] == 1
    assert {one.order_text for one in totals(cast.district, YEAR)} == {one.text for one in found.values()}
    assert {ordered_as(one.text) for one in totals(cast.district, YEAR)} == {one.text for one in found.values()}


def test_the_sum_of_what_is_left_out_is_told_only_where_it_is_not_small_itself(settings):
    settings.SMALLEST_GROUP = 3
    assert [sum_told(one) for one in ([], [1, 1], [2, 1], [2, 2, 2])] == [None, None, 3, 6]


def test_lines_by_which_two_orders_would_give_a_small_group_away_are_named(settings):
    settings.SMALLEST_GROUP = 3
    before = [{"group": "а", "title": "А", "teachers": 5}, {"group": "б", "title": "Б", "teachers": 5}]
    after = [
        {"group": "а", "title": "А", "teachers": 7},
        {"group": "б", "title": "Б", "teachers": 8},
        {"group": "в", "title": "В", "teachers": 4},
    ]
    assert told_apart(before, after) == ["А"]
    assert told_apart(before, before) == []
