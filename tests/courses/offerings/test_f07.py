"""F07, the plan-schedule with the places given, as a paper and as Excel, and read back by our own import."""

import datetime as dt
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from courses.choices import StudyForm
from courses.models import Offering
from courses.offerings import actions
from courses.offerings.importing import COLUMNS, MOST_ROWS, check, typed
from courses.registers import PROVIDERS, Place, save_entry
from cpd.sheets import read_sheet
from schools.choices import TeachingLanguage
from schools.models import User
from tests import factories
from tests.courses.test_exports import FORMULAS
from tests.papers import Paper, read

pytestmark = pytest.mark.django_db

COLUMNS_OF_F07 = [
    "№",
    "Уюмдун аталышы",
    "Курстун аталышы",
    "Кимдер үчүн (предмет, кызмат)",
    "Саат",
    "Окуу формасы",
    "Өтүү мөөнөтү",
    "Өтүүчү жери",
    "Бөлүнгөн орундардын саны",
    "Мектеп",
    "Жиберилүүчү мугалимдин аты-жөнү",
]
COLUMNS_IN_EXCEL = [*COLUMNS_OF_F07[:6], "Башталган датасы", "Аяктаган датасы", *COLUMNS_OF_F07[7:]]


def download(user: User, name: str, pk: int, **query: Any) -> bytes:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, args=[pk], query=query))
    assert answer.status_code == 200
    return answer.content


def paper(user: User, pk: int, **query: Any) -> Paper:
    return read(download(user, "offerings_paper", pk, **query))


def rows(user: User, pk: int, **query: Any) -> list[list[Any]]:
    """The heading and the rows below it, as Excel has them."""
    sheet = load_workbook(BytesIO(download(user, "offerings_xlsx", pk, **query))).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return found[next(place for place, row in enumerate(found) if row[0] == "№") :]


def year() -> int:
    return factories.next_school_year()


def course(cast, **columns: Any) -> Offering:
    """A course whose organisation is in the register, as people enter it."""
    names = {"title_ky": "Сыноо окуу борбору", "kind": "licensed"}
    provider = save_entry(PROVIDERS, by=cast.administrator, place=Place(), columns=names)
    return factories.offering(
        cast,
        **{"provider": provider, "title": "Сынчыл ойлом", "venue": "Бишкек ш.", "study_form": StudyForm.FULL_TIME}
        | columns,
    )


def test_the_columns_are_those_of_the_form(cast):
    course(cast)
    [head, *_rows] = rows(cast.officer, cast.district.pk)
    assert head == COLUMNS_IN_EXCEL
    text = paper(cast.officer, cast.district.pk).text
    assert [heading for heading in COLUMNS_OF_F07[1:] if heading.replace(" ", "") not in text.replace(" ", "")] == []


def test_a_course_without_places_given_has_a_line_of_its_own(cast):
    course(cast, audience="биология мугалимдери")
    [line] = rows(cast.officer, cast.district.pk)[1:]
    assert line == [
        1,
        "Сыноо окуу борбору",
        "Сынчыл ойлом",
        "биология мугалимдери",
        72,
        "Күндүзгү",
        dt.datetime(year(), 10, 5),
        dt.datetime(year(), 10, 16),
        "Бишкек ш.",
        5,
        "бош орундар: 5",
        None,
    ]


def test_each_place_given_has_a_line_with_school_and_teacher_and_places_left_one_more(cast):
    found = course(cast, places=3)
    factories.seat(found, cast.stranger, by=cast.officer)
    factories.seat(found, by=cast.officer, institution=cast.school, employment=None)
    lines = [line[10:] for line in rows(cast.officer, cast.district.pk)[1:]]
    assert lines == [
        ["Ак-Бата орто мектеби", None],
        ["Күн-Нур орто мектеби", "Эсенгулова Чынара Асановна"],
        ["бош орундар: 1", None],
    ]
    factories.seat(found, cast.teacher, by=cast.officer)
    assert "бош орундар" not in str(rows(cast.officer, cast.district.pk))


def test_the_paper_says_a_course_once_beside_all_its_places(cast):
    found = course(cast, places=2)
    for who in (cast.teacher, cast.stranger):
        factories.seat(found, who, by=cast.officer)
    made = paper(cast.officer, cast.district.pk)
    assert made.is_landscape
    assert made.language == "ky"
    assert made.text.count("Сынчыл ойлом") == 1
    for word in ("Алма-Булак району", f"{year()}-{year() + 1}", "Өмүралиева", "Эсенгулова", "Күн-Нур"):
        assert word in made.text


def test_a_course_with_many_places_goes_over_pages_under_the_same_headings(cast):
    found = course(cast, places=60)
    for _n in range(60):
        factories.seat(found, by=cast.officer, institution=cast.school, employment=None)
    pages = paper(cast.officer, cast.district.pk).pages
    assert len(pages) > 1
    assert all("Жиберилүүчү" in page for page in pages)
    assert sum(page.count("Ак-Бата") for page in pages) == 60


