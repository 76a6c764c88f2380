"""An uploaded workbook → one :class:`~courses.models.ImportRow` for each of its rows, judged; and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils import timezone

from courses.choices import ImportTable
from courses.importing.judging import Judge, Line, is_example, judged_associations, judged_institutions
from courses.importing.known import Place
from courses.importing.past_courses import judged_courses
from courses.importing.staff import Staff, judged_staff
from courses.importing.tables import HINTS_SHEET, TABLES, Table
from courses.importing.words import FileProblem, is_hint, key
from courses.models import ImportRow, WorkbookImport
from cpd.sheets import Book, BookSheet, Fault, OpenSheet, Problem, read_book
from schools.models import User

TOGETHER = 500  # rows written at once, and told of
MOST_ROWS = max(table.most_rows for table in TABLES)


def read_workbook(workbook: WorkbookImport, progress: Callable[[int], None]) -> None:
    """Read ``workbook.data`` into rows with verdicts, and tell ``progress`` now and then how many are done.

    Writes ``total``, ``counts`` ({table: {verdict: number}}) and ``problems``; nothing of ``state``. What a former try
    left is removed first. Where ``is_unfit``, no row was written.
    """
    workbook.rows.all().delete()
    progress(0)
    book = read_book(bytes(workbook.data or b""), most_rows=MOST_ROWS, waiting=lambda: progress(0))
    opened, problems = opened_sheets(book)
    workbook.problems, workbook.counts, workbook.total = problems, {}, 0
    if not is_unfit(workbook):
        workbook.total = sum(sheet.count for sheet in opened.values())
        WorkbookImport.objects.filter(pk=workbook.pk).update(total=workbook.total)
        reader = _Reader(workbook, opened, progress)
        workbook.counts, workbook.total = reader.read()
        if reader.examples:
            workbook.problems.append(_told(FileProblem.EXAMPLES, count=reader.examples))
    workbook.save(update_fields=["problems", "counts", "total"])


def is_unfit(workbook: WorkbookImport) -> bool:
    """Whether the file could not be read; hints among its problems keep nothing from being taken."""
    return any(not is_hint(problem) for problem in workbook.problems)


def opened_sheets(book: Book) -> tuple[dict[ImportTable, OpenSheet], list[dict[str, Any]]]:
    """Which sheet holds which table, and everything that is wrong with the sheets or was left unread."""
    problems = [_of_sheet(problem) for problem in book.problems]
    if problems:
        return {}, problems
    found: dict[ImportTable, OpenSheet] = {}
    titles: dict[ImportTable, str] = {}
    for sheet in book.sheets:
        if sheet.title == HINTS_SHEET:
            continue
        table = _table_of(sheet)
        if table is None:
            problems.append(_told(FileProblem.SHEET_UNREAD, sheet.title))
        elif table.key in found:
            problems.append(_told(FileProblem.SHEET_TWICE, sheet.title, other=titles[table.key]))
        else:
            opened = sheet.open(table.columns)
            found[table.key], titles[table.key] = opened, sheet.title
            problems += _of_table(table, opened, sheet.title)
    if not found:
        wanted = ", ".join(f"«{table.sheets[0]}»" for table in TABLES)
        problems.insert(0, _told(FileProblem.NO_TABLES, sheets=wanted))
    return {table.key: found[table.key] for table in TABLES if table.key in found}, problems


def _table_of(sheet: BookSheet) -> Table | None:
    """The table that the sheet is named after, else the one whose headings it has, if there is just one such."""
    named = [table for table in TABLES if key(sheet.title) in map(key, table.sheets)]
    if named:
        return named[0]
    known = {table.key: sheet.known(table.columns) for table in TABLES}
    most = max(known.values())
    best = [table for table in TABLES if known[table.key] == most]
    return best[0] if most and len(best) == 1 else None


def _of_table(table: Table, opened: OpenSheet, title: str) -> list[dict[str, Any]]:
    problems = [_of_sheet(problem, title) for problem in opened.problems]
    if not opened.letters:
        needed = ", ".join(f"«{column.headings[0]}»" for column in table.columns if column.required)
        return [_told(Fault.NO_HEADINGS, title, headings=needed)]
    if opened.count > table.most_rows:
        problems.append(_told(Fault.TOO_MANY_ROWS, title, rows=table.most_rows))
    if opened.unread:
        problems.append(
            _told(FileProblem.COLUMNS_UNREAD, title, headings=", ".join(map("«{}»".format, opened.unread)))
        )
    return problems


def _of_sheet(problem: Problem, sheet: str = "") -> dict[str, Any]:
    return _told(problem.code, sheet, **problem.values)


def _told(code: str, sheet: str = "", **values: Any) -> dict[str, Any]:
    return {"code": str(code), "sheet": sheet, "values": values}


class _Reader:
    """Table after table, in the order in which they lean on each other; of past courses few are in memory."""

    def __init__(
        self, workbook: WorkbookImport, opened: dict[ImportTable, OpenSheet], progress: Callable[[int], None]
    ) -> None:
        self.workbook, self.opened, self.progress = workbook, opened, progress
        self.judge = Judge(Place.of(workbook), User.objects.get(person=workbook.by_id))
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.done = self.examples = 0

    def read(self) -> tuple[dict[str, dict[str, int]], int]:
        """How many rows have which verdict, and how many there are."""
        judge = self.judge
        self._write(ImportTable.INSTITUTIONS, judged_institutions(judge, self._lines(ImportTable.INSTITUTIONS)))
        self._write(ImportTable.ASSOCIATIONS, judged_associations(judge, self._lines(ImportTable.ASSOCIATIONS)))
        staff = self._read_staff()
        if ImportTable.RECORDS in self.opened:
            self._write(ImportTable.RECORDS, judged_courses(judge, staff, self._lines(ImportTable.RECORDS)))
        return {table: dict(counts) for table, counts in self.counts.items()}, self.done

    def _read_staff(self) -> Staff:
        """Those who are there are needed for the past courses even where the workbook names no staff."""
        lines = list(self._lines(ImportTable.STAFF))
        on = timezone.localdate(self.workbook.uploaded_at)
        judged, staff = judged_staff(self.judge, lines, on)
        self._write(ImportTable.STAFF, judged)
        return staff

    def _lines(self, table: ImportTable) -> Iterator[Line]:
        sheet = self.opened.get(table)
        if sheet is None:
            return
        for row in sheet.rows():
            if is_example(row):
                self.examples += 1
            else:
                yield Line.of(row, sheet.letters)

    def _write(self, table: ImportTable, lines: Iterable[Line]) -> None:
        rest = iter(lines)
        while some := [self._row(table, line) for line in islice(rest, TOGETHER)]:
            ImportRow.objects.bulk_create(some)
            self.done += len(some)
            self.counts[table.value].update(str(row.verdict) for row in some)
            self.progress(self.done)

    def _row(self, table: ImportTable, line: Line) -> ImportRow:
        changes = {"changes": line.changes} if line.changes else {}
        return ImportRow(
            workbook=self.workbook,
            table=table,
            number=line.number,
            typed=line.typed,
            columns=line.columns | changes,
            verdict=line.verdict,
            reasons=line.reasons,
            target=line.target,
        )
