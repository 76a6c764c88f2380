"""The site as it is shipped and, below /bare/ and /plain/, the pages of ``bench.bare``: ``gunicorn bench.served``."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.test import override_settings

from cpd.wsgi import application as site

MIDDLEWARE = [  # of a new project, in its order
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class BareRequest(WSGIRequest):
    urlconf = "bench.bare"


class BareHandler(WSGIHandler):
    request_class = BareRequest


with override_settings(MIDDLEWARE=[]):  # read once, when a handler is made
    bare = BareHandler()
with override_settings(MIDDLEWARE=MIDDLEWARE):
    plain = BareHandler()
HANDLERS = {"bare": bare, "plain": plain}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return HANDLERS.get(environ["PATH_INFO"].split("/")[1], site)(environ, start_response)
