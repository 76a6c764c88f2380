"""What an entry of the journal says, in the words of forms: which columns changed, from what to what."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cpd.by_app import found_in_apps
from schools.choices import Event
from schools.models import AuditEntry, User

NOT_SHOWN = ("decisions", "taken_out")  # by these ``verify_audit`` finds the rows an entry speaks of
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
    is_trusted = entry.subject_id == reader.person_id or entry.institution_id in reader.scope.served
    told = []
    for name in names:
        field = _field(entry.event, name)
        label = capfirst(str(field.verbose_name) if field else name.replace("_", " "))
        if not is_trusted and (name in PRIVATE or entry.event in PRIVATE_EVENTS):
            told.append(Change(label, "", "", is_hidden=True))
        else:
            old, new = (_word(field, columns.get(name)) for columns in (entry.before, entry.after))
            told.append(Change(label, old, new))
    return told


def _field(event: str, name: str) -> Field | None:
    for table in _tables(event):
        try:
            found = table._meta.get_field(name.removesuffix("_id"))
        except FieldDoesNotExist:
            continue
        if isinstance(found, Field):
            return found
    return None


def _tables(event: str) -> Iterable[type[Model]]:
    named: Sequence[dict[Event, Sequence[type[Model]]]] = found_in_apps("journal_columns", "TABLES")
    for tables in named:
        yield from tables.get(Event(event), ())
    if event == Event.REFERENCE_CHANGED:
        yield from apps.get_models()


def _word(field: Field | None, value: Any) -> str:
    """A value as forms show it: the label of a choice, a day as it is written, yes or no."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_word(field, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_word(None, one)}" for name, one in value.items())
    choices: dict[Any, Any] = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value) or _day(str(value)))


def _day(text: str) -> str:
    """«2026-09-01» as it is written here; anything else as it is."""
    try:
        return f"{dt.date.fromisoformat(text):%d.%m.%Y}" if len(text) == len("2026-09-01") else text
    except ValueError:
        return text
