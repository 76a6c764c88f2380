"""What ``/metrics`` says of books and imports that people wait for. Their rows are the jobs; the queue only rings."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone

from courses.choices import BookState, ImportState
from courses.models import Book, WorkbookImport
from cpd.metrics import Figure

UNFINISHED_BOOKS = (BookState.WAITING, BookState.RUNNING)
WAITING_IMPORTS = (ImportState.WAITING, ImportState.QUEUED, ImportState.UNDO_QUEUED)


def figures() -> Iterator[Figure]:
    books = Book.objects.filter(state__in=UNFINISHED_BOOKS).aggregate(number=Count("pk"), since=Min("asked_at"))
    imports = WorkbookImport.objects.filter(state__in=WAITING_IMPORTS).aggregate(number=Count("pk"))
    yield Figure("cpd_books_unfinished", "Books that people wait for.", books["number"])
    waited = (timezone.now() - books["since"]).total_seconds() if books["since"] else 0
    yield Figure("cpd_book_waits_seconds", "How long the oldest of these books has been waited for.", waited)
    yield Figure("cpd_imports_waiting", "Imports of workbooks that wait for a worker.", imports["number"])
    failed = Book.objects.filter(state=BookState.FAILED).count()
    yield Figure("cpd_books_failed", "Books that could not be made and were not asked for again.", failed)


FIGURES = figures
