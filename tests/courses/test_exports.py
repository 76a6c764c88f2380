"""Tables as Excel files and papers, read back: text stays text whatever it looks like, numbers and dates are such."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from courses.exports import Column, Table, sheet_title, table_pdf, table_xlsx
from tests.papers import Listener, hostile_markup, listening, read

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "{=1+1}",
    "|cmd",
    "%0A=1+1",
    "＝1+1",
]
LOOKS_LIKE_MORE = ["http://example.org", "mailto:a@example.org", "0042", "1e5", "_x0041_", "<r><t>x</t></r>", "TRUE"]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


def table(*rows: list, title: str = "Аталышы", sheet: str = "Мектеп", about: list | None = None) -> Table:
    columns = [Column(f"Тилке {n}", 10) for n, _cell in enumerate(rows[0] if rows else "аб")]
    return Table(title=title, sheet=sheet, about=about or [("Мектеп", "Ак-Бата")], columns=columns, rows=rows)


def opened(file: bytes) -> Worksheet:
    sheet = load_workbook(BytesIO(file)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def cells(file: bytes) -> list[list]:
    """The rows under the heading, which stands after the title, what the table is about, and an empty line."""
    rows = [[cell.value for cell in row] for row in opened(file).iter_rows(min_row=5)]
    return [row[: len(rows[0])] for row in rows]


def formulas(file: bytes) -> int:
    """``<f>`` elements in all parts of the file."""
    with zipfile.ZipFile(BytesIO(file)) as parts:
        return sum(parts.read(name).count(b"<f>") + parts.read(name).count(b"<f ") for name in parts.namelist())


# --- Excel --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS + LOOKS_LIKE_MORE)
def test_text_is_written_as_text_wherever_it_stands(text: str) -> None:
    made = table([text, text], [1, text], title=text, sheet=text, about=[(text, text)])
    made = Table(made.title, made.sheet, made.about, [Column(text, 10), Column(text, 10)], made.rows)
    file = table_xlsx(made)
    assert formulas(file) == 0
    found = [cell for row in opened(file).iter_rows() for cell in row if cell.value is not None]
    texts = [cell for cell in found if cell.value != 1]
    assert {cell.data_type for cell in texts} == {"s"}
    assert {cell.hyperlink for cell in found} == {None}
    assert {str(cell.value).strip() for cell in texts} == {text.strip()}
    assert len(texts) == 8


@pytest.mark.parametrize("text", ["=1+1", "+996", "-5", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text_when_the_cell_is_edited(text: str) -> None:
    """Excel's own mark for it; text that looks like nothing else carries none."""
    row = opened(table_xlsx(table([text, "Баалоо"])))[5]
    assert [bool(cell.quotePrefix) for cell in row[:2]] == [True, False]


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    day = dt.date(2026, 3, 15)
    [row] = cells(table_xlsx(table([72, Decimal("72.5"), day, None, "72"])))
    assert row == [72, 72.5, dt.datetime(2026, 3, 15), None, "72"]
    cell = opened(table_xlsx(table([day])))["A5"]
    assert cell.is_date
    assert cell.number_format == "dd.mm.yyyy"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("а\x0bб\x00в", "абв"),
        ("а\ufffeб\uffff", "аб"),
        ("а\ud800б", "аб"),
        ("а\u202eб", "аб"),
        ("Ө" * 40_000, "Ө" * 32_766 + "…"),
        ("  а \n б  ", "  а \n б  "),
    ],
)
def test_what_a_cell_cannot_hold_is_left_out(typed: str, written: str) -> None:
    assert cells(table_xlsx(table([typed, "соңу"]))) == [[written, "соңу"]]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("№5/6 [А]", "№5 6  А"),
        ("'Ак-Бата'", "Ак-Бата"),
        ("Ак-Бата орто мектеби " * 3, "Ак-Бата орто мектеби Ак-Бата ор"),
        ("[]:*?/\\", "1"),
        ("", "1"),
        ("\x0b", "1"),
    ],
)
def test_any_title_becomes_the_name_of_a_sheet(text: str, title: str) -> None:
    assert sheet_title(text) == title
    assert opened(table_xlsx(table(["а"], sheet=text))).title == title


def test_the_heading_stays_in_sight_and_can_be_filtered_by() -> None:
    sheet = opened(table_xlsx(table(["а", 1], ["б", 2])))
    assert [cell.value for cell in sheet[4]] == ["Тилке 0", "Тилке 1"]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:B6"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["A"].width == pytest.approx(10, abs=1)


def test_an_empty_table_is_a_file_too() -> None:
    sheet = opened(table_xlsx(table()))
    assert sheet.max_row == 4
    assert sheet["A1"].value == "Аталышы"


# --- paper --------------------------------------------------------------------------------------------------------


def test_an_empty_table_says_that_there_is_nothing() -> None:
    paper = read(table_pdf(table()))
    assert paper.is_landscape
    assert paper.text.startswith("Аталышы Мектеп Ак-Бата Тилке 0 Тилке 1 Маалымат жок")
    assert paper.title == "Аталышы, Мектеп"
    assert "1 / 1" in paper.text


@pytest.mark.parametrize("count", [1, 40])
def test_the_heading_repeats_on_every_page_and_a_row_stays_on_one(count: int) -> None:
    rows = [[f"Башы{n}ө", "узун сөз " * 12, dt.date(2026, 3, 15), Decimal("72.5"), f"Соңу{n}ө"] for n in range(count)]
    paper = read(table_pdf(table(*rows)))
    assert all("Тилке 0 Тилке 1" in page for page in paper.pages)
    for n in range(count):
        assert [f"Башы{n}ө" in page and f"Соңу{n}ө" in page for page in paper.pages].count(True) == 1
    assert "15.03.2026 72,5" in paper.text


def test_rows_that_sum_up_are_bold() -> None:
    made = Table("Аталышы", "Барак", [], [Column("а", 9)], [["баары"], ["бири"]], strong=[0])
    sheet = opened(table_xlsx(made))
    assert [sheet["A4"].font.bold, sheet["A5"].font.bold] == [True, False]


def test_markup_in_a_table_fetches_nothing(listener: Listener) -> None:
    for vector in hostile_markup(listener.address):
        made = table([vector, vector], title=vector, sheet=vector, about=[(vector, vector)])
        paper = read(table_pdf(made))
        assert paper.attachments == []
        assert "</" in vector or "<" in paper.text
    assert listener.asked == []