def test_places_taken_back_and_cancelled_courses_are_left_out(cast):
    found = course(cast)
    now, officer = found.entered_at, cast.officer.person
    taken_back = {"taken_back_at": now, "taken_back_by": officer, "taken_back_reason": "Ооруп калды."}
    factories.SeatFactory(
        offering=found, employment=factories.job_of(cast.teacher), given_by=cast.officer.person, **taken_back
    )
    cancelled = factories.offering(cast, title="Болбой калган курс")
    actions.cancel_offering(offering=cancelled, by=cast.officer, seen=1, reason="Акча жок.")
    assert [line[10:] for line in rows(cast.officer, cast.district.pk)[1:]] == [["бош орундар: 5", None]]
    assert "Болбой" not in paper(cast.officer, cast.district.pk).text


def test_a_reader_finds_only_the_teachers_they_may_know_of(cast):
    found = course(cast)
    for who in (cast.teacher, cast.stranger):
        factories.seat(found, who, by=cast.officer)
    for who, seen in ((cast.teacher, {"Өмүралиева"}), (cast.other_director, {"Эсенгулова"}), (cast.peer, set())):
        text = paper(who, cast.district.pk).text
        assert {name for name in ("Өмүралиева", "Эсенгулова") if name in text} == seen
        assert "бош орундар: 3" in text


def test_files_hold_what_the_list_is_narrowed_to(cast):
    course(cast)
    russian = factories.offering(cast, title="Орусча курс", language=TeachingLanguage.RUSSIAN)
    lines = rows(cast.officer, cast.district.pk, language="ru")[1:]
    assert [line[2] for line in lines] == [russian.title]
    assert "курстун тили: Орусча".casefold() in lines[0][3].casefold()
    empty = paper(cast.officer, cast.district.pk, year=year() - 1)
    assert "Сынчыл" not in empty.text


def test_numbers_are_numbers_and_text_is_never_a_formula(cast):
    for text in FORMULAS:
        factories.offering(cast, title=text, venue=text, audience=text)
    data = download(cast.officer, "offerings_xlsx", cast.district.pk)
    with zipfile.ZipFile(BytesIO(data)) as parts:
        assert sum(parts.read(name).count(b"<f>") + parts.read(name).count(b"<f ") for name in parts.namelist()) == 0
    sheet = load_workbook(BytesIO(data)).active
    cells = [cell for row in sheet.iter_rows(min_row=6) for cell in row if cell.value is not None]
    kinds = {(cell.column, cell.data_type) for cell in cells}
    assert {kind for column, kind in kinds if column in (5, 10)} == {"n"}
    assert {kind for column, kind in kinds if column in (7, 8)} == {"d"}
    assert {kind for column, kind in kinds if column in (2, 3, 4, 9)} == {"s"}


def test_our_own_file_is_read_back_and_brings_nothing_new(cast):
    found = course(cast, places=2, language=TeachingLanguage.RUSSIAN)
    factories.seat(found, cast.teacher, by=cast.officer)
    dates = {"starts_on": dt.date(year(), 9, 28), "ends_on": dt.date(year(), 10, 2)}
    course(cast, provider=found.provider, title="=Экинчи курс", hours="72.5", **dates)
    course(cast, provider=found.provider, title="Бир күндүк", starts_on=dates["ends_on"], ends_on=dates["ends_on"])
    data = download(cast.officer, "offerings_xlsx", cast.district.pk)
    sheet = read_sheet(data, COLUMNS, most_rows=MOST_ROWS)
    assert sheet.problems == []
    assert sheet.unread == ["Мектеп", "Жиберилүүчү мугалимдин аты-жөнү"]
    preview = check(typed(sheet), cast.district)
    assert preview.problems == []
    assert [bool(line.same) for line in preview.lines] == [True] * 4
    # The same file in a district that has none of it.
    elsewhere = check(typed(sheet), cast.other_district)
    assert elsewhere.problems == []
    kept = ("title", "hours", "starts_on", "ends_on", "venue", "places", "study_form")
    read_back = {tuple(line.columns[name] for name in kept) for line in elsewhere.lines if line.is_new}
    assert read_back == {tuple(getattr(one, name) for name in kept) for one in Offering.objects.all()}


def test_the_example_of_the_empty_workbook_is_a_course_of_the_next_school_year(cast):
    client = Client()
    client.force_login(cast.officer)
    data = client.get(reverse("offering_blank", args=[cast.district.pk])).content
    _blank, example, _lists = load_workbook(BytesIO(data))
    year = factories.next_school_year()
    assert f"05.10.{year}–16.10.{year}" in [cell.value for cell in example[2]]
