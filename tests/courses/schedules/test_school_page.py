"""The deputy director's page of the school's schedule: parts, terms, warnings, weeks."""

import datetime as dt
import gzip
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.choices import Clash, PeriodKind
from courses.models import CalendarPeriod, Schedule, ScheduleEntry
from courses.schedules import actions
from schools import approval
from schools.choices import Action, DocumentKind, State
from schools.models import Employment, Mentorship, Person, User
from tests import factories
from tests.factories import LONG_AGO

YEAR = factories.next_school_year()
FIRST = dt.date(YEAR, 10, 5)
LAST = dt.date(YEAR, 10, 16)
TERM = {"starts_on": FIRST, "ends_on": LAST}
MOST_QUERIES = 15
MOST_BYTES = 60_000


@pytest.fixture
def school(cast: Any) -> Schedule:
    """The school's draft: the teacher's row, and the colleague's of another association."""
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.schedule_row(schedule, cast.teacher, title="Критериалдуу баалоо")
    factories.schedule_row(schedule, cast.colleague, title="Окуу сабаттуулугу")
    return schedule


@pytest.fixture
def part(cast: Any) -> Schedule:
    schedule = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(schedule, cast.peer, title="Сынчыл ойлом")
    return factories.handed_over(schedule, by=cast.head)


