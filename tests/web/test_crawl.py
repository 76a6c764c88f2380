"""Every address, asked for what nobody would ask, with markup in every text there is.

An answer each time, never an error of the server (trust T41), never the markup itself (T22), nothing a phone or a
proxy keeps (T40), nothing of the inside (T37); and asking alone changes nothing (T18).
"""

import os

import pytest

from tests.conftest import Cast
from tests.web.crawl import Crawl

IS_WHOLE = os.environ.get("CRAWL") == "whole"  # make crawl

# What looking does write: that somebody looked, the file of a paper that was laid out for the first time, and in the
# session what the next page says.
LOOKED = {"schools_auditentry", "schools_document.seen_at", "courses_storedpaper"}
LOOKED |= {"django_session", "django_session.session_data", "django_session.expire_date"}


@pytest.mark.slow
def test_hostile_questions_break_no_page_and_change_nothing(cast: Cast) -> None:
    crawl = Crawl(cast, IS_WHOLE)
    crawl.walk("GET")
    assert crawl.broken == []
    assert crawl.written <= LOOKED
    assert crawl.asked > 500


@pytest.mark.slow
def test_hostile_forms_break_no_page(cast: Cast) -> None:
    crawl = Crawl(cast, IS_WHOLE)
    crawl.walk("POST")
    assert crawl.broken == []
    assert crawl.asked > 500
