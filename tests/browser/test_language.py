"""The language a person chose stays with the person."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser import screen
from tests.browser.conftest import Visit
from tests.conftest import Cast


def choose(page: Page, language: str) -> None:
    page.locator(f".site-header [name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def sign_out(page: Page) -> None:
    page.locator(f".site-header form[action='{reverse('account_logout')}'] button").click()
    expect(page.locator("[name=login]")).to_be_visible()


def test_russian_and_back_is_remembered_with_the_account(cast: Cast, visit: Visit) -> None:
    page = visit()
    screen.open_home(page, cast.teacher)
    expect(page.locator("html")).to_have_attribute("lang", "ky")
    for language, word in (("ru", "Главная"), ("ky", "Башкы бет")):
        choose(page, language)
        expect(page.locator(".site-nav")).to_contain_text(word)
        cast.teacher.refresh_from_db()
        assert cast.teacher.language == language
        sign_out(page)
        page.context.clear_cookies()  # another phone, as it were
        screen.open_home(page, cast.teacher)
        expect(page.locator("html")).to_have_attribute("lang", language)


def test_the_switch_keeps_the_page_and_what_is_typed_on_it(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    title = screen.field(screen.card(page, 0), "programme_title")
    title.fill("Сынчыл ойлом жана баалоо")
    choose(page, "ru")
    expect(page.locator("#plan-form")).to_be_visible()
    expect(title).to_have_value("Сынчыл ойлом жана баалоо")
    screen.expect_nothing_kept(page)
    assert screen.rows_of(cast.plan, "programme_title")[0] == "Сынчыл ойлом жана баалоо"


def test_a_stranger_chooses_the_language_before_signing_in(cast: Cast, visit: Visit) -> None:
    page = visit()
    page.goto(reverse("account_login"))
    choose(page, "ru")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
