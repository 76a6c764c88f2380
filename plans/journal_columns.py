"""Of which tables the columns are that the journal's entries on plans name: see ``schools.journal_columns``."""

from collections.abc import Sequence

from django.db.models import Model

from plans.models import Replacement
from schools.choices import Event

TABLES: dict[Event, Sequence[type[Model]]] = {Event.LECTURER_REPLACED: (Replacement,)}
