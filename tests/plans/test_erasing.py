"""People whose data is past its time become nameless; what was decided stays whole."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import JSONField

from courses.choices import AttachmentKind, RecordAction, Verdict
from courses.importing.applying import apply_import
from courses.importing.undoing import BuiltOn, undo_import
from courses.models import CertificateFile, ImportRow, RecordDecision, TrainingRecord, WorkbookImport
from courses.verification import perform
from cpd.dates import add_years, today
from cpd.storage import file_store
from plans.content import content_of
from plans.dossier import data_of
from plans.erasing import NAMELESS, NUMBERLESS, erase, past_their_time
from plans.models import CourseReport
from plans.pdf import plan_pdf
from schools.approval import Refused
from schools.choices import Kept, LeaveKind, Role
from schools.invariants import versions_unchanged
from schools.merging import merge_people, undo_merge
from schools.models import (
    AuditEntry,
    Decision,
    DocumentVersion,
    Employment,
    Leave,
    Merge,
    Person,
    RetentionPeriod,
    RoleAssignment,
    User,
)
from tests import factories
from tests.campus import Campus
from tests.conftest import Cast
from tests.courses.importing.rows import here, imported, record_row, staff_row
from tests.factories import approved, certificate, fresh, training_record
from tests.plans import letters
from tests.plans.internships_told import in_force, information, internship, programme

YEARS = 5
NUMBER = "21507198500123"
BORN_ON = dt.date(1985, 7, 15)


@pytest.fixture
def period(db: None) -> RetentionPeriod:
    found, _new = RetentionPeriod.objects.update_or_create(
        kept=Kept.PEOPLE, defaults={"years": YEARS, "source": "Сынак"}
    )
    return found


def left(user: User, on: dt.date) -> None:
    jobs = Employment.objects.filter(person=user.person)
    jobs.update(starts_on=add_years(on, -3), ends_on=on)


def test_people_are_past_their_time_the_day_after_the_last_year(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, add_years(today(), -YEARS))
    assert cast.teacher.person not in past_their_time()
    left(cast.teacher, add_years(today(), -YEARS) - dt.timedelta(days=1))
    assert list(past_their_time()) == [cast.teacher.person]


def test_without_a_fixed_period_nobody_is(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    RetentionPeriod.objects.update(years=None)
    assert not past_their_time()


def test_who_works_somewhere_or_holds_a_role_is_not(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    job = factories.EmploymentFactory.create(person=cast.teacher.person, starts_on=today())
    assert not past_their_time()
    job.delete()
    RoleAssignment.objects.create(
        person=cast.teacher.person, role=Role.INSTITUTE_VIEWER, starts_on=dt.date(1999, 1, 1)
    )
    assert not past_their_time()


@pytest.fixture
def erased(cast: Cast, period: RetentionPeriod, django_capture_on_commit_callbacks) -> Person:
    """A teacher with an approved plan, a verified record and an account, made nameless."""
    approved(cast.plan)
    cast.teacher.email = "mugalim@example.kg"
    cast.teacher.save()
    file = certificate(cast.teacher.person)
    columns = {"comment": "Пайдалуу болду.", "document_number": "КЖ-77", "ends_on": today()}
    record = training_record(cast.teacher, file=file, status="draft", **columns)
    perform(record, RecordAction.SUBMIT, by=cast.teacher, seen=1)
    perform(record, RecordAction.VERIFY, by=cast.deputy, seen=2)
    left(cast.teacher, dt.date(1999, 1, 1))
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(Person.objects.get(pk=cast.teacher.person_id))
    return Person.objects.get(pk=cast.teacher.person_id)


def test_nothing_names_the_person_any_more(cast: Cast, erased: Person) -> None:
    was = cast.teacher.person.full_name
    assert erased.family_name == NAMELESS
    told = str(data_of(erased)["tables"] | {"schools.AuditEntry": "", "schools.Decision": ""})  # chained and sealed
    assert was not in told
    assert "mugalim@example.kg" not in told
    assert "Пайдалуу болду." not in told
    assert "КЖ-77" not in told
    assert AuditEntry.objects.get(event="erased").subject_name == erased.full_name


def test_the_account_is_closed_and_its_name_is_free(cast: Cast, erased: Person) -> None:
    user = User.objects.get(pk=cast.teacher.pk)
    assert (user.is_active, user.has_usable_password(), user.username) == (False, False, f"erased-{user.pk}")


def test_the_file_goes_and_its_row_says_so(cast: Cast, erased: Person) -> None:
    file = CertificateFile.objects.get()
    assert (file.size, file.sha256) == (0, "")
    with pytest.raises(OSError):  # noqa: PT011 - whatever the store says of what is not there
        file_store().open(file.stored_as)


def test_people_of_a_host_go_with_the_papers_of_an_internship(campus: Campus, period: RetentionPeriod) -> None:
    plan = in_force(internship(campus.lecturer))
    papers = [plan, in_force(programme(plan)), in_force(information(plan))]
    left(campus.lecturer, dt.date(1999, 1, 1))
    assert erase(Person.objects.get(pk=campus.lecturer.person_id))
    told = str([*DocumentVersion.objects.values_list("content", flat=True), *map(content_of, map(fresh, papers))])
    assert "Улуттук лаборатория" in told
    for name in ("Жээнбаева", "Асанова", campus.lecturer.person.full_name):
        assert name not in told


def test_what_a_lecturer_wrote_in_a_report_goes_and_the_course_stays(campus: Campus, period: RetentionPeriod) -> None:
    course = letters.course(campus.lecturer, document_number="КЖ-77", title="Критерийлик баалоо")
    factories.result(course, kind=AttachmentKind.ARTICLE, title="Менин макалам")
    written = {name: f"Менин оюм: {name}" for name in ("aim", "topics", "opinion", "effect", "new_lectures")}
    report = letters.report(campus.lecturer, course, uses=["new_lectures"], **written)
    report = letters.handed_in(report, by=campus.lecturer)
    left(campus.lecturer, dt.date(1999, 1, 1))
    assert erase(Person.objects.get(pk=campus.lecturer.person_id))
    contents = [report.versions.get().content, content_of(CourseReport.objects.get())]
    for content in contents:
        assert not [said for said in ("КЖ-77", "макалам", "оюм") if said in str(content)]
        assert content["record"]["title"] == "Критерийлик баалоо"
        assert content["record"]["document_number"] == NUMBERLESS
        assert content["attachments"] == [{"kind": AttachmentKind.ARTICLE, "title": NAMELESS}]
        assert content["uses"] == ["new_lectures"]
    assert plan_pdf(report, report.versions.get()).startswith(b"%PDF")
    assert not list(versions_unchanged())


def test_what_was_decided_stays_and_can_be_printed(cast: Cast, erased: Person) -> None:
    version = DocumentVersion.objects.get()
    assert Decision.objects.filter(version=version).count() > 1
    assert version.content["rows"]
    assert plan_pdf(cast.plan, version).startswith(b"%PDF")
    assert TrainingRecord.objects.get().amount is not None


def test_the_invariants_hold_of_nameless_people(erased: Person) -> None:
    call_command("check_invariants")


def test_the_command_tells_how_many_and_a_dry_run_changes_nothing(
    cast: Cast, period: RetentionPeriod, capsys: pytest.CaptureFixture[str]
) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    call_command("anonymise", "--dry-run")
    assert Person.objects.filter(erased_at=None, pk=cast.teacher.person_id).exists()
    call_command("anonymise")
    call_command("anonymise")
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out] == ["1", "1", "0"]


def test_who_is_hired_again_while_others_are_made_nameless_stays(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    [person] = past_their_time()
    factories.EmploymentFactory.create(person=cast.teacher.person, starts_on=today())
    assert erase(person) is False
    person.refresh_from_db()
    assert (person.family_name, person.erased_at) == (cast.teacher.person.family_name, None)
    assert User.objects.get(pk=cast.teacher.pk).is_active


def test_what_was_written_of_a_course_is_gone_from_its_decisions_and_the_history_is_whole(erased: Person) -> None:
    contents = [decision.content for decision in RecordDecision.objects.all()]
    assert [one["title"] for one in contents] == [TrainingRecord.objects.get().title] * 2
    assert {one["comment"] for one in contents} == {""}
    assert "КЖ-77" not in str(contents)
    call_command("verify_audit")


# Where no link of the database leads --------------------------------------------------------------------------------


def in_json() -> str:
    """What all JSON columns hold, but the journal's: its numbers are masked, and its names stay."""
    found: list[Any] = []
    for model in apps.get_models():
        names = [column.name for column in model._meta.concrete_fields if isinstance(column, JSONField)]
        if names and model is not AuditEntry:
            found += model._default_manager.values_list(*names)
    return str(found)


