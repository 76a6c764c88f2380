"""What people are told of documents: for the apps whose kinds of document they are, with their own pages."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.urls import reverse

from cpd.dates import Period, today
from schools.approval import MOVES
from schools.choices import OF_A_UNIT, PERSONAL, STATES_OF_KIND, WORK_OF_KIND, Action, DocumentKind, NoticeKind, State
from schools.holders import Guides, Holders, guides_of, guiding, holders_at, in_turn
from schools.models import Decision, Document, User
from schools.notices import Settled, Told, in_batches

WAITING = "document"  # the first word of the keys of what waits
TOLD = {Action.RETURN: NoticeKind.RETURNED, Action.APPROVE: NoticeKind.APPROVED}
BEGINNING = (Action.SUBMIT, Action.SEND)  # all other moves end what waited until then
DOCUMENT = ("kind", "starts_on", "ends_on", "author", "institution", "association")

Source = Callable[[dt.datetime], Iterator[Told]]


def decided(kinds: Collection[DocumentKind], page: str) -> Source:
    """Told to the author of a personal paper, and to whoever holds the office that another paper belongs to."""

    def source(since: dt.datetime) -> Iterator[Told]:
        columns = {name: f"version__document__{name}" for name in ("pk", *DOCUMENT)}
        rows = Decision.objects.filter(at__gte=since, action__in=TOLD, version__document__kind__in=kinds)
        for batch in in_batches(rows.values("pk", "action", "by", *columns.values())):
            documents = [{name: row[column] for name, column in columns.items()} for row in batch]
            offices = {one["institution"] for one in documents if one["kind"] not in PERSONAL}
            holders = holders_at(offices, today()) if offices else Holders({}, {})
            guides = guides_of(documents, today())
            for row, document in zip(batch, documents, strict=True):
                action = Action(row["action"])
                facts = _facts("document", document) | {"state": MOVES[action].target}
                for person in _writers(document, holders, guides) - {row["by"]}:
                    yield Told(person, TOLD[action], f"decision-{row['pk']}", _path(page, document), facts)

    return source


def waiting(kinds: Collection[DocumentKind], page: str) -> Source:
    """Told to everybody who may take the next step, once for each version."""

    def source(since: dt.datetime) -> Iterator[Told]:
        moved = Decision.objects.filter(at__gte=since).values("version__document")
        rows = Document.objects.filter(pk__in=moved, kind__in=kinds).exclude(awaiting_role="")
        columns = (
            "pk",
            "awaiting_role",
            "current_version",
            "institution__district",
            "association__part_of",
            *DOCUMENT,
        )
        for batch in in_batches(rows.values(*columns)):
            people = in_turn(batch, today())
            for one in batch:
                key = f"{WAITING}-{one['pk']}-{one['current_version']}"
                for person in people[one["pk"]]:
                    yield Told(person, NoticeKind.WAITING, key, _path(page, one), _facts("document_waits", one))

    return source


def settled(since: dt.datetime) -> Iterator[Settled]:
    rows = Decision.objects.filter(at__gte=since).exclude(action__in=BEGINNING)
    for batch in in_batches(rows.values("pk", "at", "version", "version__document")):
        for row in batch:
            yield Settled(f"{WAITING}-{row['version__document']}-{row['version']}", row["at"])


def still_waiting(user: User, keys: Collection[str]) -> Mapping[str, str]:
    """Whose paper it is, for papers that wait for the user now as they did then."""
    awaited = Document.objects.awaiting(user).filter(pk__in=[key.split("-")[1] for key in keys])
    found = {
        f"{WAITING}-{document.pk}-{document.current_version_id}": _whose(document)
        for document in awaited.select_related("author", "institution", "association")
    }
    return {key: found[key] for key in keys if key in found}


def _whose(document: Document) -> str:
    if document.kind in PERSONAL:
        return f"{document.author.full_name}, {document.institution}"
    return ", ".join(str(place) for place in (document.association, document.institution) if place)


def _writers(document: Mapping[str, Any], holders: Holders, guides: Guides) -> frozenset[int]:
    """As ``Document.is_written_by``."""
    if document["kind"] in PERSONAL:
        return frozenset({document["author"], *guiding(document, guides)})
    if document["kind"] in (DocumentKind.ASSOCIATION_SCHEDULE, *OF_A_UNIT) and document["association"]:
        return holders.of("association_head", document["association"])
    return holders.making(WORK_OF_KIND[document["kind"]], document["institution"])


def _path(page: str, document: Mapping[str, Any]) -> str:
    return reverse(page, args=[document["pk"]])


def _facts(what: str, document: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: document[name].isoformat() for name in ("starts_on", "ends_on")}
    return {"what": what, "kind": document["kind"]} | days


def paper(facts: Mapping[str, Any]) -> str:
    """«Жеке өнүгүү планы, 2026–2031»: the paper by its kind and years."""
    period = Period(*(dt.date.fromisoformat(facts[name]) for name in ("starts_on", "ends_on")))
    return f"{DocumentKind(facts['kind']).label}, {Document.label_of_days(facts['kind'], period)}"


def state_of(facts: Mapping[str, Any]) -> str:
    """What became of the paper, in the words of its kind."""
    state = STATES_OF_KIND.get((facts["kind"], facts["state"])) or State(facts["state"]).label
    return f"{state}: {paper(facts)}"


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"document": state_of, "document_waits": paper}
