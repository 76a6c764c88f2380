"""A worker as a process of its own, killed in the middle of applying: everything is written, or nothing."""

import signal

import pytest

from courses.choices import ImportState
from courses.importing import jobs
from courses.models import TrainingRecord, WorkbookImport
from courses.models.imports import LEASE
from schools.models import Person
from tests.conftest import make_cast
from tests.courses.books.test_worker import wait_until, worker
from tests.courses.importing.rows import here, imported, in_row, record_row, staff_row

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 1500  # people and courses: enough that a worker is still writing when it is killed


def test_a_worker_killed_while_applying_leaves_nothing_and_another_applies_all() -> None:
    cast = make_cast()
    rows = [staff_row(number, here(cast.school)) for number in range(MANY)]
    rows += [record_row(number, in_row(number), here(cast.school)) for number in range(MANY)]
    workbook = imported(cast.school, cast.deputy, *rows)
    jobs.ask_to_apply(workbook, by=cast.deputy, leaves_out_refused=False)
    before = Person.objects.count()

    def state() -> str:
        return WorkbookImport.objects.values_list("state", flat=True).get()

    with worker() as first:
        wait_until(lambda: state() == ImportState.APPLYING, "taking it up")
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert (state(), Person.objects.count(), TrainingRecord.objects.count()) == (ImportState.APPLYING, before, 0)
    held = WorkbookImport.objects.get()
    WorkbookImport.objects.update(taken_at=held.taken_at - 2 * LEASE)
    with worker("--batch") as second:
        second.wait()
    assert (state(), Person.objects.count(), TrainingRecord.objects.count()) == (
        ImportState.APPLIED,
        before + MANY,
        MANY,
    )
