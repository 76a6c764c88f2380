"""The site as it is shipped and, below /bare/, the pages of ``bench.bare``: ``gunicorn bench.served``."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.test import override_settings

from cpd.wsgi import application as site


class BareRequest(WSGIRequest):
    urlconf = "bench.bare"


class BareHandler(WSGIHandler):
    request_class = BareRequest


with override_settings(MIDDLEWARE=[]):  # read once, when a handler is made
    bare = BareHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    handler = bare if environ["PATH_INFO"].startswith("/bare/") else site
    return handler(environ, start_response)
