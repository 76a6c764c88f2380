"""Pages that a phone keeps for places without a connection: the script that shows them there, and whose they are.

A page is kept only where its view says so. Every answer names the account it was made for: once somebody else uses
the phone, or nobody is signed in, ``static/js/service-worker.js`` throws away what it keeps.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import conditional_page, require_safe

ACCOUNT = "X-Account"
KEPT = "X-Kept-Offline"
NOBODY = "0"  # the account of who is not signed in
SCRIPT = settings.ROOT / "static" / "js" / "service-worker.js"

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


class AccountNamedMiddleware:
    """Name the account in every answer, and refuse what was typed under another one.

    A page left open while somebody else signs in, on the same phone, would send the first one's text as theirs.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        typed_by = request.headers.get(ACCOUNT)
        if typed_by and typed_by != _account(request):
            answer: HttpResponse = JsonResponse({}, status=401)
        else:
            answer = self.get_response(request)
        answer.headers[ACCOUNT] = _account(request)
        return answer


def _account(request: HttpRequest) -> str:
    return str(request.user.pk or NOBODY)


def kept_offline(view: View) -> View:
    """Let the phone keep this page for times without a connection, until its person signs out."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if request.method == "GET" and answer.status_code == 200:
            answer.headers[KEPT] = "yes"
        return answer

    return wrapper


@require_safe
@login_not_required
@conditional_page
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script beneath the pages. It stands at the root, because it must see who signs in and out."""
    answer = HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"  # the browser asks each time whether it is still this one
    return answer
