"""Tables as files: they become an Excel file, or one becomes a paper. The only module that touches XlsxWriter.

What people typed stays text: it is never a formula, never a link, and never a number by accident.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import make_naive

from cpd.dates import today
from cpd.pdf import UNPRINTABLE, render_pdf
from cpd.templatetags.cpd import hours

Cell = str | Decimal | int | dt.date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN_STRINGS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST_TEXT = 32_767  # signs in a cell; XlsxWriter would leave out a longer text altogether
LONGEST_SHEET_TITLE = 31
NOT_IN_SHEET_TITLES = re.compile(r"[\[\]:*?/\\']")
HEADING = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1, "bg_color": "#E3E6E9"}
BODY = {"text_wrap": True, "valign": "top", "border": 1}
EXAMPLE = {"italic": True, "font_color": "#5C636A", "text_wrap": True, "valign": "top", "border": 1}
DATE = "dd.mm.yyyy"
# What Excel begins to calculate where somebody types it; in East Asian versions the wide signs too.
LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """``width`` in signs of Excel's plain font; on paper the columns have the same proportions."""

    heading: str
    width: int


@dataclass(frozen=True)
class Table:
    """A title, what the table is about, and rows of cells; ``strong`` are the places of rows that sum up others.

    Rows may come one by one; then they can be written once.
    """

    title: str
    sheet: str
    about: Sequence[tuple[str, Cell]]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    strong: Collection[int] = ()

    @property
    def shares(self) -> list[str]:
        """The widths of the columns on paper, in per cent, as style sheets write numbers."""
        whole = sum(column.width for column in self.columns)
        return [f"{100 * column.width / whole:.2f}" for column in self.columns]


def table_xlsx(table: Table, made_at: dt.datetime | None = None) -> bytes:
    """The table as an Excel file: numbers are numbers, dates are dates, and the heading stays in sight."""
    file = BytesIO()
    _write_xlsx(file, [table], made_at, {"in_memory": True})
    return file.getvalue()


def write_xlsx(file: Path, tables: Sequence[Table], made_at: dt.datetime | None = None) -> None:
    """An Excel file with a sheet for each table; of rows that come one by one only one is in memory.

    ``made_at`` is the moment that the file names as its own: with it the same tables make the same bytes.
    """
    _write_xlsx(file, tables, made_at, {"constant_memory": True})


def _write_xlsx(
    file: IO[bytes] | Path, tables: Sequence[Table], made_at: dt.datetime | None, options: dict[str, bool]
) -> None:
    book = xlsxwriter.Workbook(file, options | PLAIN_STRINGS)
    properties: dict[str, object] = {"title": _clean(tables[0].title)}
    if made_at:
        properties["created"] = make_naive(made_at, dt.UTC).replace(microsecond=0)
    book.set_properties(properties)
    titles: list[str] = []
    for table in tables:
        titles.append(_another(sheet_title(table.sheet), titles))
        _write_sheet(_Sheet(book, titles[-1]), table)
    book.close()


def _write_sheet(sheet: "_Sheet", table: Table) -> None:
    sheet.write(0, 0, table.title, {"bold": True, "font_size": 13})
    for row, (label, value) in enumerate(table.about, start=1):
        sheet.write(row, 0, label, {})
        sheet.write(row, 1, value, {"bold": True, "align": "left"})
    top = len(table.about) + 2
    for place, column in enumerate(table.columns):
        sheet.sheet.set_column(place, place, column.width)
        sheet.write(top, place, column.heading, HEADING)
    last = top
    for last, cells in enumerate(table.rows, start=top + 1):
        for place, value in enumerate(cells):
            sheet.write(last, place, value, BODY | {"bold": last - top - 1 in table.strong})
    sheet.sheet.freeze_panes(top + 1, 0)
    filtered = last
    while filtered - top - 1 in table.strong:  # sums at the end stay where they are when the rows are sorted
        filtered -= 1
    sheet.sheet.autofilter(top, 0, filtered, len(table.columns) - 1)
    sheet.sheet.repeat_rows(top)
    sheet.sheet.set_landscape()
    sheet.sheet.set_paper(9)  # A4
    sheet.sheet.fit_to_pages(1, 0)


def _another(title: str, titles: Collection[str]) -> str:
    """Excel takes no two sheets of one name, whatever the case of its letters."""
    taken = {one.lower() for one in titles}
    number = 1
    other = title
    while other.lower() in taken:
        number += 1
        other = f"{title[: LONGEST_SHEET_TITLE - 4]} {number}"
    return other


@dataclass(frozen=True)
class BlankColumn(Column):
    """A column to fill in: one value that shows how, and words to choose from.

    Where the list is closed, Excel takes no other word.
    """

    example: Cell = ""
    choices: Sequence[str] = ()
    is_closed: bool = True


def blank_xlsx(columns: Sequence[BlankColumn], *, rows: int, sheets: Sequence[str], notes: Sequence[str]) -> bytes:
    """A workbook to fill in: headings with lists to choose from, an example on a second sheet, the lists hidden.

    ``sheets`` are the titles of the three.
    """
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **PLAIN_STRINGS})
    blank, example, lists = (_Sheet(book, sheet_title(title)) for title in sheets)
    as_text = book.add_format({"num_format": "@"})  # so that Excel makes no date of «12-23.07.2026»
    for place, column in enumerate(columns):
        for sheet in (blank, example):
            is_text = isinstance(column.example, str)
            sheet.sheet.set_column(place, place, column.width, as_text if is_text else None)
            sheet.write(0, place, column.heading, HEADING)
        example.write(1, place, column.example, BODY)
        if column.choices:
            _write_list(lists, place, column.choices)
            blank.sheet.data_validation(1, place, rows, place, _list_rule(lists, place, column))
    for row, note in enumerate(notes, start=3):
        example.write(row, 0, note, {})
    for sheet in (blank, example):
        sheet.sheet.freeze_panes(1, 0)
    lists.sheet.hide()
    book.close()
    return file.getvalue()