def signed_in(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def script(user: User) -> Client:
    return signed_in(user, Accept="application/json")


def row_of(schedule: Schedule, user: User) -> ScheduleEntry:
    return schedule.rows.get(employment__person=user.person_id)


def page_of(schedule: Schedule) -> str:
    return reverse("schedule_edit", args=[schedule.pk])


def typed(row: ScheduleEntry, **days: Any) -> dict[str, Any]:
    seen = Schedule.objects.get(pk=row.schedule_id).revision
    return {"once": uuid.uuid4(), "seen": seen, "revision": row.revision} | {
        name: str(day) for name, day in days.items()
    }


def term(row: ScheduleEntry) -> str:
    return reverse("schedule_term", args=[row.schedule_id, row.uid])


def check(row: ScheduleEntry) -> str:
    return reverse("schedule_check", args=[row.schedule_id, row.uid])


def decided(page: Schedule, part: Schedule, verdict: str) -> str:
    return reverse("schedule_part", args=[page.pk, part.pk, verdict])


def seen(part: Schedule, **more: str) -> dict[str, Any]:
    return {"once": uuid.uuid4(), "seen": Schedule.objects.get(pk=part.pk).revision} | more


def close(schedule: Schedule, by: User) -> None:
    now = Schedule.objects.get(pk=schedule.pk)
    schedule.rows.update(**TERM)
    actions.close_schedule(schedule=now, by=factories.again(by), seen=now.revision)


def test_a_part_whose_taking_was_given_up_is_shown_as_changed_and_taken_again(cast: Any, part: Schedule) -> None:
    def state(school: Schedule) -> Any:
        page = signed_in(factories.again(cast.deputy)).get(page_of(school))
        shown = next(one for one in page.context["table"].groups if one.association == cast.association)
        return shown.is_changed, shown.can_take, decided(school, part, "take") in page.content.decode()

    school = factories.taken(part, by=cast.deputy)
    assert state(school) == (False, False, False)
    school.rows.update(**TERM)
    factories.closed_and_sent(school, by=cast.deputy)
    factories.received(school, by=cast.officer)
    for paper, by in ((school, cast.deputy), (part, cast.head)):
        now = Schedule.objects.get(pk=paper.pk)
        approval.perform(now, Action.AMEND, by=factories.again(by), seen=now.revision)
    part.rows.update(note="Кышында")
    factories.handed_over(part, by=cast.head)
    assert state(school) == (True, True, True)
    factories.taken(part, by=cast.deputy)
    assert state(school) == (False, False, False)
    now = Schedule.objects.get(pk=school.pk)
    actions.discard_change(schedule=now, by=factories.again(cast.deputy), seen=now.revision)
    now = Schedule.objects.get(pk=school.pk)
    approval.perform(now, Action.AMEND, by=factories.again(cast.deputy), seen=now.revision)
    assert state(school) == (True, True, True)
    data = {"once": uuid.uuid4(), "seen": Schedule.objects.get(pk=part.pk).revision}
    signed_in(factories.again(cast.deputy)).post(decided(school, part, "take"), data)
    assert state(school) == (False, False, False)
    assert row_of(school, cast.peer).note == "Кышында"


# The table ----------------------------------------------------------------------------------------------------------


def test_the_table_groups_the_rows_by_association_with_sums(cast: Any, school: Schedule) -> None:
    factories.schedule_row(school, cast.teacher, title="Сынчыл ойлом")
    factories.schedule_row(school, cast.director, title="Башкаруу", association=None)
    groups = signed_in(cast.deputy).get(page_of(school)).context["table"].groups
    assert [(group.association, group.teachers, len(group.lines), group.hours) for group in groups] == [
        (cast.association, 1, 2, 144),
        (cast.other_association, 1, 1, 72),
        (None, 1, 1, 72),
    ]


def test_the_table_shows_how_each_part_stands(cast: Any, school: Schedule, part: Schedule) -> None:
    factories.association_schedule(cast.other_association, by=cast.other_head)
    page = signed_in(cast.deputy).get(page_of(school)).content.decode()
    assert decided(school, part, "take") in page
    assert part.get_absolute_url() in page
    draft = Schedule.objects.get(association=cast.other_association)
    assert "state-draft" in page
    assert draft.get_absolute_url() not in page


def test_a_part_is_taken_and_a_later_one_shows_that_it_changed(cast: Any, school: Schedule, part: Schedule) -> None:
    client = signed_in(cast.deputy)
    answer = client.post(decided(school, part, "take"), seen(part), follow=True)
    assert answer.redirect_chain == [(page_of(school), 302)]
    assert row_of(school, cast.peer).title == "Сынчыл ойлом"
    assert decided(school, part, "take") not in answer.content.decode()
    now = Schedule.objects.get(pk=part.pk)
    approval.perform(now, Action.AMEND, by=factories.again(cast.head), seen=now.revision)
    factories.schedule_row(now, cast.head, title="Жаңы курс")
    factories.handed_over(now, by=cast.head)
    answer = client.get(page_of(school))
    group = answer.context["table"].groups[0]
    assert (group.part.is_mine, group.part.is_undecided, group.part.in_force_id is None) == (True, True, False)
    assert decided(school, part, "take") in answer.content.decode()


def test_a_part_taken_at_its_own_page_begins_the_schools_schedule(cast: Any, part: Schedule) -> None:
    answer = signed_in(cast.deputy).post(decided(part, part, "take"), seen(part))
    school = Schedule.objects.get(kind=DocumentKind.SCHOOL_SCHEDULE)
    assert answer["Location"] == page_of(school)
    assert school.rows.count() == 1


def test_a_part_is_given_back_with_its_reason(cast: Any, school: Schedule, part: Schedule) -> None:
    client = signed_in(cast.deputy)
    client.post(decided(school, part, "return"), seen(part))
    assert Schedule.objects.get(pk=part.pk).state == State.SUBMITTED
    client.post(decided(school, part, "return"), seen(part, reason="Айлар жок."))
    assert Schedule.objects.get(pk=part.pk).state == State.RETURNED


def test_a_part_belongs_to_the_page_of_its_own_school_and_year(cast: Any, school: Schedule, part: Schedule) -> None:
    client = signed_in(cast.deputy)
    other_year = factories.school_schedule(cast.school, by=cast.deputy, year=YEAR - 1)
    for address in (decided(other_year, part, "take"), decided(school, school, "take"), decided(school, part, "keep")):
        assert client.post(address, seen(part)).status_code == 404
    assert Schedule.objects.get(pk=part.pk).state == State.SUBMITTED


def test_a_part_sent_twice_is_taken_once(cast: Any, school: Schedule, part: Schedule) -> None:
    client, form = signed_in(cast.deputy), seen(part)
    answers = [client.post(decided(school, part, "take"), form) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page_of(school))] * 2
    assert school.rows.count() == 3


