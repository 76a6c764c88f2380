"""The main chain without a pointer: Tab, Enter, Space, arrows and letters alone, and always seen where one is."""

import datetime as dt
import re
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.choices import RecordStatus
from courses.models import TrainingRecord
from plans.models import IndividualPlan
from schools.choices import State
from tests import factories, uploads
from tests.browser import screen
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

# What has the focus is drawn round, and neither outside the window nor under a bar (WCAG 2.4.7, 2.4.11).
WHAT_HIDES_THE_FOCUS = """
() => {
  const one = document.activeElement;
  const mark = one.matches(".btn-check") ? one.nextElementSibling : one;
  const style = getComputedStyle(mark);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "no outline";
  const box = mark.getBoundingClientRect();
  const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  const points = [0.1, 0.5, 0.9].flatMap((part) => [0.2, 0.5, 0.8].map((down) =>
    [box.left + box.width * part, box.top + box.height * down]));
  const shown = points.some(([x, y]) => {
    const there = inside(x, y) && document.elementFromPoint(x, y);
    return there && (mark.contains(there) || there.contains(mark));
  });
  return shown ? "" : `hidden at ${Math.round(box.top)} px`;
}
"""


def reach(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the element has the focus; every stop on the way shows where it is."""
    for _ in range(120):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement === document.body"):
            continue  # between the end of the page and its beginning
        hides = page.evaluate(WHAT_HIDES_THE_FOCUS)
        assert not hides, f"{hides}: " + page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, selector: str, text: str) -> None:
    reach(page, selector)
    page.keyboard.type(text)


def choose(page: Page, selector: str, value: Any) -> None:
    """Walk through the choices with the arrow."""
    reach(page, selector)
    for _ in range(40):
        if page.evaluate("document.activeElement.value") == str(value):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not among the choices of {selector}")


def type_day(page: Page, selector: str, day: dt.date) -> None:
    """Into a field of the browser's own, part by part as this browser orders them."""
    reach(page, selector)
    page.keyboard.type(f"{day:%m%d%Y}")
    assert page.evaluate("document.activeElement.value") == day.isoformat()


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


def test_a_plan_goes_from_sign_in_to_approval_without_a_pointer(cast: Cast, visit: Visit) -> None:
    plan = cast.plan
    teacher = visit(**DESK)
    teacher.goto(reverse("home"))
    write(teacher, "[name=login]", cast.teacher.username)
    write(teacher, "[name=password]", factories.PASSWORD)
    press_enter(teacher)
    reach(teacher, f"a[href='{reverse('plan_edit', args=[plan.pk])}']")
    press_enter(teacher)
    count = screen.cards(teacher).count()
    reach(teacher, "#add-row")
    teacher.keyboard.press("Enter")
    expect(screen.cards(teacher)).to_have_count(count + 1)
    row = f"[name='rows-{count}-"
    assert teacher.evaluate(f'document.activeElement === document.querySelector("{row}programme_title\']")')
    teacher.keyboard.type("Сынчыл ойлом жана баалоо")
    write(teacher, f"{row}direction']", "Предметти окутуунун усулу")
    write(teacher, f"{row}hours']", "24")
    choose(teacher, f"{row}school_year']", plan.period.school_years[1])
    choose(teacher, f"{row}month']", 10)
    choose(teacher, f"{row}study_form']", "distance")
    choose(teacher, f"{row}block']", "compulsory")
    reach(teacher, ".save-bar [value=read]")
    press_enter(teacher)
    reach(teacher, "form[action$='/move/submit/'] button")
    press_enter(teacher)
    expect(teacher.locator(".badge.state-submitted")).to_be_visible()
    assert screen.rows_of(plan, "programme_title")[-1] == "Сынчыл ойлом жана баалоо"

    head = visit(cast.head, **DESK)
    head.goto(reverse("home"))
    reach(head, f"a[href='{reverse('meeting_new', args=[cast.association.pk])}']")
    press_enter(head)
    write(head, "[name=minutes_number]", "17")
    reach(head, "main form button[class*=btn-primary]")
    press_enter(head)
    expect(head).to_have_url(re.compile(r"/meetings/\d+/$"))

    deputy = visit(cast.deputy, **DESK)
    deputy.goto(reverse("home"))
    reach(deputy, f"section[aria-labelledby=queue] a[href='{reverse('plan', args=[plan.pk])}']")
    press_enter(deputy)
    reach(deputy, "form[action$='/move/approve/'] button")
    press_enter(deputy)
    expect(deputy.locator(".badge.state-approved").first).to_be_visible()
    assert IndividualPlan.objects.get(pk=plan.pk).state == State.APPROVED


def test_a_course_with_its_photo_is_added_and_verified_without_a_pointer(cast: Cast, visit: Visit) -> None:
    teacher = visit(cast.teacher, **PHONE)  # with keys, as those have whose hand needs a switch
    teacher.goto(reverse("record_new"))
    write(teacher, "#record-form [name=date_text]", "31-февраль 2021")
    reach(teacher, "#record-form [name=then][value=submit]")
    press_enter(teacher)
    expect(teacher.locator("[name=title]")).to_be_focused()  # the first that is wrong: the name is missing
    teacher.keyboard.type("Критерийлик баалоо")
    reach(teacher, "#record-form [name=date_text]")
    teacher.keyboard.press("Control+A")
    teacher.keyboard.type("12-23-июль 2021-ж.")
    write(teacher, "#record-form [name=provider_text]", "GIZ")
    write(teacher, "#record-form [name=hours_text]", "24 саат")
    reach(teacher, "#record-form [type=file]")
    with teacher.expect_file_chooser() as chooser:
        teacher.keyboard.press("Space")
    chooser.value.set_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": uploads.jpeg()})
    choose(teacher, "#record-form [name=document_type]", "certificate")
    write(teacher, "#record-form [name=document_number]", "А-17")
    write(teacher, "#record-form [name=document_on]", "23.07.2021")
    reach(teacher, "#record-form [name=then][value=submit]")
    press_enter(teacher)
    expect(teacher.locator(".badge.state-submitted")).to_be_visible()
    record = TrainingRecord.objects.get()
    assert record.file is not None

    deputy = visit(cast.deputy, **DESK)
    deputy.goto(reverse("home"))
    reach(deputy, f".site-nav a[href='{reverse('verification')}']")
    press_enter(deputy)
    reach(deputy, f"a[href='{reverse('verify', args=[record.pk])}']")
    press_enter(deputy)
    reach(deputy, f"form[action='{reverse('verify_move', args=[record.pk, 'verify'])}'] button")
    press_enter(deputy)
    record.refresh_from_db()
    assert record.status == RecordStatus.VERIFIED


def test_several_records_are_ticked_with_the_space_bar(cast: Cast, visit: Visit) -> None:
    for user in (cast.teacher, cast.peer):
        factories.training_record(user)
    page = visit(cast.deputy, **DESK)
    page.goto(reverse("verification"))
    boxes = page.locator("[name=record]")
    expect(boxes).to_have_count(2)
    for place in range(boxes.count()):
        reach(page, "[name=record]")
        page.keyboard.press("Space")
        expect(boxes.nth(place)).to_be_checked()
    reach(page, "main form button.btn-primary")
    press_enter(page)
    assert TrainingRecord.objects.filter(status=RecordStatus.VERIFIED).count() == 2


def test_a_schedule_is_fixed_and_closed_without_a_pointer(cast: Cast, visit: Visit) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    row = factories.schedule_row(schedule, cast.colleague, title="Сынчыл ойлом")
    first = dt.date(factories.next_school_year(), 10, 5)
    page = visit(cast.deputy, **DESK)
    page.goto(reverse("schedule_edit", args=[schedule.pk]))
    place = f"#row-{row.uid} "
    type_day(page, f"{place}[name=starts_on]", first)
    type_day(page, f"{place}[name=ends_on]", first)
    screen.eventually(page, lambda: schedule.rows.get().ends_on == first)
    assert page.evaluate("document.activeElement.name") == "ends_on"  # what arrived took the focus from nobody
    reach(page, "form[action$='/close/'] button")
    press_enter(page)
    schedule.refresh_from_db()
    assert schedule.state == State.CLOSED


def test_folds_open_with_a_key_and_keep_the_focus(cast: Cast, visit: Visit) -> None:
    page = visit(cast.deputy, **PHONE)
    page.goto(reverse("plans"))
    reach(page, "main summary")
    for key, is_open in (("Enter", True), ("Space", False), ("Space", True)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.matches('summary')")
        assert page.evaluate("document.activeElement.parentElement.open") is is_open
    reach(page, "main details [name=name]")
    page.keyboard.type("Жок-Мындай")
    press_enter(page)
    expect(page.locator("main details")).to_have_attribute("open", "")


def test_on_a_phone_the_sections_come_into_view_with_the_focus(cast: Cast, visit: Visit) -> None:
    page = visit(cast.deputy, **PHONE)
    page.goto(reverse("home"))
    assert page.evaluate("document.querySelector('.site-nav-person a').getBoundingClientRect().left > innerWidth")
    reach(page, ".site-nav-person a")
    reach(page, f".site-nav a[href='{reverse('home')}']", key="Shift+Tab")  # and back


def test_moving_and_removing_rows_keeps_the_focus_on_the_page(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher, **DESK)
    screen.open_form(page, cast.plan)
    before = screen.column(page, "programme_title")
    reach(page, "[name=move][value$=down]")
    page.keyboard.press("Enter")
    assert screen.column(page, "programme_title")[:2] == before[1::-1]
    assert page.evaluate("document.activeElement.matches('[name=move]')")


def test_enter_in_a_field_moves_no_row(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    screen.open_form(page, cast.plan)
    screen.field(screen.card(page, 1), "direction").press("Enter")
    assert screen.column(page, "programme_title") == ["Критерийлик баалоо", "Сынчыл ойлом"]
