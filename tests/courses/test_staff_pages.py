"""Hours of many: the list of a school, the totals of a district and of the country, and the files made of them."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from courses.choices import DocumentType, HoursStatus, LearningCategory, RecordStatus
from courses.facts import judgements
from courses.models import HoursPolicy
from courses.staff import Line, lines, rules_by_code
from cpd.dates import add_years, short_date, today
from schools.models import Employment, Institution, Person, User
from tests import factories
from tests.conftest import Cast
from tests.papers import read

VERIFIED = RecordStatus.VERIFIED


def get(user: User, page: str, /, *args: int, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(page, args=args, query=query))
    assert answer.status_code == 200
    return answer


def listed(answer: Any) -> list[str]:
    """The family names on a school's page, from top to bottom."""
    return [line.job.person.family_name for line in answer.context["page"]]


def line_of(answer: Any, user: User) -> Line:
    return next(line for line in answer.context["page"] if line.job.person_id == user.person_id)


def cells_of(user: User, page: str, /, *args: int, **query: Any) -> list[list[Any]]:
    """All cells of an Excel file that hold anything, row by row."""
    sheet = load_workbook(BytesIO(get(user, page, *args, **query).content)).active
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    return [row for row in rows if row]


def attended(user: User, **columns: Any) -> Any:
    return factories.training_record(user, status=VERIFIED, **columns)


def enough(user: User, **columns: Any) -> None:
    attended(user, amount=Decimal(72), **columns)


# --- one school ---------------------------------------------------------------------------------------------------


def test_a_school_lists_everybody_by_name_in_the_order_of_the_alphabet(cast: Cast) -> None:
    names = listed(get(cast.deputy, "staff_hours", cast.school.pk))
    assert names == [
        "Бекмуратова",
        "Жээнбаева",
        "Калыбеков",
        "Ниязалиев",
        "Өмүралиева",
        "Сыдыгалиев",
        "Төлөгөнова",
        "Үсөнов",
        "Чоробаева",
    ]


def test_the_head_of_an_association_sees_its_own_members_only(cast: Cast) -> None:
    names = listed(get(cast.head, "staff_hours", cast.school.pk))
    assert names == ["Бекмуратова", "Өмүралиева", "Сыдыгалиев", "Төлөгөнова"]
    for name in ("staff_hours_xlsx", "staff_hours_paper"):
        assert "Жээнбаева" not in text_of(get(cast.head, name, cast.school.pk))


def test_a_line_tells_hours_status_due_date_last_course_and_what_waits(cast: Cast) -> None:
    ends_on = today() - dt.timedelta(days=400)
    attended(cast.teacher, title="Критерийлик баалоо", amount=Decimal("24.5"), ends_on=ends_on)
    attended(cast.teacher, title="Эскиси", amount=Decimal(10), ends_on=add_years(today(), -2))
    factories.training_record(cast.teacher, title="Күтүп турганы")
    factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    answer = get(cast.deputy, "staff_hours", cast.school.pk)
    line = line_of(answer, cast.teacher)
    assert (line.standing.total, line.standing.required, line.standing.shortfall) == (
        Decimal("34.5"),
        Decimal(72),
        Decimal("37.5"),
    )
    assert line.status == HoursStatus.OVERDUE
    assert line.due == add_years(factories.LONG_AGO, 5)
    assert (line.last_title, line.last_ended_on, line.waiting) == ("Критерийлик баалоо", ends_on, 1)
    assert "34,5 / 72" in answer.content.decode()
    assert reverse("person_hours", args=[cast.teacher.person_id]) in answer.content.decode()


def test_what_waits_at_another_school_is_not_counted_here(cast: Cast) -> None:
    factories.training_record(cast.teacher, institution=cast.other_school)
    assert line_of(get(cast.deputy, "staff_hours", cast.school.pk), cast.teacher).waiting == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"status": RecordStatus.SUBMITTED},
        {"role": "trainer"},
        {"category": LearningCategory.INFORMAL},
        {"ends_on": today() + dt.timedelta(days=1)},
    ],
)
def test_the_last_course_is_one_that_was_attended_and_verified(columns: dict[str, Any], cast: Cast) -> None:
    factories.training_record(cast.teacher, **{"status": VERIFIED} | columns)
    assert line_of(get(cast.deputy, "staff_hours", cast.school.pk), cast.teacher).last_ended_on is None