# Exact terms --------------------------------------------------------------------------------------------------------


def test_a_term_is_saved_by_the_script_with_the_next_revisions(cast: Any, school: Schedule) -> None:
    row = row_of(school, cast.teacher)
    answer = script(cast.deputy).post(term(row), typed(row, **TERM)).json()
    saved = row_of(school, cast.teacher)
    assert (saved.starts_on, saved.ends_on) == (FIRST, LAST)
    now = Schedule.objects.get(pk=school.pk).revision
    assert (answer["revision"], answer["seen"], answer["others"]) == (saved.revision, now, False)


def test_a_page_that_missed_somebody_elses_row_does_not_see_the_new_revision(cast: Any, school: Schedule) -> None:
    """So that it cannot close a schedule which it does not show."""
    mine, theirs = row_of(school, cast.teacher), row_of(school, cast.colleague)
    form = typed(mine, **TERM)
    script(cast.second_deputy).post(term(theirs), typed(theirs, **TERM))
    answer = script(cast.deputy).post(term(mine), form).json()
    assert (answer["seen"], answer["others"]) == (form["seen"], True)
    assert row_of(school, cast.teacher).starts_on == FIRST


def test_without_the_script_a_save_leads_back_to_the_row(cast: Any, school: Schedule) -> None:
    row = row_of(school, cast.teacher)
    answer = signed_in(cast.deputy).post(term(row), typed(row, **TERM))
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(school)}#row-{row.uid}")


def test_the_same_form_sent_twice_is_saved_once(cast: Any, school: Schedule) -> None:
    row, client = row_of(school, cast.teacher), script(cast.deputy)
    form = typed(row, **TERM)
    answers = [client.post(term(row), form).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert row_of(school, cast.teacher).revision == row.revision + 1


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": FIRST, "ends_on": ""}, "ends_on"),
        ({"starts_on": "", "ends_on": LAST}, "starts_on"),
        ({"starts_on": LAST, "ends_on": FIRST}, "ends_on"),
        ({"starts_on": "31-февраль", "ends_on": LAST}, "starts_on"),
        ({"starts_on": FIRST.replace(year=YEAR - 20), "ends_on": LAST}, "starts_on"),
        ({"starts_on": FIRST, "ends_on": FIRST.replace(year=YEAR + 1)}, "ends_on"),
    ],
)
def test_days_that_make_no_term_are_refused_beside_their_field(
    cast: Any, school: Schedule, days: dict[str, Any], field: str
) -> None:
    row = row_of(school, cast.teacher)
    answer = script(cast.deputy).post(term(row), typed(row, **days))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    page = signed_in(cast.deputy).post(term(row), typed(row, **days))
    assert page.status_code == 422
    form = next(line.form for line in page.context["table"].lines if line.row == row)
    assert {name: form[name].value() for name in days} == {name: str(day) for name, day in days.items()}
    assert row_of(school, cast.teacher).starts_on is None


def test_who_comes_second_keeps_what_was_typed_and_may_put_it_in_place(cast: Any, school: Schedule) -> None:
    row = row_of(school, cast.teacher)
    script(cast.second_deputy).post(term(row), typed(row, **TERM))
    mine = {"starts_on": LAST, "ends_on": LAST}
    told = script(cast.deputy).post(term(row), typed(row, **mine))
    assert told.status_code == 409
    assert cast.second_deputy.person.full_name in told.json()["errors"]["__all__"]
    page = signed_in(cast.deputy).post(term(row), typed(row, **mine))
    assert page.status_code == 409
    form = next(line.form for line in page.context["table"].lines if line.row == row)
    assert form["starts_on"].value() == str(LAST)
    assert cast.second_deputy.person.full_name in page.content.decode()
    assert row_of(school, cast.teacher).starts_on == FIRST
    again = typed(row, **mine) | {"revision": form["revision"].value()}
    assert script(cast.deputy).post(term(row), again).status_code == 200
    assert row_of(school, cast.teacher).starts_on == LAST


