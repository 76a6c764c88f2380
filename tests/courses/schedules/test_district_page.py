"""The desk of a district on its pages: the list, its files, the deadline, reminders, and accepting several at once."""

import datetime as dt
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from openpyxl import load_workbook

from courses.models import Schedule, ScheduleDeadline, ScheduleReminder
from courses.schedules.desk_actions import set_deadline
from cpd.dates import school_year, school_year_label, today
from schools import approval
from schools.choices import Action, State
from schools.models import Document, User
from tests import factories
from tests.conftest import Cast
from tests.factories import again, next_school_year
from tests.papers import read

YEAR = next_school_year()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def get(user: User, page: str, /, *args: int, **query: Any) -> Any:
    return client_of(user).get(reverse(page, args=args, query=query))


def post(user: User, page: str, district: Any, **data: Any) -> Any:
    data = {"once": uuid4(), "year": YEAR} | data
    return client_of(user).post(reverse(page, args=[district.pk]), data, follow=True)


def listed(answer: Any) -> list[str]:
    return [line.school.title_ky for line in answer.context["page"]]


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def desk_page(cast: Cast, **query: Any) -> Any:
    answer = get(cast.officer, "district_schedules", cast.district.pk, **query)
    assert answer.status_code == 200
    return answer


@pytest.fixture
def sent(cast: Cast) -> Document:
    """School A has sent its schedule."""
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    return Document.objects.get(pk=schedule.pk)


def value_of(document: Document) -> str:
    return f"{document.pk}:{document.revision}"


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_desk_lists_every_school_with_what_it_sent_and_links_to_it(cast: Cast, sent: Document) -> None:
    answer = desk_page(cast)
    assert listed(answer) == ["Ак-Бата орто мектеби", "Күн-Нур орто мектеби"]
    text = answer.content.decode()
    assert reverse("schedule", args=[sent.pk]) in text
    assert cast.deputy.person.full_name in text
    assert value_of(sent) in text


def test_the_desk_narrows_by_state_by_title_and_by_subject(cast: Cast, sent: Document) -> None:
    factories.InstitutionFactory(title_ky="Өзөн-Таш мектеби", district=cast.district)
    assert listed(desk_page(cast, state="mine")) == ["Ак-Бата орто мектеби"]
    assert listed(desk_page(cast, state="waiting")) == ["Ак-Бата орто мектеби"]
    assert listed(desk_page(cast, state="not_sent")) == ["Күн-Нур орто мектеби", "Өзөн-Таш мектеби"]
    assert listed(desk_page(cast, state="accepted")) == []
    assert listed(desk_page(cast, name="озон таш")) == ["Өзөн-Таш мектеби"]
    assert listed(desk_page(cast, name="озон бата")) == []
    assert listed(desk_page(cast, subject="биология")) == ["Ак-Бата орто мектеби"]
    assert listed(desk_page(cast, subject="химия")) == []
    assert len(listed(desk_page(cast, state="нет"))) == 3


def test_the_desk_sorts_by_the_day_of_sending(cast: Cast, sent: Document) -> None:
    other = factories.school_schedule(cast.other_school, by=cast.other_director)
    factories.sent(other, by=cast.other_director)
    factories.InstitutionFactory(title_ky="Аккуу мектеби", district=cast.district)
    first, second, none = "Ак-Бата орто мектеби", "Күн-Нур орто мектеби", "Аккуу мектеби"
    assert listed(desk_page(cast, sort="oldest")) == [first, second, none]
    assert listed(desk_page(cast, sort="newest")) == [second, first, none]
    assert listed(desk_page(cast)) == [first, none, second]


def test_the_desk_opens_with_the_latest_year_that_anything_belongs_to(cast: Cast) -> None:
    assert desk_page(cast).context["year"] == YEAR
    set_deadline(district=cast.district, year=YEAR - 1, due_on=today(), by=cast.officer)
    assert desk_page(cast).context["year"] == YEAR - 1
    early = factories.school_schedule(cast.school, by=cast.deputy, year=YEAR)
    factories.sent(early, by=cast.deputy)
    assert desk_page(cast).context["year"] == YEAR
    assert desk_page(cast, year=YEAR - 1).context["year"] == YEAR - 1
    wrong = desk_page(cast, year="кийинки")
    assert wrong.context["year"] == YEAR
    assert wrong.context["years"].errors


