"""What of a workbook is read at all: which sheet is which table, and what keeps the file from being read."""

import datetime as dt

import pytest

from courses.choices import ImportTable, Verdict
from courses.importing.reading import is_unfit, read_workbook
from courses.importing.tables import RECORDS, TABLES
from courses.importing.words import heading, problem_text
from courses.models import WorkbookImport
from cpd.sheets import _key
from schools.models import Institution
from tests import workbooks
from tests.conftest import Cast
from tests.courses.importing.books import (
    ASSOCIATION_HEAD,
    ASSOCIATIONS,
    INSTITUTION_HEAD,
    INSTITUTIONS,
    STAFF,
    STAFF_HEAD,
    Sheets,
    read,
    records,
    rows_of,
    staff,
    told,
    uploaded,
    verdicts,
    workbook,
)

PERSON = {"name": "Асанова Айнагүл", "number": "20503198012345", "born": dt.date(1980, 3, 5)}


def faults(made: WorkbookImport) -> list[str]:
    return [problem["code"] for problem in made.problems]


def test_no_heading_stands_for_two_columns_of_one_table() -> None:
    for table in TABLES:
        keys = [key for column in table.columns for key in {_key(heading) for heading in column.headings}]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b"PIN;name", "not_excel"),
        (workbooks.plain(["Аты", "Жашы"], ["Бакыт", 40]), "no_tables"),
    ],
)
def test_a_file_without_any_of_the_tables_is_unfit(cast: Cast, data: bytes, fault: str) -> None:
    made = read(cast.school, cast.director, data)
    assert is_unfit(made)
    assert faults(made)[0] == fault
    assert (made.counts, made.total, made.rows.count()) == ({}, 0, 0)
    assert "%(" not in problem_text(made.problems[0])


def test_sheets_are_known_by_their_titles_or_by_their_headings(cast: Cast) -> None:
    sheets: Sheets = {
        "Лист1": staff(PERSON)[STAFF],
        "Курсы": records({**PERSON})["Өткөн курстар"],
        "Башка": [["Түс"], ["кызыл"]],
    }
    made = read(cast.school, cast.director, sheets)
    assert made.counts == {"staff": {"new": 1}, "records": {"new": 1}}
    assert not is_unfit(made)
    assert [(problem["code"], problem["sheet"]) for problem in made.problems] == [("sheet_unread", "Башка")]


def test_the_order_of_sheets_makes_no_difference(cast: Cast) -> None:
    made = read(cast.school, cast.director, {**records(PERSON), **staff(PERSON)})
    (row,) = rows_of(made, ImportTable.RECORDS)
    assert row.columns["person"] == {"row": 2}


def test_one_table_on_two_sheets_is_unfit(cast: Cast) -> None:
    made = read(cast.school, cast.director, {**staff(PERSON), "Мугалимдер": staff(PERSON)[STAFF]})
    assert is_unfit(made)
    assert made.problems == [{"code": "sheet_twice", "sheet": "Мугалимдер", "values": {"other": STAFF}}]


def test_a_missing_heading_is_told_with_its_sheet(cast: Cast) -> None:
    made = read(cast.school, cast.director, {STAFF: [["Аты-жөнү", "ПИН"], ["Асанова Айнагүл", "1"]]})
    assert is_unfit(made)
    assert made.problems == [{"code": "no_heading", "sheet": STAFF, "values": {"heading": "Ээлеген кызматы"}}]


def test_columns_that_nobody_asked_for_are_named(cast: Cast) -> None:
    rows = [[*STAFF_HEAD, "Телефону"], [*staff(PERSON)[STAFF][1], "0555"]]
    made = read(cast.school, cast.director, {STAFF: rows})
    assert made.problems == [{"code": "columns_unread", "sheet": STAFF, "values": {"headings": "«Телефону»"}}]
    assert verdicts(made) == [Verdict.NEW]


def test_headings_may_be_misprinted_and_in_any_order(cast: Cast) -> None:
    head = ["Коментарийлер", "саат  саны:", "УЮМДУН АТАЛЫШЫ", "Датасы", "Курс", "ИНН", "Ф.И.О."]
    row = ["эң жакшы", 72, "GIZ", "4 сутка, июль", "Баалоо", "20503198012345", "Асанова А."]
    made = read(cast.school, cast.director, {"Окуулар": [head, row], **staff(PERSON)})
    (found,) = rows_of(made, ImportTable.RECORDS)
    assert found.typed == {
        "comment": "эң жакшы",
        "hours_text": "72",
        "provider_text": "GIZ",
        "date_text": "4 сутка, июль",
        "title": "Баалоо",
        "personal_number": "20503198012345",
        "full_name": "Асанова А.",
    }


def test_wrong_cells_refuse_their_row_and_no_other(cast: Cast) -> None:
    def change(sheet) -> None:
        sheet["C3"] = "=1+1"
        sheet.merge_cells("G4:G5")

    rows = [PERSON | {"number": f"2050319801234{n}", "name": f"Асанова{'а' * n} Айгүл"} for n in range(4)]
    data = workbooks.book(*staff(*rows)[STAFF], change=change)
    made = read(cast.school, cast.director, data)
    assert verdicts(made) == ["new", "refused", "refused", "refused"]
    found = rows_of(made)
    assert told(found[1]) == [("formula", "personal_number")]
    assert [told(row) for row in found[2:]] == [[("merged", "association")]] * 2


