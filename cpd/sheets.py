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
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
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
AS_ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")  # how Excel writes control characters, line ends among them
LONGEST_HEADING = 60  # signs told of a heading
LEAST_NUMBERING = 3  # «1 2 3 …» under the headings numbers the columns, as official forms do

Cell = str | Decimal | dt.date | bool | None


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
    HEADING_TWICE = "heading_twice", _("The column “%(heading)s” stands there twice. Leave one of them.")
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
    limits = {"size": MOST_BYTES >> 20, "rows": most_rows}
    if not data:
        return _refused(Fault.EMPTY, limits)
    if len(data) > MOST_BYTES:
        return _refused(Fault.TOO_LARGE, limits)
    answer = _opened(data, most_rows)
    if "fault" in answer:
        return _refused(Fault(answer["fault"]), limits)
    return _Table(answer, columns, most_rows).sheet()


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


def _opened(data: bytes, most_rows: int) -> dict[str, Any]:
    """What the reader answers, from a process that inherits neither our environment nor our folder."""
    try:
        done = subprocess.run(  # noqa: S603  (our own program, no shell)
            [sys.executable, "-IB", str(Path(sheet_reader.__file__)), str(most_rows)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"OPENPYXL_LXML": "False"},  # defusedxml guards only the standard parser
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        return {"fault": Fault.TOO_HEAVY}
    if done.returncode < 0:  # ended by the system, for it took too much
        return {"fault": Fault.TOO_HEAVY}
    if len(done.stdout) > sheet_reader.MOST_ANSWER:
        return {"fault": Fault.TOO_HEAVY}
    if done.returncode:
        logger.error("The reader of workbooks failed: %s", done.stderr.decode(errors="replace")[-2000:])
        return {"fault": Fault.DAMAGED}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _refused(fault: Fault, values: dict[str, Any]) -> Sheet:
    return Sheet(problems=[_problem(fault, values)])


def _problem(fault: Fault, values: dict[str, Any] | None = None, **place: Any) -> Problem:
    return Problem(fault.value, str(fault.label) % (values or {}), **place)


def _key(text: str) -> str:
    """A heading for comparison: «Саат,  саны» and «саат саны» are one."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _plain(text: str) -> str:
    """In one line, without what nobody sees and no database takes."""
    return " ".join(UNPRINTABLE.sub(" ", AS_ESCAPED.sub(" ", text)).split())


def _short(heading: str) -> str:
    """A heading that nobody asked for, in as many signs as are told of it."""
    return heading if len(heading) <= LONGEST_HEADING else f"{heading[: LONGEST_HEADING - 1]}…"


class _Table:
    """The cells as the reader tells them, and what stands where."""

    def __init__(self, answer: dict[str, Any], columns: Sequence[SheetColumn], most_rows: int) -> None:
        self.answer, self.columns, self.most_rows = answer, columns, most_rows
        self.lines = [(number, {cell[0]: (cell[1], cell[2]) for cell in cells}) for number, cells in answer["rows"]]
        self.wanted = {_key(heading): column for column in columns for heading in column.headings}
        self.places: dict[int, SheetColumn] = {}
        self.problems: list[Problem] = []

    def sheet(self) -> Sheet:
        if not self.lines:
            return self._told(_problem(Fault.EMPTY))
        head = self._head()
        found = self._matches(self.lines[head][1])
        if not found:
            needed = ", ".join(f"“{column.headings[0]}”" for column in self.columns if column.required)
            return self._told(_problem(Fault.NO_HEADINGS, {"headings": needed}))
        self._place(*self.lines[head], found)
        below = [line for line in self.lines[head + 1 :] if self._says_something(line[1])]
        if len(below) > self.most_rows:
            return self._told(_problem(Fault.TOO_MANY_ROWS, {"rows": self.most_rows}))
        if not below:
            return self._told(_problem(Fault.NO_ROWS))
        merged = self._merged(self.lines[head][0], {number for number, _cells in below})
        rows, numbers = [], []
        for number, cells in below:
            if self._is_heading(cells):
                self.problems.append(_problem(Fault.HEADINGS_AGAIN, row=number))
                continue
            rows.append(self._row(number, cells, merged))
            numbers.append(number)
        return Sheet(
            rows,
            numbers,
            in_order(self.problems),
            self.answer["title"],
            self.answer["others"],
            {column.name: letter_of(place) for place, column in self.places.items()},
            self._unread(self.lines[head][1]),
        )

    def _told(self, problem: Problem) -> Sheet:
        return Sheet(
            problems=in_order([problem, *self.problems]), title=self.answer["title"], others=self.answer["others"]
        )

    def _head(self) -> int:
        """Which line holds the most headings; the first of them."""
        lines = self.lines[: sheet_reader.LINES_ABOVE]
        return max(range(len(lines)), key=lambda place: len(self._matches(lines[place][1])))

    def _matches(self, cells: dict[int, tuple[str, str]]) -> dict[str, list[int]]:
        """Where a line names each column it names."""
        found = defaultdict(list)
        for place, (kind, value) in sorted(cells.items()):
            column = self.wanted.get(_key(value)) if kind == "s" else None
            if column:
                found[column.name].append(place)
        return found

    def _place(self, number: int, cells: dict[int, tuple[str, str]], found: dict[str, list[int]]) -> None:
        for column in self.columns:
            places = found.get(column.name, [])
            heading = {"heading": column.headings[0]}
            if places:
                self.places[places[0]] = column
            elif column.required and not (column.instead and found.keys() >= set(column.instead)):
                self.problems.append(_problem(Fault.NO_HEADING, heading, row=number))
            for place in places[1:]:
                again = _short(_plain(cells[place][1]))
                self.problems.append(
                    _problem(Fault.HEADING_TWICE, heading, row=number, column=letter_of(place), heading=again)
                )

    def _unread(self, head: dict[int, tuple[str, str]]) -> list[str]:
        texts = ((place, _plain(value)) for place, (kind, value) in sorted(head.items()) if kind == "s")
        return [_short(text) for _place, text in texts if _key(text) and _key(text) not in self.wanted]

    def _says_something(self, cells: dict[int, tuple[str, str]]) -> bool:
        """Whether a line holds more than what nobody asked for, or the numbers of the columns."""
        numbers = [value for _place, (_kind, value) in sorted(cells.items())]
        is_numbering = len(numbers) >= LEAST_NUMBERING and numbers == [str(n + 1) for n in range(len(numbers))]
        return not is_numbering and any(place in self.places for place in cells)

    def _is_heading(self, cells: dict[int, tuple[str, str]]) -> bool:
        same = [name for name, places in self._matches(cells).items() if self._stands_at(name) in places]
        return len(same) > len(self.places) // 2

    def _stands_at(self, name: str) -> int:
        return next((place for place, column in self.places.items() if column.name == name), 0)

    def _merged(self, head: int, numbers: set[int]) -> list[tuple[int, int, int, int]]:
        """Ranges below the headings that reach into a row and a column of the table."""
        found = []
        for left, top, right, bottom in self.answer["merged"]:
            inside = [place for place in self.places if left <= place <= right]
            if top > head and inside and any(top <= number <= bottom for number in numbers):
                found.append((left, top, right, bottom))
                cells = f"{letter_of(left)}{top}:{letter_of(right)}{bottom}"
                place = min(inside)
                self.problems.append(
                    _problem(Fault.MERGED, {"cells": cells}, row=top, **self._names(place)),
                )
        return found

    def _names(self, place: int) -> dict[str, str]:
        return {"column": letter_of(place), "heading": self.places[place].headings[0]}

    def _row(
        self, number: int, cells: dict[int, tuple[str, str]], merged: list[tuple[int, int, int, int]]
    ) -> dict[str, Cell]:
        row: dict[str, Cell] = {column.name: None for column in self.columns}
        for place, column in self.places.items():
            value, fault = _value(*cells.get(place, ("", "")))
            is_covered = any(left <= place <= right and top <= number <= bottom for left, top, right, bottom in merged)
            if value is None and not fault and column.required and not is_covered:
                fault = Fault.MISSING
            if len(text_of(value)) > column.longest:
                value, fault = None, Fault.TOO_LONG
            if fault:
                limits = {"signs": column.longest}
                self.problems.append(_problem(fault, limits, row=number, **self._names(place)))
            row[column.name] = value
        return row


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
