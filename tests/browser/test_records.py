"""A course entered on a phone: with its photo, with every mistake once, and nothing lost."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from courses.choices import RecordStatus
from courses.models import CertificateFile, TrainingRecord
from plans.models import Fulfilment
from tests import factories, uploads
from tests.browser.conftest import DESK, Visit
from tests.conftest import Cast

TYPED = {
    "title": "Критерийлик баалоо",
    "date_text": "12-23-июль 2021-ж.",
    "provider_text": "GIZ",
    "hours_text": "24 саат",
    "document_number": "№ А-17",
    "document_on": "23.07.2021",
}
MISTAKES = [
    ("date_text", "31-февраль 2021"),
    ("date_text", "12-23-июль"),
    ("date_text", "23-12-июль 2021"),
    ("date_text", "12.07.2090"),
    ("hours_text", "0"),
    ("hours_text", "20000"),
    ("document_on", "01.01.2090"),
    ("title", ""),
]


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#record-form [name={name}]")


def press(page: Page, then: str) -> None:
    page.locator(f"#record-form [name=then][value={then}]").click()


def photo(data: bytes, name: str = "IMG_0001.jpg") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def expect_thumbnail(page: Page) -> None:
    """The kept photo is on the screen and could be drawn."""
    picture = page.locator(".kept-file img")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 0


def expect_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def fill(page: Page, **changes: str) -> None:
    for name, value in (TYPED | changes).items():
        field(page, name).fill(value)


def test_a_course_is_added_with_its_photo_and_every_mistake_keeps_everything(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("records"))
    page.locator(f"a[href='{reverse('record_new')}']").click()
    expect_no_sideways_scrolling(page)
    fill(page)
    field(page, "delivery_mode").select_option("online")
    field(page, "document_type").select_option("certificate")
    field(page, "file").set_input_files(photo(uploads.phone_photo()))
    for name, wrong in MISTAKES:
        field(page, name).fill(wrong)
        press(page, "submit")
        expect(page.locator(f"#div_id_{name} .invalid-feedback")).to_be_visible()
        expect(page.locator("#record-form .invalid-feedback")).to_have_count(1)
        for other, value in (TYPED | {name: wrong}).items():
            expect(field(page, other)).to_have_value(value)
        expect(field(page, "delivery_mode")).to_have_value("online")
        expect(field(page, "document_type")).to_have_value("certificate")
        expect_thumbnail(page)
        expect_no_sideways_scrolling(page)
        field(page, name).fill(TYPED[name])
    press(page, "draft")

    expect(page.locator("#record-form")).to_have_count(0)
    record = TrainingRecord.objects.get()
    expect(page).to_have_url(re.compile(re.escape(record.get_absolute_url()) + "$"))
    expect(page.locator("#data + dl .read").first).to_contain_text("12–23")
    expect(page.locator(".scan img")).to_be_visible()
    expect_no_sideways_scrolling(page)
    page.locator(f"form[action$='/{record.pk}/move/submit/'] button").click()
    expect(page.locator(".badge.state-submitted")).to_be_visible()
    record.refresh_from_db()
    assert record.status == RecordStatus.SUBMITTED
    assert {name: getattr(record, name) for name in ("title", "date_text", "provider_text", "hours_text")} == {
        name: TYPED[name] for name in ("title", "date_text", "provider_text", "hours_text")
    }
    assert record.file
    assert CertificateFile.objects.count() == 1


def test_a_file_that_is_no_photo_is_refused_and_another_one_taken(cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.goto(reverse("record_new"))
    fill(page)
    field(page, "file").set_input_files(photo(b"<html><script>alert(1)</script>"))
    press(page, "draft")
    expect(page.locator("#div_id_file .invalid-feedback")).to_be_visible()
    expect(field(page, "title")).to_have_value(TYPED["title"])
    field(page, "file").set_input_files(photo(uploads.heic(), "IMG_0002.HEIC"))
    press(page, "draft")
    expect(page.locator(".scan img")).to_be_visible()
    assert TrainingRecord.objects.get().file


@pytest.mark.parametrize("options", [{}, DESK], ids=["phone", "desk"])
def test_from_the_plan_to_the_record_nothing_is_typed_twice(options: dict[str, Any], cast: Cast, visit: Visit) -> None:
    plan = factories.approved(cast.plan)
    item = plan.rows.get(position=0)
    page = visit(cast.teacher, **options)
    page.goto(plan.get_absolute_url())
    expect_no_sideways_scrolling(page)
    page.locator(f"a[href='{reverse('item_attended', args=[plan.pk, item.uid])}']").click()
    expect(field(page, "title")).to_have_value(item.programme_title)
    expect(field(page, "hours_text")).to_have_value("24")
    field(page, "date_text").fill("2021")
    field(page, "provider_text").fill("GIZ")
    press(page, "submit")
    expect(page.locator(".badge.state-submitted")).to_be_visible()
    link = Fulfilment.objects.get()
    assert (link.plan_id, link.uid) == (plan.pk, item.uid)
    page.goto(plan.get_absolute_url())
    expect(page.locator(f"a[href='{link.record.get_absolute_url()}']")).to_be_visible()
    expect_no_sideways_scrolling(page)
