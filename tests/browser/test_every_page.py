"""Every page of the site, in both languages, on a phone and on a desk: no barrier that axe finds, nothing too wide.

Which pages there are says the table of permissions, so that none can be forgotten: every address that answers with a
page is looked at, as somebody who gets it, in each state its rows name; so is what every form answers when it comes
empty. The suite looks at each page once, in a language and at a width that its name decides; ``make accessibility``
looks at each in all four ways, and as everybody to whom it looks different.
"""

import copy
import json
import os
import re
from collections.abc import Iterator
from importlib import import_module
from zlib import crc32

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from playwright.sync_api import Browser

from plans.models import QuestionSet
from schools.models import User
from tests.browser.barriers import SITE, Eyes, Sent
from tests.conftest import Cast
from tests.test_permissions import ROWS, STRANGERS, WHO, Row, prepare, sign_in

IS_THOROUGH = os.environ.get("THOROUGH") == "yes"
WAYS = [(language, width) for language in ("ky", "ru") for width in (360, 1280)]
EMPTY = ("once", "seen", "revision")  # what an empty form still sends


@pytest.fixture(autouse=True)
def served_to_the_end() -> None:
    """Nothing is served here: pages are asked for inside the test's own transaction."""


@pytest.fixture
def cast(cast: Cast) -> Cast:
    if not QuestionSet.objects.exists():  # tests with real transactions emptied the tables before
        import_module("plans.migrations.0006_first_questions").add_questions(apps, None)
    return cast


@pytest.fixture
def eyes(browser: Browser) -> Iterator[Eyes]:
    context = browser.new_context(service_workers="block", base_url=SITE)
    yield Eyes(context.new_page())
    context.close()


def people_for(row: Row) -> list[str]:
    """Who gets a page, or is let in to send the form; of the columns that are several people one after the other."""
    wanted = (200,) if row.method == "GET" else (200, 302)
    columns = [column for column, answer in row.answers if answer in wanted]
    return [who for column in columns for who in (WHO | STRANGERS)[column] if row.method == "GET" or who != "anon"]


def answers(row: Row, whole: Cast, people: list[str], language: str) -> Iterator[tuple[str, HttpResponse]]:
    """What each of them gets in this language, and what the form answers them when it comes empty.

    Whatever was written is taken back before the answer is handed on: the next row prepares the same papers.
    """
    given = []
    with transaction.atomic():
        cast = copy.deepcopy(whole)
        request = prepare(cast, row)
        for who in people:
            client = Client()
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            if user := cast.people[who]:
                User.objects.filter(pk=user.pk).update(language=language)
                sign_in(client, user)
            if row.method == "GET":
                given.append((who, client.get(request["url"], request["data"])))
                continue
            with transaction.atomic():
                empty = {name: value for name, value in request["data"].items() if name in EMPTY}
                given.append((f"{who}, sent empty", client.post(request["url"], empty)))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return iter(given)


def page_of(name: str, answer: HttpResponse, status: int = 200) -> Sent | None:
    """What a person would see; a file, a redirect or nothing at all is no page."""
    if answer.status_code != status or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return None
    html = answer.content.decode()
    if "<html" not in html:  # a part of a page, which a script asks for
        return None
    headers = {key.lower(): value for key, value in answer.headers.items()}
    return Sent(name, answer.wsgi_request.path, html, headers)  # type: ignore[attr-defined]


def shape(html: str) -> int:
    """The same for two pages that differ in words and numbers only."""
    tags = re.sub(r">[^<]*<", "><", html)
    return crc32(re.sub(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|value=\"[^\"]*\"", "", tags).encode())


def all_pages(cast: Cast, language: str, width: int) -> Iterator[Sent]:
    """Each page that looks different from those before it.

    Where the suite is in a hurry: one state of each address, as one person, if it is the turn of this way of looking.
    """
    seen: set[int] = set()
    for row in ROWS if IS_THOROUGH else [one for one in chosen() if way_of(one) == (language, width)]:
        people = people_for(row)
        if not IS_THOROUGH:
            people = people[turn(row, "who") % len(people) :][:1]
        for who, answer in answers(row, cast, people, language):
            sent = page_of(f"{row} as {who}", answer)
            if sent and shape(sent.html) not in seen:
                seen.add(shape(sent.html))
                yield sent


def error_pages(language: str) -> Iterator[Sent]:
    """What is said instead of a page; where nothing works any more, a page without style in both languages."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if nothing := page_of("nothing there", client.get("/nowhere/"), status=404):
        yield nothing
    for template in ("400.html", "403.html", "403_csrf.html", "405.html", "413.html", "429.html"):
        with translation.override(language):
            request = RequestFactory().get("/")
            request.user = AnonymousUser()
            html = render_to_string(template, request=request)
        yield Sent(template, "/", html, {"content-type": "text/html; charset=utf-8"})
    if language == "ky":
        for template in ("500.html", "503.html"):
            yield Sent(template, "/", render_to_string(template), {"content-type": "text/html; charset=utf-8"})


def chosen() -> list[Row]:
    """One row of each address and method, whichever state's turn it is; one of each kind of administration page."""
    by_address: dict[tuple[str, str], list[Row]] = {}
    for row in ROWS:
        if people_for(row):
            name = row.name.rpartition("_")[2] if row.name.startswith("admin:") else row.name
            by_address.setdefault((name, row.method), []).append(row)
    return [rows[turn(rows[0], "state") % len(rows)] for rows in by_address.values()]


def way_of(row: Row) -> tuple[str, int]:
    return WAYS[turn(row, "way") % len(WAYS)]


def turn(row: Row, of: str) -> int:
    """A number that a row always has, and another one for every question."""
    return crc32(f"{of} {row}".encode())


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), WAYS)
def test_no_page_has_a_barrier(language: str, width: int, cast: Cast, eyes: Eyes) -> None:
    found, count = {}, 0
    for sent in [*error_pages(language), *all_pages(cast, language, width)]:
        count += 1
        if barriers := eyes.look(sent, language, width):
            found[sent.name] = barriers
    assert count > 50
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
