"""What is written to the log: one line, or one JSON object, for each thing told; never a word about a person.

Accounts are told by their number, pages by the name of their address. Messages are ours and English, so whatever in
them is Cyrillic, an e-mail address or a long number was typed by somebody, and is left out.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType

from django.http import HttpRequest

# What a request or a task of the worker is called in each of its lines; empty outside of both.
current_id: ContextVar[str] = ContextVar("current_id", default="")

# Whoever knows one reads the calendar, has an account made, confirms an address.
SECRET_ADDRESS = re.compile(r"(/calendar/|/i/|/account/e-mail/)[^/\s\"']+?(?=\.ics|[/\s\"']|$)")
PERSONAL = re.compile(
    r"[\u0400-\u04ff]+(?:[\s.,'’\"«»-]*[\u0400-\u04ff]+)*"  # names, and whatever else people write here
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses
    r"|(?<![\w.])(?!\d{4}-\d\d-\d\d)\+?\d[\d -]{7,}\d(?!\w)"  # personal numbers, phones; no dates
    r"|\nDETAIL:.*",  # PostgreSQL repeats the row that it refused
    re.DOTALL,
)
FIELDS = "fields"  # what a line tells beside its message, for programs that read the log
HEADER, META = "X-Request-Id", "HTTP_X_REQUEST_ID"  # the header, and where Django keeps it
AWAY = 503  # of a database that does not answer: cpd.away

OptionalException = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None] | BaseException | None
)


class HideSecrets(logging.Filter):
    """Takes secret addresses and people out of what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        name = current_id.get()
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):  # Django's own lines name the path, and some come when all is done
            name = name or request.META.get(META, "")
            if isinstance(record.args, tuple):
                record.args = tuple(route_of(request) if value == request.path else value for value in record.args)
        record.id, record.msg, record.args = name, hidden(record.getMessage()), ()
        if getattr(record, "status_code", None) == AWAY and record.exc_info:  # known, and many at once: a line each
            record.msg, record.exc_info = f"{record.msg}: {_first_line(record.exc_info)}", None
        return True


class Line(logging.Formatter):
    """A line for eyes."""

    def format(self, record: logging.LogRecord) -> str:
        record.named = f" [{name}]" if (name := getattr(record, "id", "")) else ""
        return super().format(record)

    def formatException(self, ei: OptionalException) -> str:  # noqa: N802  (the name is logging's)
        return told_safely(ei)


class Json(Line):
    """A line for programs: the same, as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := getattr(record, "id", ""):
            line["id"] = name
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, FIELDS, {}), ensure_ascii=False)


@contextmanager
def called(name: str) -> Iterator[None]:
    """Everything logged inside carries this name."""
    before = current_id.set(name)
    try:
        yield
    finally:
        current_id.reset(before)


def route_of(request: HttpRequest) -> str:
    """The name of the address that was asked for: a path may hold numbers of people, and secrets."""
    return (request.resolver_match and request.resolver_match.view_name) or "unknown"


def hidden(text: str) -> str:
    return PERSONAL.sub("…", SECRET_ADDRESS.sub(r"\1…", text))


def told_safely(problem: OptionalException) -> str:
    """Where it happened and what it is called. Of its message the first line, without what a person may have typed."""
    found = problem[1] if isinstance(problem, tuple) else problem
    parts: list[str] = []
    while found is not None:
        parts.insert(0, "".join(format_tb(found.__traceback__)) + _first_line(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\nand then\n".join(parts)


def _first_line(problem: OptionalException) -> str:
    found = problem[1] if isinstance(problem, tuple) else problem
    lines = str(found).splitlines() or [""]
    return f"{type(found).__name__}: {hidden(lines[0])}"
