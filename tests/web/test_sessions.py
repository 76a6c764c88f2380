"""How long somebody stays signed in, and what ends it at once (trust T17)."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools import sessions
from schools.accounts import close_account
from schools.models import User
from tests.conftest import Cast
from tests.factories import PASSWORD

HOUR = 60 * 60
NEW = "Көк-Жайык-2027"


def signed_in(user: User) -> Client:
    client = Client()
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert is_in(client)
    return client


def cookie_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def thief(cookie: str) -> Client:
    """Somebody else with a copy of the cookie."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def test_a_cookie_from_before_sign_in_is_worth_nothing_after_it(cast: Cast) -> None:
    client = Client()
    client.post(reverse("plan_start", args=["annual_plan"]), {"period": "2026"})  # what was typed is held in a session
    planted = cookie_of(client)
    client.post(reverse("account_login"), {"login": "teacher", "password": PASSWORD})
    assert is_in(client)
    assert cookie_of(client) != planted
    assert not is_in(thief(planted))


def sign_out(client: Client, user: User) -> None:
    client.post(reverse("account_logout"))


def change_password(client: Client, user: User) -> None:
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), data).status_code == 302


def change_password_elsewhere(client: Client, user: User) -> None:
    change_password(signed_in(user), user)


def end_all(client: Client, user: User) -> None:
    client.post(reverse("sessions_end"), {"once": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4a004"})


ENDINGS: list[Callable[[Client, User], None]] = [sign_out, change_password, change_password_elsewhere, end_all]


@pytest.mark.parametrize("end", ENDINGS)
def test_the_old_cookie_opens_nothing_after(end: Callable[[Client, User], None], cast: Cast) -> None:
    client = signed_in(cast.teacher)
    old = cookie_of(client)
    assert is_in(thief(old))
    end(client, cast.teacher)
    assert not is_in(thief(old))


def test_a_new_password_keeps_the_one_who_chose_it_signed_in(cast: Cast) -> None:
    client = signed_in(cast.teacher)
    change_password(client, cast.teacher)
    assert is_in(client)


def test_closing_an_account_ends_its_sessions(cast: Cast) -> None:
    old = cookie_of(signed_in(cast.teacher))
    close_account(cast.teacher, by=cast.deputy, institution=cast.school)
    assert not is_in(thief(old))


def later(client: Client, seconds: int) -> None:
    """As if everything the session remembers had been that much earlier."""
    session = client.session
    times = session[sessions.KEY]
    session[sessions.KEY] = {name: moment - seconds for name, moment in times.items()}
    session.save()
    left = timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE - seconds)
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=left)


def test_a_session_nobody_used_for_a_day_has_ended(cast: Cast) -> None:
    client = signed_in(cast.teacher)
    later(client, settings.SESSION_COOKIE_AGE + 1)
    assert not is_in(client)


def test_a_session_in_use_goes_on_and_is_written_once_an_hour(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast.teacher)
    later(client, 23 * HOUR)
    assert is_in(client)
    seen = client.session[sessions.KEY]["seen"]
    assert abs(seen - time.time()) < HOUR
    row = Session.objects.get(session_key=client.session.session_key)
    assert row.expire_date > timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE - HOUR)
    with django_assert_max_num_queries(100) as asked:
        assert is_in(client)
    assert not [query for query in asked.captured_queries if query["sql"].startswith('UPDATE "django_session"')]


def test_no_session_lasts_longer_than_a_week_however_much_it_is_used(cast: Cast) -> None:
    client = signed_in(cast.teacher)
    old = cookie_of(client)
    for _day in range(6):
        later(client, 23 * HOUR)
        assert is_in(client)
    later(client, settings.SESSION_LASTS - 6 * 23 * HOUR)
    Session.objects.update(expire_date=timezone.now() + dt.timedelta(days=1))
    assert not is_in(client)
    assert not is_in(thief(old))


def test_limits_are_shorter_than_two_weeks() -> None:
    assert settings.SESSION_COOKIE_AGE < settings.SESSION_LASTS < 14 * 24 * HOUR


def test_every_cookie_is_for_this_host_and_no_script(cast: Cast, settings: Any) -> None:
    """By https, as settings make them; the token of forms is the one that a script of ours reads."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    client = Client()
    cookies = dict(client.get(reverse("account_login")).cookies)
    answers = [
        client.post(reverse("account_login"), {"login": "teacher", "password": PASSWORD}),
        client.get(reverse("home")),
        client.post(reverse("language"), {"language": "ru"}),
        client.get(reverse("my_account")),
    ]
    for answer in answers:
        cookies |= dict(answer.cookies)
    assert set(cookies) == {
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
    }
    for name, cookie in cookies.items():
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")
        assert bool(cookie["httponly"]) is (name != settings.CSRF_COOKIE_NAME)
