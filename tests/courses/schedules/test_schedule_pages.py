"""The pages of schedules: drafted, changed, handed in, read, accepted, changed again."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Schedule, ScheduleEntry
from courses.schedules import actions
from schools import approval
from schools.choices import Action, State
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.factories import OfferingFactory, ScheduleEntryFactory, again, fresh, job_of, next_school_year

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Критериалдуу баалоо",
    "hours": "24,5",
    "provider_text": "РКЖИ",
    "proposed_month": "11",
    "note": "Кечки топ",
}


@pytest.fixture
def schedule(cast: Cast) -> Schedule:
    """The association's, with a row for the teacher and one for a peer."""
    made = factories.association_schedule(cast.association, by=cast.head)
    for user, title in ((cast.teacher, "Баалоо"), (cast.peer, "Инклюзия")):
        ScheduleEntryFactory.create(
            schedule=made, employment=job_of(user), association=cast.association, title=title, proposed_month=10
        )
    return made


@pytest.fixture
def schools(cast: Cast) -> Schedule:
    """The school's, with one complete row."""
    made = factories.school_schedule(cast.school, by=cast.deputy)
    ScheduleEntryFactory.create(
        schedule=made, employment=job_of(cast.director), starts_on=made.starts_on, ends_on=made.starts_on
    )
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: User, name: str, *args: Any, **data: Any) -> Any:
    return client_of(user).post(reverse(name, args=args), {"once": uuid.uuid4()} | data)


def get(user: User, name: str, *args: Any) -> Any:
    return client_of(user).get(reverse(name, args=args))


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def move(user: User, schedule: Schedule, action: Action, **data: Any) -> Any:
    return post(user, "schedule_move", schedule.pk, action, **{"seen": fresh(schedule).revision} | data)


def sent(schools: Schedule, cast: Cast) -> Schedule:
    move(cast.deputy, schools, Action.CLOSE)
    move(cast.deputy, schools, Action.SEND)
    assert fresh(schools).state == State.SUBMITTED
    return fresh(schools)


def row_of(schedule: Schedule, user: User) -> ScheduleEntry:
    return schedule.rows.get(employment=job_of(user))


# What is mine ------------------------------------------------------------------------------------------------------


def test_the_head_starts_next_year_by_one_press_and_finds_it_drafted(cast: Cast) -> None:
    year = next_school_year()
    factories.approved(factories.complete(factories.individual_plan(cast.teacher)))
    assert reverse("schedule_start") in body(get(cast.head, "schedules"))
    answer = post(cast.head, "schedule_start", association=cast.association.pk, year=year)
    made = Schedule.objects.get()
    assert answer.url == reverse("schedule_edit", args=[made.pk])
    assert (made.association, made.school_year, made.state) == (cast.association, year, State.DRAFT)
    titles = set(row_of_titles(made, cast.teacher))
    assert titles == {"Критерийлик баалоо", "Сынчыл ойлом"}
    page = body(client_of(cast.head).get(answer.url))
    assert "Критерийлик баалоо" in page
    assert cast.peer.person.full_name in page


def row_of_titles(schedule: Schedule, user: User) -> list[str]:
    return list(schedule.rows.filter(employment=job_of(user)).values_list("title", flat=True))


def test_the_same_press_twice_starts_one_schedule_and_leads_to_it(cast: Cast) -> None:
    data = {"association": cast.association.pk, "year": next_school_year(), "once": uuid.uuid4()}
    client = client_of(cast.head)
    first = client.post(reverse("schedule_start"), data)
    assert client.post(reverse("schedule_start"), data).url == first.url
    made = Schedule.objects.get()
    assert client.post(reverse("schedule_start"), data | {"once": uuid.uuid4()}).url == made.get_absolute_url()
    assert Schedule.objects.count() == 1


