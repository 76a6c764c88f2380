"""``manage.py backup [FILE]``: one consistent copy of database and files, while everybody goes on working."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cpd import backups, runs


class Command(BaseCommand):
    help = "Copy the whole database, as it is at one moment, and the files into a new file that only its owner reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            help="a file that does not exist yet; without one it is named by the hour and put into BACKUP_FOLDER, "
            "where then the newest BACKUPS_KEPT stay",
        )

    def handle(self, file: Path | None, **options: Any) -> None:
        if file is None:
            file = backups.save_in(settings.BACKUP_FOLDER, kept=settings.BACKUPS_KEPT)
        else:
            backups.save_to(file)
        runs.ended_well("backup")
        self.stdout.write(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB")
