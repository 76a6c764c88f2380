"""The country's figures of today as they were some minutes ago: counting a country takes seconds (docs/adr/0041).

A worker counts them and keeps them in the cache; nothing else is computed from them. Where counting is quick none are
kept, and the page counts by itself.
"""

import datetime as dt
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from courses import facts, rules
from courses.choices import HoursStatus
from courses.staff import COUNTRY, country
from courses.standing import CountsBy
from cpd.dates import today
from schools.models import Employment

SLOW = 1.0  # seconds that counting takes from which figures are kept
EVERY = dt.timedelta(minutes=10)  # between two countings
LIFE = dt.timedelta(hours=1)  # nobody is shown older figures, and whether counting is slow is tried as often


@dataclass(frozen=True)
class Kept:
    """What ``courses.staff.country`` found of everybody, and when."""

    found: CountsBy
    taken_at: dt.datetime


def kept(policies: Sequence[rules.Policy], on: dt.date) -> Kept | None:
    """The figures of everybody by these rules, if ``on`` is today and they are not too old. One query."""
    told = cache.get(_key(policies, on)) if on == today() else None
    if told is None:
        return None
    one = Kept(_read(told["rows"]), dt.datetime.fromisoformat(told["taken_at"]))
    return one if timezone.now() - one.taken_at <= LIFE else None


def keep() -> None:
    """Count anew, unless this or another worker began to a short while ago, by the same rules and on the same day."""
    policies, on, taken_at = facts.policies(), today(), timezone.now()
    key = _key(policies, on)
    turn = f"{key}-begun"
    if not cache.add(turn, True, timeout=EVERY.total_seconds()):
        return
    began = time.perf_counter()
    found = country(Employment.objects.teaching().on(on), on, policies)
    if time.perf_counter() - began < SLOW:
        cache.delete(key)
        cache.touch(turn, timeout=LIFE.total_seconds())
    else:
        told = {"taken_at": taken_at.isoformat(), "rows": _written(found)}
        cache.set(key, told, timeout=LIFE.total_seconds())


def _key(policies: Sequence[rules.Policy], on: dt.date) -> str:
    """Other rules, and another day, are another key."""
    return f"country-{on}-{hashlib.sha256(repr(policies).encode()).hexdigest()}"


def _written(found: CountsBy) -> list[list[Any]]:
    """What JSON could hold, so that a program newly started reads what the former one wrote."""
    return [
        [by, place, status.value, people]
        for by, places in found.items()
        for place, counts in places.items()
        for status, people in counts.items()
    ]


def _read(rows: list[list[Any]]) -> CountsBy:
    found: CountsBy = {by: defaultdict(Counter) for by in COUNTRY}
    for by, place, status, people in rows:
        found[by][place][HoursStatus(status)] = people
    return found
