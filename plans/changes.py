"""What differs between two contents of one plan: pure data in, changes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

WHOLE_PLAN = (
    *("grounds", "grounds_text", "training_kind", "direction", "provider_text", "study_form", "funding"),
    *("host_text", "host_head", "host_agreed_on", "programme_title", "aim", "supervision", "supervisor", "hours_done"),
    *("topics", "opinion", "effect", "uses", "new_lectures"),
)
# In the order of the forms: a content that was stored comes back with its keys in the database's own order.
COLUMNS = (
    "name",
    *("direction", "rationale", "programme_title", "block", "study_form", "hours", "provider_text", "school_year"),
    *("need", "activity", "activity_form", "learning_methods", "methods_text", "plan_year"),
    *("training_kind", "topic", "activity_kind", "work", "cells", "month", "term_text"),
    *("executor_kind", "executor_text", "expected_result", "result", "funding", "note"),
)


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One row that was added, removed or changed; for the plan as a whole ``title`` is empty."""

    kind: ChangeKind
    title: str = ""
    fields: tuple[FieldChange, ...] = field(default=())


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """From ``before`` to ``after``, in the order of ``after``; rows are the same row where their uid is."""
    found = []
    if whole := _field_changes(before, after, WHOLE_PLAN):
        found.append(Change(ChangeKind.CHANGED, fields=whole))
    old = {row["uid"]: row for row in before["rows"]}
    new = {row["uid"]: row for row in after["rows"]}
    for uid, row in new.items():
        if uid not in old:
            found.append(Change(ChangeKind.ADDED, row_title(row), _field_changes({}, row, _columns(row))))
        elif fields := _field_changes(old[uid], row, _columns(row)):
            found.append(Change(ChangeKind.CHANGED, row_title(row), fields))
    found += [
        Change(ChangeKind.REMOVED, row_title(row), _field_changes(row, {}, _columns(row)))
        for uid, row in old.items()
        if uid not in new
    ]
    if not found and list(old) != list(new):
        found.append(Change(ChangeKind.MOVED))
    return found


def row_title(row: Mapping[str, Any]) -> str:
    """By what a row is known: the programme of F02, the need of F01, what F12 says is done, a lecturer of F19."""
    names = ("programme_title", "need", "activity", "name", "work", "direction")
    return next((row[name] for name in names if row.get(name)), "…")


def _columns(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(column for column in COLUMNS if column in row)


def _field_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], columns: tuple[str, ...]
) -> tuple[FieldChange, ...]:
    pairs = ((column, before.get(column) or "", after.get(column) or "") for column in columns)
    return tuple(FieldChange(column, old, new) for column, old, new in pairs if old != new)
