"""The register of handed-in documents: who keeps it, what stands in it, and the day that is entered (form F28)."""

import datetime as dt
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import load_workbook

from courses.choices import DocumentType, RecordStatus
from courses.handing_in import as_seen, enter_day
from courses.models import TrainingRecord
from cpd.dates import add_years, school_year_of, short_date, today
from schools.choices import Event
from schools.models import AuditEntry, PrintedForm, User
from tests.campus import Campus
from tests.conftest import at_once
from tests.factories import again, training_record
from tests.papers import read

VERIFIED = RecordStatus.VERIFIED
DAY = today() - dt.timedelta(days=3)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def get(user: User, page: str = "document_register", /, *args: int, **query: Any) -> Any:
    answer = client_of(user).get(reverse(page, args=args, query=query))
    assert answer.status_code == 200
    return answer


def enter(user: User, pk: int, *records: TrainingRecord, day: dt.date | str = DAY, **posted: Any) -> Any:
    """Tick these rows as they stood, and press."""
    ticks = [f"{record.pk}:{as_seen(record.handed_in_on)}" for record in records]
    typed = day if isinstance(day, str) else f"{day:%d.%m.%Y}"
    data = {"once": uuid4(), "record": ticks, "day": typed} | posted
    return client_of(user).post(reverse("document_register_enter", args=[pk]), data, follow=True)


