"""Every address × method × person gets the answer that the table of permissions states, and none is missing there."""

from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from schools.choices import PLANS
from tests import factories
from tests.conftest import Cast
from tests.permissions.asking import World, in_worlds, prepare, sign_in
from tests.permissions.document import DOCUMENT, document
from tests.permissions.no_pages import NO_PAGES
from tests.permissions.table import OPEN, ROWS, STRANGERS, WHO, Row

__all__ = ["ROWS", "STRANGERS", "WHO", "Row", "prepare", "sign_in"]  # for who walks over all pages

WORLDS = in_worlds(ROWS)


def all_views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from all_views(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}", pattern.callback


def asked_of(row: Row, cast: Cast) -> dict[str, str]:
    """Who is asked for each column: where one is several people, they take turns, row by row."""
    columns = {column: (WHO | STRANGERS)[column] for column, _answer in row.answers}
    assert sorted(who for people in columns.values() for who in people) == sorted(cast.people)
    turn = crc32(str(row).encode())
    return {column: people[turn % len(people)] for column, people in columns.items()}


@pytest.mark.parametrize("name", WORLDS)
def test_everybody_gets_the_answer_the_table_states(name: str, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one column is several people they take turns, row by row: of a thousand rows each gets hundreds."""
    world = World(cast, monkeypatch)
    stated, given = {}, {}
    for row in WORLDS[name]:
        people = asked_of(row, cast)
        with world.asked_for(row) as request:
            for column, answer in row.answers:
                cell = (str(row), column, people[column])
                stated[cell] = answer
                answered = world.ask(row, people[column], request)
                given[cell] = answered.status_code
                if row.method == "GET" and answered.status_code == 200 and row.name not in NO_PAGES:
                    assert answered.headers["Content-Type"].startswith("text/html"), row.name
    assert given == stated


def test_every_address_has_a_row() -> None:
    names = {name for name, _view in all_views(get_resolver())}
    listed = {row.name for row in ROWS}
    assert names - listed == set()
    assert listed - names == set()


def test_only_the_addresses_listed_as_open_ask_nobody_to_sign_in() -> None:
    """In the code, and in the table: whoever is not signed in gets a page from nowhere else."""
    views = dict(all_views(get_resolver()))
    assert {name for name, view in views.items() if not getattr(view, "login_required", True)} == OPEN
    assert {row.name for row in ROWS if dict(row.answers)["anon"] != 302} <= OPEN


def test_the_document_is_made_of_the_table() -> None:
    assert DOCUMENT.read_text() == document(), "make permissions"


def test_everybody_of_the_cast_has_a_column(cast: Cast) -> None:
    assert sorted(who for people in WHO.values() for who in people) == sorted(cast.people)


def test_methods_without_a_row_are_refused(cast: Cast) -> None:
    """GET where only POST has a row and the reverse; Django's own administration answers as it does."""
    cast.plan = factories.approved(cast.plan)
    client = Client()
    client.force_login(cast.teacher)
    listed = {(row.name, row.method) for row in ROWS}
    seen = {}
    for row in ROWS:
        other = "POST" if row.method == "GET" else "GET"
        if row.name.startswith("admin:") or (row.name, other) in listed:
            continue
        with transaction.atomic():  # the next row prepares the same papers
            request = prepare(cast, Row(row.name, row.fixed, other, "", ()))
            seen[f"{other} {row.name}"] = getattr(client, other.lower())(request["url"], request["data"]).status_code
            transaction.set_rollback(True)
    assert seen
    assert set(seen.values()) == {405}, {name: status for name, status in seen.items() if status != 405}


def test_kinds_of_document_in_the_table_exist() -> None:
    kinds = {value for row in ROWS for key, value in row.fixed if key == "kind" and row.name == "plan_start"}
    assert kinds == {kind.value for kind in PLANS}
