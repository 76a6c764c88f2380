"""What is told of records, hours, places in courses and schedules."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import verification
from courses.choices import RecordAction
from courses.models import HoursPolicy, Seat, TrainingRecord
from courses.noticing import records_waiting
from courses.offerings.actions import cancel_offering
from courses.offerings.seats import name_teacher, take_back
from courses.schedules.desk_actions import remind_schools, set_deadline
from courses.schedules.notices import NOTICE_DAYS
from cpd.dates import add_years, today
from schools.choices import NoticeKind, Work
from schools.models import Delegation, District, Employment, Notice, Person, RoleAssignment, User
from schools.notice_words import sentence
from schools.notices import LOOKS_BACK, collect_days, collect_events
from tests import factories
from tests.conftest import Cast
from tests.factories import again, next_school_year

DAY = dt.timedelta(days=1)


def collect() -> int:
    return collect_events(timezone.now() - LOOKS_BACK)


def told_to(user: User) -> list[Notice]:
    return list(Notice.objects.filter(person=user.person_id).order_by("pk"))


def kinds(user: User) -> list[str]:
    return [notice.kind for notice in told_to(user)]


# Records ----------------------------------------------------------------------------------------------------------


def handed_in(user: User) -> TrainingRecord:
    record = factories.training_record(user, status="draft")
    verification.perform(record, RecordAction.SUBMIT, by=again(user), seen=record.revision)
    return TrainingRecord.objects.get(pk=record.pk)


def decide(record: TrainingRecord, action: RecordAction, by: User) -> None:
    now = TrainingRecord.objects.get(pk=record.pk)
    verification.perform(now, action, by=again(by), seen=now.revision, reason="Күбөлүк окулбайт.")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (RecordAction.VERIFY, NoticeKind.APPROVED),
        (RecordAction.RETURN, NoticeKind.RETURNED),
        (RecordAction.REJECT, NoticeKind.RETURNED),
    ],
)
def test_a_decision_on_a_record_is_told_to_its_owner(action: RecordAction, kind: NoticeKind, cast: Cast) -> None:
    record = handed_in(cast.teacher)
    decide(record, action, cast.deputy)
    collect()
    (notice,) = told_to(cast.teacher)
    assert (notice.kind, notice.path) == (kind, f"/records/{record.pk}/")
    assert sentence(notice).endswith(f": {record.title}")


def test_many_records_of_a_day_wait_as_one_notice_until_none_is_left(cast: Cast) -> None:
    records = [handed_in(user) for user in (cast.teacher, cast.teacher, cast.peer)]
    collect()
    verifying = (cast.deputy, cast.second_deputy, cast.director, cast.clerk)
    assert [kinds(who) for who in verifying] == [["waiting"]] * 4
    assert [kinds(who) for who in (cast.head, cast.officer, cast.teacher, cast.other_director)] == [[]] * 4
    decide(records[0], RecordAction.VERIFY, cast.deputy)
    collect()
    assert again(cast.clerk).unread_notices == 1
    for record in records[1:]:
        decide(record, RecordAction.VERIFY, cast.deputy)
    collect()
    assert [again(who).unread_notices for who in verifying] == [0] * 4
    assert [kinds(who) for who in verifying] == [["waiting"]] * 4


def test_who_is_told_of_records_is_who_may_verify_one_of_them(cast: Cast) -> None:
    """The deputy's own record waits for the others and for the district; the work may be handed over."""
    Delegation.objects.create(
        institution=cast.school, giver=cast.deputy.person, taker=cast.peer.person, work=Work.RECORDS, ends_on=today()
    )
    for user in (cast.teacher, cast.deputy, cast.stranger, cast.clerk, cast.peer):
        handed_in(user)
    told = {one.person for one in records_waiting(timezone.now() - LOOKS_BACK)}
    users = [again(user) for user in User.objects.all()]
    assert told == {user.person_id for user in users if TrainingRecord.objects.awaiting(user).exists()}
    assert {cast.officer.person_id, cast.peer.person_id, cast.other_director.person_id} <= told


