"""Ids, log lines, figures, health and the page for a database that is away (trust T38, T43)."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DataError, OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from cpd import away, health, logs, runs
from cpd.database import answer_in_time
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
MACHINES = ("/health/live", "/health/ready", "/metrics")


class Kept(logging.Handler):
    """What programs that read the log are given."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(logs.HideSecrets())
        self.setFormatter(logs.Json())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def told(problem: Exception) -> str:
    """How an exception is written down."""
    record = logging.LogRecord("x", logging.ERROR, "", 1, "It failed: %s", (problem,), (type(problem), problem, None))
    assert logs.HideSecrets().filter(record)
    return logs.Line("{message}", style="{").format(record)


# The log -------------------------------------------------------------------------------------------------------------


def test_each_request_is_one_line_with_its_id_and_no_path(cast: Cast, client: Client, kept: Kept) -> None:
    client.force_login(cast.teacher)
    kept.lines.clear()
    address = reverse("plan", args=[cast.plan.pk])
    answer = client.get(f"{address}?q=Айгүл")
    [line] = [line for line in kept.lines if line["logger"] == "cpd.requests"]
    assert line["id"] == answer.headers["X-Request-Id"]
    known = {"method": "GET", "route": "plan", "status": 200, "account": cast.teacher.pk}
    assert {key: line[key] for key in known} == known
    assert line["queries"] > 3
    assert address not in json.dumps(kept.lines)


def test_a_path_that_leads_nowhere_is_not_written_down(client: Client, kept: Kept) -> None:
    client.get("/secret-of-somebody/12345678901234/")
    assert [line["route"] for line in kept.lines if line["logger"] == "cpd.requests"] == ["unknown"]
    assert "secret-of-somebody" not in json.dumps(kept.lines)


def test_the_id_is_taken_from_our_own_proxy_alone(client: Client, settings: Any) -> None:
    given = {"X-Request-Id": "0123456789abcdef"}
    assert client.get("/health/live", headers=given)["X-Request-Id"] != given["X-Request-Id"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/health/live", headers=given)["X-Request-Id"] == given["X-Request-Id"]
    hostile = {"X-Request-Id": "x" * 2000}
    assert len(client.get("/health/live", headers=hostile)["X-Request-Id"]) == 32


@pytest.mark.parametrize(
    "typed",
    ["Асанова Айгүл", "Ибраимова-Токтосунова", "aigul@example.kg", "20101199012345", "+996 555 123 456", "0555123456"],
)
def test_what_people_type_is_not_written_down(typed: str) -> None:
    written = told(ValueError(f"invalid value: {typed}!\nDETAIL: Failing row contains (7, secret)."))
    assert "ValueError: invalid value: …!" in written
    assert not [word for word in (typed, "DETAIL", "secret") if word in written]


def test_what_a_developer_needs_is_written_down() -> None:
    try:
        raise DataError("value too long for type character varying(30)")
    except DataError as problem:
        written = logs.told_safely(problem)
    assert "test_watched.py" in written
    assert written.endswith("DataError: value too long for type character varying(30)")
    assert logs.hidden("Book 12345 at 2026-11-22 09:07:30,123") == "Book 12345 at 2026-11-22 09:07:30,123"


# Figures -------------------------------------------------------------------------------------------------------------


def test_figures_are_for_who_shows_the_token_alone(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "right"
    for shown in ("", "Bearer ", "Bearer wrong", "Bearer дал"):
        assert client.get("/metrics", headers={"Authorization": shown}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer right"}).status_code == 200


def test_figures_name_routes_and_states_and_nobody(cast: Cast, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "right"
    client.force_login(cast.teacher)
    client.get(reverse("plan", args=[cast.plan.pk]))
    client.generic("ODD", "/health/live")
    runs.ended_well("backup")
    text = client.get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()
    for line in (
        'cpd_requests_total{method="GET",route="plan",status="200"}',
        'cpd_requests_total{method="other",route="health_live",status="405"}',
        'cpd_request_seconds_bucket{le="0.5",route="plan"}',
        'cpd_tasks{state="waiting"} 0.0',
        'cpd_last_run_timestamp_seconds{command="backup"}',
        "cpd_journal_unsealed ",
        "cpd_book_waits_seconds 0.0",
        "cpd_database_up 1.0",
    ):
        assert f"\n{line}" in text
    assert not [sign for sign in text if "\u0400" <= sign <= "\u04ff"]
    assert cast.teacher.username not in text


# Health --------------------------------------------------------------------------------------------------------------


def test_machines_ask_by_any_name_over_http_and_nobody_is_signed_in(cast: Cast, client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client.force_login(cast.teacher)
    sessions = Session.objects.count()
    for address, expected in zip(MACHINES, (200, 200, 404), strict=True):
        answer = client.get(address, headers={"Host": "10.0.0.7:8000"})
        assert answer.status_code == expected
        assert answer.headers["X-Account"] == "0"
    assert client.get("/", headers={"Host": "10.0.0.7:8000"}).status_code == 400
    assert Session.objects.count() == sessions


def test_liveness_asks_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"live": True}


def test_readiness_names_the_part_that_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == dict.fromkeys(("database", "migrations", "cache", "files"), True)
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": tmp_path / "away" / "files"}}
    }
    monkeypatch.setattr(health, "_ours", lambda: frozenset({("plans", "9999_not_there_yet")}))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "migrations": False, "cache": True, "files": False}


# A database that is away ---------------------------------------------------------------------------------------------


def away_for(*_asked: Any) -> None:
    raise OperationalError("server closed the connection unexpectedly")


def test_a_database_that_is_away_is_a_page_and_a_line_each(cast: Cast, kept: Kept, settings: Any) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.teacher)
    kept.lines.clear()
    addresses = ("/", reverse("plan", args=[cast.plan.pk]), reverse("account_login"))
    with connection.execute_wrapper(away_for):
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == str(away.RETRY_AFTER)
            assert "Traceback" not in answer.content.decode()
        ready = client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["database"] is False
        assert client.get("/health/live").status_code == 200
        settings.METRICS_TOKEN = "right"
        figures = client.get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()
        assert "cpd_database_up 0.0" in figures
        assert 'cpd_database_errors_total{kind="OperationalError"}' in figures
    assert not [line for line in kept.lines if "trace" in line]
    assert client.get("/").status_code == 200


def test_what_nobody_expected_is_a_page_with_the_id_of_the_log() -> None:
    with logs.called("0123456789abcdef"):
        try:
            raise RuntimeError("unexpected")
        except RuntimeError:
            assert sys.exc_info()[0]
            answer = away.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "0123456789abcdef" in answer.content.decode()


def test_a_page_waits_for_postgresql_no_longer_than_the_setting(settings: Any, django_assert_num_queries: Any) -> None:
    settings.STATEMENT_SECONDS = 1
    if connection.vendor != "postgresql":
        with django_assert_num_queries(0):  # SQLite has a time limit of its own
            answer_in_time(connection)
        return
    answer_in_time(connection)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1s",)
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(3)")
