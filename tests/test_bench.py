"""What the bench measures, very small: it can be made, and both ways of doing the same agree."""

import json

import pytest
from django.db import connection

from bench import book_steps
from bench.make import NEEDS_YEAR, TODAY, Country
from bench.measure import needs_by_hand, said, told
from courses import facts, standing
from courses.models import Book, ConfirmedPair, StoredPaper, TrainingRecord
from plans.orders.country import Asked
from schools.models import Document, Employment
from tests import factories


@pytest.mark.django_db
def test_a_small_country_is_made_and_judged_alike() -> None:
    factories.first_data()
    Country(scale=0.001, seed=1).make()
    assert 1_000 < TrainingRecord.objects.count() < 2_000
    assert Document.objects.filter(in_force__isnull=False).count() > 60
    assert ConfirmedPair.objects.exists()
    jobs = Employment.objects.on(TODAY).select_related("institution")
    judged = facts.judgements(jobs, TODAY)
    assert {one.employment: said(one) for one in standing.of(jobs, TODAY)} == {
        job: said(judgement) for job, judgement in judged.items()
    }
    assert len({judgement.worse_status for judgement in judged.values()}) >= 3
    needed = told(Asked(NEEDS_YEAR))
    assert needed
    if connection.vendor == "postgresql":  # the SQL by hand speaks no other language
        assert needed == needs_by_hand("TRUE")()


@pytest.mark.django_db
def test_a_small_book_is_made_twice_and_as_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    book_steps.prepare("3", "4")
    book_steps.one_process()
    book_steps.book()
    _schools, one, book = map(json.loads, capsys.readouterr().out.splitlines())
    assert book["pages"] == one["pages"] == 5
    assert Book.objects.filter(state="done").count() == 2
    assert StoredPaper.objects.count() == 4  # three, and the one that was sent again
