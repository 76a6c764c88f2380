"""Tables out of uploaded Excel files: rows of cells, and everything that is wrong with them by row and column.

What opens the file is ``cpd.sheet_reader``, in a process of its own that is stopped when it takes too much: a hostile
file costs the site a moment, never a page.
"""

import datetime as dt
import json
import logging
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cpd import sheet_reader
from cpd.pdf import UNPRINTABLE
from cpd.text import fold
from cpd.uploads import MOST_BYTES

logger = logging.getLogger(__name__)

PATIENCE = 15  # seconds: the processor's time is limited in the reader, this is for a machine with much to do
BOOK_PATIENCE = 240  # seconds, in the background
BREATH = 10  # seconds after which who waits for a book is heard of
AS_ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")  # how Excel writes control characters, line ends among them
LONGEST_HEADING = 60  # signs told of a heading
LEAST_NUMBERING = 3  # «1 2 3 …» under the headings numbers the columns, as official forms do

Cell = str | Decimal | dt.date | bool | None
Cells = dict[int, tuple[str, str]]  # of one line: kind and value by the number of the column
Line = tuple[int, Cells]
Corners = tuple[int, int, int, int]  # first column, first row, last column, last row


class Fault(TextChoices):
    """What is wrong with a file or with a cell, as the person reads it."""

    EMPTY = "empty", _("The file is empty.")
    TOO_LARGE = "too_large", _("The file is too large. The limit is %(size)s MB.")
    NOT_EXCEL = (
        "not_excel",
        _("This is not an Excel workbook (.xlsx). Open it in Excel and save it as one."),
    )
    OLD_EXCEL = (
        "old_excel",
        _("This workbook has the old format (.xls). Open it in Excel and save it as .xlsx."),
    )
    LOCKED = "locked", _("The workbook is protected by a password. Save it without a password.")
    DAMAGED = "damaged", _("The workbook is damaged or incomplete. Open it in Excel and save it anew.")
    TOO_HEAVY = "too_heavy", _("The workbook takes too long to open. Copy the table alone into a new workbook.")
    TOO_MANY_ROWS = "too_many_rows", _("The sheet has more than %(rows)s rows. Divide it into several files.")
    NO_HEADINGS = "no_headings", _("The headings of the table were not found. It needs: %(headings)s.")
    NO_ROWS = "no_rows", _("There are no rows below the headings.")
    NO_HEADING = "no_heading", _("The column “%(heading)s” is missing.")
    HEADING_TWICE = "heading_twice", _("“%(first)s” and “%(heading)s” say the same. Leave one of them.")
    HEADINGS_AGAIN = "headings_again", _("The headings begin again. Leave one table on the sheet.")
    FORMULA = "formula", _("A formula stands here. Write its result as a value.")
    ERROR = "error", _("Excel shows an error here. Write the value.")
    MERGED = "merged", _("The cells %(cells)s are merged. Separate them and fill in each.")
    TOO_LONG = "too_long", _("The text is too long. The limit is %(signs)s signs.")
    MISSING = "missing", _("Nothing is written here.")


