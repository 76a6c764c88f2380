"""Hours of many as people see them, on a phone and on a desk: no barrier, nothing too wide, and what leads where."""

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from courses.choices import RecordStatus
from cpd.dates import add_years, today
from cpd.settings import ROOT
from schools.models import Employment, Person
from tests import factories
from tests.browser.barriers import FIND_BARRIERS, FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast

ALBUM = ROOT / "build" / "tour"


@pytest.fixture
def attended(cast: Cast) -> None:
    """Some have enough, some soon will not have, most have nothing; one title is longer than a phone is wide."""
    verified = {"status": RecordStatus.VERIFIED, "amount": Decimal(72)}
    factories.training_record(cast.teacher, **verified)
    factories.training_record(cast.peer, **verified, ends_on=add_years(today(), -5) + dt.timedelta(days=40))
    factories.training_record(cast.colleague, **verified | {"amount": Decimal("24.5")}, title="Өтө-узун-аталыш-" * 12)
    factories.training_record(cast.colleague)
    Employment.objects.filter(person=cast.head.person_id).update(starts_on=add_years(today(), -1))
    people = Person.objects.bulk_create(Person(family_name=f"Көпчүлүк{n:02}", given_name="Ак") for n in range(40))
    Employment.objects.bulk_create(
        Employment(person=one, institution=cast.school, position="мугалим", starts_on=factories.LONG_AGO)
        for one in people
    )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_lists_of_hours_are_read_without_a_barrier_on_any_screen(
    size: dict[str, Any], cast: Cast, attended: None, visit: Visit, request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.id.rsplit("-", 1)[-1]
    staff = reverse("staff_hours", args=[cast.school.pk])
    stops = [
        ("staff-hours", cast.deputy, staff),
        ("staff-hours-filtered", cast.deputy, f"{staff}?status=LATE&sort=due&name=а"),
        ("district-hours", cast.officer, reverse("district_hours", args=[cast.district.pk])),
        ("country-hours", cast.institute, reverse("country_hours")),
        ("school", cast.deputy, reverse("institution", args=[cast.school.pk])),
        ("schools", cast.officer, reverse("institutions")),
    ]
    ALBUM.mkdir(parents=True, exist_ok=True)
    for name, user, address in stops:
        page = visit(user, hurry=False, **size)
        page.goto(address)
        page.screenshot(path=ALBUM / f"{name}-{width}.png", full_page=True, scale="css")
        assert not page.evaluate(IS_TOO_WIDE), name
        assert page.evaluate(FIND_SMALL_TARGETS) == [], name
        page.evaluate(AXE_SCRIPT)
        assert page.evaluate(FIND_BARRIERS) == [], name


def test_from_the_country_down_to_one_teacher(cast: Cast, attended: None, visit: Visit) -> None:
    page = visit(cast.institute)
    page.goto(reverse("institutions"))
    page.locator(f"a[href='{reverse('country_hours')}']").click()
    for name, key in (("district_hours", cast.district.pk), ("staff_hours", cast.school.pk)):
        page.locator(f"a[href='{reverse(name, args=[key])}']").click()
        expect(page).to_have_url(re.compile(f"{reverse(name, args=[key])}$"))
    page.locator("summary").click()
    page.locator("[name=name]").fill("омуралиева")
    page.locator("main form .btn-primary").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.locator("main tbody tr a").click()
    expect(page).to_have_url(re.compile(f"{reverse('person_hours', args=[cast.teacher.person_id])}$"))


def test_the_excel_file_is_of_what_the_filter_shows(cast: Cast, attended: None, visit: Visit, tmp_path: Path) -> None:
    page = visit(cast.deputy, accept_downloads=True)
    page.goto(f"{reverse('staff_hours', args=[cast.school.pk])}?status=MET&sort=due&page=2")
    with page.expect_download() as started:
        page.locator("main a[href*='xlsx']").click()
    started.value.save_as(tmp_path / "staff.xlsx")
    sheet = load_workbook(BytesIO((tmp_path / "staff.xlsx").read_bytes())).active
    names = [row[1].value for row in sheet.iter_rows() if isinstance(row[0].value, int)]
    assert names == [user.person.full_name for user in (cast.peer, cast.teacher)]
