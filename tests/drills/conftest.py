"""Drills: real processes that are killed, starved and restarted. Run by ``make drill``, not by ``pytest``."""

import shutil
import signal
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from tests import factories
from tests.drills.machines import ROOT, Site, engine, looking

FOLDER = ROOT / "build" / "drills"


def pytest_configure() -> None:
    """Told to stop, a drill ends what it has started, as with Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture
def site(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The site on an empty database of its own, not yet started; whatever the drill leaves running is killed."""
    folder = FOLDER / f"{request.node.name}-{engine()}"
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("files", "figures"):
        (folder / part).mkdir(parents=True)
    with django_db_blocker.unblock():
        with looking():
            call_command("flush", interactive=False, verbosity=0)
            factories.first_data()
        made = Site(folder)
        try:
            yield made
        finally:
            made.leave_nothing()


@pytest.fixture
def figure(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest):
    """Print the drill's figure on one line, whatever pytest captures."""

    def told(text: str) -> None:
        line = f"{request.node.name}, {engine()}: {text}"
        with capsys.disabled():
            print(f"\n{line}", flush=True)
        with (FOLDER / "figures").open("a") as kept:
            kept.write(f"{line}\n")

    return told


@pytest.fixture
def only_postgresql() -> None:
    if engine() != "postgresql":
        pytest.skip("PostgreSQL only")


@pytest.fixture
def only_sqlite() -> None:
    if engine() != "sqlite":
        pytest.skip("SQLite only")
