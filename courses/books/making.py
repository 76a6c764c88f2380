"""One book, from its versions to its file, in a folder that is gone afterwards.

A school's paper is a file as soon as it is made, and its rows are read when they are written: how much memory that
takes does not depend on how many schools there are.
"""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import File

from courses.books.archive import write_archive
from courses.books.binding import bind, contents_html, cover_html
from courses.books.edition import Edition, Section
from courses.books.papers import content_of, keep_paper
from courses.books.workbook import write_workbook
from courses.choices import BookForm
from courses.files import new_name
from courses.models import Book, StoredPaper
from courses.schedules.papers import Head, heads_of, schedule_html
from cpd.pdf import printable
from cpd.press import NotLaidOut, Press
from schools.models import DocumentVersion

logger = logging.getLogger(__name__)

EXTENSIONS: dict[str, str] = {BookForm.BOOK: "pdf", BookForm.WORKBOOK: "xlsx", BookForm.ARCHIVE: "zip"}
AT_ONCE = 10  # versions read in one query
OF_A_PAGE = 20  # schools in one piece of the contents

Progress = Callable[[int], object]
Job = tuple[tuple[bool, int], str]  # whether it is a school's paper, its version or its place; and the markup


class NotPrinted(Exception):
    """Papers that could not be made; all others are kept, so that the next attempt needs only these."""

    def __init__(self, schools: Sequence[str]) -> None:
        super().__init__(", ".join(schools))
        self.schools = schools


@dataclass(frozen=True)
class Finished:
    """A book's file, open to be stored under ``name``."""

    name: str
    opened: File
    size: int
    sha256: str


@contextmanager
def made(book: Book, edition: Edition, *, progress: Progress) -> Iterator[Finished]:
    """The file of a book, whole. ``progress`` is told, again and again, how many schools are done.

    Raises ``NotPrinted`` where papers cannot be made, and ``OSError`` where there is no room.
    """
    extension = EXTENSIONS[book.form]
    with tempfile.TemporaryDirectory(prefix="cpd-book-") as name:
        folder = Path(name)
        file = folder / f"book.{extension}"
        if book.form == BookForm.WORKBOOK:
            write_workbook(file, book, edition, progress=progress)
        else:
            with Press() as press:
                papers, front = _printed(book, edition, folder, press, progress)
            if book.form == BookForm.BOOK:
                in_order = [(section, papers[section.version]) for section in edition.sections]
                bind(file, front, in_order, progress=lambda: progress(len(in_order)))
            else:
                write_archive(file, edition, papers, progress=lambda: progress(len(papers)))
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            yield Finished(new_name(extension), File(stream), file.stat().st_size, sha256)


def _printed(
    book: Book, edition: Edition, folder: Path, press: Press, progress: Progress
) -> tuple[dict[int, Path], list[Path]]:
    """The paper of every section, by its version, and the pages before them, each a file in the folder."""
    sections = {section.version: section for section in edition.sections}
    papers = _kept(edition, folder, progress)
    front = {place: folder / f"front-{place}.pdf" for place in range(1 + len(_pieces(edition)))}
    progress(len(papers))
    failed: list[Section] = []

    def jobs() -> Iterator[Job]:
        for version, head in _to_print([version for version in edition.versions if version not in papers]):
            try:
                html = schedule_html(version.content, head)
            except Exception:
                logger.exception("The paper of version %s cannot be put together", version.pk)
                failed.append(sections[version.pk])
            else:
                yield (True, version.pk), printable(html)
        if book.form == BookForm.BOOK:
            yield from _front_to_make(book, edition)

    for (is_paper, key), answer in press.make_all(jobs(), pulse=lambda: progress(len(papers))):
        if isinstance(answer, NotLaidOut):
            if not is_paper:
                raise RuntimeError(f"the first pages of book {book.pk}: {answer}")
            failed.append(sections[key])
        elif is_paper:
            keep_paper(key, edition.made_with[key], answer)
            papers[key] = _written(folder, key, answer)
            progress(len(papers))
        else:
            front[key].write_bytes(answer)
            progress(len(papers))
    if failed:
        raise NotPrinted([section.school for section in failed])
    return papers, list(front.values())


def _kept(edition: Edition, folder: Path, progress: Progress) -> dict[int, Path]:
    """The papers that were made before, out of the store; what is missing there or damaged is left out."""
    papers = {}
    for row in StoredPaper.objects.filter(version__in=edition.versions):
        pdf = content_of(row) if row.made_with == edition.made_with[row.version_id] else None
        if pdf is not None:
            papers[row.version_id] = _written(folder, row.version_id, pdf)
            progress(len(papers))
    return papers


def _written(folder: Path, version: int, pdf: bytes) -> Path:
    file = folder / f"{version}.pdf"
    file.write_bytes(pdf)
    return file


def _to_print(versions: Sequence[int]) -> Iterator[tuple[DocumentVersion, Head]]:
    for first in range(0, len(versions), AT_ONCE):
        some = list(DocumentVersion.objects.filter(pk__in=versions[first : first + AT_ONCE]))
        heads = heads_of(some)
        yield from ((version, heads[version.pk]) for version in some)


def _front_to_make(book: Book, edition: Edition) -> Iterator[Job]:
    pages = [contents_html(book, edition, first, last) for first, last in _pieces(edition)]
    for place, html in enumerate([cover_html(book, edition), *pages]):
        yield (False, place), printable(html)


def _pieces(edition: Edition) -> list[tuple[int, int]]:
    """The contents piece by piece: long tables take WeasyPrint longer than short ones, and pieces are made at once."""
    schools = len(edition.sections)
    return [(first, min(first + OF_A_PAGE, schools)) for first in range(0, schools, OF_A_PAGE)]
