"""An uploaded workbook → one :class:`~courses.models.ImportRow` for each of its rows, judged; and nothing else."""

from collections.abc import Callable

from courses.models import WorkbookImport


def read_workbook(workbook: WorkbookImport, progress: Callable[[int], None]) -> None:
    """Read ``workbook.data`` into rows with verdicts, and tell ``progress`` now and then how many are done.

    Writes ``total``, ``counts`` ({table: {verdict: number}}) and ``problems``; nothing of ``state``. What a former try
    left is removed first. Where ``is_unfit``, no row was written.
    """
    raise NotImplementedError


def is_unfit(workbook: WorkbookImport) -> bool:
    """Whether the file could not be read; problems that keep nothing from being taken are hints."""
    return bool(workbook.problems)
