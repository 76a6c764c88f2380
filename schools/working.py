"""What ``manage.py work`` looks after of schools: the journal's seals, and about once a minute new notices."""

import datetime as dt
import logging
import time

from django.utils import timezone

from schools.notices import collect_events
from schools.sealing import seal

INTERVAL = 60  # seconds between two gatherings of notices
LOOKS_BACK = dt.timedelta(hours=1)  # what happened while no worker ran is told by the daily ``manage.py notify``
log = logging.getLogger(__name__)


class Gathering:
    """Gathers notices, but not more often than once in an interval. No e-mail is sent by it."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + INTERVAL
        try:
            collect_events(timezone.now() - LOOKS_BACK)
        except Exception:  # a notice that comes later must not stop the worker's other work
            log.exception("Notices could not be gathered.")


gather = Gathering()


def take_up_lost() -> None:
    seal()
    gather()


TAKE_UP_LOST = take_up_lost