def test_the_time_since_the_last_course_is_told_where_it_is_worse(cast: Cast) -> None:
    """Hours enough by the plan's own years, and no course lately."""
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(frequency_years=2)
    enough(cast.teacher, ends_on=add_years(today(), -3))
    answer = get(cast.deputy, "staff_hours", cast.school.pk)
    line = line_of(answer, cast.teacher)
    assert (line.standing.status, line.status) == (HoursStatus.MET, HoursStatus.OVERDUE)
    assert line.is_by_frequency
    assert line.due == add_years(today(), -1)


def test_every_line_agrees_with_the_engine_where_courses_contest_one_another_too(cast: Cast) -> None:
    for user in (cast.teacher, cast.peer):
        enough(user)
        attended(user, amount=Decimal(60))  # on the same days
    attended(cast.colleague)
    factories.approved(cast.plan)
    jobs = Employment.objects.filter(institution=cast.school)
    found = lines(jobs, today(), rules_by_code())
    asked = judgements(jobs, today())
    assert {one.job.pk: (one.standing.status, one.standing.due, one.standing.total) for one in found} == {
        key: (one.status, one.due, one.figure.total) for key, one in asked.items()
    }
    assert any(one.due == add_years(today() - dt.timedelta(days=60), 5) for one in found)


def test_whom_the_rule_does_not_bind_is_in_no_list_and_in_no_total(cast: Cast) -> None:
    cast.clerk.person.employments.update(is_teaching=False)
    assert "Чоробаева" not in listed(get(cast.deputy, "staff_hours", cast.school.pk))
    assert get(cast.officer, "district_hours", cast.district.pk).context["totals"].people == 10
    assert get(cast.institute, "country_hours").context["totals"].people == 11
    assert "Чоробаева" not in text_of(get(cast.deputy, "perspective_plan", cast.school.pk))


