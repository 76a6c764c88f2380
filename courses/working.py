"""What ``manage.py work`` looks after of courses: lost books and imports, and the country's figures."""

import logging
import time

from courses import country
from courses.books import jobs as book_jobs
from courses.importing import jobs as import_jobs

INTERVAL = 60  # seconds between two looks whether the country's figures are to be counted anew
log = logging.getLogger(__name__)


class Keeping:
    """Looks after the country's figures, but not more often than once in an interval."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + INTERVAL
        try:
            country.keep()
        except Exception:  # a page that counts by itself must not stop the worker's other work
            log.exception("The country's figures could not be counted.")


keep = Keeping()


def take_up_lost() -> int:
    """Books and imports that nobody works at, queued again: their number. And the figures are looked after."""
    lost = book_jobs.take_up_lost() + import_jobs.take_up_lost()
    keep()
    return lost


TAKE_UP_LOST = take_up_lost
