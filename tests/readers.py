"""Workbooks and scans read in the tests' own process, by the same program that has a process of its own on the site.

Starting Python for each file would take most of the time of whatever is about rows and records. Here nothing limits
time and memory, and a crash is the test's own: what is about that, about hostile files and about the site as people
use it starts the processes, as the site does (``OF_THEIR_OWN``).
"""

import json
import threading
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import pi_heif
import pytest
from PIL import Image

from courses import scanner, scans
from cpd import sheet_reader, sheets

OF_THEIR_OWN = ("test_scans.py", "test_sheets.py", "test_hostile_files.py", "test_memory.py", "browser/")
ONE_AT_A_TIME = threading.Lock()  # what draws PDFs knows no threads


def stay_here(test: Path, patch: pytest.MonkeyPatch) -> None:
    """Read files in this process for one test, unless it is about the processes."""
    if not any(name in test.as_posix() for name in OF_THEIR_OWN):
        patch.setattr(sheets, "_opened", opened)
        patch.setattr(scans, "_scanned", scanned)


def opened(
    data: bytes, words: Sequence[str], patience: float, most: int, waiting: Callable[[], object] = lambda: None
) -> tuple[bytes, sheets.Fault | None]:
    """What the main function of the reader would say."""
    most_rows, is_book = int(words[0]), list(words[1:]) == ["book"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if is_book:
            said = list(sheet_reader.told(lambda: sheet_reader.whole_book(data, most_rows), data))
        else:
            said = [sheet_reader.answer(data, most_rows)]
    out = b"\n".join(json.dumps(line, ensure_ascii=False).encode(errors="replace") for line in said)
    return (b"", sheets.Fault.TOO_HEAVY) if len(out) > most else (out, None)


@lru_cache(maxsize=50)  # files; most tests send the same few
def scanned(data: bytes) -> tuple[str, list[bytes]]:
    """What the main function of the scanner would say."""
    with ONE_AT_A_TIME, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Image, "MAX_IMAGE_PIXELS", None)
        patch.setattr(scanner, "time", SimpleNamespace(process_time=lambda: 0))  # of a process that has just begun
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
        head, pictures = scanner.answer(data)
    if "fault" in head:
        raise scans.BadScan(scans.Fault(head["fault"]))
    return str(head["content_type"]), pictures
