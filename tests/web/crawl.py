"""A walk over every address of the table of permissions, asking each for what nobody would ask.

The suite takes a small part of it, the same each time; ``make crawl`` takes all.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode
from zlib import crc32

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from schools.models import User
from tests.conftest import Cast
from tests.permissions.asking import prepare, sign_in
from tests.permissions.table import ROWS, STRANGERS, WHO, Row
from tests.web import hostile
from tests.web.poison import RAW, Poison

logger = logging.getLogger(__name__)
FORM = "application/x-www-form-urlencoded"
STRANGE = [quote(value) for value in hostile.VALUES] + list(hostile.RAW_VALUES)
SLOW = ("paper", "slips", "annex", "referral", "xlsx", "book")  # draws something: few tries are enough
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
INSIDE = re.compile(r"Traceback|/work/|site-packages|SELECT|psycopg|sqlite|Django|gunicorn|Python|Exception|Error\b")
VALUE = re.compile(r'"[^"]*"')
# What the content security policy would not let run; data for a script of ours is no script.
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=)[^>]*>|<style\b|<[^>]+\s(?:style|on[a-z]+)=")
EVERYWHERE = (
    "Content-Security-Policy",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
)
OPEN = {"GET": (200,), "POST": (200, 302)}


@dataclass
class Crawl:
    """``is_whole``: every row, else each fourth with fewer values. ``broken``: what was asked and what happened.

    Every text in the database has markup in it. ``written``: tables, or their columns,
    that a GET wrote to.
    """

    cast: Cast
    is_whole: bool
    asked: int = 0
    broken: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    poison: Poison = field(default_factory=Poison)

    def walk(self, method: str) -> None:
        self.poison.spread()
        for row in ROWS:
            if row.method == method and (self.is_whole or turn_of(row) % 4 == 0):
                with transaction.atomic():
                    for paper in ("plan", "annual_plan"):  # undone with the row before
                        self.cast.__dict__.pop(paper, None)
                    self.row(row)
                    transaction.set_rollback(True)

    def row(self, row: Row) -> None:
        logger.info("%s", row)
        with self.poison.of_what_is_written():
            prepared = prepare(self.cast, row)
        url, data = prepared["url"], prepared["data"]
        first, *others = self.visitors(row)
        cache.clear()  # where tries are counted
        if row.method == "GET":
            self.ask_for(self.client(first), row, url)
        else:
            self.send_to(self.client(first), row, url, data)
        for who in others if self.is_whole else ():
            self.ask_briefly(self.client(who), row, url, data)
        self.strange_addresses(row, url)

    def visitors(self, row: Row) -> list[str]:
        """One of every column, by turns; the first is one for whom the address opens."""
        turn = turn_of(row)
        people = {column: (WHO | STRANGERS)[column] for column, _answer in row.answers}
        each = {column: names[turn % len(names)] for column, names in people.items()}
        let_in = [each[column] for column, answer in row.answers if answer in OPEN[row.method]]
        let_in = [name for name in let_in if name != "anon"] or let_in or ["anon"]
        first = let_in[turn % len(let_in)]
        return [first, *(name for name in each.values() if name != first)]

    def client(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        user: User | None = self.cast.people[who]
        if user is not None:
            sign_in(client, user)
        return client

    def ask_for(self, client: Client, row: Row, url: str) -> None:
        page = self.ask(client, "GET", url)
        text = page.content.decode(errors="replace") if page.get("Content-Type", "").startswith("text/html") else ""
        names = list(dict.fromkeys([*hostile.names_in(text), *hostile.PARAMETERS]))
        values = self.values(row, page)
        for value in values:
            self.ask(client, "GET", f"{url}?" + "&".join(f"{quote(name)}={value}" for name in names))
        if not self.is_slow(row):
            self.ask(client, "GET", f"{url}?" + "&".join(f"{quote(name)}=1&{quote(name)}=2" for name in names))
            self.ask(client, "GET", f"{url}?" + "&".join(f"{quote(name)}[]=1&{quote(name)}[a][b]=" for name in names))
        if self.is_whole and page.status_code == 200 and not self.is_slow(row):
            for name in names:
                for value in values[turn_of(name) % 6 :: 6]:
                    self.ask(client, "GET", f"{url}?{quote(name)}={value}")

    def ask_briefly(self, client: Client, row: Row, url: str, data: dict[str, Any]) -> None:
        """As somebody else: three strange values at once."""
        names = [*data, *hostile.PARAMETERS]
        for value in STRANGE[turn_of(row) % 12 :: 12][: 1 if self.is_slow(row) else 3]:
            pairs = "&".join(f"{quote(name)}={value}" for name in names)
            if row.method == "GET":
                self.ask(client, "GET", f"{url}?{pairs}")
            else:
                self.ask(client, "POST", url, pairs)

    def send_to(self, client: Client, row: Row, url: str, data: dict[str, Any]) -> None:
        fields = {name: value for name, value in data.items() if name != "once"}
        first = self.ask(client, "POST", url, urlencode(data, doseq=True))
        shown = first if first.status_code == 200 else self.ask(client, "GET", url)
        text = shown.content.decode(errors="replace") if shown.get("Content-Type", "").startswith("text/html") else ""
        names = list(dict.fromkeys([*fields, *hostile.names_in(text)]))
        once = f"once={data['once']}&" if "once" in data else ""
        sound = urlencode(fields, doseq=True)
        values = self.values(row, first)
        for value in values:
            self.ask(client, "POST", url, once + "&".join(f"{quote(name)}={value}" for name in names))
        totals = {"rows-TOTAL_FORMS": "1"} | {name: "1" for name in names if name.endswith("-TOTAL_FORMS")}
        some = names if self.is_whole else names[turn_of(row) % 3 :: 3]
        for name, value in zip(some, cycle(values), strict=False):  # the other fields as they should be
            kept = urlencode({key: one for key, one in fields.items() if key != name} | totals, doseq=True)
            self.ask(client, "POST", url, f"{once}{kept}&{quote(name)}={value}")
            if self.is_whole and first.status_code in OPEN["POST"] and not self.is_slow(row):
                for each in values[turn_of(name) % 6 :: 6]:
                    self.ask(client, "POST", url, f"{once}{kept}&{quote(name)}={each}")
        for changed in hostile.forms_totals(names):
            self.ask(client, "POST", url, once + urlencode(fields | changed, doseq=True))
        self.ask(client, "POST", url, sound)
        self.ask(client, "POST", url, f"once=%00&{sound}")
        self.ask(client, "POST", url, once)
        bodies = hostile.BODIES if self.is_whole else hostile.BODIES[turn_of(row) % 5 :: 5]
        for content_type, body in bodies:
            self.ask(client, "POST", url, body, content_type)
        for count in (1001, 3001) if self.is_whole else ():
            self.ask(client, "POST", url, hostile.many_fields(count))

    def strange_addresses(self, row: Row, url: str) -> None:
        client = self.client("administrator")
        kwargs = resolve(url).kwargs
        for number, changed in enumerate(hostile.strange_parts(kwargs)):
            if self.is_whole or number % 3 == turn_of(row) % 3:
                try:
                    strange = reverse(row.name, kwargs=changed)
                except NoReverseMatch:
                    continue
                self.ask(client, row.method, strange)

    def values(self, row: Row, first: Any) -> list[str]:
        """All of them, or some by turns; one where a paper is drawn or somebody is refused anyway."""
        if self.is_slow(row) or first.status_code >= 400:
            return [STRANGE[turn_of(row) % len(STRANGE)]]
        return STRANGE if self.is_whole else STRANGE[turn_of(row) % 12 :: 12]

    def is_slow(self, row: Row) -> bool:
        return any(word in row.name for word in SLOW)

    def ask(self, client: Client, method: str, url: str, body: str | bytes = b"", content_type: str = FORM) -> Any:
        self.asked += 1
        path, _mark, query = url.partition("?")
        with transaction.atomic(), connection.execute_wrapper(self.watch if method == "GET" else unwatched):
            answer = client.generic(method, path, body, content_type, QUERY_STRING=query)
            transaction.set_rollback(True)
        for problem in problems(answer):
            self.broken.append(f"{method} {url[:300]} {body[:300]!r}: {problem}")
            logger.warning("%s", self.broken[-1])
        return answer

    def watch(self, execute: Any, sql: str, *rest: Any) -> Any:
        if match := WRITES.match(sql):
            columns = re.findall(r'"(\w+)" = ', sql.partition(" WHERE ")[0])
            self.written |= {f"{match[1]}.{column}" for column in columns} or {match[1]}
        return execute(sql, *rest)


def turn_of(what: Row | str) -> int:
    """The same number at every run, and another one for the next row or name."""
    return crc32(str(what).encode())


def unwatched(execute: Any, *rest: Any) -> Any:
    return execute(*rest)


def problems(answer: Any) -> Iterator[str]:
    """What no answer may be, whatever was asked."""
    if answer.status_code >= 500:
        yield f"{answer.status_code} {told(answer.exc_info)}"
    yield from (f"no {name}" for name in EVERYWHERE if name not in answer.headers)
    is_script = answer.resolver_match and answer.resolver_match.url_name == "service_worker"
    if "no-store" not in answer.headers.get("Cache-Control", "") and not is_script:
        yield f"may be kept: {answer.headers.get('Cache-Control')}"
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        text = answer.content.decode()
        if RAW in text:
            place = text.index(RAW)
            yield f"markup in the page: {text[place - 100 : place + 60]!r}"
        if inline := INLINE.search(VALUE.sub('""', text)):
            yield f"against the policy of the page: {inline[0]}"
        if answer.status_code >= 400 and (seen := INSIDE.search(text)):
            yield f"{answer.status_code} tells {seen[0]}"


def told(mistake: Any) -> str:
    """What was raised, and the last line of ours on the way there."""
    if not mistake:
        return "no exception"
    kind, value, trace = mistake
    ours = [frame for frame in traceback.extract_tb(trace) if "/.venv/" not in frame.filename]
    place = f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "not in our code"
    return f"{kind.__name__} {str(value)[:200]} at {place}"
