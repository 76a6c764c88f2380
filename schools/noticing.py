"""What people are told of documents in general, of moves between schools, and of their accounts."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cpd.dates import short_date, today
from schools import document_notices
from schools.choices import Event, NoticeKind, TransferState
from schools.holders import holders_at
from schools.models import AuditEntry, Transfer, User
from schools.notices import Settled, Sources, Told, in_batches

MOVING = "transfer"  # the first word of the keys of moves that wait for an answer

# What of the journal its subject is told: whoever gets hold of an account, or of a role, does it under their eyes.
ACCOUNT_EVENTS = (
    Event.PASSWORD_CHANGED,
    Event.SECOND_FACTOR_CHANGED,
    Event.MAIL_CHANGED,
    Event.INVITED,
    Event.ACCOUNT_OPENED,
    Event.ROLE_GIVEN,
    Event.ROLE_ENDED,
    Event.DELEGATED,
    Event.DELEGATION_ENDED,
    Event.NAME_CHANGED,
    Event.MERGED,
)


def account_events(since: dt.datetime) -> Iterator[Told]:
    rows = AuditEntry.objects.filter(at__gte=since, event__in=ACCOUNT_EVENTS, subject__isnull=False)
    for batch in in_batches(rows.values("pk", "event", "subject")):
        for row in batch:
            facts = {"what": "account", "event": row["event"]}
            yield Told(row["subject"], NoticeKind.ACCOUNT, f"journal-{row['pk']}", reverse("my_account"), facts)


def transfers(since: dt.datetime) -> Iterator[Told]:
    """A proposal waits for the leaders of the other school; the person and both schools are told what became of it."""
    rows = Transfer.objects.filter(Q(proposed_at__gte=since) | Q(answered_at__gte=since))
    sides = ("employment__institution", "institution")
    columns = ("employment__person", "institution__title_ky", "is_proposed_by_new", "state", "moves_on", "answered_by")
    for batch in in_batches(rows.values("pk", *sides, *columns)):
        schools = {row[side] for row in batch for side in sides}
        holders = holders_at(schools, today())
        for row in batch:
            facts = {"state": row["state"], "school": row["institution__title_ky"], "on": row["moves_on"].isoformat()}
            mover, path = row["employment__person"], reverse("transfers")
            yield Told(mover, NoticeKind.MOVE, f"{MOVING}-{row['pk']}-{row['state']}", path, {"what": "move"} | facts)
            old, new = holders.leading(row["employment__institution"]), holders.leading(row["institution"])
            if row["state"] == TransferState.PROPOSED:
                waits = {"what": "move_waits"} | facts
                for person in old if row["is_proposed_by_new"] else new:
                    yield Told(person, NoticeKind.WAITING, f"{MOVING}-{row['pk']}", path, waits)
            else:
                for person in (old | new) - {mover, row["answered_by"]}:
                    key = f"{MOVING}-{row['pk']}-{row['state']}"
                    yield Told(person, NoticeKind.MOVE, key, path, {"what": "move_answered"} | facts)


def transfers_settled(since: dt.datetime) -> Iterator[Settled]:
    for pk, at in Transfer.objects.filter(answered_at__gte=since).values_list("pk", "answered_at"):
        if at:
            yield Settled(f"{MOVING}-{pk}", at)


def transfers_waiting(user: User, keys: Collection[str]) -> Mapping[str, str]:
    awaited = Transfer.objects.awaiting(user).filter(pk__in=[key.split("-")[1] for key in keys])
    return {f"{MOVING}-{one.pk}": str(one) for one in awaited.select_related("employment__person", "institution")}


def _account(facts: Mapping[str, Any]) -> str:
    return str(Event(facts["event"]).label)


def _move(facts: Mapping[str, Any]) -> str:
    state = TransferState(facts["state"])
    day = short_date(dt.date.fromisoformat(facts["on"]))
    return f"{_('Move to another institution')}: {facts['school']}, {day}. {state.label}"


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "account": _account,
    "move": _move,
    "move_answered": _move,
    "move_waits": _move,
}

SOURCES = Sources(
    events=(account_events, transfers),
    settled=(document_notices.settled, transfers_settled),
    waiting={document_notices.WAITING: document_notices.still_waiting, MOVING: transfers_waiting},
    words={**WORDS, **document_notices.WORDS},
)
