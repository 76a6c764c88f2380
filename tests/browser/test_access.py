"""Every main page for everybody: no barrier that axe finds, nothing wider than the phone, nothing too small to tap."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Page, expect

from schools.models import Meeting, User
from tests import factories
from tests.browser import screen
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

FIND_BARRIERS = """
async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}
"""
FIND_SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .btn, [type=submit], summary")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches("input.btn-check"))
  .map((one) => [one, one.getBoundingClientRect().height, one.closest(".site-header") ? 36 : 40])
  .filter(([, height, least]) => height < least - 0.5)
  .map(([one, height]) => `${Math.round(height)} px: ${one.outerHTML.slice(0, 120)}`)
"""
IS_TOO_WIDE = "() => document.scrollingElement.scrollWidth > window.innerWidth"

Stop = tuple[str, User | None, str]


@pytest.fixture
def stops(cast: Cast) -> list[Stop]:
    """Name, visitor and address of every main page, each with something on it."""
    draft = factories.complete(cast.plan, rows=[factories.plan_row(cast.plan, programme_title=n) for n in "АБВ"])
    waiting = factories.submitted(factories.individual_plan(cast.peer))
    factories.considered(factories.individual_plan(cast.colleague))
    factories.returned(factories.annual_plan(cast.peer))
    approved = factories.amended(factories.approved(factories.annual_plan(cast.colleague)))
    meeting = Meeting.objects.get()
    record = factories.training_record(cast.head, status="draft", starts_on=None, ends_on=None, precision="")
    in_force = factories.approved(factories.individual_plan(cast.head))
    item = in_force.rows.get(position=0)
    return [
        ("sign-in", None, reverse("account_login")),
        ("home of the teacher", cast.teacher, reverse("home")),
        ("home of the head", cast.head, reverse("home")),
        ("home of the deputy", cast.deputy, reverse("home")),
        ("home of the officer", cast.officer, reverse("home")),
        ("start", cast.teacher, reverse("plan_start", args=["annual_plan"])),
        ("form with three rows", cast.teacher, reverse("plan_edit", args=[draft.pk])),
        ("form that names what is missing", cast.colleague, reverse("plan_edit", args=[approved.pk]) + "?check=1"),
        ("yearly form", cast.teacher, reverse("plan_edit", args=[cast.annual_plan.pk])),
        ("own plan", cast.teacher, draft.get_absolute_url()),
        ("plan to decide on", cast.head, waiting.get_absolute_url()),
        ("plan with changes", cast.colleague, approved.get_absolute_url()),
        ("list with the filter open", cast.deputy, reverse("plans") + "?name=&mine=on"),
        ("meeting to enter", cast.head, reverse("meeting_new", args=[cast.association.pk])),
        ("meeting", cast.deputy, reverse("meeting", args=[meeting.pk])),
        ("schools", cast.officer, reverse("institutions")),
        ("school", cast.deputy, reverse("institution", args=[cast.school.pk])),
        ("courses", cast.head, reverse("records")),
        ("course", cast.head, record.get_absolute_url()),
        ("course to enter", cast.head, reverse("record_new")),
        ("course that lacks something", cast.head, reverse("record_edit", args=[record.pk]) + "?check=1"),
        ("plan in force", cast.head, in_force.get_absolute_url()),
        ("course for an item", cast.head, reverse("item_attended", args=[in_force.pk, item.uid])),
        ("password", cast.teacher, reverse("account_change_password")),
        ("sign-out", cast.teacher, reverse("account_logout")),
        ("nothing there", cast.teacher, "/plans/0/"),
    ]


def walk(stops: list[Stop], visit: Visit, **options: Any) -> Iterator[tuple[str, Page]]:
    """Each page in turn, one phone per person."""
    phones: dict[User | None, Page] = {}
    for name, user, address in stops:
        page = phones.setdefault(user, None) or visit(user, hurry=False, **options)  # type: ignore[arg-type]
        phones[user] = page
        page.goto(address)
        yield name, page


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_has_a_barrier(size: dict[str, Any], stops: list[Stop], visit: Visit) -> None:
    found = {}
    for name, page in walk(stops, visit, **size):
        page.evaluate(AXE_SCRIPT)
        if barriers := page.evaluate(FIND_BARRIERS):
            found[name] = barriers
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_no_page_is_wider_than_the_phone_and_every_button_fits_a_finger(stops: list[Stop], visit: Visit) -> None:
    found: dict[str, Any] = {}
    for name, page in walk(stops, visit):
        if page.evaluate(IS_TOO_WIDE):
            found[name] = ["too wide"]
        if small := page.evaluate(FIND_SMALL_TARGETS):
            found[name] = found.get(name, []) + small
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_long_words_and_names_stay_on_the_phone(cast: Cast, visit: Visit) -> None:
    long = "Ө" * 120
    cast.school.title_ky = long
    cast.school.save()
    row = factories.plan_row(cast.plan, programme_title=long, direction=long, provider_text=long, note=long)
    plan = factories.considered(factories.complete(cast.plan, rows=[row]))
    page = visit(cast.deputy)
    for address in (reverse("home"), reverse("plans"), plan.get_absolute_url(), reverse("institutions")):
        page.goto(address)
        assert not page.evaluate(IS_TOO_WIDE), address


# --- keyboard -----------------------------------------------------------------------------------------------------

OUTLINE = """
() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}
"""


def test_the_first_tab_skips_to_the_content(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher, **DESK)
    page.goto(reverse("home"))
    page.keyboard.press("Tab")
    skip = page.locator("a[href='#main']")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box
    assert box["height"] > 10
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def reach(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; every stop on the way shows where it is."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def test_a_plan_is_filled_in_and_submitted_without_a_pointer(cast: Cast, visit: Visit) -> None:
    plan = cast.plan
    page = visit(cast.teacher, **DESK)
    page.goto(reverse("home"))
    reach(page, f"a[href='{reverse('plan_edit', args=[plan.pk])}']")
    press_enter(page)
    reach(page, "[name='rows-0-programme_title']")
    page.keyboard.press("End")
    page.keyboard.type(" жана өзүн өзү баалоо")
    reach(page, ".save-bar [value=read]")
    press_enter(page)
    reach(page, "form[action$='/move/submit/'] button")
    press_enter(page)
    expect(page.locator(".badge.state-submitted")).to_be_visible()
    assert screen.rows_of(plan, "programme_title")[0] == "Критерийлик баалоо жана өзүн өзү баалоо"


def test_enter_in_a_field_moves_no_row(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    screen.field(screen.card(page, 1), "direction").press("Enter")
    assert screen.column(page, "programme_title") == ["Критерийлик баалоо", "Сынчыл ойлом"]
