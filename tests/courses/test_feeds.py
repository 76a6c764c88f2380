"""The calendar of a phone: a secret address, and behind it what its owner may see today."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from courses import feeds
from courses.models import CalendarFeed, Seat
from courses.schedules.content import content_of
from cpd.dates import today
from cpd.logs import HideSecrets
from schools import approval
from schools.choices import Action, Role
from schools.models import RoleAssignment, User
from tests import factories, papers
from tests.conftest import Cast
from tests.factories import OfferingFactory, ScheduleEntryFactory, SeatFactory, again

pytestmark = pytest.mark.django_db
TITLE = "Критериалдуу баалоо"


@pytest.fixture
def schedule(cast: Cast) -> Any:
    """The school's schedule, closed, with a row of the teacher's and one of the colleague's."""
    found = factories.school_schedule(cast.school, by=cast.deputy)
    year = factories.next_school_year()
    for who in (cast.teacher, cast.colleague):
        ScheduleEntryFactory(
            schedule=found,
            employment=factories.job_of(who),
            title=TITLE,
            starts_on=dt.date(year, 10, 5),
            ends_on=dt.date(year, 10, 16),
        )
    approval.perform(found, Action.CLOSE, by=cast.deputy, seen=found.revision, content=content_of(found))
    return found


def events(user: User) -> list[Any]:
    return list(Calendar.from_ical(feeds.calendar_of(user)).walk("VEVENT"))


def address(token: str) -> str:
    return f"/calendar/{token}.ics"


@pytest.mark.usefixtures("schedule")
def test_a_teacher_sees_their_own_course_as_whole_days(cast: Cast) -> None:
    [event] = events(cast.teacher)
    year = factories.next_school_year()
    assert event["summary"] == TITLE
    assert event["dtstart"].dt == dt.date(year, 10, 5)
    assert event["dtend"].dt == dt.date(year, 10, 17)
    assert event["status"] == "TENTATIVE"


@pytest.mark.usefixtures("schedule")
def test_who_leads_the_school_sees_everybodys_with_names(cast: Cast) -> None:
    summaries = sorted(str(event["summary"]) for event in events(cast.deputy))
    assert summaries == sorted(f"{who.person.full_name}: {TITLE}" for who in (cast.teacher, cast.colleague))


@pytest.mark.usefixtures("schedule")
def test_a_deputy_of_yesterday_sees_no_school_any_more(cast: Cast) -> None:
    yesterday = today() - dt.timedelta(days=1)
    RoleAssignment.objects.filter(person=cast.deputy.person, role=Role.DEPUTY_DIRECTOR).update(ends_on=yesterday)
    assert events(again(cast.deputy)) == []


@pytest.mark.usefixtures("schedule")
def test_a_confirmed_place_takes_the_stead_of_the_row(cast: Cast) -> None:
    offering = OfferingFactory(
        district=cast.district, entered_by=cast.officer.person, title=TITLE.upper(), venue="Бишкек, Эркиндик 2"
    )
    SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)
    [event] = events(cast.teacher)
    assert (event["status"], event["location"]) == ("CONFIRMED", "Бишкек, Эркиндик 2")


@pytest.mark.usefixtures("schedule")
def test_the_same_courses_give_the_same_bytes(cast: Cast) -> None:
    assert feeds.calendar_of(cast.teacher) == feeds.calendar_of(again(cast.teacher))


@pytest.mark.usefixtures("schedule")
def test_what_somebody_typed_cannot_add_a_line_to_the_calendar(cast: Cast) -> None:
    title = "Баалоо\r\nATTACH:https://example.com\r\n; , \\"
    offering = OfferingFactory(district=cast.district, entered_by=cast.officer.person, title=title)
    SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)
    lines = feeds.calendar_of(cast.teacher).decode().splitlines()
    assert not [line for line in lines if line.startswith("ATTACH")]


