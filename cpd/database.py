"""How long what answers requests waits for the database. ``cpd.wsgi`` alone asks for it: an import may take longer."""

from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_SECONDS = 10  # for a row that somebody else is writing
IDLE_SECONDS = 30  # of an open transaction in which nothing is asked any more: its process is gone or hangs


def answer_in_time(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """PostgreSQL gives up what takes too long; the page then says so (``cpd.away``). SQLite has its timeout."""
    if connection.vendor != "postgresql":
        return
    limits = {
        "statement_timeout": settings.STATEMENT_SECONDS,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    with connection.cursor() as cursor:
        for name, seconds in limits.items():
            cursor.execute(f"SET {name} = '{seconds:d}s'")
