"""The copies that a clock makes each night (trust T45)."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cpd import runs

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_nightly_copies_the_newest_stay_and_nothing_else_is_touched(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUPS_KEPT = tmp_path / "nightly", 2
    settings.BACKUP_FOLDER.mkdir()
    for name in ("cpd-2026-01-01-0200.backup", "cpd-2026-01-02-0200.backup", "by-hand.backup", "cpd-notes.txt"):
        (settings.BACKUP_FOLDER / name).touch()
    call_command("backup")
    [new] = [path.name for path in settings.BACKUP_FOLDER.iterdir() if path.stat().st_size]
    left = {path.name for path in settings.BACKUP_FOLDER.iterdir()}
    assert left == {new, "cpd-2026-01-02-0200.backup", "by-hand.backup", "cpd-notes.txt"}
    assert runs.last_ends().keys() == {"backup"}


def test_a_copy_that_fails_costs_no_earlier_one(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER, settings.BACKUPS_KEPT = tmp_path, 1
    old = tmp_path / "cpd-2026-01-01-0200.backup"
    old.touch()
    for minutes in (0, 1, 2):  # one may begin meanwhile
        at = timezone.localtime() + dt.timedelta(minutes=minutes)
        (tmp_path / f"cpd-{at:%Y-%m-%d-%H%M}.backup").mkdir()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup")
    assert old.exists()
