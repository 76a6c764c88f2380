"""What is written to the log over mistakes, failures and secrets in addresses names nobody (trust T38)."""

import io
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from courses.feeds import make_feed
from cpd.urls import handler400  # noqa: F401  (this module stands in for the addresses of the site)
from schools.invitations import make_invitations, token_of
from schools.mail_addresses import link_for
from schools.models import Person
from tests.conftest import PEOPLE, Cast
from tests.factories import PASSWORD

NUMBER = "20101199012345"  # of a person: invented
ADDRESS = "aynagul.canary@example.kg"
TYPED_PASSWORD = "Купуя-сөз-77"


def breaks(request: HttpRequest, how: str) -> HttpResponse:
    person = Person.objects.get(family_name=PEOPLE["teacher"][0])
    if how == "raise":
        raise RuntimeError(f"{person.full_name} {NUMBER} {ADDRESS}")
    if how == "refuse":
        raise SuspiciousOperation(f"{person.full_name} {NUMBER}")
    if how == "lookup":
        return HttpResponse(str({}[f"{person.family_name} {NUMBER}"]))
    with connection.cursor() as cursor:  # the row it repeats is the person's
        cursor.execute("INSERT INTO schools_person SELECT * FROM schools_person WHERE id = %s", [person.pk])
    return HttpResponse()


urlpatterns = [path("", include("cpd.urls")), path("breaks/<str:how>/", breaks)]


@pytest.fixture
def _production(settings: Any) -> None:
    settings.DEBUG = False
    settings.ROOT_URLCONF = __name__


def walk(cast: Cast) -> set[str]:
    """Everything that usually gets something written, done with canaries; the canaries."""
    person = cast.teacher.person
    Person.objects.filter(pk=person.pk).update(personal_number=NUMBER)
    secret = generate_totp_secret()
    TOTP.activate(cast.colleague, secret)
    [slip] = make_invitations([cast.peer.person], by=cast.deputy, institution=cast.school)
    slip_token, feed, link = token_of(slip), make_feed(by=cast.teacher), link_for(cast.teacher, ADDRESS)
    client = Client(raise_request_exception=False)
    for login in ("teacher", ADDRESS, NUMBER):
        client.post(reverse("account_login"), {"login": login, "password": TYPED_PASSWORD})
    client.post(reverse("account_login"), {"login": "colleague", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "123456"})
    for token in (slip_token, slip_token[:-1] + "0"):
        client.get(reverse("invitation", args=[token]))
        client.get(reverse("invitation", args=[token]).rstrip("/"))
        client.post(reverse("invitation", args=[token]), {"password": TYPED_PASSWORD, "again": "x"})
    client.post(reverse("invitation_code"), {"code": slip_token})
    client.get(reverse("calendar_file", args=[feed]))
    client.get(reverse("calendar_file", args=[feed[:-1] + "-"]))
    client.get(reverse("mail_confirm", args=[link]))
    client.get(reverse("mail_confirm", args=[link + "x"]))
    client.get("/", headers={"host": f"{slip_token}.example"})
    client.get(f"/nowhere/{NUMBER}/{person.family_name}/?q={ADDRESS}")
    client.get(reverse("plans"), {"name": person.family_name})
    Client(enforce_csrf_checks=True).post(reverse("invitation", args=[slip_token]), {"password": TYPED_PASSWORD})
    inside = Client(raise_request_exception=False)
    inside.force_login(cast.teacher)
    inside.post(reverse("account_reauthenticate"), {"password": TYPED_PASSWORD})
    inside.post(reverse("plan_start", args=["annual_plan"]), {"period": person.family_name, "x": TYPED_PASSWORD})
    inside.post(reverse("language"), {"next": "/" + ADDRESS * 2000})
    for how in ("raise", "refuse", "lookup", "sql"):
        answer = inside.post(f"/breaks/{how}/?name={ADDRESS}", {"password": TYPED_PASSWORD, "number": NUMBER})
        assert answer.status_code in (400, 500)
    cookies = {phone.cookies[settings.SESSION_COOKIE_NAME].value for phone in (client, inside)}
    names = {part for name in PEOPLE.values() for part in name if part}
    return (
        {NUMBER, ADDRESS, TYPED_PASSWORD, PASSWORD, slip_token, slip_token[:-1], feed[:-1], link, secret}
        | cookies
        | names
    )


class Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        record.exc_text = None  # kept for the next handler, it would be taken for the text of its own formatter
        return text


@pytest.fixture
def log() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """What the site writes, and the same as it would be written without our filter and formatter."""
    root = logging.getLogger()
    [ours] = [handler for handler in root.handlers if handler.name == "console"]
    written, plain = io.StringIO(), logging.StreamHandler(io.StringIO())
    plain.setFormatter(Plain())
    before = ours.setStream(written)
    root.handlers.insert(0, plain)  # before ours, whose filter changes what the others get
    yield written, plain.stream
    root.removeHandler(plain)
    ours.setStream(before)


@pytest.mark.usefixtures("_production")
def test_no_canary_stands_in_the_log(cast: Cast, log: tuple[io.StringIO, io.StringIO]) -> None:
    canaries = walk(cast)
    written, plain = (stream.getvalue() for stream in log)
    assert "RuntimeError" in written
    found = {canary for canary in canaries if canary in written}
    assert found == set(), [line for line in written.splitlines() if any(canary in line for canary in found)][:5]
    assert {canary for canary in canaries if canary in plain} >= {NUMBER, ADDRESS, PEOPLE["teacher"][0]}


@pytest.mark.django_db
@pytest.mark.usefixtures("_production")
def test_who_sends_too_much_makes_no_noise(log: tuple[io.StringIO, io.StringIO]) -> None:
    fields = dict.fromkeys(map(str, range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)), "")
    large = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for sent in (urlencode(fields), f"next={large}"):
        answer = Client().post(reverse("language"), sent, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413
    written = log[0].getvalue()
    assert written.count("413") >= 2
    assert "ERROR" not in written
    assert "django.security" not in written


def test_nobody_gets_mistakes_by_mail() -> None:
    """Django would send the whole request, with what was typed."""
    assert settings.ADMINS == []
    assert settings.MANAGERS == []
