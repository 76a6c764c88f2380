"""What must always hold of documents, whatever happened to the machine. ``manage.py check_invariants`` runs all."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from django.db import connection
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.timezone import get_default_timezone

from schools.approval import MOVES
from schools.choices import Action, Event, State
from schools.models import (
    AuditEntry,
    Decision,
    Document,
    DocumentVersion,
    Employment,
    Invitation,
    Merge,
    Person,
    RoleAssignment,
)
from schools.models.documents import digest
from schools.sealing import entries_are_as_sealed, seals_form_a_chain

Check = Callable[[], Iterable[str]]

AT_ONCE = 500  # versions held in memory together: a school's schedule is long
HANDING_IN = (Action.SUBMIT, Action.CLOSE)
CHANGING_ROLES = (  # by these a role may have been ended as of a day that had passed, or gone to another record
    *(Event.ROLE_ENDED, Event.EMPLOYMENT_CHANGED, Event.EMPLOYMENT_ENDED, Event.TRANSFER_ANSWERED),
    *(Event.MERGED, Event.MERGE_UNDONE),
)


def one_decision_per_step() -> Iterable[str]:
    """I1: at most one decision per version and step."""
    twice = (
        Decision.objects.exclude(step=None).values("version", "step").annotate(times=Count("pk")).filter(times__gt=1)
    )
    return [f"version {row['version']}, step {row['step']}: {row['times']} decisions" for row in twice]


def state_follows_decisions() -> Iterable[str]:
    """I2: a document stands where its decisions left it, and what is in force was approved."""
    moves = Decision.objects.filter(version__document=OuterRef("pk")).order_by("-pk")
    last = Subquery(moves.values("action")[:1])
    approved = Subquery(moves.filter(action=Action.APPROVE).values("version")[:1])
    found = Document.objects.order_by("pk").values_list("pk", "state", "in_force", last, approved)
    for pk, state, in_force, action, version in found.iterator():
        if state != (MOVES[Action(action)].target if action else State.DRAFT):
            yield f"document {pk}: stands as {state}, its decisions say otherwise"
        if in_force != version:
            yield f"document {pk}: version {in_force} is in force, its decisions say otherwise"


def versions_were_handed_in() -> Iterable[str]:
    """I2: a version was made by the decision that hands it in, and a document names its own versions only."""
    handed_in = Decision.objects.filter(version=OuterRef("pk"), action__in=HANDING_IN)
    left = DocumentVersion.objects.exclude(Exists(handed_in)).order_by("pk")
    for pk, document in left.values_list("pk", "document"):
        yield f"version {pk}: nobody handed it in, though document {document} has it"
    other = Q(current_version__isnull=False) & ~Q(current_version__document=F("pk"))
    other |= Q(in_force__isnull=False) & ~Q(in_force__document=F("pk"))
    for pk in Document.objects.filter(other).order_by("pk").values_list("pk", flat=True):
        yield f"document {pk}: names a version of another document"


def versions_unchanged() -> Iterable[str]:
    """I3, I4: the content of a version is the one its decisions were taken on; of nameless people the hash alone."""
    nameless = set(Person.objects.exclude(erased_at=None).values_list("pk", flat=True))
    for version in DocumentVersion.objects.filter(document__author__erased_at=None).order_by("pk").iterator(AT_ONCE):
        names_one = (version.content.get("mentor") or {}).get("person") in nameless  # a mentor who became nameless
        if not names_one and version.content_hash != digest(version.content):
            yield f"version {version.pk}: its content does not match its hash"


def decisions_form_a_chain() -> Iterable[str]:
    """I6: no decision was altered, removed or put in later."""
    found = Decision.objects.select_related("version", "meeting").defer("version__content")
    document, previous = None, ""
    for decision in found.order_by("version__document", "pk").iterator():
        if decision.version.document_id != document:
            document, previous = decision.version.document_id, ""
        if decision.previous_hash != previous:
            yield f"decision {decision.pk}: does not follow the decision before it"
        if decision.chain_hash != decision.computed_hash():
            yield f"decision {decision.pk}: does not match its hash"
        previous = decision.chain_hash


def decisions_are_in_the_journal() -> Iterable[str]:
    """I6, T13: as many entries of the journal as decisions, each naming its decision with its hash."""
    decisions = Decision.objects.order_by("pk").values_list("pk", "chain_hash").iterator()
    return not_as_noted("decision", decisions, Event.DOCUMENT_MOVED)


def not_as_noted(what: str, decisions: Iterable[tuple[int, str | None]], *events: Event) -> Iterator[str]:
    """Which decisions, given with their hashes by pk, are not those that the journal names under these events.

    Those older than the first that was noted are from before there was a journal; of those without a hash only
    their being there is checked. Both are read side by side in nearly the same order, and only what has not met its
    other half yet is held.
    """
    first: int | None = None
    noted: dict[int, str] = {}
    there: dict[int, str | None] = {}
    for entry, decision in zip_longest(_named_in_journal(events), decisions):
        if entry is not None:
            pk, noted_hash = entry
            first = pk if first is None else min(first, pk)
            if noted_hash is None:  # an undone import took it out
                noted.pop(pk, None)
            elif pk not in there:
                noted[pk] = noted_hash
            elif there.pop(pk) not in (None, noted_hash):
                yield f"{what} {pk}: is not as the journal has it"
        if decision is not None:
            pk, chain_hash = decision
            if pk not in noted:
                there[pk] = chain_hash
            elif noted.pop(pk) != chain_hash and chain_hash is not None:
                yield f"{what} {pk}: is not as the journal has it"
    yield from (f"{what} {pk}: is in the journal and not there" for pk in noted)
    missing = [pk for pk in there if first is not None and pk > first]
    if missing:
        since = dict(_named_in_journal(events))  # some were decided while we looked
        yield from (f"{what} {pk}: is not in the journal" for pk in missing if since.get(pk) is None)


def _named_in_journal(events: Collection[Event]) -> Iterator[tuple[int, str | None]]:
    """The decisions that entries of these events name, with their hashes; without one where an import took it out."""
    entries = AuditEntry.objects.filter(event__in=events).order_by("pk")
    for after in entries.values_list("after", flat=True).iterator():
        yield from ((pk, chain_hash) for pk, chain_hash in after.get("decisions", ()))
        yield from ((pk, None) for pk in after.get("taken_out", ()))


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


def steps_were_taken_by_who_held_the_role() -> Iterable[str]:
    """I10: who took a step, or in whose place it was taken, held its role in that school or district on that day.

    A role may be ended later as of an earlier day: then the journal tells of it, and the decision stays right.
    """
    document = "version__document__"
    steps = Decision.objects.exclude(step=None).annotate(
        day=TruncDate("at", tzinfo=get_default_timezone()),
        holder=Coalesce("in_place_of", "by"),
        goes_on=Coalesce("in_place_of__merged_into", "by__merged_into"),
    )
    there = Q(institution=OuterRef(f"{document}institution"))
    there |= Q(association=OuterRef(f"{document}association"))
    there |= Q(association=OuterRef(f"{document}association__part_of"))
    there |= Q(district=OuterRef(f"{document}institution__district"))
    theirs = Q(person=OuterRef("holder")) | Q(person=OuterRef("goes_on"))
    held = RoleAssignment.objects.filter(theirs & there, role=OuterRef("by_role"), starts_on__lte=OuterRef("day"))
    changed = AuditEntry.objects.filter(subject=OuterRef("holder"), event__in=CHANGING_ROLES, at__gte=OuterRef("at"))
    wrong = steps.exclude(Exists(held.exclude(ends_on__lt=OuterRef("day")))).exclude(Exists(changed))
    for pk, role in wrong.order_by("pk").values_list("pk", "by_role").iterator():
        yield f"decision {pk}: who took it was not {role} there on that day"


def invitations_were_used_once() -> Iterable[str]:
    """I9: a used slip was good on that day, not revoked, and has made somebody's account."""
    used = Invitation.objects.exclude(used_at=None)
    stale = Q(used_at__gt=F("expires_at")) | Q(used_at__lt=F("made_at")) | Q(revoked_at__isnull=False)
    without = Q(person__user=None, person__merged_into=None, person__erased_at=None)
    for pk in used.filter(stale | without).order_by("pk").values_list("pk", flat=True):
        yield f"invitation {pk}: was used when it opened nothing, or made no account"
    same = used.values("person", "used_at").annotate(times=Count("pk")).filter(times__gt=1).order_by("person")
    yield from (f"person {row['person']}: {row['times']} invitations used at one moment" for row in same)


