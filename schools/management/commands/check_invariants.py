"""``manage.py check_invariants [--json]``: what must always hold, and what does not. Exits 1 on any breach."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from schools.invariants import CHECKS


class Command(BaseCommand):
    help = "Check what must always hold of documents and decisions; exit 1 where something does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, **options: Any) -> None:
        breaches = {check.__name__: list(check()) for check in CHECKS}
        if options["json"]:
            self.stdout.write(json.dumps(breaches, ensure_ascii=False, indent=2))
        else:
            for name, found in breaches.items():
                self.stdout.write(f"{name}: {'; '.join(found) if found else 'holds'}")
        if any(breaches.values()):
            sys.exit(1)
