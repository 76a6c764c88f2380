"""People and places that many tests begin with, made once for all of them in a transaction around theirs.

What a test writes is taken back to the point where they stood there and nothing else; the objects it gets are its own.
Tests with real transactions, and those that ask for nobody, begin with an empty database.
"""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker


class Standing:
    """Who stands in the database between two tests: ``name`` of the fixture, nobody where it is empty."""

    def __init__(self, makers: dict[str, Callable[[], Any]], blocker: DjangoDbBlocker) -> None:
        self.makers, self.blocker = makers, blocker
        self.name = ""
        self._people = b""
        self._around: transaction.Atomic | None = None

    def called_for(self, item: pytest.Item) -> str:
        marker = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if is_real(item) or not (marker or "db" in fixtures):
            return ""
        return next((name for name in self.makers if name in fixtures), "")

    def let_in(self, name: str) -> None:
        """Let these people stand there, and nobody else."""
        if name == self.name:
            return
        self.clear()
        if not name:
            return
        with self.blocker.unblock(), translation.override(settings.LANGUAGE_CODE):
            around = transaction.atomic()
            around._from_testcase = True  # as django.test.TestCase says it: code that must be outermost may run inside
            around.__enter__()
            self._around, self.name = around, name
            self._people = pickle.dumps(self.makers[name]())
            connection.check_constraints()  # now: else every test would check these rows anew

    def clear(self) -> None:
        if self._around:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                self._around.__exit__(None, None, None)
        self._around, self.name, self._people = None, "", b""

    def people(self, name: str) -> Any:
        """Objects of these rows that nobody else holds; made anew where they do not stand there."""
        return pickle.loads(self._people) if name == self.name else self.makers[name]()  # noqa: S301  (our own)


def is_real(item: pytest.Item) -> bool:
    """Whether a test commits, and empties the tables afterwards."""
    marker = item.get_closest_marker("django_db")
    wanted = set(getattr(item, "fixturenames", ()))
    return bool(wanted & {"transactional_db", "live_server"} or (marker and marker.kwargs.get("transaction")))
