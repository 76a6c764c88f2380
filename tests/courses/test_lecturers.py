"""The hours of lecturers: what they enter, how it is verified, where they stand (003 3.1–3.3, 004 1.5, III 2.4)."""

import datetime as dt
import html
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses import facts, standing
from courses.choices import (
    DeliveryMode,
    DocumentType,
    HoursStatus,
    HoursUnit,
    Reason,
    RecordStatus,
    TrainingKind,
    Unfit,
)
from courses.facts import judgement_of
from courses.forms import RecordForm
from courses.models import HoursPolicy, TrainingRecord
from courses.rules import Judgement
from courses.scrutiny import scrutiny_of, with_context
from cpd.dates import add_years, short_date, today
from schools.models import Employment, Institution, User
from tests import uploads
from tests.campus import Campus
from tests.factories import training_record
from tests.papers import read

VERIFIED = RecordStatus.VERIFIED
LAST_YEAR = today() - dt.timedelta(days=300)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "ky"})
    client.force_login(user)
    return client


def page_of(user: User, address: str, /, *args: Any) -> str:
    answer = client_of(user).get(reverse(address, args=args))
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.content.decode()).split())


def post(user: User, address: str, /, *args: Any, **data: Any) -> Any:
    return client_of(user).post(reverse(address, args=args), {"once": uuid4()} | data)


def attended(user: User, place: Institution, hours: str | None = "72", **columns: Any) -> TrainingRecord:
    """A verified record of one place of work, that ended 300 days ago; online, so that nothing overlaps."""
    amount = None if hours is None else Decimal(hours)
    wanted = {"status": VERIFIED, "ends_on": LAST_YEAR, "amount": amount, "delivery_mode": DeliveryMode.ONLINE}
    return training_record(user, institution=place, **wanted | columns)


def judged(user: User, place: Institution, on: dt.date | None = None) -> Judgement:
    """By the engine, which the statement for many must agree with."""
    on = on or today()
    found = judgement_of(user.person, place, on)
    [many] = standing.of(Employment.objects.filter(person=user.person, institution=place), on)
    assert (many.status, many.due, many.total) == (found.status, found.due, found.figure.total)
    return found


def reason_of(found: Judgement, record: TrainingRecord) -> str:
    return next(row.reason for row in found.rows if row.record.id == record.pk)


# --- what is entered ----------------------------------------------------------------------------------------------


def typed(user: User, *, submits: bool = True, **columns: Any) -> RecordForm:
    complete = {"title": "Селекция", "date_text": "2024", "provider_text": "Илимдер академиясы", "hours_text": ""}
    return RecordForm(complete | columns, user=user, submits=submits)


@pytest.mark.parametrize("kind", ["degree", "creative_leave", "second_degree", "postgraduate"])
def test_what_is_not_measured_in_hours_is_handed_in_without_any(kind: str, campus: Campus) -> None:
    filled = typed(campus.lecturer, kind=kind, document_type="diploma")
    assert filled.is_valid(), filled.errors


@pytest.mark.parametrize("kind", ["course", "internship", "retraining", "conference", ""])
def test_what_is_measured_in_hours_needs_them(kind: str, campus: Campus) -> None:
    assert set(typed(campus.lecturer, kind=kind).errors) == {"hours_text"}
    assert typed(campus.lecturer, kind=kind, hours_text="20 күн").is_valid()


def test_lecturers_say_of_what_kind_it_was_and_read_what_the_rule_asks_for(campus: Campus) -> None:
    page = page_of(campus.lecturer, "record_new")
    assert page.index('name="kind"') < page.index('name="title"')
    assert 'value="diploma"' in page
    rule = HoursPolicy.objects.get(code="UNI_72_5Y")
    assert f"{rule.retraining_min_hours:.0f}" in page
    assert f"{rule.internship_min_days}" in page


def test_the_form_of_school_teachers_stays_as_it_is(campus: Campus) -> None:
    campus.both.person.employments.filter(institution=campus.college).delete()
    page = page_of(campus.both, "record_new")
    assert page.index('name="kind"') > page.index('name="document_type"')
    assert 'value="diploma"' not in page


def test_a_teacher_of_both_reads_what_the_college_asks_for(campus: Campus) -> None:
    filled = RecordForm(user=campus.both)
    assert [rule.code for rule in filled.rules] == ["COLLEGE_36_3Y"]


