"""What leaders of schools and heads of associations are told of schedules without asking."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from courses.schedules.desk_actions import remind_schools, set_deadline
from courses.schedules.notices import NOTICE_DAYS, Notice, NoticeCode, notices_for
from cpd.dates import today
from schools import approval
from schools.choices import Action, InstitutionKind
from schools.models import Document, Institution
from tests import factories
from tests.conftest import Cast
from tests.factories import again, next_school_year

YEAR = next_school_year()


def told(who: Any, on: dt.date | None = None) -> list[Notice]:
    return notices_for(again(who), on or today())


def codes(who: Any, on: dt.date | None = None) -> list[NoticeCode]:
    return [notice.code for notice in told(who, on)]


def due(cast: Cast, in_days: int, year: int = YEAR) -> None:
    day = today() + dt.timedelta(days=in_days)
    set_deadline(district=cast.district, year=year, due_on=day, by=cast.officer)


def moved(document: Any, action: Action, by: Any, **details: Any) -> None:
    now = Document.objects.get(pk=document.pk)
    approval.perform(now, action, by=again(by), seen=now.revision, **details)


def test_without_a_deadline_and_a_reminder_nobody_is_told_anything(cast: Cast) -> None:
    factories.school_schedule(cast.school, by=cast.deputy)
    assert [codes(who) for who in (cast.deputy, cast.director, cast.head, cast.teacher, cast.officer)] == [[]] * 5


@pytest.mark.parametrize(
    ("in_days", "expected"), [(NOTICE_DAYS + 1, []), (NOTICE_DAYS, [False]), (0, [False]), (-1, [True])]
)
def test_a_deadline_is_told_from_a_month_before_it_and_after_it(
    in_days: int, expected: list[bool], cast: Cast
) -> None:
    due(cast, in_days)
    found = told(cast.deputy)
    assert [(notice.code, notice.is_past) for notice in found] == [(NoticeCode.NOT_SENT, past) for past in expected]
    assert codes(cast.director) == codes(cast.deputy)
    assert [notice.code for notice in told(cast.head)] == [NoticeCode.NOT_HANDED_OVER] * len(expected)
    assert codes(cast.clerk) == codes(cast.teacher) == []


def test_this_year_and_the_next_are_told_apart_and_earlier_ones_not_at_all(cast: Cast) -> None:
    for year in (YEAR - 2, YEAR - 1, YEAR):
        due(cast, -1, year)
    assert [notice.year for notice in told(cast.deputy)] == [YEAR - 1, YEAR]


def test_a_reminder_is_told_with_its_day_even_without_a_deadline(cast: Cast) -> None:
    remind_schools(district=cast.district, year=YEAR, schools=[cast.school], by=cast.officer)
    (notice,) = told(cast.deputy)
    assert (notice.code, notice.place, notice.due_on) == (NoticeCode.NOT_SENT, "Ак-Бата орто мектеби", None)
    assert notice.reminded_on == today()
    assert codes(cast.other_director) == []


def test_once_it_is_sent_nothing_is_told_and_after_a_withdrawal_again(cast: Cast) -> None:
    due(cast, 1)
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    assert [notice.schedule for notice in told(cast.deputy)] == [schedule.pk]
    factories.sent(schedule, by=cast.deputy)
    assert (codes(cast.deputy), codes(cast.head)) == ([], [])
    moved(schedule, Action.WITHDRAW, cast.deputy)
    assert codes(cast.deputy) == [NoticeCode.NOT_SENT]


def test_a_return_by_the_district_is_told_with_its_reason(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    moved(schedule, Action.RETURN, cast.officer, reason="Мөөнөтүн тактаңыз.")
    (notice,) = told(cast.director)
    assert (notice.code, notice.reason, notice.schedule) == (NoticeCode.RETURNED, "Мөөнөтүн тактаңыз.", schedule.pk)
    assert codes(cast.head) == []


def test_the_head_is_told_of_the_own_association_only(cast: Cast) -> None:
    due(cast, 1)
    part = factories.association_schedule(cast.association, by=cast.head)
    assert [notice.schedule for notice in told(cast.head)] == [part.pk]
    assert [notice.schedule for notice in told(cast.other_head)] == [None]
    moved(part, Action.SUBMIT, cast.head, content=factories.schedule_content(part))
    assert (codes(cast.head), codes(cast.other_head)) == ([], [NoticeCode.NOT_HANDED_OVER])
    moved(part, Action.RETURN, cast.deputy, reason="Айларын жазыңыз.")
    assert [(notice.code, notice.reason) for notice in told(cast.head)] == [
        (NoticeCode.PART_RETURNED, "Айларын жазыңыз.")
    ]


def test_a_change_of_a_part_taken_before_is_nobodys_debt(cast: Cast) -> None:
    due(cast, 1)
    part = factories.association_schedule(cast.association, by=cast.head)
    moved(part, Action.SUBMIT, cast.head, content=factories.schedule_content(part))
    moved(part, Action.APPROVE, cast.deputy)
    moved(part, Action.AMEND, cast.head)
    assert codes(cast.head) == []


def test_a_college_owes_its_district_no_schedule(cast: Cast) -> None:
    due(cast, 1)
    Institution.objects.filter(pk=cast.school.pk).update(kind=InstitutionKind.COLLEGE)
    assert codes(cast.deputy) == []


def test_notices_cost_one_query_for_each_kind_of_office(cast: Cast) -> None:
    due(cast, 1)
    factories.RoleFactory(person=cast.head.person, institution=cast.school)
    offices = ((cast.deputy, 1, 1), (cast.head, 2, 2), (cast.officer, 1, 0), (cast.teacher, 0, 0))
    for who, queries, count in offices:
        user = again(who)
        assert user.scope
        with CaptureQueriesContext(connection) as captured:
            assert len(notices_for(user, today())) == count
        assert len(captured) == queries


def test_a_notice_is_read_as_a_sentence_with_its_days(cast: Cast) -> None:
    due(cast, -1)
    remind_schools(district=cast.district, year=YEAR, schools=[cast.school], by=cast.officer)
    text = render_to_string("courses/_notices.html", {"notices": told(cast.deputy)})
    assert "Ак-Бата орто мектеби" in text
    assert f"{YEAR}-{YEAR + 1}" in text
    assert "alert-danger" in text


def test_an_officer_is_told_how_many_schedules_wait_at_the_desk(cast: Cast) -> None:
    schedules = [
        (factories.school_schedule(school, by=by), by)
        for school, by in ((cast.school, cast.deputy), (cast.other_school, cast.other_director))
    ]
    for schedule, by in schedules:
        factories.sent(schedule, by=by)
    [notice] = told(cast.officer)
    assert (notice.code, notice.year, notice.count) == (NoticeCode.SCHOOLS_WAIT, YEAR, 2)
    assert told(cast.other_officer) == told(cast.institute) == []
    address = reverse("district_schedules", args=[cast.district.pk])
    for page in ("home", "schedules"):
        client = Client()
        client.force_login(cast.officer)
        assert f"{address}?year={YEAR}&amp;state=mine" in client.get(reverse(page)).content.decode()
    for schedule, _by in schedules:
        factories.received(schedule, by=cast.officer)
    assert told(cast.officer) == []


def test_a_deputy_is_told_how_many_parts_wait_to_be_taken(cast: Cast) -> None:
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher)
    factories.handed_over(part, by=cast.head)
    [notice] = told(cast.deputy)
    assert (notice.code, notice.count, notice.schedule) == (NoticeCode.PARTS_WAIT, 1, part.pk)
    whole = factories.school_schedule(cast.school, by=cast.deputy)
    assert [notice.schedule for notice in told(cast.deputy)] == [whole.pk]
    assert codes(cast.head) == codes(cast.officer) == []


def test_a_day_ends_a_sentence_with_its_own_full_stop(cast: Cast) -> None:
    due(cast, 1)
    for language in ("ky", "ru"):
        with translation.override(language):
            assert ".." not in render_to_string("courses/_notices.html", {"notices": told(cast.deputy)})
            assert ".</strong>." not in render_to_string("courses/_notices.html", {"notices": told(cast.deputy)})


def test_the_first_page_and_that_of_schedules_tell_it(cast: Cast) -> None:
    due(cast, 1)
    for page in ("home", "schedules"):
        for who, times in ((cast.deputy, 1), (cast.head, 1), (cast.teacher, 0)):
            client = Client()
            client.force_login(who)
            text = client.get(reverse(page)).content.decode()
            assert text.count(f"{YEAR}-{YEAR + 1}</span>.</strong>") == times