@dataclass(frozen=True)
class BlankSheet:
    """One sheet of a workbook to fill in: the first row below its headings is the example."""

    title: str
    columns: Sequence[BlankColumn]
    rows: int


def blank_book(sheets: Sequence[BlankSheet], *, hints: Table, lists: str) -> bytes:
    """A workbook of several sheets to fill in, with what to write where on a further one, and the lists hidden."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **PLAIN_STRINGS})
    made = [_Sheet(book, sheet_title(sheet.title)) for sheet in sheets]
    _write_sheet(_Sheet(book, sheet_title(hints.sheet)), hints)
    listed = _Sheet(book, sheet_title(lists))
    as_text = book.add_format({"num_format": "@"})  # so that Excel makes no date of «12-23.07.2026»
    as_day = book.add_format({"num_format": DATE})
    place_of_list = 0
    for sheet, written in zip(sheets, made, strict=True):
        for place, column in enumerate(sheet.columns):
            style = as_text if isinstance(column.example, str) else as_day
            written.sheet.set_column(place, place, column.width, style)
            written.write(0, place, column.heading, HEADING)
            written.write(1, place, column.example, EXAMPLE)
            if column.choices:
                _write_list(listed, place_of_list, column.choices)
                rule = _list_rule(listed, place_of_list, column)
                written.sheet.data_validation(1, place, sheet.rows, place, rule)
                place_of_list += 1
        written.sheet.freeze_panes(1, 0)
    listed.sheet.hide()
    book.close()
    return file.getvalue()


def _write_list(sheet: "_Sheet", place: int, choices: Sequence[str]) -> None:
    for row, choice in enumerate(choices):
        sheet.write(row, place, choice, {})


def _list_rule(lists: "_Sheet", place: int, column: BlankColumn) -> dict[str, Any]:
    letter = xlsxwriter.utility.xl_col_to_name(place)
    source = f"='{lists.sheet.get_name()}'!${letter}$1:${letter}${len(column.choices)}"
    return {"validate": "list", "source": source, "show_error": column.is_closed}


def as_download(content: bytes, name: str) -> HttpResponse:
    """A workbook as an answer that is saved under ``name``."""
    answer = HttpResponse(content, content_type=XLSX)
    safe = re.sub(r"[^\w-]+", "-", name).strip("-")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{safe}.xlsx") or ""
    return answer


def table_file(table: Table, kind: str, name: str, *, in_pdf: Callable[[Table], bytes] | None = None) -> HttpResponse:
    """The table as an answer: "xlsx" is saved under ``name``, "pdf" is shown; ``in_pdf`` makes a paper of its own."""
    is_paper = kind == "pdf"
    content = (in_pdf or table_pdf)(table) if is_paper else table_xlsx(table)
    answer = HttpResponse(content, content_type="application/pdf" if is_paper else XLSX)
    safe = re.sub(r"[^\w-]+", "-", name).strip("-")
    named = content_disposition_header(as_attachment=not is_paper, filename=f"{safe}.{kind}")
    answer["Content-Disposition"] = named or "inline"
    return answer


def table_pdf(table: Table, template: str = "pdf/table.html", *, words: str = "", **more: Any) -> bytes:
    """The table as a paper, landscape, its heading on every page; a form of its own has a template of its own.

    ``words`` are those of the institution whose paper it is (``cpd.wording``).
    """
    rows = [
        {"cells": [printed(cell) for cell in cells], "is_strong": place in table.strong}
        for place, cells in enumerate(table.rows)
    ]
    about = [(label, printed(value)) for label, value in table.about]
    context = {"table": table, "about": about, "rows": rows, "printed_on": today()}
    return render_pdf(template, context | more, words)


def printed(cell: Cell) -> str:
    """A cell in signs, as papers write it."""
    if isinstance(cell, Decimal):
        return hours(cell)
    if isinstance(cell, dt.date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else str(cell)


def sheet_title(text: str) -> str:
    """What Excel takes as the name of a sheet: short, without its own signs, and never empty."""
    return NOT_IN_SHEET_TITLES.sub(" ", _clean(text))[:LONGEST_SHEET_TITLE].strip() or "1"


class _Sheet:
    """One sheet, with its formats made once each."""

    def __init__(self, book: xlsxwriter.Workbook, title: str) -> None:
        self.book = book
        self.sheet = book.add_worksheet(title)
        self.formats: dict[str, xlsxwriter.format.Format] = {}

    def write(self, row: int, place: int, value: Cell, style: dict[str, object]) -> None:
        """Each kind of value by its own name: nothing is guessed from how a text looks."""
        if isinstance(value, str):
            # A text all the same; with Excel's own mark it stays one when the cell is edited.
            looks_live = {"quote_prefix": True} if value.startswith(LIVE) else {}
            self.sheet.write_string(row, place, _clean(value), self._format(style | looks_live))
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(row, place, value, self._format(style | {"num_format": DATE, "align": "left"}))
        elif value is None:
            self.sheet.write_blank(row, place, None, self._format(style))
        else:
            self.sheet.write_number(row, place, value, self._format(style))

    def _format(self, style: dict[str, object]) -> xlsxwriter.format.Format:
        key = repr(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(style)
        return self.formats[key]


def _clean(text: str) -> str:
    """What a cell can hold. XlsxWriter takes «<r>…</r>» for markup of its own: a space keeps it text."""
    text = UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("<r>"):
        text = f" {text}"
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