def test_a_row_that_was_removed_meanwhile_is_told(cast: Any, school: Schedule) -> None:
    row = row_of(school, cast.teacher)
    form = typed(row, **TERM)
    ScheduleEntry.objects.filter(pk=row.pk).delete()
    assert script(cast.deputy).post(term(row), form).status_code == 423
    assert signed_in(cast.deputy).post(term(row), form)["Location"] == page_of(school)


def test_a_closed_schedule_takes_no_term(cast: Any, school: Schedule) -> None:
    row = row_of(school, cast.teacher)
    form = typed(row, starts_on=LAST, ends_on=LAST)
    close(school, cast.deputy)
    assert script(cast.deputy).post(term(row), form).status_code == 423
    assert signed_in(cast.deputy).post(term(row), form)["Location"] == school.get_absolute_url()
    assert row_of(school, cast.teacher).starts_on == FIRST


# Warnings -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def exams(cast: Any) -> CalendarPeriod:
    return CalendarPeriod.objects.create(
        kind="exams", institution=cast.school, entered_by=cast.deputy.person, starts_on=FIRST, ends_on=FIRST
    )


def warnings(client: Client, row: ScheduleEntry, **days: Any) -> int:
    """How many warnings the row would have with these days."""
    return client.get(check(row), days).json()["rows"].get(str(row.uid), "").count("<li>")


def test_days_typed_are_judged_before_anything_is_saved(cast: Any, school: Schedule, exams: CalendarPeriod) -> None:
    """The first day is one of exams; that the teacher is overdue already speaks against no term."""
    row, client = row_of(school, cast.teacher), script(cast.deputy)
    assert client.get(check(row)).json()["rows"] == {}
    assert warnings(client, row, starts_on=FIRST, ends_on=LAST) == 1
    assert warnings(client, row, starts_on=FIRST, ends_on="") == 1
    assert warnings(client, row, starts_on=LAST, ends_on="") == 0
    told = client.get(check(row), TERM).json()["summary"]
    assert told.count(f"#row-{row.uid}") == 2  # warned as typed, and lacking a term as saved
    assert client.get(check(row), {"starts_on": LAST, "ends_on": FIRST}).status_code == 422
    assert row_of(school, cast.teacher).starts_on is None


def test_days_taken_away_on_the_screen_warn_no_more(cast: Any, school: Schedule, exams: CalendarPeriod) -> None:
    school.rows.update(**TERM)
    row, client = row_of(school, cast.teacher), script(cast.deputy)
    assert len(client.get(check(row)).json()["rows"]) == 2
    left = client.get(check(row), {"starts_on": "", "ends_on": ""}).json()["rows"]
    assert list(left) == [str(row_of(school, cast.colleague).uid)]


def test_warnings_are_no_walls(cast: Any, school: Schedule, exams: CalendarPeriod) -> None:
    school.rows.update(**TERM)
    page = signed_in(cast.deputy).get(page_of(school))
    assert len(page.context["table"].warned) == 2
    answer = signed_in(cast.deputy).post(reverse("schedule_move", args=[school.pk, "close"]), seen(school))
    assert answer.status_code == 302
    assert Schedule.objects.get(pk=school.pk).state == State.CLOSED


