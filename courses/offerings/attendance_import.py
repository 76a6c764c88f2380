"""The provider's attendance list out of Excel: whose place each row means, and all that keeps it from being taken.

A row belongs to a place of this course by the teacher's full name alone, so it must be the name of exactly one of
them: nothing is guessed.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courses.choices import Precision
from courses.models import Seat, TrainingRecord
from courses.offerings.attendance import Mark, brings_a_document, is_untouched
from courses.reading import Unreadable, read_dates
from cpd.dates import today
from cpd.sheets import Cell, Problem, Sheet, SheetColumn, in_order, text_of
from cpd.text import fold

PURPOSE = "attendance"
MOST_ROWS = 1000
LONGEST_NAME = 300  # signs: of three names of a person
A_WORD = 120  # signs: more than yes, no or a day ever needs
LONGEST_NUMBER = TrainingRecord._meta.get_field("document_number").max_length or 0

COLUMNS = (
    SheetColumn(
        "name",
        ("Аты-жөнү", "Фамилиясы, аты, атасынын аты", "Ф.А.А.", "Катышуучу", "Мугалим", "Ф.И.О.", "ФИО", "Участник"),
        longest=LONGEST_NAME,
    ),
    SheetColumn(
        "attended",
        ("Катышты", "Катышкан", "Катышуусу", "Присутствовал", "Посещение"),
        required=False,
        longest=A_WORD,
    ),
    SheetColumn(
        "number",
        ("Документтин номери", "Сертификаттын номери", "Күбөлүктүн номери", "Номер документа", "Номер сертификата"),
        required=False,
        longest=LONGEST_NUMBER,
    ),
    SheetColumn("on", ("Берилген датасы", "Берилген күнү", "Дата выдачи"), required=False, longest=A_WORD),
)
YES = ("ооба", "катышты", "катышкан", "бар", "да", "присутствовал", "присутствовала", "был", "была", "true", "+", "1")
NO = ("жок", "катышпады", "катышкан жок", "нет", "отсутствовал", "отсутствовала", "не был", "false", "-", "0")


class Doubt(TextChoices):
    """Why a row cannot be taken."""

    UNKNOWN = "unknown", _("Nobody of this name holds a place in the course.")
    UNCLEAR = "unclear", _("This may be several people: %(names)s. Write the full name as it stands here.")
    NEARLY = "nearly", _("Perhaps %(names)s is meant. Write the full name as it stands here.")
    DOUBLE = "double", _("This teacher stands in row %(row)s already.")
    ATTENDED = "attended", _("Write yes or no: ооба, жок.")
    DAY = "day", _("Enter a valid date, for example 25.09.2021.")
    FUTURE = "future", _("The date must not be in the future.")


@dataclass(frozen=True)
class Line:
    """One row of the list beside the place it means."""

    row: int
    seat: Seat
    mark: Mark

    @property
    def is_new(self) -> bool:
        return self.mark.attended != self.mark.seen

    @property
    def brings_a_document(self) -> bool:
        """The place is marked already, and now there is a number or a day that its record does not name."""
        return not self.is_new and bool(self.mark.attended) and brings_a_document(self.seat, self.mark)

    @property
    def reaches_the_record(self) -> bool:
        return is_untouched(self.seat)


@dataclass
class Matched:
    """What the list says, and what is wrong with it; nothing is taken while anything is."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def match(sheet: Sheet, seats: Iterable[Seat]) -> Matched:
    """Every row of the list beside the place it means. ``seats`` are those of the course with a teacher."""
    found = Matched(problems=list(sheet.problems))
    by_name: dict[str, list[Seat]] = defaultdict(list)
    for holder in seats:
        if holder.employment:
            by_name[holder.employment.person.search_key].append(holder)
    rows_of: dict[int, int] = {}
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        reader = _Row(sheet, number, row)
        seat = reader.seat(by_name)
        if seat and seat.pk in rows_of:
            reader.doubt(Doubt.DOUBLE, "name", row=rows_of[seat.pk])
        mark = reader.mark(seat)
        found.problems += reader.problems
        if seat and not reader.problems:
            found.lines.append(Line(number, seat, mark))
        if seat:
            rows_of.setdefault(seat.pk, number)
    found.problems = in_order(found.problems)
    return found


