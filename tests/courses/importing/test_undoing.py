"""The last import of a place undone: all of it, and only while nothing was built on it."""

import json
from collections.abc import Callable

import pytest
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses import invariants
from courses.choices import ImportState, Verdict
from courses.importing.applying import apply_import
from courses.importing.undoing import BuiltOn, undo_import
from courses.models import RecordDecision, TrainingRecord, WorkbookImport
from courses.verification import perform
from cpd.dates import today
from schools import audit
from schools import invariants as school_invariants
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event, NoticeKind
from schools.models import (
    AuditEntry,
    Employment,
    Institution,
    Invitation,
    Meeting,
    MethodicalAssociation,
    Notice,
    Person,
    RoleAssignment,
    User,
)
from tests import factories
from tests.conftest import Cast
from tests.courses.importing.rows import (
    NUMBER,
    association_row,
    here,
    imported,
    in_row,
    record_row,
    school_row,
    staff_row,
)

pytestmark = pytest.mark.django_db

MODELS = (Institution, MethodicalAssociation, Person, Employment, RoleAssignment, TrainingRecord, RecordDecision)


def everything() -> list[dict]:
    """Every row that an import can reach, as it stands."""
    rows = [row for model in MODELS for row in model._default_manager.order_by("pk")]
    return json.loads(serializers.serialize("json", rows))


@pytest.fixture
def workbook(cast: Cast) -> WorkbookImport:
    """A new school with a person and a course; the teacher gets another position, subject, category and a course."""
    subject = factories.SubjectFactory()
    factories.job_of(cast.teacher).subjects.set([factories.SubjectFactory()])
    old = list(factories.job_of(cast.teacher).subjects.values_list("pk", flat=True))
    changes = {
        "category": ["none", "first"],
        "position": ["биология мугалими", "химия мугалими"],
        "teaching_since": [None, "2009-09-01"],
        "association": [here(cast.association), here(cast.other_association)],
        "subjects": [old, [subject.pk]],
        "role": ["", "clerk"],
    }
    return imported(
        cast.district,
        cast.officer,
        school_row(2),
        association_row(2, in_row(2)),
        staff_row(2, in_row(2), personal_number=NUMBER.format(1), association=in_row(2), role="director"),
        staff_row(3, here(cast.school), Verdict.CHANGED, cast.teacher.person_id, born_on="", changes=changes),
        record_row(2, in_row(2), in_row(2)),
        record_row(3, here(cast.teacher.person), here(cast.school)),
    )


@pytest.fixture
def before(workbook: WorkbookImport) -> list[dict]:
    return everything()


@pytest.fixture
def applied(before: list[dict], workbook: WorkbookImport, cast: Cast) -> WorkbookImport:
    apply_import(workbook, by=cast.officer)
    assert everything() != before
    return workbook


def test_everything_goes_back(applied: WorkbookImport, before: list[dict], cast: Cast) -> None:
    assert undo_import(applied, by=cast.officer) == 0
    assert everything() == before
    applied.refresh_from_db()
    assert (applied.state, applied.undone_by) == (ImportState.UNDONE, cast.officer.person)
    assert AuditEntry.objects.get(event=Event.IMPORT_UNDONE).district == cast.district
    for check in (*invariants.OF_RECORDS, *school_invariants.CHECKS):
        assert list(check()) == []


def new_person() -> Person:
    return Person.objects.get(personal_number=NUMBER.format(1))


def an_account(cast: Cast) -> None:
    factories.UserFactory(person=new_person())


def an_invitation(cast: Cast) -> None:
    Invitation.objects.create(
        person=new_person(), salt="1", token_hash="1", made_by=cast.officer.person, expires_at=timezone.now()
    )


def a_second_job(cast: Cast) -> None:
    factories.EmploymentFactory(person=new_person(), institution=cast.other_school, is_main=False)


def a_record_of_their_own(cast: Cast) -> None:
    factories.training_record(new_person())


def a_record_verified(cast: Cast) -> None:
    record = cast.teacher.person.records.get()
    perform(record, "return", by=cast.deputy, seen=record.revision, reason="Сүрөтү жок.")


def a_record_withdrawn(cast: Cast) -> None:
    record = cast.teacher.person.records.get()
    perform(record, "withdraw", by=cast.teacher, seen=record.revision)


def a_meeting(cast: Cast) -> None:
    meeting = Meeting.objects.create(
        association=cast.association, minutes_number="1", held_on=today(), recorded_by=cast.head.person
    )
    meeting.present.add(new_person())


def a_colleague_in_the_new_school(cast: Cast) -> None:
    factories.EmploymentFactory(institution=Institution.objects.get(code="402"))


def another_name(cast: Cast) -> None:
    Person.objects.filter(pk=new_person().pk).update(family_name="Асанова")


def leaving(cast: Cast) -> None:
    Employment.objects.filter(person=new_person()).update(ends_on=today(), end_reason="left")


def the_role_ended(cast: Cast) -> None:
    RoleAssignment.objects.filter(person=new_person()).update(ends_on=today())


def another_title(cast: Cast) -> None:
    Institution.objects.filter(code="402").update(title_ky="№402 мектеп-гимназия")


def the_changed_column_again(cast: Cast) -> None:
    Employment.objects.filter(person=cast.teacher.person).update(position="физика мугалими")


def other_subjects(cast: Cast) -> None:
    factories.job_of(cast.teacher).subjects.add(factories.SubjectFactory())


