"""The one writer of an import's state: a conditional UPDATE, so that of two who move it only one does."""

from typing import Any

from courses.choices import ImportState
from courses.models import WorkbookImport


def move(workbook: WorkbookImport, target: ImportState, **columns: Any) -> bool:
    """Bring an import into another state if it still stands as ``workbook`` was read; whether it did.

    ``taken_at`` says who works at it: whoever takes it up writes another moment there.
    """
    held = WorkbookImport.objects.filter(pk=workbook.pk, state=workbook.state, taken_at=workbook.taken_at)
    if held.update(state=target, **columns) != 1:
        return False
    workbook.state = target
    for name, value in columns.items():
        setattr(workbook, name, value)
    return True