def test_what_keeps_the_schedule_from_being_closed_is_listed(cast: Any, school: Schedule) -> None:
    row = factories.schedule_row(school, cast.peer, title="", **TERM)
    table = signed_in(cast.deputy).get(page_of(school)).context["table"]
    assert {line.row.employment.person: line.lacks for line in table.lacking} == {
        cast.teacher.person: ["no_term"],
        cast.colleague.person: ["no_term"],
        cast.peer.person: ["no_title"],
    }
    ScheduleEntry.objects.filter(pk=row.pk).update(title="Курс")
    school.rows.update(**TERM)
    assert signed_in(cast.deputy).get(page_of(school)).context["table"].lacking == []


def test_the_reason_of_a_return_stands_on_the_page(cast: Any, school: Schedule) -> None:
    close(school, cast.deputy)
    for action, who, reason in ((Action.SEND, cast.deputy, ""), (Action.RETURN, cast.officer, "Мөөнөттөр кайчы.")):
        now = Schedule.objects.get(pk=school.pk)
        approval.perform(now, action, by=factories.again(who), seen=now.revision, reason=reason)
    assert "Мөөнөттөр кайчы." in signed_in(cast.deputy).get(page_of(school)).content.decode()


# The weeks ----------------------------------------------------------------------------------------------------------


def weeks(user: User, schedule: Schedule) -> Any:
    return signed_in(user).get(reverse("schedule_weeks", args=[schedule.pk]))


def test_the_weeks_show_who_is_away_and_what_the_calendar_says(
    cast: Any, school: Schedule, exams: CalendarPeriod
) -> None:
    ScheduleEntry.objects.filter(pk=row_of(school, cast.teacher).pk).update(**TERM)
    answer = weeks(cast.deputy, school)
    year = answer.context["year"]
    assert (year.columns, year.undated) == ([cast.association.title_ky], 1)
    busy = [line for line in year.lines if line.people]
    assert [line.week.period.overlaps(school.period) for line in year.lines] == [True] * len(year.lines)
    assert busy[0].week.period.starts_on <= FIRST <= busy[0].week.period.ends_on
    assert busy[-1].week.period.starts_on <= LAST <= busy[-1].week.period.ends_on
    assert busy[0].week.exams
    [(_title, [away])] = busy[0].cells
    assert away.warnings
    assert f"{page_of(school)}#row-{away.stay.uid}" in answer.content.decode()


def test_others_read_the_weeks_of_the_version_and_not_of_the_draft(cast: Any, school: Schedule) -> None:
    for user in (cast.clerk, cast.officer, cast.head):
        assert weeks(user, school).status_code == 404
    close(school, cast.deputy)
    assert weeks(cast.officer, school).status_code == 404
    now = Schedule.objects.get(pk=school.pk)
    approval.perform(now, Action.SEND, by=factories.again(cast.deputy), seen=now.revision)
    school.rows.all().delete()
    for user in (cast.clerk, cast.officer, cast.head, cast.deputy):
        answer = weeks(user, school)
        assert sum(line.people for line in answer.context["year"].lines) >= 2, user
        assert page_of(school) not in answer.content.decode()


def test_a_place_given_since_does_not_speak_against_a_version(cast: Any, school: Schedule) -> None:
    """On the desk it does, unless it is a place in the very course of the row."""
    school.rows.update(**TERM)
    given = {"district": cast.district, "entered_by": cast.officer.person} | TERM
    offering = factories.OfferingFactory(title="Башка аталыш", **given)
    factories.SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)
    second_course = str(Clash.SAME_TEACHER.label)
    assert second_course in weeks(cast.deputy, school).content.decode()
    close(school, cast.deputy)
    assert second_course not in weeks(cast.deputy, school).content.decode()


