"""Imports that nobody needs any more: their rows hold names, numbers and birth dates as they were typed."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from courses.choices import ImportState
from courses.models import ImportRow, WorkbookImport

UNAPPLIED_ARE_KEPT = dt.timedelta(days=30)  # after the upload: the file is read anew in a minute
APPLIED_ARE_KEPT = dt.timedelta(days=365)  # so long an import can be undone, where none of its place follows
UNAPPLIED = (ImportState.WAITING, ImportState.READ, ImportState.UNFIT, ImportState.FAILED)


def old_imports() -> int:
    """Imports that were never applied go as a whole; of those that were, what they brought stays without the rows."""
    return _unapplied() + _rows_of_applied()


def _unapplied() -> int:
    before = timezone.now() - UNAPPLIED_ARE_KEPT
    removed = 0
    for pk in WorkbookImport.objects.filter(state__in=UNAPPLIED, uploaded_at__lt=before).values_list("pk", flat=True):
        with transaction.atomic():  # one by one: whoever asks to apply it at this moment is not overtaken
            held = WorkbookImport.objects.select_for_update().filter(pk=pk, state__in=UNAPPLIED)
            if found := held.defer("data").first():
                found.delete()
                removed += 1
    return removed


def _rows_of_applied() -> int:
    """Of the import before the last one of a place, of one that was undone, and of one applied a year ago."""
    is_next = Q(institution=OuterRef("institution")) | Q(district=OuterRef("district"))
    is_next |= Q(district=OuterRef("institution__district"))
    later = WorkbookImport.objects.filter(
        is_next, state=ImportState.APPLIED, applied_at__gt=OuterRef("applied_at")
    ).exclude(pk=OuterRef("pk"))
    now = timezone.now()
    unneeded = Q(state=ImportState.APPLIED) & (Exists(later) | Q(applied_at__lt=now - APPLIED_ARE_KEPT))
    unneeded |= Q(state=ImportState.UNDONE, undone_at__lt=now - UNAPPLIED_ARE_KEPT)
    found = WorkbookImport.objects.filter(unneeded, rows__isnull=False).distinct()
    keys = list(found.order_by().values_list("pk", flat=True))
    ImportRow.objects.filter(workbook__in=keys).delete()
    return len(keys)
