"""Every address, asked for what nobody would ask: an answer each time, never an error of the server (trust T41)."""

import os

import pytest

from tests.conftest import Cast
from tests.web.crawl import crawled


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_hostile_requests_break_no_page(method: str, cast: Cast) -> None:
    crawl = crawled(cast, method, is_whole=os.environ.get("CRAWL") == "whole")
    assert crawl.broken == []
    assert crawl.asked > 1000
