"""What must always hold of jobs, files and places of courses: each breach put in behind the program's back is told."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.choices import ImportState
from courses.invariants import (
    CHECKS,
    books_are_ended,
    imports_are_ended,
    nothing_is_counted_twice,
    rows_of_courses_belong_to_one_place,
)
from courses.models import Book, ImportRow, ScheduleEntry, TrainingRecord, WorkbookImport
from tests import factories
from tests.courses.importing.rows import here, imported, staff_row

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(hours=2)


def broken() -> set[str]:
    return {check.__name__ for check in CHECKS if list(check())}


def test_an_import_that_waits_for_long_or_was_applied_in_part_is_told(cast):
    workbook = imported(cast.district, cast.officer, *(staff_row(row, here(cast.school)) for row in (2, 3)))
    imports, rows = WorkbookImport.objects.filter(pk=workbook.pk), ImportRow.objects.filter(workbook=workbook)
    assert broken() == set()
    for state in (ImportState.WAITING, ImportState.READING, ImportState.QUEUED, ImportState.APPLYING):
        imports.update(state=state, taken_at=timezone.now())
        assert broken() == set()
        imports.update(taken_at=timezone.now() - LONG_AGO)
        assert list(imports_are_ended()) == [f"import {workbook.pk}: {state} for long, does a worker run?"]
    imports.update(taken_at=None, uploaded_at=timezone.now() - LONG_AGO)
    assert list(imports_are_ended()) == [f"import {workbook.pk}: applying for long, does a worker run?"]
    applied = {"state": ImportState.APPLIED, "applied_at": timezone.now(), "applied_by": cast.officer.person}
    rows.filter(number=2).update(did=[["schools.Person", 1, "made"]])
    for columns in (applied, {"state": ImportState.READ}):
        imports.update(**columns)
        assert list(imports_are_ended()) == [f"import {workbook.pk}: 1 rows are not as the rest of it"]
    imports.update(**applied)
    rows.update(did=[["schools.Person", 1, "made"]])
    assert broken() == set()


def test_a_book_that_is_not_ended_and_a_file_of_two_books_are_told(cast):
    book = factories.book(cast.district, by=cast.officer)
    other = factories.book(cast.district, by=cast.officer)
    assert broken() == set()
    Book.objects.filter(pk=other.pk).update(stored_as=book.stored_as, sha256=book.sha256)
    assert list(books_are_ended()) == [f"{book.stored_as} is the file of 2 books"]
    Book.objects.filter(pk=other.pk).delete()
    for state, moment in (("running", "lease_until"), ("waiting", "asked_at")):
        Book.objects.filter(pk=book.pk).update(state=state, **{moment: timezone.now() - LONG_AGO})
        [told] = books_are_ended()
        assert told.startswith(f"book {book.pk}: {state} since ")


def test_a_file_of_two_things_and_a_record_of_who_goes_on_as_another_are_told(cast):
    file = factories.certificate(cast.teacher.person)
    record = factories.training_record(cast.teacher, status="verified", file=file)
    assert list(nothing_is_counted_twice()) == []
    made = factories.result(record, file=file)
    assert list(nothing_is_counted_twice()) == [f"certificate file {file.pk}: belongs to two things"]
    made.delete()
    gone = factories.PersonFactory(merged_into=cast.teacher.person)
    TrainingRecord.objects.filter(pk=record.pk).update(person=gone)
    assert list(nothing_is_counted_twice()) == [
        f"record {record.pk}: is of person {gone.pk}, who goes on as another one"
    ]


def test_a_row_of_a_schedule_about_somebody_elsewhere_is_told(cast):
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    row = factories.schedule_row(schedule, cast.teacher)
    assert list(rows_of_courses_belong_to_one_place()) == []
    ScheduleEntry.objects.filter(pk=row.pk).update(employment=factories.job_of(cast.stranger))
    assert list(rows_of_courses_belong_to_one_place()) == [f"scheduleentry {row.pk}: belongs to two places"]
