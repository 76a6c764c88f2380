"""A real browser against the running site: phones, lost connections, several people at once.

Whatever a test opens is watched: a page that throws, breaks the content security policy, asks another host for
anything or gets a server error fails its test.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

from schools.models import User
from tests.conftest import Cast, make_cast

# Playwright keeps an event loop in the thread in which a test uses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PATIENCE = 25_000  # milliseconds: more than a draft waits before it tries again
expect.set_options(timeout=PATIENCE)

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# A draft's pause before it saves itself, ten times shorter; patience with the network stays what it is.
IN_A_HURRY = """
const later = window.setTimeout;
window.setTimeout = (act, pause = 0, ...rest) => later(act, pause < 10000 ? pause / 10 : pause, ...rest);
"""
OF_THE_NETWORK = (
    "Failed to load resource",  # what Chromium notes of any answer that is not 2xx: tested where it matters
    "error occurred when fetching the script",  # the same of its look for a newer service worker, while offline
)

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, asking nobody for anything by itself."""
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-auto-reload",  # of error pages: tests look at them and open the next page themselves
    ]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": "/usr/bin/chromium", "args": quiet}


class Watch:
    """What no page of the site may ever do."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.mistakes: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.mistakes.append(f"threw: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        of_the_network = any(words in message.text for words in OF_THE_NETWORK)
        if message.type in ("error", "warning") and not of_the_network:
            self.mistakes.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.host}/", "data:", "about:", "chrome-error:")):
            self.mistakes.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.mistakes.append(f"{response.status}: {response.url}")


@pytest.fixture(autouse=True)
def served_to_the_end(transactional_db: None, live_server: Any) -> Iterator[None]:
    """Let the site finish what closed pages still asked of it, before the database is emptied for the next test.

    A draft saves itself while its page closes. Such a request would meet a database that is being emptied: on
    PostgreSQL the two lock each other out.
    """
    yield
    until = time.monotonic() + PATIENCE / 1000
    while any("process_request_thread" in thread.name for thread in threading.enumerate()):
        assert time.monotonic() < until, "the site still answers a page that was closed"
        time.sleep(0.01)


@pytest.fixture
def watch(live_server: Any) -> Iterator[Watch]:
    watching = Watch(live_server.url)
    yield watching
    assert watching.mistakes == []


@pytest.fixture
def cast(transactional_db: None, live_server: Any) -> Cast:
    """The standing cast in a database the running site sees too."""
    return make_cast()


@pytest.fixture
def visit(watch: Watch, browser: Browser, new_context: Callable[..., BrowserContext]) -> Visit:
    """``visit(user)``: a page on a phone of its own, signed in where a user is given, anonymous otherwise.

    Unless ``hurry=False`` drafts save themselves sooner, so that tests need not wait as people do.
    """

    def opened(user: User | None = None, *, hurry: bool = True, **options: Any) -> Page:
        context = new_context(**(PHONE | {"base_url": watch.host} | options))
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        if hurry:
            context.add_init_script(IN_A_HURRY)
        if user is not None:
            sign_in_quickly(context, user, watch.host)
        return context.new_page()

    return opened


def sign_in_quickly(context: BrowserContext, user: User, host: str) -> None:
    """A session as sign-in leaves it, without the form."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": host, "httpOnly": True}])
