"""Of which tables of this app the columns are that the journal's entries name."""

from collections.abc import Sequence

from django.db.models import Model

from courses.models import ImportRow, RecordDecision, TrainingRecord, WorkbookImport
from schools.choices import Event

TABLES: dict[Event, Sequence[type[Model]]] = {
    Event.RECORD_MOVED: (TrainingRecord, RecordDecision),
    Event.IMPORT_APPLIED: (WorkbookImport, ImportRow),
    Event.IMPORT_UNDONE: (WorkbookImport, ImportRow),
}
