"""R10: what only SQLite can get wrong, under many writers, a long reader and a backup at the same time."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from tests.drills.machines import Site, looking, sqlite_file
from tests.drills.people import settle
from tests.drills.writers import writing

pytestmark = pytest.mark.usefixtures("only_sqlite")

WRITERS, SECONDS = 20, 30
MOST_WAL = 64 << 20  # bytes; trust R10


def test_twenty_writers_a_long_reader_and_a_backup(site, figure):
    place = settle(schools=WRITERS)
    site.serve("cpd.wsgi", "--workers", "4")
    largest, ended = [0], threading.Event()
    with writing(site, place.schools) as told:
        watching = threading.Thread(target=_watch, args=(ended, largest))
        watching.start()
        began = time.monotonic()
        with sqlite3.connect(f"file:{sqlite_file()}?mode=ro", uri=True) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM schools_document").fetchone()
            while time.monotonic() - began < SECONDS / 3:
                time.sleep(0.2)
        saved = site.manage("backup", str(site.folder / "backup.tar.gz"))
        while time.monotonic() - began < SECONDS:
            time.sleep(0.2)
    ended.set()
    watching.join()
    locked = [line for line in site.loud_lines() if "locked" in line]
    figure(
        f"{WRITERS} writers for {SECONDS} s, a reader of {SECONDS // 3} s, a backup: {told.acknowledged} writes, "
        f"{len(locked)} times locked, answers {dict(told.statuses)}, WAL at most {largest[0] >> 20} MB, "
        f"{len(told.lost())} lost"
    )
    assert saved.returncode == 0, saved.stderr
    assert (locked, told.odd, told.lost(), told.statuses[503]) == ([], [], [], 0)
    assert 0 < largest[0] < MOST_WAL
    assert site.breaches() == {}


def test_the_settings_are_those_that_lose_nothing(site, figure):
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with looking(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
    mode = connection.settings_dict["OPTIONS"]["transaction_mode"]
    figure(f"{found}, transactions {mode}")
    assert (found["journal_mode"], found["synchronous"], found["foreign_keys"]) == ("wal", 2, 1)
    assert found["busy_timeout"] >= 20_000
    assert mode == "IMMEDIATE"


def _watch(ended: threading.Event, largest: list[int]) -> None:
    wal = Path(f"{sqlite_file()}-wal")
    while not ended.is_set():
        largest[0] = max(largest[0], wal.stat().st_size if wal.exists() else 0)
        time.sleep(0.1)


def test_teeth_with_the_settings_django_begins_with_writers_are_turned_away(site: Site, figure):
    """The same file, a deferred transaction that reads and then writes: SQLite says “locked” at once."""
    turned_away = 0

    def write() -> None:
        nonlocal turned_away
        own = sqlite3.connect(sqlite_file(), timeout=20, isolation_level=None)
        for _ in range(50):
            try:
                own.execute("BEGIN DEFERRED")
                own.execute("SELECT count(*) FROM schools_oblast").fetchone()
                own.execute("UPDATE schools_oblast SET source = source || 'x'")
                own.execute("COMMIT")
            except sqlite3.OperationalError:
                turned_away += 1
                own.execute("ROLLBACK")
        own.close()

    settle()
    connection.close()
    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    figure(f"deferred transactions: {turned_away} of 400 turned away")
    assert turned_away
