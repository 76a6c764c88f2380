"""The deputy director's desk in a browser: a day typed, the warning, the save, the close, and two people at once."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from courses.models import CalendarPeriod, Schedule, ScheduleEntry
from cpd.settings import ROOT
from schools.choices import State
from schools.models import User
from tests import factories
from tests.browser.barriers import FIND_BARRIERS, FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.screen import eventually
from tests.conftest import Cast

ALBUM: Path = ROOT / "build" / "tour"
YEAR = factories.next_school_year()
FIRST = dt.date(YEAR, 10, 5)
LAST = dt.date(YEAR, 10, 16)
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])


@pytest.fixture
def school(cast: Cast) -> Schedule:
    """A draft with the colleague's row, and a part of the other association to take; exams in October."""
    CalendarPeriod.objects.create(
        kind="exams", institution=cast.school, entered_by=cast.deputy.person, starts_on=FIRST, ends_on=FIRST
    )
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher, title="Критериалдуу баалоо")
    factories.handed_over(part, by=cast.head)
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.schedule_row(schedule, cast.colleague, title="Өтө-узун-аталыш-" * 12)
    return schedule


def open_desk(page: Page, schedule: Schedule) -> None:
    page.goto(reverse("schedule_edit", args=[schedule.pk]))


def row_of(schedule: Schedule, user: User) -> ScheduleEntry:
    return schedule.rows.get(employment__person=user.person_id)


def line(page: Page, row: ScheduleEntry) -> Locator:
    return page.locator(f"#row-{row.uid}")


def type_days(place: Locator, starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    place.locator("[name=starts_on]").fill(str(starts_on or ""))
    place.locator("[name=ends_on]").fill(str(ends_on or ""))


def word(page: Page, name: str) -> str:
    return page.locator("#school-schedule").get_attribute(f"data-{name}") or "no such sentence"


def expect_said(page: Page, place: Locator, name: str) -> None:
    expect(place.locator(".said")).to_contain_text(word(page, name))


def expect_no_barrier(page: Page, name: str, size: dict[str, Any]) -> None:
    ALBUM.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ALBUM / f"{name}-{size['viewport']['width']}.png", full_page=True, scale="css")
    assert not page.evaluate(IS_TOO_WIDE), name
    assert page.evaluate(FIND_SMALL_TARGETS) == [], name
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(FIND_BARRIERS) == [], name


@SIZES
def test_from_the_associations_part_to_the_district(
    size: dict[str, Any], cast: Cast, school: Schedule, visit: Visit
) -> None:
    page = visit(cast.deputy, **size)
    open_desk(page, school)
    page.locator("form[action$='/take/'] button").click()
    expect(page.locator(".term-form")).to_have_count(2)
    expect(page.locator("#lacking")).to_be_visible()
    teacher = line(page, row_of(school, cast.teacher))
    teacher.locator("[name=starts_on]").fill(str(FIRST))
    expect(teacher.locator(".clashes li")).to_have_count(1)  # exams
    assert row_of(school, cast.teacher).starts_on is None
    teacher.locator("[name=ends_on]").fill(str(LAST))
    expect_said(page, teacher, "saved")
    colleague = line(page, row_of(school, cast.colleague))
    type_days(colleague, LAST, LAST)
    expect_said(page, colleague, "saved")
    expect(page.locator("#lacking")).to_have_count(0)
    expect_no_barrier(page, "school-schedule", size)
    page.goto(reverse("schedule_weeks", args=[school.pk]))
    expect(page.locator(".course.warned").first).to_be_visible()
    expect_no_barrier(page, "school-schedule-weeks", size)
    open_desk(page, school)
    page.locator("form[action$='/close/'] button").click()
    page.locator("form[action$='/send/'] button").click()
    eventually(page, lambda: Schedule.objects.get(pk=school.pk).state == State.SUBMITTED)
    content = Schedule.objects.get(pk=school.pk).submitted_version.content
    days = {row["title"]: (row["starts_on"], row["ends_on"]) for group in content["groups"] for row in group["rows"]}
    assert days["Критериалдуу баалоо"] == (str(FIRST), str(LAST))


