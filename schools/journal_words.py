"""What an entry of the journal says, in the words of forms: which columns changed, from what to what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from cpd.by_app import found_in_apps
from schools.choices import Event
from schools.models import AuditEntry, User

NOT_SHOWN = ("decisions", "taken_out", "import")  # by these ``verify_audit`` and the program find rows again
# What is no column of a table but was counted or chosen.
LABELS = {
    "lists": pgettext_lazy("journal", "lists"),
    "added": pgettext_lazy("journal", "rows added"),
    "filled": pgettext_lazy("journal", "rows filled"),
    "rows": pgettext_lazy("journal", "rows moved"),
}
LISTS = {
    "places": pgettext_lazy("journal", "places"),
    "subjects": pgettext_lazy("journal", "subjects"),
    "positions": pgettext_lazy("journal", "positions"),
    "privacy": pgettext_lazy("journal", "personal data"),
}
# What only the person and the office that keeps their papers may read, see ``docs/permissions.md``.
PRIVATE = ("personal_number", "born_on")
PRIVATE_EVENTS = (Event.LEAVE_CHANGED,)  # why somebody is away


@dataclass(frozen=True)
class Change:
    """One column; ``old`` or ``new`` is empty where there was or is nothing, both where they are not this reader's."""

    label: str
    old: str
    new: str
    is_hidden: bool = False


def changes(entry: AuditEntry, reader: User) -> list[Change]:
    """The columns an entry names, each once, in the order in which they were written."""
    names = [name for name in {**entry.before, **entry.after} if name not in NOT_SHOWN]
    is_trusted = entry.is_about(reader.person_id) or entry.institution_id in reader.scope.kept
    tables = sorted(_tables(entry.event), key=lambda table: -_common(table, names)) if names else []
    told = _brought(entry)
    for name in names:
        field = _field(tables, name)
        label = capfirst(str(field.verbose_name if field else LABELS.get(name, name.replace("_", " "))))
        is_private = name in PRIVATE or entry.event in PRIVATE_EVENTS
        if entry.is_of_nameless or (is_private and not is_trusted):
            told.append(Change(label, "", "", is_hidden=True))
        else:
            words = LISTS if name in LABELS else _labels([field] if field else _fields(tables))
            if field and field.get_internal_type() == "JSONField":
                words = _labels(_fields(tables))
            old, new = (_word(columns.get(name), words) for columns in (entry.before, entry.after))
            told.append(Change(label, old, new))
    return told


def _brought(entry: AuditEntry) -> list[Change]:
    """An import is noted for each school that gets courses, besides the whole: how many they are."""
    decisions = entry.after.get("decisions") if entry.event == Event.IMPORT_APPLIED else None
    return [Change(pgettext("import", "Past courses"), "", str(len(decisions)))] if decisions else []


def _common(table: type[Model], names: Iterable[str]) -> int:
    """How many of the columns a table has: where any table may be meant, the one that has most of them is."""
    own = {name for field in _fields([table]) for name in (field.name, field.attname)}
    return len(own.intersection(names))


def _tables(event: str) -> Iterable[type[Model]]:
    named: Sequence[dict[Event, Sequence[type[Model]]]] = found_in_apps("journal_columns", "TABLES")
    for tables in named:
        yield from tables.get(Event(event), ())
    if event == Event.REFERENCE_CHANGED:
        yield from apps.get_models()


def _field(tables: Iterable[type[Model]], name: str) -> Field | None:
    """The column of that name, of the first table that has one."""
    found = (field for field in _fields(tables) if name in (field.name, field.attname))
    return next(found, None)


def _fields(tables: Iterable[type[Model]]) -> Iterable[Field]:
    for table in tables:
        yield from (field for field in table._meta.get_fields() if isinstance(field, Field))


def _labels(fields: Iterable[Field]) -> dict[Any, Any]:
    """The words of the choices of these columns, by code."""
    return {code: label for field in fields for code, label in getattr(field, "flatchoices", ())}


def _word(value: Any, words: dict[Any, Any]) -> str:
    """A value as forms show it: the label of a choice, a day as it is written, yes or no."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_word(one, words) for one in value)
    if isinstance(value, dict):
        pairs = (f"{_word(name, words)}: {_word(one, words)}" for name, one in value.items())
        return "; ".join(pairs) if any(isinstance(one, dict) for one in value.values()) else ", ".join(pairs)
    return str(words.get(value) or _day(str(value)))


def _day(text: str) -> str:
    """«2026-09-01» as it is written here; anything else as it is."""
    try:
        return f"{dt.date.fromisoformat(text):%d.%m.%Y}" if len(text) == len("2026-09-01") else text
    except ValueError:
        return text
