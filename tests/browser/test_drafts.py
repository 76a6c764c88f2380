"""Nothing typed is ever lost or doubled: lost connections and answers, ended sessions, two screens."""

import contextlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from plans.content import Plan
from schools.choices import State
from tests import factories
from tests.browser import screen
from tests.browser.conftest import Visit
from tests.conftest import Cast

WORDS = "Сынчыл ойлом жана баалоо"
MORE = "Долбоордук окутуу"
NO_ANSWER = re.compile("^chrome-error:")  # the browser's own page about a missing connection


def titles(plan: Plan) -> list[str]:
    return screen.rows_of(plan, "programme_title")


def first_title(page: Page) -> Any:
    return screen.field(screen.card(page, 0), "programme_title")


def another_page(page: Page, plan: Plan, query: str = "") -> Page:
    """The phone ends the page without a word, as phones do; later a new one opens the form, with a connection."""
    context = page.context
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()
    context.set_offline(False)
    fresh = context.new_page()
    screen.open_form(fresh, plan, query)
    return fresh


# --- a lost connection --------------------------------------------------------------------------------------------


def test_what_is_typed_without_a_connection_is_saved_when_the_form_is_opened_again(cast: Cast, visit: Visit) -> None:
    plan = cast.plan
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    page.context.set_offline(True)
    first_title(page).fill(WORDS)
    screen.fill_row(screen.add_row(page), programme_title=MORE, hours="12")
    screen.expect_state(page, "kept")
    assert WORDS not in titles(plan)

    page = another_page(page, plan)
    assert screen.column(page, "programme_title") == [WORDS, "Сынчыл ойлом", MORE]
    screen.expect_state(page, "saved")
    assert titles(plan) == [WORDS, "Сынчыл ойлом", MORE]
    screen.expect_nothing_kept(page)