def test_the_schedule_is_closed_on_the_page_on_which_it_was_completed(
    cast: Cast, school: Schedule, visit: Visit
) -> None:
    """Each save tells the page how the schedule stands now."""
    page = visit(cast.deputy)
    open_desk(page, school)
    place = line(page, row_of(school, cast.colleague))
    type_days(place, LAST, LAST)
    page.locator("form[action$='/close/'] button").click()  # at once: what was typed is saved first
    eventually(page, lambda: Schedule.objects.get(pk=school.pk).state == State.CLOSED)
    assert row_of(school, cast.colleague).starts_on == LAST


def test_a_page_that_misses_a_row_of_somebody_else_says_so_and_closes_nothing(
    cast: Cast, school: Schedule, visit: Visit
) -> None:
    mine, theirs = row_of(school, cast.colleague), factories.schedule_row(school, cast.peer)
    one, other = visit(cast.deputy), visit(cast.second_deputy)
    open_desk(one, school)
    open_desk(other, school)
    type_days(line(other, theirs), FIRST, LAST)
    expect_said(other, line(other, theirs), "saved")
    type_days(line(one, mine), FIRST, LAST)
    expect_said(one, line(one, mine), "others")
    one.locator("form[action$='/close/'] button").click()
    expect(one.locator(".alert-danger")).to_be_visible()
    assert Schedule.objects.get(pk=school.pk).state == State.DRAFT
    assert {row.starts_on for row in school.rows.all()} == {FIRST}


def test_who_comes_second_to_a_row_is_told_and_keeps_what_was_typed(
    cast: Cast, school: Schedule, visit: Visit
) -> None:
    row = row_of(school, cast.colleague)
    one, other = visit(cast.deputy), visit(cast.second_deputy)
    open_desk(one, school)
    open_desk(other, school)
    type_days(line(other, row), FIRST, LAST)
    expect_said(other, line(other, row), "saved")
    place = line(one, row)
    type_days(place, LAST, LAST)
    expect(place.locator(".said")).to_contain_text(cast.second_deputy.person.full_name)
    expect(place.locator("[name=starts_on]")).to_have_value(str(LAST))
    assert row_of(school, cast.colleague).starts_on == FIRST
    place.locator("button").click()
    expect_said(one, place, "saved")
    assert row_of(school, cast.colleague).starts_on == LAST


def test_days_that_make_no_term_are_told_beside_the_row(cast: Cast, school: Schedule, visit: Visit) -> None:
    page = visit(cast.deputy)
    open_desk(page, school)
    place = line(page, row_of(school, cast.colleague))
    type_days(place, LAST, FIRST)
    expect(place.locator("[name=ends_on][aria-invalid]")).to_be_visible()
    expect(place.locator("button")).to_be_visible()  # what was refused is not sent again by itself
    place.locator("[name=ends_on]").fill(str(LAST))
    place.locator("button").click()
    expect_said(page, place, "saved")
    assert row_of(school, cast.colleague).ends_on == LAST


def test_a_save_without_an_answer_is_sent_again_as_it_was_and_then_the_newer_days(
    cast: Cast, school: Schedule, visit: Visit
) -> None:
    """The first save arrives, its answer is lost: the days typed since must not pass for saved."""
    page = visit(cast.deputy)
    open_desk(page, school)
    lost = []

    def lose_one(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/term/", lose_one)
    place = line(page, row_of(school, cast.colleague))
    type_days(place, FIRST, FIRST)
    expect_said(page, place, "failed")
    assert lost == [200]
    type_days(place, LAST, LAST)
    place.locator("button").click()
    eventually(page, lambda: row_of(school, cast.colleague).starts_on == LAST)
    expect_said(page, place, "saved")


def test_without_the_script_each_row_has_its_button(cast: Cast, school: Schedule, visit: Visit) -> None:
    page = visit(cast.deputy, java_script_enabled=False)
    open_desk(page, school)
    place = line(page, row_of(school, cast.colleague))
    type_days(place, FIRST, LAST)
    place.locator("button").click()
    expect(place.locator(".clashes li")).to_have_count(1)  # exams
    assert row_of(school, cast.colleague).ends_on == LAST
