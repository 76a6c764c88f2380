"""``manage.py check_invariants [--json]``: what must always hold, and what does not. Exits 1 on any breach."""

import json
import sys
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cpd import runs
from cpd.by_app import found_in_apps

MOST_TOLD = 1000  # breaches of one kind: where everything is broken, the first tell what


class Command(BaseCommand):
    help = "Check what must always hold of documents, decisions and files; exit 1 where something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, **options: Any) -> None:
        checks = chain.from_iterable(found_in_apps("invariants", "CHECKS"))
        breaches = {check.__name__: _told(check()) for check in checks}
        if options["json"]:
            self.stdout.write(json.dumps(breaches, ensure_ascii=False, indent=2))
        else:
            for name, found in breaches.items():
                self.stdout.write(f"{name}: {'; '.join(found) if found else 'holds'}")
        if any(breaches.values()):
            sys.exit(1)
        runs.ended_well("check_invariants")


def _told(found: Iterable[str]) -> list[str]:
    breaches = iter(found)
    told = list(islice(breaches, MOST_TOLD))
    return [*told, "and more"] if next(breaches, None) else told