def test_the_address_opens_the_calendar_without_signing_in(cast: Cast, client: Client) -> None:
    answer = client.get(address(feeds.make_feed(by=cast.teacher)))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"


def test_only_a_hash_of_the_address_is_kept(cast: Cast) -> None:
    token = feeds.make_feed(by=cast.teacher)
    assert token not in str(list(CalendarFeed.objects.values()))


def test_a_new_address_revokes_the_one_before(cast: Cast, client: Client) -> None:
    old = feeds.make_feed(by=cast.teacher)
    new = feeds.make_feed(by=cast.teacher)
    assert [client.get(address(token)).status_code for token in (old, new)] == [404, 200]


def test_a_revoked_address_opens_nothing(cast: Cast, client: Client) -> None:
    token = feeds.make_feed(by=cast.teacher)
    feeds.revoke_feed(by=cast.teacher)
    assert client.get(address(token)).status_code == 404


def test_an_account_that_may_not_sign_in_has_no_calendar(cast: Cast, client: Client) -> None:
    token = feeds.make_feed(by=cast.teacher)
    User.objects.filter(pk=cast.teacher.pk).update(is_active=False)
    assert client.get(address(token)).status_code == 404


def test_the_page_shows_a_new_address_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    shown = client.post("/my-courses/calendar/").content.decode()
    assert "webcal://" in shown
    assert "webcal://" not in client.get("/my-courses/calendar/").content.decode()


def test_the_address_that_was_shown_opens_the_calendar(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    shown = client.post("/my-courses/calendar/").content.decode()
    [token] = set(re.findall(r"/calendar/([A-Za-z0-9_-]{32})\.ics", shown))
    assert feeds.reader_of(token) == cast.teacher


def test_two_at_once_make_one_address(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    client.post("/my-courses/calendar/")
    client.post("/my-courses/calendar/")
    assert CalendarFeed.objects.live().filter(person=cast.teacher.person_id).count() == 1


def test_the_page_revokes_the_address(cast: Cast, client: Client) -> None:
    token = feeds.make_feed(by=cast.teacher)
    client.force_login(cast.teacher)
    client.post("/my-courses/calendar/", {"revoke": "yes"})
    assert feeds.reader_of(token) is None


def test_the_log_names_no_secret_address(cast: Cast, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    token = feeds.make_feed(by=cast.teacher)
    feeds.revoke_feed(by=cast.teacher)
    client.get(address(token))
    hidden = HideSecrets()
    assert caplog.records
    for record in caplog.records:
        assert hidden.filter(record)
        assert token not in record.getMessage()


def test_the_referral_names_teacher_course_and_days(cast: Cast, client: Client) -> None:
    offering = OfferingFactory(district=cast.district, entered_by=cast.officer.person, title=TITLE)
    seat = SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)
    client.force_login(cast.teacher)
    answer = client.get(f"/places/{seat.pk}/referral/")
    assert answer["Content-Type"] == "application/pdf"
    words = papers.read(answer.content).text
    assert cast.teacher.person.full_name in words
    assert TITLE in words


@pytest.mark.parametrize("who", ["colleague", "stranger", "other_officer"])
def test_a_referral_is_nobody_elses(cast: Cast, client: Client, who: str) -> None:
    offering = OfferingFactory(district=cast.district, entered_by=cast.officer.person)
    seat = SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)
    client.force_login(getattr(cast, who))
    assert client.get(f"/places/{seat.pk}/referral/").status_code == 404


def test_a_place_taken_back_has_no_referral(cast: Cast, client: Client) -> None:
    offering = OfferingFactory(district=cast.district, entered_by=cast.officer.person)
    seat = SeatFactory(offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person)
    Seat.objects.filter(pk=seat.pk).update(
        taken_back_at=seat.given_at, taken_back_by=cast.officer.person_id, taken_back_reason="Курс жылдырылды"
    )
    client.force_login(cast.teacher)
    assert client.get(f"/places/{seat.pk}/referral/").status_code == 404
