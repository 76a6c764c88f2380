"""Where uploaded files lie: a folder of this machine, or a bucket (``cpd.bucket``). The setting FILES_URL decides.

A file is written once, under a name that nobody can guess, and never changed. It is whole or not there.
"""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Any, Protocol

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

OURS_ALONE, FOLDER_OURS_ALONE = 0o600, 0o700


class FileStore(Protocol):
    """What the program asks of the place where files lie. Whatever goes wrong is an ``OSError``."""

    is_backed_up: bool  # whether its files are part of ``manage.py backup``

    def save(self, name: str, content: File) -> str: ...
    def open(self, name: str) -> File: ...
    def delete(self, name: str) -> None: ...
    def everything(self) -> Iterator[tuple[str, dt.datetime]]:
        """The name of each file, unfinished ones too, and when it was written."""
        ...


def file_store() -> FileStore:
    store: Any = storages["default"]
    return store


class FolderStore(FileSystemStorage):
    """Files that only the program's own user can read, with no address on the web."""

    is_backed_up = True

    def __init__(self, location: str | Path) -> None:
        super().__init__(
            location=location,
            file_permissions_mode=OURS_ALONE,
            directory_permissions_mode=FOLDER_OURS_ALONE,
            allow_overwrite=True,
        )

    def url(self, name: str | None) -> str:
        raise ValueError("An uploaded file is only reached through its view.")

    def _save(self, name: str, content: File) -> str:
        """Written under another name and to the end, then renamed: a full disk leaves nothing behind."""
        file = Path(self.path(name))
        for folder in (Path(self.location), file.parent):
            folder.mkdir(mode=FOLDER_OURS_ALONE, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", dir=file.parent)  # 0600
        try:
            with os.fdopen(handle, "wb") as written:
                for chunk in content.chunks():
                    written.write(chunk)
                written.flush()
                os.fsync(written.fileno())
            Path(part).rename(file)
        finally:
            Path(part).unlink(missing_ok=True)
        keep_on_disk(file.parent)
        keep_on_disk(file.parent.parent)
        return name

    def everything(self) -> Iterator[tuple[str, dt.datetime]]:
        root = Path(self.location)
        for file in root.rglob("*"):
            try:
                status = file.stat()
            except FileNotFoundError:  # removed since it was listed
                continue
            if S_ISREG(status.st_mode):
                yield file.relative_to(root).as_posix(), dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)


def keep_on_disk(path: Path) -> None:
    """Wait until the disk really has it: a power cut must not undo what was answered."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