def test_a_draft_saves_itself_when_the_connection_returns(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    page.context.set_offline(True)
    first_title(page).fill(WORDS)
    screen.expect_state(page, "kept")
    page.context.set_offline(False)
    screen.expect_state(page, "saved")
    assert titles(cast.plan)[0] == WORDS


def test_the_save_button_without_a_connection_leaves_the_page_as_it_is(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    page.context.set_offline(True)
    first_title(page).fill(WORDS)
    screen.press_save(page, then="read")
    screen.expect_state(page, "kept")
    expect(first_title(page)).to_have_value(WORDS)
    page.context.set_offline(False)
    screen.expect_state(page, "saved")
    assert titles(cast.plan)[0] == WORDS


def test_a_draft_can_be_given_up_for_what_is_saved(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher, hurry=False)
    screen.open_form(page, cast.plan)
    page.context.set_offline(True)
    first_title(page).fill(WORDS)
    screen.expect_state(page, "kept")
    page = another_page(page, cast.plan)
    screen.expect_state(page, "restored")
    expect(first_title(page)).to_have_value(WORDS)
    page.locator("#save-state a").click()
    expect(first_title(page)).to_have_value("Критерийлик баалоо")
    screen.expect_nothing_kept(page)
    assert WORDS not in titles(cast.plan)


def test_what_was_typed_is_offered_back_on_the_page_that_names_what_is_missing(cast: Cast, visit: Visit) -> None:
    rows = [factories.plan_row(cast.plan, hours=None, programme_title="Критерийлик баалоо")]
    plan = factories.complete(cast.plan, rows=rows)
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    page.context.set_offline(True)
    first_title(page).fill(WORDS)
    screen.expect_state(page, "kept")
    page = another_page(page, plan, "?check=1")
    expect(first_title(page)).to_have_value(WORDS)
    screen.expect_state(page, "saved")
    assert titles(plan) == [WORDS]


# --- a lost answer ------------------------------------------------------------------------------------------------


def lose_answers(context: BrowserContext, address: str) -> Callable[[], None]:
    """Requests arrive and their answers do not; returns what ends it."""

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    context.route(f"**{address}", lose)
    return lambda: context.unroute(f"**{address}", lose)


def type_and_lose_the_answer(page: Page, plan: Plan) -> Callable[[], None]:
    """A third row whose title arrives at the server, which the page cannot know."""
    screen.open_form(page, plan)
    row = screen.add_row(page)
    screen.fill_row(row, programme_title="Үчүнчү")
    screen.expect_state(page, "saved")
    found = lose_answers(page.context, reverse("plan_edit", args=[plan.pk]))
    screen.fill_row(row, programme_title=WORDS)
    screen.expect_state(page, "kept")
    assert titles(plan) == ["Критерийлик баалоо", "Сынчыл ойлом", WORDS]
    return found


def test_a_save_whose_answer_was_lost_neither_swallows_nor_doubles_what_is_typed_after_it(
    cast: Cast, visit: Visit
) -> None:
    plan = cast.plan
    page = visit(cast.teacher)
    found = type_and_lose_the_answer(page, plan)
    found()
    first_title(page).fill(MORE)
    screen.expect_state(page, "saved")
    screen.expect_nothing_kept(page)
    assert titles(plan) == [MORE, "Сынчыл ойлом", WORDS]


def test_a_lost_answer_is_made_up_for_when_the_form_is_opened_again(cast: Cast, visit: Visit) -> None:
    plan = cast.plan
    page = visit(cast.teacher)
    found = type_and_lose_the_answer(page, plan)
    first_title(page).fill(MORE)
    found()
    page = another_page(page, plan)
    screen.expect_state(page, "saved")
    screen.expect_nothing_kept(page)
    assert titles(plan) == [MORE, "Сынчыл ойлом", WORDS]


def test_the_save_button_after_a_lost_answer_saves_what_is_on_the_screen(cast: Cast, visit: Visit) -> None:
    plan = cast.plan
    page = visit(cast.teacher)
    found = type_and_lose_the_answer(page, plan)
    found()
    first_title(page).fill(MORE)
    screen.press_save(page, then="read")
    expect(page.locator("table.paper tbody tr")).to_have_count(3)
    assert titles(plan) == [MORE, "Сынчыл ойлом", WORDS]


def test_the_save_button_waits_for_a_draft_that_is_on_its_way(cast: Cast, visit: Visit) -> None:
    plan = cast.plan
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    held: list[Route] = []
    page.route(f"**{reverse('plan_edit', args=[plan.pk])}", lambda route: held.append(route), times=1)
    first_title(page).fill(WORDS)
    screen.eventually(page, lambda: len(held) == 1)
    first_title(page).fill(MORE)
    page.locator("#plan-form [name=then][value=read]").click(no_wait_after=True)
    held[0].continue_()
    expect(page.locator("table.paper tbody tr")).to_have_count(2)
    assert titles(plan) == [MORE, "Сынчыл ойлом"]


def test_a_form_that_arrived_by_its_button_is_not_brought_back(cast: Cast, visit: Visit) -> None:
    """The answer to “Save” was lost on the way, and the plan was saved elsewhere since: nothing old returns."""
    plan: Plan = cast.plan
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    found = lose_answers(page.context, reverse("plan_edit", args=[plan.pk]))
    first_title(page).fill(WORDS)
    screen.press_save(page)
    page.wait_for_url(NO_ANSWER, wait_until="commit")
    found()
    assert titles(plan)[0] == WORDS
    plan = factories.complete(factories.fresh(plan), rows=[factories.plan_row(cast.plan, programme_title=MORE)])
    page = another_page(page, plan)
    expect(first_title(page)).to_have_value(MORE)
    screen.expect_nothing_kept(page)
    assert titles(plan) == [MORE]


def test_a_form_that_did_not_arrive_by_its_button_is_saved_later(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    address = f"**{reverse('plan_edit', args=[cast.plan.pk])}"
    page.context.route(address, lambda route: route.abort("connectionfailed"))
    first_title(page).fill(WORDS)
    screen.press_save(page)
    page.wait_for_url(NO_ANSWER, wait_until="commit")
    page.context.unroute(address)
    page = another_page(page, cast.plan)
    expect(first_title(page)).to_have_value(WORDS)
    screen.expect_nothing_kept(page)
    assert titles(cast.plan) == [WORDS, "Сынчыл ойлом"]


def test_leaving_the_page_at_once_still_saves_the_last_words(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    first_title(page).fill(WORDS)
    page.locator(f".site-nav a[href='{reverse('plans')}']").click()
    expect(page).to_have_url(re.compile(f"{reverse('plans')}$"))
    screen.eventually(page, lambda: titles(cast.plan) == [WORDS, "Сынчыл ойлом"])


def test_another_form_of_the_page_waits_for_the_draft(cast: Cast, visit: Visit) -> None:
    """Copying a year, right after typing: the words are saved, then copied with the rest."""
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    first_title(page).fill(WORDS)
    page.locator("form[action$='/copy-year/'] button").first.click()
    expect(screen.cards(page)).to_have_count(4)
    assert titles(cast.plan) == [WORDS, "Сынчыл ойлом"] * 2
    screen.expect_nothing_kept(page)


# --- a session that ended -----------------------------------------------------------------------------------------


def end_sessions() -> None:
    with transaction.atomic():
        Session.objects.all().delete()


def test_a_draft_outlives_the_session_it_was_typed_in(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    end_sessions()
    first_title(page).fill(WORDS)
    screen.expect_state(page, "signed-out")
    assert WORDS not in titles(cast.plan)
    page.locator("#save-state a").click()
    screen.sign_in(page, cast.teacher)
    expect(first_title(page)).to_have_value(WORDS)
    screen.expect_state(page, "saved")
    assert titles(cast.plan) == [WORDS, "Сынчыл ойлом"]


def test_the_save_button_after_the_session_ended_loses_nothing(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    end_sessions()
    first_title(page).fill(WORDS)
    screen.press_save(page)
    screen.sign_in(page, cast.teacher)
    expect(first_title(page)).to_have_value(WORDS)
    screen.expect_state(page, "saved")
    screen.expect_nothing_kept(page)
    assert titles(cast.plan) == [WORDS, "Сынчыл ойлом"]


def test_without_scripts_too_a_form_outlives_its_session(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher, java_script_enabled=False)
    screen.open_form(page, cast.plan)
    page.context.clear_cookies(name="sessionid")
    first_title(page).fill(WORDS)
    screen.press_save(page)
    expect(page).to_have_url(re.compile(re.escape(reverse("account_login"))))
    screen.sign_in(page, cast.teacher)
    expect(first_title(page)).to_have_value(WORDS)
    assert WORDS not in titles(cast.plan)
    screen.press_save(page)
    expect(page.locator(".alert-success")).to_be_visible()
    assert titles(cast.plan) == [WORDS, "Сынчыл ойлом"]


def test_a_colleague_who_signs_in_on_the_same_phone_sees_nothing_of_it(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    end_sessions()
    first_title(page).fill(WORDS)
    screen.press_save(page)
    screen.sign_in(page, cast.peer)
    expect(page.locator("main")).not_to_contain_text(WORDS)
    plan = factories.complete(factories.individual_plan(cast.peer))
    screen.open_form(page, plan)
    expect(first_title(page)).to_have_value("Критерийлик баалоо")


# --- two screens --------------------------------------------------------------------------------------------------


@pytest.fixture
def two(cast: Cast, visit: Visit) -> tuple[Page, Page]:
    """The teacher's form at two screens; on the first one something newer is already saved."""
    first, second = visit(cast.teacher), visit(cast.teacher)
    for page in (first, second):
        screen.open_form(page, cast.plan)
    first_title(first).fill(WORDS)
    screen.expect_state(first, "saved")
    return first, second


def test_the_button_of_the_second_screen_shows_both_texts_and_overwrites_nothing(
    cast: Cast, two: tuple[Page, Page]
) -> None:
    _first, second = two
    first_title(second).fill(MORE)
    screen.press_save(second)
    conflict = second.locator("section[aria-labelledby=conflict]")
    expect(conflict.locator("del")).to_have_text(WORDS)
    expect(conflict.locator("ins")).to_have_text(MORE)
    expect(first_title(second)).to_have_value(MORE)
    assert titles(cast.plan) == [WORDS, "Сынчыл ойлом"]
    screen.press_save(second)
    expect(second.locator(".alert-success")).to_be_visible()
    assert titles(cast.plan) == [MORE, "Сынчыл ойлом"]
    screen.expect_nothing_kept(second)


def test_a_draft_of_the_second_screen_does_not_save_itself_over_the_first(cast: Cast, two: tuple[Page, Page]) -> None:
    _first, second = two
    first_title(second).fill(MORE)
    screen.expect_state(second, "changed")
    assert titles(cast.plan)[0] == WORDS
    screen.press_save(second)
    expect(second.locator("#conflict")).to_be_visible()
    expect(first_title(second)).to_have_value(MORE)
    screen.press_save(second)
    expect(second.locator(".alert-success")).to_be_visible()
    assert titles(cast.plan)[0] == MORE


def test_typing_on_beside_both_texts_does_not_save_itself(cast: Cast, two: tuple[Page, Page]) -> None:
    _first, second = two
    first_title(second).fill(MORE)
    screen.press_save(second)
    expect(second.locator("#conflict")).to_be_visible()
    first_title(second).fill(f"{MORE} 2")
    second.wait_for_timeout(1_000)  # four times what a draft waits here before it saves itself
    assert titles(cast.plan)[0] == WORDS
    second = another_page(second, cast.plan)
    expect(first_title(second)).to_have_value(f"{MORE} 2")
    screen.expect_state(second, "changed")
    assert titles(cast.plan)[0] == WORDS
    screen.press_save(second)
    expect(second.locator("#conflict")).to_be_visible()


def test_what_is_saved_can_be_chosen_over_what_was_typed(cast: Cast, two: tuple[Page, Page]) -> None:
    _first, second = two
    first_title(second).fill(MORE)
    screen.press_save(second)
    second.locator("section[aria-labelledby=conflict] a").click()
    expect(second.locator("#conflict")).to_have_count(0)
    expect(first_title(second)).to_have_value(WORDS)
    screen.expect_nothing_kept(second)
    assert titles(cast.plan)[0] == WORDS


def test_rows_added_and_moved_at_the_other_screen_are_not_mixed_with_mine(cast: Cast, two: tuple[Page, Page]) -> None:
    """What was kept on the phone comes back as it was typed, not poured over the rows that stand there now."""
    first, second = two
    second.context.set_offline(True)
    first_title(second).fill(MORE)
    screen.expect_state(second, "kept")
    added = screen.add_row(first)
    screen.fill_row(added, programme_title="Үчүнчү")
    added.locator("[name=move][value$=up]").click()
    screen.expect_state(first, "saved")
    assert titles(cast.plan) == [WORDS, "Үчүнчү", "Сынчыл ойлом"]
    second = another_page(second, cast.plan)
    screen.expect_state(second, "changed")
    assert screen.column(second, "programme_title") == [MORE, "Сынчыл ойлом"]
    assert titles(cast.plan) == [WORDS, "Үчүнчү", "Сынчыл ойлом"]


def test_a_draft_of_a_plan_that_was_handed_in_elsewhere_is_kept_and_says_so(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    plan = factories.submitted(factories.fresh(cast.plan))
    first_title(page).fill(WORDS)
    expect(page.locator("#save-state")).to_contain_text(str(plan.state_label))
    screen.press_save(page)
    expect(page.locator(".badge.state-submitted")).to_be_visible()
    assert factories.fresh(plan).state == State.SUBMITTED
    assert titles(plan) == ["Критерийлик баалоо", "Сынчыл ойлом"]


def test_going_back_to_the_form_brings_no_old_revision(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    screen.fill_row(screen.add_row(page), programme_title=WORDS)
    screen.expect_state(page, "saved")
    page.locator(f".site-nav a[href='{reverse('plans')}']").click()
    expect(page).to_have_url(re.compile(f"{reverse('plans')}$"))
    page.go_back()
    expect(screen.cards(page)).to_have_count(3)
    first_title(page).fill(MORE)
    screen.expect_state(page, "saved")
    assert titles(cast.plan) == [MORE, "Сынчыл ойлом", WORDS]
