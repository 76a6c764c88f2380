"""What the institute sees of all districts: sums without any small group, in two statements."""

import datetime as dt
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from plans.models import OfferingTopic, RequestLine, Topic, TopicAlias
from plans.needs.topics import merge_topics
from plans.orders.country import Asked, needs
from plans.requests.lines import lines_of
from schools import approval
from schools.choices import Action
from schools.models import DocumentVersion, Person
from tests import factories
from tests.plans.needs_told import YEAR, handed_in, line, request_of, told

pytestmark = pytest.mark.django_db
TOPIC, OTHER, RARE = "Критерийлик баалоо", "Баалоонун критерийлери", "Инклюзивдүү билим берүү"
WHOLE = Asked(YEAR)


@pytest.fixture(autouse=True)
def smallest(settings):
    settings.SMALLEST_GROUP = 3


def numbers(asked: Asked = WHOLE) -> dict[str, tuple[int, int, int]]:
    return {one.title: (one.teachers, one.schools, one.districts) for one in needs(asked).lines}


def test_groups_are_summed_up_over_districts(cast):
    told(cast, line(TOPIC, 3), school=cast.school)
    told(cast, line(TOPIC, 2), line(OTHER, 4), school=cast.other_school)
    told(cast, line(TOPIC, 5), school=cast.far_school)
    assert numbers() == {TOPIC: (10, 3, 2), OTHER: (4, 1, 1)}
    assert [one.title for one in needs(WHOLE).lines] == [TOPIC, OTHER]
    assert (needs(WHOLE).count, needs(WHOLE).teachers) == (2, 14)
    assert not needs(Asked(YEAR - 1)).lines


def test_what_is_small_in_its_district_counts_nowhere(cast):
    """Nor is it the difference of a country's sum and its districts'."""
    told(cast, line(TOPIC, 5), line(RARE, 1), school=cast.school)
    told(cast, line(TOPIC, 2), line(RARE, 2), school=cast.far_school)
    assert numbers() == {TOPIC: (5, 1, 1)}
    assert numbers(Asked(YEAR, district=cast.district.pk)) == {TOPIC: (5, 1, 1)}
    assert numbers(Asked(YEAR, district=cast.other_district.pk)) == {}
    assert needs(WHOLE).teachers == 5


def test_a_group_that_two_schools_make_large_enough_is_told(cast):
    told(cast, line(RARE, 1), school=cast.school)
    told(cast, line(RARE, 2), school=cast.other_school)
    assert numbers() == {RARE: (3, 2, 1)}


def test_teachers_are_people_however_many_lines_name_them(cast):
    both, peer = cast.teacher.person, cast.peer.person
    told(cast, line(TOPIC, [both, peer]), line(OTHER, [both]), school=cast.school)
    told(cast, line(TOPIC, [both]), school=cast.other_school)
    merge_topics(by=cast.officer, where=cast.district, texts=[OTHER], title=TOPIC)
    assert numbers() == {}
    told(cast, line(TOPIC, 1))
    assert numbers() == {TOPIC: (3, 3, 1)}
    Person.objects.filter(pk=peer.pk).update(merged_into=both)  # two records of one person
    assert numbers() == {}


def test_how_much_was_left_out_is_told_of_the_whole_only(cast):
    told(cast, line(TOPIC, 5), line(RARE, 1), line(OTHER, 2), school=cast.school)
    found = needs(WHOLE)
    assert (found.left_out, found.left_out_teachers) == (2, 3)
    for part in ({"words": "критерийлик"}, {"district": cast.district.pk}, {"language": "ky"}):
        found = needs(Asked(YEAR, **part))
        assert (found.teachers, found.left_out, found.left_out_teachers) == (5, None, None)


def test_a_small_sum_of_what_was_left_out_is_not_told(cast):
    told(cast, line(TOPIC, 5), line(RARE, 2), school=cast.school)
    assert (needs(WHOLE).left_out, needs(WHOLE).left_out_teachers) == (1, None)


def test_the_lines_are_those_of_the_requests_in_force(cast):
    request = told(cast, line(TOPIC, 3), school=cast.school)
    request_of(cast.other_school, cast.other_director, line(TOPIC, 9))
    approval.perform(request, Action.AMEND, by=factories.again(cast.director), seen=request.revision)
    handed_in(request, cast.director, line(TOPIC, 7))
    assert numbers() == {TOPIC: (3, 1, 1)}
    in_force = RequestLine.objects.filter(version__in=DocumentVersion.objects.filter(pk=request.in_force_id))
    assert list(lines_of(None, YEAR, is_accepted_only=True)) == list(in_force)


