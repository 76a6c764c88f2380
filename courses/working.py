"""What ``manage.py work`` looks after of courses."""

from courses.books import jobs as book_jobs
from courses.importing import jobs as import_jobs


def take_up_lost() -> int:
    """Books and imports that nobody works at, queued again."""
    return book_jobs.take_up_lost() + import_jobs.take_up_lost()


TAKE_UP_LOST = take_up_lost
