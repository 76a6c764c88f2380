"""The report of an import as a workbook: every row as typed, what becomes of it, and why."""

from courses.models import WorkbookImport


def report_workbook(workbook: WorkbookImport) -> bytes:
    raise NotImplementedError
