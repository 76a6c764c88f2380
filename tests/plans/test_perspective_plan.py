"""F04 read back: headings to the letter, a column for each school year of the norm, courses from plans in force."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from courses.choices import RecordStatus
from courses.exports import Table
from courses.models import HoursPolicy, PlanNorm
from cpd.dates import add_years, lasting, school_year, school_year_label, school_year_of, today
from plans.content import Plan
from plans.perspective import perspective_pdf, perspective_table
from schools.models import Employment, Institution, Person, Subject, User
from tests import factories
from tests.conftest import Cast
from tests.papers import Listener, Paper, hostile_markup, listening, read

FIXED_HEADINGS = "№ Мугалимдин аты-жөнү Предмети, кызмат орду Квалификациялык категориясы Акыркы курстан өткөн жылы"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


def this_year() -> int:
    return school_year_of(today())


def asked(user: User, school: Institution, kind: str = "perspective_plan", **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(kind, args=[school.pk], query=query))


def paper(user: User, school: Institution, **query: Any) -> Paper:
    answer = asked(user, school, **query)
    assert answer.status_code == 200
    return read(answer.content)


def table(cast: Cast, *, first: int | None = None, years: int = 5) -> Table:
    first = first or this_year()
    return perspective_table(cast.deputy, cast.school, today(), range(first, first + years))


def row_of(made: Table, user: User) -> list[Any]:
    return next(list(row) for row in made.rows if row[1] == user.person.full_name)


def in_force(cast: Cast, *rows: dict[str, Any]) -> Plan:
    plan = cast.plan
    return factories.approved(factories.complete(plan, rows=[factories.plan_row(plan, **row) for row in rows]))


def test_the_form_has_its_title_its_columns_and_two_signatures(cast: Cast) -> None:
    found = paper(cast.deputy, cast.school)
    first = this_year()
    title = f"Мугалимдердин кесиптик квалификациясын жогорулатуунун перспективдүү иш планы, {first}-{first + 5}-жылдар"
    years = " ".join(school_year_label(first + n) for n in range(5))
    assert found.is_landscape
    assert found.text.startswith(f"БЕКИТЕМИН Директор ______________ Ф.А.А. «___» ____________ 20___-ж. {title} ")
    assert f"{FIXED_HEADINGS} {years} Эскертүү" in found.text.replace("- ", "-")
    assert "Директордун окуу-тарбия иштери боюнча орун басары (колу) (Ф.А.А.)" in found.text
    assert found.title == f"{title}, Ак-Бата орто мектеби"


def test_a_teacher_is_told_of_by_subject_category_and_last_course(cast: Cast) -> None:
    factories.job_of(cast.teacher).subjects.add(Subject.objects.create(title_ky="География"))
    Person.objects.filter(pk=cast.teacher.person_id).update(category="highest")
    ends_on = dt.date(2024, 3, 15)
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, ends_on=ends_on)
    row = row_of(table(cast), cast.teacher)
    assert row[2:5] == ["География, биология мугалими", "Жогорку категория", 2024]
    assert row[-1] == "Мөөнөтү өттү\nЖетишпеген саат: 48"


def test_courses_of_plans_in_force_stand_in_their_school_years(cast: Cast) -> None:
    first = this_year()
    in_force(
        cast,
        {"programme_title": "Сынчыл ойлом", "hours": Decimal("24.5"), "school_year": first},
        {"programme_title": "Критерийлик баалоо", "hours": Decimal(36), "school_year": first},
        {"programme_title": "Санарип сабак", "hours": Decimal(12), "school_year": first + 3},
    )
    assert row_of(table(cast), cast.teacher)[5:-1] == [
        "Сынчыл ойлом, 24,5 саат\nКритерийлик баалоо, 36 саат",
        "",
        "",
        "Санарип сабак, 12 саат",
        "",
    ]


def test_a_plan_that_nobody_approved_is_not_in_it(cast: Cast) -> None:
    factories.considered(cast.plan)
    assert "Сынчыл ойлом" not in str(table(cast).rows)


def test_what_is_being_changed_stands_as_it_was_approved(cast: Cast) -> None:
    plan = factories.amended(in_force(cast, {"programme_title": "Бекитилген аталыш"}))
    factories.complete(plan, rows=[factories.plan_row(plan, programme_title="Жаңы аталыш")])
    rows = str(table(cast).rows)
    assert "Бекитилген аталыш" in rows
    assert "Жаңы аталыш" not in rows


@pytest.mark.parametrize(("years_ago", "column"), [(0, 4), (2, 2), (7, 0)])
def test_whoever_has_planned_nothing_is_marked_in_the_year_of_the_due_date(
    years_ago: int, column: int, cast: Cast
) -> None:
    """By the last day of the hours that are enough; in the first column, without that day, where it is past."""
    ends_on = add_years(school_year(this_year()).starts_on, -years_ago)
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, amount=Decimal(72), ends_on=ends_on)
    due = max(add_years(ends_on, 5), add_years(factories.LONG_AGO, 5))
    marks = row_of(table(cast, first=this_year() + 1), cast.teacher)[5:-1]
    expected = [""] * 5
    expected[column] = f"Акыркы мөөнөт: {due:%d.%m.%Y}" if due > today() else "Мөөнөтү өттү"
    assert marks == expected


def test_a_due_date_that_is_past_is_told_in_the_first_year_without_its_day(cast: Cast) -> None:
    """Whoever has owed hours for years is told apart from whoever will owe them; a day of long ago plans nothing."""
    row = row_of(table(cast), cast.teacher)
    assert row[5:] == ["Мөөнөтү өттү", "", "", "", "", "Мөөнөтү өттү\nЖетишпеген саат: 72"]
    assert "2020" not in str(row)
    assert row_of(table(cast, first=2018, years=3), cast.teacher)[5:8] == ["", "", ""]


def test_the_years_come_from_the_norm(cast: Cast) -> None:
    first = this_year()
    PlanNorm.objects.filter(institution_kind="school").update(years=3)
    assert f"{school_year_label(first + 2)} Эскертүү" in paper(cast.deputy, cast.school).text
    PlanNorm.objects.update(status="draft")
    HoursPolicy.objects.filter(institution_kind="school").update(frequency_years=2)
    assert f"{school_year_label(first + 1)} Эскертүү" in paper(cast.deputy, cast.school).text


def test_without_any_rule_there_is_no_plan_but_a_sentence(cast: Cast) -> None:
    PlanNorm.objects.update(status="draft")
    HoursPolicy.objects.update(status="draft")
    answer = asked(cast.deputy, cast.school)
    assert (answer.status_code, answer["Location"]) == (302, reverse("institution", args=[cast.school.pk]))
    assert len(list(get_messages(answer.wsgi_request))) == 1


def test_the_first_year_can_be_asked_for(cast: Cast) -> None:
    factories.approved(factories.individual_plan(cast.teacher, period=lasting(dt.date(2019, 9, 1), 5)))
    found = paper(cast.deputy, cast.school, **{"from": 2019})
    assert "2019-2024-жылдар" in found.text
    assert "Критерийлик баалоо, 24 саат" in found.text


@pytest.mark.parametrize("first", ["быйыл", "1949", "2100", "99999999999999"])
def test_a_first_year_that_cannot_be_read_gets_a_sentence(first: str, cast: Cast) -> None:
    answer = asked(cast.deputy, cast.school, **{"from": first})
    assert answer.status_code == 302
    assert len(list(get_messages(answer.wsgi_request))) == 1


def test_the_excel_file_holds_the_same_table(cast: Cast) -> None:
    in_force(cast, {"programme_title": "Сынчыл ойлом"})
    answer = asked(cast.deputy, cast.school, "perspective_plan_xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    written = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert written == [[cell or "" for cell in row] for row in table(cast).rows]


def test_nobody_of_another_school_and_nobodys_plan_there_is_in_it(cast: Cast) -> None:
    """Also where a teacher works in both schools: only the plan made here is told of."""
    place = {"institution": cast.other_school, "association": cast.strange_association}
    job = factories.EmploymentFactory(person=cast.teacher.person, is_main=False, **place)
    factories.RoleFactory(person=cast.stranger.person, role="association_head", association=cast.strange_association)
    factories.RoleFactory(person=cast.stranger.person, institution=cast.other_school)
    plan = factories.individual_plan(cast.teacher, employment=job)
    plan = factories.complete(plan, rows=[factories.plan_row(plan, programme_title="Канарейка")])
    factories.approved(plan)
    assert "Канарейка" in str(perspective_table(cast.other_director, cast.other_school, today(), [this_year()]).rows)
    for kind in ("perspective_plan", "perspective_plan_xlsx"):
        assert asked(cast.deputy, cast.school, kind).status_code == 200
    text = paper(cast.deputy, cast.school).text
    assert "Канарейка" not in text
    assert cast.stranger.person.family_name not in text


@pytest.mark.parametrize("count", [1, 40])
def test_the_heading_repeats_and_nobody_is_split_over_two_pages(count: int, cast: Cast) -> None:
    Employment.objects.filter(institution=cast.school).exclude(person=cast.director.person_id).delete()
    people = Person.objects.bulk_create(Person(family_name=f"Ак{n:02}ө", given_name="А") for n in range(count - 1))
    Employment.objects.bulk_create(
        Employment(person=one, institution=cast.school, position=f"орду{n:02}ө мугалим", starts_on=factories.LONG_AGO)
        for n, one in enumerate(people)
    )
    made = table(cast)
    assert len(made.rows) == count
    found = read(perspective_pdf(made))
    assert all("Эскертүү" in page for page in found.pages)
    assert found.text.count("БЕКИТЕМИН") == found.text.count("(колу)") == 1
    for n in range(count - 1):
        assert [f"Ак{n:02}ө" in page and f"орду{n:02}ө" in page for page in found.pages].count(True) == 1


def test_long_titles_of_four_courses_in_a_year_leave_room_for_others(cast: Cast) -> None:
    titles = ["Компетенттүүлүккө негизделген окутууну пландаштыруу", "Санариптик ресурстарды түзүү жана колдонуу"]
    rows = [{"programme_title": f"{title} {n}", "school_year": this_year()} for n in (1, 2) for title in titles]
    in_force(cast, *rows)
    found = paper(cast.deputy, cast.school)
    for whole in ("Компетенттүүлүккө", "Квалификациялык", "Төлөгөнова"):
        assert whole in found.pages[0]


def test_a_school_without_people_prints_its_heading(cast: Cast) -> None:
    empty = factories.InstitutionFactory(district=cast.district)
    assert "Маалымат жок" in paper(cast.officer, empty).text


def test_markup_in_a_plan_fetches_nothing(listener: Listener, cast: Cast) -> None:
    vectors = hostile_markup(listener.address)
    first = this_year()
    in_force(cast, *({"programme_title": one[:300], "school_year": first + n % 5} for n, one in enumerate(vectors)))
    Person.objects.filter(pk=cast.teacher.person_id).update(family_name=vectors[0][:80])
    Employment.objects.filter(person=cast.teacher.person_id).update(position=vectors[20][:120])
    Institution.objects.filter(pk=cast.school.pk).update(title_ky=vectors[21][:200])
    found = paper(cast.deputy, cast.school)
    assert "<img" in found.text
    assert found.attachments == []
    assert listener.asked == []


def test_the_plan_needs_as_many_queries_for_one_person_as_for_thirty(cast: Cast) -> None:
    def needed() -> int:
        client = Client()
        client.force_login(cast.deputy)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("perspective_plan", args=[cast.school.pk])).status_code == 200
        return len(captured)

    in_force(cast, {"programme_title": "Сынчыл ойлом"})
    before = needed()
    people = Person.objects.bulk_create(Person(family_name=f"Ак{n}", given_name="А") for n in range(30))
    Employment.objects.bulk_create(
        Employment(person=one, institution=cast.school, position="мугалим", starts_on=factories.LONG_AGO)
        for one in people
    )
    assert needed() == before <= 12
