"""The self-assessment on a phone: taps alone, one question after the other, with a connection, without one, without
scripts."""

import contextlib
import json
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Error, Locator, Page, expect

from cpd.dates import school_year_of, today
from plans.models import LearningNeed, SelfAssessment
from tests import factories
from tests.browser import screen
from tests.browser.barriers import FIND_BARRIERS, FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
NOTE = "Жаңы ыкмаларды көргүм келет."


@pytest.fixture
def sheet(cast: Cast) -> SelfAssessment:
    return factories.assessment(cast.teacher)


def open_step(page: Page, sheet: SelfAssessment, code: str = "A1.1") -> None:
    page.goto(reverse("assessment_step", args=[sheet.pk, code]))


def question(page: Page) -> Locator:
    """The one that is shown."""
    return page.locator(".question:visible")


def tap(page: Page, *, level: int | None = None, need: str | None = None) -> None:
    """On the words of the answer, as a finger would."""
    for name, value in (("level", level), ("has_need", need)):
        if value is not None:
            question(page).locator(f"label.choice:has([name={name}][value='{value}'])").click()


def press_next(page: Page) -> None:
    question(page).locator("button[name=then]").click()


def expect_question(page: Page, code: str) -> None:
    expect(question(page)).to_have_attribute("data-code", code)
    assert page.url.endswith(f"/{code}/")


def expect_state(page: Page, word: str) -> None:
    told = page.locator("#assessment").get_attribute(f"data-{word}") or "no such sentence"
    expect(page.locator("#save-state")).to_contain_text(told)


def answers(sheet: SelfAssessment) -> dict[str, tuple[int | None, bool | None]]:
    return {one.competence.code: (one.level, one.has_need) for one in sheet.answers.select_related("competence")}


def test_all_questions_are_answered_by_taps_alone_and_a_need_is_passed_on(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("assessments"))
    page.locator("main form button").click()
    expect_question(page, "A1.1")
    sheet = SelfAssessment.objects.get()
    codes = [one.get_attribute("data-code") for one in page.locator("form.question").all()]
    for place, code in enumerate(codes, start=1):
        expect(page.locator("#progress-value")).to_have_text(str(place))
        expect(question(page)).to_have_attribute("data-code", code or "")
        tap(page, level=1 + place % 4, need="yes" if place == 7 else "no")
        press_next(page)
    page.wait_for_url("**/result/")
    saved = answers(sheet)
    assert [saved[code or ""] for code in codes] == [(1 + n % 4, n == 7) for n in range(1, len(codes) + 1)]
    screen.expect_nothing_kept(page)

    page.locator(".tick").first.click()
    page.locator("form[action$='/pass-on/'] button").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert LearningNeed.objects.get().competence.code == codes[6]


def test_a_tap_saves_itself_and_the_browser_s_back_button_shows_the_question_before(
    cast: Cast, sheet: SelfAssessment, visit: Visit
) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)
    tap(page, level=2)
    screen.eventually(page, lambda: answers(sheet) == {"A1.1": (2, None)})
    press_next(page)
    expect_question(page, "A1.2")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.go_back()
    expect_question(page, "A1.1")
    expect(question(page).locator("[name=level][value='2']")).to_be_checked()
    page.go_forward()
    question(page).locator("a[data-turn-to]").click()
    expect_question(page, "A1.1")


def test_without_scripts_next_saves_and_goes_on(cast: Cast, sheet: SelfAssessment, visit: Visit) -> None:
    page = visit(cast.teacher, java_script_enabled=False)
    open_step(page, sheet)
    tap(page, level=3, need="yes")
    question(page).locator("summary").click()
    question(page).locator("[name=note]").fill(NOTE)
    press_next(page)
    expect_question(page, "A1.2")
    assert answers(sheet) == {"A1.1": (3, True)}
    assert sheet.answers.get().note == NOTE
    page.goto(reverse("assessment", args=[sheet.pk]))
    for code in ("A1.2", "A5.5"):
        page.locator(f"[id='{code}'] label.choice:has([name$=level][value='4'])").click()
    page.locator(".save-bar button").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert answers(sheet) == {"A1.1": (3, True), "A1.2": (4, None), "A5.5": (4, None)}


def test_on_the_page_of_all_questions_taps_save_themselves(cast: Cast, sheet: SelfAssessment, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("assessment", args=[sheet.pk]))
    expect(page.locator("#assessment button:visible")).to_have_count(0)
    for code in ("A1.1", "A3.3"):
        page.locator(f"[id='{code}'] label.choice:has([name$=level][value='2'])").click()
    expect_state(page, "saved")
    expect(page.locator("#progress-value")).to_have_text("2")
    screen.eventually(page, lambda: answers(sheet) == {"A1.1": (2, None), "A3.3": (2, None)})


# --- a lost connection --------------------------------------------------------------------------------------------


