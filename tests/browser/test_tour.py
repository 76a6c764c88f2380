"""Pictures of the pages a paper passes on its way, for eyes: build/tour/*.png, as a phone and as a desk show them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cpd.settings import ROOT
from plans.models import IndividualPlan
from tests import factories
from tests.browser import screen
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

ALBUM = ROOT / "build" / "tour"


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_the_way_of_a_paper_in_pictures(
    size: dict[str, Any], cast: Cast, visit: Visit, request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.id.rsplit("-", 1)[-1]
    ALBUM.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []

    def show(page: Page, name: str) -> None:
        taken.append(ALBUM / f"{len(taken) + 1:02}-{name}-{width}.png")
        page.screenshot(path=taken[-1], full_page=True, scale="css")

    factories.submitted(factories.individual_plan(cast.peer))
    factories.considered(factories.individual_plan(cast.colleague))
    teacher = visit(**size)
    teacher.goto(reverse("home"))
    show(teacher, "sign-in")
    screen.sign_in(teacher, cast.teacher)
    expect(teacher.locator(".site-nav")).to_be_visible()
    show(teacher, "home")
    teacher.goto(reverse("plan_start", args=["individual_plan"]))
    show(teacher, "start")
    teacher.locator("main form button").click()
    expect(teacher.locator("#plan-form")).to_be_visible()
    plan = IndividualPlan.objects.get(author=cast.teacher.person)
    teacher.locator("[name=grounds]").first.check()
    values = {"direction": "Предметти окутуунун усулу", "month": 10, "study_form": "distance", "block": "compulsory"}
    for place, title in enumerate(("Критерийлик баалоо", "Долбоордук окутуу", "Инклюзивдүү билим берүү")):
        row = screen.card(teacher, 0) if place == 0 else screen.add_row(teacher)
        screen.fill_row(row, programme_title=title, hours=24, school_year=plan.period.school_years[place], **values)
    screen.fill_row(screen.card(teacher, 2), hours="абв")
    screen.expect_state(teacher, "invalid")
    show(teacher, "form-with-a-mistake")
    screen.fill_row(screen.card(teacher, 2), hours="24")
    screen.expect_state(teacher, "saved")
    other = IndividualPlan.objects.get(pk=plan.pk)
    factories.complete(other, rows=[factories.plan_row(other, programme_title="Башка экранда жазылган")])
    screen.fill_row(screen.card(teacher, 0), programme_title="Критерийлик баалоо жана анын түрлөрү")
    screen.expect_state(teacher, "changed")
    screen.press_save(teacher)
    show(teacher, "both-texts")
    screen.press_save(teacher, then="read")
    expect(teacher.locator("table.paper")).to_be_visible()
    show(teacher, "plan")
    teacher.locator("form[action$='/move/submit/'] button").click()
    expect(teacher.locator(".badge.state-submitted")).to_be_visible()
    teacher.goto(reverse("plan_edit", args=[factories.complete(factories.annual_plan(cast.teacher)).pk]))
    show(teacher, "yearly-form")

    head = visit(cast.head, **size)
    head.goto(reverse("home"))
    show(head, "home-of-the-head")
    head.goto(reverse("meeting_new", args=[cast.association.pk]))
    show(head, "meeting-to-enter")
    head.locator("[name=minutes_number]").fill("17")
    head.locator("main form button[class*=btn-primary]").click()
    expect(head).to_have_url(re.compile(r"/meetings/\d+/$"))
    show(head, "meeting")

    deputy = visit(cast.deputy, **size)
    deputy.goto(reverse("home"))
    show(deputy, "home-of-the-deputy")
    deputy.goto(reverse("plans") + "?mine=on")
    show(deputy, "list")
    deputy.goto(plan.get_absolute_url())
    show(deputy, "plan-to-approve")
    deputy.locator("form[action$='/move/approve/'] button").click()
    expect(deputy.locator(".badge.state-approved")).to_be_visible()
    show(deputy, "plan-approved")
    deputy.goto(reverse("institution", args=[cast.school.pk]))
    show(deputy, "school")

    officer = visit(cast.officer, **size)
    officer.goto(reverse("home"))
    show(officer, "home-of-the-officer")
    officer.goto("/plans/0/")
    show(officer, "nothing-there")
    assert all(picture.stat().st_size > 5_000 for picture in taken)