@pytest.fixture
def newcomer(cast: Cast, period: RetentionPeriod) -> Person:
    """Somebody with a course, whom a workbook brought, and whose number another one corrected."""
    row = staff_row(3, here(cast.school), family_name="Ысмаилов", personal_number=NUMBER)
    course = record_row(4, {"row": 3}, here(cast.school), comment="Пайдалуу болду.")
    apply_import(imported(cast.school, cast.deputy, row, course), by=cast.deputy)
    person = Person.objects.get(personal_number=NUMBER)
    changes = {"speciality": ["", "Ысмаилов билет"], "born_on": [str(BORN_ON), "1985-07-16"]}
    changed = staff_row(3, here(cast.school), Verdict.CHANGED, person.pk, changes=changes)
    apply_import(imported(cast.school, cast.deputy, changed), by=cast.deputy)
    return Person.objects.get(pk=person.pk)


def make_nameless(person: Person) -> None:
    Employment.objects.filter(person=person).update(starts_on=dt.date(1998, 1, 1), ends_on=dt.date(1999, 1, 1))
    assert erase(person)


def test_what_a_workbook_said_of_them_is_emptied(newcomer: Person) -> None:
    said = ("Ысмаилов", NUMBER, "1985-07", "Пайдалуу")
    assert all(one in in_json() for one in said)
    make_nameless(newcomer)
    assert not [one for one in said if one in in_json()]


