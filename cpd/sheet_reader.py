"""One uploaded Excel file → its cells. A program of its own: ``python sheet_reader.py MOST_ROWS`` < upload > answer.

Workbooks from outside are opened here and nowhere else: in a process that knows no secret and no database, may take
only so much time and memory, and can write no file. It answers with one line of JSON: the cells of the first visible
sheet, or what is wrong with the file (a value of ``cpd.sheets.Fault``). Formulas are never evaluated. No Django: it
starts for every upload.

``python sheet_reader.py MOST_ROWS book`` reads every visible sheet, for work in the background: it has more time. Of
each it tells, a line each, the title, the rows, and what is merged; the last line is the fault, if there is one.
"""

import datetime as dt
import io
import json
import math
import os
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser

MOST_PARTS = 500  # in the archive; Excel writes about a dozen, and one more for each sheet and picture
MOST_UNPACKED = 80 << 20  # bytes of all parts together
MOST_PACKED_TIGHTLY = 300  # times: tables of equal rows shrink to a hundredth, bombs to a thousandth
SMALL_PART = 1 << 20  # bytes up to which nobody asks how tightly a part is packed

LINES_ABOVE = 50  # titles and remarks that may stand above the table
MOST_COLUMNS = 100
LONGEST_CELL = 2000  # signs; of a longer text one more is handed on, so that it is seen to be too long
MOST_TEXT = 1 << 20  # signs of all cells together; a thousand rows of a plan-schedule have a fifth of it
MOST_MERGED = 200  # ranges told
MOST_SHEETS = 20  # names of further sheets told
LONGEST_TITLE = 31  # signs of a sheet's name in Excel; a file made by hand may say more
MOST_ANSWER = 8 << 20  # bytes: all that is told above, however it is written

SECONDS = 3  # of the processor's time; a thousand rows need half of one
MEMORY = 512 << 20

# Of all sheets of a book together: a district of a hundred schools has twenty thousand past courses.
BOOK_TEXT = 12 << 20  # signs
BOOK_ANSWER = 48 << 20  # bytes
BOOK_SECONDS = 60  # twenty-four thousand rows need a dozen
BOOK_MEMORY = 224 << 20

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the first bytes of Excel before 2007, and of a workbook with a password
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
MERGED_TAG = ROW_TAG.replace("}row", "}mergeCell")
RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)")


class Unfit(Exception):
    """The file is not taken; the argument is the code of what is wrong."""


class Cell(NamedTuple):
    """``kind``: s text, n number, d date, b yes or no, f formula, e error; ``value`` in signs."""

    column: int
    kind: str
    value: str


class Rows(WorkSheetParser):
    """The rows of a sheet as they lie in the file, whatever it says of its own size, and which cells are merged.

    openpyxl's own reading of rows fills up every gap, to a million rows of sixteen thousand cells.
    """

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        self.merged: list[str] = []
        for _event, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == MERGED_TAG and len(self.merged) < MOST_MERGED:
                self.merged.append(element.get("ref", ""))

    def parse_formula(self, element: Any) -> str:
        return ""


