"""R7: the disk is full, first under the files, then under SQLite. People read a sentence; nothing half is kept."""

import os
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from courses.models import CertificateFile
from tests.drills.machines import Site, looking
from tests.drills.people import settle
from tests.drills.phone import REDIRECT, Answer, Phone
from tests.uploads import as_file, certificate

MEGABYTES = 8


@contextmanager
def small_disk(folder: Path, *, megabytes: int = MEGABYTES) -> Iterator[Path]:
    """A disk of a few megabytes in this folder."""
    if os.geteuid() != 0:
        pytest.skip("a disk can only be mounted as root")
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, *, but: int = 0) -> Path:
    """Fill the disk up to so many bytes."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free - but
    with filler.open("wb") as file:
        file.write(b"\0" * max(free, 0))
    return filler


def course(phone: Phone, *, photo: bytes | None = None) -> Answer:
    form = phone.ask("/records/new/").form("/records/new/")
    typed = {"title": f"Курс {uuid.uuid4().hex}", "date_text": "12–23.07.2021", "provider_text": "Борбор"}
    return phone.send(form, file=("IMG.jpg", photo) if photo else None, then="draft", **typed)


def test_no_room_for_files(site, figure):
    school = settle().schools[0]
    photo = as_file(certificate(), "JPEG")
    with small_disk(site.files) as disk:
        site.serve()
        phone = site.phone().sign_in(school.teachers[0].username)
        assert course(phone, photo=photo).status in REDIRECT
        filler = fill(disk, but=1000)
        refused = course(phone, photo=photo)
        reading = [phone.ask(path).status for path in ("/", "/records/", "/plans/")]
        without = course(phone)
        with looking():
            rows = CertificateFile.objects.count()
        parts = [file.name for file in disk.rglob("*") if file.is_file() and file != filler]
        filler.unlink()
        again = course(phone, photo=photo)
        breaches = site.breaches()
        site.stop()
    figure(
        f"photo on a full disk: {refused.status} with a sentence, {rows - 1} rows without file, "
        f"{len(parts) - 1} partial files kept; reading {reading}; afterwards {again.status}; {len(breaches)} breaches"
    )
    assert refused.status == 422
    assert ("invalid-feedback" in refused.text, refused.is_trace) == (True, False)
    assert (rows, len(parts)) == (1, 1)
    assert reading == [200, 200, 200]
    assert without.status in REDIRECT
    assert again.status in REDIRECT
    assert breaches == {}


def test_no_room_for_the_database(site: Site, figure, only_sqlite: None):
    school = settle().schools[0]
    folder = site.folder / "database"
    folder.mkdir()
    with small_disk(folder, megabytes=2 * MEGABYTES) as disk:
        with looking(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(disk / "site.sqlite3")])
        site.environment["DATABASE_URL"] = f"sqlite:///{disk / 'site.sqlite3'}"
        site.serve()
        phone = site.phone().sign_in(school.teachers[0].username)
        saved = sum(course(phone).status in REDIRECT for _ in range(5))
        with sqlite3.connect(disk / "site.sqlite3") as own:
            own.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # its log would be written over for a while
        filler = fill(disk)
        refused = [course_or_page(phone) for _ in range(5)]
        saved += sum(answer.status in REDIRECT for answer in refused)
        reading = [phone.ask(path).status for path in ("/", "/records/", "/plans/")]
        filler.unlink()
        again = course(phone)
        saved += again.status in REDIRECT
        with sqlite3.connect(disk / "site.sqlite3") as own:
            rows = own.execute("SELECT count(*) FROM courses_trainingrecord").fetchone()[0]
        breaches = site.breaches()
        site.stop()
    answers = sorted({answer.status for answer in refused})
    figure(
        f"SQLite on a full disk: answers {answers}, reading {reading}, afterwards {again.status}, "
        f"{rows} of {saved} acknowledged rows there; {len(breaches)} breaches"
    )
    assert not [answer for answer in refused if answer.is_trace]
    assert set(answers) <= {302, 503}
    assert 503 in answers
    assert reading == [200, 200, 200]
    assert again.status in REDIRECT
    assert rows == saved
    assert breaches == {}


def course_or_page(phone: Phone) -> Answer:
    """A course that is sent, or the page shown instead of its form."""
    page = phone.ask("/records/new/")
    return course(phone) if page.status == 200 else page
