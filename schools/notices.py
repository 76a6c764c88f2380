"""What people are told without asking: gathered from every app, written once, read in the inbox.

Each app brings a module ``noticing`` with its ``SOURCES``. Whatever they tell again is told already: the database
keeps one notice per person, kind and key, so that two who gather at once do no harm. Nothing is ever sent from here.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from cpd.by_app import found_in_apps
from schools.choices import ALWAYS_TOLD, NoticeKind
from schools.models import District, Notice, User

LOOKS_BACK = dt.timedelta(days=14)  # what happened earlier is old: it is told to nobody, not even at the first start
BATCH = 1000  # rows held in memory at once
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Told:
    """One thing to be told to one person. ``key`` names it: what it is about in a word, a hyphen, and which one.

    ``facts`` hold "what", by which :attr:`Sources.words` finds the sentence, and what the sentence is made of: nobody
    else's name, so that a role that ended shows nothing any more.
    """

    person: int
    kind: NoticeKind
    key: str
    path: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """What waited under ``key`` waits no more for those who were told of it before ``at``."""

    key: str
    at: dt.datetime


@dataclass(frozen=True)
class Sources:
    """What one app has to tell.

    ``events`` tell what happened since a moment, ``settled`` what was dealt with since; both for the whole country, in
    batches. ``days`` tell what a day brings in one district, in a number of queries that does not grow with it.
    ``waiting`` answers, by the first word of the keys, which of them still wait for a user, each with a few words that
    only somebody for whom it waits may read. ``words`` make the sentence, by "what" of the facts.
    """

    events: Sequence[Callable[[dt.datetime], Iterable[Told]]] = ()
    settled: Sequence[Callable[[dt.datetime], Iterable[Settled]]] = ()
    days: Sequence[Callable[[District, dt.date], Iterable[Told]]] = ()
    waiting: Mapping[str, Callable[[User, Collection[str]], Mapping[str, str]]] = field(default_factory=dict)
    words: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)


def sources() -> list[Sources]:
    return found_in_apps("noticing", "SOURCES")


def collect_events(since: dt.datetime) -> int:
    """Tell what happened since a moment; returns how many notices are new."""
    settle(since)
    return write(chain.from_iterable(source(since) for app in sources() for source in app.events))


def collect_days(on: dt.date) -> int:
    """Tell what a day brings, district by district; returns how many notices are new."""
    daily = [source for app in sources() for source in app.days]
    return sum(
        write(chain.from_iterable(source(district, on) for source in daily))
        for district in District.objects.order_by("pk")
    )


def settle(since: dt.datetime) -> None:
    """Mark as read what waited for somebody and was dealt with meanwhile, by whomever."""
    for batch in in_parts(chain.from_iterable(source(since) for app in sources() for source in app.settled)):
        until = {one.key: one.at for one in sorted(batch, key=lambda one: one.at)}
        waiting = Notice.objects.filter(kind=NoticeKind.WAITING, key__in=until, read_at=None).order_by()
        done = [pk for pk, key, made_at in waiting.values_list("pk", "key", "made_at") if made_at <= until[key]]
        if done:
            Notice.objects.filter(pk__in=done, read_at=None).update(read_at=timezone.now())


def write(told: Iterable[Told]) -> int:
    """Keep what is new for people who have an account and did not switch it off: three queries a batch at most."""
    return sum(_write(batch) for batch in in_parts(told))


def in_parts(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while part := list(islice(rest, BATCH)):
        yield part


def in_batches(rows: QuerySet[Any, Any]) -> Iterator[list[dict[str, Any]]]:
    """Rows as dictionaries (``values()`` with "pk"), so many at a time.

    Not by one open cursor: notices are written in between, and SQLite lets nobody write behind a reader of its own.
    """
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1]["pk"]


def _write(batch: Sequence[Told]) -> int:
    people = {one.person for one in batch}
    reached = User.objects.filter(
        person__in=people, is_active=True, person__merged_into=None, person__erased_at=None
    ).values_list("person", "muted")
    muted = {person: set(kinds) - set(ALWAYS_TOLD) for person, kinds in reached}
    wanted = {
        (one.person, str(one.kind), one.key): one
        for one in batch
        if one.person in muted and one.kind not in muted[one.person]
    }
    if not wanted:
        return 0
    keys = {key for _person, _kind, key in wanted}
    known = Notice.objects.filter(person__in=muted, key__in=keys).order_by().values_list("person", "kind", "key")
    for identity in known:
        wanted.pop(identity, None)
    Notice.objects.bulk_create(
        (
            Notice(person_id=one.person, kind=one.kind, key=one.key, path=one.path, facts=dict(one.facts))
            for one in wanted.values()
        ),
        ignore_conflicts=True,  # somebody else gathered the same at this moment
    )
    return len(wanted)
