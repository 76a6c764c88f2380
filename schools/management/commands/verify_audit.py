"""``manage.py verify_audit``: whether the history is the one that was written. Exits 1 if not."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model

from cpd import runs
from cpd.by_app import found_in_apps
from schools.models import AuditEntry, AuditSeal, Decision, DocumentVersion, Meeting
from schools.sealing import seal

UNREADABLE = (AttributeError, TypeError, ValueError)  # what Django raises where a column holds no value of its kind


class Command(BaseCommand):
    help = "Check decisions, submitted versions and the journal against their hashes; name altered rows and exit 1."

    def handle(self, **options: Any) -> None:
        breaches = found()
        for breach in breaches:
            self.stdout.write(breach)
        if breaches:
            sys.exit(1)
        runs.ended_well("verify_audit")
        decisions, versions = Decision.objects.count(), DocumentVersion.objects.count()
        self.stdout.write(f"{decisions} decisions on {versions} versions: as they were written.")
        last = AuditSeal.objects.order_by("number").last()
        end = f"last seal {last.number}, {last.chain_hash}" if last else "no seal"
        self.stdout.write(f"{AuditEntry.objects.count()} entries of the journal: as they were written; {end}.")


def found() -> list[str]:
    """Every breach in one sentence that names the row."""
    breaches: list[str] = []
    checks: Iterable[Callable[[], Iterable[str]]] = chain.from_iterable(found_in_apps("invariants", "HISTORY"))
    for check in (sealed, *checks):
        try:
            breaches += check()
        except UNREADABLE:
            breaches += (row for row in unreadable_rows() if row not in breaches)
            if not breaches:
                raise
    return breaches


def sealed() -> Iterable[str]:
    """What is not sealed yet is sealed first; there is nothing to find in that."""
    seal()
    return ()


def unreadable_rows() -> Iterator[str]:
    """Rows that a check stumbled over: SQLite lets raw SQL put any text where a moment or a date belongs."""
    for model in (DocumentVersion, Decision, Meeting, AuditSeal, AuditEntry):
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
            if not is_readable(model, pk):
                yield f"{model._meta.verbose_name_raw} {pk}: holds a value that cannot be read"


def is_readable(model: type[Model], pk: int) -> bool:
    try:
        row = model._default_manager.get(pk=pk)
    except UNREADABLE:
        return False
    return all(field.null or getattr(row, field.attname) is not None for field in model._meta.concrete_fields)