def test_a_degree_is_entered_and_handed_in_by_its_owner_and_verified(campus: Campus) -> None:
    data = {
        "kind": "degree",
        "title": "Биология илимдеринин кандидаты",
        "date_text": f"{LAST_YEAR:%d.%m.%Y}",
        "provider_text": "Жогорку аттестациялык комиссия",
        "document_type": DocumentType.DIPLOMA,
        "document_number": "КД 001",
        "document_on": f"{LAST_YEAR:%d.%m.%Y}",
        "file": SimpleUploadedFile("диплом.jpg", uploads.jpeg()),
        "then": "submit",
    }
    assert post(campus.lecturer, "record_new", **data).status_code == 302
    record = TrainingRecord.objects.get(title=data["title"])
    assert (record.status, record.amount) == (RecordStatus.SUBMITTED, None)
    assert judged(campus.lecturer, campus.university).status == HoursStatus.OVERDUE
    assert post(campus.hr, "verify_move", record.pk, "verify", seen=record.revision).status_code == 302
    found = judged(campus.lecturer, campus.university)
    assert (found.status, found.due) == (HoursStatus.MET, add_years(LAST_YEAR, 5))
    assert found.frequency is not None
    assert found.frequency.event is not None
    assert found.frequency.event.id == record.pk


# --- what qualifies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "hours", "days", "expected"),
    [
        ("course", "36", 5, Reason.COUNTED),  # E36
        ("course", "35", 5, Unfit.TOO_SHORT),  # E37
        ("internship", "72", 12, Reason.COUNTED),  # E39
        ("internship", "70", 20, Unfit.TOO_SHORT),  # E40
        ("internship", None, 20, Reason.HOURS_UNKNOWN),
        ("retraining", "8", 3, Reason.COUNTED),
        ("second_degree", None, 400, Reason.COUNTED),
        ("postgraduate", None, 400, Reason.COUNTED),
        ("degree", None, 1, Reason.COUNTED),
        ("creative_leave", None, 180, Unfit.OTHER_KIND),
        ("conference", "72", 3, Unfit.OTHER_KIND),
    ],
)
def test_what_a_college_takes_for_an_event(
    kind: str, hours: str | None, days: int, expected: str, campus: Campus
) -> None:
    begins = LAST_YEAR - dt.timedelta(days=days - 1)
    record = attended(campus.college_lecturer, campus.college, hours, kind=kind, starts_on=begins)
    found = judged(campus.college_lecturer, campus.college)
    assert reason_of(found, record) == expected
    is_met = expected == Reason.COUNTED
    assert (found.status == HoursStatus.MET) is is_met
    assert not is_met or found.due == add_years(LAST_YEAR, 3)


@pytest.mark.parametrize(
    ("kind", "hours", "days", "expected"),
    [
        ("course", "72", 12, Reason.COUNTED),
        ("course", "71.5", 12, Unfit.TOO_SHORT),
        ("internship", "60", 14, Reason.COUNTED),  # E41
        ("internship", None, 14, Reason.COUNTED),
        ("internship", "72", 12, Reason.COUNTED),  # E42
        ("internship", "60", 13, Unfit.TOO_SHORT),
        ("retraining", "250", 60, Reason.COUNTED),  # E44
        ("retraining", "249", 60, Unfit.TOO_SHORT),  # E45
        ("degree", None, 1, Reason.COUNTED),
        ("creative_leave", None, 180, Unfit.OTHER_KIND),
        ("conference", "72", 3, Unfit.OTHER_KIND),
    ],
)
def test_what_a_university_takes_for_an_event(
    kind: str, hours: str | None, days: int, expected: str, campus: Campus
) -> None:
    begins = LAST_YEAR - dt.timedelta(days=days - 1)
    record = attended(campus.lecturer, campus.university, hours, kind=kind, starts_on=begins)
    found = judged(campus.lecturer, campus.university)
    assert reason_of(found, record) == expected
    is_met = expected == Reason.COUNTED
    assert (found.status == HoursStatus.MET) is is_met
    assert not is_met or found.due == add_years(LAST_YEAR, 5)


def test_two_short_courses_are_no_long_one_unless_the_rule_adds_them_up(campus: Campus) -> None:
    for _number in range(2):
        attended(campus.lecturer, campus.university, "36")
    assert judged(campus.lecturer, campus.university).status == HoursStatus.OVERDUE  # E46
    HoursPolicy.objects.filter(code="UNI_72_5Y").update(accumulate=True)
    assert judged(campus.lecturer, campus.university).status == HoursStatus.MET


def test_who_takes_in_an_intern_needs_no_right_to_teach_but_who_gives_a_course_does(campus: Campus) -> None:
    host = {"provider": None, "provider_text": "«Айыл-Дан» чарбасы"}
    course = attended(campus.college_lecturer, campus.college, **host)
    internship = attended(campus.college_lecturer, campus.college, kind=TrainingKind.INTERNSHIP, **host)
    found = judged(campus.college_lecturer, campus.college)
    assert reason_of(found, course) == Reason.PROVIDER_NOT_ELIGIBLE
    assert reason_of(found, internship) == Reason.COUNTED


