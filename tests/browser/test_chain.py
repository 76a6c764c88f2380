"""The whole way of two papers on phones, from sign-in to the finished PDF, with the rows of a real yearly plan."""

import datetime as dt
import re
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from cpd.dates import approval_date, today
from plans.models import AnnualPlan, IndividualPlan
from schools.choices import State
from tests.browser import screen
from tests.browser.conftest import Visit
from tests.conftest import Cast
from tests.papers import read


class Line(NamedTuple):
    """One line of a school's yearly plan: how it is entered, and how the paper writes it."""

    need: str
    ticked: list[str]
    methods: str
    month: int
    term: str
    executor_kind: str
    executor: str = ""


# As a geography teacher's plan of 2021-2022 has them; SELF stands for the teacher's own name.
YEAR = (
    Line(
        "География предметинин үчүн билим берүү стандарттары",
        ["discussion"],
        "Дискуссиялык окуу",
        9,
        "сентябрь",
        "self",
    ),
    Line(
        "Мектептик билим берүүдөгү педагогикалык менеджмент",
        ["theory"],
        "Теория менен иштөө",
        10,
        "октябрь",
        "association",
        "Табигый илимдер бирикмеси",
    ),
    Line(
        "Насаатчылык. Насаатчылык деген эмне?",
        ["experience"],
        "Тажрыйба менен иштөө",
        11,
        "ноябрь",
        "other",
        "Стаждуу мугалимдер менен иштөө",
    ),
    Line("Активдүү окутуунун формалары", ["theory"], "Теория менен иштөө", 12, "декабрь", "self"),
    Line("Курстарга, тренингдерге катышуу.", ["offline", "online"], "Офлайн, онлайн", 1, "январь", "self"),
    Line("Компетенттүүлүк деген эмне?", ["experience"], "Тажрыйба менен иштөө", 2, "февраль", "self"),
    Line("үзгүлтүксүз билим алуунун түрлөрү", ["theory"], "Теория менен иштөө", 3, "март", "self"),
    Line("Климатты коргоо боюнча иш алып баруу.", ["practice"], "практика", 4, "Апрель", "self"),
    Line("Канткенде билим сапатты жакшырта алабыз", ["experience"], "Тажрыйба менен иштөө", 5, "май", "self"),
)
ITEMS: tuple[dict[str, Any], ...] = (
    {
        "programme_title": "Мугалимдер үчүн методикалык жардам",
        "direction": "Предметти окутуунун усулу",
        "hours": "24",
        "month": 10,
        "study_form": "full_time",
        "block": "compulsory",
    },
    {
        "programme_title": "Театралдаштырылган сабак өтүүнүн жолдору",
        "direction": "Сабакты кызыктуу өтүү",
        "hours": "48",
        "month": 3,
        "study_form": "distance",
        "block": "variative",
        "provider_text": "Облустук билим берүү институту",
    },
)


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def paper(page: Page) -> str:
    """The words of the PDF behind the button of the plan's page, fetched with the person's own session."""
    address = page.locator("main a[href$='/paper/']").get_attribute("href")
    answer = page.context.request.get(address or "")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return folded(read(answer.body()).text)


def submit(page: Page) -> None:
    page.locator("form[action$='/move/submit/'] button").click()
    expect(page.locator(".badge.state-submitted")).to_be_visible()


def open_first_waiting(page: Page) -> None:
    page.locator("section[aria-labelledby=queue] li a").first.click()


def approve(page: Page) -> None:
    page.locator("form[action$='/move/approve/'] button").click()
    expect(page.locator(".badge.state-approved").first).to_be_visible()


