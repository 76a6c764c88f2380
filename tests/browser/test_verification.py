"""A deputy at work on the queue: scan beside the data, one record after the other, a pair, hours for «4 сутка»."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import FloatRect, Locator, Page, expect

from courses.choices import HoursUnit
from courses.files import keep_upload
from courses.models import ConfirmedPair, TrainingRecord
from cpd.dates import today
from schools.models import User
from tests import uploads
from tests.browser.barriers import FIND_BARRIERS, FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import training_record

SCREENS = {"phone": PHONE, "desk": DESK}
IN_DAYS = {"unit": HoursUnit.DAY_NIGHT, "amount": Decimal(4), "hours_text": "4 сутка"}
DAY = dt.timedelta(days=1)


def waiting(whose: User, **columns: Any) -> TrainingRecord:
    """A record with a document that can really be shown."""
    upload = SimpleUploadedFile("scan.pdf", columns.pop("scan", None) or uploads.jpeg())
    return training_record(whose, file=keep_upload(upload, by=whose), **columns)


def status_of(record: TrainingRecord) -> str:
    return TrainingRecord.objects.get(pk=record.pk).status


def press(page: Page, record: TrainingRecord, name: str, *args: Any) -> None:
    """The button of the form that posts there."""
    page.locator(f"form[action='{reverse(name, args=[record.pk, *args])}'] button").click()


def write(page: Page, record: TrainingRecord, name: str, *args: Any, **values: str) -> None:
    form = page.locator(f"form[action='{reverse(name, args=[record.pk, *args])}']")
    fold = page.locator("details").filter(has=form)
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    for field, value in values.items():
        form.locator(f"[name={field}]").fill(value)


def box_of(place: Locator) -> FloatRect:
    found = place.bounding_box()
    assert found is not None
    return found


def expect_open_to_all(page: Page) -> None:
    """No barrier that axe finds, nothing wider than the screen, nothing too small to tap."""
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(FIND_BARRIERS) == []
    assert page.evaluate(FIND_SMALL_TARGETS) == []
    assert not page.evaluate(IS_TOO_WIDE)


def keep(page: Page, name: str, folder: Any) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_one_record_after_the_other(screen: str, scripts: bool, cast: Cast, visit: Visit, tmp_path: Any) -> None:
    first = waiting(cast.teacher, title="Критерийлик баалоо", scan=uploads.pdf(2))
    second = waiting(cast.peer, title="Сынчыл ойлом")
    page = visit(cast.deputy, **SCREENS[screen], java_script_enabled=scripts)
    page.goto(reverse("verification"))
    keep(page, f"queue-{screen}", tmp_path)
    if scripts:
        expect_open_to_all(page)
    page.locator(f"a[href='{reverse('verify', args=[first.pk])}']").click()
    pictures = page.locator(".zoomed-pages img")
    expect(pictures).to_have_count(2)
    scan, data = (box_of(page.locator(f"section[aria-labelledby={name}]")) for name in ("scan", "data"))
    beside = data["x"] >= scan["x"] + scan["width"] - 1
    assert beside == (screen == "desk"), "side by side on a wide screen, one below the other on a phone"
    if scripts:
        for picture in pictures.all():
            expect(picture).to_have_js_property("complete", value=True)
        assert pictures.evaluate_all("all => all.every((one) => one.naturalWidth > 0)")
        expect_open_to_all(page)
    narrow = box_of(pictures.first)
    page.locator("label[for=zoom]").click()
    wide = box_of(pictures.first)
    assert wide["width"] > 2 * narrow["width"]
    keep(page, f"verify-{screen}", tmp_path)
    press(page, first, "verify_move", "verify")
    expect(page).to_have_url(re.compile(f"{reverse('verify', args=[second.pk])}$"))
    expect(page.locator(".alert-success")).to_contain_text(first.title)
    write(page, second, "verify_move", "return", reason="Күбөлүктүн номери окулбайт.")
    press(page, second, "verify_move", "return")
    expect(page).to_have_url(re.compile(f"{reverse('verification')}$"))
    assert (status_of(first), status_of(second)) == ("verified", "returned")
    page.goto(reverse("verify", args=[first.pk]))
    write(page, first, "verify_move", "reverse", reason="Башка мугалимдин күбөлүгү.")
    keep(page, f"reverse-{screen}", tmp_path)
    press(page, first, "verify_move", "reverse")
    expect(page.locator("section[aria-labelledby=decision] ol")).to_contain_text("Башка мугалимдин күбөлүгү.")
    assert status_of(first) == "returned"


@pytest.mark.parametrize("screen", SCREENS)
def test_two_courses_on_the_same_days_both_count_once_somebody_says_so(
    screen: str, cast: Cast, visit: Visit, tmp_path: Any
) -> None:
    ends_on = today() - 60 * DAY
    short = training_record(
        cast.teacher,
        title="Кыска курс",
        status="verified",
        amount=Decimal(40),
        starts_on=ends_on - 4 * DAY,
        ends_on=ends_on,
    )
    long = waiting(cast.teacher, title="Узун курс", amount=Decimal(50), ends_on=ends_on + DAY)
    page = visit(cast.deputy, **SCREENS[screen])
    page.goto(reverse("verify", args=[long.pk]))
    expect(page.locator("#after")).to_have_text("50")
    keep(page, f"pair-{screen}", tmp_path)
    write(page, long, "pair_confirm", short.pk, reason="Кечки убакта, онлайн өткөн.")
    expect_open_to_all(page)
    press(page, long, "pair_confirm", short.pk)
    expect(page.locator("#after")).to_have_text("90")
    assert ConfirmedPair.objects.get().reason == "Кечки убакта, онлайн өткөн."
    keep(page, f"paired-{screen}", tmp_path)
    press(page, long, "pair_revoke", short.pk)
    expect(page.locator("#after")).to_have_text("50")


@pytest.mark.parametrize("screen", SCREENS)
def test_days_become_hours_when_the_verifier_reads_them_off_the_document(
    screen: str, cast: Cast, visit: Visit, tmp_path: Any
) -> None:
    record = waiting(cast.teacher, **IN_DAYS)
    page = visit(cast.deputy, **SCREENS[screen])
    page.goto(reverse("verify", args=[record.pk]))
    expect(page.locator("#after")).to_have_text("0")
    write(page, record, "verify_hours", hours="4 сутка", reason="Күбөлүктүн арткы бетинде.")
    press(page, record, "verify_hours")
    expect(page.locator("#hours-hours")).to_have_value("4 сутка")
    expect(page.locator("form .invalid-feedback")).to_be_visible()
    keep(page, f"hours-{screen}", tmp_path)
    expect_open_to_all(page)
    write(page, record, "verify_hours", hours="32")
    press(page, record, "verify_hours")
    expect(page.locator("#after")).to_have_text("32")
    press(page, record, "verify_move", "verify")
    expect(page).to_have_url(re.compile(f"{reverse('verification')}$"))
    found = TrainingRecord.objects.get(pk=record.pk)
    assert (found.status, found.approved_hours, found.hours_text) == ("verified", Decimal(32), "4 сутка")


def test_several_are_verified_together_on_a_phone(cast: Cast, visit: Visit, tmp_path: Any) -> None:
    records = [training_record(user) for user in (cast.teacher, cast.peer)]
    flagged = training_record(cast.colleague, **IN_DAYS)
    page = visit(cast.deputy)
    page.goto(reverse("verification"))
    expect(page.locator("[name=record]")).to_have_count(2)
    for box in page.locator("[name=record]").all():
        box.check()
    keep(page, "many", tmp_path)
    page.locator(f"form[action='{reverse('verify_many')}'] button").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert [status_of(record) for record in [*records, flagged]] == ["verified", "verified", "submitted"]
