"""HTML → PDF. The only module that touches WeasyPrint: a paper never fetches anything, from nowhere."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from django.template.loader import render_to_string
from weasyprint import CSS, HTML, VERSION
from weasyprint.urls import URLFetcher

from cpd.wording import speaking, variant

RENDERER = f"WeasyPrint {VERSION}"
LANGUAGE = "ky"  # papers are official documents: Kyrgyz, whatever language the reader's screen speaks

# What XML and fonts cannot hold (control characters, lone surrogates), and the signs that turn the direction of
# writing, with which a line could be made to read otherwise than it was typed.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NoFetching(URLFetcher):
    """Refuses every address: web, file and data alike. Papers have no pictures, and their style is a string."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> NoReturn:
        raise ValueError(f"a paper fetches nothing: {url[:80]}")


def paper_language(words: str = "") -> str:
    """The language of a paper of an institution with these words, for what is put together before it is drawn."""
    return variant(LANGUAGE, words)


def render_pdf(template: str, context: Mapping[str, Any], words: str = "") -> bytes:
    """The paper ``template`` filled with ``context``, as PDF/A-3u (fonts inside, text can be extracted).

    It is in Kyrgyz, and in the words of the institution whose paper it is (``cpd.wording``).
    """
    with speaking(words, LANGUAGE):
        html = render_to_string(template, dict(context))
    return pdf_of(html)


def pdf_of(html: str) -> bytes:
    """Markup → PDF. The fetcher goes to the page *and* to the style sheet: each would else bring its own open one."""
    fetcher = NoFetching()
    style = CSS(string=render_to_string("pdf/paper.css"), url_fetcher=fetcher)
    page = HTML(string=UNPRINTABLE.sub("", html), url_fetcher=fetcher)
    return page.write_pdf(stylesheets=[style], pdf_variant="pdf/a-3u")