def rows_belong_to_one_place() -> Iterable[str]:
    """I12: counted place by place there are as many rows as altogether, and a row lies where its own rows lie."""
    return not_of_one_place(
        {Document: "institution__district", Employment: "institution__district"},
        {
            Document: Q(association__isnull=False) & ~Q(association__institution=F("institution")),
            Employment: Q(association__isnull=False) & ~Q(association__institution=F("institution")),
        },
    )


def not_of_one_place(districts: Mapping[Any, str], wrong: Mapping[Any, Q]) -> Iterator[str]:
    """Tables of which more or fewer rows belong to districts than there are, and rows that belong to two places."""
    for model, path in districts.items():
        places = model._default_manager.order_by().values(path).annotate(rows=Count("pk"))
        counted = sum(place["rows"] for place in places.filter(**{f"{path}__isnull": False}))
        if counted != (total := model._default_manager.count()):
            yield f"{model._meta.model_name}: {counted} rows in all districts, {total} altogether"
    for model, is_wrong in wrong.items():
        for pk in model._default_manager.filter(is_wrong).order_by("pk").values_list("pk", flat=True):
            yield f"{model._meta.model_name} {pk}: belongs to two places"


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
    versions_were_handed_in,
    nobody_decided_for_themselves,
    steps_were_taken_by_who_held_the_role,
    invitations_were_used_once,
    rows_belong_to_one_place,
    jobs_of_one_place_do_not_overlap,
    database_is_sound,
)
