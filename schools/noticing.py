"""What people are told of documents in general, of moves between schools, and of their accounts."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cpd.dates import short_date, today
from schools import document_notices
from schools.choices import Event, NoticeKind, TransferState
from schools.holders import holders_at
from schools.models import AuditEntry, Employment, Transfer, User
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
    Event.PERSON_CHANGED,
    Event.MERGED,
)


# What others entered of one, whose place of work is told; what one did oneself is no news.
BY_OTHERS = (Event.NAME_CHANGED, Event.PERSON_CHANGED)
NAMES_THE_SCHOOL = (Event.INVITED, *BY_OTHERS)


def account_events(since: dt.datetime) -> Iterator[Told]:
    made_later = AuditEntry.objects.filter(
        event=Event.ACCOUNT_MADE, subject=OuterRef("subject"), pk__gt=OuterRef("pk")
    ).order_by()
    rows = AuditEntry.objects.filter(at__gte=since, event__in=ACCOUNT_EVENTS, subject__isnull=False)
    rows = rows.exclude(Q(Exists(made_later)), event=Event.INVITED)  # the slip made the account: no news any more
    for batch in in_batches(rows.values("pk", "event", "subject", "by", "what", "institution__title_ky")):
        for row in batch:
            if row["event"] in BY_OTHERS and row["by"] == row["subject"]:
                continue
            facts = {"what": "account", "event": row["event"]}
            if row["event"] in NAMES_THE_SCHOOL:
                by_office = row["event"] == Event.INVITED and row["what"]
                facts["school"] = "" if by_office else row["institution__title_ky"] or ""
            path = reverse("my_data" if row["event"] in BY_OTHERS else "my_account")
            yield Told(row["subject"], NoticeKind.ACCOUNT, f"journal-{row['pk']}", path, facts)


def second_jobs(since: dt.datetime) -> Iterator[Told]:
    """Told to the person, and to who leads the school of the main job: nobody there has to agree to a second one."""
    rows = AuditEntry.objects.filter(at__gte=since, event=Event.HIRED, subject__isnull=False)
    for batch in in_batches(rows.values("pk", "subject", "by", "institution", "institution__title_ky")):
        people = {row["subject"] for row in batch}
        main_jobs = {
            job.person_id: job for job in Employment.objects.on(today()).filter(person__in=people, is_main=True)
        }
        holders = holders_at({job.institution_id for job in main_jobs.values()}, today())
        for row in batch:
            job = main_jobs.get(row["subject"])
            if job is None or row["institution"] is None or job.institution_id == row["institution"]:
                continue
            key, facts = f"journal-{row['pk']}", {"school": row["institution__title_ky"]}
            yield Told(job.person_id, NoticeKind.ACCOUNT, key, reverse("my_data"), {"what": "hired"} | facts)
            path = reverse("employment", args=[job.pk])
            for leader in holders.leading(job.institution_id) - {job.person_id, row["by"]}:
                yield Told(leader, NoticeKind.MOVE, key, path, {"what": "second_job"} | facts)


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
    told = str(Event(facts["event"]).label)
    school = facts.get("school", "")
    if facts["event"] == Event.INVITED:
        maker = school or _("Education office or administrator")
        advice = _("With it your password can be changed. Did you not ask for it? Say so there at once.")
        return f"{told}: {maker}. {advice}"
    return f"{told}: {school}" if school else told


def _hired(facts: Mapping[str, Any]) -> str:
    told = _("A second job of yours was entered: %(school)s. If you do not work there, tell your own school.")
    return told % {"school": facts["school"]}


def _second_job(facts: Mapping[str, Any]) -> str:
    told = _("Somebody whose main job is in your school was entered for a second job: %(school)s.")
    return told % {"school": facts["school"]}


def _move(facts: Mapping[str, Any]) -> str:
    state = TransferState(facts["state"])
    day = short_date(dt.date.fromisoformat(facts["on"]))
    return f"{_('Move to another institution')}: {facts['school']}, {day} · {state.label}"


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "account": _account,
    "hired": _hired,
    "second_job": _second_job,
    "move": _move,
    "move_answered": _move,
    "move_waits": _move,
}

SOURCES = Sources(
    events=(account_events, second_jobs, transfers),
    settled=(document_notices.settled, transfers_settled),
    waiting={document_notices.WAITING: document_notices.still_waiting, MOVING: transfers_waiting},
    words={**WORDS, **document_notices.WORDS},
)