def test_the_schools_own_draft_holds_only_who_belongs_to_no_association(cast: Cast) -> None:
    post(cast.deputy, "schedule_start", institution=cast.school.pk, year=next_school_year())
    jobs = Schedule.objects.get().rows.values_list("employment__person", flat=True)
    assert set(jobs) == {cast.director.person_id, cast.clerk.person_id}


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"year": "1999"}, 404),
        ({"year": "next"}, 400),
        ({"year": "9" * 40}, 400),
        ({"association": "0"}, 404),
        ({"association": "", "institution": ""}, 400),
    ],
)
def test_what_no_form_of_ours_sends_starts_nothing(data: dict[str, str], status: int, cast: Cast) -> None:
    wanted = {"association": cast.association.pk, "year": next_school_year()} | data
    assert post(cast.head, "schedule_start", **wanted).status_code == status
    assert not Schedule.objects.exists()


def test_each_finds_what_concerns_them(schedule: Schedule, schools: Schedule, cast: Cast) -> None:
    actions.submit_schedule(schedule=schedule, by=cast.head, seen=1)
    for user in (cast.head, cast.deputy, cast.clerk):
        assert schedule.get_absolute_url() in body(get(user, "schedules"))
    assert schools.get_absolute_url() in body(get(cast.deputy, "schedules"))
    for user in (cast.head, cast.clerk, cast.teacher, cast.stranger):
        assert schools.get_absolute_url() not in body(get(user, "schedules")), "a draft"
    assert reverse("my_courses") in body(get(cast.teacher, "schedules"))
    assert reverse("district_schedules", args=[cast.district.pk]) in body(get(cast.officer, "schedules"))


# Rows --------------------------------------------------------------------------------------------------------------


def test_a_row_is_typed_saved_and_removed(schedule: Schedule, cast: Cast) -> None:
    answer = post(cast.head, "schedule_row_new", schedule.pk, **TYPED, employment=job_of(cast.head).pk)
    row = row_of(schedule, cast.head)
    assert answer.url == reverse("schedule_edit", args=[schedule.pk]) + f"#row-{row.uid}"
    assert (row.title, row.hours, row.provider_text, row.proposed_month, row.note) == (
        "Критериалдуу баалоо",
        Decimal("24.5"),
        "РКЖИ",
        11,
        "Кечки топ",
    )
    post(cast.head, "schedule_row", schedule.pk, row.uid, **TYPED | {"hours": "72 саат"}, seen=1)
    row.refresh_from_db()
    assert (row.hours, row.revision) == (72, 2)
    post(cast.head, "schedule_row_remove", schedule.pk, row.uid, seen=2)
    assert not schedule.rows.filter(pk=row.pk).exists()


def test_hours_are_shown_as_papers_write_them(schedule: Schedule, cast: Cast) -> None:
    row = row_of(schedule, cast.teacher)
    assert 'value="72"' in body(get(cast.head, "schedule_row", schedule.pk, row.uid))
    schedule.rows.update(hours=Decimal("24.5"))
    assert 'value="24,5"' in body(get(cast.head, "schedule_row", schedule.pk, row.uid))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"hours": "көп"}, "hours"),
        ({"hours": "0"}, "hours"),
        ({"hours": "99999"}, "hours"),
        ({"title": "к" * 301}, "title"),
        ({"title": "ИНКЛЮЗИЯ "}, "title"),
        ({"provider_text": "к" * 201}, "provider_text"),
        ({"proposed_month": "13"}, "proposed_month"),
        ({"study_form": "телепатия"}, "study_form"),
        ({"offering": "0"}, "offering"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    typed: dict[str, str], field: str, schedule: Schedule, cast: Cast
) -> None:
    ScheduleEntryFactory.create(schedule=schedule, employment=job_of(cast.teacher), title="Инклюзия")
    row = schedule.rows.get(title="Баалоо")
    answer = post(cast.head, "schedule_row", schedule.pk, row.uid, **TYPED | typed, seen=1)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    page = body(answer)
    assert all(str(value).strip() in page for value in (TYPED | typed).values() if value not in ("13", "0"))
    row.refresh_from_db()
    assert (row.title, row.revision) == ("Баалоо", 1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        ("2027-10-05", "", "ends_on"),
        ("", "2027-10-05", "starts_on"),
        ("2027-10-05", "2027-10-04", "ends_on"),
        ("2027-08-31", "2027-10-05", "starts_on"),
        ("2027-13-05", "2027-10-05", "starts_on"),
    ],
)
def test_a_term_is_two_days_in_order_that_begin_in_the_school_year(
    starts_on: str, ends_on: str, field: str, cast: Cast
) -> None:
    made = factories.school_schedule(cast.school, by=cast.deputy, year=2027)
    row = ScheduleEntryFactory.create(schedule=made, employment=job_of(cast.director))
    days = {"starts_on": starts_on, "ends_on": ends_on}
    answer = post(cast.deputy, "schedule_row", made.pk, row.uid, **TYPED, **days, seen=1)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert all(day in body(answer) for day in days.values())


