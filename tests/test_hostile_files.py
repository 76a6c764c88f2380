"""What people typed stays text in every file the site gives out: collected from the table of permissions.

Every text in the database begins like a formula and goes on as markup (trust T23, T24). Papers are looked at as they
are handed to the press: markup that was never there fetches and attaches nothing, whatever lays it out.
"""

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from openpyxl.cell.cell import Cell

from courses.exports import Column, Table, table_xlsx
from cpd import press
from cpd.sheets import SheetColumn, read_sheet
from tests import uploads
from tests.conftest import Cast
from tests.papers import foreign_markup
from tests.permissions.asking import prepare, sign_in
from tests.permissions.no_pages import PAPERS, SHEETS
from tests.permissions.table import ROWS, STRANGERS, WHO, Row
from tests.web import poison

MARKUP = "\"'><img rel=attachment src=//x>"
# Trust T24; the suite takes the first one, HOSTILE=whole all. What begins with «<r>» XlsxWriter takes for its own.
STARTS = ("=1+", "+1", "-1", "@SUM(", "\t=1", "\r=1", "|cmd", "%0A", "＝1+", "<r>", "{=1}", "http://x/")
TRIED = STARTS if os.environ.get("HOSTILE") == "whole" else STARTS[:1]


@pytest.mark.parametrize("start", TRIED)
def test_what_was_typed_is_text_in_every_paper_and_table(
    start: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(press.of_pages, "make", lambda html: drawn.append(html) or uploads.pdf())
    monkeypatch.setattr(poison, "MARK", start + MARKUP)
    typed = poison.Poison()
    typed.spread()
    shown = set()
    for row in wanted():
        with asked(row, cast, typed) as answer:
            if row.name in SHEETS:
                texts = texts_of(answer.content, row.name)
            else:
                assert foreign_markup(drawn[-1]) == [], row.name
                texts = [drawn[-1]]
            if any(start.strip() in unescape(text) for text in texts):
                shown.add(row.name)
    assert {*PAPERS, *SHEETS} - shown <= {"offering_blank", "import_template", "country_needs_xlsx"}  # empty here


def test_a_table_given_out_and_taken_in_again_says_the_same() -> None:
    columns = [Column("Аталышы", 20), Column("Эскертүү", 20)]
    rows = [[f"{start}{MARKUP}", f"{start}1"] for start in STARTS]
    file = table_xlsx(Table(title="Тизме", sheet="Тизме", about=[], columns=columns, rows=rows))
    wanted = (SheetColumn("title", ("Аталышы",)), SheetColumn("note", ("Эскертүү",)))
    read = read_sheet(file, wanted, most_rows=50)
    assert read.problems == []
    assert [[row["title"], row["note"]] for row in read.rows] == [[cell.strip() for cell in row] for row in rows]


def test_markup_and_formulas_would_be_noticed() -> None:
    assert foreign_markup(f"<p title='{MARKUP}'>x</p>") == ["img", "img rel", "img src"]
    assert foreign_markup("<p style='background: URL(//x)'>") == ["p style"]
    assert foreign_markup("<a href='section:7'>x</a><a href='#top'>x</a>") == []
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:  # as it is, without what courses.exports asks of it
        book.add_worksheet().write(0, 0, "=1+1")
    with pytest.raises(AssertionError):
        texts_of(file.getvalue(), "as it is")


def wanted() -> Iterator[Row]:
    """One row of each address that answers with a paper or a table."""
    rows = {}
    for row in ROWS:
        if (
            row.method == "GET"
            and row.name in {*PAPERS, *SHEETS}
            and any(answer == 200 for _who, answer in row.answers)
        ):
            rows.setdefault(row.name, row)
    assert rows.keys() == {*PAPERS, *SHEETS}
    yield from rows.values()


@contextmanager
def asked(row: Row, cast: Cast, typed: poison.Poison) -> Iterator[HttpResponse]:
    """What the first who may have it is given; afterwards all is as before."""
    who = next(who for column, answer in row.answers if answer == 200 for who in (WHO | STRANGERS)[column])
    with transaction.atomic():
        for paper in ("plan", "annual_plan"):
            cast.__dict__.pop(paper, None)
        with typed.of_what_is_written():
            address = prepare(cast, row)["url"]
        client = Client()
        sign_in(client, cast.people[who])
        answer = client.get(address)
        assert answer.status_code == 200, row.name
        yield answer
        transaction.set_rollback(True)


def texts_of(data: bytes, name: str) -> list[str]:
    """The cells of a workbook, all of them values: no formula, no link, nothing that Excel was told to fetch."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    for part, xml in parts.items():
        assert not re.search(rb"<f[ >/]|<hyperlink|<dde|externalLink", xml), (name, part)
        assert not re.search(rb'TargetMode="External"', xml), (name, part)
    cells: list[Cell] = []
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        cells += [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == [], name
    return [cell.value for cell in cells if isinstance(cell.value, str)]