def said(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def listed(answer: Any) -> list[str]:
    return [line.record.person.family_name for line in answer.context["lines"]]


def days_of(*records: TrainingRecord) -> list[dt.date | None]:
    return [TrainingRecord.objects.get(pk=record.pk).handed_in_on for record in records]


def entered(record: TrainingRecord, day: dt.date = DAY) -> TrainingRecord:
    record.handed_in_on = day
    record.save()
    return record


# --- who, and what stands in it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["hr", "vice_rector", "rector"])
def test_whoever_keeps_the_papers_of_the_university_keeps_its_register(who: str, campus: Campus) -> None:
    record = training_record(campus.lecturer, status=VERIFIED)
    user = getattr(campus, who)
    assert listed(get(user, "document_register", campus.university.pk)) == ["Кудайназарова"]
    enter(user, campus.university.pk, record)
    assert days_of(record) == [DAY]


def test_the_quality_department_reads_it_only(campus: Campus) -> None:
    record = training_record(campus.lecturer, status=VERIFIED)
    answer = get(campus.quality, "document_register", campus.university.pk)
    assert listed(answer) == ["Кудайназарова"]
    assert reverse("document_register_enter", args=[campus.university.pk]) not in answer.content.decode()
    assert enter(campus.quality, campus.university.pk, record).status_code == 403
    assert days_of(record) == [None]


@pytest.mark.parametrize(
    ("who", "status"), [("lecturer", 404), ("head", 403), ("dean", 403), ("officer", 403), ("college_hr", 404)]
)
def test_nobody_else_does(who: str, status: int, campus: Campus) -> None:
    record = training_record(campus.lecturer, status=VERIFIED)
    client = client_of(getattr(campus, who))
    for page in ("document_register", "document_register_xlsx", "document_register_paper"):
        assert client.get(reverse(page, args=[campus.university.pk])).status_code == status
    answer = enter(getattr(campus, who), campus.university.pk, record)
    assert answer.status_code == status
    assert days_of(record) == [None]


def test_a_school_keeps_none(campus: Campus) -> None:
    answer = client_of(campus.school_deputy).get(reverse("document_register", args=[campus.school.pk]))
    assert answer.status_code == 404


def test_what_was_handed_in_for_verification_stands_in_it_by_name(campus: Campus) -> None:
    for user in (campus.lecturer, campus.other_lecturer):
        training_record(user, status=VERIFIED)
    training_record(campus.colleague)
    for status in (RecordStatus.DRAFT, RecordStatus.RETURNED, RecordStatus.REJECTED):
        training_record(campus.head, status=status)
    training_record(campus.college_lecturer, status=VERIFIED)
    answer = get(campus.hr, "document_register", campus.university.pk)
    assert listed(answer) == ["Кудайназарова", "Орозбаев", "Шамшиева"]
    page = answer.content.decode()
    assert "Биология кафедрасы" in page
    assert "Информатика кафедрасы" in page


def test_the_certificate_of_a_second_job_stands_where_it_was_entered(campus: Campus) -> None:
    training_record(campus.both, status=VERIFIED, institution=campus.college)
    training_record(campus.both, status=VERIFIED, institution=campus.school)
    assert listed(get(campus.college_hr, "document_register", campus.college.pk)) == ["Чотбаева"]


def test_who_has_left_stays_in_the_register(campus: Campus) -> None:
    training_record(campus.lecturer, status=VERIFIED)
    campus.lecturer.person.employments.update(ends_on=today() - dt.timedelta(days=1))
    answer = get(campus.hr, "document_register", campus.university.pk)
    assert listed(answer) == ["Кудайназарова"]
    assert "Биология кафедрасы" in answer.content.decode()


def test_it_is_narrowed_by_name_department_school_year_and_what_is_missing(campus: Campus) -> None:
    entered(training_record(campus.lecturer, status=VERIFIED))
    training_record(campus.other_lecturer, status=VERIFIED, ends_on=add_years(today(), -3))
    training_record(campus.strange_lecturer, status=VERIFIED)

    def found(**query: Any) -> list[str]:
        return listed(get(campus.hr, "document_register", campus.university.pk, **query))

    assert found(name="шамши") == ["Шамшиева"]
    assert found(department=campus.department.pk) == ["Кудайназарова"]
    assert found(department=campus.faculty.pk) == ["Кудайназарова", "Шамшиева"]
    assert found(school_year=school_year_of(add_years(today(), -3))) == ["Шамшиева"]
    assert found(handed="missing") == ["Жолдубаева", "Шамшиева"]
    assert found(handed="there") == ["Кудайназарова"]
    assert found(department=campus.commission.pk) == ["Жолдубаева", "Кудайназарова", "Шамшиева"]  # not theirs


@pytest.mark.parametrize("query", [{"school_year": "ж"}, {"handed": "0"}, {"department": "x"}, {"page": "999"}])
def test_what_cannot_be_read_narrows_nothing(query: dict[str, str], campus: Campus) -> None:
    training_record(campus.lecturer, status=VERIFIED)
    assert listed(get(campus.hr, "document_register", campus.university.pk, **query)) == ["Кудайназарова"]


# --- the day ------------------------------------------------------------------------------------------------------


def test_one_day_is_entered_for_several_at_once(campus: Campus) -> None:
    records = [training_record(user, status=VERIFIED) for user in (campus.lecturer, campus.colleague, campus.head)]
    answer = enter(campus.hr, campus.university.pk, *records[:2])
    assert days_of(*records) == [DAY, DAY, None]
    assert short_date(DAY) in answer.content.decode()


def test_the_button_of_a_row_enters_that_row_alone(campus: Campus) -> None:
    one, other = (training_record(user, status=VERIFIED) for user in (campus.lecturer, campus.colleague))
    page = get(campus.hr, "document_register", campus.university.pk).content.decode()
    assert page.count('form="handing-in"') == 4  # of each row the tick and the button
    enter(campus.hr, campus.university.pk, other, one=f"{one.pk}:0")
    assert days_of(one, other) == [DAY, None]


def test_the_day_is_changed_and_taken_out_again(campus: Campus) -> None:
    record = entered(training_record(campus.lecturer, status=VERIFIED), DAY - dt.timedelta(days=9))
    enter(campus.vice_rector, campus.university.pk, record)
    assert days_of(record) == [DAY]
    record.refresh_from_db()
    enter(campus.hr, campus.university.pk, record, day="", then="empty")
    assert days_of(record) == [None]


def test_the_journal_tells_who_entered_which_day(campus: Campus) -> None:
    record = entered(training_record(campus.lecturer, status=VERIFIED), DAY - dt.timedelta(days=1))
    enter(campus.hr, campus.university.pk, record)
    entry = AuditEntry.objects.get(event=Event.RECORD_MOVED)
    assert (entry.by, entry.subject, entry.institution, entry.what) == (
        campus.hr.person,
        campus.lecturer.person,
        campus.university,
        record.title,
    )
    assert entry.before == {"handed_in_on": (DAY - dt.timedelta(days=1)).isoformat()}
    assert entry.after == {"handed_in_on": DAY.isoformat()}


def test_neither_the_record_nor_its_place_in_the_queue_changes(campus: Campus) -> None:
    record = training_record(campus.lecturer)
    enter(campus.hr, campus.university.pk, record)
    now = TrainingRecord.objects.get(pk=record.pk)
    assert (now.status, now.revision, now.changed_at) == (record.status, record.revision, record.changed_at)


def test_of_two_at_once_the_second_is_told_and_changes_nothing(campus: Campus) -> None:
    record = training_record(campus.lecturer, status=VERIFIED)
    other_day = DAY - dt.timedelta(days=1)
    enter(campus.hr, campus.university.pk, record, day=other_day)
    answer = enter(campus.vice_rector, campus.university.pk, record)  # the page from before
    assert days_of(record) == [other_day]
    assert short_date(other_day) in said(answer)
    assert AuditEntry.objects.filter(event=Event.RECORD_MOVED).count() == 1


def test_who_takes_out_what_another_has_changed_is_told(campus: Campus) -> None:
    record = entered(training_record(campus.lecturer, status=VERIFIED))
    stale = TrainingRecord.objects.get(pk=record.pk)
    enter(campus.hr, campus.university.pk, record, then="empty")
    assert days_of(record) == [None]
    answer = enter(campus.vice_rector, campus.university.pk, stale, day=today())
    assert days_of(record) == [None]
    assert record.title in said(answer)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_very_same_moment_one_writes(campus: Campus) -> None:
    for _round in range(4):
        record = training_record(campus.lecturer, status=VERIFIED)
        days = {campus.hr: DAY, campus.vice_rector: DAY - dt.timedelta(days=1)}
        calls = [
            partial(enter_day, by=again(user), institution=campus.university, seen={record.pk: None}, day=day)
            for user, day in days.items()
        ]
        answers = at_once(*calls)
        assert sorted(answer.count for answer in answers) == [0, 1]
        [winner] = [day for day, answer in zip(days.values(), answers, strict=True) if answer.count]
        assert days_of(record) == [winner]
        [told] = [answer.refused for answer in answers if answer.refused]
        assert short_date(winner) in told[0]


def test_the_others_are_entered_though_one_is_refused(campus: Campus) -> None:
    late = training_record(campus.lecturer, status=VERIFIED, document_on=today())
    fine = training_record(campus.colleague, status=VERIFIED)
    answer = enter(campus.hr, campus.university.pk, late, fine)
    assert days_of(late, fine) == [None, DAY]
    assert short_date(today()) in said(answer)
    assert "Кудайназарова" in said(answer)


def test_after_a_refusal_the_day_and_the_ticks_that_were_refused_stay(campus: Campus) -> None:
    late = training_record(campus.lecturer, status=VERIFIED, document_on=today())
    fine = training_record(campus.colleague, status=VERIFIED)
    page = " ".join(enter(campus.hr, campus.university.pk, late, fine).content.decode().split())
    assert f'value="{late.pk}:0" checked' in page
    assert f'value="{fine.pk}:{as_seen(DAY)}" checked' not in page
    assert f'value="{DAY:%d.%m.%Y}"' in page
    assert f'value="{today():%d.%m.%Y}"' not in page


def test_what_a_refusal_left_is_gone_once_it_is_entered(campus: Campus) -> None:
    late = training_record(campus.lecturer, status=VERIFIED, document_on=DAY)
    address = reverse("document_register_enter", args=[campus.university.pk])
    row = {"record": f"{late.pk}:0"}
    client = client_of(campus.hr)
    before = DAY - dt.timedelta(days=1)
    refused = client.post(f"{address}?handed=missing", {"once": uuid4(), "day": f"{before:%d.%m.%Y}"} | row)
    assert refused.url.startswith(f"{reverse('document_register', args=[campus.university.pk])}?handed=missing&")
    query = refused.url.partition("?")[2]
    entered_now = client.post(f"{address}?{query}", {"once": uuid4(), "day": f"{DAY:%d.%m.%Y}"} | row)
    assert entered_now.url.endswith("?handed=missing")
    assert days_of(late) == [DAY]


@pytest.mark.parametrize("row", ["x", "٣", "9" * 5000, "-1", ""])
def test_an_address_that_ticks_no_row_of_the_register_ticks_nothing(row: str, campus: Campus) -> None:
    training_record(campus.lecturer, status=VERIFIED)
    answer = get(campus.hr, "document_register", campus.university.pk, row=row, day="<кечээ>")
    assert " checked" not in answer.content.decode()
    assert "<кечээ>" not in answer.content.decode()


def test_no_sentence_ends_with_two_dots_and_taking_out_is_told_as_such(campus: Campus) -> None:
    late = training_record(campus.lecturer, status=VERIFIED, document_on=today())
    told = said(enter(campus.hr, campus.university.pk, late))
    assert short_date(today()) in told
    assert ".." not in told
    record = training_record(campus.colleague, status=VERIFIED)
    assert "Жазылды: 1 документ." in said(enter(campus.hr, campus.university.pk, record))
    told = said(enter(campus.vice_rector, campus.university.pk, record))  # the page from before
    assert short_date(DAY) in told
    assert ".." not in told
    record.refresh_from_db()
    told = said(enter(campus.hr, campus.university.pk, record, then="empty"))
    assert "Жазылды" not in told
    with translation.override("ky"):
        text = ngettext("The day was taken out: %(count)s document.", "The day was taken out: %(count)s documents.", 1)
    assert text % {"count": 1} in told
    assert days_of(record) == [None]


def test_the_page_says_whose_records_stand_in_it(campus: Campus) -> None:
    page = get(campus.hr, "document_register", campus.university.pk).content.decode()
    with translation.override("ky"):
        help_text = _(
            "Here stand the records entered for this institution. The paper of a course that was verified at another "
            "employer is handed in there."
        )
    assert help_text in " ".join(page.split())


def test_what_was_given_back_meanwhile_is_told(campus: Campus) -> None:
    record = training_record(campus.lecturer)
    TrainingRecord.objects.filter(pk=record.pk).update(status=RecordStatus.RETURNED)
    answer = enter(campus.hr, campus.university.pk, record)
    assert days_of(record) == [None]
    assert ": 1." in said(answer)


def test_a_document_of_another_institution_cannot_be_entered(campus: Campus) -> None:
    record = training_record(campus.college_lecturer, status=VERIFIED)
    enter(campus.hr, campus.university.pk, record)
    assert days_of(record) == [None]


@pytest.mark.parametrize("day", ["", "кечээ", "31.02.2024", f"{today() + dt.timedelta(days=1):%d.%m.%Y}", "2024"])
def test_a_day_that_cannot_be_is_shown_again_with_the_ticks(day: str, campus: Campus) -> None:
    record = training_record(campus.lecturer, status=VERIFIED)
    answer = enter(campus.hr, campus.university.pk, record, day=day)
    assert answer.status_code == 422
    assert days_of(record) == [None]
    assert answer.context["day_form"]["day"].errors
    page = " ".join(answer.content.decode().split())
    assert f'value="{record.pk}:0" checked' in page
    assert f'value="{day}"' in page or not day


def test_without_a_tick_nothing_is_entered_and_the_day_stays(campus: Campus) -> None:
    answer = enter(campus.hr, campus.university.pk)
    assert answer.status_code == 422


def test_a_form_that_comes_twice_acts_once(campus: Campus) -> None:
    record = training_record(campus.lecturer, status=VERIFIED)
    once = uuid4()
    for _time in range(2):
        enter(campus.hr, campus.university.pk, record, once=once)
    assert AuditEntry.objects.filter(event=Event.RECORD_MOVED).count() == 1


# --- on paper -----------------------------------------------------------------------------------------------------


HEADINGS = [
    "№",
    "Окутуучу",
    "Документтин түрү",
    "Номери",
    "Берилген күнү",
    "Ким берген",
    "Курс, саат",
    "Кадрлар бөлүмүнө тапшырган күнү",
    "Кол",
]


def in_full(campus: Campus) -> TrainingRecord:
    return entered(
        training_record(
            campus.college_lecturer,
            status=VERIFIED,
            title="Тамчылатып сугаруу",
            document_type=DocumentType.RETRAINING_DIPLOMA,
            document_number="АА № 0042",
        )
    )


def test_the_workbook_holds_the_form_s_columns(campus: Campus) -> None:
    record = in_full(campus)
    content = get(campus.college_hr, "document_register_xlsx", campus.college.pk).content
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active.iter_rows()]
    place = next(number for number, row in enumerate(rows) if row[0] == HEADINGS[0])
    assert rows[place][:9] == HEADINGS
    number, name, kind, no, issued_on, issuer, course, handed_in_on, _signature = rows[place + 1][:9]
    assert (number, name, no) == (1, "Нурмаматов Айбек Сагынович", "АА № 0042")
    assert "диплом" in kind.lower()
    assert (issued_on.date(), handed_in_on.date()) == (record.document_on, DAY)
    assert issuer == record.provider_text
    assert course == "Тамчылатып сугаруу, 24 саат"


