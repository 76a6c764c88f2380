"""Why a row or a file is taken as it is: the codes that are kept, and the sentences that a reader sees."""

from collections.abc import Mapping
from typing import Any


def reason_text(reason: Mapping[str, Any]) -> str:
    """One entry of ``ImportRow.reasons`` as a sentence in the reader's language."""
    return str(reason["code"])


def is_warning(reason: Mapping[str, Any]) -> bool:
    """Whether a row is taken in spite of it."""
    return False


def problem_text(problem: Mapping[str, Any]) -> str:
    """One entry of ``WorkbookImport.problems`` as a sentence in the reader's language."""
    return str(problem["code"])
