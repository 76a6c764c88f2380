"""``manage.py load_demo [--today YYYY-MM-DD]``: an invented district to try the site out. Loads once, exits 0."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd.dates import today
from plans.demo import build
from plans.demo.texts import GEOGRAPHY_YEARS

EARLIEST = dt.date(GEOGRAPHY_YEARS[1], 9, 1)  # the five years of the sources have ended


class Command(BaseCommand):
    help = "Load invented schools, people and plans once; change nothing where any institution or person exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            default=today(),
            help="the day around which school years are laid, as YYYY-MM-DD (default: today)",
        )

    def handle(self, **options: Any) -> None:
        day = options["today"]
        if not EARLIEST <= day <= today():
            raise CommandError(f"--today must lie between {EARLIEST} and the present day")
        if build.is_empty():
            counted = build.build(day)
            self.stdout.write("The demo is loaded: " + ", ".join(f"{name} {count}" for name, count in counted.items()))
        else:
            self.stdout.write("There are institutions or people already: nothing was changed.")
        self._print_logins()

    def _print_logins(self) -> None:
        """Three columns, as wide as their words."""
        rows = build.logins()
        if not rows:
            return
        rows.insert(0, ("login", "password", "who"))
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        for login, password, who in rows:
            self.stdout.write(f"{login:{widths[0]}}  {password:{widths[1]}}  {who}")
