"""``manage.py verify_audit``: whether the history of decisions is the one that was written. Exits 1 if not."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model

from schools.invariants import Check, decisions_form_a_chain, state_follows_decisions, versions_unchanged
from schools.models import Decision, DocumentVersion, Meeting

# A chain does not miss its own last link, so the states tell whether the last decisions are still there.
CHECKS: tuple[Check, ...] = (versions_unchanged, decisions_form_a_chain, state_follows_decisions)
UNREADABLE = (AttributeError, TypeError, ValueError)  # what Django raises where a column holds no value of its kind


class Command(BaseCommand):
    help = "Check decisions and submitted versions against their hashes; name each altered row and exit 1."

    def handle(self, **options: Any) -> None:
        breaches = found()
        for breach in breaches:
            self.stdout.write(breach)
        if breaches:
            sys.exit(1)
        decisions, versions = Decision.objects.count(), DocumentVersion.objects.count()
        self.stdout.write(f"{decisions} decisions on {versions} versions: as they were written.")


def found() -> list[str]:
    """Every breach in one sentence that names the row."""
    breaches: list[str] = []
    for check in CHECKS:
        try:
            breaches += check()
        except UNREADABLE:
            breaches += (row for row in unreadable_rows() if row not in breaches)
            if not breaches:
                raise
    return breaches


def unreadable_rows() -> Iterator[str]:
    """Rows that a check stumbled over: SQLite lets raw SQL put any text where a moment or a date belongs."""
    for model in (DocumentVersion, Decision, Meeting):
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
            if not is_readable(model, pk):
                yield f"{model._meta.verbose_name_raw} {pk}: holds a value that cannot be read"


def is_readable(model: type[Model], pk: int) -> bool:
    try:
        row = model._default_manager.get(pk=pk)
    except UNREADABLE:
        return False
    return all(field.null or getattr(row, field.attname) is not None for field in model._meta.concrete_fields)
