"""What must always hold of documents, whatever happened to the machine. ``manage.py check_invariants`` runs all."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator

from django.db import connection
from django.db.models import Count, DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from schools.approval import MOVES
from schools.choices import Action, Event, State
from schools.models import AuditEntry, Decision, Document, DocumentVersion, Employment, Merge, Person
from schools.models.documents import digest
from schools.sealing import entries_are_as_sealed, seals_form_a_chain

Check = Callable[[], Iterable[str]]


def one_decision_per_step() -> Iterable[str]:
    """I1: at most one decision per version and step."""
    twice = (
        Decision.objects.exclude(step=None).values("version", "step").annotate(times=Count("pk")).filter(times__gt=1)
    )
    return [f"version {row['version']}, step {row['step']}: {row['times']} decisions" for row in twice]


def state_follows_decisions() -> Iterable[str]:
    """I2: a document stands where its decisions left it, and what is in force was approved."""
    state: dict[int, State] = {}
    in_force: dict[int, int] = {}
    for decision in Decision.objects.select_related("version").order_by("pk").iterator():
        state[decision.version.document_id] = MOVES[Action(decision.action)].target
        if decision.action == Action.APPROVE:
            in_force[decision.version.document_id] = decision.version_id
    for document in Document.objects.order_by("pk").iterator():
        if document.state != state.get(document.pk, State.DRAFT):
            yield f"document {document.pk}: stands as {document.state}, its decisions say otherwise"
        if document.in_force_id != in_force.get(document.pk):
            yield f"document {document.pk}: version {document.in_force_id} is in force, its decisions say otherwise"


def versions_unchanged() -> Iterable[str]:
    """I3, I4: the content of a version is the one its decisions were taken on; of nameless people the hash alone."""
    nameless = set(Person.objects.exclude(erased_at=None).values_list("pk", flat=True))
    for version in DocumentVersion.objects.filter(document__author__erased_at=None).iterator():
        names_one = (version.content.get("mentor") or {}).get("person") in nameless  # a mentor who became nameless
        if not names_one and version.content_hash != digest(version.content):
            yield f"version {version.pk}: its content does not match its hash"


def decisions_form_a_chain() -> Iterable[str]:
    """I6: no decision was altered, removed or put in later."""
    last: dict[int, str] = {}
    for decision in Decision.objects.select_related("version", "meeting").order_by("pk").iterator():
        document = decision.version.document_id
        if decision.previous_hash != last.get(document, ""):
            yield f"decision {decision.pk}: does not follow the decision before it"
        if decision.chain_hash != decision.computed_hash():
            yield f"decision {decision.pk}: does not match its hash"
        last[document] = decision.chain_hash


def decisions_are_in_the_journal() -> Iterable[str]:
    """I6, T13: as many entries of the journal as decisions, each naming its decision with its hash."""
    decisions = Decision.objects.order_by("pk").values_list("pk", "chain_hash").iterator()
    return not_as_noted("decision", decisions, Event.DOCUMENT_MOVED)


def not_as_noted(what: str, decisions: Iterable[tuple[int, str | None]], *events: Event) -> Iterator[str]:
    """Which decisions, given with their hashes by pk, are not those that the journal names under these events.

    Those older than the first that was noted are from before there was a journal; of those without a hash only
    their being there is checked.
    """
    named = named_in_journal(events)
    first = min(named, default=None)
    missing = []
    for pk, chain_hash in decisions:
        noted = named.pop(pk, None)
        if noted is None:
            missing.append(pk)
        elif chain_hash not in (None, noted):
            yield f"{what} {pk}: is not as the journal has it"
    yield from (f"{what} {pk}: is in the journal and not there" for pk in named)
    if first is not None and missing:
        since = named_in_journal(events)  # some were decided while we looked
        yield from (f"{what} {pk}: is not in the journal" for pk in missing if pk > first and pk not in since)


def named_in_journal(events: Collection[Event]) -> dict[int, str]:
    """The decisions that entries of these events name, with their hashes; less those an undone import took out."""
    noted = AuditEntry.objects.filter(event__in=events).order_by("pk")
    named = noted.filter(after__has_key="decisions").values_list("after__decisions", flat=True)
    found = {pk: chain_hash for decisions in named.iterator() for pk, chain_hash in decisions}
    for taken_out in noted.filter(after__has_key="taken_out").values_list("after__taken_out", flat=True):
        for pk in taken_out:
            found.pop(pk, None)
    return found


def nobody_decided_for_themselves() -> Iterable[str]:
    """I10, T8: no step was taken by who handed the version in, nor two steps of one version by one person.

    Whoever acted in somebody's place acted for both; of two records that were merged the one that goes on counts.
    """
    known = Decision.objects.annotate(who=Coalesce("by__merged_into", "by"))
    steps, same_version = known.exclude(step=None), known.filter(version=OuterRef("version"))
    of_either = Q(who=OuterRef("who")) | Q(who=OuterRef("in_place_of"))
    handed_in = same_version.filter(of_either, action__in=[Action.SUBMIT, Action.CLOSE])
    yield from (
        f"decision {pk}: taken by the author" for pk in steps.filter(Exists(handed_in)).values_list("pk", flat=True)
    )
    of_either |= Q(in_place_of=OuterRef("who")) | Q(in_place_of=OuterRef("in_place_of"))
    earlier = same_version.filter(of_either, step__isnull=False, pk__lt=OuterRef("pk"))
    for found in steps.filter(Exists(earlier)):
        yield f"version {found.version_id}: person {found.by_id} took two steps"


def jobs_of_one_place_do_not_overlap() -> Iterable[str]:
    """Nobody has two jobs in one institution at once. Of records that were merged both histories stay."""
    merges = Merge.objects.filter(undone_at=None)
    jobs = Employment.objects.exclude(person__in=merges.values("kept")).exclude(person__in=merges.values("gone"))
    last_day = Coalesce(OuterRef("ends_on"), Value(dt.date.max), output_field=DateField())
    others = Employment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on")),
        person=OuterRef("person"),
        institution=OuterRef("institution"),
        pk__gt=OuterRef("pk"),
        starts_on__lte=last_day,
    )
    overlapping = jobs.filter(Exists(others)).order_by("pk").values_list("pk", "person")
    return [f"employment {pk}: person {person} has another one there at the same time" for pk, person in overlapping]


def database_is_sound() -> Iterable[str]:
    """I11: the database file and its links are whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            yield from (row[0] for row in cursor.fetchall() if row[0] != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            yield from (f"{row[0]} {row[1]}: points at a missing row of {row[2]}" for row in cursor.fetchall())
        else:
            cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated")
            yield from (f"constraint {row[0]} is not validated" for row in cursor.fetchall())


# What ``verify_audit`` looks at. A chain does not miss its own last link: the states of documents, and the journal,
# tell whether the last decisions are still there.
HISTORY: tuple[Check, ...] = (
    versions_unchanged,
    decisions_form_a_chain,
    state_follows_decisions,
    decisions_are_in_the_journal,
    seals_form_a_chain,
    entries_are_as_sealed,
)
CHECKS: tuple[Check, ...] = (
    one_decision_per_step,
    state_follows_decisions,
    versions_unchanged,
    decisions_form_a_chain,
    decisions_are_in_the_journal,
    seals_form_a_chain,
    entries_are_as_sealed,
    nobody_decided_for_themselves,
    jobs_of_one_place_do_not_overlap,
    database_is_sound,
)
