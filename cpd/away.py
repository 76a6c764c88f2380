"""The page for what nobody expected, and the one for a database that is away, busy or full."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cpd import logs, metrics

RETRY_AFTER = 30  # seconds, for programs; people are told “in a few minutes”


def server_error(request: HttpRequest) -> HttpResponse:
    """500, and 503 where the database did not answer, in whichever layer that was. Neither page needs a database."""
    problem = sys.exc_info()[1]
    if isinstance(problem, OperationalError | InterfaceError):
        metrics.note_unanswered(problem)
        answer = HttpResponse(render_to_string("503.html"), status=503)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return HttpResponse(render_to_string("500.html", {"request_id": logs.current_id.get()}), status=500)
