"""Intake of certificate files: what was uploaded → what is stored, or one sentence that says why not.

What opens the file is ``courses.scanner``, in a process of its own that is stopped when it takes too much: a hostile
file costs the site a moment, never a page.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courses import scanner
from cpd.uploads import MOST_BYTES

logger = logging.getLogger(__name__)

PATIENCE = 20  # seconds: the processor's time is limited in the scanner, this is for a machine with much to do
EXTENSIONS = {scanner.JPEG: "jpg", scanner.PDF: "pdf"}


class Fault(TextChoices):
    """Why a file is not taken, as the person reads it."""

    EMPTY = "empty", _("The file is empty.")
    TOO_LARGE = "too_large", _("The file is too large. The limit is %(size)s MB.")
    UNKNOWN_KIND = "unknown_kind", _("Only a photo (JPEG, PNG, HEIC) or a PDF can be uploaded.")
    DAMAGED = "damaged", _("The file is damaged or incomplete. Take the photo again, or upload another copy.")
    LOCKED = "locked", _("The PDF is protected by a password. Upload a copy without a password.")
    TOO_MANY_PIXELS = "too_many_pixels", _("The photo has more than %(megapixels)s million pixels. Make it smaller.")
    TOO_MANY_PAGES = "too_many_pages", _("The PDF has more than %(pages)s pages. Upload the certificate alone.")
    TOO_HEAVY = "too_heavy", _("The file takes too long to open. Upload a photo of the document instead.")
    TOO_MANY = "too_many", _("You have uploaded too many files that belong to no record. Try again tomorrow.")
    TOO_MANY_TODAY = "too_many_today", _("You have uploaded too many files today. Try again tomorrow.")
    NOT_STORED = "not_stored", _("The file could not be stored now. Try again later, or tell the administrator.")


LIMITS = {
    "size": MOST_BYTES >> 20,
    "megapixels": scanner.MOST_PIXELS // 1_000_000,
    "pages": scanner.MOST_PAGES,
}


class BadScan(Exception):
    """A file that is not taken; ``message`` says why, in the user's language."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault

    @property
    def message(self) -> str:
        return str(self.fault.label) % LIMITS


@dataclass(frozen=True)
class Scan:
    """What is stored of an upload. A PDF has its first pages beside it as JPEG; a photo is its own picture."""

    content_type: str
    data: bytes
    pages: tuple[bytes, ...]
    original_sha256: str

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.content_type]


def take_in(data: bytes) -> Scan:
    """The file as it will be stored. Raises ``BadScan``. The name it was sent under plays no part."""
    if not data:
        raise BadScan(Fault.EMPTY)
    if len(data) > MOST_BYTES:
        raise BadScan(Fault.TOO_LARGE)
    content_type, pictures = _scanned(data)
    original = sha256(data).hexdigest()
    if content_type == scanner.PDF:
        return Scan(content_type, data, tuple(pictures), original)
    [photo] = pictures
    return Scan(scanner.JPEG, photo, (), original)


def _scanned(data: bytes) -> tuple[str, list[bytes]]:
    """Type and pictures, from a process that inherits neither our environment nor our folder."""
    try:
        done = subprocess.run(  # noqa: S603  (our own program, no shell)
            [sys.executable, "-IB", str(Path(scanner.__file__))],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise BadScan(Fault.TOO_HEAVY) from None
    if done.returncode < 0:  # ended by the system, for it took too much
        raise BadScan(Fault.TOO_HEAVY)
    if done.returncode:
        logger.error("The scanner failed: %s", done.stderr.decode(errors="replace")[-2000:])
        raise BadScan(Fault.DAMAGED)
    head, _newline, rest = done.stdout.partition(b"\n")
    answer = json.loads(head)
    if "fault" in answer:
        raise BadScan(Fault(answer["fault"]))
    pictures = []
    for size in answer["sizes"]:
        pictures.append(rest[:size])
        rest = rest[size:]
    return answer["content_type"], pictures
