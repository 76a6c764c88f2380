"""From the slip in somebody's hand to being signed in, on a phone; and a second factor of each kind."""

import re
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from schools.invitations import in_groups, make_invitations, token_of
from schools.models import User
from tests import factories
from tests.browser.conftest import Visit
from tests.browser.screen import sign_in
from tests.conftest import Cast
from tests.factories import PASSWORD
from tests.schools.test_second_factor import code_of

CHOSEN = "Көк-Жайык-2027"
AT_HOME = re.compile(f"{re.escape(reverse('home'))}$")


def submit(page: Page) -> None:
    page.locator("main form button").first.click()


def prove_who(page: Page) -> None:
    page.locator("[name=password]").fill(PASSWORD)
    submit(page)


def test_a_slip_is_typed_a_password_chosen_and_the_teacher_is_in(cast: Cast, visit: Visit) -> None:
    person = factories.EmploymentFactory(institution=cast.school).person
    [slip] = make_invitations([person], by=cast.deputy, institution=cast.school)
    page = visit()
    referers: list[str] = []
    page.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    page.goto(reverse("account_login"))
    page.locator(f"a[href='{reverse('invitation_code')}']").click()
    page.locator("[name=code]").fill(in_groups(token_of(slip)).lower())
    submit(page)
    expect(page.locator("h1")).to_have_text(person.full_name)
    page.locator("[name=password]").fill(CHOSEN)
    page.locator("[name=again]").fill(CHOSEN)
    submit(page)
    expect(page).to_have_url(AT_HOME)
    assert User.objects.get(person=person).check_password(CHOSEN)
    assert not [sent for sent in referers if token_of(slip) in sent]


def test_a_code_of_an_app_is_set_up_and_asked_for(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("mfa_activate_totp"))
    prove_who(page)
    secret = page.locator("main code").inner_text()
    page.locator("[name=code]").fill(code_of(secret, -1))
    submit(page)
    expect(page.locator("main code")).to_have_count(10)
    other = visit()
    other.goto(reverse("home"))
    sign_in(other, cast.teacher)
    other.locator("[name=code]").fill(code_of(secret))
    submit(other)
    expect(other).to_have_url(AT_HOME)


def with_a_key(page: Page) -> None:
    """The browser has a key that answers by itself, as a phone's lock does."""
    session: Any = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_opens_the_account_without_a_password(cast: Cast, visit: Visit, watch: Any, settings: Any) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.ALLOWED_HOSTS = ["localhost"]
    site = watch.host = watch.host.replace("127.0.0.1", "localhost")  # passkeys belong to a name, not to a number
    page = visit(cast.teacher)
    with_a_key(page)
    page.goto(site + reverse("mfa_add_webauthn"))
    prove_who(page)
    page.locator("[name=passwordless]").check()
    page.locator("[data-passkey-button]").click()
    expect(page.locator("main code")).to_have_count(10)
    page.context.clear_cookies()
    page.goto(site + reverse("account_login"))
    page.locator("[data-passkey-button]").click()
    expect(page).to_have_url(AT_HOME)
