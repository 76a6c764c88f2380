"""Sign-in, its limits, the language, and forms whose session had ended."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plans.models import AnnualPlan
from schools.models import User
from tests import factories
from tests.factories import PASSWORD

WRONG = {"login": "teacher", "password": "жок-мындай"}
RIGHT = {"login": "teacher", "password": PASSWORD}
SIGN_IN = "account_login"


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def test_a_login_and_a_password_open_the_home_page(cast: Any) -> None:
    client = Client()
    answer = client.post(reverse(SIGN_IN), RIGHT)
    assert answer.headers["Location"] == reverse("home")
    assert is_signed_in(client)


def test_the_login_may_be_typed_in_any_case(cast: Any) -> None:
    client = Client()
    client.post(reverse(SIGN_IN), RIGHT | {"login": "Teacher"})
    assert is_signed_in(client)


def test_five_wrong_passwords_lock_the_account_and_not_the_school(cast: Any) -> None:
    client = Client()
    for _ in range(5):
        client.post(reverse(SIGN_IN), WRONG)
    client.post(reverse(SIGN_IN), RIGHT)
    assert not is_signed_in(client)
    colleague = Client()
    colleague.post(reverse(SIGN_IN), {"login": "colleague", "password": PASSWORD})
    assert is_signed_in(colleague)


def test_a_forged_address_does_not_reset_the_limit(cast: Any) -> None:
    for number in range(5):
        Client().post(reverse(SIGN_IN), WRONG, headers={"x-forwarded-for": f"10.0.0.{number}"})
    client = Client()
    client.post(reverse(SIGN_IN), RIGHT, headers={"x-forwarded-for": "10.0.0.99"})
    assert not is_signed_in(client)


def test_an_unknown_login_gets_the_same_answer_as_a_wrong_password(cast: Any) -> None:
    known = Client().post(reverse(SIGN_IN), WRONG)
    unknown = Client().post(reverse(SIGN_IN), WRONG | {"login": "teachex"})
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


def test_nobody_can_sign_up(cast: Any) -> None:
    for path in ("/signup/", "/sign-up/", "/accounts/signup/"):
        assert Client().get(path).status_code in {302, 404}
    assert User.objects.count() == len(cast.people) - 1


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_and_language_lead_nowhere_else(target: str, cast: Any) -> None:
    for name, data in ((SIGN_IN, RIGHT), ("language", {"language": "ru"})):
        answer = Client().post(reverse(name), data | {"next": target})
        assert answer.headers["Location"].startswith("/")
        assert "evil" not in answer.headers["Location"]


def test_an_account_that_is_closed_loses_its_open_sessions(cast: Any) -> None:
    client = Client()
    client.force_login(cast.teacher)
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    assert not is_signed_in(client)


def test_the_session_changes_at_sign_in_and_dies_at_sign_out(cast: Any) -> None:
    client = Client()
    client.get(reverse(SIGN_IN))
    client.post(reverse(SIGN_IN), RIGHT)
    cookie = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert not is_signed_in(thief)


def test_the_language_is_remembered_with_the_account(cast: Any) -> None:
    client = Client()
    client.force_login(cast.teacher)
    assert client.get(reverse("home")).headers["Content-Language"] == "ky"
    client.post(reverse("language"), {"language": "ru"})
    other_phone = Client()
    other_phone.force_login(cast.teacher)
    assert other_phone.get(reverse("home")).headers["Content-Language"] == "ru"


def test_kyrgyz_comes_first_whatever_the_phone_asks_for() -> None:
    answer = Client().get(reverse(SIGN_IN), headers={"accept-language": "ru-RU,ru;q=0.9"})
    assert answer.headers["Content-Language"] == "ky"


def test_pages_of_signed_in_people_are_not_cached(cast: Any) -> None:
    client = Client()
    client.force_login(cast.teacher)
    assert client.get(reverse("home")).headers["Cache-Control"] == "private, no-store"


def typed_form(plan: AnnualPlan, need: str) -> dict[str, Any]:
    return {
        "once": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4a001",
        "seen": plan.revision,
        "rows-TOTAL_FORMS": 1,
        "rows-INITIAL_FORMS": 0,
        "rows-0-uid": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4a002",
        "rows-0-need": need,
        "rows-0-executor_kind": "self",
    }


def test_what_was_typed_before_the_session_ended_is_shown_after_sign_in(cast: Any) -> None:
    plan = factories.annual_plan(cast.teacher)
    address = reverse("plan_edit", args=[plan.pk])
    client = Client()
    sent = client.post(address, typed_form(plan, "Долбоордук окутуу"))
    assert sent.headers["Location"] == f"{reverse(SIGN_IN)}?next={address}"
    client.post(reverse(SIGN_IN), RIGHT)
    shown = client.get(address)
    assert "Долбоордук окутуу" in shown.content.decode()
    assert plan.rows.count() == 0
    assert "Долбоордук окутуу" not in client.get(address).content.decode()


def test_a_form_that_saves_itself_is_told_of_the_end_of_the_session(cast: Any) -> None:
    plan = factories.annual_plan(cast.teacher)
    address = reverse("plan_edit", args=[plan.pk])
    answer = Client().post(address, typed_form(plan, "Баалоо"), headers={"accept": "application/json"})
    assert answer.status_code == 401


def test_a_closed_account_is_told_so_only_to_who_knows_the_password(cast: Any) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    client = Client()
    closed = client.post(reverse(SIGN_IN), RIGHT)
    assert closed.headers["Location"] == reverse(SIGN_IN)
    assert not is_signed_in(client)
    assert Client().post(reverse(SIGN_IN), WRONG).status_code == 200


def test_too_many_tries_from_one_address_get_a_page_in_kyrgyz(cast: Any, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    client = Client()
    client.post(reverse(SIGN_IN), WRONG)
    answer = client.post(reverse(SIGN_IN), WRONG)
    assert answer.status_code == 429
    assert "Аракеттердин саны" in answer.content.decode()


def test_a_forbidden_move_says_why(cast: Any) -> None:
    plan = factories.considered(cast.plan)
    client = Client()
    client.force_login(cast.teacher)
    data = {"once": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4a003", "seen": plan.revision}
    answer = client.post(reverse("plan_move", args=[plan.pk, "approve"]), data)
    assert answer.status_code == 403
    assert "Өз планыңызды өзүңүз беките албайсыз." in answer.content.decode()