def test_the_deputy_changes_course_term_and_who_is_responsible(schools: Schedule, cast: Cast) -> None:
    row = row_of(schools, cast.director)
    day = schools.starts_on + dt.timedelta(days=30)
    data = {"starts_on": day.isoformat(), "ends_on": day.isoformat(), "responsible": "Окуу бөлүмү"}
    post(cast.deputy, "schedule_row", schools.pk, row.uid, **TYPED, **data, seen=1)
    row.refresh_from_db()
    assert (row.title, row.provider_text) == ("Критериалдуу баалоо", "РКЖИ")
    assert (row.starts_on, row.ends_on, row.responsible) == (day, day, "Окуу бөлүмү")


def test_choosing_an_offered_course_fills_the_row(schedule: Schedule, schools: Schedule, cast: Cast) -> None:
    offering = OfferingFactory.create(
        district=cast.district, entered_by=cast.officer.person, title="Санариптик сабат", study_form="distance"
    )
    for made, by, whose in ((schedule, cast.head, cast.teacher), (schools, cast.deputy, cast.director)):
        row = row_of(made, whose)
        post(by, "schedule_row", made.pk, row.uid, **TYPED, offering=offering.pk, seen=1)
        row.refresh_from_db()
        assert (row.offering, row.title, row.hours, row.study_form) == (offering, "Санариптик сабат", 72, "distance")
        assert (row.provider_text, row.proposed_month) == (offering.provider.title_ky, 10)
    assert (row.starts_on, row.ends_on) == (offering.starts_on, offering.ends_on)
    assert row_of(schedule, cast.teacher).starts_on is None, "the exact term is the deputy's"
    post(cast.deputy, "schedule_row", schools.pk, row.uid, **TYPED, offering=offering.pk, seen=2)
    row.refresh_from_db()
    assert row.title == "Критериалдуу баалоо", "what is typed later stays"


def test_only_the_districts_live_courses_of_the_year_are_offered(schedule: Schedule, cast: Cast) -> None:
    own = {"entered_by": cast.officer.person, "district": cast.district}
    offered = OfferingFactory.create(**own)
    OfferingFactory.create(**own | {"district": cast.other_district})
    OfferingFactory.create(**own, starts_on=schedule.ends_on + dt.timedelta(days=1), ends_on=dt.date(2099, 1, 1))
    OfferingFactory.create(
        **own, cancelled_at=dt.datetime.now(dt.UTC), cancelled_by=cast.officer.person, cancel_reason="Жок"
    )
    form = get(cast.head, "schedule_row_new", schedule.pk).context["form"]
    assert list(form.fields["offering"].queryset) == [offered]
    assert set(form.fields["employment"].queryset) == {
        job_of(user) for user in (cast.teacher, cast.peer, cast.head, cast.deputy)
    }