def test_the_institute_looks_on_and_opens_what_is_in_force_only(cast: Cast, sent: Document) -> None:
    def page() -> str:
        return get(cast.institute, "district_schedules", cast.district.pk).content.decode()

    assert reverse("schedule", args=[sent.pk]) not in page()
    factories.received(sent, by=cast.officer)
    assert reverse("schedule", args=[sent.pk]) in page()
    for name in ("schedule_deadline", "schedule_remind", "schedules_accept"):
        assert reverse(name, args=[cast.district.pk]) not in page()


def test_two_districts_keep_to_themselves(cast: Cast, sent: Document) -> None:
    answer = get(cast.other_officer, "district_schedules", cast.other_district.pk)
    assert listed(answer) == ["Төр-Жайлоо орто мектеби"]
    assert get(cast.other_officer, "district_schedules", cast.district.pk).status_code == 404
    accepted = post(cast.other_officer, "schedules_accept", cast.other_district, schedule=value_of(sent))
    assert accepted.status_code == 200
    assert Document.objects.get(pk=sent.pk).state == State.SUBMITTED
    reminded = post(cast.other_officer, "schedule_remind", cast.other_district, school=cast.other_school.pk)
    assert reminded.status_code == 404


def test_the_country_leads_to_the_desks(cast: Cast, sent: Document) -> None:
    answer = get(cast.institute, "country_schedules")
    assert answer.context["year"] == YEAR
    assert reverse("district_schedules", args=[cast.district.pk]) in answer.content.decode()


# --- files --------------------------------------------------------------------------------------------------------


def test_the_list_is_saved_with_real_dates_and_numbers(cast: Cast, sent: Document) -> None:
    answer = get(cast.officer, "district_schedules_xlsx", cast.district.pk)
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    line = next(row for row in rows if row[1] == "Ак-Бата орто мектеби")
    assert (line[0], line[3], line[10], line[11], line[12]) == (1, 1, 2, 2, 48)
    assert line[5].date() == today()
    assert any("Күн-Нур орто мектеби" in row for row in rows)
    narrowed = get(cast.officer, "district_schedules_xlsx", cast.district.pk, state="waiting")
    cells = [cell.value for row in load_workbook(BytesIO(narrowed.content)).active.iter_rows() for cell in row]
    assert "Күн-Нур орто мектеби" not in cells


def test_the_list_is_a_paper_too(cast: Cast, sent: Document) -> None:
    answer = get(cast.officer, "district_schedules_paper", cast.district.pk)
    text = read(answer.content).text
    assert "Ак-Бата орто мектеби" in text
    assert school_year_label(YEAR) in text


def test_days_and_headings_of_the_paper_are_not_torn(cast: Cast, sent: Document) -> None:
    factories.received(sent, by=cast.officer)
    answer = get(cast.officer, "district_schedules_paper", cast.district.pk)
    words = read(answer.content).text.split()
    assert words.count(f"{today():%d.%m.%Y}") >= 3  # sent, decided, printed
    with translation.override("ky"):
        headings = {
            word for text in ("Version", "Change No.", "Teachers", "Decided on") for word in gettext(text).split()
        }
    assert headings <= set(words)


def test_the_list_and_the_plan_schedule_have_names_of_their_own(cast: Cast, sent: Document) -> None:
    names = {
        get(cast.officer, page, cast.district.pk)["Content-Disposition"].rpartition("filename")[2]
        for page in ("district_schedules_xlsx", "offerings_xlsx")
    }
    assert len(names) == 2


def test_without_anything_to_tick_nothing_can_be_accepted_at_once(cast: Cast, sent: Document) -> None:
    assert 'id="accept"' in desk_page(cast).content.decode()
    assert 'form="accept"' not in desk_page(cast, state="not_sent").content.decode()
    factories.received(sent, by=cast.officer)
    assert 'form="accept"' not in desk_page(cast).content.decode()


