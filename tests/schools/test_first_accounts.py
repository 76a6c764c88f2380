"""The first account of a new installation, and first passwords."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from schools.models import User


def printed(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().strip()


def sign_in(login: str, password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": login, "password": password})
    return client


@pytest.mark.django_db
def test_a_new_installation_gets_an_administrator_who_must_change_the_password() -> None:
    client = sign_in("chief", printed("create_administrator", "chief", "Асылбеков", "Мирлан"))
    assert User.objects.get(username="chief").is_staff
    assert client.get(reverse("home")).headers["Location"] == reverse("account_change_password")


def test_a_first_password_opens_only_the_change_of_password(cast: Any) -> None:
    client = sign_in("teacher", printed("first_password", "teacher"))
    for name in ("home", "plans", "institutions"):
        assert client.get(reverse(name)).headers["Location"] == reverse("account_change_password")


def test_after_the_change_everything_is_open(cast: Any) -> None:
    password = printed("first_password", "teacher")
    client = sign_in("teacher", password)
    new = {"oldpassword": password, "password1": "Ак-кайың-2027", "password2": "Ак-кайың-2027"}
    client.post(reverse("account_change_password"), new)
    assert client.get(reverse("home")).status_code == 200


def test_a_login_that_is_taken_or_unknown_is_named(cast: Any) -> None:
    with pytest.raises(CommandError, match="teacher"):
        printed("create_administrator", "teacher", "Асылбеков", "Мирлан")
    with pytest.raises(CommandError, match="nobody"):
        printed("first_password", "nobody")


def test_a_first_password_cannot_be_changed_to_itself(cast: Any) -> None:
    password = printed("first_password", "teacher")
    client = sign_in("teacher", password)
    same = {"oldpassword": password, "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), same).status_code == 200
    assert User.objects.get(username="teacher").must_change_password


def test_the_administration_gives_first_passwords_and_finds_people_on_any_keyboard(cast: Any) -> None:
    client = Client()
    client.force_login(cast.administrator)
    found = client.get(reverse("admin:schools_person_changelist"), {"q": "ОМУРАЛИЕВА айнагул"})
    assert "Өмүралиева" in found.content.decode()
    data = {"action": "first_passwords", "_selected_action": [cast.teacher.pk]}
    answer = client.post(reverse("admin:schools_user_changelist"), data, follow=True)
    password = str(next(iter(answer.context["messages"]))).removeprefix("teacher: ")
    assert sign_in("teacher", password).get(reverse("home")).headers["Location"] == reverse("account_change_password")