def test_a_row_that_was_refused_is_found_by_the_number(cast: Cast, newcomer: Person) -> None:
    refused = staff_row(9, here(cast.far_school), Verdict.REFUSED, personal_number=NUMBER)
    refused.columns = {}  # as of a row that nobody could read
    imported(cast.far_school, cast.deputy, refused)
    make_nameless(newcomer)
    assert NUMBER not in in_json()


def test_rows_of_others_in_the_same_workbook_stay(cast: Cast, period: RetentionPeriod) -> None:
    rows = [staff_row(3, here(cast.school), personal_number=NUMBER), staff_row(4, here(cast.school))]
    apply_import(imported(cast.school, cast.deputy, *rows), by=cast.deputy)
    make_nameless(Person.objects.get(personal_number=NUMBER))
    assert ImportRow.objects.get(number=4).columns["family_name"] == "Жаңыев4"
    assert "family_name" not in ImportRow.objects.get(number=3).columns


def test_an_import_of_somebody_nameless_is_not_undone(cast: Cast, newcomer: Person) -> None:
    make_nameless(newcomer)
    with pytest.raises(BuiltOn):
        undo_import(WorkbookImport.objects.latest("pk"), by=cast.deputy)


def test_a_row_that_waits_is_left_out(cast: Cast, newcomer: Person) -> None:
    course = record_row(4, here(newcomer), here(cast.school))
    waiting = imported(cast.school, cast.deputy, course)
    make_nameless(newcomer)
    apply_import(waiting, by=cast.deputy)
    assert TrainingRecord.objects.filter(person=newcomer).count() == 1


