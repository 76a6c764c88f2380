"""What ``manage.py work`` looks after of courses: lost books and imports, and the country's figures."""

import logging

from courses import country
from courses.books import jobs as book_jobs
from courses.importing import jobs as import_jobs
from cpd.seldom import Seldom

INTERVAL = 60  # seconds between two looks whether the country's figures are to be counted anew
log = logging.getLogger(__name__)


def keeping() -> Seldom:
    """Looks after the country's figures, but not more often than once in an interval."""
    return Seldom(country.keep, seconds=INTERVAL, log=log, failed="The country's figures could not be counted.")


keep = keeping()


def take_up_lost() -> int:
    """Books and imports that nobody works at, queued again: their number. And the figures are looked after."""
    lost = book_jobs.take_up_lost() + import_jobs.take_up_lost()
    keep()
    return lost


TAKE_UP_LOST = take_up_lost
