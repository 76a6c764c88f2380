"""``manage.py load_reference [LIST…]``: the oblasts, districts and cities, subjects and positions of Kyrgyzstan."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schools.reference import LISTS, load


class Command(BaseCommand):
    help = "Add missing places, subjects and positions and fill empty codes and sources; what stands there stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lists", nargs="*", metavar="LIST", help=f"only these: {', '.join(LISTS)} (default: all)")

    def handle(self, **options: Any) -> None:
        unknown = set(options["lists"]) - set(LISTS)
        if unknown:
            raise CommandError(f"Unknown list: {', '.join(sorted(unknown))}. Known: {', '.join(LISTS)}.")
        done = load(options["lists"] or [*LISTS])
        self.stdout.write(f"Added: {done['added']}. Filled: {done['filled']}.")
