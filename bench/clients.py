"""The people of ``bench.load`` as threads: a client that costs little, readers who choose pages, writers who type."""

import http.client
import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.drills.phone import FormReader

HOST = "127.0.0.1"
PATIENCE = 60  # seconds, then a request has failed


@dataclass(frozen=True)
class Asked:
    """One address as one person asks for it."""

    cookie: str
    path: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    seconds: float
    csrf: str = ""


@dataclass
class Seen:
    """What all clients saw, by name of the page: seconds, and answers that were none."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def note(self, name: str, answer: Answer) -> None:
        self.seconds[name].append(answer.seconds)
        if answer.status not in (200, 302):
            self.failed[f"{name} {answer.status}"] += 1


def get(port: int, asked: Asked) -> Answer:
    return _send(port, "GET", asked, {"Accept": "text/html"})


def post(port: int, asked: Asked, fields: dict[str, list[str]], csrf: str) -> Answer:
    """As the page's own script sends it: the answer is data."""
    signed = Asked(f"{asked.cookie}; csrftoken={csrf}", asked.path)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": csrf}
    return _send(port, "POST", signed, headers, urlencode(fields, doseq=True))


def _send(port: int, method: str, asked: Asked, headers: dict[str, str], body: str | None = None) -> Answer:
    """On a connection of its own, as gunicorn's simple workers serve them."""
    began = time.perf_counter()
    client = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        client.request(method, asked.path, body, headers | {"Cookie": asked.cookie, "Accept-Encoding": "gzip"})
        answer = client.getresponse()
        text = answer.read()
    finally:
        client.close()
    morsels = SimpleCookie(answer.headers.get("Set-Cookie", ""))
    csrf = morsels["csrftoken"].value if "csrftoken" in morsels else ""
    return Answer(answer.status, text, time.perf_counter() - began, csrf)


class Writer:
    """Somebody who writes a plan: the form saves itself after each pause, as ``static/js/plan-edit.js`` does."""

    def __init__(self, port: int, asked: Asked) -> None:
        self.port, self.asked = port, asked
        plain = Asked(asked.cookie, asked.path)
        client = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        client.request("GET", plain.path, headers={"Cookie": plain.cookie, "Accept": "text/html"})
        answer = client.getresponse()
        reader = FormReader()
        reader.feed(answer.read().decode())
        client.close()
        self.csrf = SimpleCookie(answer.headers["Set-Cookie"])["csrftoken"].value
        self.fields = next(form.fields for form in reader.forms if form.action == asked.path)
        self.saves = 0

    def save(self) -> Answer:
        self.saves += 1
        name = next(name for name in self.fields if name.endswith("-note"))
        self.fields[name] = [f"Жазуу {self.saves}"]
        answer = post(self.port, self.asked, self.fields, self.csrf)
        if answer.status == 200:
            told = json.loads(answer.body)
            self.fields |= {"seen": [str(told["seen"])], "once": [told["once"]]}
        return answer


def hammer(port: int, asked: Sequence[Asked], seconds: float, clients: int) -> tuple[int, float]:
    """How many requests of ``clients`` who never wait were answered, and in how many seconds."""
    statuses: list[int] = []
    until = time.perf_counter() + seconds

    def ask(first: int) -> None:
        number = first
        while time.perf_counter() < until:
            statuses.append(get(port, asked[number % len(asked)]).status)
            number += clients

    began = time.perf_counter()
    at_once([lambda first=first: ask(first) for first in range(clients)])  # type: ignore[misc]
    if failed := set(statuses) - {200}:
        raise SystemExit(f"{asked[0].path} answered {failed}")
    return len(statuses), time.perf_counter() - began


def share(
    port: int,
    pages: dict[str, Sequence[Asked]],
    often: dict[str, int],
    writers: Sequence[Writer],
    *,
    readers: int,
    pause: float,
    seconds: float,
) -> Seen:
    """Readers and writers together for a while; each waits about ``pause`` seconds between two requests."""
    seen = Seen()
    until = time.perf_counter() + seconds

    def go_on(chance: random.Random, act: Callable[[], tuple[str, Answer]]) -> None:
        time.sleep(chance.random() * pause)
        while time.perf_counter() < until:
            seen.note(*act())
            time.sleep(chance.expovariate(1 / pause))

    def reading(chance: random.Random) -> Callable[[], tuple[str, Answer]]:
        def act() -> tuple[str, Answer]:
            name = chance.choices(list(often), list(often.values()))[0]
            return name, get(port, chance.choice(pages[name]))

        return act

    people = [random.Random(number) for number in range(readers + len(writers))]  # noqa: S311 - a load, no secret
    acts = [reading(chance) for chance in people[:readers]]
    acts += [lambda writer=writer: ("save of a plan", writer.save()) for writer in writers]  # type: ignore[misc]
    at_once([lambda chance=chance, act=act: go_on(chance, act) for chance, act in zip(people, acts, strict=True)])  # type: ignore[misc]
    return seen


def at_once(jobs: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
