"""What every answer says to the browser, beside pages too (trust T22, T40); all addresses are in ``test_crawl``."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from cpd.answers import HEADERS
from tests.conftest import Cast
from tests.web.crawl import EVERYWHERE

CLOSED = ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'", "style-src 'self'")


def lacking(answer: Any) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "").split("; ")
    return [name for name in EVERYWHERE if name not in answer.headers] + [
        part for part in CLOSED if part not in policy
    ]


def test_static_files_carry_the_policy_and_may_be_kept(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    answer = Client().get("/static/icon.svg")
    assert answer.status_code == 200
    assert lacking(answer) == []
    assert "no-store" not in answer.headers["Cache-Control"]


def test_answers_that_no_view_gave_are_not_kept_either(cast: Cast) -> None:
    """A way to the address with its stroke, a refusal of another account's text, a form without its token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.teacher)
    answers = [
        client.get("/plans"),
        client.get("/nowhere/"),
        client.get(reverse("home"), headers={"x-account": "0"}),
        client.post(reverse("language")),
        client.head(reverse("home")),
        client.options(reverse("home")),
        client.get(reverse("home")),
    ]
    assert [answer.status_code for answer in answers] == [301, 404, 401, 403, 200, 405, 200]
    for answer in answers:
        assert lacking(answer) == []
        assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_a_host_that_is_refused_at_the_door_is_told_the_same(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert lacking(answer) == []


@pytest.mark.parametrize("trusted", [True, False])
def test_https_is_asked_for_and_remembered_behind_our_own_proxy_alone(trusted: bool, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60 * 60 * 24 * 365
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None
    answer = Client().get(reverse("service_worker"), headers={"x-forwarded-proto": "https"})
    assert answer.status_code == (200 if trusted else 301)
    assert answer.headers.get("Strict-Transport-Security") == ("max-age=31536000" if trusted else None)
    assert Client().get(reverse("service_worker")).headers["Location"].startswith("https://")


def test_the_test_sees_a_layer_taken_away(cast: Cast, settings: Any) -> None:
    for layer in ("cpd.answers.EveryAnswerMiddleware", "csp.middleware.CSPMiddleware"):
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != layer]
        assert lacking(Client().get("/nowhere/")) != []


def test_nothing_of_the_phone_is_asked_for() -> None:
    assert "camera=()" in HEADERS["Permissions-Policy"]
    assert settings.X_FRAME_OPTIONS == "DENY"