def test_a_row_saved_elsewhere_is_shown_beside_what_was_typed(schedule: Schedule, cast: Cast) -> None:
    row = row_of(schedule, cast.teacher)
    actions.save_row(row=row, by=cast.head, seen=1, columns={"provider_text": "ОКЖИ"})
    answer = post(cast.head, "schedule_row", schedule.pk, row.uid, **TYPED, seen=1)
    assert answer.status_code == 409
    told = {(one["saved"], one["typed"]) for one in answer.context["differences"]}
    assert {("ОКЖИ", "РКЖИ"), ("Баалоо", "Критериалдуу баалоо"), ("72", "24,5")} <= told
    row.refresh_from_db()
    assert (row.provider_text, row.title) == ("ОКЖИ", "Баалоо")
    post(cast.head, "schedule_row", schedule.pk, row.uid, **TYPED, seen=answer.context["seen"])
    row.refresh_from_db()
    assert row.provider_text == "РКЖИ"


def test_what_was_typed_into_a_row_removed_elsewhere_can_be_added_again(schedule: Schedule, cast: Cast) -> None:
    row = row_of(schedule, cast.teacher)
    actions.remove_row(row=row, by=cast.head, seen=1)
    answer = post(cast.head, "schedule_row", schedule.pk, row.uid, **TYPED, seen=1)
    page = body(answer)
    assert answer.status_code == 409
    assert all(value in page for value in TYPED.values())
    assert f'action="{reverse("schedule_row_new", args=[schedule.pk])}"' in page
    assert schedule.rows.count() == 1
    assert get(cast.head, "schedule_row", schedule.pk, row.uid).status_code == 404
    assert post(cast.head, "schedule_row_remove", schedule.pk, row.uid, seen=1).status_code == 404


def test_months_of_all_rows_are_saved_at_once(schedule: Schedule, cast: Cast) -> None:
    one, other = schedule.rows.order_by("pk")
    months = {f"month-{one.uid}": "2", f"month-{other.uid}": ""}
    post(cast.head, "schedule_edit", schedule.pk, **months, seen=1)
    assert list(schedule.rows.order_by("pk").values_list("proposed_month", flat=True)) == [2, None]


def test_months_chosen_while_a_row_was_saved_elsewhere_are_kept_on_the_screen(schedule: Schedule, cast: Cast) -> None:
    one, other = schedule.rows.order_by("pk")
    actions.save_row(row=other, by=cast.head, seen=1, columns={"title": "Жаңы курс"})
    months = {f"month-{one.uid}": "2", f"month-{other.uid}": "10"}
    answer = post(cast.head, "schedule_edit", schedule.pk, **months, seen=1, then="submit")
    assert answer.status_code == 409
    assert "Жаңы курс" in body(answer)
    shown = {row["uid"]: field.value() for row, field in answer.context["rows"]}
    assert shown[str(one.uid)] == "2"
    assert (row_of(schedule, cast.teacher).proposed_month, fresh(schedule).state) == (10, State.DRAFT)
    assert answer.context["schedule"].revision == fresh(schedule).revision


def test_one_button_saves_the_months_and_hands_the_schedule_in(schedule: Schedule, cast: Cast) -> None:
    one, other = schedule.rows.order_by("pk")
    months = {f"month-{one.uid}": "2", f"month-{other.uid}": "3"}
    answer = post(cast.head, "schedule_edit", schedule.pk, **months, seen=1, then="submit")
    found = fresh(schedule)
    assert (answer.url, found.state) == (schedule.get_absolute_url(), State.SUBMITTED)
    assert found.current_version
    rows = found.current_version.content["groups"][0]["rows"]
    assert sorted(row["proposed_month"] for row in rows) == [2, 3]


def test_who_else_is_due_is_ticked_and_added(schedule: Schedule, cast: Cast) -> None:
    missing = get(cast.head, "schedule_missing", schedule.pk).context["missing"]
    assert {one.job for one in missing} == {job_of(cast.head), job_of(cast.deputy)}
    key = next(one.key for one in missing if one.job == job_of(cast.head))
    post(cast.head, "schedule_missing", schedule.pk, row=[key, "0:", "кыйшык"])
    assert [reason["code"] for reason in row_of(schedule, cast.head).reasons] == [
        "overdue",
        "shortfall",
        "never_trained",
    ]
    assert schedule.rows.count() == 3
    assert post(cast.head, "schedule_missing", schedule.pk, row=[key]).url == reverse(
        "schedule_missing", args=[schedule.pk]
    )


