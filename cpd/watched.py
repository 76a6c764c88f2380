"""Each request gets an id, one line in the log and a place in the figures."""

import logging
import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cpd import logs, metrics

FROM_PROXY = re.compile(r"[0-9A-Za-z-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOT_TOLD = {"health_live", "health_ready", "metrics"}  # asked for every few seconds, by machines

Answer = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("cpd.requests")


class Queries:
    """Counts what the database is asked."""

    count = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.count += 1
        return execute(*asked)


class WatchedMiddleware:
    """Outside of all others, so that nothing is answered unseen."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started, queries = time.monotonic(), Queries()
        with ExitStack() as meanwhile:
            name = request.META[logs.META] = id_of(request)
            meanwhile.enter_context(logs.called(name))
            meanwhile.enter_context(connection.execute_wrapper(queries))
            answer = self.get_response(request)
            answer.headers[logs.HEADER] = name
            _tell(request, answer, time.monotonic() - started, queries.count)
        return answer


def id_of(request: HttpRequest) -> str:
    """The id our own proxy gave the request, else a new one."""
    given = request.headers.get(logs.HEADER, "")
    return given if settings.SECURE_PROXY_SSL_HEADER and FROM_PROXY.fullmatch(given) else uuid4().hex


def _tell(request: HttpRequest, answer: HttpResponseBase, seconds: float, queries: int) -> None:
    route = "static" if request.path.startswith(settings.STATIC_URL) else logs.route_of(request)
    method = request.method if request.method in METHODS else "other"
    metrics.note_request(route, str(method), answer.status_code, seconds)
    if (route == "static" or route in NOT_TOLD) and answer.status_code < 400:
        return
    # Only where somebody has looked already: asking for the person now might ask a database that is away.
    account = getattr(getattr(request, "_cached_user", None), "pk", None)
    fields = {
        "method": method,
        "route": route,
        "status": answer.status_code,
        "ms": round(seconds * 1000),
        "queries": queries,
        "account": account,
    }
    message = "%(method)s %(route)s %(status)s, %(ms)s ms, %(queries)s queries, account %(account)s"
    log.info(message, fields, extra={logs.FIELDS: fields})
