"""``manage.py backup FILE``: one consistent copy of database and files, while everybody goes on working."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cpd import backups, runs


class Command(BaseCommand):
    help = "Copy the whole database, as it is at one moment, and the files into a new file that only its owner reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that does not exist yet")

    def handle(self, file: Path, **options: Any) -> None:
        backups.save_to(file)
        runs.ended_well("backup")
        self.stdout.write(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB")
