"""What goes wrong gets a page of our own, in the person's language, which tells nothing of the inside (trust T37)."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client
from django.urls import include, path, reverse
from django.utils import translation
from django.utils.translation import gettext

from cpd.urls import handler400  # noqa: F401  (this module stands in for the addresses of the site)
from tests.conftest import Cast

SECRETS = 'Traceback|File "|/work/|site-packages|SELECT|psycopg|sqlite|Django|gunicorn|Python|jinja|Exception|Error\\b'
INSIDE = re.compile(SECRETS)


def breaks(request: HttpRequest, status: int) -> HttpResponse:
    if status == 400:
        raise BadRequest("SELECT secret FROM /work/ of Django")
    if status == 403:
        raise PermissionDenied
    if status == 413:
        raise RequestDataTooBig("SELECT secret FROM /work/ of Django")
    raise RuntimeError("SELECT secret FROM /work/ of Django")


urlpatterns = [path("", include("cpd.urls")), path("breaks/<int:status>/", breaks)]

TITLES = {
    400: "This form is out of date.",
    403: "You have no permission for this action.",
    404: "The page was not found.",
    405: "This page cannot be asked in this way.",
    413: "Too much was sent at once.",
}


@pytest.fixture
def _production(settings: Any) -> None:
    settings.DEBUG = False
    settings.ROOT_URLCONF = __name__


def title(status: int, language: str) -> str:
    """What stands at the top; that of 500 speaks both languages."""
    with translation.override(language):
        return (
            gettext(TITLES[status]) if status in TITLES else {"ky": "Ката кетти", "ru": "Произошла ошибка"}[language]
        )


def asked(client: Client, status: int) -> Any:
    if status == 404:
        return client.get("/nowhere/")
    if status == 405:
        return client.get(reverse("language"))
    return client.get(f"/breaks/{status}/")


@pytest.mark.usefixtures("_production")
def test_each_mistake_has_a_page_in_the_persons_language_and_tells_nothing(cast: Cast) -> None:
    for language in ("ky", "ru"):
        cast.teacher.language = language
        cast.teacher.save()
        client = Client(raise_request_exception=False)
        client.force_login(cast.teacher)
        for status in (*TITLES, 500):
            answer = asked(client, status)
            text = answer.content.decode()
            assert answer.status_code == status
            assert title(status, language) in text, (status, language)
            assert not INSIDE.search(text), (status, INSIDE.search(text))
            assert answer.headers["Content-Type"].startswith("text/html")
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("_production")
def test_a_page_of_too_many_tries_tells_nothing(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "0/m/ip"}
    answer = Client().post(reverse("account_login"), {"login": "teacher", "password": "x"})
    assert answer.status_code == 429
    assert not INSIDE.search(answer.content.decode())


@pytest.mark.usefixtures("_production")
def test_a_host_that_is_not_ours_is_refused_in_the_language_of_the_phone(db: None) -> None:
    client = Client(raise_request_exception=False, headers={"host": "evil.example"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    translation.activate("ky")  # whoever was served before
    answer = client.get("/")
    assert answer.status_code == 400
    assert title(400, "ru") in answer.content.decode()
    assert "evil.example" not in answer.content.decode()
    assert not INSIDE.search(answer.content.decode())


@pytest.mark.usefixtures("_production")
def test_a_script_that_asks_with_the_wrong_method_gets_no_page(cast: Cast) -> None:
    answer = Client().get(reverse("language"), headers={"accept": "application/json"})
    assert (answer.status_code, answer.content) == (405, b"")


def test_pages_for_a_site_that_cannot_answer_stand_alone(django_db_blocker: Any) -> None:
    """No database, no person, no static file: in both languages, and the same whoever asks."""
    with django_db_blocker.block():
        for name in ("500.html", "503.html"):
            text = loader.render_to_string(name)
            assert "<link" not in text
            assert "<script" not in text
            assert 'lang="ky"' in text
            assert 'lang="ru"' in text


@pytest.mark.usefixtures("_production")
def test_the_test_sees_what_it_looks_for(cast: Cast, settings: Any) -> None:
    """With DEBUG on the same mistake does tell."""
    settings.DEBUG = True
    client = Client(raise_request_exception=False)
    client.force_login(cast.teacher)
    answer = asked(client, 500)
    assert INSIDE.search(answer.content.decode())