# Hours ------------------------------------------------------------------------------------------------------------


def owing(user: User, days: int) -> None:
    """Hired so long ago that the five years of the rule end so many days from now."""
    rule = HoursPolicy.objects.get(code="SCHOOL_72_5Y")
    hired = add_years(today() + days * DAY, -rule.years)
    Employment.objects.filter(person=user.person_id).update(starts_on=hired, is_young_specialist=False)


def teachers_owe(cast: Cast, days: int) -> None:
    """All others have nothing to do with hours."""
    Employment.objects.exclude(person=cast.teacher.person_id).update(is_teaching=False)
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(driver="rolling")
    owing(cast.teacher, days)


@pytest.mark.parametrize(
    ("days", "threshold"), [(-1, None), (0, "60"), (60, "60"), (61, "182"), (182, "182"), (183, "365"), (366, None)]
)
def test_hours_are_told_a_year_half_a_year_and_two_months_before(days: int, threshold: str | None, cast: Cast) -> None:
    teachers_owe(cast, days)
    assert collect_days(today()) == (1 if threshold else 0)
    due = (today() + days * DAY).isoformat()
    assert [notice.key for notice in told_to(cast.teacher)] == ([f"due-{due}-{threshold}"] if threshold else [])


def test_each_threshold_is_told_once_and_anew_when_the_date_moves(cast: Cast) -> None:
    teachers_owe(cast, 200)
    assert [collect_days(today()), collect_days(today() + DAY)] == [1, 0]
    assert [collect_days(today() + 30 * DAY), collect_days(today() + 31 * DAY)] == [1, 0]
    owing(cast.teacher, 100)
    assert collect_days(today()) == 1


def test_thresholds_are_a_setting(cast: Cast, settings) -> None:
    settings.NOTICE_DAYS_BEFORE_DUE = (100,)
    teachers_owe(cast, 101)
    assert collect_days(today()) == 0
    settings.NOTICE_DAYS_BEFORE_DUE = (101, 50)
    assert collect_days(today()) == 1


def test_a_rule_of_one_year_is_not_told_a_year_before(cast: Cast) -> None:
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(years=1)
    teachers_owe(cast, 200)
    assert collect_days(today()) == 0
    owing(cast.teacher, 180)
    assert collect_days(today()) == 1


def test_who_switched_hours_off_and_who_left_are_not_told(cast: Cast) -> None:
    teachers_owe(cast, 50)
    User.objects.filter(pk=cast.teacher.pk).update(muted=["due"])
    assert collect_days(today()) == 0
    User.objects.update(muted=[])
    Employment.objects.filter(person=cast.teacher.person_id).update(ends_on=today() - DAY)
    assert collect_days(today()) == 0


def test_the_sentence_says_until_when_and_how_much_is_lacking(cast: Cast) -> None:
    teachers_owe(cast, 50)
    factories.training_record(cast.teacher, status="verified", amount=Decimal("24.5"))
    collect_days(today())
    (notice,) = told_to(cast.teacher)
    assert sentence(notice).endswith(": 47,5")
    assert notice.path == "/hours/"


def test_a_district_costs_as_many_questions_for_many_as_for_few(cast: Cast) -> None:
    teachers_owe(cast, 50)
    District.objects.exclude(pk=cast.district.pk).filter(institution=None).delete()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            collect_days(today())
        return sum(query["sql"].lstrip().startswith(("SELECT", "WITH")) for query in captured)

    few = asked()
    people = Person.objects.bulk_create(Person(family_name=f"Көп{n}", given_name="Ак") for n in range(300))
    User.objects.bulk_create(User(username=f"many{n}", person=one, password="!") for n, one in enumerate(people))
    starts_on = factories.job_of(cast.teacher).starts_on
    Employment.objects.bulk_create(
        Employment(person=one, institution=cast.school, position="мугалим", starts_on=starts_on) for one in people
    )
    assert asked() == few
    assert Notice.objects.filter(kind="due").count() == 301