class _Row:
    """One row as it is read, with its problems."""

    def __init__(self, sheet: Sheet, number: int, row: Mapping[str, Cell]) -> None:
        self.sheet, self.number, self.row = sheet, number, row
        self.problems: list[Problem] = []

    def doubt(self, doubt: Doubt, name: str, **values: Any) -> None:
        heading = next(column.headings[0] for column in COLUMNS if column.name == name)
        text = str(doubt.label) % values
        self.problems.append(Problem(doubt.value, text, self.number, self.sheet.letters.get(name, ""), heading))

    def seat(self, by_name: Mapping[str, Sequence[Seat]]) -> Seat | None:
        """The one place whose teacher bears exactly this name."""
        if not (name := fold(text_of(self.row["name"]))):
            return None  # the sheet said so already
        same = by_name.get(name, ())
        if len(same) == 1:
            return same[0]
        near = list(same) or [seat for key, others in by_name.items() if _is_near(name, key) for seat in others]
        names = ", ".join(seat.employment.person.full_name for seat in near if seat.employment)
        if not near:
            self.doubt(Doubt.UNKNOWN, "name")
        else:
            self.doubt(Doubt.NEARLY if len(near) == 1 else Doubt.UNCLEAR, "name", names=names)
        return None

    def mark(self, seat: Seat | None) -> Mark:
        return Mark(
            attended=self._attended(),
            seen=seat.attended if seat else None,
            document_number=self._number(),
            document_on=self._day(),
        )

    def _attended(self) -> bool:
        """Who stands in a list that has no such column was there."""
        if "attended" not in self.sheet.letters:
            return True
        said = fold(text_of(self.row["attended"]))
        if said not in YES + NO and not self._is_told("attended"):
            self.doubt(Doubt.ATTENDED, "attended")
        return said in YES

    def _is_told(self, name: str) -> bool:
        """Whether the sheet itself found something wrong in this cell."""
        column = self.sheet.letters[name]
        return any(problem.row == self.number and problem.column == column for problem in self.sheet.problems)

    def _number(self) -> str:
        return text_of(self.row["number"])

    def _day(self) -> dt.date | None:
        day = self.row["on"] if isinstance(self.row["on"], dt.date) else self._day_of_text()
        if day and day > today():
            self.doubt(Doubt.FUTURE, "on")
        return day

    def _day_of_text(self) -> dt.date | None:
        """A day that Excel holds as text; the sheet has told already what is no text and no day."""
        text = text_of(self.row["on"])
        try:
            read = read_dates(text)
        except Unreadable:
            read = None
        if read and read.precision == Precision.DAY and read.starts_on == read.ends_on:
            return read.starts_on
        if text:
            self.doubt(Doubt.DAY, "on")
        return None


def _is_near(one: str, other: str) -> bool:
    """Whether all words of the shorter name stand in the longer one."""
    words, more = sorted((set(one.split()), set(other.split())), key=len)
    return words <= more


# Between showing and taking ---------------------------------------------------------------------------------------


def kept(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """What is kept of the list until somebody takes it."""
    return [
        {
            "row": line.row,
            "seat": line.seat.pk,
            "attended": line.mark.attended,
            "seen": line.mark.seen,
            "number": line.mark.document_number,
            "on": line.mark.document_on.isoformat() if line.mark.document_on else None,
        }
        for line in lines
    ]


def lines_of(rows: Sequence[Mapping[str, Any]], seats: Iterable[Seat]) -> list[Line]:
    """The rows that were kept, beside the places as they stand now; one that is gone is left out."""
    known = {seat.pk: seat for seat in seats}
    return [
        Line(row["row"], known[row["seat"]], mark)
        for row, (key, mark) in zip(rows, marks_of(rows), strict=True)
        if key in known
    ]


def marks_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Mark]]:
    for row in rows:
        on = dt.date.fromisoformat(row["on"]) if row["on"] else None
        yield row["seat"], Mark(row["attended"], row["seen"], row["number"], on)
