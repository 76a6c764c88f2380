"""``manage.py tidy``: removes what is kept only for a while. Run it weekly."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from cpd import runs
from cpd.by_app import found_in_apps


class Command(BaseCommand):
    help = "Remove ended sessions, answers to forms and imports of a week ago, and files that belong to no record."

    def handle(self, **options: Any) -> None:
        sweeps: list[dict[str, Callable[[], int]]] = found_in_apps("tidying", "SWEEPS")
        removed = [f"{what} {remove()}" for sweep in sweeps for what, remove in sweep.items()]
        self.stdout.write(f"Removed: {', '.join(removed)}.")
        runs.ended_well("tidy")