@pytest.mark.parametrize("kind", ["creative_leave", "conference"])
def test_what_is_of_another_kind_is_told_so_and_nothing_about_its_organisation(kind: str, campus: Campus) -> None:
    by_nobody = {"kind": kind, "provider": None, "provider_text": "Илимдер академиясы"}
    record = attended(campus.college_lecturer, campus.college, None, **by_nobody)
    found = judged(campus.college_lecturer, campus.college)
    assert reason_of(found, record) == Unfit.OTHER_KIND
    page = page_of(campus.college_lecturer, "my_hours")
    assert str(Unfit.OTHER_KIND.label) in page
    assert str(Reason.PROVIDER_NOT_ELIGIBLE.label) not in page


def test_what_is_of_another_kind_still_waits_for_verification_first(campus: Campus) -> None:
    record = attended(campus.college_lecturer, campus.college, kind="conference", status=RecordStatus.SUBMITTED)
    assert reason_of(judged(campus.college_lecturer, campus.college), record) == Reason.NOT_VERIFIED


# --- verifying ----------------------------------------------------------------------------------------------------


def submitted(campus: Campus, hours: str | None, **columns: Any) -> TrainingRecord:
    return attended(campus.lecturer, campus.university, hours, status=RecordStatus.SUBMITTED, **columns)


def test_who_verifies_reads_that_it_qualifies_and_until_when(campus: Campus) -> None:
    record = submitted(campus, None, kind=TrainingKind.DEGREE, document_type=DocumentType.DIPLOMA)
    scrutiny = scrutiny_of(with_context(TrainingRecord.objects.filter(pk=record.pk)).get(), campus.hr)
    assert scrutiny.effect.reason == Reason.COUNTED
    assert scrutiny.effect.years == 5
    page = page_of(campus.hr, "verify", record.pk)
    assert short_date(add_years(LAST_YEAR, 5)) in page
    assert str(Reason.HOURS_UNKNOWN.label) not in page


def test_who_verifies_reads_why_it_does_not_qualify_and_what_the_rule_asks_for(campus: Campus) -> None:
    record = submitted(campus, "24")
    page = page_of(campus.hr, "verify", record.pk)
    assert str(Unfit.TOO_SHORT.label) in page
    assert "250" in page


def test_a_short_course_that_the_council_recognised_is_enough(campus: Campus) -> None:
    """E47, from the lecturer's form to the figure."""
    data = {
        "kind": "course",
        "title": "Зарыл экология",
        "date_text": f"{LAST_YEAR:%d.%m.%Y}",
        "provider_text": "Республикалык институт",
        "hours_text": "24",
        "document_type": DocumentType.CERTIFICATE,
        "document_number": "Т-7",
        "document_on": f"{LAST_YEAR:%d.%m.%Y}",
        "file": SimpleUploadedFile("сертификат.jpg", uploads.jpeg()),
        "then": "submit",
    }
    assert post(campus.lecturer, "record_new", **data).status_code == 302
    record = TrainingRecord.objects.get(title=data["title"])
    council = "Биология кафедрасынын суроо-талабы; окуу-методикалык кеңештин № 4 протоколу, 12.03.2026"
    assert reverse("verify_recognition", args=[record.pk]) in page_of(campus.vice_rector, "verify", record.pk)
    post(campus.vice_rector, "verify_recognition", record.pk, seen=record.revision, decision=council)
    record.refresh_from_db()
    post(campus.vice_rector, "verify_move", record.pk, "verify", seen=record.revision)
    record.refresh_from_db()
    assert (record.status, record.recognition) == (VERIFIED, council)
    found = judged(campus.lecturer, campus.university)
    assert (found.status, found.due) == (HoursStatus.MET, add_years(LAST_YEAR, 5))
    assert council in page_of(campus.lecturer, "record", record.pk)


def test_recognition_is_not_offered_of_an_internship_nor_to_the_quality_department(campus: Campus) -> None:
    internship = submitted(campus, "24", kind=TrainingKind.INTERNSHIP)
    assert reverse("verify_recognition", args=[internship.pk]) not in page_of(campus.hr, "verify", internship.pk)
    course = submitted(campus, "24")
    answer = post(campus.quality, "verify_recognition", course.pk, seen=course.revision, decision="№ 4, 12.03.2026")
    assert answer.status_code == 403


# --- one's own page -----------------------------------------------------------------------------------------------


def test_the_reminder_to_plan_never_makes_anybody_late(campus: Campus) -> None:
    ends_on = add_years(today(), -4)
    attended(campus.lecturer, campus.university, "72", ends_on=ends_on)
    found = judged(campus.lecturer, campus.university)
    assert found.frequency is not None
    assert found.frequency.plan_again_on == add_years(ends_on, 3)  # over a year ago
    assert found.status == HoursStatus.MET
    page = page_of(campus.lecturer, "my_hours")
    assert short_date(add_years(ends_on, 3)) in page
    assert str(HoursStatus.OVERDUE.label) not in page


