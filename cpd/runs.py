"""When each of the commands that a clock starts last ended well: for the monitoring, which wakes somebody if not."""

import time
from collections.abc import Mapping

from django.core.cache import cache

COMMANDS = ("backup", "notify", "tidy", "check_invariants", "verify_audit", "anonymise")


MAILS = "mails-failed"


def ended_well(command: str) -> None:
    cache.set(f"ran-{command}", time.time(), timeout=None)


def last_ends() -> Mapping[str, float]:
    """Seconds since 1970 by command, for those that ever ended well."""
    found = cache.get_many([f"ran-{command}" for command in COMMANDS])
    return {key.removeprefix("ran-"): moment for key, moment in found.items()}


def note_failed_mails(number: int) -> None:
    """Of the last run that sent any."""
    cache.set(MAILS, number, timeout=None)


def failed_mails() -> int:
    return int(cache.get(MAILS, 0))
