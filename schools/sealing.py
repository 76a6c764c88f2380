"""Seals over the journal: what was written stays as it was, or is found out.

Writing an entry locks nothing. Somewhat later one worker seals what is not sealed yet, in the order of pk: each seal
names its entries with their hashes and rests on the seal before it. An entry whose transaction ended late has a
smaller pk than some that are sealed already; it is sealed with the next ones, and no harm is done.
"""

from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from schools.models import AuditEntry, AuditSeal

MOST_SEALED = 1000  # entries under one seal
MOST_SHOWN = 5  # entries named of one seal: where many are wrong, the first tell which


def seal() -> int:
    """Seal everything that is not sealed, batch by batch; how many entries that were.

    Ends where nothing is left, or where another worker seals at the same moment: what is left is that one's.
    """
    sealed = 0
    while made := _seal_next():
        sealed += made
    return sealed


def _seal_next() -> int:
    """One seal over the next entries, whole or not at all; 0 where there is nothing, or somebody else was first."""
    if not AuditEntry.objects.filter(seal=None).exists():
        return 0  # without taking SQLite's only place for a writer
    try:
        with transaction.atomic():
            return _seal(AuditSeal.objects.order_by("-number").first())
    except IntegrityError:  # the number is taken
        return 0


def _seal(last: AuditSeal | None) -> int:
    """Of two who rest on the same last seal only one gets its number; nothing else keeps them apart."""
    entries = list(AuditEntry.objects.filter(seal=None).order_by("pk")[:MOST_SEALED])
    if not entries:
        return 0
    made = AuditSeal(
        number=last.number + 1 if last else 1,
        previous_hash=last.chain_hash if last else "",
        sealed=[[entry.pk, entry.computed_hash()] for entry in entries],
    )
    made.chain_hash = made.computed_hash()
    made.save(force_insert=True)
    _put_under(made, [entry.pk for entry in entries])
    return len(entries)


def _put_under(made: AuditSeal, numbers: list[int]) -> None:
    """The one change an entry ever sees: from no seal to a seal. Its queryset refuses every other one."""
    entries: QuerySet[AuditEntry] = QuerySet(AuditEntry)
    changed = entries.filter(pk__in=numbers, seal=None).update(seal=made)
    if changed != len(numbers):
        raise IntegrityError("an entry was sealed by somebody else meanwhile")


# Whether it is as it was sealed -------------------------------------------------------------------------------------


def seals_form_a_chain() -> Iterable[str]:
    """I6: no seal was altered, taken out or put in later."""
    number, previous = 0, ""
    for found in AuditSeal.objects.order_by("number").iterator():
        if found.number != number + 1:
            yield f"seal {number + 1}: is not there"
        elif found.previous_hash != previous:
            yield f"seal {found.number}: does not follow the seal before it"
        if found.chain_hash != found.computed_hash():
            yield f"seal {found.number}: does not match its hash"
        number, previous = found.number, found.chain_hash


def entries_are_as_sealed() -> Iterable[str]:
    """I6: under each seal are the very entries it names, as they were."""
    for found in AuditSeal.objects.order_by("number").iterator():
        yield from _differences(found)


def _differences(found: AuditSeal) -> Iterator[str]:
    named = dict(found.sealed)
    there = {entry.pk: entry for entry in AuditEntry.objects.filter(seal=found).order_by("pk")}
    wrong = [f"entry {pk}: is not under seal {found.number} any more" for pk in named if pk not in there]
    wrong += [f"entry {pk}: was put under seal {found.number} later" for pk in there if pk not in named]
    for pk, entry in there.items():
        if pk in named and entry.computed_hash() != named[pk]:
            wrong.append(f"entry {pk}: does not match its hash in seal {found.number}")
    yield from wrong[:MOST_SHOWN]
    if len(wrong) > MOST_SHOWN:
        yield f"seal {found.number}: and {len(wrong) - MOST_SHOWN} more entries"