def test_each_district_calls_topics_by_its_own_names_and_else_by_the_countrys(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 4), school=cast.school)
    told(cast, line(OTHER, 5), line(RARE, 6), school=cast.far_school)
    merge_topics(by=cast.officer, where=cast.district, texts=[OTHER], title=TOPIC)
    assert numbers() == {TOPIC: (7, 1, 1), OTHER: (5, 1, 1), RARE: (6, 1, 1)}
    topic = Topic.objects.create(title_ky="Баарына билим")
    for text in (RARE, OTHER):
        TopicAlias.objects.create(text=text, target=topic)
    assert numbers() == {TOPIC: (7, 1, 1), "Баарына билим": (11, 1, 1)}


def test_what_a_school_merges_changes_nothing_here(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 4), school=cast.school)
    merge_topics(by=cast.deputy, where=cast.school, texts=[OTHER], title=TOPIC)
    assert numbers() == {TOPIC: (3, 1, 1), OTHER: (4, 1, 1)}


@pytest.mark.parametrize("column", ["subject", "language", "block", "quarter", "oblast", "district", "words"])
def test_the_table_is_narrowed_by_each_column(column, cast):
    subject = factories.SubjectFactory()
    wanted = {"subject": subject, "language": "ru", "block": "variative", "quarter": 3}
    told(cast, line(TOPIC, 4, **wanted), school=cast.far_school)
    told(cast, line(OTHER, 5), school=cast.school)
    cast.other_district.oblast = factories.DistrictFactory().oblast
    cast.other_district.save()
    asked = wanted | {"subject": subject.pk, "words": "БААЛОО критерийлик"}
    asked |= {"district": cast.other_district.pk, "oblast": cast.other_district.oblast_id}
    assert list(numbers(Asked(YEAR, **{column: asked[column]}))) == [TOPIC]


def test_signs_of_a_pattern_are_searched_for_as_they_are(cast):
    told(cast, line("100% ийгилик!", 4), line(TOPIC, 5), school=cast.school)
    assert list(numbers(Asked(YEAR, words="100%"))) == ["100% ийгилик!"]
    assert list(numbers(Asked(YEAR, words="ийгилик!"))) == ["100% ийгилик!"]
    assert numbers(Asked(YEAR, words="1_0")) == {}


def test_places_stand_beside_what_their_courses_answer(cast):
    subject = factories.SubjectFactory()
    told(cast, line(TOPIC, 4, subject=subject), line(TOPIC, 5), line(OTHER, 6), school=cast.school)
    days = {"starts_on": dt.date(YEAR, 10, 5), "ends_on": dt.date(YEAR, 10, 9)}
    general = factories.offering(cast, title=TOPIC, places=10, **days)
    factories.seat(general, cast.teacher, by=cast.officer)
    factories.offering(cast, title=TOPIC, places=20, subject=subject, **days)
    factories.offering(cast, title=TOPIC, places=40, language="ru", **days)
    factories.offering(cast, title=TOPIC, places=80, starts_on=dt.date(YEAR, 8, 1), ends_on=dt.date(YEAR, 8, 5))
    merge_topics(by=cast.officer, where=cast.district, texts=["Баа коюу"], title=TOPIC)
    OfferingTopic.objects.create(offering=general, title="Баа коюу", by=cast.officer.person)  # no second time
    OfferingTopic.objects.create(offering=general, title=OTHER, by=cast.officer.person)
    found = {(one.title, one.subject): (one.places, one.given) for one in needs(WHOLE).lines}
    assert found == {(TOPIC, subject.pk): (30, 1), (TOPIC, None): (10, 1), (OTHER, None): (10, 1)}
    assert {one.places for one in needs(Asked(YEAR, district=cast.district.pk)).lines} == {30, 10}


def test_a_page_of_it_takes_two_statements_and_tells_the_sums_of_all(cast):
    told(cast, *[line(f"Тема {number}", number) for number in range(3, 12)], school=cast.school)
    with CaptureQueriesContext(connection) as captured:
        found = needs(WHOLE, first=2, most=3)
    assert len(captured) == 2
    assert [one.title for one in found.lines] == ["Тема 9", "Тема 8", "Тема 7"]
    assert (found.count, found.teachers) == (9, sum(range(3, 12)))


def test_the_institute_reads_the_page_and_the_file_without_small_groups(cast):
    told(cast, line(TOPIC, 5), line(RARE, 1), school=cast.school)
    client = Client()
    client.force_login(cast.institute)
    html = client.get(reverse("country_needs")).content.decode()
    assert TOPIC in html
    assert RARE not in html
    answer = client.get(reverse("country_needs_xlsx"))
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert TOPIC in cells
    assert RARE not in cells
    assert 6 not in cells


@pytest.mark.parametrize("page", ["2", "0", "-1", "жок", "99999999999"])
def test_a_page_that_is_not_there_shows_the_first(page, cast):
    told(cast, line(TOPIC, 5), school=cast.school)
    client = Client()
    client.force_login(cast.institute)
    assert TOPIC in client.get(reverse("country_needs"), {"page": page}).content.decode()
