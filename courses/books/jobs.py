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
from courses.models import Book, StoredPaper
from courses.models.books import LEASE, LIVE
from courses.schedules.access import can_keep_desk
from courses.schedules.desk import DeskState
from cpd.storage import file_store
from schools.approval import Refused
from schools.models import District, User

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3  # in a row that brought no new paper; trust T34
REST = dt.timedelta(seconds=5)  # before the next attempt


class TakenAway(Exception):
    """Another worker holds the book: this one was thought dead."""


# Asking ------------------------------------------------------------------------------------------------------------


def ask_for(district: District, year: int, form: str, *, by: User) -> Book:
    """The book of what the district's schools have sent by now: the one that is there, or a new one that waits.

    Whoever does not serve the district gets what it has accepted, as on its pages. Raises ``Refused`` where there is
    nothing. The task is queued with the row, in one transaction.
    """
    edition = edition_now(district, year, is_accepted_only=not can_keep_desk(by, district))
    if not edition.sections:
        raise Refused(_why_nothing(edition))
    columns = {
        "district": district,
        "school_year": year,
        "form": form,
        "fingerprint": edition.fingerprint(form),
    }
    contents = {
        "versions": edition.versions,
        "missing": [[one.school, one.state] for one in edition.missing],
        "is_accepted_only": edition.is_accepted_only,
    }
    with transaction.atomic():
        there = Book.objects.select_for_update().filter(**columns, state__in=LIVE).first()
        if there is not None and not _has_its_file(there):
            there.delete()  # ready, and its file was lost: made again
            there = None
        if there is None:
            try:
                with transaction.atomic():
                    book = Book.objects.create(**columns, **contents, asked_by=by.person)
            except IntegrityError:  # somebody else asked at the same moment
                there = Book.objects.get(**columns, state__in=LIVE)
            else:
                make_book.enqueue(book.pk)
                return book
        there.also_asked_by.add(by.person)
    return there


def is_current(book: Book) -> bool:
    """Whether the book would be the same if it were asked for now."""
    now = edition_now(book.district, book.school_year, is_accepted_only=book.is_accepted_only)
    return now.fingerprint(book.form) == book.fingerprint


def waits_in_vain(book: Book) -> bool:
    """Whether nobody takes the book up, and nobody is busy with another one either: it seems that no worker runs."""
    is_lost = Book.objects.lost().filter(pk=book.pk).exists()
    return is_lost and not Book.objects.filter(state=BookState.RUNNING, lease_until__gte=timezone.now()).exists()


def _why_nothing(edition: Edition) -> str:
    if edition.is_accepted_only:
        return _("The district has accepted no schedule for this school year yet.")
    if any(one.state == DeskState.RETURNED for one in edition.missing):
        return _("Every schedule that was sent for this school year has been returned.")
    return _("No school has sent its schedule for this school year yet.")


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
    taken = 0
    for pk in Book.objects.lost().values_list("pk", flat=True):
        with transaction.atomic():
            # The lease of one that waits only says when to look after it again.
            if Book.objects.lost().filter(pk=pk).update(state=BookState.WAITING, lease_until=now + LEASE):
                make_book.enqueue(pk)
                taken += 1
    return taken


def _claim(pk: int) -> Book | None:
    """The book, if it is ours now; nothing where it is made, given up, or in other hands."""
    now = timezone.now()
    free = Q(state=BookState.WAITING) | Q(state=BookState.RUNNING, lease_until__lt=now)
    ours = {"state": BookState.RUNNING, "claims": F("claims") + 1, "lease_until": now + LEASE}
    with transaction.atomic():  # whoever asks for it meanwhile is heard, or finds it failed
        if not Book.objects.filter(free, pk=pk).update(**ours, attempts=F("attempts") + 1):
            return None
        book = Book.objects.select_related("district__oblast", "asked_by").get(pk=pk)
        _count_papers(book)
        if book.attempts > MOST_ATTEMPTS:
            _fail(book, BookFault.INTERRUPTED)
            return None
        if not _may_have(book):
            _fail(book, BookFault.NOT_SERVED)
            return None
    return book


def _count_papers(book: Book) -> None:
    """More papers than ever before: the attempts until now were not in vain, and this one is the first again."""
    papers = StoredPaper.objects.filter(version__in=book.versions).count()
    if papers > book.papers:
        book.papers, book.attempts = papers, 1
        book.save(update_fields=["papers", "attempts"])


def _make(book: Book) -> None:
    edition = edition_of(book)
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
    """Trust T33: whether one of those who asked for it may still have it, now that it is made."""
    askers = Q(person=book.asked_by_id) | Q(person__in=book.also_asked_by.values("pk"))
    users = User.objects.filter(askers, is_active=True).select_related("person")
    return any(Book.objects.visible_to(user).filter(pk=book.pk).exists() for user in users)


def _held(book: Book) -> Any:
    """The book as long as it is ours: whoever takes it over counts its claims up."""
    return Book.objects.filter(pk=book.pk, state=BookState.RUNNING, claims=book.claims)


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
