"""Rows of a plan: added, moved, removed and brought back, with scripts and without; bad input; forms sent twice."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Locator, Page, Route, expect

from plans.models import IndividualPlan
from schools.choices import Action
from tests import factories
from tests.browser import screen
from tests.browser.conftest import Visit
from tests.conftest import Cast

NAMES = ["Биринчи", "Экинчи", "Үчүнчү"]


@pytest.fixture
def plan(cast: Cast) -> IndividualPlan:
    """Three rows, none like another."""
    rows = [factories.plan_row(cast.plan, programme_title=name) for name in NAMES]
    plan = factories.complete(cast.plan, rows=rows)
    assert isinstance(plan, IndividualPlan)
    return plan


def titles(plan: IndividualPlan) -> list[str]:
    return screen.rows_of(plan, "programme_title")


def expect_titles(page: Page, expected: list[str]) -> None:
    screen.eventually(page, lambda: screen.column(page, "programme_title") == expected)


def press(page: Page, place: int, button: str) -> None:
    """``up``, ``down`` or ``remove`` in the row at this place."""
    row = screen.card(page, place)
    row.locator("label.btn" if button == "remove" else f"[name=move][value$='{button}']").click()


# --- rows ---------------------------------------------------------------------------------------------------------


def test_rows_are_added_moved_removed_and_brought_back(plan: IndividualPlan, cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    press(page, 2, "up")
    expect_titles(page, ["Биринчи", "Үчүнчү", "Экинчи"])
    press(page, 0, "down")
    expect_titles(page, ["Үчүнчү", "Биринчи", "Экинчи"])
    press(page, 0, "up")
    expect_titles(page, ["Үчүнчү", "Биринчи", "Экинчи"])
    screen.fill_row(screen.add_row(page), programme_title="Төртүнчү")
    press(page, 3, "up")
    expect(page.locator(".row-number")).to_have_text(["1", "2", "3", "4"])
    screen.expect_state(page, "saved")
    assert titles(plan) == ["Үчүнчү", "Биринчи", "Төртүнчү", "Экинчи"]

    press(page, 1, "remove")
    screen.expect_state(page, "saved")
    assert titles(plan) == ["Үчүнчү", "Төртүнчү", "Экинчи"]
    press(page, 1, "remove")
    screen.expect_state(page, "saved")
    assert titles(plan) == ["Үчүнчү", "Биринчи", "Төртүнчү", "Экинчи"]

    page.reload()
    expect_titles(page, titles(plan))


def test_rows_are_added_moved_and_removed_without_scripts(plan: IndividualPlan, cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher, java_script_enabled=False)
    screen.open_form(page, plan)
    press(page, 2, "up")
    expect_titles(page, ["Биринчи", "Үчүнчү", "Экинчи"])
    press(page, 0, "down")
    expect_titles(page, ["Үчүнчү", "Биринчи", "Экинчи"])
    assert titles(plan) == ["Үчүнчү", "Биринчи", "Экинчи"]

    screen.fill_row(screen.card(page, 1), note="Өзгөрдү")
    page.locator("#add-row").click()
    expect(screen.cards(page)).to_have_count(4)
    screen.fill_row(screen.card(page, 3), programme_title="Төртүнчү")
    press(page, 3, "up")
    expect_titles(page, ["Үчүнчү", "Биринчи", "Төртүнчү", "Экинчи"])
    assert titles(plan) == ["Үчүнчү", "Биринчи", "Төртүнчү", "Экинчи"]
    assert screen.rows_of(plan, "note") == ["", "Өзгөрдү", "", ""]

    press(page, 0, "remove")
    press(page, 2, "remove")
    press(page, 2, "remove")
    screen.press_save(page)
    expect_titles(page, ["Биринчи", "Төртүнчү", "Экинчи"])
    assert titles(plan) == ["Биринчи", "Төртүнчү", "Экинчи"]


def test_the_order_survives_a_form_that_comes_back_for_correction(
    plan: IndividualPlan, cast: Cast, visit: Visit
) -> None:
    page = visit(cast.teacher, hurry=False)
    screen.open_form(page, plan)
    press(page, 2, "up")
    screen.fill_row(screen.card(page, 0), hours="көп")
    screen.press_save(page)
    expect(page.locator(".alert-danger").first).to_be_visible()
    expect_titles(page, ["Биринчи", "Үчүнчү", "Экинчи"])
    screen.fill_row(screen.card(page, 0), hours="24")
    screen.press_save(page)
    expect(page.locator(".alert-success")).to_be_visible()
    assert titles(plan) == ["Биринчи", "Үчүнчү", "Экинчи"]


def test_somebody_else_as_executor_asks_for_the_name_at_once(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.annual_plan)
    row = screen.card(page, 0)
    expect(screen.field(row, "executor_text")).to_be_hidden()
    screen.field(row, "executor_kind").select_option("other")
    expect(screen.field(row, "executor_text")).to_be_visible()


# --- bad input ----------------------------------------------------------------------------------------------------

LONG = "Узун " * 100
BAD = [
    ("hours", "абв", "Enter the number of hours as a number, for example 24."),
    ("hours", "-5", "The number of hours must be greater than zero."),
    ("hours", "9999", "The number of hours is too large."),
    ("programme_title", LONG, None),  # Django's own sentence: it names the limit and the length
]


def type_badly(target: Locator, value: str) -> None:
    """At once, whatever a field would let a finger type: a pasted text, an old browser, a clever one."""
    target.evaluate(
        "(field, value) => { field.value = value; field.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


def expect_message(error: Locator, message: str | None, language: str) -> None:
    with translation.override(language):
        expected = translation.gettext(message) if message else re.compile(rf"300.*\b{len(LONG.strip())}\b")
    assert expected != message, "not translated"
    expect(error).to_have_text(expected)
    expect(error).to_be_visible()


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_a_draft_with_bad_input_says_so_beside_the_field_and_is_not_saved(
    language: str, plan: IndividualPlan, cast: Cast, visit: Visit
) -> None:
    cast.teacher.language = language
    cast.teacher.save()
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    for number, (name, value, message) in enumerate(BAD):
        target = screen.field(screen.card(page, 1), name)
        type_badly(target, value)
        screen.expect_state(page, "invalid")
        error = page.locator(f"#{target.get_attribute('id')}_typed_error")
        expect_message(error, message, language)
        expect(target).to_have_value(value)
        expect(target).to_have_attribute("aria-invalid", "true")
        expect(target).to_have_attribute("aria-describedby", re.compile("_typed_error$"))
        assert titles(plan) == NAMES
        assert screen.rows_of(plan, "hours")[1] == 24 + max(number - 1, 0)
        target.fill(f"{24 + number}")
        screen.expect_state(page, "saved")
        expect(error).to_have_count(0)
        expect(target).not_to_have_attribute("aria-invalid", "true")


def test_a_form_with_bad_input_comes_back_with_all_that_was_typed(
    plan: IndividualPlan, cast: Cast, visit: Visit
) -> None:
    page = visit(cast.teacher, java_script_enabled=False)
    for name, value, message in BAD:
        screen.open_form(page, plan)
        screen.fill_row(screen.card(page, 0), note="Калсын")
        target = screen.field(screen.card(page, 1), name)
        type_badly(target, value)
        screen.press_save(page)
        expect_message(screen.card(page, 1).locator(".invalid-feedback"), message, "ky")
        expect(target).to_have_value(value)
        expect(screen.cards(page)).to_have_count(3)
        expect(screen.field(screen.card(page, 0), "note")).to_have_value("Калсын")
        assert titles(plan) == NAMES


# --- sent twice ---------------------------------------------------------------------------------------------------

EIGHT_TIMES = """
async (selector) => {
  const form = document.querySelector(selector);
  const send = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const answers = await Promise.all(Array.from({ length: 8 }, send));
  return answers.map((answer) => [answer.status, new URL(answer.url).pathname]);
}
"""


def sent_eight_times(page: Page, form: str) -> set[tuple[int, str]]:
    """The same form, with the same tokens, at the same moment; what the answers were and where they led."""
    return {(status, address) for status, address in page.evaluate(EIGHT_TIMES, form)}


def test_a_plan_started_eight_times_at_once_is_one_plan(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("plan_start", args=["individual_plan"]))
    answers = sent_eight_times(page, "main form")
    plan = IndividualPlan.objects.get()
    assert answers == {(200, reverse("plan_edit", args=[plan.pk]))}


def test_a_plan_submitted_and_approved_eight_times_at_once_is_decided_once(
    plan: IndividualPlan, cast: Cast, visit: Visit
) -> None:
    teacher = visit(cast.teacher)
    teacher.goto(plan.get_absolute_url())
    assert sent_eight_times(teacher, "form[action$='/move/submit/']") == {(200, plan.get_absolute_url())}
    factories.decided(factories.fresh(plan), by=cast.head)
    deputy = visit(cast.deputy)
    deputy.goto(plan.get_absolute_url())
    assert sent_eight_times(deputy, "form[action$='/move/approve/']") == {(200, plan.get_absolute_url())}
    made = [decision.action for decision in factories.decisions_of(plan)]
    assert made == [Action.SUBMIT, Action.CONSIDER, Action.APPROVE]
    deputy.reload()
    expect(deputy.locator(".badge.state-approved")).to_be_visible()
    expect(deputy.locator("form[action$='/move/approve/']")).to_have_count(0)


def test_a_meeting_entered_eight_times_at_once_is_one_meeting(plan: IndividualPlan, cast: Cast, visit: Visit) -> None:
    factories.submitted(plan)
    head = visit(cast.head)
    head.goto(reverse("meeting_new", args=[cast.association.pk]))
    head.locator("[name=minutes_number]").fill("4")
    answers = sent_eight_times(head, "main form")
    meeting = cast.association.meetings.get()
    assert answers == {(200, reverse("meeting", args=[meeting.pk]))}


def test_pressing_twice_on_a_slow_phone_ends_on_a_page_that_makes_sense(
    plan: IndividualPlan, cast: Cast, visit: Visit
) -> None:
    page = visit(cast.teacher)
    page.goto(plan.get_absolute_url())
    page.locator("form[action$='/move/submit/'] button").dblclick()
    expect(page.locator(".badge.state-submitted")).to_be_visible()
    expect(page.locator(".alert-danger")).to_have_count(0)
    assert [decision.action for decision in factories.decisions_of(plan)] == [Action.SUBMIT]


def test_saving_by_pressing_twice_keeps_everything_once(plan: IndividualPlan, cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, plan)
    screen.fill_row(screen.add_row(page), programme_title="Төртүнчү")
    page.locator("#plan-form [name=then][value=read]").dblclick()
    expect(page.locator("table.paper tbody tr")).to_have_count(4)
    expect(page.locator(".alert-danger")).to_have_count(0)
    assert titles(plan) == [*NAMES, "Төртүнчү"]


# --- a press is never lost ------------------------------------------------------------------------------------------


def held_drafts(page: Page, plan: IndividualPlan) -> list[Route]:
    """What the draft sends by itself, from now on, waits here."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "json" in route.request.headers["accept"]:
            held.append(route)
        else:
            route.continue_()

    page.route(f"**{reverse('plan_edit', args=[plan.pk])}", hold)
    return held


@pytest.mark.parametrize("edge", [4, 40])
def test_a_press_begun_before_the_answer_to_a_draft_saves_all_the_same(
    edge: int, plan: IndividualPlan, cast: Cast, visit: Visit
) -> None:
    """The answer marks fields and says a sentence above the buttons; they may not slip from under the finger."""
    page = visit(cast.teacher, hurry=False)
    screen.open_form(page, plan)
    held = held_drafts(page, plan)
    screen.fill_row(screen.card(page, 2), hours="көп")
    screen.eventually(page, lambda: len(held) == 1)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # at once: no page of ours glides
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    box = page.locator("#plan-form .save-bar [name=then][value=save]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + edge)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.status == 422):
        held[0].continue_()
    page.wait_for_timeout(300)  # the answer is read and would be on the screen
    page.mouse.up()
    expect(page.locator(".alert-danger").first).to_be_visible()