def test_questions_are_answered_without_a_connection_and_sent_when_it_is_back(
    cast: Cast, sheet: SelfAssessment, visit: Visit
) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)
    page.context.set_offline(True)
    for level in (1, 2, 3):
        tap(page, level=level, need="no")
        press_next(page)
    expect_question(page, "A1.4")
    expect_state(page, "kept")
    assert answers(sheet) == {}
    page.context.set_offline(False)
    expect_state(page, "saved")
    assert answers(sheet) == {"A1.1": (1, False), "A1.2": (2, False), "A1.3": (3, False)}
    screen.expect_nothing_kept(page)


def test_what_was_answered_before_the_phone_ended_the_page_is_sent_when_it_is_opened_again(
    cast: Cast, sheet: SelfAssessment, visit: Visit
) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)
    page.context.set_offline(True)
    tap(page, level=4)
    question(page).locator("summary").click()
    question(page).locator("[name=note]").fill(NOTE)
    expect_state(page, "kept")
    context = page.context
    with contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()
    context.set_offline(False)
    fresh = context.new_page()
    open_step(fresh, sheet, "A2.1")
    expect_state(fresh, "saved")
    assert answers(sheet) == {"A1.1": (4, None)}
    assert sheet.answers.get().note == NOTE
    screen.expect_nothing_kept(fresh)


def test_the_last_question_waits_for_the_connection_before_the_picture(
    cast: Cast, sheet: SelfAssessment, visit: Visit
) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet, "A5.5")
    page.context.set_offline(True)
    tap(page, level=2)
    press_next(page)
    expect_state(page, "kept")
    expect_question(page, "A5.5")
    page.context.set_offline(False)
    expect_state(page, "saved")
    press_next(page)
    page.wait_for_url("**/result/")
    assert answers(sheet) == {"A5.5": (2, None)}


def test_an_answer_whose_receipt_was_lost_stays_one(cast: Cast, sheet: SelfAssessment, visit: Visit) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)

    def lose(route: Any) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/answer/", lose, times=1)
    tap(page, level=2)
    expect_state(page, "kept")
    assert answers(sheet) == {"A1.1": (2, None)}
    tap(page, level=3)
    expect_state(page, "saved")
    assert answers(sheet) == {"A1.1": (3, None)}


# --- sessions and people ------------------------------------------------------------------------------------------


def test_answers_outlive_the_session_they_were_given_in(cast: Cast, sheet: SelfAssessment, visit: Visit) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)
    with transaction.atomic():
        Session.objects.all().delete()
    tap(page, level=3)
    expect_state(page, "signed-out")
    page.locator("#save-state a").click()
    screen.sign_in(page, cast.teacher)
    expect_state(page, "saved")
    assert answers(sheet) == {"A1.1": (3, None)}
    screen.expect_nothing_kept(page)


def test_a_colleague_on_the_same_phone_finds_nothing_of_the_answers(
    cast: Cast, sheet: SelfAssessment, visit: Visit
) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)
    with transaction.atomic():
        Session.objects.all().delete()
    tap(page, level=3)
    expect_state(page, "signed-out")
    other = factories.assessment(cast.peer)
    page.locator("#save-state a").click()
    screen.sign_in(page, cast.peer)
    open_step(page, other)
    expect(page.locator("[name=level]:checked")).to_have_count(0)
    assert answers(other) == answers(sheet) == {}
    screen.expect_nothing_kept(page)


def test_too_long_a_sentence_is_told_beside_its_field(cast: Cast, sheet: SelfAssessment, visit: Visit) -> None:
    page = visit(cast.teacher)
    open_step(page, sheet)
    question(page).locator("summary").click()
    note = question(page).locator("[name=note]")
    note.evaluate("field => field.removeAttribute('maxlength')")
    note.fill("жаңы " * 100)
    expect_state(page, "invalid")
    expect(note).to_have_attribute("aria-invalid", "true")
    note.fill(NOTE)
    expect_state(page, "saved")
    expect(note).not_to_have_attribute("aria-invalid", "true")
    assert sheet.answers.get().note == NOTE


# --- barriers -----------------------------------------------------------------------------------------------------


@SIZES
def test_no_page_of_it_has_a_barrier_or_is_too_wide(
    size: dict[str, Any], cast: Cast, sheet: SelfAssessment, visit: Visit
) -> None:
    earlier = factories.assessment(cast.teacher, year=school_year_of(today()) - 1)
    for number, code in enumerate(("A1.1", "A2.1", "A4.2"), start=1):
        factories.answer(earlier, code, level=number, has_need=True, note=NOTE)
        factories.answer(sheet, code, level=4, has_need=number > 1, note="Ө" * 200)
    page = visit(cast.teacher, **size)
    addresses = [reverse("assessments"), reverse("assessment_step", args=[sheet.pk, "A1.1"])]
    addresses += [reverse(name, args=[sheet.pk]) for name in ("assessment", "assessment_result")]
    found: dict[str, Any] = {}
    for address in addresses:
        page.goto(address)
        for closed in page.locator("details:visible").all():
            closed.evaluate("one => { one.open = true; }")
        page.evaluate(AXE_SCRIPT)
        problems = page.evaluate(FIND_BARRIERS) + page.evaluate(FIND_SMALL_TARGETS)
        if page.evaluate(IS_TOO_WIDE):
            problems.append("too wide")
        if problems:
            found[address] = problems
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
