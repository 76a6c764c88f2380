"""The pictures of certificates behind a portfolio: read as they are stored, and laid on pages made for them.

A picture is put into the paper as it is, a JPEG that the intake of files made (``courses.scanner``): nothing is
decoded or drawn anew, so that memory holds each of them once as it was read, and once as it is sent.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from PIL import Image

from courses.files import names_of
from courses.models import CertificateFile
from cpd.storage import file_store
from plans.portfolio.facts import Entry

logger = logging.getLogger(__name__)

MOST_PAGES = 40  # of all scans of one paper
MOST_BYTES = 20 << 20
COLOURS = {"RGB": pikepdf.Name.DeviceRGB, "L": pikepdf.Name.DeviceGray}
# Where a picture may stand on its page, in points from the corner below: inside the margins of ``paper.css``, and
# beneath the lines that say what it is.
LEFT, BOTTOM, WIDTH, HEIGHT = 62.4, 62.4, 490.0, 640.0


@dataclass(frozen=True)
class Picture:
    data: bytes
    width: int
    height: int
    colours: pikepdf.Name


@dataclass(frozen=True)
class Enclosed:
    entry: Entry
    pictures: list[Picture]


@dataclass(frozen=True)
class Enclosures:
    """What is laid behind a paper, and what is not: for want of room, or since the store has lost it."""

    enclosed: list[Enclosed]
    left_out: list[Entry]
    lost: list[Entry]


def read(entries: Iterable[Entry]) -> Enclosures:
    """The scans of these entries in their order, each whole or not at all, as far as there is room for them."""
    found = Enclosures([], [], [])
    pages = size = 0
    for entry in entries:
        file = entry.thing.file
        if file is None:
            continue
        if pages + file.pages > MOST_PAGES:
            found.left_out.append(entry)
            continue
        pictures = _pictures(file, MOST_BYTES - size)
        if pictures is None:
            found.lost.append(entry)
        elif not pictures:
            found.left_out.append(entry)
        else:
            found.enclosed.append(Enclosed(entry, pictures))
            pages += len(pictures)
            size += sum(len(picture.data) for picture in pictures)
    return found


def lay_on(paper: bytes, pictures: Sequence[Picture]) -> bytes:
    """The paper, with one picture on each of its last pages."""
    with pikepdf.open(BytesIO(paper)) as book:
        for page, picture in zip(book.pages[-len(pictures) :], pictures, strict=True) if pictures else ():
            _draw(book, page, picture)
        written = BytesIO()
        book.save(written)
    return written.getvalue()


def _pictures(file: CertificateFile, room: int) -> list[Picture] | None:
    """Those of one file; none where they take more than ``room`` bytes, None where they cannot be read."""
    pictures = []
    for name in names_of(file):
        if not name.endswith(".jpg"):
            continue
        try:
            with file_store().open(name) as opened:
                if opened.size > room:
                    return []
                data = opened.read()
            with Image.open(BytesIO(data), formats=["JPEG"]) as image:  # its head alone is read
                pictures.append(Picture(data, image.width, image.height, COLOURS[image.mode]))
        except (OSError, KeyError):
            logger.exception("A certificate file could not be laid into a portfolio")
            return None
        room -= len(data)
    return pictures


def _draw(book: pikepdf.Pdf, page: pikepdf.Page, picture: Picture) -> None:
    """As large as fits, in the middle, no larger than its width on a screen of 72 dots."""
    stream = book.make_stream(
        picture.data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=picture.colours,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    # The pages of a paper share their resources; this one has its own, so that the picture is of this page alone.
    own = pikepdf.Dictionary(dict(page.obj.Resources.items()))
    own.XObject = pikepdf.Dictionary()
    page.obj.Resources = own
    name = page.add_resource(stream, pikepdf.Name.XObject, prefix="Scan")
    scale = min(WIDTH / picture.width, HEIGHT / picture.height)
    width, height = picture.width * scale, picture.height * scale
    left, bottom = LEFT + (WIDTH - width) / 2, BOTTOM + HEIGHT - height
    drawn = f"q {width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f} cm {name} Do Q\n".encode()
    page.contents_add(book.make_stream(b"q\n"), prepend=True)
    page.contents_add(book.make_stream(b"\nQ\n" + drawn))
