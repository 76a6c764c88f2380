"""The workbook to fill in is one that the import reads; the report says of every row what became of it."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.utils import translation
from openpyxl import load_workbook

from courses.choices import ImportTable, Verdict
from courses.importing.report import report_workbook
from courses.importing.tables import EXAMPLE_MARK, TABLES
from courses.importing.template import template_workbook
from schools.choices import InstitutionKind
from tests.campus import Campus
from tests.conftest import Cast
from tests.courses.importing.books import read, rows_of, staff
from tests.workbooks import saved

PERSON = {"name": "Асанова Айнагүл", "number": "20503198012345", "born": dt.date(1980, 3, 5)}


def test_the_empty_workbook_is_read_and_says_nothing(cast: Cast) -> None:
    made = read(cast.district, cast.officer, template_workbook(cast.district))
    assert (made.counts, made.total) == ({}, 0)
    assert made.problems == [{"code": "examples", "sheet": "", "values": {"count": len(TABLES)}}]


def test_its_examples_are_rows_that_can_be_taken(cast: Cast) -> None:
    book = load_workbook(io.BytesIO(template_workbook(cast.district)))
    for table in TABLES:
        sheet = book[table.sheets[0]]
        for cell in sheet[2]:
            if isinstance(cell.value, str):
                cell.value = cell.value.removeprefix(f"{EXAMPLE_MARK} ")
        if table.key == ImportTable.STAFF:
            subjects = next(cell.column for cell in sheet[1] if cell.value == "Окуткан предмети")
            sheet.cell(2, subjects).value = None  # which there are is data
    made = read(cast.district, cast.officer, saved(book))
    assert made.counts == {table.key: {"new": 1} for table in TABLES}


def test_its_headings_are_kyrgyz_whatever_the_screen_speaks(cast: Cast) -> None:
    with translation.override("ru"):
        book = load_workbook(io.BytesIO(template_workbook()))
    assert book.sheetnames == [
        "Мекемелер",
        "Усулдук бирикмелер",
        "Кызматкерлер",
        "Өткөн курстар",
        "Кеңештер",
        "Тизмелер",
    ]
    assert book["Тизмелер"].sheet_state == "hidden"
    assert [cell.value for cell in book["Кызматкерлер"][1]][:3] == ["Мекеме", "Аты-жөнү", "ПИН"]
    assert len(book["Кызматкерлер"].data_validations.dataValidation) >= 3


@pytest.mark.parametrize(
    ("place", "who", "units", "role"),
    [
        ("university", "rector", "Кафедралар", "Кафедра башчысы"),
        (
            "college",
            "college_director",
            "Предметтик-циклдик комиссиялар",
            "Предметтик-циклдик комиссиянын төрагасы",
        ),
    ],
)
def test_a_college_and_a_university_fill_in_a_workbook_in_their_own_words(
    place: str, who: str, units: str, role: str, campus: Campus
) -> None:
    institution = getattr(campus, place)
    book = load_workbook(io.BytesIO(template_workbook(institution)))
    said = {str(cell.value) for sheet in book.worksheets[:5] for row in sheet.iter_rows() for cell in row}
    said -= {str(kind.label) for kind in InstitutionKind}  # a kind is named as it is, whoever reads
    assert [text for text in said if re.search("мекте[пб]|мугалим|бирикме", text, re.IGNORECASE)] == []
    lists = {str(cell.value) for row in book["Тизмелер"].iter_rows() for cell in row}
    assert role in lists
    for sheet in book.worksheets[:4]:
        for cell in sheet[2]:
            if isinstance(cell.value, str):
                cell.value = cell.value.removeprefix(f"{EXAMPLE_MARK} ")
            if cell.value in ("Сыноо университети", "Сыноо колледжи"):
                cell.value = institution.title_ky
    by_heading = {cell.value: cell.column for cell in book["Кызматкерлер"][1]}
    book["Кызматкерлер"].cell(2, by_heading["Окуткан предмети"]).value = None  # which there are is data
    book["Кызматкерлер"].cell(2, by_heading["Системадагы ролу"]).value = role
    del book["Мекемелер"]
    made = read(institution, campus.people[who], saved(book))
    assert made.counts == {
        table: {"new": 1} for table in (ImportTable.ASSOCIATIONS, ImportTable.STAFF, ImportTable.RECORDS)
    }
    assert units in book.sheetnames


def test_the_report_says_every_row_and_its_reasons(cast: Cast) -> None:
    made = read(cast.school, cast.director, staff(PERSON, PERSON | {"name": "+Асанова Айгүл"}))
    with translation.override("ru"):
        data = report_workbook(made, shows_numbers=True)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [row[0] for row in rows] == [2, 3]
    with translation.override("ru"):
        assert [row[1] for row in rows] == [str(Verdict.NEW.label), str(Verdict.REFUSED.label)]
    assert rows[1][2].startswith("Аты-жөнү: ")
    assert "+Асанова Айгүл" in rows[1]
    assert rows_of(made)[1].typed["full_name"] == "+Асанова Айгүл"


def test_nothing_in_the_report_is_a_formula(cast: Cast) -> None:
    live = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")')
    made = read(cast.school, cast.director, staff(PERSON))
    row = rows_of(made)[0]
    row.typed = dict(zip((column.name for column in TABLES[2].columns), live, strict=False))
    row.save()
    with zipfile.ZipFile(io.BytesIO(report_workbook(made, shows_numbers=True))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[ >]", sheet)
    assert "hyperlink" not in sheet


def test_the_report_of_an_unfit_file_tells_why(cast: Cast) -> None:
    made = read(cast.school, cast.director, b"x")
    sheet = load_workbook(io.BytesIO(report_workbook(made, shows_numbers=True))).worksheets[0]
    texts = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any(".xlsx" in str(text) for text in texts)
