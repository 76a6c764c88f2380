"""``manage.py anonymise``: makes people nameless whose data is past its time. Run by the monthly timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cpd import runs
from plans.erasing import erase, past_their_time


class Command(BaseCommand):
    help = "Make people nameless whose data is kept no longer (retention periods are data: see the administration)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only tell how many people that would be")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        people = list(past_their_time())
        done = len(people) if dry_run else sum(erase(person) for person in people)
        verb = "would be" if dry_run else "were"
        self.stdout.write(f"{done} people {verb} made nameless.")
        if not dry_run:
            runs.ended_well("anonymise")