@pytest.fixture
def merged(cast: Cast, period: RetentionPeriod) -> Merge:
    kept, gone = cast.teacher.person, factories.PersonFactory.create(personal_number=NUMBER, born_on=BORN_ON)
    Person.objects.filter(pk=kept.pk).update(born_on=BORN_ON)
    factories.EmploymentFactory.create(person=gone, institution=cast.school, is_main=False)
    reason = "Бир адам эки жолу киргизилген"
    merge = merge_people(kept=kept, gone=gone, reason=reason, by=cast.administrator)
    assert NUMBER in in_json()
    return merge


def test_what_stood_in_two_records_that_were_merged_is_emptied(cast: Cast, merged: Merge) -> None:
    make_nameless(cast.teacher.person)
    assert NUMBER not in in_json()
    merged.refresh_from_db()
    assert merged.reason == NAMELESS
    assert all(row[3:] == [None, None] for row in merged.moved)
    assert Person.objects.get(pk=merged.gone_id).erased_at is not None


def test_a_merge_of_somebody_nameless_is_not_undone(cast: Cast, merged: Merge) -> None:
    make_nameless(cast.teacher.person)
    with pytest.raises(Refused):
        undo_merge(merge=merged, by=cast.administrator)


def test_why_somebody_was_away_is_gone(cast: Cast, period: RetentionPeriod) -> None:
    job = Employment.objects.get(person=cast.teacher.person)
    days = {"starts_on": dt.date(1998, 2, 1), "ends_on": dt.date(1998, 8, 1)}
    told = {"kind": LeaveKind.ILLNESS, "order_number": "17", "entered_by": cast.deputy.person}
    Leave.objects.create(employment=job, **days, **told)
    make_nameless(cast.teacher.person)
    leave = Leave.objects.get()
    assert (leave.kind, leave.order_number, leave.starts_on) == (LeaveKind.OTHER, "", dt.date(1998, 2, 1))


def test_notes_beside_courses_and_topics_of_what_was_shared_go(cast: Cast, period: RetentionPeriod) -> None:
    noted = factories.beside(cast.teacher, goal_achieved="Жаңы ыкма", provider_text="Китепкана")
    course, scan = training_record(cast.teacher, status="verified"), certificate(cast.teacher.person)
    event = factories.SharingEventFactory(record=course, topic="Менин тажрыйбам", held_on=today(), file=scan)
    left(cast.teacher, add_years(today(), -YEARS - 1))
    assert erase(cast.teacher.person)
    noted.refresh_from_db()
    assert (noted.title, noted.goal_achieved, noted.provider_text, noted.provider_key) == (NAMELESS, "", "", "")
    event.refresh_from_db()
    scan.refresh_from_db()
    assert (event.topic, event.held_on, scan.sha256) == ("", today(), "")
    course.refresh_from_db()
    assert course.title == "Критерийлик баалоо"


def test_what_was_shared_is_told_to_its_teacher(cast: Cast) -> None:
    factories.SharingEventFactory(record=training_record(cast.teacher, status="verified"), topic="Менин тажрыйбам")
    assert "Менин тажрыйбам" in str(data_of(cast.teacher.person))
    assert "Менин тажрыйбам" not in str(data_of(cast.head.person))


def test_what_came_of_a_course_is_told_to_its_owner_and_goes_with_its_scan(
    cast: Cast, period: RetentionPeriod
) -> None:
    course, scan = training_record(cast.teacher, status="verified"), certificate(cast.teacher.person)
    came = factories.result(course, title="Менин макалам", file=scan)
    assert "Менин макалам" in str(data_of(cast.teacher.person))
    assert "Менин макалам" not in str(data_of(cast.head.person))
    left(cast.teacher, add_years(today(), -YEARS - 1))
    assert erase(cast.teacher.person)
    came.refresh_from_db()
    scan.refresh_from_db()
    assert (came.title, scan.sha256) == (NAMELESS, "")