def test_each_record_says_whether_it_qualifies(campus: Campus) -> None:
    short = attended(campus.lecturer, campus.university, "24")
    degree = attended(campus.lecturer, campus.university, None, kind=TrainingKind.DEGREE)
    page = page_of(campus.lecturer, "my_hours")
    of_short, of_degree = (
        page.split(f'id="record-{record.pk}"')[1].split("</article>")[0] for record in (short, degree)
    )
    assert str(Unfit.TOO_SHORT.label) in of_short
    assert str(Reason.HOURS_UNKNOWN.label) not in of_degree
    assert "hours-met" in of_degree


# --- a school and a college ---------------------------------------------------------------------------------------


def test_each_norm_is_judged_for_each_employer_and_records_are_shared(campus: Campus) -> None:
    """Verified at the school, a course of 40 hours is more than the college asks for, and less than the school."""
    attended(campus.both, campus.school, "40")
    at_school, at_college = judged(campus.both, campus.school), judged(campus.both, campus.college)
    assert at_school.policy is not None
    assert at_college.policy is not None
    assert (at_school.policy.code, at_school.status, at_school.figure.total) == (
        "SCHOOL_72_5Y",
        HoursStatus.OVERDUE,
        40,
    )
    assert (at_college.policy.code, at_college.status, at_college.due) == (
        "COLLEGE_36_3Y",
        HoursStatus.MET,
        add_years(LAST_YEAR, 3),
    )


def test_what_the_college_verified_counts_at_the_school_too(campus: Campus) -> None:
    attended(campus.both, campus.college, "36")
    attended(campus.both, campus.college, "36")
    assert judged(campus.both, campus.school).figure.total == 72


def test_the_own_page_has_a_card_for_each_employer_and_says_of_each_record_what_it_is_there(campus: Campus) -> None:
    record = attended(campus.both, campus.school, "24")
    page = page_of(campus.both, "my_hours")
    assert page.count('aria-labelledby="job-') == 2
    told = page.split(f'id="record-{record.pk}"')[1].split("</article>")[0]
    assert f"{campus.school}" in told
    assert f"{campus.college}" in told
    assert str(Unfit.TOO_SHORT.label) in told


def test_staff_tables_show_each_employer_its_own_norm(campus: Campus) -> None:
    attended(campus.both, campus.school, "40")
    lines = {}
    for place, keeper in ((campus.school, campus.school_deputy), (campus.college, campus.college_hr)):
        answer = client_of(keeper).get(reverse("staff_hours", args=[place.pk]))
        [lines[place.kind]] = [one for one in answer.context["page"] if one.job.person_id == campus.both.person_id]
    assert (lines["school"].status, lines["school"].is_owner) == (HoursStatus.OVERDUE, True)
    assert (lines["college"].status, lines["college"].is_owner) == (HoursStatus.MET, False)
    assert lines["college"].due == add_years(LAST_YEAR, 3)


def test_the_sheet_for_attestation_is_of_one_employer(campus: Campus) -> None:
    """Each by its own years: what is older than the college's is in the sheet of the school alone."""
    attended(campus.both, campus.school, "40", title="Эски курс", ends_on=add_years(today(), -4))
    attended(campus.both, campus.college, None, title="Магистратура", kind=TrainingKind.SECOND_DEGREE)
    papers = {}
    for job in campus.both.person.employments.all():
        query = {"on": today().isoformat(), "job": job.pk}
        answer = client_of(campus.both).get(reverse("attestation_paper", args=[campus.both.person_id]), query)
        papers[job.institution_id] = read(answer.content).text
    at_school, at_college = papers[campus.school.pk], papers[campus.college.pk]
    assert str(HoursPolicy.objects.get(code="SCHOOL_72_5Y")) in at_school
    assert str(HoursPolicy.objects.get(code="COLLEGE_36_3Y")) in at_college
    assert campus.school.title_ky in at_school
    assert campus.college.title_ky in at_college
    assert "Эски курс" in at_school
    assert "Эски курс" not in at_college
    assert "Магистратура" in at_college
    assert str(Reason.HOURS_UNKNOWN.label) not in at_college
    assert str(Reason.HOURS_UNKNOWN.label) in at_school


def test_days_are_not_turned_into_hours_but_do_for_an_internship(campus: Campus) -> None:
    begins = LAST_YEAR - dt.timedelta(days=13)
    days = {"unit": HoursUnit.DAY, "amount": Decimal(14), "hours_text": "14 күн", "starts_on": begins}
    attended(campus.lecturer, campus.university, kind=TrainingKind.INTERNSHIP, **days)
    found = judged(campus.lecturer, campus.university)
    assert (found.status, found.figure.total) == (HoursStatus.MET, 0)
    assert facts.rule_over(TrainingRecord.objects.get(hours_text="14 күн"), today()) == found.policy
