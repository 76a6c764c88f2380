"""Books made in the background. The row of a book is the truth; a task of the queue only says that one waits.

A worker takes a book by one conditional UPDATE and holds it by a lease that it moves on with its progress. One that is
killed leaves its lease to run out: then another worker takes the book up again, with every paper that was finished.
This is the only module that writes the state of a book.
"""

import datetime as dt
import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from courses.books.edition import Edition, edition_now, edition_of
from courses.books.making import NotPrinted, made
from courses.choices import BookFault, BookState
from courses.files import remove
from courses.models import Book
from courses.models.books import LIVE
from cpd.storage import file_store
from schools.approval import Refused
from schools.models import District, User

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)  # without a sign of life for so long, and another worker takes over
MOST_ATTEMPTS = 3  # trust T34
REST = dt.timedelta(seconds=5)  # before the next attempt


class TakenAway(Exception):
    """Another worker holds the book: this one was thought dead."""


# Asking ------------------------------------------------------------------------------------------------------------


def ask_for(district: District, year: int, form: str, *, by: User) -> Book:
    """The book of what the district's schools have sent by now: the one that is there, or a new one that waits.

    Raises ``Refused`` where no school has sent its schedule. The task is queued with the row, in one transaction.
    """
    edition = edition_now(district, year)
    if not edition.sections:
        raise Refused(_("No school has sent its schedule for this school year yet."))
    columns = {
        "district": district,
        "school_year": year,
        "form": form,
        "fingerprint": edition.fingerprint(form),
    }
    there = Book.objects.filter(**columns, state__in=LIVE).first()
    if there is not None and _has_its_file(there):
        return there
    with transaction.atomic():
        if there is not None:
            there.delete()  # ready, and its file was lost: made again
        try:
            with transaction.atomic():
                book = Book.objects.create(**columns, versions=edition.versions, asked_by=by.person)
        except IntegrityError:  # somebody else asked at the same moment
            return Book.objects.get(**columns, state__in=LIVE)
        make_book.enqueue(book.pk)
    return book


def is_current(book: Book) -> bool:
    """Whether the book would be the same if it were asked for now."""
    return edition_now(book.district, book.school_year).fingerprint(book.form) == book.fingerprint


def _has_its_file(book: Book) -> bool:
    if book.state != BookState.DONE:
        return True
    try:
        file_store().open(book.stored_as).close()
    except OSError:
        return False
    return True


# Making ------------------------------------------------------------------------------------------------------------


@task()
def make_book(pk: int) -> None:
    """Make one book, if it still waits for somebody. What goes wrong is noted in its row, and tried again."""
    book = _claim(pk)
    if book is None:
        return
    try:
        _make(book)
    except TakenAway:
        logger.warning("Book %s was taken up by another worker", pk)
    except NotPrinted as problem:
        _set_back(book, BookFault.PAPER, ", ".join(problem.schools))
    except OSError:
        logger.exception("Book %s could not be stored", pk)
        _set_back(book, BookFault.NOT_STORED)
    except Exception:
        logger.exception("Book %s could not be made", pk)
        _set_back(book, BookFault.OTHER)
    except BaseException:  # the worker was told to stop
        _give_back(book)
        raise


def take_up_lost() -> int:
    """Queue again what nobody works at: books of killed workers, and such as lost their place in the queue."""
    now = timezone.now()
    lost = Q(state=BookState.RUNNING, lease_until__lt=now)
    lost |= Q(state=BookState.WAITING, lease_until__lt=now)
    lost |= Q(state=BookState.WAITING, lease_until=None, asked_at__lt=now - LEASE)
    taken = 0
    for pk in Book.objects.filter(lost).values_list("pk", flat=True):
        with transaction.atomic():
            # The lease of one that waits only says when to look after it again.
            if Book.objects.filter(lost, pk=pk).update(state=BookState.WAITING, lease_until=now + LEASE):
                make_book.enqueue(pk)
                taken += 1
    return taken


def _claim(pk: int) -> Book | None:
    """The book, if it is ours now; nothing where it is made, given up, or in other hands."""
    now = timezone.now()
    free = Q(state=BookState.WAITING) | Q(state=BookState.RUNNING, lease_until__lt=now)
    claimed = Book.objects.filter(free, pk=pk)
    if not claimed.update(state=BookState.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE):
        return None
    book = Book.objects.select_related("district__oblast", "asked_by").get(pk=pk)
    if book.attempts > MOST_ATTEMPTS:
        _fail(book, BookFault.INTERRUPTED)
        return None
    if not _may_have(book):
        _fail(book, BookFault.NOT_SERVED)
        return None
    return book


def _make(book: Book) -> None:
    edition: Edition = edition_of(book.versions)
    with made(book, edition, progress=lambda done: _hold(book, done)) as file:
        _hold(book, len(edition.sections))
        name = file_store().save(file.name, file.opened)
        finished = _held(book).update(
            state=BookState.DONE,
            done=len(edition.sections),
            lease_until=None,
            fault="",
            finished_at=timezone.now(),
            stored_as=name,
            size=file.size,
            sha256=file.sha256,
        )
    if not finished:
        remove([name])
        raise TakenAway
    logger.info("Book %s is ready: %s schools", book.pk, len(edition.sections))


def _may_have(book: Book) -> bool:
    """Trust T33: whether who asked for it still serves the district, now that it is made."""
    users = User.objects.filter(person=book.asked_by_id, is_active=True).select_related("person")
    return any(Book.objects.visible_to(user).filter(pk=book.pk).exists() for user in users)


def _held(book: Book) -> Any:
    """The book as long as it is ours: its attempt is counted up by whoever takes it over."""
    return Book.objects.filter(pk=book.pk, state=BookState.RUNNING, attempts=book.attempts)


def _hold(book: Book, done: int) -> None:
    if not _held(book).update(done=done, lease_until=timezone.now() + LEASE):
        raise TakenAway


def _set_back(book: Book, fault: str, detail: str = "") -> None:
    """To be tried once more, or given up; either way the row says what went wrong."""
    if book.attempts >= MOST_ATTEMPTS:
        _fail(book, fault, detail)
        return
    again_at = timezone.now() + REST
    with transaction.atomic():
        said = _told(fault, detail)
        if _held(book).update(state=BookState.WAITING, lease_until=again_at + LEASE, fault=said):
            make_book.using(run_after=again_at).enqueue(book.pk)


def _give_back(book: Book) -> None:
    """An attempt that was no fault of the book's does not count."""
    with transaction.atomic():
        given = _held(book).update(
            state=BookState.WAITING, lease_until=timezone.now() + LEASE, attempts=F("attempts") - 1
        )
        if given:
            make_book.enqueue(book.pk)


def _fail(book: Book, fault: str, detail: str = "") -> None:
    _held(book).update(
        state=BookState.FAILED,
        lease_until=None,
        fault=_told(fault, detail),
        finished_at=timezone.now(),
    )


def _told(fault: str, detail: str) -> str:
    """A code and what it is about, as :attr:`Book.fault_in_words` reads it."""
    most: int = Book._meta.get_field("fault").max_length  # type: ignore[assignment]
    return f"{fault}:{detail}"[:most]