def test_totals_stand_above_and_sum_up_the_list(cast: Cast) -> None:
    enough(cast.teacher)
    totals = get(cast.deputy, "staff_hours", cast.school.pk).context["totals"]
    assert totals.people == 9
    assert totals.found == [(HoursStatus.OVERDUE, 8), (HoursStatus.MET, 1)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "MET"}, ["Өмүралиева", "Сыдыгалиев"]),
        ({"status": "DUE_SOON"}, []),
        ({"name": "омур"}, ["Өмүралиева", "Үсөнов"]),
        ({"name": "АЙНАГ өмү"}, ["Өмүралиева"]),
        ({"due": "2020-09-01", "name": "калыб"}, []),
        ({"due": "2020-09-02", "name": "калыб"}, ["Калыбеков"]),
        ({"status": "MET", "sort": "due"}, ["Сыдыгалиев", "Өмүралиева"]),
        ({"status": "MET", "sort": "last"}, ["Сыдыгалиев", "Өмүралиева"]),
        ({"name": "ал", "sort": "missing"}, ["Калыбеков", "Ниязалиев", "Өмүралиева", "Сыдыгалиев"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(query: dict[str, str], names: list[str], cast: Cast) -> None:
    enough(cast.teacher, ends_on=dt.date(2026, 6, 1))
    enough(cast.peer, ends_on=dt.date(2025, 6, 1))
    assert listed(get(cast.deputy, "staff_hours", cast.school.pk, on="2026-11-21", **query)) == names


def test_the_list_is_narrowed_by_association(cast: Cast) -> None:
    answer = get(cast.deputy, "staff_hours", cast.school.pk, association=str(cast.other_association.pk))
    assert listed(answer) == ["Жээнбаева", "Калыбеков", "Ниязалиев"]
    choices = dict(answer.context["form"].fields["association"].choices)
    assert list(choices)[1:] == [str(cast.association.pk), str(cast.other_association.pk)]


def test_the_list_is_as_of_the_day_asked_for(cast: Cast) -> None:
    enough(cast.teacher, ends_on=today() - dt.timedelta(days=60))
    Employment.objects.filter(person=cast.peer.person_id).update(starts_on=today() - dt.timedelta(days=1))
    before = get(cast.deputy, "staff_hours", cast.school.pk, on=today() - dt.timedelta(days=61))
    assert "Сыдыгалиев" not in listed(before)
    assert line_of(before, cast.teacher).status == HoursStatus.OVERDUE
    assert line_of(get(cast.deputy, "staff_hours", cast.school.pk), cast.teacher).status == HoursStatus.MET


def test_who_left_is_not_listed_and_whoever_is_to_come_is_not_either(cast: Cast) -> None:
    Employment.objects.filter(person=cast.peer.person_id).update(ends_on=today() - dt.timedelta(days=1))
    Employment.objects.filter(person=cast.teacher.person_id).update(starts_on=today() + dt.timedelta(days=1))
    assert len(listed(get(cast.deputy, "staff_hours", cast.school.pk))) == 7


@pytest.mark.parametrize("query", [{"due": "эртең"}, {"on": "2026-13-01"}, {"status": "LATE"}, {"association": "0"}])
def test_what_cannot_be_read_narrows_nothing_and_its_field_says_why(query: dict[str, str], cast: Cast) -> None:
    answer = get(cast.deputy, "staff_hours", cast.school.pk, **query)
    assert len(listed(answer)) == 9
    assert "is-invalid" in answer.content.decode()
    client = Client()
    client.force_login(cast.deputy)
    for name in ("staff_hours_xlsx", "staff_hours_paper"):
        refused = client.get(reverse(name, args=[cast.school.pk], query=query))
        assert refused.status_code == 302
        assert refused["Location"] == reverse("staff_hours", args=[cast.school.pk], query=query)


def test_sorting_goes_before_paging(cast: Cast) -> None:
    people = Person.objects.bulk_create(Person(family_name=f"Аа{n:02}", given_name="Ак") for n in range(45))
    Employment.objects.bulk_create(
        Employment(person=one, institution=cast.school, position="мугалим", starts_on=factories.LONG_AGO)
        for one in people
    )
    enough(cast.teacher)
    first = get(cast.deputy, "staff_hours", cast.school.pk, sort="missing")
    last = get(cast.deputy, "staff_hours", cast.school.pk, sort="missing", page=2)
    assert (len(listed(first)), len(listed(last))) == (40, 14)
    assert listed(last)[-1] == "Өмүралиева"
    assert "sort=missing" in last.content.decode()


def test_a_school_without_a_rule_shows_hours_and_owes_nothing(cast: Cast) -> None:
    HoursPolicy.objects.update(status="draft")
    attended(cast.teacher)
    line = line_of(get(cast.deputy, "staff_hours", cast.school.pk), cast.teacher)
    assert (line.standing.total, line.status, line.due) == (Decimal(24), HoursStatus.NO_RULE, None)
    assert "Талап белгиленген эмес" in text_of(get(cast.deputy, "staff_hours_paper", cast.school.pk))


# --- its files ----------------------------------------------------------------------------------------------------


def text_of(answer: Any) -> str:
    """What a page or a file says, whatever it is."""
    if answer["Content-Type"].startswith("application/pdf"):
        return read(answer.content).text
    if answer["Content-Type"].startswith("text/html"):
        return answer.content.decode()
    sheet = load_workbook(BytesIO(answer.content)).active
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_the_files_hold_exactly_what_the_filter_shows(cast: Cast) -> None:
    ends_on = dt.date(2026, 6, 1)
    enough(cast.teacher, title="Сынчыл ойлом", ends_on=ends_on)
    query = {"status": "MET", "on": "2026-11-21"}
    rows = cells_of(cast.deputy, "staff_hours_xlsx", cast.school.pk, **query)
    source = str(HoursPolicy.objects.get(code="SCHOOL_72_5Y"))
    assert rows[:8] == [
        ["Мугалимдердин кесиптик өнүгүү сааттары"],
        ["Мектеп", "Ак-Бата орто мектеби"],
        ["Район, шаар", "Алма-Булак району"],
        ["Кайсы күнгө карата", dt.datetime(2026, 11, 21)],
        ["Колдонулган эреже", source],
        ["Абалы", "Талап аткарылды"],
        ["Кызматкерлер", 1],
        ["Талап аткарылды", 1],
    ]
    headings, *people = rows[8:]
    assert headings == [
        "№",
        "Аты-жөнү",
        "Ээлеген кызматы",
        "Усулдук бирикме",
        "Эсепке алынган саат",
        "Талап кылынган саат",
        "Жетишпеген саат",
        "Абалы",
        "Акыркы курс боюнча абалы",
        "Акыркы мөөнөт",
        "Акыркы курс",
        "Акыркы курстан өткөн жылы",
        "Тастыктоону күткөндөр",
    ]
    assert people == [
        [
            1,
            cast.teacher.person.full_name,
            "биология мугалими",
            "Табигый илимдер",
            72,
            72,
            0,
            "Талап аткарылды",
            "Талап аткарылды",
            dt.datetime(2031, 6, 1),
            "Сынчыл ойлом",
            2026,
            0,
        ]
    ]
    paper = read(get(cast.deputy, "staff_hours_paper", cast.school.pk, **query).content)
    assert paper.is_landscape
    assert "Колдонулган эреже" in paper.text
    assert source in paper.text
    assert "Өмүралиева" in paper.text
    assert "01.06.2031" in paper.text
    assert "Сыдыгалиев" not in paper.text


def test_no_word_of_statuses_and_headings_is_cut_on_papers(cast: Cast) -> None:
    Employment.objects.update(starts_on=add_years(today(), -1))  # nothing is asked for yet
    staff = text_of(get(cast.deputy, "staff_hours_paper", cast.school.pk))
    for word in ("Аткарылууда Аткарылууда", "кылынган", "Жетишпеген", "Тастыктоону күткөндөр"):
        assert word in staff
    for totals in (
        get(cast.officer, "district_hours_paper", cast.district.pk),
        get(cast.institute, "country_hours_paper"),
    ):
        for word in ("Кызматкерлер", "аткарылды", "жакындап", "Аткарылууда", "белгиленген", "Аткаргандардын"):
            assert word in text_of(totals)


def test_files_are_kyrgyz_for_a_russian_reader_too(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.deputy)
    client.post(reverse("language"), {"language": "ru"})
    for name in ("staff_hours_xlsx", "staff_hours_paper"):
        assert "Мугалимдердин кесиптик өнүгүү сааттары" in text_of(client.get(reverse(name, args=[cast.school.pk])))


@pytest.mark.parametrize("title", ["№5/6 [А]", "=1+1", "<r>x</r>", "'", "Ө" * 200])
def test_a_file_is_made_whatever_the_school_is_called(title: str, cast: Cast) -> None:
    Institution.objects.filter(pk=cast.school.pk).update(title_ky=title)
    for name in ("staff_hours_xlsx", "staff_hours_paper", "perspective_plan_xlsx"):
        answer = get(cast.deputy, name, cast.school.pk)
        assert "\n" not in answer["Content-Disposition"]
        assert title[:20] in text_of(answer)


def test_nothing_anybody_typed_becomes_a_formula(cast: Cast) -> None:
    formula = '=HYPERLINK("http://example.org")'
    Person.objects.filter(pk=cast.teacher.person_id).update(family_name=formula, given_name=formula)
    Employment.objects.filter(person=cast.teacher.person_id).update(position=formula)
    Institution.objects.filter(pk=cast.school.pk).update(title_ky=formula)
    cast.district.title_ky = cast.association.title_ky = formula
    cast.district.save()
    cast.association.save()
    attended(cast.teacher, title=formula)
    for user, name, args in (
        (cast.deputy, "staff_hours_xlsx", [cast.school.pk]),
        (cast.officer, "district_hours_xlsx", [cast.district.pk]),
        (cast.institute, "country_hours_xlsx", []),
        (cast.deputy, "perspective_plan_xlsx", [cast.school.pk]),
    ):
        sheet = load_workbook(BytesIO(get(user, name, *args).content)).active
        found = [cell for row in sheet.iter_rows() for cell in row if formula in str(cell.value)]
        assert found
        assert {cell.data_type for cell in found} == {"s"}


# --- a district, the country --------------------------------------------------------------------------------------


def test_a_district_counts_its_schools_as_their_own_pages_do(cast: Cast) -> None:
    enough(cast.teacher)
    answer = get(cast.officer, "district_hours", cast.district.pk)
    found = {one.place: one.totals for one in answer.context["page"]}
    assert list(found) == [cast.school, cast.other_school]
    for school, totals in found.items():
        of_school = get(cast.officer, "staff_hours", school.pk).context["totals"]
        assert (totals.people, totals.found) == (of_school.people, of_school.found)
    assert [totals.share_met for totals in found.values()] == [11, 0]
    whole = answer.context["totals"]
    assert (whole.people, whole.found) == (11, [(HoursStatus.OVERDUE, 10), (HoursStatus.MET, 1)])
    assert reverse("staff_hours", args=[cast.school.pk]) in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Ак-Бата орто мектеби", "Күн-Нур орто мектеби"]),
        ({"name": "кун-нур"}, ["Күн-Нур орто мектеби"]),
        ({"name": "мектеби 1"}, ["Ак-Бата орто мектеби"]),
        ({"sort": "met"}, ["Күн-Нур орто мектеби", "Ак-Бата орто мектеби"]),
        ({"sort": "overdue"}, ["Ак-Бата орто мектеби", "Күн-Нур орто мектеби"]),
    ],
)
def test_the_schools_of_a_district_are_narrowed_and_sorted(
    query: dict[str, str], titles: list[str], cast: Cast
) -> None:
    enough(cast.teacher)
    answer = get(cast.officer, "district_hours", cast.district.pk, **query)
    assert [one.place.title_ky for one in answer.context["page"]] == titles
    rows = cells_of(cast.officer, "district_hours_xlsx", cast.district.pk, **query)
    assert [row[0] for row in rows if "мектеби" in str(row[0])] == titles
    paper = text_of(get(cast.officer, "district_hours_paper", cast.district.pk, **query))
    assert [title in paper for title in titles] == [True] * len(titles)


