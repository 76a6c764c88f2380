"""HTML → PDF, in Kyrgyz and in the words of the institution; ``cpd.press`` lays out, and fetches nothing."""

import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from cpd import press
from cpd.press import Fault, NotLaidOut
from cpd.wording import speaking, variant

logger = logging.getLogger(__name__)

RENDERER = f"WeasyPrint {version('weasyprint')}"
LANGUAGE = "ky"  # papers are official documents: Kyrgyz, whatever language the reader's screen speaks

# What XML and fonts cannot hold (control characters, lone surrogates), and the signs that turn the direction of
# writing, with which a line could be made to read otherwise than it was typed.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def paper_language(words: str = "") -> str:
    """The language of a paper of an institution with these words, for what is put together before it is drawn."""
    return variant(LANGUAGE, words)


def render_pdf(template: str, context: Mapping[str, Any], words: str = "") -> bytes:
    """The paper ``template`` filled with ``context``, as PDF/A-3u (fonts inside, text can be extracted).

    It is in Kyrgyz, and in the words of the institution whose paper it is (``cpd.wording``). Raises ``NotLaidOut``.
    """
    with speaking(words, LANGUAGE):
        html = render_to_string(template, dict(context))
    return pdf_of(html)


def pdf_of(html: str) -> bytes:
    """Markup → PDF, in the time that a page waits. Raises ``NotLaidOut``, which the middleware below answers."""
    return press.of_pages.make(printable(html))


def printable(text: str) -> str:
    """Without the signs that no paper holds."""
    return UNPRINTABLE.sub("", text)


class NotLaidOutMiddleware:
    """A paper that takes too much is answered with a sentence and the way back, whichever page asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, NotLaidOut):
            return None
        logger.log(
            logging.ERROR if problem.fault == Fault.FAILED else logging.WARNING,
            "The paper of %s was not made: %s",
            request.path,
            problem,
        )
        is_ours = problem.fault != Fault.TOO_MUCH
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_ours else HTTPStatus.UNPROCESSABLE_ENTITY
        context = {"sentence": problem.message, "back": _came_from(request)}
        return render(request, "paper_not_made.html", context, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours with the link that was followed; nothing where that is not known, or is the paper itself."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours and not page.endswith(request.get_full_path()) else ""
