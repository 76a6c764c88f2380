"""Imports read and applied in the background: one for one file, taken up by one worker, ended or told why not."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from courses.choices import ImportState
from courses.importing import jobs, states
from courses.models import WorkbookImport
from courses.models.imports import LEASE
from courses.working import TAKE_UP_LOST
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Institution, Person, RoleAssignment, User
from tests import factories
from tests.conftest import Cast, at_once, make_cast
from tests.courses.importing import books
from tests.courses.importing.rows import NUMBER, here, imported, staff_row
from tests.workbooks import OLE, billion_laughs, book

pytestmark = pytest.mark.django_db

SILENT = LEASE + dt.timedelta(seconds=1)


def a_file(count: int = 1) -> bytes:
    people = (
        {"name": f"Жаңыев{'абвгд'[n]} Үмүт", "born": "15.07.1985", "number": NUMBER.format(n), "since": "01.09.2020"}
        for n in range(count)
    )
    return books.workbook(books.staff(*people))


def taken_in(cast: Cast, data: bytes | None = None, place: Any = None) -> WorkbookImport:
    return jobs.take_in(place or cast.school, name="кадрлар.xlsx", data=data or a_file(), by=cast.deputy)


def worked(workbook: WorkbookImport) -> WorkbookImport:
    jobs.work_at.func(workbook.pk)
    return WorkbookImport.objects.get(pk=workbook.pk)


def test_a_file_is_read_looked_at_and_applied(cast: Cast) -> None:
    read = worked(taken_in(cast, a_file(2)))
    assert (read.state, read.counts, read.total, read.done) == (ImportState.READ, {"staff": {"new": 2}}, 2, 2)
    assert (read.data, read.attempts) == (None, 0)
    assert not Person.objects.filter(personal_number=NUMBER.format(1)).exists()
    jobs.ask_to_apply(read, by=cast.deputy, leaves_out_refused=False)
    applied = worked(read)
    assert (applied.state, applied.applied_by) == (ImportState.APPLIED, cast.deputy.person)
    assert Person.objects.get(personal_number=NUMBER.format(1)).employments.get().institution == cast.school


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    data = a_file(2)
    first = worked(taken_in(cast, data))
    jobs.ask_to_apply(first, by=cast.deputy, leaves_out_refused=False)
    worked(first)
    again = worked(taken_in(cast, data))
    assert again.pk != first.pk
    assert again.counts == {"staff": {"matched": 2}}
    with pytest.raises(Refused):
        jobs.ask_to_apply(again, by=cast.deputy, leaves_out_refused=True)


def test_the_same_file_twice_is_one_import_and_one_task(cast: Cast) -> None:
    data = a_file()
    first, second = taken_in(cast, data), taken_in(cast, data)
    assert first.pk == second.pk
    [task] = DBTaskResult.objects.all()
    assert task.args_kwargs == {"args": [first.pk], "kwargs": {}}
    assert taken_in(cast, data, cast.other_school).pk != first.pk
    assert taken_in(cast, data, cast.district).pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_the_same_moment_is_one_import() -> None:
    cast, data = make_cast(), a_file()
    first, second = at_once(lambda: taken_in(cast, data), lambda: taken_in(cast, data))
    assert first.pk == second.pk
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_apply_at_the_same_moment_one_does() -> None:
    cast = make_cast()
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))

    def applying(user: User) -> None:
        mine = WorkbookImport.objects.get(pk=workbook.pk)
        jobs.ask_to_apply(mine, by=user, leaves_out_refused=False)

    answers = at_once(lambda: applying(cast.deputy), lambda: applying(cast.second_deputy))
    assert sorted(map(type, answers), key=str) == sorted([type(None), ChangedMeanwhile], key=str)
    assert DBTaskResult.objects.count() == 1


def test_refused_rows_are_left_out_only_by_somebody_who_says_so(cast: Cast) -> None:
    sheets = books.staff({"name": "Жаңыев Үмүт", "number": NUMBER.format(1)}, {"name": "Белгисизов"})
    read = worked(taken_in(cast, books.workbook(sheets)))
    assert read.counts == {"staff": {"new": 1, "refused": 1}}
    with pytest.raises(Refused):
        jobs.ask_to_apply(read, by=cast.deputy, leaves_out_refused=False)
    jobs.ask_to_apply(read, by=cast.deputy, leaves_out_refused=True)
    assert worked(read).state == ImportState.APPLIED


HOSTILE = {
    "nothing": b"",
    "no workbook": b"just words",
    "an old workbook": OLE + b"0" * 600,
    "a bomb of entities": billion_laughs(book(["a"])),
    "another table": book(["Түсү", "Салмагы"], ["кызыл", 5]),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=list(HOSTILE))
def test_a_file_that_is_none_is_told_and_takes_no_second_attempt(data: bytes, cast: Cast) -> None:
    workbook = jobs.take_in(cast.school, name="кадрлар.xlsx", data=data, by=cast.deputy)
    unfit = worked(workbook)
    assert (unfit.state, unfit.data) == (ImportState.UNFIT, None)
    assert unfit.problems
    assert not unfit.rows.exists()
    assert jobs.take_up_lost() == 0


# Workers ------------------------------------------------------------------------------------------------------------


def silent(workbook: WorkbookImport, state: ImportState, **columns: Any) -> WorkbookImport:
    """As a worker that was killed leaves it."""
    assert states.move(workbook, state, taken_at=timezone.now() - SILENT, **columns)
    return workbook


@pytest.mark.parametrize("state", [ImportState.WAITING, ImportState.READING])
def test_what_nobody_reads_is_taken_up_again(state: ImportState, cast: Cast) -> None:
    workbook = silent(taken_in(cast), state)
    DBTaskResult.objects.all().delete()
    assert TAKE_UP_LOST() == 1
    assert DBTaskResult.objects.count() == 1
    assert jobs.take_up_lost() == 0  # not before it has been silent once more
    assert worked(workbook).state == ImportState.READ


def test_what_was_read_in_part_is_read_anew(cast: Cast) -> None:
    workbook = worked(taken_in(cast, data := a_file(3)))
    silent(workbook, ImportState.READING, data=data)
    jobs.take_up_lost()
    read = worked(workbook)
    assert (read.state, read.rows.count(), read.counts) == (ImportState.READ, 3, {"staff": {"new": 3}})


@pytest.mark.parametrize("state", [ImportState.QUEUED, ImportState.APPLYING])
def test_what_nobody_applies_is_taken_up_again(state: ImportState, cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    jobs.ask_to_apply(workbook, by=cast.deputy, leaves_out_refused=False)
    silent(workbook, state)
    assert jobs.take_up_lost() == 1
    assert worked(workbook).state == ImportState.APPLIED
    assert worked(workbook).state == ImportState.APPLIED


def test_a_worker_thought_dead_writes_nothing_more(cast: Cast) -> None:
    workbook = taken_in(cast)
    claimed = jobs._claim(workbook.pk)
    assert claimed is not None
    WorkbookImport.objects.filter(pk=workbook.pk).update(taken_at=timezone.now() - SILENT)
    jobs.take_up_lost()
    with pytest.raises(jobs.TakenAway):
        jobs.hold(claimed, 1)
    assert jobs._claim(workbook.pk) is not None
    assert jobs._claim(workbook.pk) is None


def test_after_three_attempts_it_is_given_up_and_says_so(cast: Cast) -> None:
    reading = taken_in(cast)
    WorkbookImport.objects.update(attempts=jobs.MOST_ATTEMPTS)
    assert worked(reading).state == ImportState.UNFIT
    applying = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    jobs.ask_to_apply(applying, by=cast.deputy, leaves_out_refused=False)
    WorkbookImport.objects.filter(pk=applying.pk).update(attempts=jobs.MOST_ATTEMPTS)
    failed = worked(applying)
    assert failed.state == ImportState.FAILED
    assert failed.problems[0]["text"]


def an_applied_one(cast: Cast) -> WorkbookImport:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    jobs.ask_to_apply(workbook, by=cast.deputy, leaves_out_refused=False)
    return worked(workbook)


@pytest.mark.parametrize("state", [ImportState.UNDO_QUEUED, ImportState.UNDOING])
def test_what_nobody_undoes_is_taken_up_again(state: ImportState, cast: Cast) -> None:
    workbook = an_applied_one(cast)
    jobs.ask_to_undo(workbook, by=cast.director)
    assert workbook.is_under_way
    silent(workbook, state)
    assert jobs.take_up_lost() == 1
    undone = worked(workbook)
    assert (undone.state, undone.undone_by) == (ImportState.UNDONE, cast.director.person)
    assert not Person.objects.filter(family_name="Жаңыев2").exists()
    with pytest.raises(ChangedMeanwhile):
        jobs.ask_to_undo(undone, by=cast.director)


def test_what_cannot_be_undone_stands_as_it_was_applied_and_says_why(cast: Cast) -> None:
    workbook = an_applied_one(cast)
    factories.UserFactory(person=Person.objects.get(family_name="Жаңыев2"))
    for _time in range(2):
        jobs.ask_to_undo(workbook, by=cast.deputy)
        workbook = worked(workbook)
        assert (workbook.state, workbook.undone_by, workbook.undone_at) == (ImportState.APPLIED, None, None)
        assert [one["code"] for one in workbook.problems] == ["not_undone"]
    assert Person.objects.filter(family_name="Жаңыев2").exists()


def test_whoever_lost_the_right_meanwhile_undoes_nothing(cast: Cast) -> None:
    workbook = an_applied_one(cast)
    jobs.ask_to_undo(workbook, by=cast.deputy)
    RoleAssignment.objects.filter(person=cast.deputy.person).delete()
    assert worked(workbook).state == ImportState.APPLIED


def test_an_import_that_waits_to_be_undone_still_stands_on_the_one_before(cast: Cast) -> None:
    first = an_applied_one(cast)
    second = imported(cast.school, cast.deputy, staff_row(3, here(cast.school)))
    jobs.ask_to_apply(second, by=cast.deputy, leaves_out_refused=False)
    jobs.ask_to_undo(worked(second), by=cast.deputy)
    with pytest.raises(Refused):
        jobs.ask_to_undo(first, by=cast.deputy)


def test_what_has_changed_meanwhile_is_not_tried_again(cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school), personal_number=NUMBER.format(1)))
    jobs.ask_to_apply(workbook, by=cast.deputy, leaves_out_refused=False)
    factories.PersonFactory(personal_number=NUMBER.format(1))
    failed = worked(workbook)
    assert (failed.state, failed.applied_at) == (ImportState.FAILED, None)
    assert failed.problems[0]["text"]
    assert not failed.rows.exclude(did=[]).exists()


def test_whoever_lost_the_right_meanwhile_applies_nothing(cast: Cast) -> None:
    workbook = imported(cast.school, cast.deputy, staff_row(2, here(cast.school)))
    jobs.ask_to_apply(workbook, by=cast.deputy, leaves_out_refused=False)
    RoleAssignment.objects.filter(person=cast.deputy.person).delete()
    before = Person.objects.count()
    assert worked(workbook).state == ImportState.FAILED
    assert Person.objects.count() == before


def test_a_page_knows_that_no_worker_runs(cast: Cast) -> None:
    workbook = taken_in(cast)
    assert not jobs.waits_in_vain(workbook)
    silent(workbook, ImportState.WAITING)
    assert jobs.waits_in_vain(workbook)
    other = taken_in(cast, a_file(4))
    jobs._claim(other.pk)
    assert not jobs.waits_in_vain(workbook)


def test_a_school_of_another_district_is_no_place_of_an_import(cast: Cast) -> None:
    sheets = books.staff({"name": "Жаңыев Үмүт", "number": NUMBER.format(1), "institution": cast.far_school.title_ky})
    read = worked(jobs.take_in(cast.district, name="кадрлар.xlsx", data=books.workbook(sheets), by=cast.officer))
    assert read.counts == {"staff": {"refused": 1}}


def test_a_whole_district_out_of_one_workbook(cast: Cast) -> None:
    school = {"Мекемелер": [books.INSTITUTION_HEAD, ["4021", "№21 жаңы мектеп", "", "21", ""]]}
    association = {"Усулдук бирикмелер": [books.ASSOCIATION_HEAD, ["№21 жаңы мектеп", "Так илимдер", ""]]}
    person = {"name": "Жаңыев Үмүт", "number": NUMBER.format(1), "born": "15.07.1985", "institution": "4021"}
    person |= {"association": "Так илимдер", "role": "Директор"}
    course = {"number": NUMBER.format(1), "name": "Жаңыев Үмүт"}
    data = books.workbook(school | association | books.staff(person) | books.records(course))
    read = worked(jobs.take_in(cast.district, name="район.xlsx", data=data, by=cast.officer))
    assert read.counts == {table: {"new": 1} for table in ("institutions", "associations", "staff", "records")}
    jobs.ask_to_apply(read, by=cast.officer, leaves_out_refused=False)
    assert worked(read).state == ImportState.APPLIED
    new = Institution.objects.get(code="4021")
    assert new.roles.get().person.records.get().institution == new