def check_archive(data: bytes) -> None:
    """What the directory of the archive says, before anything is unpacked. More than it says is never unpacked."""
    if data.startswith(OLE):
        raise Unfit("locked" if ENCRYPTED_PART in data else "old_excel")
    if not data.startswith(b"PK"):
        raise Unfit("not_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        raise Unfit("damaged") from None
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit("locked")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unfit("too_heavy")
    if any(is_bomb(part) for part in parts):
        raise Unfit("too_heavy")
    if not any(part.filename.lstrip("/").startswith("xl/workbook") for part in parts):
        raise Unfit("not_excel")


def is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL_PART and part.file_size > part.compress_size * MOST_PACKED_TIGHTLY


def content(data: bytes, most_rows: int) -> dict[str, Any]:
    """The first visible sheet: its rows that are not empty, with their numbers, and the ranges that are merged."""
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    sheet, *others = visible_sheets(book)
    merged: list[str] = []
    found = []
    text = 0
    for number, told in rows_of(book, sheet, merged, most_rows):
        text += sum(len(cell.value) for cell in told)
        if text > MOST_TEXT:
            raise Unfit("too_heavy")
        found.append((number, told))
    return {
        "title": sheet.title[:LONGEST_TITLE],
        "others": [other.title[:LONGEST_TITLE] for other in others[:MOST_SHEETS]],
        "rows": found,
        "merged": [corner for corner in map(corners, merged) if corner],
    }


def whole_book(data: bytes, most_rows: int) -> Iterator[Any]:
    """Every visible sheet: its title, each row that is not empty, the ranges that are merged."""
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    text = 0
    for sheet in visible_sheets(book)[:MOST_SHEETS]:
        merged: list[str] = []
        yield {"title": sheet.title[:LONGEST_TITLE]}
        for row in rows_of(book, sheet, merged, most_rows):
            text += sum(len(cell.value) for cell in row[1])
            if text > BOOK_TEXT:
                raise Unfit("too_heavy")
            yield row
        yield {"merged": [corner for corner in map(corners, merged) if corner]}


def visible_sheets(book: Any) -> list[Any]:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Unfit("empty")
    return visible


def rows_of(book: Any, sheet: Any, merged: list[str], most_rows: int) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a sheet that are not empty, with their numbers; what is merged is added to ``merged``."""
    count = 0
    with sheet._get_source() as source:
        rows = Rows(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in rows.parse():
            told = [cell for cell in map(cell_of, cells) if cell]
            if not told:
                continue
            count += 1
            if count > most_rows + LINES_ABOVE:
                raise Unfit("too_many_rows")
            yield number, told
    merged += rows.merged


def cell_of(cell: dict[str, Any]) -> Cell | None:
    """The cell in signs; nothing where it is empty, or farther to the right than any table reaches."""
    column, kind, value = cell["column"], cell["data_type"], cell["value"]
    if column > MOST_COLUMNS or (value is None and kind != "f"):
        return None
    if kind in ("f", "e"):
        return Cell(column, kind, "")
    if isinstance(value, bool):
        return Cell(column, "b", str(int(value)))
    if isinstance(value, dt.datetime):
        return Cell(column, "d", value.date().isoformat())
    if isinstance(value, dt.date):
        return Cell(column, "d", value.isoformat())
    if isinstance(value, int | float):
        return Cell(column, "n", repr(value)[:LONGEST_CELL]) if math.isfinite(value) else Cell(column, "e", "")
    text = str(value)
    return Cell(column, "s", text[: LONGEST_CELL + 1]) if text.strip() else None


def corners(merged: str) -> tuple[int, int, int, int] | None:
    """“B5:C7” → first column, first row, last column, last row."""
    if not (parts := RANGE.fullmatch(merged)):
        return None
    return column_number(parts[1]), int(parts[2]), column_number(parts[3]), int(parts[4])


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def limit_this_process(seconds: int = SECONDS, memory: int = MEMORY) -> None:
    os.nice(10)  # pages come first
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(data: bytes, most_rows: int) -> dict[str, Any]:
    return next(told(lambda: iter([content(data, most_rows)]), data))


def told(read: Callable[[], Iterator[Any]], data: bytes) -> Iterator[Any]:
    """What is read, and at the end what keeps the rest from being read."""
    try:
        check_archive(data)
        yield from read()
    except Unfit as unfit:
        yield {"fault": str(unfit)}
    except MemoryError:
        yield {"fault": "too_heavy"}
    except Exception:  # whatever the reader says of what it cannot read
        yield {"fault": "damaged"}


def main() -> None:
    most_rows, is_book = int(sys.argv[1]), sys.argv[2:] == ["book"]
    if is_book:
        limit_this_process(BOOK_SECONDS, BOOK_MEMORY)
    else:
        limit_this_process()
    warnings.simplefilter("ignore")  # of styles and extensions that are not read
    data = sys.stdin.buffer.read()
    lines = told(lambda: whole_book(data, most_rows), data) if is_book else iter([answer(data, most_rows)])
    for number, line in enumerate(lines):
        written = json.dumps(line, ensure_ascii=False).encode(errors="replace")
        sys.stdout.buffer.write(b"\n" + written if number else written)


if __name__ == "__main__":
    main()
