"""R2: the worker is killed again and again. Every job is done once, and what cannot be done is given up."""

import datetime as dt
import random
import time

from django.db.models import F

from courses.books import jobs as book_jobs
from courses.choices import BookForm, BookState, ImportState
from courses.importing.jobs import ask_to_apply
from courses.models import Book, WorkbookImport
from schools.models import Institution, Person
from tests import factories
from tests.courses.importing.rows import here, imported, staff_row
from tests.drills.machines import Site, kill_hard, looking
from tests.drills.people import Place, settle

JOBS, KILLS = 200, 20
OF_PAPER = 5  # of the jobs, those that are printed, which takes seconds each
PEOPLE = 500  # in one import
PATIENCE = 300  # seconds
FIRST_YEAR = 2030


def books_asked_for(place: Place) -> None:
    """As many books as there are jobs, each of a school year of its own."""
    school = place.schools[0]
    for number in range(JOBS):
        made = factories.school_schedule(school.institution, by=school.deputy, year=FIRST_YEAR + number)
        factories.sent(made, by=school.deputy)
        form = BookForm.BOOK if number < OF_PAPER else BookForm.WORKBOOK
        book_jobs.ask_for(place.district, FIRST_YEAR + number, form, by=place.officer)


def put_the_clock_forward() -> None:
    """What a killed worker held is free after a minute; the drill does not wait for it."""
    minute = dt.timedelta(minutes=2)
    Book.objects.filter(state=BookState.RUNNING).update(lease_until=F("lease_until") - minute)
    WorkbookImport.objects.exclude(taken_at=None).update(taken_at=F("taken_at") - minute)


def ended() -> int:
    return Book.objects.filter(state__in=(BookState.DONE, BookState.FAILED)).count()


def wait_for(number: int, seconds: float = PATIENCE) -> None:
    """Until so many books are ended."""
    end = time.monotonic() + seconds
    while ended() < number:
        assert time.monotonic() < end, f"{ended()} of {number} jobs ended"
        time.sleep(0.05)


def test_two_hundred_jobs_are_done_once_though_the_worker_is_killed_twenty_times(site, figure):
    place = settle()
    books_asked_for(place)
    in_the_middle = 0
    for kill in range(KILLS):
        worker = site.worker()
        wait_for(min(JOBS, (kill + 1) * JOBS // (2 * KILLS)))
        time.sleep(random.uniform(0, 0.2))
        kill_hard(worker)
        in_the_middle += Book.objects.filter(state=BookState.RUNNING).exists()
    put_the_clock_forward()
    worker = site.worker()
    wait_for(JOBS)
    kill_hard(worker)
    done = Book.objects.filter(state=BookState.DONE)
    outputs = done.values("stored_as").distinct().count()
    stuck = Book.objects.exclude(state=BookState.DONE).count()
    figure(
        f"{JOBS} jobs, {KILLS} kills ({in_the_middle} in the middle of a job): {done.count()} done, "
        f"{done.count() - outputs} doubled, {stuck} stuck; {len(site.breaches())} breaches"
    )
    assert (done.count(), outputs, stuck) == (JOBS, JOBS, 0)
    assert site.breaches() == {}
    assert in_the_middle, "no kill met a job"


def test_a_job_that_cannot_be_done_is_given_up_and_says_why(site, figure):
    place = settle()
    school = place.schools[0]
    made = factories.school_schedule(school.institution, by=school.deputy)
    content = factories.schedule_content(made)
    content["groups"][0]["rows"][0]["hours"] = "көп"  # what no program can add up
    factories.closed(made, by=school.deputy, content=content)
    factories.sent_on(made, by=school.deputy)
    book = book_jobs.ask_for(place.district, made.school_year, BookForm.WORKBOOK, by=place.officer)
    worker = site.worker()
    wait_for(1)
    kill_hard(worker)
    book.refresh_from_db()
    figure(f"a poison job: {book.state} after {book.attempts} tries, “{book.fault_in_words}”")
    assert (book.state, book.attempts) == (BookState.FAILED, 3)
    assert book.fault_in_words


def test_an_import_killed_in_the_middle_has_brought_nobody_or_everybody(site, figure):
    place = settle()
    institution = place.schools[0].institution
    brought: list[int] = []
    kills = 0
    before = Person.objects.count()
    for share in (0.1, 0.3, 0.5, 0.7, 0.9, 2):
        if share == 0.1:
            workbook, took = _asked(place, institution, 0), 0.0
            began = time.monotonic()
            worker = _applying(site, workbook)
            _until_applied(workbook)
            took = time.monotonic() - began
            kill_hard(worker)
            before = Person.objects.count()
            workbook = _asked(place, institution, 1)
        worker = _applying(site, workbook)
        time.sleep(share * took)
        kill_hard(worker)
        kills += 1
        with looking():
            brought.append(Person.objects.count() - before)
        put_the_clock_forward()
    worker = site.worker()
    _until_applied(workbook)
    kill_hard(worker)
    figure(f"an import of {PEOPLE} people killed {kills} times: after each kill {brought}, in the end {PEOPLE}")
    assert set(brought) <= {0, PEOPLE}
    assert Person.objects.count() - before == PEOPLE
    assert site.breaches() == {}


def _asked(place: Place, institution: Institution, number: int) -> WorkbookImport:
    """An import that waits for a worker, of people nobody knows yet."""
    names = {"given_name": f"Үмүт{number}"}
    rows = [staff_row(row, here(institution), **names, born_on="1985-07-15") for row in range(2, PEOPLE + 2)]
    workbook = imported(place.district, place.officer, *rows)
    ask_to_apply(workbook, by=place.officer, leaves_out_refused=False)
    return workbook


def _applying(site: Site, workbook: WorkbookImport):
    worker = site.worker()
    end = time.monotonic() + PATIENCE
    while workbook.state not in (ImportState.APPLYING, ImportState.APPLIED):
        assert time.monotonic() < end, f"the import is {workbook.state}"
        time.sleep(0.005)
        workbook.refresh_from_db()
    return worker


def _until_applied(workbook: WorkbookImport) -> None:
    end = time.monotonic() + PATIENCE
    while workbook.state != ImportState.APPLIED:
        assert time.monotonic() < end, f"the import is {workbook.state}"
        assert workbook.state not in (ImportState.FAILED, ImportState.UNFIT), workbook.problems
        time.sleep(0.02)
        workbook.refresh_from_db()
