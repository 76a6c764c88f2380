"""Finished files that nobody needs any more: they can all be made again."""

import datetime as dt
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.books.edition import edition_now
from courses.choices import BookState
from courses.files import remove
from courses.models import Book, StoredPaper

BOOKS_ARE_KEPT = dt.timedelta(days=14)  # after they are ready, once a school has sent another version
PAPERS_ARE_KEPT = dt.timedelta(days=1)  # after another one of the same version was made


def old_books() -> int:
    """Ready long ago and no longer what would be made now, or failed long ago. The row goes first, then the file."""
    ended = Book.objects.filter(finished_at__lt=timezone.now() - BOOKS_ARE_KEPT).select_related("district")
    of_one_desk = groupby(
        ended.order_by("district", "school_year", "is_accepted_only", "pk"),
        key=lambda book: (book.district, book.school_year, book.is_accepted_only),
    )
    unwanted = []
    for (district, year, is_accepted_only), books in of_one_desk:
        edition = edition_now(district, year, is_accepted_only=is_accepted_only)
        unwanted += [
            book
            for book in books
            if book.state == BookState.FAILED or book.fingerprint != edition.fingerprint(book.form)
        ]
    Book.objects.filter(pk__in=[book.pk for book in unwanted]).delete()
    remove(book.stored_as for book in unwanted if book.stored_as)
    return len(unwanted)


def old_papers() -> int:
    newer = StoredPaper.objects.filter(version=OuterRef("version"), made_at__gt=OuterRef("made_at"))
    before = timezone.now() - PAPERS_ARE_KEPT
    unwanted = list(StoredPaper.objects.filter(Exists(newer), made_at__lt=before))
    StoredPaper.objects.filter(pk__in=[paper.pk for paper in unwanted]).delete()
    remove(paper.stored_as for paper in unwanted)
    return len(unwanted)
