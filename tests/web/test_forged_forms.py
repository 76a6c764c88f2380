"""A form that another site sends in somebody's name is refused, at every address (trust T18)."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.conftest import Cast

# What may stand in an address. Whether it stands for anything is looked at later than the token of the form.
PARTS = {
    "int": "1",
    "slug": "x",
    "str": "x",
    "path": "1",
    "uuid": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4a001",
    "token": "x" * 32,
}


def addresses(resolver: Any, before: str = "/") -> Iterator[str]:
    """Every address of the site, with something in its places."""
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, address)
        elif "(?P" in address:  # administration: the list of one app, and everything else
            yield address.split("^")[0].split("(")[0] + "schools/"
        else:
            yield re.sub(r"<(\w+):\w+>", lambda match: PARTS[match[1]], address)


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """In the place of our page, which would be drawn four hundred times."""
    return HttpResponse("refused", status=403)


def test_no_address_takes_a_form_without_its_token(cast: Cast, settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = f"{__name__}.refused"
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator)
    every = list(addresses(get_resolver()))
    assert len(every) > 300
    assert [address for address in every if client.post(address).content != b"refused"] == []


def test_a_token_of_another_phone_or_a_foreign_page_is_none(cast: Cast, settings: Any) -> None:
    """The same form with its own token is taken, so the token is what is looked at."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.teacher)
    client.get(reverse("my_account"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    form = {"language": "ru", "csrfmiddlewaretoken": token}
    address = reverse("language")
    assert client.post(address, form, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(address, form | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert client.post(address, form, headers={"origin": settings.SITE_URL}).status_code == 302
    cast.teacher.refresh_from_db()
    assert cast.teacher.language == "ru"