def test_the_paper_is_form_f28(campus: Campus) -> None:
    in_full(campus)
    paper = read(get(campus.college_hr, "document_register_paper", campus.college.pk).content)
    assert paper.is_landscape
    for heading in HEADINGS:
        assert heading in paper.text
    assert "Тамчылатып сугаруу, 24 саат" in paper.text
    assert f"{DAY:%d.%m.%Y}" in paper.text
    assert "Тоо-Булак агрардык колледжи" in paper.text
    assert "мектеп" not in paper.text.lower()


def test_the_head_of_the_quality_system_stands_on_it_where_there_is_one(campus: Campus) -> None:
    training_record(campus.lecturer, status=VERIFIED)
    plain = read(get(campus.hr, "document_register_paper", campus.university.pk).content)
    forms = PrintedForm.objects.filter(code="F28", institution_kind="university")
    assert (
        forms.update(quality_code="СМС НП. 4-17", quality_edition="Чыгарылыш 2 · Өзгөртүү 0", label="7-тиркеме") == 1
    )
    paper = read(get(campus.hr, "document_register_paper", campus.university.pk).content)
    for text in ("СМС НП. 4-17", "Чыгарылыш 2 · Өзгөртүү 0", "7-тиркеме"):
        assert text in paper.text
        assert text not in plain.text


def test_files_hold_what_the_filter_shows_and_the_journal_knows_who_took_them(campus: Campus) -> None:
    entered(training_record(campus.lecturer, status=VERIFIED))
    training_record(campus.colleague, status=VERIFIED)
    paper = read(get(campus.hr, "document_register_paper", campus.university.pk, handed="missing").content)
    assert "Орозбаев" in paper.text
    assert "Кудайназарова" not in paper.text
    entry = AuditEntry.objects.get(event=Event.TOOK_TABLE)
    assert (entry.by, entry.institution) == (campus.hr.person, campus.university)


def test_a_filter_that_cannot_be_read_makes_no_paper(campus: Campus) -> None:
    address = reverse("document_register_paper", args=[campus.university.pk], query={"handed": "0"})
    answer = client_of(campus.hr).get(address)
    assert answer.status_code == 302
    assert "handed=0" in answer.url
