"""The book itself: cover, contents, and the papers of the schools, put together without laying anything out anew.

The papers keep their own page numbers; the book's are drawn in the corner above, with the digits of the cover's font.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from django.utils import translation

from courses.books.edition import Edition, Section
from courses.models import Book
from cpd.dates import school_year_label
from cpd.pdf import LANGUAGE

Progress = Callable[[], object]

SECTION = "section:"  # how the contents address a section, until its page is known
FONT = "/BookNumbers"
SIZE = 9  # points
DIGIT = 0.556  # width of a digit of Liberation Sans, in sizes
FROM_RIGHT, FROM_TOP = 34, 27  # points from the corner of the page to the corner of its number


def cover_html(book: Book, edition: Edition) -> str:
    return _html("pdf/book_cover.html", book, edition, {})


def contents_html(book: Book, edition: Edition, first: int, last: int) -> str:
    """One piece of the contents; the last one ends with the totals, and with the schools that are not in the book."""
    listed = list(enumerate(edition.sections, start=1))[first:last]
    is_whole = last == len(edition.sections)
    return _html("pdf/book_contents.html", book, edition, {"listed": listed, "first": not first, "is_whole": is_whole})


def _html(template: str, book: Book, edition: Edition, more: dict[str, Any]) -> str:
    with translation.override(LANGUAGE):
        year = school_year_label(book.school_year)
        context = {"edition": edition, "district": book.district, "year": year, "totals": edition.totals}
        return render_to_string(template, context | more)


def bind(file: Path, front: Sequence[Path], papers: Iterable[tuple[Section, Path]], *, progress: Progress) -> None:
    """Cover and contents, then the papers in their order; into ``file``. The same papers make the same bytes.

    ``progress`` is called again and again.
    """
    cover, *contents = front
    with pikepdf.open(cover) as book:
        numbers = _Numbers.taken_from(book)
        sources = [_appended(book, page) for page in contents]
        end_of_front = len(book.pages)
        first_pages = []
        for section, paper in papers:
            first_pages.append((section, len(book.pages)))
            sources.append(_appended(book, paper))
            progress()
        for page in range(1, len(book.pages)):
            numbers.draw_in_corner(book.pages[page], page + 1)
        _address(book, numbers, first_pages, end_of_front)
        with book.open_outline() as outline:
            outline.root[:] = [pikepdf.OutlineItem(section.school, page) for section, page in first_pages]
        book.Root.PageMode = pikepdf.Name.UseOutlines

        def written(_percent: int) -> None:
            progress()

        as_streams = pikepdf.ObjectStreamMode.generate
        book.save(file, deterministic_id=True, object_stream_mode=as_streams, progress=written)
        for source in sources:
            source.close()


def _appended(book: pikepdf.Pdf, file: Path) -> pikepdf.Pdf:
    """The pages stay in their file until the book is saved."""
    source = pikepdf.open(file, access_mode=pikepdf.AccessMode.stream)
    book.pages.extend(source.pages)
    return source


def _address(
    book: pikepdf.Pdf, numbers: "_Numbers", first_pages: Sequence[tuple[Section, int]], end_of_front: int
) -> None:
    """Turn each address in the contents into the place it names, and write the page's number there."""
    pages = {f"{SECTION}{section.version}": page for section, page in first_pages}
    for place in range(end_of_front):
        page = book.pages[place]
        drawn = b""
        for link in page.obj.get("/Annots", []):
            target = pages[str(link.A.URI)]
            del link.A
            link.Dest = pikepdf.Array([book.pages[target].obj, pikepdf.Name.Fit])
            left, bottom, right, top = (float(side) for side in link.Rect)
            drawn += numbers.drawn(target + 1, max(left, right), min(bottom, top) + SIZE / 4)
        numbers.draw(page, drawn)


@dataclass(frozen=True)
class _Numbers:
    """Digits as the cover's last page shows them: their font, and what each is called in it."""

    book: pikepdf.Pdf
    font: pikepdf.Object
    codes: Sequence[bytes]
    opening: pikepdf.Stream

    @classmethod
    def taken_from(cls, book: pikepdf.Pdf) -> "_Numbers":
        """Of a book that is nothing but its cover so far; the page with the digits is taken out."""
        page = book.pages[-1]
        name, text = None, b""
        for drawn in pikepdf.parse_content_stream(page, operators="Tf TJ"):
            [operand, *_size] = drawn.operands
            if str(drawn.operator) == "Tf":
                name = str(operand)
            else:
                text += b"".join(bytes(part) for part in operand if isinstance(part, pikepdf.String))
        if name is None or len(text) != 20:
            raise ValueError("the cover does not end with ten digits")
        font = page.Resources.Font[name]
        del book.pages[-1]
        codes = [text[place : place + 2] for place in range(0, 20, 2)]
        return cls(book, font, codes, book.make_stream(b"q\n"))

    def draw_in_corner(self, page: pikepdf.Page, number: int) -> None:
        _left, _bottom, right, top = (float(side) for side in page.mediabox)
        self.draw(page, self.drawn(number, right - FROM_RIGHT, top - FROM_TOP))

    def drawn(self, number: int, right: float, bottom: float) -> bytes:
        """A number that ends at ``right``, as a page's content says it."""
        digits = b"".join(self.codes[int(digit)] for digit in str(number)).hex()
        left = right - DIGIT * SIZE * len(str(number))
        return f"BT {FONT} {SIZE} Tf 0 g 1 0 0 1 {left:.2f} {bottom:.2f} Tm <{digits}> Tj ET\n".encode()

    def draw(self, page: pikepdf.Page, drawn: bytes) -> None:
        """Over what the page shows, in its plain coordinates."""
        fonts = page.obj.Resources.get("/Font")
        if fonts is None:
            fonts = page.obj.Resources.Font = pikepdf.Dictionary()
        fonts[FONT] = self.font
        page.contents_add(self.opening, prepend=True)
        page.contents_add(self.book.make_stream(b"\nQ\n" + drawn))
