"""How the pages of imports speak of rows and files."""

from collections.abc import Mapping
from typing import Any

from django import template

from courses.choices import ImportTable, Verdict
from courses.importing import words
from courses.models import ImportRow, WorkbookImport

register = template.Library()

# Which cells say at a glance what a row is about.
NAMES = ("full_name", "family_name", "given_name", "fathers_name")
AT_A_GLANCE: dict[str, tuple[tuple[str, ...], ...]] = {
    ImportTable.INSTITUTIONS: (("title_ky",), ("code",)),
    ImportTable.ASSOCIATIONS: (("title_ky",), ("institution",)),
    ImportTable.STAFF: (NAMES, ("position",), ("institution",)),
    ImportTable.RECORDS: (NAMES, ("title",), ("date_text",)),
}
BADGES = {
    Verdict.NEW: "state-approved",
    Verdict.CHANGED: "state-submitted",
    Verdict.MATCHED: "state-draft",
    Verdict.REFUSED: "state-returned",
}


@register.filter
def at_a_glance(row: ImportRow) -> list[str]:
    """What a row is about, in the words of the file."""
    groups = (" ".join(filter(None, (row.typed.get(name, "") for name in group))) for group in AT_A_GLANCE[row.table])
    return [text for text in groups if text]


@register.filter
def cells(row: ImportRow, sees_numbers: bool) -> list[tuple[str, str]]:
    """Every cell as typed, under the heading of our own workbook."""
    return [
        (words.heading(row.table, name) or name, text if sees_numbers else words.shown_of(name, text))
        for name, text in row.typed.items()
        if text
    ]


@register.filter
def reasons(row: ImportRow) -> list[dict[str, Any]]:
    """Why the row is taken as it is: each sentence, with the heading of the cell it speaks of."""
    return [
        {
            "heading": words.heading(row.table, reason.get("column") or ""),
            "text": words.reason_text(reason),
            "is_warning": words.is_warning(reason),
        }
        for reason in row.reasons
    ]


@register.filter
def changed_headings(row: ImportRow) -> list[str]:
    """Which columns a changed row writes."""
    return [words.heading(row.table, name) or name for name in row.columns.get("changes", {})]


@register.filter
def problem_words(problem: Mapping[str, Any]) -> str:
    return words.problem_text(problem)


@register.filter
def verdict_badge(verdict: str) -> str:
    return BADGES[Verdict(verdict)]


@register.filter
def counted(workbook: WorkbookImport) -> list[tuple[ImportTable, list[tuple[Verdict, int]]]]:
    """Each table that has rows, with the number of rows by verdict in the order of the verdicts."""
    return [
        (table, [(verdict, workbook.counts[table].get(verdict, 0)) for verdict in Verdict])
        for table in ImportTable
        if table in workbook.counts
    ]