def test_a_file_asked_for_in_words_nobody_knows_leads_back_to_the_page(cast: Cast) -> None:
    answer = get(cast.officer, "district_schedules_xlsx", cast.district.pk, state="нет")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("district_schedules", args=[cast.district.pk]))


# --- the deadline -------------------------------------------------------------------------------------------------


def test_an_officer_sets_the_deadline_and_moves_it(cast: Cast) -> None:
    day = school_year(YEAR).starts_on - dt.timedelta(days=100)
    answer = post(cast.officer, "schedule_deadline", cast.district, due_on=day)
    assert answer.context["desk"].deadline.due_on == day
    assert cast.officer.person.full_name in answer.content.decode()
    post(cast.officer, "schedule_deadline", cast.district, due_on=day + dt.timedelta(days=1))
    kept = ScheduleDeadline.objects.get()
    assert (kept.district, kept.school_year, kept.due_on) == (cast.district, YEAR, day + dt.timedelta(days=1))
    assert kept.by == cast.officer.person


@pytest.mark.parametrize(
    "day",
    [
        "",
        "эртең",
        "2027-02-30",
        f"{YEAR - 2}-08-31",
        f"{YEAR - 1}-08-31",
        f"{YEAR + 1}-09-01",
        "9999-12-31",
        "0001-01-01",
    ],
)
def test_a_deadline_that_cannot_be_one_gets_a_sentence_beside_its_field(day: str, cast: Cast) -> None:
    answer = post(cast.officer, "schedule_deadline", cast.district, due_on=day)
    assert answer.status_code == 200
    assert answer.context["deadline_form"].errors["due_on"]
    assert answer.context["deadline_form"]["due_on"].value() == day
    assert 'href="?' not in answer.content.decode()  # a link of this answer leads from the form's own address
    assert not ScheduleDeadline.objects.exists()


@pytest.mark.parametrize("day", [school_year(YEAR - 1).starts_on, school_year(YEAR).ends_on])
def test_the_first_and_the_last_day_a_deadline_can_be(day: dt.date, cast: Cast) -> None:
    post(cast.officer, "schedule_deadline", cast.district, due_on=day)
    assert ScheduleDeadline.objects.get().due_on == day


@pytest.mark.parametrize("year", ["", "кийинки", "99999999999999999999", str(YEAR + 5)])
@pytest.mark.parametrize("address", ["schedule_deadline", "schedule_remind", "schedules_accept"])
def test_a_form_without_a_year_that_the_page_knows_is_none_of_ours(address: str, year: str, cast: Cast) -> None:
    answer = post(cast.officer, address, cast.district, year=year, due_on=today())
    assert answer.status_code == 400
    assert not ScheduleDeadline.objects.exists()
    assert not ScheduleReminder.objects.exists()


# --- reminders ----------------------------------------------------------------------------------------------------


def test_all_who_have_not_sent_are_reminded_and_a_second_time_the_day_is_told(cast: Cast, sent: Document) -> None:
    answer = post(cast.officer, "schedule_remind", cast.district)
    assert [row.institution for row in ScheduleReminder.objects.all()] == [cast.other_school]
    assert len(told(answer)) == 1
    answer = post(cast.officer, "schedule_remind", cast.district)
    assert len(told(answer)) == 1
    assert ScheduleReminder.objects.count() == 1


def test_one_school_is_reminded_alone(cast: Cast) -> None:
    post(cast.officer, "schedule_remind", cast.district, school=cast.school.pk)
    assert [row.institution for row in ScheduleReminder.objects.all()] == [cast.school]


def test_a_school_that_has_sent_is_not_reminded(cast: Cast, sent: Document) -> None:
    answer = post(cast.officer, "schedule_remind", cast.district, school=cast.school.pk)
    assert len(told(answer)) == 1
    assert not ScheduleReminder.objects.exists()


