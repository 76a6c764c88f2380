"""The calendar of a school and of a district: exam weeks, leave, the limit of teachers away."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses.calendar_forms import LimitForm, SchoolPeriodForm
from courses.choices import PeriodKind
from courses.models import AwayLimit, CalendarPeriod
from courses.schedules.limits import set_limit
from cpd.dates import school_year, school_year_of, today
from schools.models import Employment
from tests.factories import LONG_AGO, job_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def send(client, user, name: str, pk: int, **data):
    client.force_login(user)
    return client.post(reverse(name, args=[pk]), {"once": uuid.uuid4()} | data)


def page(client, user, name: str, pk: int) -> str:
    client.force_login(user)
    answer = client.get(reverse(name, args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def period(**columns) -> CalendarPeriod:
    wanted = {"kind": PeriodKind.LEAVE, "starts_on": today(), "ends_on": today() + 6 * DAY}
    return CalendarPeriod.objects.create(**wanted | columns)


def typed_period(**columns) -> dict[str, object]:
    wanted = {"kind": "exams", "starts_on": today(), "ends_on": today() + 4 * DAY, **columns}
    return {f"period-{name}": value for name, value in wanted.items()}


# Periods ----------------------------------------------------------------------------------------------------------


def test_a_deputy_enters_exam_weeks_for_everybody(client, cast):
    answer = send(client, cast.deputy, "period_new", cast.school.pk, **typed_period())
    assert answer.url == reverse("school_calendar", args=[cast.school.pk])
    [made] = CalendarPeriod.objects.all()
    assert (made.kind, made.employment, made.institution, made.district) == ("exams", None, cast.school, None)
    assert (made.starts_on, made.ends_on, made.entered_by) == (today(), today() + 4 * DAY, cast.deputy.person)


def test_a_director_enters_the_leave_of_one_teacher(client, cast):
    one = typed_period(kind="leave", employment=job_of(cast.teacher).pk)
    send(client, cast.director, "period_new", cast.school.pk, **one)
    assert CalendarPeriod.objects.get().employment == job_of(cast.teacher)
    assert cast.teacher.person.full_name in page(client, cast.deputy, "school_calendar", cast.school.pk)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ends_on": today() - DAY}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"starts_on": "жазында"}, "starts_on"),
        ({"starts_on": "0026-10-05"}, "starts_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"kind": "party"}, "kind"),
        ({"employment": 10**30}, "employment"),
    ],
)
def test_what_is_wrong_with_a_period_is_told_beside_its_field_and_nothing_is_lost(typed, field, client, cast):
    answer = send(client, cast.deputy, "period_new", cast.school.pk, **typed_period(**typed))
    form = answer.context["period_form"]
    assert answer.status_code == 200
    assert [*form.errors] == [field]
    assert form.data["period-starts_on"] == str(typed.get("starts_on", today()))
    assert not CalendarPeriod.objects.exists()


def test_the_same_days_are_not_entered_twice(client, cast):
    for _ in range(2):
        answer = send(client, cast.deputy, "period_new", cast.school.pk, **typed_period())
    assert [*answer.context["period_form"].errors] == ["starts_on"]
    send(client, cast.deputy, "period_new", cast.school.pk, **typed_period(employment=job_of(cast.peer).pk))
    assert CalendarPeriod.objects.count() == 2, "one teacher's are others than everybody's"


def test_only_people_of_the_school_are_offered(cast):
    form = SchoolPeriodForm(instance=CalendarPeriod(institution=cast.school))
    here = Employment.objects.on(today()).filter(institution=cast.school)
    assert {value for value, _label in form.fields["employment"].choices} - {""} == {job.pk for job in here}
    with pytest.raises(ValidationError):
        form.fields["employment"].clean(job_of(cast.stranger).pk)


def test_removing_a_period_leaves_nothing(client, cast):
    kept, other = period(institution=cast.school), period(institution=cast.school, kind="exams")
    answer = send(client, cast.deputy, "period_remove", kept.pk)
    assert answer.url == reverse("school_calendar", args=[cast.school.pk])
    assert [*CalendarPeriod.objects.all()] == [other]


def test_a_school_sees_the_days_of_its_district_and_of_the_country_and_removes_only_its_own(client, cast):
    own = period(institution=cast.school)
    others = [period(district=cast.district), period()]
    shown = page(client, cast.deputy, "school_calendar", cast.school.pk)
    assert reverse("period_remove", args=[own.pk]) in shown
    assert str(cast.district) in shown
    for one in others:
        assert reverse("period_remove", args=[one.pk]) not in shown
        assert send(client, cast.deputy, "period_remove", one.pk).status_code == 403
    assert CalendarPeriod.objects.count() == 3


def test_a_district_keeps_days_for_all_its_schools(client, cast):
    answer = send(client, cast.officer, "district_period_new", cast.district.pk, **typed_period())
    assert answer.url == reverse("district_calendar", args=[cast.district.pk])
    [made] = CalendarPeriod.objects.all()
    assert (made.district, made.institution, made.entered_by) == (cast.district, None, cast.officer.person)
    assert [*CalendarPeriod.objects.known_in(cast.other_school)] == [made]
    assert [*CalendarPeriod.objects.known_in(cast.far_school)] == []
    assert send(client, cast.officer, "period_remove", made.pk).url == answer.url
    assert not CalendarPeriod.objects.exists()


def test_a_district_is_told_beside_the_field_too(client, cast):
    wrong = typed_period(ends_on=today() - DAY)
    answer = send(client, cast.officer, "district_period_new", cast.district.pk, **wrong)
    assert [*answer.context["period_form"].errors] == ["ends_on"]


def test_a_district_neither_sees_nor_removes_the_days_of_a_school(client, cast):
    own = period(institution=cast.school)
    client.force_login(cast.officer)
    context = client.get(reverse("district_calendar", args=[cast.district.pk])).context
    assert (context["everybody"], context["before"]) == ([], [])
    assert send(client, cast.officer, "period_remove", own.pk).status_code == 403
    assert send(client, cast.other_officer, "period_remove", own.pk).status_code == 404


def test_days_before_this_school_year_stand_apart_and_stay(client, cast):
    before = school_year(school_year_of(today())).starts_on - DAY
    old = period(institution=cast.school, starts_on=before, ends_on=before)
    client.force_login(cast.deputy)
    context = client.get(reverse("school_calendar", args=[cast.school.pk])).context
    assert (context["everybody"], context["before"], context["removable"]) == ([], [old], set())


# The limit --------------------------------------------------------------------------------------------------------


def limits() -> list[tuple[int, dt.date, dt.date | None]]:
    return [(row.percent, row.starts_on, row.ends_on) for row in AwayLimit.objects.order_by("starts_on")]


def limit(client, cast, percent: object, starts_on: object):
    typed = {"limit-percent": percent, "limit-starts_on": starts_on}
    return send(client, cast.deputy, "limit_new", cast.school.pk, **typed)


def test_a_new_limit_ends_the_former_on_the_day_before(client, cast):
    limit(client, cast, 20, today() - 9 * DAY)
    answer = limit(client, cast, 10, today())
    assert answer.url == reverse("school_calendar", args=[cast.school.pk])
    assert limits() == [(20, today() - 9 * DAY, today() - DAY), (10, today(), None)]
    assert AwayLimit.objects.get(percent=10).entered_by == cast.deputy.person


def test_a_limit_of_the_same_day_is_corrected(client, cast):
    limit(client, cast, 20, today())
    limit(client, cast, 10, today())
    assert limits() == [(10, today(), None)]


def test_a_limit_that_has_not_begun_gives_way_to_an_earlier_one(client, cast):
    limit(client, cast, 20, today() + 99 * DAY)
    limit(client, cast, 10, today())
    assert limits() == [(10, today(), None)]


def test_what_held_once_is_not_changed_afterwards(client, cast):
    limit(client, cast, 20, today() - 5 * DAY)
    answer = limit(client, cast, 10, today() - 6 * DAY)
    assert [*answer.context["limit_form"].errors] == ["starts_on"]
    assert limits() == [(20, today() - 5 * DAY, None)]


def test_a_limit_touches_no_other_place(cast):
    for place in ({}, {"district": cast.district}, {"institution": cast.other_school}):
        AwayLimit.objects.create(percent=50, starts_on=LONG_AGO, **place)
    set_limit(by=cast.deputy, institution=cast.school, percent=10, starts_on=today())
    assert [row for row in limits() if row[0] == 50] == 3 * [(50, LONG_AGO, None)]
    assert LimitForm(
        {"percent": 5, "starts_on": LONG_AGO + DAY}, instance=AwayLimit(institution=cast.far_school)
    ).is_valid()


@pytest.mark.parametrize("percent", ["", "0", "101", "-3", "көп", "99999999999999999999"])
def test_a_share_that_is_none_is_told_beside_its_field(percent, client, cast):
    answer = limit(client, cast, percent, today())
    assert [*answer.context["limit_form"].errors] == ["percent"]
    assert limits() == []


def test_a_limit_far_ahead_is_a_slip_of_the_finger(client, cast):
    assert [*limit(client, cast, 10, "2926-09-01").context["limit_form"].errors] == ["starts_on"]


# Who --------------------------------------------------------------------------------------------------------------


def test_a_clerk_reads_without_forms(client, cast):
    period(institution=cast.school)
    shown = page(client, cast.clerk, "school_calendar", cast.school.pk)
    assert "period_form" not in client.get(reverse("school_calendar", args=[cast.school.pk])).context
    assert "/remove/" not in shown


def test_the_same_form_sent_twice_acts_once(client, cast):
    token = uuid.uuid4()
    for _ in range(2):
        send(client, cast.deputy, "period_new", cast.school.pk, **typed_period() | {"once": token})
    assert CalendarPeriod.objects.count() == 1


def test_the_administration_enters_days_for_the_whole_country(client, cast):
    client.force_login(cast.administrator)
    typed = {"kind": "exams", "starts_on": "2027-05-26", "ends_on": "2027-06-10"}
    assert client.post(reverse("admin:courses_calendarperiod_add"), typed).status_code == 302
    [made] = CalendarPeriod.objects.known_in(cast.far_school)
    assert made.entered_by == cast.administrator.person
