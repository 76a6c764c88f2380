"""Reports on a course: annex 3 of the university's regulation; the department hears them (004 5.2, 7.1)."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.choices import AttachmentKind, RecordStatus
from cpd.dates import approval_date, short_date, span, today
from plans.choices import ReportUse
from plans.models import CourseReport
from plans.pdf import plan_pdf
from plans.school_papers.drafting import minutes_extract
from schools import approval
from schools.approval import Refused
from schools.choices import Action, Role, State
from schools.models import Document, Meeting, RoleAssignment, User
from tests import factories
from tests.campus import Campus
from tests.papers import read
from tests.plans import letters

QUERIES = 9  # of the page on which a meeting is entered


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, url: str) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def handed_in(campus: Campus, user: User | None = None, **columns: Any) -> CourseReport:
    author = user or campus.lecturer
    return letters.handed_in(letters.report(author, **columns), by=author)


def meet(user: User, campus: Campus, paper: CourseReport, verdict: str = "consider", **typed: Any) -> Any:
    """Enter a meeting of the department on the page of meetings."""
    prefix = f"plan{paper.pk}"
    data = {
        "once": uuid4(),
        "minutes_number": "4",
        "held_on": today().isoformat(),
        "present": [campus.head.person_id, campus.lecturer.person_id],
        f"{prefix}-seen": paper.revision,
        f"{prefix}-verdict": verdict,
        f"{prefix}-reason": "",
    } | {f"{prefix}-{name}": value for name, value in typed.items()}
    return browser(user).post(reverse("meeting_new", args=[campus.department.pk]), data)


def start(user: User, **typed: Any) -> Any:
    return browser(user).post(reverse("plan_start", args=["course_report"]), {"once": uuid4()} | typed)


# --- beginning one ------------------------------------------------------------------------------------------------


def test_a_report_is_begun_from_the_page_of_its_record(campus: Campus) -> None:
    record = letters.course(campus.lecturer)
    url = reverse("plan_start", args=["course_report"], query={"record": record.pk})
    assert url in page(campus.lecturer, reverse("record", args=[record.pk]))
    assert f'value="{record.pk}" selected' in page(campus.lecturer, url)
    job = letters.job(campus.lecturer, "university")
    start(campus.lecturer, employment=job.pk, record=record.pk)
    paper = CourseReport.objects.get(record=record)
    assert (paper.institution, paper.association) == (campus.university, campus.department)
    assert (paper.starts_on, paper.ends_on) == (record.starts_on, record.ends_on)
    there = page(campus.lecturer, reverse("record", args=[record.pk]))
    assert reverse("plan", args=[paper.pk]) in there
    assert url not in there


def test_a_college_writes_no_reports(campus: Campus) -> None:
    record = factories.training_record(campus.college_lecturer, status=RecordStatus.VERIFIED)
    assert "course_report" not in page(campus.college_lecturer, reverse("record", args=[record.pk]))
    answer = start(campus.college_lecturer, record=record.pk)
    assert answer.status_code == 200
    assert not CourseReport.objects.exists()


@pytest.mark.parametrize("whose", ["colleague", "strange_lecturer"])
def test_nobody_reports_on_anothers_course(campus: Campus, whose: str) -> None:
    record = letters.course(campus.lecturer)
    user = getattr(campus, whose)
    start(user, employment=letters.job(user, "university").pk, record=record.pk)
    assert not CourseReport.objects.exists()


@pytest.mark.parametrize("status", [RecordStatus.DRAFT, RecordStatus.RETURNED, RecordStatus.REJECTED])
def test_what_was_not_handed_in_has_no_report(campus: Campus, status: str) -> None:
    record = letters.course(campus.lecturer, status=status)
    start(campus.lecturer, employment=letters.job(campus.lecturer, "university").pk, record=record.pk)
    assert not CourseReport.objects.exists()


def test_a_course_that_a_school_verified_is_reported_on_to_the_department(campus: Campus) -> None:
    """Records are shared by the employers of one person; each goes by its own papers."""
    record = letters.course(campus.lecturer, institution=campus.school)
    start(campus.lecturer, employment=letters.job(campus.lecturer, "university").pk, record=record.pk)
    assert CourseReport.objects.get().institution == campus.university


def test_it_begins_with_what_is_known_already(campus: Campus) -> None:
    signers = (campus.head, campus.dean, campus.quality, campus.rector)
    asked = letters.approved(campus.lecturer, *signers)
    Document.objects.filter(pk=asked.pk).update(
        starts_on=today() - dt.timedelta(days=70), ends_on=today() - dt.timedelta(days=60)
    )
    record = letters.course(campus.lecturer, comment="Практикалык иш көп болду.", goal_achieved="Толук")
    start(campus.lecturer, employment=letters.job(campus.lecturer, "university").pk, record=record.pk)
    paper = CourseReport.objects.get()
    assert (paper.aim, paper.opinion, paper.effect) == (letters.DIRECTION, "Практикалык иш көп болду.", "Толук")


# --- filling it in ------------------------------------------------------------------------------------------------


def test_an_aim_and_one_use_are_all_that_must_be_written(campus: Campus) -> None:
    paper = letters.report(campus.lecturer, aim="", uses=[])
    with pytest.raises(Refused):
        letters.handed_in(paper, by=campus.lecturer)
    answer = browser(campus.lecturer).get(reverse("plan_edit", args=[paper.pk]), {"check": 1})
    assert answer.context["header"].errors.keys() == {"aim", "uses"}
    data = {"seen": paper.revision, "once": uuid4(), "aim": "Ыкмалар", "uses": ["seminar_talk"], "then": "read"}
    browser(campus.lecturer).post(reverse("plan_edit", args=[paper.pk]), data)
    assert letters.handed_in(factories.fresh(paper), by=campus.lecturer).state == State.SUBMITTED


def test_new_lectures_are_named_where_they_are_ticked(campus: Campus) -> None:
    paper = letters.report(campus.lecturer, uses=[ReportUse.NEW_LECTURES.value])
    with pytest.raises(Refused):
        letters.handed_in(paper, by=campus.lecturer)
    answer = browser(campus.lecturer).get(reverse("plan_edit", args=[paper.pk]), {"check": 1})
    assert answer.context["header"].errors.keys() == {"new_lectures"}


def test_a_name_of_lectures_that_are_not_ticked_is_kept_and_not_handed_in(campus: Campus) -> None:
    paper = letters.report(campus.lecturer, new_lectures="Геномика")
    paper = letters.handed_in(paper, by=campus.lecturer)
    assert paper.new_lectures == "Геномика"
    assert paper.submitted_version.content["new_lectures"] == ""


def test_a_record_without_its_document_is_told_and_not_refused(campus: Campus) -> None:
    told = "Курс жөнүндөгү жазууга документтин сүрөтү же сканы тиркелген эмес."
    for record, is_told in (
        (letters.course(campus.lecturer, file=None), True),
        (letters.course(campus.lecturer), False),
    ):
        paper = letters.handed_in(letters.report(campus.lecturer, record), by=campus.lecturer)
        assert (told in page(campus.head, reverse("plan", args=[paper.pk]))) is is_told


def test_what_came_of_the_course_is_listed_with_the_report(campus: Campus) -> None:
    record = letters.course(campus.lecturer)
    factories.result(record, kind=AttachmentKind.ARTICLE, title="Клетканын бөлүнүшү")
    paper = letters.handed_in(letters.report(campus.lecturer, record), by=campus.lecturer)
    assert paper.submitted_version.content["attachments"] == [{"kind": "article", "title": "Клетканын бөлүнүшү"}]
    assert "Клетканын бөлүнүшү" in page(campus.head, reverse("plan", args=[paper.pk]))
    factories.result(record, kind=AttachmentKind.MANUAL, title="Кийинки колдонмо")
    assert "Кийинки колдонмо" not in page(campus.head, reverse("plan", args=[paper.pk]))


def test_attachments_are_added_from_the_page_of_the_report_and_while_it_is_written(campus: Campus) -> None:
    record = letters.course(campus.lecturer)
    paper = letters.report(campus.lecturer, record)
    factories.result(record, kind=AttachmentKind.ARTICLE, title="Клетканын бөлүнүшү")
    address = reverse("result_new", args=[record.pk])
    for name in ("plan", "plan_edit"):
        there = page(campus.lecturer, reverse(name, args=[paper.pk]))
        assert address in there
        assert "Клетканын бөлүнүшү" in there
    paper = letters.handed_in(paper, by=campus.lecturer)
    assert address not in page(campus.head, reverse("plan", args=[paper.pk]))


def test_a_meeting_is_told_that_a_report_has_no_document(campus: Campus) -> None:
    letters.handed_in(letters.report(campus.lecturer, letters.course(campus.lecturer, file=None)), by=campus.lecturer)
    told = "Курс жөнүндөгү жазууга документтин сүрөтү же сканы тиркелген эмес."
    assert told in page(campus.head, reverse("meeting_new", args=[campus.department.pk]))


# --- the department hears it --------------------------------------------------------------------------------------


def test_the_head_enters_the_meeting_that_approves_it(campus: Campus) -> None:
    paper = handed_in(campus)
    there = page(campus.head, reverse("meeting_new", args=[campus.department.pk]))
    assert campus.lecturer.person.full_name in there
    assert "Жаңы ыкмаларды өздөштүрүү" in there
    paper = factories.fresh(paper)
    answer = meet(campus.head, campus, paper)
    meeting = Meeting.objects.get()
    assert answer.url == reverse("meeting", args=[meeting.pk])
    paper = factories.fresh(paper)
    assert (paper.state, paper.in_force) == (State.APPROVED, paper.current_version)
    decision = factories.decisions_of(paper)[-1]
    assert (decision.action, decision.meeting, decision.by) == ("approve", meeting, campus.head.person)
    told = page(campus.head, answer.url)
    assert f"{campus.lecturer.person}" in told


def test_it_is_not_approved_without_minutes(campus: Campus) -> None:
    paper = handed_in(campus)
    there = page(campus.head, reverse("plan", args=[paper.pk]))
    paper = factories.fresh(paper)
    assert reverse("meeting_new", args=[campus.department.pk]) in there
    assert reverse("plan_move", args=[paper.pk, Action.APPROVE]) not in there
    with pytest.raises(Refused):
        approval.perform(paper, Action.APPROVE, by=campus.head, seen=paper.revision)
    tick = {"once": uuid4(), "plan": [f"{paper.pk}:{paper.revision}"]}
    browser(campus.head).post(reverse("plans_approve"), tick)
    assert factories.fresh(paper).state == State.SUBMITTED


def test_a_rejected_report_is_worked_over_and_heard_again(campus: Campus) -> None:
    paper = handed_in(campus)
    answer = meet(campus.head, campus, paper, "return", reason="Колдонулган жерин так жазыңыз.")
    assert answer.status_code == 302
    paper = factories.fresh(paper)
    assert paper.state == State.RETURNED
    assert "Колдонулган жерин так жазыңыз." in page(campus.lecturer, reverse("plan", args=[paper.pk]))
    data = {"seen": paper.revision, "once": uuid4(), "aim": "Ыкмалар", "then": "read"}
    data |= {"uses": ["new_lectures", "seminar_talk"], "new_lectures": "Геномика"}
    browser(campus.lecturer).post(reverse("plan_edit", args=[paper.pk]), data)
    paper = letters.handed_in(factories.fresh(paper), by=campus.lecturer)
    meet(campus.head, campus, paper)
    paper = factories.fresh(paper)
    assert paper.state == State.APPROVED
    told = [(one.action, one.version.number, one.meeting is not None) for one in factories.decisions_of(paper)]
    assert told == [("submit", 1, False), ("return", 1, True), ("submit", 2, False), ("approve", 2, True)]
    first = browser(campus.lecturer).get(reverse("plan_version", args=[paper.pk, 1]))
    assert first.context["content"]["aim"] == "Жаңы ыкмаларды өздөштүрүү"


def test_a_meeting_takes_as_many_queries_for_many_reports_as_for_one(campus: Campus) -> None:
    url = reverse("meeting_new", args=[campus.department.pk])
    handed_in(campus)
    asked = letters.queries(campus.head, url)
    for user in (campus.lecturer, campus.colleague, campus.dean):
        record = letters.course(user)
        factories.result(record)
        letters.handed_in(letters.report(user, record), by=user)
    assert asked == QUERIES
    assert letters.queries(campus.head, url) == QUERIES


def test_a_return_needs_its_reason(campus: Campus) -> None:
    paper = handed_in(campus)
    assert meet(campus.head, campus, paper, "return").status_code == 200
    assert not Meeting.objects.exists()
    assert factories.fresh(paper).state == State.SUBMITTED


def test_a_heads_own_report_is_heard_before_the_dean(campus: Campus) -> None:
    paper = handed_in(campus, campus.head)
    assert paper.awaiting_role == Role.DEAN
    with pytest.raises(PermissionDenied):
        approval.perform(
            paper,
            Action.APPROVE,
            by=campus.head,
            seen=paper.revision,
            meeting=factories.meeting(campus.department, by=campus.head),
        )
    answer = meet(campus.dean, campus, paper)
    assert browser(campus.dean).get(answer.url).status_code == 200
    paper = factories.fresh(paper)
    assert paper.state == State.APPROVED
    text = minutes_extract(Meeting.objects.get(recorded_by=campus.dean.person))
    assert text["chair"] == campus.dean.person.full_name


def test_who_reads_a_report(campus: Campus) -> None:
    paper = letters.report(campus.lecturer)
    assert readers(campus, paper) == {"lecturer"}
    paper = letters.handed_in(paper, by=campus.lecturer)
    assert readers(campus, paper) == {"lecturer", "head", "dean", "quality", "vice_rector", "rector", "hr"}


def readers(campus: Campus, paper: Document) -> set[str]:
    url = reverse("plan", args=[paper.pk])
    statuses = {name: browser(user).get(url).status_code for name, user in campus.people.items()}
    assert set(statuses.values()) <= {200, 404}
    return {name for name, status in statuses.items() if status == 200}


def test_the_department_hears_a_mended_report_again_and_the_old_one_stays_in_force(campus: Campus) -> None:
    paper = letters.decided(handed_in(campus), campus.head)
    first = paper.in_force
    approval.perform(paper, Action.AMEND, by=campus.lecturer, seen=paper.revision)
    data = {"seen": factories.fresh(paper).revision, "once": uuid4(), "aim": "Башка максат", "then": "read"}
    data |= {"uses": ["new_lectures"], "new_lectures": "Геномика", "change_note": "Жаңы лекция окулду."}
    browser(campus.lecturer).post(reverse("plan_edit", args=[paper.pk]), data)
    paper = factories.fresh(paper)
    assert (paper.aim, paper.in_force) == ("Башка максат", first)
    browser(campus.lecturer).post(
        reverse("plan_move", args=[paper.pk, "discard"]), {"seen": paper.revision, "once": uuid4()}
    )
    paper = factories.fresh(paper)
    assert (paper.state, paper.aim) == (State.APPROVED, "Жаңы ыкмаларды өздөштүрүү")
    assert (paper.uses, paper.new_lectures, paper.change_note) == (["practical_tasks"], "", "")


# --- the papers ---------------------------------------------------------------------------------------------------


def test_the_extract_says_that_the_meeting_heard_and_approved(campus: Campus) -> None:
    paper = letters.decided(handed_in(campus), campus.head)
    text = minutes_extract(Meeting.objects.get())
    with translation.override("ky"):
        name = str(paper)
    author = campus.lecturer.person.full_name
    assert text["body"] == f"{campus.university.title_ky}, {campus.department.title_ky}"
    assert text["agenda"] == [f"Угуу жана бекитүү: {name}"]
    assert text["heard"] == [f"{author}: {name}"]
    assert text["decided"] == [f"{author}, {name}: Бекитилди"]
    assert text["chair"] == campus.head.person.full_name


def test_the_extract_of_a_rejected_report_tells_the_reason(campus: Campus) -> None:
    paper = handed_in(campus)
    meet(campus.head, campus, paper, "return", reason="Так эмес.")
    [decided] = minutes_extract(Meeting.objects.get())["decided"]
    assert decided.endswith(": Кайра иштеп чыгууга кайтарылды (Так эмес.)")


POINTS = [
    "Окутуучунун квалификацияны жогорулатуу боюнча отчету",
    "1. Окуунун максаты",
    "2. Квалификацияны жогорулатуунун орду жана убактысы",
    "3. Курстун аталышы, программанын темалары, курстарды өткөрүүнүн негизги формалары",
    "4. Өтүлгөн курс тууралуу ой",
    "5. Квалификацияны жогорулатуунун натыйжалуулугу",
    "Алынган билимдер төмөнкүлөрдө колдонулат:",
    "6. Квалификацияны жогорулатууну аяктагандыгын тастыктаган документтин болушу",
    "Окутуучу ",
    "Отчет кафедра башчы тарабынан бекитилди",
]


def test_an_approved_report_prints_its_six_points_and_who_approved_it(campus: Campus) -> None:
    record = letters.course(campus.lecturer, document_number="КЖ-17")
    assert record.starts_on
    assert record.ends_on
    factories.result(record, kind=AttachmentKind.ARTICLE, title="Клетканын бөлүнүшү")
    uses = [ReportUse.NEW_LECTURES.value, ReportUse.SEMINAR_TALK.value]
    paper = letters.report(campus.lecturer, record, uses=uses, new_lectures="Геномика", opinion="Пайдалуу болду.")
    paper = letters.decided(letters.handed_in(paper, by=campus.lecturer), campus.head)
    text = read(plan_pdf(paper, paper.current_version)).text
    assert "3-тиркеме" in text
    places = [text.index(point) for point in POINTS]
    assert places == sorted(places)
    with translation.override("ky"):
        days, day, minutes = span(record.starts_on, record.ends_on), short_date(today()), approval_date(today())
        labels = [str(use.label) for use in ReportUse]
    assert f"{record.provider_text} {days}" in text
    assert f"{record.title}, 24 саат" in text
    assert "Пайдалуу болду." in text
    assert text.count("×") == 2
    assert f"× {labels[0]} (аталышын көрсөтүү): Геномика" in text
    assert all(label in text for label in labels)
    assert f"× {labels[1]}" not in text
    assert "№ КЖ-17" in text
    assert "Клетканын бөлүнүшү" in text
    assert f"бекитилди {campus.head.person.full_name} {day}" in text
    assert f"Протокол № 1 {minutes}" in text
    assert "ДОЛБООР" not in text


def test_a_draft_of_a_report_is_marked_and_signed_by_nobody(campus: Campus) -> None:
    text = read(plan_pdf(letters.report(campus.lecturer))).text
    assert "ДОЛБООР — БЕКИТИЛГЕН ЭМЕС" in text
    assert campus.head.person.full_name not in text
    assert "Протокол № _____" in text


def test_what_the_record_says_later_does_not_change_what_was_approved(campus: Campus) -> None:
    paper = letters.decided(handed_in(campus), campus.head)
    record = paper.record
    record.title, record.document_number = "Башка аталыш", "ЖАҢЫ-1"
    record.save()
    text = read(plan_pdf(paper, paper.current_version)).text
    assert "Башка аталыш" not in text
    assert "ЖАҢЫ-1" not in text


def test_a_dean_who_approved_is_named_as_the_dean(campus: Campus) -> None:
    paper = letters.decided(handed_in(campus, campus.head), campus.dean)
    assert (
        f"Отчет декан тарабынан бекитилди {campus.dean.person.full_name}"
        in read(plan_pdf(paper, paper.current_version)).text
    )


def test_a_university_without_a_head_lets_the_dean_hear_it(campus: Campus) -> None:
    RoleAssignment.objects.filter(person=campus.head.person).delete()
    assert handed_in(campus).awaiting_role == Role.DEAN