@pytest.mark.parametrize("school", ["0", "мектеп", "99999999999999999999"])
def test_a_school_nobody_knows_is_not_found(school: str, cast: Cast) -> None:
    assert post(cast.officer, "schedule_remind", cast.district, school=school).status_code == 404
    assert post(cast.officer, "schedule_remind", cast.district, school=cast.far_school.pk).status_code == 404


# --- accepting several --------------------------------------------------------------------------------------------


def test_ticked_schedules_are_accepted_once(cast: Cast, sent: Document) -> None:
    answer = post(cast.officer, "schedules_accept", cast.district, schedule=value_of(sent))
    assert Document.objects.get(pk=sent.pk).state == State.APPROVED
    assert len(told(answer)) == 1
    again_answer = post(cast.officer, "schedules_accept", cast.district, schedule=value_of(sent))
    assert any("Ак-Бата орто мектеби" in message for message in told(again_answer))
    assert Document.objects.get(pk=sent.pk).versions.get().decisions.filter(action=Action.APPROVE).count() == 1


def test_the_same_form_sent_twice_acts_once(cast: Cast, sent: Document) -> None:
    data = {"once": uuid4(), "schedule": value_of(sent)}
    post(cast.officer, "schedules_accept", cast.district, **data)
    answer = post(cast.officer, "schedules_accept", cast.district, **data)
    assert not any("Ак-Бата орто мектеби" in message for message in told(answer))


def test_a_schedule_changed_since_the_list_was_opened_is_refused_and_told(cast: Cast, sent: Document) -> None:
    approval.perform(sent, Action.WITHDRAW, by=again(cast.deputy), seen=sent.revision)
    factories.sent(Schedule.objects.get(pk=sent.pk), by=cast.deputy)
    answer = post(cast.officer, "schedules_accept", cast.district, schedule=value_of(sent))
    assert any("Ак-Бата орто мектеби" in message for message in told(answer))
    assert Document.objects.get(pk=sent.pk).state == State.SUBMITTED


@pytest.mark.parametrize(("ticks", "status"), [([], 200), (["5"], 400), (["5:x"], 400), (["-1:1"], 200)])
def test_ticks_that_name_nothing_change_nothing(ticks: list[str], status: int, cast: Cast, sent: Document) -> None:
    assert post(cast.officer, "schedules_accept", cast.district, schedule=ticks).status_code == status
    assert Document.objects.get(pk=sent.pk).state == State.SUBMITTED


# --- ways to the desk and from it ---------------------------------------------------------------------------------


def leads_to_schedule(user: User, school: Any, schedule: Any) -> bool:
    page = get(user, "institution", school.pk).content.decode()
    return reverse("schedule", args=[schedule.pk]) in page


def test_the_page_of_a_school_leads_to_its_schedule_wherever_that_page_shows_something(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    assert leads_to_schedule(cast.deputy, cast.school, schedule)
    assert not leads_to_schedule(cast.clerk, cast.school, schedule)
    assert not leads_to_schedule(cast.officer, cast.school, schedule)
    factories.sent(schedule, by=cast.deputy)
    assert leads_to_schedule(cast.clerk, cast.school, schedule)
    assert leads_to_schedule(cast.officer, cast.school, schedule)
    assert not leads_to_schedule(cast.institute, cast.school, schedule)
    document = Document.objects.get(pk=schedule.pk)
    approval.perform(document, Action.WITHDRAW, by=again(cast.deputy), seen=document.revision)
    assert not leads_to_schedule(cast.officer, cast.school, schedule)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    assert leads_to_schedule(cast.institute, cast.school, schedule)


def test_lists_of_schools_and_of_hours_lead_to_the_desk(cast: Cast) -> None:
    desk, country = reverse("district_schedules", args=[cast.district.pk]), reverse("country_schedules")
    for page, args in (("institutions", []), ("district_hours", [cast.district.pk])):
        assert desk in get(cast.officer, page, *args).content.decode()
    for page in ("institutions", "country_hours"):
        assert country in get(cast.institute, page).content.decode()
        assert country not in get(cast.administrator, page).content.decode()
    assert desk not in get(cast.administrator, "district_hours", cast.district.pk).content.decode()
