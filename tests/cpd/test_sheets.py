"""What becomes of an uploaded table: its rows, or everything that is wrong by row and column (trust T27, T30)."""

import datetime as dt
import re
import resource
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cpd import sheet_reader, sheets
from cpd.sheets import Fault, Problem, Sheet, SheetColumn, letter_of, read_book, read_sheet, text_of
from cpd.uploads import MOST_BYTES
from tests import workbooks
from tests.uploads import zipped
from tests.workbooks import book

MEBIBYTE = 1 << 20
MOST = 500
COLUMNS = (
    SheetColumn("name", ("Уюмдун аталышы", "Организация")),
    SheetColumn("hours", ("Саат", "Часы")),
    SheetColumn("term", ("Өтүү мөөнөтү",)),
    SheetColumn("note", ("Эскертүү",), required=False),
)
HEAD = ["Уюмдун аталышы", "Саат", "Өтүү мөөнөтү", "Эскертүү"]
ROW = ["Сыноо борбору", 36, "5-16-октябрь 2026", None]
PLAIN = workbooks.plain(HEAD, ROW)


def table(data: bytes, columns: tuple[SheetColumn, ...] = COLUMNS, most: int = MOST) -> Sheet:
    return read_sheet(data, columns, most_rows=most)


def told(sheet: Sheet) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.row, problem.column) for problem in sheet.problems]


def faults(sheet: Sheet) -> list[str]:
    return [problem.code for problem in sheet.problems]


# Files that are no workbook, or a hostile one ---------------------------------------------------------------------

