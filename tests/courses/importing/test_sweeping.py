"""What ``manage.py tidy`` removes of imports."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.choices import ImportState
from courses.importing.applying import apply_import
from courses.importing.sweeping import APPLIED_ARE_KEPT, UNAPPLIED_ARE_KEPT, old_imports
from courses.importing.undoing import undo_import
from courses.models import WorkbookImport
from schools.models import Person
from tests.conftest import Cast
from tests.courses.importing.rows import here, imported, staff_row

pytestmark = pytest.mark.django_db

MOMENT = dt.timedelta(minutes=1)


@pytest.mark.parametrize("state", [ImportState.WAITING, ImportState.READ, ImportState.UNFIT, ImportState.FAILED])
def test_what_was_never_applied_goes_after_its_time(state: ImportState, cast: Cast) -> None:
    now = timezone.now()
    for ago in (UNAPPLIED_ARE_KEPT + MOMENT, UNAPPLIED_ARE_KEPT - MOMENT):
        imported(cast.school, cast.deputy, staff_row(2, here(cast.school)), state=state, uploaded_at=now - ago)
    assert old_imports() == 1
    [left] = WorkbookImport.objects.all()
    assert (left.uploaded_at, left.rows.count()) == (now - UNAPPLIED_ARE_KEPT + MOMENT, 1)


@pytest.mark.parametrize("state", [ImportState.QUEUED, ImportState.APPLYING, ImportState.READING])
def test_what_is_being_worked_at_stays(state: ImportState, cast: Cast) -> None:
    long_ago = timezone.now() - 2 * UNAPPLIED_ARE_KEPT
    imported(cast.school, cast.deputy, staff_row(2, here(cast.school)), state=state, uploaded_at=long_ago)
    assert old_imports() == 0


def applied(cast: Cast, place, by, number: int) -> WorkbookImport:
    workbook = imported(
        place, by, staff_row(number, here(cast.far_school if place == cast.far_school else cast.school))
    )
    apply_import(workbook, by=by)
    return workbook


def test_the_rows_of_the_import_before_the_last_one_of_a_place_go_and_what_they_brought_stays(cast: Cast) -> None:
    first = applied(cast, cast.school, cast.deputy, 2)
    whole = applied(cast, cast.district, cast.officer, 3)
    second = applied(cast, cast.school, cast.deputy, 4)
    assert old_imports() == 1
    assert [one.rows.count() for one in (first, whole, second)] == [0, 1, 1]
    assert WorkbookImport.objects.count() == 3
    assert Person.objects.filter(family_name="Жаңыев2").exists()
    assert old_imports() == 0


def test_a_later_import_that_is_not_applied_does_not_count(cast: Cast) -> None:
    first = applied(cast, cast.school, cast.deputy, 2)
    imported(cast.school, cast.deputy, staff_row(3, here(cast.school)))
    assert old_imports() == 0
    assert first.rows.exists()


def test_rows_of_the_last_import_go_after_a_year_and_of_one_undone_after_a_month(cast: Cast) -> None:
    last, undone = applied(cast, cast.school, cast.deputy, 2), applied(cast, cast.far_school, cast.administrator, 3)
    undo_import(undone, by=cast.administrator)
    assert old_imports() == 0
    now = timezone.now()
    WorkbookImport.objects.filter(pk=last.pk).update(applied_at=now - APPLIED_ARE_KEPT - MOMENT)
    WorkbookImport.objects.filter(pk=undone.pk).update(undone_at=now - UNAPPLIED_ARE_KEPT - MOMENT)
    assert old_imports() == 2
    assert not last.rows.exists()
