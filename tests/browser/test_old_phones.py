"""On a browser older than the scripts need, pages work as they do without scripts, and nothing breaks off half-way."""

import pytest
from playwright.sync_api import expect

from tests.browser import screen
from tests.browser.conftest import Visit
from tests.conftest import Cast


@pytest.mark.parametrize("lacking", ["Element.prototype.replaceChildren", "HTMLFormElement.prototype.requestSubmit"])
def test_a_plan_is_filled_in_on_an_old_phone(lacking: str, cast: Cast, visit: Visit) -> None:
    page = visit(cast.teacher)
    page.add_init_script(f"delete {lacking}")
    screen.open_form(page, cast.plan)
    count = screen.cards(page).count()
    with page.expect_navigation():  # the script would add the row without asking the server
        page.locator("#add-row").click()
    expect(screen.cards(page)).to_have_count(count + 1)
    screen.fill_row(screen.card(page, 0), direction="Инклюзивдүү билим берүү")
    with page.expect_navigation():
        screen.press_save(page)
    assert screen.rows_of(cast.plan, "direction")[0] == "Инклюзивдүү билим берүү"