BUILT: list[tuple[Callable[[Cast], None], str]] = [
    (an_account, "user"),
    (an_invitation, "Жаңыев2"),
    (a_second_job, "Жаңыев2"),
    (a_record_of_their_own, "Критерийлик"),
    (a_record_verified, "Критерийлик"),
    (a_record_withdrawn, "Критерийлик"),
    (a_meeting, "1"),
    (a_colleague_in_the_new_school, "жаңы мектеп"),
    (another_name, "Асанова"),
    (leaving, "Жаңыев2"),
    (the_role_ended, "Жаңыев2"),
    (another_title, "гимназия"),
    (the_changed_column_again, "Өмүралиева"),
    (other_subjects, "Өмүралиева"),
]


@pytest.mark.parametrize(("built", "told"), BUILT, ids=lambda one: getattr(one, "__name__", ""))
def test_what_was_built_on_it_is_told_and_nothing_changes(
    built: Callable[[Cast], None], told: str, applied: WorkbookImport, cast: Cast
) -> None:
    built(cast)
    stands = everything()
    with pytest.raises(BuiltOn) as refusal:
        undo_import(applied, by=cast.officer)
    assert any(told in thing for thing in refusal.value.things)
    assert everything() == stands
    assert applied.state == ImportState.APPLIED
    applied.refresh_from_db()
    assert applied.state == ImportState.APPLIED


def test_what_is_taken_by_others_since_is_told(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.school.pk).update(code="100")
    row = school_row(2, Verdict.CHANGED, cast.school.pk, changes={"code": ["100", "200"]})
    workbook = imported(cast.district, cast.officer, row)
    apply_import(workbook, by=cast.officer)
    Institution.objects.filter(pk=cast.far_school.pk).update(code="100")
    with pytest.raises(BuiltOn) as refusal:
        undo_import(workbook, by=cast.officer)
    assert refusal.value.things
    assert Institution.objects.get(pk=cast.school.pk).code == "200"
    workbook.refresh_from_db()
    assert workbook.state == ImportState.APPLIED


def test_only_what_the_import_wrote_is_written_back(applied: WorkbookImport, cast: Cast) -> None:
    Employment.objects.filter(person=cast.teacher.person).update(is_teaching=False)
    with CaptureQueriesContext(connection) as captured:
        undo_import(applied, by=cast.officer)
    assert factories.job_of(cast.teacher).is_teaching is False
    updates = [one["sql"].split(" WHERE ")[0] for one in captured if one["sql"].startswith('UPDATE "schools_person"')]
    assert any('"teaching_since"' in sql for sql in updates)
    assert not any('"family_name"' in sql for sql in updates)


def test_whoever_was_looked_at_stays_by_name_only(applied: WorkbookImport, cast: Cast) -> None:
    person = new_person()
    audit.note(Event.SAW_PERSON, by=cast.officer, subject=person, institution=Institution.objects.get(code="402"))
    assert undo_import(applied, by=cast.officer) == 2
    person.refresh_from_db()
    assert (person.full_name, person.personal_number, person.born_on) == ("Жаңыев2 Үмүт", "", None)
    assert not person.employments.exists()
    assert not Person.objects.visible_to(cast.officer).filter(pk=person.pk).exists()


def test_notices_hold_nobody_back(applied: WorkbookImport, cast: Cast) -> None:
    Notice.objects.create(person=new_person(), kind=NoticeKind.WAITING, key="1", path="/")
    undo_import(applied, by=cast.officer)
    assert not Notice.objects.exists()


def test_only_the_last_import_of_a_place_is_undone(applied: WorkbookImport, cast: Cast) -> None:
    later = imported(cast.school, cast.deputy, staff_row(9, here(cast.school)), file_name="кийинки.xlsx")
    apply_import(later, by=cast.deputy)
    with pytest.raises(Refused) as refusal:
        undo_import(applied, by=cast.officer)
    assert "кийинки.xlsx" in refusal.value.message
    undo_import(later, by=cast.deputy)
    undo_import(applied, by=cast.officer)


def test_an_import_of_another_district_s_school_does_not_matter(applied: WorkbookImport, cast: Cast) -> None:
    later = imported(cast.far_school, cast.administrator, staff_row(9, here(cast.far_school)))
    apply_import(later, by=cast.administrator)
    undo_import(applied, by=cast.officer)


def test_an_import_is_undone_once_and_only_where_it_was_applied(applied: WorkbookImport, cast: Cast) -> None:
    other = WorkbookImport.objects.get(pk=applied.pk)
    undo_import(applied, by=cast.officer)
    with pytest.raises(ChangedMeanwhile):
        undo_import(other, by=cast.officer)
    unread = imported(cast.school, cast.deputy, staff_row(9, here(cast.school)))
    with pytest.raises(ChangedMeanwhile):
        undo_import(unread, by=cast.deputy)


@pytest.mark.parametrize("who", ["teacher", "director", "other_officer", "institute"])
def test_only_who_may_import_for_the_place_undoes(who: str, applied: WorkbookImport, cast: Cast) -> None:
    user: User = getattr(cast, who)
    with pytest.raises(Refused):
        undo_import(applied, by=user)


def test_an_import_whose_rows_are_kept_no_longer_is_not_undone(applied: WorkbookImport, cast: Cast) -> None:
    applied.rows.all().delete()
    before = everything()
    with pytest.raises(Refused):
        undo_import(applied, by=cast.officer)
    assert everything() == before


def test_after_undoing_the_same_can_be_imported_again(applied: WorkbookImport, cast: Cast) -> None:
    undo_import(applied, by=cast.officer)
    again = imported(cast.district, cast.officer, school_row(2), staff_row(2, in_row(2)))
    apply_import(again, by=cast.officer)
    assert Institution.objects.filter(code="402").count() == 1
    assert Employment.objects.get(institution__code="402").starts_on == today()
