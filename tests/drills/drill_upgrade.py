"""R9: forward, back and forward again on a database people worked in, killed in between; the version before goes on.

The version before is the one that lacks the newest migration, or the commit that PREVIOUS names.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.drills.machines import ROOT, engine, looking

FOLDER = ROOT / "build" / "upgrade"
SCRIPT = Path(__file__).with_name("of_another_version.py")
KILLS = 4
# The journal of migrations, and what migrations bring or fill by design: routes, norms, forms, roles of steps.
FILLED = {
    "schools.approvalroute", "schools.routestep", "schools.printedform", "courses.hourspolicy", "courses.normtext",
    "courses.plannorm", "courses.hoursrule", "django_tasks_database.dbtaskresult",
}  # fmt: skip
MADE_ANEW = {"schools.documentversion"}  # the marks on papers are of chance; going back takes them away


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def version_before() -> str:
    if named := os.environ.get("PREVIOUS"):
        return git("rev-parse", named)
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return git("rev-parse", f"{newest}^")


@pytest.fixture
def before() -> Iterator[Path]:
    """The version before, in a folder of its own."""
    try:
        commit = version_before()
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("the history of the program is not here")
    folder = FOLDER / "before"
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    git("worktree", "prune")
    git("worktree", "add", "--detach", str(folder), commit)
    try:
        (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
        subprocess.run(["bin/messages", "compile"], cwd=folder, check=True, capture_output=True)
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


@pytest.fixture
def address(django_db_blocker: pytest.FixtureRequest) -> str:
    """A database of its own, empty."""
    if engine() == "sqlite":
        file = FOLDER / "upgrade.sqlite3"
        for one in FOLDER.glob("upgrade.sqlite3*"):
            one.unlink()
        return f"sqlite:///{file}"
    with django_db_blocker.unblock(), looking(), connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS upgrade")
        cursor.execute(
            "CREATE DATABASE upgrade TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    return os.environ["DATABASE_URL"].rpartition("/")[0] + "/upgrade"


def runs(folder: Path, url: str) -> Callable[..., str]:
    environment = os.environ | {
        "DATABASE_URL": url, "DEBUG": "yes", "FILES_URL": f"file://{FOLDER}/upgrade-files", "LOG_LEVEL": "ERROR",
    }  # fmt: skip

    def run(*arguments: str) -> str:
        ended = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{arguments}: {ended.stderr[-3000:]}"
        return ended.stdout

    return run


def leaves(run: Callable[..., str]) -> list[tuple[str, str]]:
    """The newest migration of each app of ours, as this version knows them."""
    last: dict[str, str] = {}
    for line in run("manage.py", "showmigrations", "--plan").splitlines():
        app, _dot, name = line.split("]", 1)[1].strip().split(" ")[0].partition(".")
        last[app] = name
    return [(app, last[app]) for app in ("plans", "courses", "schools", "cpd")]


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {table for table in one if one[table] != other[table]} - FILLED


def killed_on_the_way(url: str) -> int:
    """Kill ``migrate`` at some moment; how often it was still at work."""
    was_at_work = 0
    for _kill in range(KILLS):
        going = subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(random.uniform(1, 4))
        was_at_work += going.poll() is None
        going.kill()
        going.wait()
    return was_at_work


def test_upgrade(before: Path, address: str, figure: Callable[[str], None]) -> None:
    old, new = runs(before, address), runs(ROOT, address)
    old("manage.py", "migrate", "-v0")
    old("manage.py", "createcachetable")
    old("manage.py", "load_demo")
    at_first = json.loads(old(str(SCRIPT), "dump"))

    was_at_work = killed_on_the_way(address)
    began = time.monotonic()
    new("manage.py", "migrate", "-v0")
    took = time.monotonic() - began
    assert differing(at_first, json.loads(old(str(SCRIPT), "dump"))) == set()
    assert json.loads(old(str(SCRIPT), "try")) == [], "the version before works on the new schema"
    assert json.loads(new(str(SCRIPT), "try")) == []
    in_new = json.loads(new(str(SCRIPT), "dump"))
    new("manage.py", "check_invariants")

    for app, name in leaves(old):
        new("manage.py", "migrate", "-v0", app, name)
    assert differing(at_first, json.loads(old(str(SCRIPT), "dump"))) == set()
    new("manage.py", "migrate", "-v0")
    assert differing(at_first, json.loads(old(str(SCRIPT), "dump"))) == set()
    assert differing(in_new, json.loads(new(str(SCRIPT), "dump"))) <= MADE_ANEW
    new("manage.py", "check_invariants")
    figure(
        f"{len(at_first)} tables equal forward, back and forward; migrate took {took:.1f} s, killed {KILLS} times"
        f" ({was_at_work} at work); the version before opened its pages and wrote every table on the new schema"
    )