def test_the_file_of_a_district_sums_up_first(cast: Cast) -> None:
    enough(cast.teacher)
    rows = cells_of(cast.officer, "district_hours_xlsx", cast.district.pk)
    assert rows[-3:] == [
        ["Баары", 11, 1, 0, 10, 0, 0, 9],
        ["Ак-Бата орто мектеби", 9, 1, 0, 8, 0, 0, 11],
        ["Күн-Нур орто мектеби", 2, 0, 0, 2, 0, 0, 0],
    ]


def also_at(user: User, *schools: Institution) -> None:
    for school in schools:
        job = {"institution": school, "association": None, "is_main": False, "starts_on": factories.LONG_AGO}
        factories.EmploymentFactory(person=user.person, **job)


def test_whoever_has_two_jobs_is_counted_once_where_the_main_one_is(cast: Cast) -> None:
    """Two schools of one district and a third elsewhere, which asks for more: rows add up to their sums."""
    enough(cast.teacher)
    also_at(cast.teacher, cast.other_school, cast.far_school)
    HoursPolicy.objects.create(
        **HoursPolicy.objects.filter(code="SCHOOL_72_5Y").values().get()
        | {"id": None, "code": "more", "institution_id": cast.far_school.pk, "required_hours": Decimal(144)}
    )
    district = get(cast.officer, "district_hours", cast.district.pk).context
    schools = [one.totals for one in district["page"]]
    assert [(totals.people, dict(totals.found).get(HoursStatus.MET)) for totals in schools] == [(9, 1), (2, None)]
    assert (district["totals"].people, district["totals"].found) == (
        11,
        [(HoursStatus.OVERDUE, 10), (HoursStatus.MET, 1)],
    )
    country = get(cast.institute, "country_hours").context
    [oblast] = country["oblasts"]
    assert oblast.districts[0].totals == district["totals"]
    assert [one.totals.people for one in oblast.districts] == [11, 1]
    assert oblast.totals == country["totals"]
    assert (oblast.totals.people, oblast.totals.found) == (12, [(HoursStatus.OVERDUE, 11), (HoursStatus.MET, 1)])
    assert [row[1] for row in cells_of(cast.officer, "district_hours_xlsx", cast.district.pk)[-3:]] == [11, 9, 2]
    assert [row[2] for row in cells_of(cast.institute, "country_hours_xlsx")[-3:]] == [12, 11, 1]