HTML = b"<html><table><tr><td>36</td></tr></table></html>"
REFUSED: dict[str, tuple[Callable[[], bytes], Fault]] = {
    "empty": (lambda: b"", Fault.EMPTY),
    "no cells": (lambda: book(), Fault.EMPTY),
    "too large": (lambda: PLAIN + bytes(MOST_BYTES), Fault.TOO_LARGE),
    "csv called xlsx": (lambda: "Уюм;Саат\nБорбор;36\n".encode(), Fault.NOT_EXCEL),
    "html called xls": (lambda: HTML, Fault.NOT_EXCEL),
    "docx": (lambda: zipped(word__document_xml=b"<w:document/>"), Fault.NOT_EXCEL),
    "zip": (lambda: zipped(a_txt=b"a"), Fault.NOT_EXCEL),
    "old xls": (workbooks.old_excel, Fault.OLD_EXCEL),
    "locked": (workbooks.locked, Fault.LOCKED),
    "locked parts": (lambda: workbooks.with_password_on_parts(PLAIN), Fault.LOCKED),
    "cut off": (lambda: PLAIN[: len(PLAIN) // 2], Fault.DAMAGED),
    "no zip": (lambda: b"PK\x03\x04" + bytes(500), Fault.DAMAGED),
    "no sheet": (lambda: zipped(xl__workbook_xml=b"<workbook/>"), Fault.DAMAGED),
    "vertical tab": (lambda: workbooks.with_sheet(PLAIN, lambda xml: xml.replace("<v>36", "<v>\x0b")), Fault.DAMAGED),
    "no number": (lambda: workbooks.with_sheet(PLAIN, lambda xml: xml.replace("<v>36", "<v>1e")), Fault.DAMAGED),
    "billion laughs": (lambda: workbooks.billion_laughs(PLAIN), Fault.DAMAGED),
    "file of the server": (lambda: workbooks.reading_a_file(PLAIN), Fault.DAMAGED),
    "zip bomb": (lambda: workbooks.zip_bomb(PLAIN, megabytes=96), Fault.TOO_HEAVY),
    "small zip bomb": (lambda: workbooks.zip_bomb(PLAIN, megabytes=64), Fault.TOO_HEAVY),
    "zip bomb that lies": (lambda: workbooks.lying_bomb(PLAIN), Fault.DAMAGED),
    "many parts": (lambda: workbooks.many_parts(PLAIN), Fault.TOO_HEAVY),
    "100 000 rows": (lambda: workbooks.endless_rows(PLAIN, 100_000), Fault.TOO_MANY_ROWS),
    "one row too many": (lambda: workbooks.many_rows(HEAD, ROW, MOST + 1), Fault.TOO_MANY_ROWS),
    "only headings": (lambda: book(HEAD), Fault.NO_ROWS),
    "another table": (lambda: book(["Аты", "Жашы"], ["Бакыт", 40]), Fault.NO_HEADINGS),
}
BOMBS = ["billion laughs", "zip bomb", "small zip bomb", "zip bomb that lies", "many parts", "100 000 rows"]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_holds_no_table_is_refused_with_one_sentence(name: str) -> None:
    build, fault = REFUSED[name]
    data = build()
    seconds, held = used()
    sheet = table(data)
    assert faults(sheet) == [fault]
    assert sheet.rows == []
    assert re.fullmatch(r"[^%]+\.", sheet.problems[0].text)
    if name in BOMBS:  # costs the site a moment and no memory
        seconds_after, held_after = used()
        assert seconds_after - seconds < sheet_reader.SECONDS
        assert held_after - held < 100 * MEBIBYTE


def test_work_without_end_is_stopped(monkeypatch, tmp_path) -> None:
    hurried = tmp_path / "sheet_reader.py"
    program = Path(sheet_reader.__file__).read_text()
    hurried.write_text(program.replace(f"SECONDS = {sheet_reader.SECONDS} ", "SECONDS = 1 "))
    monkeypatch.setattr(sheet_reader, "__file__", str(hurried))
    data = workbooks.heavy_texts(PLAIN)
    seconds, _held = used()
    assert faults(table(data)) == [Fault.TOO_HEAVY]
    assert 0.5 < used()[0] - seconds < 2


def test_every_fault_is_tried() -> None:
    of_cells = {"no_heading", "heading_twice", "headings_again", "formula", "error", "merged", "too_long", "missing"}
    assert {fault for _build, fault in REFUSED.values()} | of_cells == set(Fault.values)


def used() -> tuple[float, int]:
    """Seconds that ended processes of ours have worked, and the most bytes that this one ever held."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_reader_that_does_not_answer_in_time_is_a_refusal(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "PATIENCE", 0.001)
    assert faults(table(PLAIN)) == [Fault.TOO_HEAVY]


def test_a_reader_that_fails_is_a_refusal_and_stands_in_the_log(monkeypatch, caplog, tmp_path) -> None:
    broken = tmp_path / "sheet_reader.py"
    broken.write_text("import a_library_that_is_missing")
    monkeypatch.setattr(sheet_reader, "__file__", str(broken))
    assert faults(table(PLAIN)) == [Fault.DAMAGED]
    assert "a_library_that_is_missing" in caplog.text


def test_the_reader_can_write_no_file_and_knows_nothing_of_the_site(monkeypatch, tmp_path, caplog) -> None:
    curious = tmp_path / "sheet_reader.py"
    curious.write_text(
        f"import os, sys\nsource = open({sheet_reader.__file__!r}).read().replace('__main__', 'other')\nexec(source)\n"
        "limit_this_process()\nprint(sorted(os.environ), os.getcwd(), file=sys.stderr)\n"
        f"file = open({str(tmp_path / 'written')!r}, 'w')\nfile.write('x')\nfile.close()\n"
    )
    monkeypatch.setattr(sheet_reader, "__file__", str(curious))
    monkeypatch.setenv("DATABASE_URL", "postgres://site:hunter2@db.example.kg/cpd")
    assert faults(table(PLAIN)) == [Fault.DAMAGED]
    assert "] / " in caplog.text.replace("\n", " ")
    assert "File too large" in caplog.text
    assert "DATABASE_URL" not in caplog.text
    assert (tmp_path / "written").read_text() == ""


# Tables as people make them ---------------------------------------------------------------------------------------


def test_cells_become_text_numbers_and_days() -> None:
    rows = [
        ["Сыноо борбору", 36, dt.date(2026, 10, 5), None],
        ["  Сыноо \n борбору ", 72.5, dt.datetime(2026, 10, 5, 9, 30), True],
        ["0042", "72,5 саат", "5-16-октябрь 2026", dt.time(9, 30)],
    ]
    sheet = table(book(HEAD, *rows))
    assert sheet.problems == []
    assert sheet.rows == [
        {"name": "Сыноо борбору", "hours": Decimal(36), "term": dt.date(2026, 10, 5), "note": None},
        {"name": "Сыноо борбору", "hours": Decimal("72.5"), "term": dt.date(2026, 10, 5), "note": True},
        {"name": "0042", "hours": "72,5 саат", "term": "5-16-октябрь 2026", "note": "09:30:00"},
    ]
    assert sheet.numbers == [2, 3, 4]
    assert {type(row["term"]) for row in sheet.rows[:2]} == {dt.date}


def test_headings_may_stand_below_titles_in_any_order_and_spelling() -> None:
    data = book(
        ["2026-2027-окуу жылынын план-графиги"],
        [],
        [None, "№", "САААТ".replace("ААА", "АА"), "Башка", "уюмдун  аталышы:", "Отуу мооноту"],
        [None, 1, 36, "x", "Борбор", "5.10.2026"],
    )
    sheet = table(data)
    assert sheet.problems == []
    assert sheet.numbers == [4]
    assert sheet.letters == {"hours": "C", "name": "E", "term": "F"}
    assert sheet.unread == ["Башка"]


def test_empty_rows_numbered_empty_rows_and_numbers_of_columns_are_no_rows() -> None:
    head = ["№", *HEAD]
    sheet = table(book(head, [1, 2, 3, 4, 5], [1, *ROW], [], [2, None, None, None, None], [3, *ROW]))
    assert sheet.problems == []
    assert sheet.numbers == [3, 6]


def test_missing_and_double_headings_are_all_told() -> None:
    sheet = table(book(["Уюмдун аталышы", "Организация", "Эскертуу"], ["Борбор", "Борбор", "x"]))
    assert told(sheet) == [("no_heading", 1, ""), ("no_heading", 1, ""), ("heading_twice", 1, "B")]
    assert "Саат" in sheet.problems[0].text
    assert sheet.problems[2].heading == "Организация"
    assert all(heading in sheet.problems[2].text for heading in ("Уюмдун аталышы", "Организация"))


def test_a_second_table_below_is_told() -> None:
    assert told(table(book(HEAD, ROW, [], HEAD, ROW))) == [("headings_again", 4, "")]


def test_formulas_and_errors_are_told_by_cell_and_never_evaluated() -> None:
    rows = [["=CMD()", "=1+1", "=TODAY()", None], ["Борбор", "#REF!", "5.10.2026", "#DIV/0!"]]
    sheet = table(book(HEAD, *rows))
    assert told(sheet) == [
        ("formula", 2, "A"),
        ("formula", 2, "B"),
        ("formula", 2, "C"),
        ("error", 3, "B"),
        ("error", 3, "D"),
    ]
    assert sheet.problems[1] == Problem("formula", sheet.problems[1].text, 2, "B", "Саат")


def test_a_text_that_looks_like_a_formula_is_text() -> None:
    def as_text(sheet: Worksheet) -> None:
        sheet["A2"].data_type = "s"

    assert table(book(HEAD, ["=1+1", 36, "2026", None], change=as_text)).rows[0]["name"] == "=1+1"


def test_merged_cells_in_the_table_are_told_and_those_above_it_are_not() -> None:
    def merge(sheet: Worksheet) -> None:
        for cells in ("A1:D1", "A3:A4", "F3:F4", "C9:C99"):
            sheet.merge_cells(cells)

    sheet = table(book(["Аталышы"], HEAD, ROW, [None, *ROW[1:]], change=merge))
    assert told(sheet) == [("merged", 3, "A")]
    assert "A3:A4" in sheet.problems[0].text


def test_a_required_cell_that_is_empty_is_told_and_another_is_not() -> None:
    assert told(table(book(HEAD, ["Борбор", None, "  ", None]))) == [("missing", 2, "B"), ("missing", 2, "C")]


def test_a_text_too_long_for_any_column_is_told() -> None:
    data = book(HEAD, ["Ө" * 2000, 36, "2026", "Ө" * 2001])
    assert told(table(data)) == [("too_long", 2, "D")]


def test_a_cell_holds_no_more_signs_than_its_column_can_keep() -> None:
    columns = (replace(COLUMNS[0], longest=5), replace(COLUMNS[1], longest=3), *COLUMNS[2:])
    sheet = table(book(HEAD, ["Борбор", 36, "2026", None], ["Борбо", 1234, "2026", None]), columns)
    assert told(sheet) == [("too_long", 2, "A"), ("too_long", 3, "B")]
    assert "5" in sheet.problems[0].text


def test_names_of_sheets_and_headings_are_told_in_few_signs() -> None:
    long = "Б" * 100_000
    parts = {"xl/workbook.xml": workbooks.naming_sheets(long, long)}
    sheet = table(workbooks.with_parts(book([*HEAD, long], ROW), parts))
    assert (sheet.title, sheet.others) == ("Б" * 31, ["Б" * 31])
    assert sheet.unread == ["Б" * 59 + "…"]


def test_an_answer_that_is_too_long_is_not_read(monkeypatch, tmp_path) -> None:
    endless = tmp_path / "sheet_reader.py"
    endless.write_text(f"print('x' * {sheet_reader.MOST_ANSWER})")
    monkeypatch.setattr(sheet_reader, "__file__", str(endless))
    assert faults(table(PLAIN)) == [Fault.TOO_HEAVY]


def test_the_longest_texts_that_are_read_fit_into_an_answer() -> None:
    row = ["😀" * 250] * 4
    sheet = table(workbooks.many_rows(HEAD, row, 125), most=125)
    assert len(sheet.rows) == 125
    assert faults(table(workbooks.many_rows(HEAD, ["Ө" * 2000] * 4, 135), most=135)) == [Fault.TOO_HEAVY]


def test_what_nobody_sees_and_no_database_takes_is_left_out() -> None:
    name = "а_x000B_б\u200b _x0000_ в\u202e"
    assert table(book(HEAD, [name, 36, "2026", None])).rows[0]["name"] == "а б\u200b в"


@pytest.mark.parametrize("said", ["A1:XFD1048576", "A1", "B2:B2"])
def test_a_sheet_may_say_any_size_of_itself(said: str) -> None:
    sheet = table(workbooks.with_dimension(book(HEAD, ROW, ROW), said))
    assert (sheet.problems, sheet.numbers) == ([], [2, 3])


def test_a_stray_cell_at_the_far_end_is_no_row() -> None:
    def stray(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "x"

    sheet = table(book(HEAD, ROW, change=stray))
    assert (sheet.problems, sheet.numbers) == ([], [2])


def test_a_stray_cell_far_below_is_told_by_its_row() -> None:
    def stray(sheet: Worksheet) -> None:
        sheet["B1048576"] = 36

    assert told(table(book(HEAD, ROW, change=stray))) == [("missing", 1048576, "A"), ("missing", 1048576, "C")]


def test_only_the_first_visible_sheet_is_read_and_the_others_are_named() -> None:
    made = Workbook()
    made.active.append(["жашыруун"])
    made.active.sheet_state = "hidden"
    for title, row in (("Курстар", ROW), ("Үлгү", ["x", 1, "y", None])):
        sheet = made.create_sheet(title)
        sheet.append(HEAD)
        sheet.append(row)
    made.active = 1
    read = table(workbooks.saved(made))
    assert (read.title, read.others) == ("Курстар", ["Үлгү"])
    assert [row["name"] for row in read.rows] == ["Сыноо борбору"]


def test_as_many_rows_as_allowed_are_read() -> None:
    sheet = table(workbooks.many_rows(HEAD, ROW, MOST))
    assert sheet.problems == []
    assert len(sheet.rows) == MOST


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("0042", "0042"),
        (Decimal(36), "36"),
        (Decimal("72.5"), "72,5"),
        (dt.date(2026, 3, 5), "05.03.2026"),
        (True, "TRUE"),
        (False, "FALSE"),
    ],
)
def test_a_cell_is_told_as_excel_shows_it(cell: Any, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(("column", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (16384, "XFD")])
def test_columns_have_excels_letters(column: int, letter: str) -> None:
    assert letter_of(column) == letter
    assert sheet_reader.column_number(letter) == column


# All sheets of a book ---------------------------------------------------------------------------------------------


def several(**sheets: list[list[Any]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return workbooks.saved(made)


def test_every_visible_sheet_of_a_book_is_read_with_its_own_headings() -> None:
    found = read_book(several(Бир=[["Аты"], ["x"]], Эки=[["Баш"], [], HEAD, ROW, ROW]), most_rows=MOST)
    assert found.problems == []
    assert [(sheet.title, sheet.known(COLUMNS)) for sheet in found.sheets] == [("Бир", 0), ("Эки", 4)]
    opened = found.sheets[1].open(COLUMNS)
    assert (opened.count, opened.problems, opened.letters["term"]) == (2, [], "C")
    rows = list(opened.rows())
    assert [(row.number, row.problems) for row in rows] == [(4, []), (5, [])]
    assert rows[0].cells == table(PLAIN).rows[0]
    assert [row.number for row in opened.rows()] == [4, 5]


def test_each_row_of_a_book_brings_its_own_problems() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A3:A4")

    data = book(HEAD, ["=1+1", 36, "2026", None], ROW, ROW, HEAD, ["x", None, "2026", None], change=merge)
    (sheet,) = read_book(data, most_rows=MOST).sheets
    rows = list(sheet.open(COLUMNS).rows())
    assert [(row.number, [(one.code, one.column) for one in row.problems]) for row in rows] == [
        (2, [("formula", "A")]),
        (3, [("merged", "A")]),
        (4, [("merged", "A")]),
        (5, [("headings_again", "")]),
        (6, [("missing", "B")]),
    ]


@pytest.mark.parametrize("name", [*BOMBS, "empty", "too large", "csv called xlsx", "old xls", "locked", "cut off"])
def test_a_hostile_book_is_refused_as_a_sheet_is(name: str) -> None:
    build, fault = REFUSED[name]
    seconds, held = used()
    found = read_book(build(), most_rows=MOST)
    assert ([problem.code for problem in found.problems], found.sheets) == ([fault], [])
    seconds_after, held_after = used()
    assert seconds_after - seconds < sheet_reader.SECONDS
    assert held_after - held < 100 * MEBIBYTE


def test_a_book_of_more_text_than_is_kept_is_refused(monkeypatch, tmp_path) -> None:
    short = tmp_path / "sheet_reader.py"
    program = Path(sheet_reader.__file__).read_text()
    short.write_text(program.replace("BOOK_TEXT = 12 << 20", "BOOK_TEXT = 100"))
    monkeypatch.setattr(sheet_reader, "__file__", str(short))
    found = read_book(several(Бир=[HEAD, ROW], Эки=[HEAD, *[ROW] * 9]), most_rows=MOST)
    assert [problem.code for problem in found.problems] == [Fault.TOO_HEAVY]


def test_a_book_that_is_not_read_in_time_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "BOOK_PATIENCE", 0.001)
    assert [problem.code for problem in read_book(PLAIN, most_rows=MOST).problems] == [Fault.TOO_HEAVY]


def test_who_waits_for_a_book_is_heard_of(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "BREATH", 0.01)
    heard: list[int] = []
    found = read_book(workbooks.many_rows(HEAD, ROW, MOST), most_rows=MOST, waiting=lambda: heard.append(1))
    assert len(heard) > 1
    assert [row.number for row in found.sheets[0].open(COLUMNS).rows()] == list(range(2, MOST + 2))
