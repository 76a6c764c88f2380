"""Sessions that could not be saved: the disk is full, or the database went away while a page was made."""

import logging

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)


class ReadableSessionMiddleware(SessionMiddleware):
    """Django takes every fault in saving a session for a sign-out at another window, and answers 400.

    Where it was the database's fault, what was read is shown all the same; its messages come once more. Of a form the
    person is told that the database did not answer (``cpd.away``).
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            answer: HttpResponse = super().process_response(request, response)
        except SessionInterrupted as interrupted:
            fault = _fault(interrupted)
            if fault is None:
                raise
            if request.method not in ("GET", "HEAD"):
                raise fault from None
            log.warning("A session could not be saved: %s", fault)
            return response
        return answer


def _fault(problem: BaseException | None) -> OperationalError | None:
    """The database's own words, which stand at the beginning of what became of them."""
    while problem is not None and not isinstance(problem, OperationalError):
        problem = problem.__context__
    return problem