# Places -----------------------------------------------------------------------------------------------------------


def test_a_place_is_told_when_given_and_when_taken_back(cast: Cast) -> None:
    offering = factories.offering(cast)
    seat = factories.seat(offering, cast.teacher, by=cast.officer)
    assert [collect(), collect()] == [1, 0]
    (given,) = told_to(cast.teacher)
    assert (given.kind, given.path) == ("place", "/my-courses/")
    assert offering.title in sentence(given)
    take_back(seat=seat, by=again(cast.officer), reason="Топ жабылды.")
    assert [collect(), len(told_to(cast.teacher))] == [1, 2]


def test_a_course_that_is_cancelled_is_told_to_who_holds_a_place(cast: Cast) -> None:
    offering = factories.offering(cast)
    factories.seat(offering, cast.teacher, by=cast.officer)
    offering.refresh_from_db()
    cancel_offering(offering=offering, by=again(cast.officer), seen=offering.revision, reason="Акча жок.")
    collect()
    assert [notice.facts["what"] for notice in told_to(cast.teacher)] == ["place_cancelled"]


def test_places_of_a_school_are_told_to_its_leaders_and_then_to_whom_they_name(cast: Cast) -> None:
    offering = factories.offering(cast)
    seats = [factories.seat(offering, by=cast.officer, institution=cast.school, employment=None) for _ in range(3)]
    collect()
    assert [kinds(who) for who in (cast.deputy, cast.director, cast.clerk)] == [["place"], ["place"], []]
    name_teacher(seat=seats[0], by=again(cast.deputy), employment=factories.job_of(cast.peer), seen=None)
    assert collect() == 1
    assert kinds(cast.peer) == ["place"]
    assert Seat.objects.filter(employment=None).count() == 2


# Schedules --------------------------------------------------------------------------------------------------------


def deadline(cast: Cast, in_days: int) -> None:
    due_on = today() + in_days * DAY
    set_deadline(district=cast.district, year=next_school_year(), due_on=due_on, by=cast.officer)


def schedule_notices(user: User) -> list[Notice]:
    return [notice for notice in told_to(user) if notice.kind == "deadline"]


@pytest.mark.parametrize(
    ("in_days", "count"), [(NOTICE_DAYS + 1, 0), (NOTICE_DAYS, 1), (-1, 1), (-LOOKS_BACK.days - 1, 0)]
)
def test_a_deadline_is_told_to_who_makes_schedules_but_not_when_it_is_old(
    in_days: int, count: int, cast: Cast
) -> None:
    deadline(cast, in_days)
    collect_days(today())
    for who in (cast.deputy, cast.director, cast.head, cast.other_head, cast.other_director):
        assert len(schedule_notices(who)) == count
    assert schedule_notices(cast.teacher) == schedule_notices(cast.clerk) == []


def test_a_deadline_is_told_before_it_and_after_it_and_each_reminder_once(cast: Cast) -> None:
    deadline(cast, 3)
    for _again in range(2):
        collect_days(today())
        assert len(schedule_notices(cast.deputy)) == 1
    remind_schools(district=cast.district, year=next_school_year(), schools=[cast.school], by=cast.officer)
    for _again in range(2):
        collect_days(today())
        assert (len(schedule_notices(cast.deputy)), len(schedule_notices(cast.other_director))) == (2, 1)
    collect_days(today() + 4 * DAY)
    assert (len(schedule_notices(cast.deputy)), len(schedule_notices(cast.other_director))) == (3, 2)
    text = sentence(schedule_notices(cast.deputy)[-1])
    assert str(cast.school) in text
    assert ".." not in text


def test_who_no_longer_leads_is_told_of_no_deadline(cast: Cast) -> None:
    deadline(cast, 3)
    RoleAssignment.objects.filter(person=cast.deputy.person).update(ends_on=today() - DAY)
    collect_days(today())
    assert (schedule_notices(cast.deputy), len(schedule_notices(cast.second_deputy))) == ([], 1)
