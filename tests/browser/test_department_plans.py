"""Plans of departments on a phone: cells by school year, a lecturer twice, what was typed without a connection."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from plans.models import PerspectivePlan, Replacement
from schools.choices import Action
from tests.browser import screen
from tests.browser.conftest import Visit
from tests.campus import Campus, make_campus
from tests.plans.departments_told import department_plan, moved, perspective_plan, planned, submitted


@pytest.fixture
def campus(transactional_db: None, live_server: object) -> Campus:
    """The campus in a database the running site sees too."""
    return make_campus()


@pytest.fixture
def plan(campus: Campus) -> PerspectivePlan:
    return perspective_plan(campus.head, campus.department)


def test_cells_save_themselves_and_a_year_without_any_is_folded(
    plan: PerspectivePlan, campus: Campus, visit: Visit
) -> None:
    page = visit(campus.head)
    screen.open_form(page, plan)
    years = screen.card(page, 0).locator("details")
    expect(years.nth(0)).to_have_attribute("open", "")
    expect(years.nth(1)).not_to_have_attribute("open", "")
    years.nth(1).locator("summary").click()
    page.locator("[name='rows-0-cells_2-it']").fill("Moodle")
    screen.expect_state(page, "saved")
    assert plan.rows.all()[0].cells == {"2-it": "Moodle"}
    page.reload()
    expect(screen.card(page, 0).locator("details").nth(1)).to_have_attribute("open", "")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_new_row_of_a_lecturer_who_has_one_says_so_beside_the_field(
    plan: PerspectivePlan, campus: Campus, visit: Visit
) -> None:
    page = visit(campus.head)
    screen.open_form(page, plan)
    row = screen.add_row(page)
    row.locator("[name$='-person_id']").select_option(str(campus.lecturer.person_id))
    screen.expect_state(page, "invalid")
    expect(row.locator(".typed-error")).to_be_visible()
    assert plan.rows.filter(person=campus.lecturer.person).count() == 1


def test_whom_a_row_is_about_comes_back_with_what_was_typed_without_a_connection(
    plan: PerspectivePlan, campus: Campus, visit: Visit
) -> None:
    page = visit(campus.head)
    screen.open_form(page, plan)
    whom = page.locator("[name='rows-1-person_id']").input_value()
    page.context.set_offline(True)
    page.locator("[name='rows-1-cells_1-methods']").fill("Кейс усулу")
    screen.expect_state(page, "kept")
    other = page.context.new_page()
    page.close()
    other.context.set_offline(False)
    screen.open_form(other, plan)
    expect(other.locator("[name='rows-1-cells_1-methods']")).to_have_value("Кейс усулу")
    expect(other.locator("[name='rows-1-person_id']")).to_have_value(whom)
    screen.eventually(other, lambda: plan.rows.all()[1].cells == {"1-methods": "Кейс усулу"})


def test_the_head_lets_another_lecturer_go(campus: Campus, visit: Visit) -> None:
    plan = submitted(planned(department_plan(campus.head, campus.department), campus.lecturer), campus.head)
    plan = moved(plan, Action.APPROVE, campus.dean)
    page = visit(campus.head)
    page.goto(reverse("plan", args=[plan.pk]))
    page.locator("a[href*='/replace/']").click()
    page.locator("[name=person]").select_option(str(campus.other_lecturer.person_id))
    page.locator("[name=reason]").fill("Ооруп калды")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text(campus.other_lecturer.person.full_name)
    expect(page.locator("main")).to_contain_text("Ооруп калды")
    assert Replacement.objects.get().person == campus.other_lecturer.person
