"""What ``manage.py work`` looks after of schools: the journal's seals, and about once a minute new notices."""

import datetime as dt
import logging

from django.utils import timezone

from cpd.seldom import Seldom
from schools.notices import collect_events
from schools.sealing import seal

INTERVAL = 60  # seconds between two gatherings of notices
LOOKS_BACK = dt.timedelta(hours=1)  # what happened while no worker ran is told by the daily ``manage.py notify``
log = logging.getLogger(__name__)


def gathering() -> Seldom:
    """Gathers notices, but not more often than once in an interval. No e-mail is sent by it."""
    return Seldom(
        lambda: collect_events(timezone.now() - LOOKS_BACK),
        seconds=INTERVAL,
        log=log,
        failed="Notices could not be gathered.",
    )


gather = gathering()


def take_up_lost() -> None:
    seal()
    gather()


TAKE_UP_LOST = take_up_lost