@dataclass(frozen=True)
class SheetColumn:
    """A column by its name in the code. ``headings`` are all ways to write its heading, the first one is told.

    A required column must stand in the sheet, and every row must say something in it. ``longest`` are the signs that
    what is made of a cell can hold. Where all columns named in ``instead`` stand in the sheet, this one need not.
    """

    name: str
    headings: tuple[str, ...]
    required: bool = True
    longest: int = sheet_reader.LONGEST_CELL
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: with the cell in ``row`` and ``column`` (as Excel names both), else with the file."""

    code: str
    text: str
    row: int | None = None
    column: str = ""
    heading: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)  # what the text was made with


@dataclass(frozen=True)
class Sheet:
    """The rows below the headings by the names of their columns, their numbers in Excel, and all problems in order.

    ``letters`` tells which column stands where; ``unread`` are headings that nobody asked for, ``others`` the further
    visible sheets, of which nothing was read.
    """

    rows: list[dict[str, Cell]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    others: list[str] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def read_sheet(data: bytes, columns: Sequence[SheetColumn], *, most_rows: int) -> Sheet:
    """The table on the first visible sheet. Nothing of it may be taken while there are problems.

    A cell is text in one line, a number, a day, yes or no, or ``None`` where it is empty or wrong; moments are days.
    Headings may stand below titles; they are compared without regard to capitals, signs and Kyrgyz letters.
    """
    if refused := _unfit(data):
        return Sheet(problems=[refused])
    out, fault = _opened(data, [str(most_rows)], PATIENCE, sheet_reader.MOST_ANSWER)
    answer: dict[str, Any] = {"fault": fault} if fault else json.loads(out)
    if "fault" in answer:
        return Sheet(problems=[_problem(Fault(answer["fault"]), {"rows": most_rows})])
    return _whole(answer, columns, most_rows)


@dataclass(frozen=True)
class Row:
    """One row below the headings, its number in Excel, and what is wrong with its cells."""

    number: int
    cells: dict[str, Cell]
    problems: list[Problem]


class BookSheet:
    """One sheet of a book. Its lines stay as the reader told them and are looked at one by one: there may be many."""

    def __init__(self, title: str, told: list[memoryview], merged: list[Corners]) -> None:
        self.title, self._told, self._merged = title, told, merged

    def known(self, columns: Sequence[SheetColumn]) -> int:
        """How many of these columns the sheet has; none at all where one that is needed is missing."""
        table = _Table(columns)
        head = table.find_head(list(islice(self.lines(), sheet_reader.LINES_ABOVE)))
        return 0 if head is None or table.problems else len(table.places)

    def open(self, columns: Sequence[SheetColumn]) -> "OpenSheet":
        return OpenSheet(self, columns)

    def lines(self) -> Iterator[Line]:
        return (_line(json.loads(bytes(line))) for line in self._told)

    @property
    def merged(self) -> list[Corners]:
        return self._merged


class OpenSheet:
    """A sheet of a book as a table; ``problems`` are those of its headings, each row brings its own.

    ``letters`` and ``unread`` are as in ``Sheet``; ``count`` tells the rows.
    """

    def __init__(self, sheet: BookSheet, columns: Sequence[SheetColumn]) -> None:
        self._sheet, self._table = sheet, _Table(columns)
        first = list(islice(sheet.lines(), sheet_reader.LINES_ABOVE))
        head = self._table.find_head(first)
        self._below = 0 if head is None else head + 1
        self._top = 0 if head is None else first[head][0]
        self.problems = in_order(self._table.problems)
        self.letters = self._table.letters
        self.unread = [] if head is None else self._table.unread(first[head][1])
        self.count = 0 if head is None else sum(1 for _line in self._lines())

    def _lines(self) -> Iterator[Line]:
        below = islice(self._sheet.lines(), self._below, None)
        return (line for line in below if self._table.says_something(line[1]))

    def rows(self) -> Iterator[Row]:
        """The rows in their order; every one that a merged range reaches into is told of it."""
        merged = self._table.reaching(self._sheet.merged, self._top)
        for number, cells in self._lines():
            if self._table.is_heading(cells):
                yield Row(number, {}, [_problem(Fault.HEADINGS_AGAIN, row=number)])
                continue
            here = [one for one in merged if one[1] <= number <= one[3]]
            found, problems = self._table.row(number, cells, here)
            problems += [self._table.merged_problem(one, number) for one in here]
            yield Row(number, found, in_order(problems))


@dataclass(frozen=True)
class Book:
    """The visible sheets of a workbook, or the one problem that keeps it from being read."""

    sheets: list[BookSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_book(data: bytes, *, most_rows: int, waiting: Callable[[], object] = lambda: None) -> Book:
    """All visible sheets of a workbook. ``most_rows`` is what any of them may have. For work in the background.

    ``waiting`` is called every few seconds, so that a worker can show that it lives.
    """
    if refused := _unfit(data):
        return Book(problems=[refused])
    out, fault = _opened(data, [str(most_rows), "book"], BOOK_PATIENCE, sheet_reader.BOOK_ANSWER, waiting)
    if fault:
        return Book(problems=[_problem(fault)])
    sheets: list[BookSheet] = []
    title, told = "", list[memoryview]()
    for line in _lines_of(out):
        if line[0] == ord("["):
            told.append(line)
            continue
        said = json.loads(bytes(line))
        if "fault" in said:
            return Book(problems=[_problem(Fault(said["fault"]), {"rows": most_rows})])
        if "title" in said:
            title, told = said["title"], []
        else:
            sheets.append(BookSheet(title, told, [tuple(one) for one in said["merged"]]))
    return Book(sheets)


def text_of(cell: Cell) -> str:
    """A cell as Excel shows it: «72», «72,5», «15.03.2026», «TRUE»."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return f"{cell:%d.%m.%Y}" if isinstance(cell, dt.date) else cell


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Those of the file first, then row by row from left to right."""
    return sorted(problems, key=lambda one: (one.row or 0, len(one.column), one.column))


def letter_of(column: int) -> str:
    """1 → “A”, 28 → “AB”."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _unfit(data: bytes) -> Problem | None:
    """What keeps a file from being opened at all."""
    if not data:
        return _problem(Fault.EMPTY)
    if len(data) > MOST_BYTES:
        return _problem(Fault.TOO_LARGE, {"size": MOST_BYTES >> 20})
    return None


