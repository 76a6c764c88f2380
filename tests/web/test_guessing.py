"""Guessing is stopped for the account, not for the school, and no answer tells who has an account (trust T15, T16)."""

import re
import time
from statistics import median
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from cpd.once import FIELD, new_token
from schools.invitations import make_invitations, token_of
from schools.models import Person, User
from tests.conftest import Cast
from tests.factories import PASSWORD

SIGN_IN = "/sign-in/"
TRIES = 5


def sign_in(name: str, password: str = PASSWORD, **options: Any) -> tuple[Client, Any]:
    client = Client(**options)
    return client, client.post(SIGN_IN, {"login": name, "password": password})


def is_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def plain(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """An answer without its tokens and without what the asker typed."""
    tokens = r'(name="(?:csrfmiddlewaretoken|once|login|code)"[^>]*?value=)"[^"]*"'
    apart = ("Content-Length", "X-Request-Id", "Expires")
    headers = [(name, value) for name, value in answer.headers.items() if name not in apart]
    return answer.status_code, re.sub(tokens, r"\1", answer.content.decode()), sorted(headers)


def lock(name: str = "teacher", **options: Any) -> None:
    for _try in range(TRIES):
        sign_in(name, "жок-мындай", **options)


# Throttles --------------------------------------------------------------------------------------------------------


def test_the_lock_is_the_accounts_however_it_is_asked_for(cast: Cast, settings: Any) -> None:
    """Another host name, another port, capitals, letters that the database takes for the same, a forged address."""
    lock()
    settings.ALLOWED_HOSTS = ["127.0.0.1", "127.0.0.1."]
    ways: list[tuple[str, dict[str, Any]]] = [
        ("teacher", {}),
        ("TEACHER", {}),
        (" teacher ", {}),
        ("teacher", {"headers": {"host": "127.0.0.1:4000"}}),
        ("teacher", {"headers": {"host": "127.0.0.1."}}),
        ("teacher", {"headers": {"x-forwarded-for": "10.1.2.3"}}),
        ("teacher", {"headers": {"x-forwarded-for": "10.1.2.3, 10.4.5.6"}}),
        ("teacher", {"headers": {"x-real-ip": "10.1.2.3", "cf-connecting-ip": "10.1.2.3"}}),
        ("teacher", {"REMOTE_ADDR": "10.9.9.9"}),
    ]
    for name, options in ways:
        client, _answer = sign_in(name, **options)
        assert not is_in(client), (name, options)


def test_letters_that_a_database_takes_for_others_share_one_lock(cast: Cast) -> None:
    """PostgreSQL finds «desk» for «deſk» and «dırector» for «director»: they must not have tries of their own."""
    for name, other in (("director", "dırector"), ("second_deputy", "ſecond_deputy")):
        lock(other)
        client, _answer = sign_in(name)
        assert not is_in(client), name


def test_the_lock_is_the_same_behind_a_proxy(cast: Cast, settings: Any) -> None:
    """There the last address of the header counts, which our own proxy wrote; what the asker wrote before it does not.

    The address alone is limited here, so that the account's own limit does not answer in its place.
    """
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "3/m/ip"}
    statuses = []
    for number in range(4):
        forged = {"x-forwarded-for": f"10.0.0.{number}, 192.0.2.7"}
        statuses.append(sign_in(f"nobody{number}", "x", headers=forged)[1].status_code)
    assert statuses == [200, 200, 200, 429]
    other_school = {"x-forwarded-for": "10.0.0.1, 192.0.2.8"}
    assert sign_in("nobody", "x", headers=other_school)[1].status_code == 200


def test_forty_colleagues_behind_one_address_get_in_while_one_of_them_mistypes(cast: Cast) -> None:
    account = cast.teacher
    colleagues = Person.objects.bulk_create(
        Person(family_name=f"Сыноочу{number}", given_name="Айжан") for number in range(40)
    )
    users = [
        User(username=f"colleague{number}", person=person, password=account.password, must_change_password=False)
        for number, person in enumerate(colleagues)
    ]
    User.objects.bulk_create(users)
    lock("clerk")
    assert all(sign_in(user.username)[1].status_code == 302 for user in users)
    assert not is_in(sign_in("clerk")[0])