def test_a_second_school_lists_who_is_counted_elsewhere_and_does_not_count_them(cast: Cast) -> None:
    also_at(cast.teacher, cast.other_school)
    answer = get(cast.officer, "staff_hours", cast.other_school.pk)
    line = line_of(answer, cast.teacher)
    assert (line.is_owner, line.status) == (False, HoursStatus.OVERDUE)
    assert (answer.context["totals"].people, answer.context["totals"].overdue) == (2, 2)
    assert len(listed(answer)) == 3
    with translation.override("ky"):
        mark, beside = _("main job in another institution"), _("Counted where their main job is")
    markup = answer.content.decode()
    assert markup.count(mark) == 1
    assert f"{beside}: 1" in markup
    assert mark not in get(cast.officer, "staff_hours", cast.school.pk).content.decode()
    rows = cells_of(cast.officer, "staff_hours_xlsx", cast.other_school.pk)
    assert [beside, 1] in rows
    assert [f"{line.job.position} ({mark})" in row for row in rows].count(True) == 1


def test_where_no_main_job_is_a_teaching_post_the_earliest_one_counts(cast: Cast) -> None:
    also_at(cast.teacher, cast.other_school, cast.far_school)
    jobs = cast.teacher.person.employments
    later = today() - dt.timedelta(days=10)
    jobs.filter(institution=cast.other_school).update(starts_on=later)

    def owner(day: dt.date) -> list[str]:
        owning = Employment.objects.owning(day).filter(person=cast.teacher.person)
        return [job.institution.title_ky for job in owning]

    assert owner(today()) == [cast.school.title_ky]
    jobs.filter(is_main=True).update(is_teaching=False)
    assert owner(today()) == [cast.far_school.title_ky]
    jobs.filter(institution=cast.far_school).update(starts_on=later)
    assert owner(today()) == [jobs.filter(is_teaching=True).order_by("pk")[0].institution.title_ky]
    assert owner(later - dt.timedelta(days=1)) == []


