"""``manage.py check_invariants [--json]``: what must always hold, and what does not. Exits 1 on any breach."""

import json
import sys
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cpd import runs
from cpd.by_app import found_in_apps


class Command(BaseCommand):
    help = "Check what must always hold of documents, decisions and files; exit 1 where something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, **options: Any) -> None:
        checks = chain.from_iterable(found_in_apps("invariants", "CHECKS"))
        breaches = {check.__name__: list(check()) for check in checks}
        if options["json"]:
            self.stdout.write(json.dumps(breaches, ensure_ascii=False, indent=2))
        else:
            for name, found in breaches.items():
                self.stdout.write(f"{name}: {'; '.join(found) if found else 'holds'}")
        if any(breaches.values()):
            sys.exit(1)
        runs.ended_well("check_invariants")