def test_rows_marked_as_examples_are_passed_over(cast: Cast) -> None:
    made = read(cast.school, cast.director, staff(PERSON | {"name": "Үлгү: Асанова Айгүл"}, PERSON))
    assert [row.number for row in rows_of(made)] == [3]
    assert made.problems == [{"code": "examples", "sheet": "", "values": {"count": 1}}]
    assert not is_unfit(made)


def test_reading_again_leaves_nothing_of_the_first_time(cast: Cast) -> None:
    made = uploaded(cast.school, cast.director, workbook(staff(PERSON, {})))
    heard: list[int] = []
    for _time in range(2):
        read_workbook(made, heard.append)
    assert made.rows.count() == made.total == 2
    assert heard == [0, 2, 0, 2]
    assert WorkbookImport.objects.get(pk=made.pk).counts == {"staff": {"new": 1, "refused": 1}}
    assert heading("staff", "born_on") == "Туулган күнү"


# Institutions and associations ------------------------------------------------------------------------------------


def institutions(cast: Cast, *rows: list) -> WorkbookImport:
    return read(cast.district, cast.officer, {INSTITUTIONS: [INSTITUTION_HEAD, *rows]})


def test_institutions_are_found_by_code_and_then_by_title(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.school.pk).update(code="111")
    made = institutions(
        cast,
        ["111", "Ак-Бата орто мектеби", None, 1, None],
        ["222", "күн-нур орто мектеби", "Школа Күн-Нур", "2", "орто мектеп"],
        ["333", "Жаңы мектеп", None, 3, "мектеп"],
        ["333", "Дагы бир мектеп", None, 4, "мектеп"],
        ["444", "Ак-Бата орто мектеби", None, None, None],
    )
    found = rows_of(made, ImportTable.INSTITUTIONS)
    assert [row.verdict for row in found] == ["matched", "changed", "new", "refused", "refused"]
    assert found[0].target == cast.school.pk
    assert found[1].columns["changes"] == {"code": ["", "222"], "title_ru": ["", "Школа Күн-Нур"]}
    assert [told(row) for row in found[3:]] == [[("double", "")], [("title_taken", "title_ky")]]


def test_a_code_of_another_district_is_refused(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.far_school.pk).update(code="999")
    (row,) = rows_of(institutions(cast, ["999", "Жаңы мектеп", None, None, None]), ImportTable.INSTITUTIONS)
    assert told(row) == [("code_taken", "code")]


def test_a_school_neither_makes_nor_changes_institutions(cast: Cast) -> None:
    rows = [[None, title, None, number, None] for title, number in (("Ак-Бата орто мектеби", 1), ("Жаңы мектеп", 9))]
    made = read(cast.school, cast.director, {INSTITUTIONS: [INSTITUTION_HEAD, *rows]})
    found = rows_of(made, ImportTable.INSTITUTIONS)
    assert [row.verdict for row in found] == ["matched", "refused"]
    assert told(found[1]) == [("institution_not_yours", "title_ky")]
    rows = [["55", "Ак-Бата орто мектеби", None, 1, None]]
    made = read(cast.school, cast.director, {INSTITUTIONS: [INSTITUTION_HEAD, *rows]})
    assert told(rows_of(made, ImportTable.INSTITUTIONS)[0]) == [("institution_kept", "")]


def test_associations_are_found_by_institution_and_title(cast: Cast) -> None:
    head = [ASSOCIATION_HEAD]
    rows = [["№1", "ТАБИГЫЙ илимдер", "Естественные науки"], ["1", "Жаңы бирикме", None], ["1", "жаңы бирикме", None]]
    rows.append(["Төр-Жайлоо орто мектеби", "Тилдер", None])
    made = read(cast.district, cast.officer, {ASSOCIATIONS: head + rows})
    found = rows_of(made, ImportTable.ASSOCIATIONS)
    assert [row.verdict for row in found] == ["changed", "new", "refused", "refused"]
    assert (found[0].target, found[0].columns["changes"]) == (
        cast.association.pk,
        {"title_ru": ["", "Естественные науки"]},
    )
    assert [told(row) for row in found[2:]] == [[("double", "")], [("institution_unknown", "institution")]]


def test_staff_of_a_refused_institution_is_told_of_its_row(cast: Cast) -> None:
    rows = [["1", "Жаңы мектеп", None, None, "цирк"]]
    sheets = {INSTITUTIONS: [INSTITUTION_HEAD, *rows], **staff(PERSON | {"institution": "Жаңы мектеп"})}
    made = read(cast.district, cast.officer, sheets)
    assert told(rows_of(made)[0]) == [("institution_refused", "institution")]
    assert rows_of(made)[0].reasons[0]["values"] == {"row": 2}


def test_the_organisation_of_a_course_is_who_held_it() -> None:
    headings = {heading: column.name for column in RECORDS.columns for heading in column.headings}
    assert headings["Организация"] == "provider_text"
    assert headings["Мектеп"] == "institution"
