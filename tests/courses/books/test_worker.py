"""The worker as a process of its own, which is stopped at a gate in the middle of a book (see ``gated``)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from courses.books.jobs import ask_for, make_book, take_up_lost
from courses.choices import BookState
from courses.models import Book, StoredPaper
from courses.models.books import LEASE
from cpd.storage import file_store
from tests import factories
from tests.conftest import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 120  # seconds, on a machine with much to do
SCHOOLS = 3


@pytest.fixture
def big_district() -> Cast:
    """Three schools have sent their schedules."""
    cast = make_cast()
    places = [cast.school, cast.other_school]
    places += [factories.InstitutionFactory(district=cast.district) for _ in range(SCHOOLS - len(places))]
    for place in places:
        director = factories.UserFactory()
        factories.RoleFactory(person=director.person, role="director", institution=place)
        factories.sent(factories.school_schedule(place, by=director), by=director)
    return cast


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """``manage.py work`` on the database and in the folder of this test."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        host, port = database["HOST"], database["PORT"]
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{host}:{port}/{database['NAME']}"
    place = settings.STORAGES["default"]["OPTIONS"]["location"]
    environment = os.environ | {"DATABASE_URL": url, "FILES_URL": f"file://{place}", "SECRET_KEY": "x" * 50}
    environment["DJANGO_SETTINGS_MODULE"] = "tests.courses.books.gated"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work", *arguments], cwd=settings.ROOT, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def open_the_gate() -> None:
    place = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    place.with_name("open").touch()


def wait_until(happened, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"{what} took too long"
        time.sleep(0.05)


def processes_of(session: int) -> list[str]:
    """What still runs in the session of a worker."""
    found = subprocess.run(["ps", "-o", "stat=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [line for line in found.stdout.split() if not line.startswith("Z")]


def test_a_killed_worker_s_book_is_taken_up_again_and_ends_once(big_district: Cast) -> None:
    asked = ask_for(big_district.district, factories.next_school_year(), "book", by=big_district.officer)
    with worker() as first:
        wait_until(lambda: StoredPaper.objects.exists(), "the first paper")
        first.send_signal(signal.SIGKILL)
        first.wait()
        wait_until(lambda: not processes_of(first.pid), "the end of the press")
    asked.refresh_from_db()
    assert asked.state == BookState.RUNNING
    kept = dict(StoredPaper.objects.values_list("version", "stored_as"))
    assert len(kept) == 1
    assert take_up_lost() == 0  # the lease of the first still holds
    Book.objects.update(lease_until=timezone.now() - LEASE)
    open_the_gate()
    with worker("--batch") as second:
        assert second.wait(PATIENCE) == 0
    book = Book.objects.get()
    assert (book.state, book.claims, book.attempts, book.done) == (BookState.DONE, 2, 1, SCHOOLS)
    assert kept.items() <= dict(StoredPaper.objects.values_list("version", "stored_as")).items()
    with file_store().open(book.stored_as) as stored:
        text = "".join(page.extract_text() for page in PdfReader(stored).pages)
    for school in Book.objects.get().district.institution_set.all():
        assert school.title_ky in text
    names = {name for name, _at in file_store().everything()}
    assert names == {book.stored_as, *StoredPaper.objects.values_list("stored_as", flat=True)}


def test_a_worker_that_is_told_to_stop_gives_its_book_back_at_once(big_district: Cast) -> None:
    asked = ask_for(big_district.district, factories.next_school_year(), "book", by=big_district.officer)
    with worker() as process:
        wait_until(lambda: StoredPaper.objects.exists(), "the first paper")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        wait_until(lambda: not processes_of(process.pid), "the end of the press")
    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == (BookState.WAITING, 0)
    open_the_gate()
    make_book.func(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.attempts, asked.done) == (BookState.DONE, 1, SCHOOLS)
