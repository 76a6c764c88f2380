"""R11: new code is put in place, or a worker is stopped, while people work. Nobody notices, and no job is lost."""

import time

from courses.books import jobs as book_jobs
from courses.choices import BookForm, BookState
from courses.models import Book
from tests import factories
from tests.drills.drill_kill_worker import FIRST_YEAR, wait_for
from tests.drills.machines import kill_hard
from tests.drills.people import settle
from tests.drills.writers import PATIENCE, writing

RELOADS, STOPS, JOBS = 3, 5, 20


def test_a_reload_under_load_fails_no_request(site, figure):
    place = settle(schools=2, teachers=2)
    site.serve()
    with writing(site, place.schools, each=2) as told:
        for _ in range(RELOADS):
            before = told.statuses.total()
            site.hang_up()
            end = time.monotonic() + PATIENCE  # new processes come up in seconds, on a busy machine in half a minute
            while told.statuses.total() < before + 30 and time.monotonic() < end:
                time.sleep(0.05)
    lost, breaches = told.lost(), site.breaches()
    figure(
        f"{RELOADS} reloads, {told.statuses.total()} requests, {told.unanswered} failed, "
        f"{told.acknowledged} acknowledged, {len(lost)} lost"
    )
    assert (told.unanswered, told.odd, lost, breaches) == (0, [], [], {})


def test_a_worker_that_is_stopped_loses_no_job(site, figure):
    place = settle()
    school = place.schools[0]
    for number in range(JOBS):
        made = factories.school_schedule(school.institution, by=school.deputy, year=FIRST_YEAR + number)
        factories.sent(made, by=school.deputy)
        form = BookForm.WORKBOOK if number % 4 else BookForm.BOOK
        book_jobs.ask_for(place.district, FIRST_YEAR + number, form, by=place.officer)
    for stop in range(STOPS):
        worker = site.worker()
        wait_for(stop + 1)
        worker.terminate()
        assert worker.wait(30) == 0
    left = Book.objects.filter(state=BookState.RUNNING).count()
    worker = site.worker()
    wait_for(JOBS)
    kill_hard(worker)
    done = Book.objects.filter(state=BookState.DONE).count()
    figure(f"{STOPS} stops by SIGTERM in {JOBS} jobs: {done} done, {left} left in nobody's hands")
    assert (done, left) == (JOBS, 0)
    assert site.breaches() == {}