def test_a_yearly_plan_is_typed_submitted_approved_and_printed_as_the_school_has_it(cast: Cast, visit: Visit) -> None:
    cast.association.title_ky = "Табигый илимдер бирикмеси"
    cast.association.save()
    teacher = visit(hurry=False)
    screen.open_home(teacher, cast.teacher)
    teacher.locator(f"a[href='{reverse('plan_start', args=['annual_plan'])}']").click()
    teacher.locator("main form button").click()
    expect(teacher.locator("#plan-form")).to_be_visible()
    plan = AnnualPlan.objects.get()

    for place, line in enumerate(YEAR):
        row = screen.card(teacher, 0) if place == 0 else screen.add_row(teacher)
        values: dict[str, Any] = {"need": line.need, "learning_methods": line.ticked, "month": line.month}
        values["executor_kind"] = line.executor_kind
        if line.executor_kind == "other":
            values["executor_text"] = line.executor
        screen.fill_row(row, **values)
    screen.expect_state(teacher, "saved")
    assert screen.rows_of(plan, "need") == [line.need for line in YEAR]

    screen.press_save(teacher, then="read")
    expect(teacher.locator("table.paper tbody tr")).to_have_count(len(YEAR))
    submit(teacher)

    director = visit()
    screen.open_home(director, cast.director)
    open_first_waiting(director)
    expect(director.locator("table.paper tbody tr")).to_have_count(len(YEAR))
    approve(director)
    plan.refresh_from_db()
    assert plan.state == State.APPROVED

    teacher.reload()
    printed = paper(teacher)
    name = cast.teacher.person.short_name
    for number, line in enumerate(YEAR, start=1):
        executor = line.executor or name
        assert folded(f"{number} {line.need} {line.methods} {line.term} {executor}") in printed
    assert folded(cast.director.person.full_name) in printed
    assert folded(cast.teacher.person.full_name) in printed
    assert printed == paper(director)


def test_a_five_year_plan_goes_through_a_meeting_to_the_deputy_and_is_printed(cast: Cast, visit: Visit) -> None:
    teacher = visit(hurry=False)
    screen.open_home(teacher, cast.teacher)
    teacher.locator(f"a[href='{reverse('plan_start', args=['individual_plan'])}']").click()
    teacher.locator("main form button").click()
    teacher.locator("[name=grounds]").first.check()
    plan = IndividualPlan.objects.get()
    for place, item in enumerate(ITEMS):
        row = screen.card(teacher, 0) if place == 0 else screen.add_row(teacher)
        screen.fill_row(row, **item, school_year=plan.period.school_years[place])
    screen.press_save(teacher, then="read")
    submit(teacher)

    head = visit()
    screen.open_home(head, cast.head)
    head.locator(f"a[href='{reverse('meeting_new', args=[cast.association.pk])}']").click()
    held_on = today() - dt.timedelta(days=1)
    head.locator("[name=minutes_number]").fill("17")
    head.locator("[name=held_on]").fill(held_on.isoformat())
    head.locator(f"[name=present][value='{cast.peer.person_id}']").uncheck()
    head.locator("main form button[class*=btn-primary]").click()
    expect(head).to_have_url(re.compile(r"/meetings/\d+/$"))
    expect(head.locator("main")).to_contain_text("17")
    expect(head.locator("main")).to_contain_text(str(cast.teacher.person))
    expect(head.locator("main")).not_to_contain_text(str(cast.peer.person))

    deputy = visit()
    screen.open_home(deputy, cast.deputy)
    deputy.locator("section[aria-labelledby=queue] a.btn").click()
    deputy.locator("table a", has_text=str(cast.teacher.person)).click()
    for item in ITEMS:
        expect(deputy.locator("table.paper")).to_contain_text(item["programme_title"])
    expect(deputy.locator("main")).to_contain_text("17")
    approve(deputy)
    plan.refresh_from_db()
    assert plan.state == State.APPROVED

    teacher.reload()
    printed = paper(teacher)
    with translation.override("ky"):
        minutes = folded(f"Протокол № 17 {approval_date(held_on)}")
        approved = folded(f"{cast.deputy.person.full_name} {approval_date(today())}")
    assert minutes in printed
    assert approved in printed
    assert folded(cast.teacher.person.full_name) in printed
    for item in ITEMS:
        for name in ("programme_title", "direction", "hours"):
            assert folded(item[name]) in printed
    assert printed == paper(deputy)