# Moves -------------------------------------------------------------------------------------------------------------


def test_sending_twice_makes_one_submission(schools: Schedule, cast: Cast) -> None:
    client, seen = client_of(cast.deputy), fresh(schools).revision
    close = reverse("schedule_move", args=[schools.pk, "close"])
    form = {"once": uuid.uuid4(), "seen": seen}
    for data in (form, form, form | {"once": uuid.uuid4()}):  # the same token, and the same revision
        assert client.post(close, data).status_code == 302
    assert (fresh(schools).state, fresh(schools).versions.count()) == (State.CLOSED, 1)
    send = reverse("schedule_move", args=[schools.pk, "send"])
    form = {"once": uuid.uuid4(), "seen": fresh(schools).revision}
    for data in (form, form, form | {"once": uuid.uuid4()}):
        assert client.post(send, data).status_code == 302
    assert [decision.action for decision in factories.decisions_of(schools)] == ["close", "send"]


def test_once_the_district_has_opened_it_the_school_cannot_withdraw(schools: Schedule, cast: Cast) -> None:
    found = sent(schools, cast)
    assert reverse("schedule_move", args=[schools.pk, "withdraw"]) in body(get(cast.deputy, "schedule", schools.pk))
    assert fresh(found).seen_at is None, "the school's own look does not count"
    assert get(cast.officer, "schedule", schools.pk).status_code == 200
    assert fresh(found).seen_at
    move(cast.deputy, schools, Action.WITHDRAW)
    assert fresh(schools).state == State.SUBMITTED


def test_the_district_accepts_or_returns_with_a_reason(schools: Schedule, cast: Cast) -> None:
    sent(schools, cast)
    move(cast.officer, schools, Action.RETURN)
    assert fresh(schools).state == State.SUBMITTED, "a return needs a reason"
    move(cast.officer, schools, Action.RETURN, reason="Мөөнөттү тактаңыз.")
    assert "Мөөнөттү тактаңыз." in body(client_of(cast.deputy).get(schools.get_absolute_url(), follow=True))
    row = row_of(schools, cast.director)
    actions.save_row(row=row, by=again(cast.deputy), seen=row.revision, columns={"note": "Такталды"})
    sent(schools, cast)
    move(cast.officer, schools, Action.APPROVE)
    found = fresh(schools)
    assert (found.state, found.in_force and found.in_force.number) == (State.APPROVED, 2)


def test_a_later_change_is_a_numbered_amendment_that_shows_what_differs(schools: Schedule, cast: Cast) -> None:
    sent(schools, cast)
    move(cast.officer, schools, Action.APPROVE)
    assert move(cast.deputy, schools, Action.AMEND).url == schools.get_absolute_url()
    assert get(cast.deputy, "schedule", schools.pk).url == reverse("schedule_edit", args=[schools.pk])
    row = row_of(schools, cast.director)
    actions.save_row(row=row, by=again(cast.deputy), seen=row.revision, columns={"title": "Башка курс"})
    assert "Башка курс" not in body(get(cast.officer, "schedule", schools.pk)), "not sent yet"
    move(cast.deputy, schools, Action.CLOSE, change_note="Окутуучу алмашты")
    assert "Башка курс" not in body(get(cast.officer, "schedule", schools.pk)), "closed, not sent yet"
    assert get(cast.officer, "schedule_version", schools.pk, 2).status_code == 404
    move(cast.deputy, schools, Action.SEND)
    answer = get(cast.officer, "schedule", schools.pk)
    assert (answer.context["shown"].version.number, answer.context["shown"].amendment) == (2, 1)
    [difference] = answer.context["differences"]
    assert [(one.name, one.after) for one in difference.columns] == [("title", "Башка курс")]
    assert "Окутуучу алмашты" in body(answer)
    first = get(cast.officer, "schedule_version", schools.pk, 1)
    assert first.context["is_past"]
    assert "Башка курс" not in body(first)