def _opened(
    data: bytes, words: Sequence[str], patience: float, most: int, waiting: Callable[[], object] = lambda: None
) -> tuple[bytes, Fault | None]:
    """What the reader answers, from a process that inherits neither our environment nor our folder."""
    with subprocess.Popen(  # noqa: S603  (our own program, no shell)
        [sys.executable, "-IB", str(Path(sheet_reader.__file__)), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"OPENPYXL_LXML": "False"},  # defusedxml guards only the standard parser
        cwd="/",
    ) as reader:
        try:
            out, errors = _patiently(reader, data, patience, waiting)
        except BaseException:
            reader.kill()
            raise
    if out is None or reader.returncode < 0:  # or ended by the system, for it took too much
        return b"", Fault.TOO_HEAVY
    if len(out) > most:
        return b"", Fault.TOO_HEAVY
    if reader.returncode:
        logger.error("The reader of workbooks failed: %s", errors.decode(errors="replace")[-2000:])
        return b"", Fault.DAMAGED
    return out, None


def _patiently(
    reader: subprocess.Popen[bytes], data: bytes, patience: float, waiting: Callable[[], object]
) -> tuple[bytes | None, bytes]:
    """What a process answers and complains of; no answer where patience ends before it does."""
    end = time.monotonic() + patience
    given: bytes | None = data
    while True:
        try:
            return reader.communicate(given, timeout=min(BREATH, max(end - time.monotonic(), 0)))
        except subprocess.TimeoutExpired:
            given = None  # it has been handed over, as far as it was taken
            if time.monotonic() >= end:
                reader.kill()
                return None, b""
            waiting()


def _lines_of(out: bytes) -> Iterator[memoryview]:
    """The lines of an answer, none of them copied."""
    whole, start = memoryview(out), 0
    while start < len(out):
        end = out.find(b"\n", start)
        end = len(out) if end < 0 else end
        yield whole[start:end]
        start = end + 1


def _line(told: tuple[int, list[tuple[int, str, str]]]) -> Line:
    number, cells = told
    return number, {cell[0]: (cell[1], cell[2]) for cell in cells}


def _problem(fault: Fault, values: dict[str, Any] | None = None, **place: Any) -> Problem:
    return Problem(fault.value, str(fault.label) % (values or {}), **place, values=values or {})


