"""The page of hours and the first page as people see them: no barrier, nothing too wide, and what leads where."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import expect

from courses.choices import Block, DeliveryMode, HoursUnit, RecordStatus
from courses.models import TrainingRecord
from cpd.dates import today
from cpd.settings import ROOT
from tests import factories
from tests.browser.barriers import FIND_BARRIERS, FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

ALBUM = ROOT / "build" / "tour"


@pytest.fixture
def records(cast: Cast) -> list[TrainingRecord]:
    """The teacher's, of many kinds, under a plan in force: counted, overlapping, in days, unverified, returned."""
    factories.approved(cast.plan)
    wanted: list[dict[str, Any]] = [
        {"title": "Критерийлик баалоо боюнча модуль"},
        {"title": "Сынчыл ойлом", "amount": Decimal(36), "ends_on": today() - dt.timedelta(days=55)},
        {"title": "Эски курс", "block": Block.VARIATIVE, "ends_on": today() - dt.timedelta(days=1000)},
        {
            "title": "“Чыйрак жаңгак” жайкы лагери",
            "amount": Decimal(4),
            "unit": HoursUnit.DAY_NIGHT,
            "hours_text": "4 сутка",
            "delivery_mode": DeliveryMode.ONLINE,
        },
        {"title": "Өтө-узун-аталыш-" * 12, "provider": None, "delivery_mode": DeliveryMode.ONLINE},
        {"title": "Тастыктоону күткөн курс", "status": RecordStatus.SUBMITTED},
        {"title": "Кайтарылган курс", "status": RecordStatus.RETURNED},
    ]
    return [factories.training_record(cast.teacher, **({"status": RecordStatus.VERIFIED} | one)) for one in wanted]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_hours_are_read_without_a_barrier_on_any_screen(
    size: dict[str, Any],
    cast: Cast,
    records: list[TrainingRecord],
    visit: Visit,
    request: pytest.FixtureRequest,
) -> None:
    width = request.node.callspec.id.rsplit("-", 1)[-1]
    college = factories.InstitutionFactory.create(kind="college", district=cast.district, title_ky="Сыноо колледжи")
    factories.EmploymentFactory.create(person=cast.peer.person, institution=college, is_main=False)
    factories.training_record(cast.peer, status=RecordStatus.VERIFIED, institution=cast.school)
    own, other = reverse("my_hours"), reverse("person_hours", args=[cast.peer.person_id])
    stops = [
        ("hours", cast.teacher, own),
        ("hours-of-a-wrong-day", cast.teacher, f"{own}?on=2026-02-30"),
        ("hours-at-two-places", cast.deputy, other),
        ("home-with-hours", cast.teacher, reverse("home")),
        ("home-with-records-to-verify", cast.deputy, reverse("home")),
    ]
    ALBUM.mkdir(parents=True, exist_ok=True)
    for name, user, address in stops:
        page = visit(user, hurry=False, **size)
        page.goto(address)
        page.screenshot(path=ALBUM / f"{name}-{width}.png", full_page=True, scale="css")
        page.evaluate(AXE_SCRIPT)
        assert page.evaluate(FIND_BARRIERS) == [], name
        assert not page.evaluate(IS_TOO_WIDE), name
        assert page.evaluate(FIND_SMALL_TARGETS) == [], name


def test_from_home_to_the_reason_of_one_record_and_back_to_a_past_day(
    cast: Cast, records: list[TrainingRecord], visit: Visit
) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("home"))
    page.locator(f"main a[href='{reverse('my_hours')}']").click()
    expect(page.locator(".hours-bar")).to_be_visible()
    page.locator(f"#pairs ~ ul a[href='#record-{records[0].pk}']").click()
    expect(page.locator(f"#record-{records[0].pk}")).to_be_in_viewport()
    page.locator("[name=on]").first.fill("2020-01-01")
    page.locator("main form button").first.click()
    expect(page.locator("#on")).to_have_value("2020-01-01")
    page.locator(f"#record-{records[0].pk} h3 a").click()
    expect(page).to_have_url(re.compile(f"{re.escape(records[0].get_absolute_url())}$"))
