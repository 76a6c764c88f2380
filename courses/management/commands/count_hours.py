"""``manage.py count_hours FILE.json`` (or ``-``): what the hours rule says, without the database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import hours_file


class Command(BaseCommand):
    help = "Count the hours in one JSON document (docs/rules.md describes it) and print the answer as JSON."
    requires_system_checks = []  # nothing of the site is needed, least of all its database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the document; - reads it from standard input")

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        except ValueError:
            raise CommandError("The name of the file holds a character that no file name can have.") from None
        try:
            answer = hours_file.answer(hours_file.read(content))
        except hours_file.BadDocument as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(answer, indent=2))
