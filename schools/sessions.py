"""How long somebody stays signed in: a day without a request, and some days in all (see settings)."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

KEY = "signed_in"
CARRIED_ON_EVERY = 60 * 60  # seconds


def begin(session: SessionBase) -> None:
    """Somebody signed in now."""
    session[KEY] = {"since": _now(), "seen": _now()}


def is_over(session: SessionBase) -> bool:
    """Whether sign-in was too long ago, however much the session was used."""
    times = session.get(KEY)
    return times is not None and _now() - times["since"] >= settings.SESSION_LASTS


def carry_on(session: SessionBase) -> None:
    """Let a session that is in use last another SESSION_COOKIE_AGE.

    To carry one on is to write it, so that is done once an hour. One that does not know when its person signed in is
    not carried on.
    """
    times = session.get(KEY)
    if times and _now() - times["seen"] >= CARRIED_ON_EVERY:
        session[KEY] = times | {"seen": _now()}


def _now() -> int:
    return int(time.time())
