"""Several workers seal the journal at the same moment: one chain, each entry under it once (T12, both databases)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import PositiveBigIntegerField

from schools import audit, sealing
from schools.choices import Event
from schools.models import AuditEntry, AuditSeal
from schools.sealing import entries_are_as_sealed, seal, seals_form_a_chain
from tests.conftest import Cast, at_once

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6
ROUNDS = 4


def written(cast: Cast, how_many: int) -> None:
    for _n in range(how_many):
        audit.note(Event.SIGNED_IN, by=cast.teacher, subject=cast.teacher.person)


def breaches() -> list[str]:
    return [*seals_form_a_chain(), *entries_are_as_sealed()]


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many seals, so that sealers meet often."""
    monkeypatch.setattr(sealing, "MOST_SEALED", 2)


def test_of_several_sealers_at_once_each_entry_is_sealed_once(cast: Cast, one_by_one: None) -> None:
    for _round in range(ROUNDS):
        written(cast, 10)
        answers = at_once(*[seal] * CROWD)
        assert all(isinstance(answer, int) for answer in answers), answers
        assert sum(answers) + seal() == 10  # where all stumbled over each other at the end, the next round seals it
        assert AuditEntry.objects.filter(seal=None).count() == 0
        assert breaches() == []
    named = Counter(pk for one in AuditSeal.objects.all() for pk, _hash in one.sealed)
    assert named == Counter(AuditEntry.objects.values_list("pk", flat=True))


def test_entries_written_while_others_seal_are_sealed_too(cast: Cast, one_by_one: None) -> None:
    def write() -> None:
        written(cast, 5)

    answers = at_once(seal, write, seal, write, seal)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    seal()
    assert AuditEntry.objects.exclude(seal=None).count() == 10
    assert breaches() == []


@pytest.fixture
def without_control(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All rest on the same last seal, no transaction keeps the others out, and the number may be taken twice."""
    gate = Barrier(CROWD)
    real = sealing._seal

    def at_the_same_moment(last: Any) -> int:
        gate.wait(timeout=30)
        return real(last)

    monkeypatch.setattr(sealing, "_seal", at_the_same_moment)
    monkeypatch.setattr(sealing, "_put_under", lambda made, numbers: None)
    monkeypatch.setattr(sealing, "transaction", SimpleNamespace(atomic=nullcontext))
    unique: Any = AuditSeal._meta.get_field("number")
    free = PositiveBigIntegerField("number")
    free.set_attributes_from_name("number")
    free.model = AuditSeal
    with connection.schema_editor() as editor:
        editor.alter_field(AuditSeal, unique, free)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM schools_auditseal")
    with connection.schema_editor() as editor:
        editor.alter_field(AuditSeal, free, unique)


def test_teeth_without_the_number_the_chain_splits(cast: Cast, without_control: None) -> None:
    written(cast, 3)
    assert at_once(*[sealing._seal_next] * CROWD) == [3] * CROWD
    assert AuditSeal.objects.filter(number=1).count() == CROWD
    assert breaches() != []