def test_giving_up_a_change_leads_back_to_what_is_in_force(schools: Schedule, cast: Cast) -> None:
    sent(schools, cast)
    move(cast.officer, schools, Action.APPROVE)
    move(cast.deputy, schools, Action.AMEND)
    row = row_of(schools, cast.director)
    actions.remove_row(row=row, by=again(cast.deputy), seen=row.revision)
    move(cast.deputy, schools, Action.DISCARD)
    assert (fresh(schools).state, row_of(schools, cast.director).title) == (State.APPROVED, row.title)


def test_a_part_handed_in_can_be_withdrawn_until_the_deputy_opens_it(schedule: Schedule, cast: Cast) -> None:
    move(cast.head, schedule, Action.SUBMIT)
    move(cast.head, schedule, Action.WITHDRAW)
    assert fresh(schedule).state == State.DRAFT
    move(cast.head, schedule, Action.SUBMIT)
    assert get(cast.deputy, "schedule", schedule.pk).status_code == 200
    move(cast.head, schedule, Action.WITHDRAW)
    assert fresh(schedule).state == State.SUBMITTED
    told = get(cast.head, "schedule", schedule.pk).context["told"]
    assert [(one.version.number, one.amendment) for one in told] == [(1, 0), (2, 0)], "nothing was taken before"


def test_a_part_is_taken_not_merely_approved(schedule: Schedule, cast: Cast) -> None:
    move(cast.head, schedule, Action.SUBMIT)
    assert move(cast.deputy, schedule, Action.APPROVE).status_code == 404
    page = body(get(cast.deputy, "schedule", schedule.pk))
    take = reverse("schedule_part", args=[schedule.pk, schedule.pk, "take"])
    assert take in page
    client_of(cast.deputy).post(take, {"once": uuid.uuid4(), "seen": fresh(schedule).revision})
    assert fresh(schedule).state == State.APPROVED
    assert Schedule.objects.get(association=None).rows.count() == 2


def test_nothing_is_edited_while_somebody_decides(schedule: Schedule, cast: Cast) -> None:
    row = row_of(schedule, cast.teacher)
    actions.submit_schedule(schedule=schedule, by=cast.head, seen=1)
    pages: list[tuple[str, tuple[Any, ...]]] = [
        ("schedule_edit", (schedule.pk,)),
        ("schedule_missing", (schedule.pk,)),
        ("schedule_row_new", (schedule.pk,)),
        ("schedule_row", (schedule.pk, row.uid)),
    ]
    for name, args in pages:
        assert get(cast.head, name, *args).url == schedule.get_absolute_url()
        assert post(cast.head, name, *args, **TYPED, seen=1).url == schedule.get_absolute_url()
    post(cast.head, "schedule_row_remove", schedule.pk, row.uid, seen=1)
    assert (schedule.rows.count(), row_of(schedule, cast.teacher).title) == (2, "Баалоо")


def test_a_school_that_closed_its_schedule_sees_it_whole_and_can_open_it_again(schools: Schedule, cast: Cast) -> None:
    move(cast.deputy, schools, Action.CLOSE)
    page = body(get(cast.deputy, "schedule", schools.pk))
    assert reverse("schedule_move", args=[schools.pk, "send"]) in page
    assert get(cast.officer, "schedule", schools.pk).status_code == 404
    move(cast.deputy, schools, Action.REOPEN)
    assert fresh(schools).state == State.DRAFT
    approval.perform(
        fresh(schools), Action.CLOSE, by=again(cast.director), seen=fresh(schools).revision, content={"groups": []}
    )
    assert fresh(schools).versions.count() == 2