def _key(text: str) -> str:
    """A heading for comparison: «Саат,  саны» and «саат саны» are one."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _plain(text: str) -> str:
    """In one line, without what nobody sees and no database takes."""
    return " ".join(UNPRINTABLE.sub(" ", AS_ESCAPED.sub(" ", text)).split())


def _short(heading: str) -> str:
    """A heading that nobody asked for, in as many signs as are told of it."""
    return heading if len(heading) <= LONGEST_HEADING else f"{heading[: LONGEST_HEADING - 1]}…"


def _whole(answer: dict[str, Any], columns: Sequence[SheetColumn], most_rows: int) -> Sheet:
    """The one sheet of an answer, with every problem of its cells."""
    table = _Table(columns)
    lines = [_line(one) for one in answer["rows"]]

    def refused(fault: Fault, values: dict[str, Any] | None = None) -> Sheet:
        problems = in_order([_problem(fault, values), *table.problems])
        return Sheet(problems=problems, title=answer["title"], others=answer["others"])

    if not lines:
        return refused(Fault.EMPTY)
    head = table.find_head(lines[: sheet_reader.LINES_ABOVE])
    if head is None:
        needed = ", ".join(f"“{column.headings[0]}”" for column in columns if column.required)
        return refused(Fault.NO_HEADINGS, {"headings": needed})
    below = [line for line in lines[head + 1 :] if table.says_something(line[1])]
    if len(below) > most_rows:
        return refused(Fault.TOO_MANY_ROWS, {"rows": most_rows})
    if not below:
        return refused(Fault.NO_ROWS)
    reaching = table.reaching(answer["merged"], lines[head][0])
    merged = [one for one in reaching if any(one[1] <= number <= one[3] for number, _cells in below)]
    problems = [*table.problems, *(table.merged_problem(one, one[1]) for one in merged)]
    rows, numbers = [], []
    for number, cells in below:
        if table.is_heading(cells):
            problems.append(_problem(Fault.HEADINGS_AGAIN, row=number))
            continue
        row, wrong = table.row(number, cells, merged)
        rows.append(row)
        numbers.append(number)
        problems += wrong
    unread = table.unread(lines[head][1])
    return Sheet(rows, numbers, in_order(problems), answer["title"], answer["others"], table.letters, unread)


class _Table:
    """What stands where in a sheet: its headings, and its rows by them."""

    def __init__(self, columns: Sequence[SheetColumn]) -> None:
        self.columns = columns
        self.wanted = {_key(heading): column for column in columns for heading in column.headings}
        self.places: dict[int, SheetColumn] = {}
        self.problems: list[Problem] = []

    @property
    def letters(self) -> dict[str, str]:
        return {column.name: letter_of(place) for place, column in self.places.items()}

    def find_head(self, first: Sequence[Line]) -> int | None:
        """Which of the first lines holds the most headings, the first of such; nothing where none holds any."""
        if not first:
            return None
        head = max(range(len(first)), key=lambda place: len(self._matches(first[place][1])))
        found = self._matches(first[head][1])
        if not found:
            return None
        self._place(*first[head], found)
        return head

    def _matches(self, cells: Cells) -> dict[str, list[int]]:
        """Where a line names each column it names."""
        found = defaultdict(list)
        for place, (kind, value) in sorted(cells.items()):
            column = self.wanted.get(_key(value)) if kind == "s" else None
            if column:
                found[column.name].append(place)
        return found

    def _place(self, number: int, cells: Cells, found: dict[str, list[int]]) -> None:
        for column in self.columns:
            places = found.get(column.name, [])
            heading = {"heading": column.headings[0]}
            if places:
                self.places[places[0]] = column
            elif column.required and not (column.instead and found.keys() >= set(column.instead)):
                self.problems.append(_problem(Fault.NO_HEADING, heading, row=number))
            for place in places[1:]:
                first, again = (_short(_plain(cells[one][1])) for one in (places[0], place))
                both = {"first": first, "heading": again}
                self.problems.append(
                    _problem(Fault.HEADING_TWICE, both, row=number, column=letter_of(place), heading=again)
                )

    def unread(self, head: Cells) -> list[str]:
        texts = ((place, _plain(value)) for place, (kind, value) in sorted(head.items()) if kind == "s")
        return [_short(text) for _place, text in texts if _key(text) and _key(text) not in self.wanted]

    def says_something(self, cells: Cells) -> bool:
        """Whether a line holds more than what nobody asked for, or the numbers of the columns."""
        numbers = [value for _place, (_kind, value) in sorted(cells.items())]
        is_numbering = len(numbers) >= LEAST_NUMBERING and numbers == [str(n + 1) for n in range(len(numbers))]
        return not is_numbering and any(place in self.places for place in cells)

    def is_heading(self, cells: Cells) -> bool:
        same = [name for name, places in self._matches(cells).items() if self._stands_at(name) in places]
        return len(same) > len(self.places) // 2

    def _stands_at(self, name: str) -> int:
        return next((place for place, column in self.places.items() if column.name == name), 0)

    def reaching(self, merged: Iterable[Corners], head: int) -> list[Corners]:
        """Ranges below the headings that reach into a column of the table."""
        return [one for one in merged if one[1] > head and any(one[0] <= place <= one[2] for place in self.places)]

    def merged_problem(self, corners: Corners, row: int) -> Problem:
        left, top, right, bottom = corners
        cells = f"{letter_of(left)}{top}:{letter_of(right)}{bottom}"
        place = min(place for place in self.places if left <= place <= right)
        return _problem(Fault.MERGED, {"cells": cells}, row=row, **self._names(place))

    def _names(self, place: int) -> dict[str, str]:
        return {"column": letter_of(place), "heading": self.places[place].headings[0]}

    def row(self, number: int, cells: Cells, merged: Sequence[Corners]) -> tuple[dict[str, Cell], list[Problem]]:
        row: dict[str, Cell] = {column.name: None for column in self.columns}
        problems = []
        for place, column in self.places.items():
            value, fault = _value(*cells.get(place, ("", "")))
            is_covered = any(left <= place <= right and top <= number <= bottom for left, top, right, bottom in merged)
            if value is None and not fault and column.required and not is_covered:
                fault = Fault.MISSING
            if len(text_of(value)) > column.longest:
                value, fault = None, Fault.TOO_LONG
            if fault:
                limits = {"signs": column.longest}
                problems.append(_problem(fault, limits, row=number, **self._names(place)))
            row[column.name] = value
        return row, problems


def _value(kind: str, value: str) -> tuple[Cell, Fault | None]:
    """What a cell says, or why it says nothing."""
    if kind == "f":
        return None, Fault.FORMULA
    if kind == "e":
        return None, Fault.ERROR
    if kind == "s":
        return _plain(value) or None, None
    if kind == "n":
        number = Decimal(value)
        return (Decimal(int(number)) if number == number.to_integral_value() else number), None
    if kind == "d":
        return dt.date.fromisoformat(value), None
    return (value == "1") if kind == "b" else None, None
