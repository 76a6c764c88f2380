"""Every main page for everybody on a phone, really visited: nothing wider than it, nothing too small to tap."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from schools.models import Meeting, User
from tests import factories
from tests.browser.barriers import FIND_SMALL_TARGETS, IS_TOO_WIDE
from tests.browser.conftest import Visit
from tests.conftest import Cast

Stop = tuple[str, User | None, str]


@pytest.fixture
def stops(cast: Cast) -> list[Stop]:
    """Name, visitor and address of every main page, each with something on it."""
    draft = factories.complete(cast.plan, rows=[factories.plan_row(cast.plan, programme_title=n) for n in "АБВ"])
    waiting = factories.submitted(factories.individual_plan(cast.peer))
    factories.considered(factories.individual_plan(cast.colleague))
    factories.returned(factories.annual_plan(cast.peer))
    approved = factories.amended(factories.approved(factories.annual_plan(cast.colleague)))
    meeting = Meeting.objects.get()
    record = factories.training_record(cast.head, status="draft", starts_on=None, ends_on=None, precision="")
    in_force = factories.approved(factories.individual_plan(cast.head))
    item = in_force.rows.get(position=0)
    return [
        ("sign-in", None, reverse("account_login")),
        ("home of the teacher", cast.teacher, reverse("home")),
        ("home of the head", cast.head, reverse("home")),
        ("home of the deputy", cast.deputy, reverse("home")),
        ("home of the officer", cast.officer, reverse("home")),
        ("start", cast.teacher, reverse("plan_start", args=["annual_plan"])),
        ("form with three rows", cast.teacher, reverse("plan_edit", args=[draft.pk])),
        ("form that names what is missing", cast.colleague, reverse("plan_edit", args=[approved.pk]) + "?check=1"),
        ("yearly form", cast.teacher, reverse("plan_edit", args=[cast.annual_plan.pk])),
        ("own plan", cast.teacher, draft.get_absolute_url()),
        ("plan to decide on", cast.head, waiting.get_absolute_url()),
        ("plan with changes", cast.colleague, approved.get_absolute_url()),
        ("list with the filter open", cast.deputy, reverse("plans") + "?name=&mine=on"),
        ("meeting to enter", cast.head, reverse("meeting_new", args=[cast.association.pk])),
        ("meeting", cast.deputy, reverse("meeting", args=[meeting.pk])),
        ("schools", cast.officer, reverse("institutions")),
        ("school", cast.deputy, reverse("institution", args=[cast.school.pk])),
        ("courses", cast.head, reverse("records")),
        ("course", cast.head, record.get_absolute_url()),
        ("course to enter", cast.head, reverse("record_new")),
        ("course that lacks something", cast.head, reverse("record_edit", args=[record.pk]) + "?check=1"),
        ("plan in force", cast.head, in_force.get_absolute_url()),
        ("course for an item", cast.head, reverse("item_attended", args=[in_force.pk, item.uid])),
        ("password", cast.teacher, reverse("account_change_password")),
        ("sign-out", cast.teacher, reverse("account_logout")),
        ("nothing there", cast.teacher, "/plans/0/"),
    ]


def walk(stops: list[Stop], visit: Visit, **options: Any) -> Iterator[tuple[str, Page]]:
    """Each page in turn, one phone per person."""
    phones: dict[User | None, Page] = {}
    for name, user, address in stops:
        page = phones.setdefault(user, None) or visit(user, hurry=False, **options)  # type: ignore[arg-type]
        phones[user] = page
        page.goto(address)
        yield name, page


def test_no_page_is_wider_than_the_phone_and_every_button_fits_a_finger(stops: list[Stop], visit: Visit) -> None:
    found: dict[str, Any] = {}
    for name, page in walk(stops, visit):
        if page.evaluate(IS_TOO_WIDE):
            found[name] = ["too wide"]
        if small := page.evaluate(FIND_SMALL_TARGETS):
            found[name] = found.get(name, []) + small
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def test_long_words_and_names_stay_on_the_phone(cast: Cast, visit: Visit) -> None:
    long = "Ө" * 120
    cast.school.title_ky = long
    cast.school.save()
    row = factories.plan_row(cast.plan, programme_title=long, direction=long, provider_text=long, note=long)
    plan = factories.considered(factories.complete(cast.plan, rows=[row]))
    page = visit(cast.deputy)
    for address in (reverse("home"), reverse("plans"), plan.get_absolute_url(), reverse("institutions")):
        page.goto(address)
        assert not page.evaluate(IS_TOO_WIDE), address
