"""The report of an import as a workbook: every row as typed, what becomes of it, and why."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.choices import ImportTable, Verdict
from courses.exports import Cell, Column, Table, write_xlsx
from courses.importing.tables import TABLES
from courses.importing.tables import Table as Source
from courses.importing.words import heading, is_warning, problem_text, reason_text, shown_of
from courses.models import ImportRow, WorkbookImport
from cpd.dates import moment


def report_workbook(workbook: WorkbookImport, *, shows_numbers: bool) -> bytes:
    """The report in the language in use. Of the rows only some are in memory at a time."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.xlsx"
        write_xlsx(file, report_tables(workbook, shows_numbers=shows_numbers))
        return file.read_bytes()


def report_tables(workbook: WorkbookImport, *, shows_numbers: bool) -> list[Table]:
    """A table for each sheet that had rows; one with the faults of the file where it could not be read."""
    found = [
        _table(workbook, source, shows_numbers=shows_numbers) for source in TABLES if source.key in workbook.counts
    ]
    return found or [_faults(workbook)]


def reasons_of(row: ImportRow) -> str:
    """All reasons of a row in one text, each after the heading of its column; notes say that they are such."""
    return "\n".join(reason_of(row.table, reason) for reason in row.reasons)


def reason_of(table: str, reason: dict) -> str:
    column = heading(table, reason.get("column", ""))
    words = f"{column}: {reason_text(reason)}" if column else reason_text(reason)
    return f"{pgettext('import', 'Note')}: {words}" if is_warning(reason) else words


def _table(workbook: WorkbookImport, source: Source, *, shows_numbers: bool) -> Table:
    names = [column.name for column in source.columns]
    label = ImportTable(source.key).label
    return Table(
        title=f"{label} · {workbook.file_name}",
        sheet=str(label),
        about=_about(workbook, source.key),
        columns=[
            Column(_("Row"), 7),
            Column(_("What is done with it"), 16),
            Column(_("Why"), 60),
            *(Column(column.headings[0], 20) for column in source.columns),
        ],
        rows=_rows(workbook, source.key, names, shows_numbers=shows_numbers),
    )


def _rows(
    workbook: WorkbookImport, table: ImportTable, names: list[str], *, shows_numbers: bool
) -> Iterator[list[Cell]]:
    for row in workbook.rows.filter(table=table).order_by("number").iterator(chunk_size=500):
        yield [
            row.number,
            str(row.get_verdict_display()),
            reasons_of(row),
            *(_shown(row, name, shows_numbers=shows_numbers) for name in names),
        ]


def _shown(row: ImportRow, name: str, *, shows_numbers: bool) -> str:
    text = row.typed.get(name, "")
    return text if shows_numbers else shown_of(name, text)


def _about(workbook: WorkbookImport, table: ImportTable) -> list[tuple[str, Cell]]:
    counts = workbook.counts.get(table, {})
    said = ", ".join(f"{verdict.label}: {counts[verdict]}" for verdict in Verdict if counts.get(verdict))
    return [
        (_("Institution or district"), str(workbook.place)),
        (_("Uploaded"), moment(workbook.uploaded_at)),
        (_("Status"), str(workbook.get_state_display())),
        (_("Rows"), said),
    ]


def _faults(workbook: WorkbookImport) -> Table:
    return Table(
        title=workbook.file_name,
        sheet=_("What is wrong with the file"),
        about=[(_("Institution or district"), str(workbook.place)), (_("Uploaded"), moment(workbook.uploaded_at))],
        columns=[Column(_("What is wrong with the file"), 100)],
        rows=[[problem_text(problem)] for problem in workbook.problems],
    )