def test_guessing_a_password_again_inside_is_stopped(cast: Cast) -> None:
    """A phone left open asks for the password before the second factor; it must not be a place to guess it."""
    client = Client()
    client.force_login(cast.teacher)
    address = reverse("account_reauthenticate")
    for number in range(12):
        client.post(address, {"password": f"жок-{number}"})
    assert client.post(address, {"password": PASSWORD}).status_code != 302


SECRET_ADDRESSES = ("invitation", "calendar_file", "mail_confirm")


@pytest.mark.parametrize("name", SECRET_ADDRESSES)
def test_who_tries_secret_addresses_is_stopped(name: str, cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invitation": "3/m/ip"}
    token = "x" * 32
    statuses = [
        Client().get(reverse(name, args=[token]), headers={"x-forwarded-for": f"10.0.0.{number}"}).status_code
        for number in range(5)
    ]
    assert statuses == [404, 404, 404, 429, 429]


# Who has an account -----------------------------------------------------------------------------------------------


def test_sign_in_answers_alike_whether_there_is_an_account(cast: Cast) -> None:
    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    unknown = plain(sign_in("nobody", "жок-мындай")[1])
    for name in ("teacher", "clerk"):
        assert plain(sign_in(name, "жок-мындай")[1]) == unknown
    locked = {}
    for name in ("teacher", "nobody", "clerk"):
        lock(name)
        locked[name] = plain(sign_in(name, "жок-мындай")[1])
    assert locked["teacher"] == locked["nobody"] == locked["clerk"] != unknown


def test_a_slip_answers_alike_whether_it_ever_was(cast: Cast) -> None:
    [used] = make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    token = token_of(used)
    chosen = {"password": "Көк-Жайык-2027", "again": "Көк-Жайык-2027"}
    assert Client().post(reverse("invitation", args=[token]), chosen).status_code == 302
    addresses = [reverse("invitation", args=[one]) for one in (token, "A" * 26)]
    texts = [(plain(Client().get(address)), address) for address in addresses]
    first, second = [(status, text.replace(address, ""), headers) for (status, text, headers), address in texts]
    assert first == second
    typed = [Client().post(reverse("invitation_code"), {"code": one}) for one in (token, "A" * 26)]
    assert [answer.status_code for answer in typed] == [302, 302]


def test_a_new_address_is_asked_for_alike_whether_somebody_else_has_it(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SENDS_MAIL = True
    User.objects.filter(pk=cast.colleague.pk).update(email="taken@example.kg")
    answers = []
    for address in ("taken@example.kg", "free@example.kg"):
        client = Client()
        client.force_login(cast.teacher)
        with django_capture_on_commit_callbacks(execute=True):
            sent = client.post(reverse("mail_change"), {FIELD: new_token(), "email": address})
        page = re.sub(r"<section.*?</section>", "", plain(client.get(sent.headers["Location"]))[1], flags=re.S)
        answers.append((sent.status_code, sent.headers["Location"], page))
    assert answers[0] == answers[1]
    assert [letter.to for letter in mail.outbox] == [["taken@example.kg"], ["free@example.kg"]]


def test_a_second_factor_is_told_of_only_to_who_knows_the_password(cast: Cast) -> None:
    TOTP.activate(cast.teacher, generate_totp_secret())
    answers = [plain(sign_in(name, "жок-мындай")[1]) for name in ("teacher", "colleague", "nobody")]
    assert answers[0] == answers[1] == answers[2]


class Quicker(PBKDF2PasswordHasher):
    """Django's own way with less work, of which a wrong password still costs the most."""

    iterations = 30_000


def seconds_for(name: str, typed: str = "жок-мындай") -> float:
    """Of the processor, so that a busy machine changes nothing."""
    started = time.thread_time()
    sign_in(name, typed)
    return time.thread_time() - started


def test_a_wrong_password_takes_as_long_as_an_unknown_name(cast: Cast, settings: Any) -> None:
    """By medians of pairs, one after the other. Where no password is worked at, the difference is seen."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Quicker"]
    settings.ACCOUNT_RATE_LIMITS = False
    cast.teacher.set_password(PASSWORD)
    cast.teacher.save()
    seconds_for("teacher")
    pairs = [(seconds_for("teacher"), seconds_for("nobody")) for _pair in range(50)]
    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert max(known, unknown) / min(known, unknown) < 1.2
    assert known / median(seconds_for("nobody", "") for _try in range(5)) > 1.2
