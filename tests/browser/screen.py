"""What people do and see on the pages, by marks that no translation changes."""

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from plans.content import Plan
from schools.models import User
from tests.factories import PASSWORD


def sign_in(page: Page, user: User) -> None:
    """Fill in the sign-in form that is on the screen."""
    page.locator("[name=login]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()


def open_home(page: Page, user: User) -> None:
    """From the first address of the site through the sign-in form."""
    page.goto(reverse("home"))
    expect(page).to_have_url(re.compile(re.escape(reverse("account_login"))))
    sign_in(page, user)
    expect(page).to_have_url(re.compile(f"{re.escape(reverse('home'))}$"))


def open_form(page: Page, plan: Plan, query: str = "") -> None:
    page.goto(reverse("plan_edit", args=[plan.pk]) + query)


def cards(page: Page) -> Locator:
    return page.locator("#rows .row-card")


def card(page: Page, place: int) -> Locator:
    """The row at this place on the screen, counted from 0; -1 is the last."""
    return cards(page).nth(place)


def field(place: Locator, name: str) -> Locator:
    """A field of a row by its column."""
    return place.locator(f"[name$='-{name}']")


def fill_row(row: Locator, **values: Any) -> None:
    """Type and choose, in the order given; fields that hide under “more” are opened first."""
    for name, value in values.items():
        target = field(row, name)
        if isinstance(value, list):
            for one in value:
                row.locator(f"[name$='-{name}'][value='{one}']").check()
            continue
        more = row.locator(f"details:has([name$='-{name}'])")
        if more.count() and more.get_attribute("open") is None:
            more.locator("summary").click()
        if target.evaluate("field => field.tagName") == "SELECT":
            target.select_option(str(value))
        else:
            target.fill(str(value))


def add_row(page: Page) -> Locator:
    """Press “add a row”; the new one."""
    count = cards(page).count()
    page.locator("#add-row").click()
    expect(cards(page)).to_have_count(count + 1)
    return card(page, count)


def column(page: Page, name: str) -> list[str]:
    """What stands in one column of all rows, from top to bottom."""
    return [field(one, name).input_value() for one in cards(page).all()]


def told(page: Page, word: str) -> str:
    """A sentence of the form's own script, in the language of the page: ``saved``, ``kept``, ``signed-out`` …"""
    return page.locator("#plan-form").get_attribute(f"data-{word}") or "no such sentence"


def expect_state(page: Page, word: str) -> None:
    expect(page.locator("#save-state")).to_contain_text(told(page, word))


def eventually(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait for what no element of the page shows."""
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to be so")


def expect_nothing_kept(page: Page) -> None:
    """The phone holds no text that the server does not have."""
    eventually(page, lambda: page.evaluate("localStorage.length") == 0)


def press_save(page: Page, then: str = "save") -> None:
    page.locator(f"#plan-form .save-bar [name=then][value={then}]").click()


def rows_of(plan: Plan, name: str) -> list[Any]:
    """One column of the rows in the database, in their order."""
    return list(plan.rows.order_by("position", "pk").values_list(name, flat=True))
