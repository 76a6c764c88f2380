"""What the bench measures, very small: it can be made, and both ways of doing the same agree."""

import json

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench import bare, book_steps, load, people, short
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


@pytest.mark.django_db
def test_people_of_the_bench_find_their_pages() -> None:
    factories.first_data()
    Country(scale=0.001, seed=1).make()
    schools = people.working_schools(1, large=1)
    pages = load.pages_of(schools)
    assert {name for name, page in pages.items() if not page.asked} == set()
    for name in (*load.TEN, *load.MORE):
        assert 4 <= load.count_queries(pages[name]) <= 15, name  # of trust, for any page
        if name in load.TEN:
            bare_name, key = pages[name].bare[0].path.removeprefix("/bare/").rstrip("/").split("/")
            with CaptureQueriesContext(connection) as captured:
                answer = bare.page(RequestFactory().get("/"), bare_name, int(key))
            assert (answer.status_code, len(captured)) == (200, 1), name


def test_what_got_worse_is_told_in_words() -> None:
    before = {"queries": 8, "bytes": 2_000, "cpu_of_forty": 0.3, "cpu_of_small": 1.0}
    assert not short.worse("home", before, before)
    assert not short.worse("home", before | {"cpu_of_forty": 0.27}, before)  # a busy machine
    assert short.worse("home", before | {"queries": 9, "cpu_of_forty": 0.2}, before) == [
        "home: 9 queries, 8 last time",
        "home: 0.20 of a bare page's speed, 0.30 last time",
    ]
