"""The second factor: set up by its owner, asked for at sign-in, demanded of some roles, removed by the school."""

import base64
import hashlib
import hmac
import re
import struct
import time
import uuid
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cpd.env import BadSetting
from schools.choices import Event, Role
from schools.invitations import make_invitations, token_of
from schools.models import AuditEntry, User
from schools.second_factor import demanded_roles, roles_of
from tests import factories
from tests.conftest import Cast, make_cast
from tests.factories import PASSWORD

HOME = "home"


def code_of(secret: str, shift: int = 0) -> str:
    """What an app shows now (RFC 6238), ``shift`` half minutes away."""
    counter = int(time.time()) // 30 + shift
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def with_app(user: User) -> str:
    """The user has an app for codes; its key."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def password_given(user: User, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    answer = client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client, answer


def is_in(client: Client) -> bool:
    return client.get(reverse(HOME)).status_code == 200


def sure(user: User) -> Client:
    """Signed in, and just asked for the password again."""
    client, _answer = password_given(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


# Setting up -------------------------------------------------------------------------------------------------------


def test_setting_up_asks_for_the_password_again(cast: Cast) -> None:
    client, _answer = password_given(cast.teacher)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    data = {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    answer = client.post(reverse("account_reauthenticate"), data)
    assert answer.headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_code_from_the_app_switches_it_on_and_shows_recovery_codes_once(cast: Cast) -> None:
    client = sure(cast.teacher)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.context["form"].errors
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<code>(\d+)</code>", client.get(answer.headers["Location"]).content.decode())
    assert len(codes) == 10
    again = client.get(answer.headers["Location"]).content.decode()
    assert not [code for code in codes if code in again]


@pytest.mark.django_db(transaction=True)  # the library has its say once the codes are kept
def test_recovery_codes_are_warned_of_once() -> None:
    cast = make_cast()
    client = sure(cast.teacher)
    with_app(cast.teacher)
    answer = client.post(reverse("mfa_generate_recovery_codes"))
    shown = client.get(answer.headers["Location"]).content.decode()
    assert (shown.count("<code>"), shown.count('class="alert')) == (10, 1)


def test_every_page_of_the_second_factor_opens_for_who_has_one(cast: Cast) -> None:
    client = sure(cast.teacher)
    with_app(cast.teacher)
    RecoveryCodes.activate(cast.teacher)
    key = Authenticator.objects.create(
        user=cast.teacher, type=Authenticator.Type.WEBAUTHN, data={"name": "Телефон", "credential": {}}
    )
    names = ["mfa_index", "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_generate_recovery_codes"]
    pages = [reverse(name) for name in names]
    pages += [reverse(name, args=[key.pk]) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Ноутбук"})
    assert "Ноутбук" in client.get(reverse("mfa_list_webauthn")).content.decode()


def test_nobody_touches_another_ones_passkey(cast: Cast) -> None:
    client = sure(cast.peer)
    key = Authenticator.objects.create(user=cast.teacher, type=Authenticator.Type.WEBAUTHN, data={"name": "Телефон"})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(name, args=[key.pk]), {"name": "?"}).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_changes_are_kept_in_the_journal_and_no_secret_is(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = sure(cast.teacher)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    entries = AuditEntry.objects.filter(event=Event.SECOND_FACTOR_CHANGED, subject=cast.teacher.person)
    assert entries.count() == 2
    assert all(secret not in str(entry.__dict__) for entry in entries)
    assert not Authenticator.objects.filter(user=cast.teacher, type=Authenticator.Type.TOTP).exists()


# Signing in -------------------------------------------------------------------------------------------------------


def test_the_password_alone_does_not_sign_in(cast: Cast) -> None:
    secret = with_app(cast.teacher)
    client, answer = password_given(cast.teacher)
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client)


def test_a_code_opens_once(cast: Cast) -> None:
    secret = with_app(cast.teacher)
    code = code_of(secret)
    for expected in (True, False):
        client, _answer = password_given(cast.teacher)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client) is expected


def test_a_recovery_code_opens_once(cast: Cast) -> None:
    with_app(cast.teacher)
    code = RecoveryCodes.activate(cast.teacher).get_unused_codes()[0]
    for expected in (True, False):
        client, _answer = password_given(cast.teacher)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client) is expected


def test_guessing_codes_is_stopped(cast: Cast) -> None:
    secret = with_app(cast.teacher)
    client, _answer = password_given(cast.teacher)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert not is_in(client)


def test_a_slip_renews_the_password_and_not_the_second_factor(cast: Cast) -> None:
    with_app(cast.teacher)
    [slip] = make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    client = Client()
    chosen = {"password": "Көк-Жайык-2027", "again": "Көк-Жайык-2027"}
    answer = client.post(reverse("invitation", args=[token_of(slip)]), chosen)
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)


def test_the_school_removes_it_for_who_lost_the_phone(cast: Cast) -> None:
    secret = with_app(cast.teacher)
    phone, _answer = password_given(cast.teacher)
    phone.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    deputy = Client()
    deputy.force_login(cast.deputy)
    address = reverse("account_factor_remove", args=[cast.school.pk, cast.teacher.person_id])
    deputy.post(address, {"once": uuid.uuid4()})
    assert not Authenticator.objects.filter(user=cast.teacher).exists()
    assert not is_in(phone), "whoever found the phone is out"
    assert is_in(password_given(cast.teacher)[0])


def test_a_command_removes_it_where_no_school_can(cast: Cast) -> None:
    with_app(cast.administrator)
    call_command("first_password", "administrator", remove_second_factor=True)
    assert not Authenticator.objects.filter(user=cast.administrator).exists()
    with pytest.raises(CommandError):
        call_command("first_password", "administrator", remove_second_factor=True)


# Demanded of a role -----------------------------------------------------------------------------------------------


@pytest.fixture
def demanded(settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ("district_officer", "administrator")


def test_who_holds_the_role_sets_it_up_before_anything_else(demanded: None, cast: Cast) -> None:
    client = sure(cast.officer)
    for name in (HOME, "my_account", "institutions"):
        assert client.get(reverse(name)).headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert is_in(client)


def test_nothing_is_decided_before_it_is_set_up(demanded: None, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    data = {"once": uuid.uuid4()}
    answer = client.post(reverse("account_close", args=[cast.school.pk, cast.teacher.person_id]), data)
    assert answer.headers["Location"] == reverse("mfa_index")
    assert User.objects.get(pk=cast.teacher.pk).is_active


def test_it_is_demanded_of_nobody_else_and_of_nobody_where_nothing_is_set(cast: Cast, settings: Any) -> None:
    assert is_in(password_given(cast.officer)[0])
    settings.SECOND_FACTOR_ROLES = ("district_officer",)
    assert is_in(password_given(cast.teacher)[0])
    assert is_in(password_given(cast.director)[0])


def test_recovery_codes_alone_are_no_second_factor(demanded: None, cast: Cast) -> None:
    RecoveryCodes.activate(cast.officer)
    client = Client()
    client.force_login(cast.officer)
    assert not is_in(client)


def test_the_roles_somebody_holds_are_those_of_today(cast: Cast) -> None:
    expected = {
        "teacher": set(),
        "head": {Role.ASSOCIATION_HEAD},
        "deputy": {Role.DEPUTY_DIRECTOR},
        "director": {Role.DIRECTOR},
        "clerk": {Role.CLERK},
        "officer": {Role.DISTRICT_OFFICER},
        "institute": {Role.INSTITUTE_VIEWER},
        "administrator": {Role.ADMINISTRATOR},
    }
    held = {name: set(roles_of(factories.again(getattr(cast, name)).scope)) for name in expected}
    assert held == expected


def test_a_role_that_does_not_exist_is_told_at_the_start(settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ("directr",)
    with pytest.raises(BadSetting, match=r"SECOND_FACTOR_ROLES.*directr"):
        demanded_roles()
