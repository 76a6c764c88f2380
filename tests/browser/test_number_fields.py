"""A number with a comma stands in its field: a browser shows nothing where it knows no such number."""

from decimal import Decimal

from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast


def test_the_hours_of_a_course_stand_in_its_form_on_a_phone(cast: Cast, visit: Visit) -> None:
    offering = factories.offering(cast, hours=Decimal("72.5"))
    page = visit(cast.officer)
    page.goto(reverse("offering_edit", args=[offering.pk]))
    expect(page.locator("[name=hours]")).to_have_value("72,5")
    expect(page.locator("[name=hours]")).to_have_attribute("inputmode", "decimal")


def test_the_hours_of_a_programme_stay_when_its_form_comes_back(cast: Cast, visit: Visit) -> None:
    page = visit(cast.deputy)
    page.goto(reverse("programme_new"))
    page.locator("[name=hours]").press_sequentially("36,5")
    page.locator("form:has([name=hours])").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator("[name=title_ky][aria-invalid=true]")).to_be_visible()
    expect(page.locator("[name=hours]")).to_have_value("36,5")