def test_the_sum_is_of_the_schools_shown(cast: Cast) -> None:
    answer = get(cast.officer, "district_hours", cast.district.pk, name="кун-нур")
    assert answer.context["totals"].people == 2
    assert get(cast.officer, "district_hours", cast.district.pk, name="жок").context["totals"].people == 0


def test_the_country_is_told_by_oblast_and_district(cast: Cast) -> None:
    enough(cast.far_stranger)
    other = factories.DistrictFactory(title_ky="Бос району", oblast__title_ky="Аа облусу")
    answer = get(cast.institute, "country_hours")
    found = [(one.title, [place.place.title_ky for place in one.districts]) for one in answer.context["oblasts"]]
    assert found == [("Аа облусу", ["Бос району"]), ("Сыноо облусу", ["Алма-Булак району", "Өзөн-Таш району"])]
    assert reverse("district_hours", args=[other.pk]) in answer.content.decode()
    assert cells_of(cast.administrator, "country_hours_xlsx")[-6:] == [
        ["Баары", "", 12, 1, 0, 11, 0, 0, 8],
        ["Аа облусу", "Баары", 0, 0, 0, 0, 0, 0],
        ["Аа облусу", "Бос району", 0, 0, 0, 0, 0, 0],
        ["Сыноо облусу", "Баары", 12, 1, 0, 11, 0, 0, 8],
        ["Сыноо облусу", "Алма-Булак району", 11, 0, 0, 11, 0, 0, 0],
        ["Сыноо облусу", "Өзөн-Таш району", 1, 1, 0, 0, 0, 0, 100],
    ]
    paper = text_of(get(cast.institute, "country_hours_paper"))
    assert "Өзөн-Таш району 1 1 0 0 0 0 100" in paper


def test_a_day_can_be_asked_for_everywhere(cast: Cast) -> None:
    enough(cast.teacher)
    before = (today() - dt.timedelta(days=61)).isoformat()
    for user, name, args in (
        (cast.officer, "district_hours", [cast.district.pk]),
        (cast.institute, "country_hours", []),
    ):
        assert get(user, name, *args).context["totals"].found[-1] == (HoursStatus.MET, 1)
        answer = get(user, name, *args, on=before)
        assert HoursStatus.MET not in dict(answer.context["totals"].found)
        assert f"on={before}" in answer.content.decode()


# --- nobody else's ------------------------------------------------------------------------------------------------

FOREIGN = "Канарейка"


@pytest.mark.parametrize("who", ["head", "deputy", "director", "clerk"])
def test_nothing_of_another_school_is_on_the_pages_of_one(who: str, cast: Cast) -> None:
    """A canary in every text of the other school."""
    Person.objects.filter(pk=cast.stranger.person_id).update(family_name=FOREIGN, search_key=FOREIGN.lower())
    Employment.objects.filter(person=cast.stranger.person_id).update(position=FOREIGN)
    Institution.objects.filter(pk=cast.other_school.pk).update(title_ky=FOREIGN)
    cast.strange_association.title_ky = FOREIGN
    cast.strange_association.save()
    attended(cast.stranger, title=FOREIGN)
    for name in ("staff_hours", "staff_hours_xlsx", "staff_hours_paper"):
        assert FOREIGN not in text_of(get(getattr(cast, who), name, cast.school.pk))


def test_an_officer_finds_nothing_of_another_district(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.far_school.pk).update(title_ky=FOREIGN)
    for name in ("district_hours", "district_hours_xlsx", "district_hours_paper"):
        assert FOREIGN not in text_of(get(cast.officer, name, cast.district.pk))


def test_an_undated_document_counts_for_nobody(cast: Cast) -> None:
    """The list counts as the rule does: a certificate without its date is no document."""
    enough(cast.teacher, document_type=DocumentType.CERTIFICATE, document_on=None)
    assert line_of(get(cast.deputy, "staff_hours", cast.school.pk), cast.teacher).standing.total == 0
    assert short_date(today()) in get(cast.deputy, "staff_hours", cast.school.pk).content.decode()