def test_the_weeks_tell_of_single_leave_and_mentors_only_who_reads_the_calendar(cast: Any, school: Schedule) -> None:
    pair = {"mentor": cast.teacher.person, "mentee": cast.colleague.person, "starts_on": LONG_AGO}
    Mentorship.objects.create(institution=cast.school, **pair)
    spell = {"kind": PeriodKind.LEAVE, "starts_on": FIRST, "ends_on": FIRST}
    CalendarPeriod.objects.create(institution=cast.school, employment=factories.job_of(cast.teacher), **spell)
    close(school, cast.deputy)
    factories.received(factories.sent_on(school, by=cast.deputy).document, by=cast.officer)
    said = [str(code.label) for code in (Clash.LEAVE, Clash.MENTOR_WITH_MENTEE)]
    course = row_of(school, cast.teacher).title
    for user in (cast.deputy, cast.director, cast.clerk):
        page = weeks(user, school).content.decode()
        assert course in page
        assert all(words in page for words in said), user
    for user in (cast.head, cast.other_head, cast.officer, cast.institute):
        page = weeks(user, school).content.decode()
        assert course in page
        assert not any(words in page for words in said), user
        assert "warned" not in page


def test_the_weeks_tell_everybody_of_everybodys_exams_and_leave(
    cast: Any, school: Schedule, exams: CalendarPeriod
) -> None:
    CalendarPeriod.objects.create(institution=cast.school, kind=PeriodKind.LEAVE, starts_on=FIRST, ends_on=LAST)
    close(school, cast.deputy)
    factories.received(factories.sent_on(school, by=cast.deputy).document, by=cast.officer)
    for user in (cast.deputy, cast.head, cast.officer, cast.institute):
        lines = weeks(user, school).context["year"].lines
        assert [line.week.number for line in lines if line.week.leave] == [
            line.week.number for line in lines if line.people
        ]
        assert any(line.week.exams for line in lines)


def test_an_associations_schedule_has_no_weeks(cast: Any, part: Schedule) -> None:
    assert weeks(cast.deputy, part).status_code == 404


# The example of a date ----------------------------------------------------------------------------------------------


def test_what_is_no_date_is_told_with_one_of_the_schedules_year(cast: Any, school: Schedule) -> None:
    row = row_of(school, cast.teacher)
    answer = script(cast.deputy).post(term(row), typed(row, starts_on="күзүндө", ends_on=LAST))
    assert f"05.10.{YEAR}" in answer.json()["errors"]["starts_on"]


# Size ---------------------------------------------------------------------------------------------------------------


def many_rows(cast: Any, school: Schedule, count: int) -> None:
    people = Person.objects.bulk_create(
        Person(family_name=f"Сыдыгалиева{n:03}", given_name="Айпери", fathers_name="Токтогуловна")
        for n in range(count)
    )
    jobs = Employment.objects.bulk_create(
        Employment(
            person=person,
            institution=cast.school,
            association=(cast.association, cast.other_association)[n % 2],
            position="математика мугалими",
            starts_on=LONG_AGO,
        )
        for n, person in enumerate(people)
    )
    reasons = [{"code": "shortfall", "hours": "36"}, {"code": "due", "on": f"{YEAR}-11-01"}]
    for n, job in enumerate(jobs):
        day = FIRST + dt.timedelta(days=3 * n)
        factories.ScheduleEntryFactory(
            schedule=school,
            employment=job,
            association=job.association,
            title=f"Окутуунун заманбап технологиялары {n}",
            reasons=reasons,
            starts_on=day,
            ends_on=day + dt.timedelta(days=11),
        )


def measured(cast: Any, address: str) -> tuple[int, int]:
    """Queries, and bytes as they travel."""
    client = signed_in(factories.again(cast.deputy))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured), len(gzip.compress(answer.content))


@pytest.mark.parametrize("name", ["schedule_edit", "schedule_weeks"])
def test_sixty_rows_ask_no_more_of_the_database_than_one_and_stay_light(name: str, cast: Any, part: Schedule) -> None:
    school = factories.school_schedule(cast.school, by=cast.deputy)
    address = reverse(name, args=[school.pk])
    many_rows(cast, school, 1)
    few, _bytes = measured(cast, address)
    many_rows(cast, school, 59)
    many, size = measured(cast, address)
    assert few == many
    assert many <= MOST_QUERIES
    assert size <= MOST_BYTES
