"""Which host a request names, and where an answer may lead (trust T19, T20)."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from cpd.once import FIELD, new_token
from tests.conftest import Cast
from tests.factories import PASSWORD

APPS = ("cpd", "schools", "courses", "plans")
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "https://127.0.0.1:8000@evil.example/",
    "\thttps://evil.example",
    "https://evil.example\\@127.0.0.1/",
    "http://[evil.example",
)


def using(pattern: re.Pattern[str]) -> set[str]:
    """The modules of the program in which the pattern stands."""
    paths = [path for app in APPS for path in (settings.ROOT / app).rglob("*.py")]
    return {str(path.relative_to(settings.ROOT)) for path in paths if pattern.search(path.read_text())}


def is_here(location: str) -> bool:
    return bool(re.match(r"/(?![/\\])[^\\]*$", location)) and "\\" not in location.partition("?")[0]


def is_safe(answer: Any) -> bool:
    """A way on this site, or no way at all."""
    location = answer.headers.get("Location", "")
    return not location or is_here(location)


def test_nothing_leads_to_another_site(cast: Cast) -> None:
    """Every place that reads where to go on: by address and by form."""
    for target in ELSEWHERE:
        at_login = {"login": "teacher", "password": PASSWORD, "next": target}
        anonymous = Client()
        assert is_safe(anonymous.get(reverse("account_login"), {"next": target})), target
        assert is_safe(anonymous.post(reverse("account_login"), at_login)), target
        client = Client()
        client.force_login(cast.teacher)
        for name in ("account_login", "account_reauthenticate", "account_logout"):
            assert is_safe(client.get(reverse(name), {"next": target})), (name, target)
        for name, data in (
            ("language", {"language": "ru"}),
            ("account_reauthenticate", {"password": PASSWORD}),
            ("account_login", at_login),
            ("account_change_password", {"oldpassword": PASSWORD, "password1": "Көк-7-Жайык", "password2": "x"}),
            ("account_logout", {}),
        ):
            client.force_login(cast.teacher)
            assert is_safe(client.post(f"{reverse(name)}?next=//evil.example", data | {"next": target})), (
                name,
                target,
            )


def test_no_other_code_reads_where_to_go_on() -> None:
    """A new place that does must be tried above."""
    ways = r"(?:next|back|return\w*|url|to|redirect\w*)"
    reading = re.compile(rf"""(?:GET|POST)(?:\.get\(|\[)["']{ways}["']|HTTP_REFERER|["']referer["']""", re.IGNORECASE)
    judged = {"schools/views/language.py", "cpd/pdf.py"}  # the latter: the link back from a paper that was not made
    assert using(reading) == judged
    assert judged <= using(re.compile(r"url_has_allowed_host_and_scheme\("))


OTHERS = ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "evil.example#127.0.0.1", "127.0.0.1@evil.kg")


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/nowhere/", "/health/live"])
def test_another_host_is_refused(path: str, db: None) -> None:
    for host in OTHERS:
        answer = Client(raise_request_exception=False).get(path, headers={"host": host})
        if path != "/health/live":  # asked by machines, which name no host; it tells nothing
            assert answer.status_code == 400, host
        assert "evil" not in answer.content.decode() + str(answer.headers)


def test_a_host_that_is_only_forwarded_is_not_believed(cast: Cast) -> None:
    client = Client()
    for headers in (
        {"x-forwarded-host": "evil.example"},
        {"forwarded": "host=evil.example"},
        {"x-host": "evil.example", "x-forwarded-server": "evil.example", "x-original-url": "/administration/"},
    ):
        answer = client.get("/plans", headers=headers)  # without its last stroke: led on by what the host is
        assert answer.status_code in (301, 302)
        assert is_here(answer.headers["Location"])
        answer = client.get(reverse("account_login"), headers=headers)
        assert answer.status_code == 200
        assert "evil.example" not in answer.content.decode()


def test_a_request_with_a_whole_address_cannot_choose_the_host(cast: Cast) -> None:
    """``GET http://evil.example/plans HTTP/1.1``: servers take the path and hand the host on as the header says."""
    answer = Client(raise_request_exception=False).generic("GET", "http://evil.example/plans/")
    assert "evil" not in answer.content.decode() + answer.headers.get("Location", "")


def test_links_in_letters_and_calendars_begin_with_the_address_of_the_settings(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Whatever host was asked for; slips and papers take theirs from the settings too (see their own tests)."""
    settings.ALLOWED_HOSTS = ["*"]  # as if the check of hosts were gone
    settings.SENDS_MAIL = True
    client = Client(headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    client.force_login(cast.teacher)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mail_change"), {FIELD: new_token(), "email": "teacher@example.kg"})
    [letter] = mail.outbox
    assert f"{settings.SITE_URL}/account/e-mail/" in letter.body
    assert "evil" not in letter.body
    shown = client.post(reverse("calendar_feed"))
    assert shown.context["address"].startswith(f"{settings.SITE_URL}/calendar/")
    calendar = client.get(shown.context["address"].removeprefix(settings.SITE_URL))
    assert b"evil" not in calendar.content
    for page in (shown, client.get("/"), client.get(reverse("my_account"))):
        assert "evil" not in page.content.decode()


def test_addresses_for_paper_and_mail_are_built_from_the_settings_alone() -> None:
    asking = re.compile(r"build_absolute_uri\(|get_current_site\(")
    assert using(asking) == set()
