"""Settings of a worker that stops at a gate: its store keeps one paper, and the next ones wait for a file "open"."""

import time
from pathlib import Path
from typing import Any

from cpd.settings import *  # noqa: F403
from cpd.settings import STORAGES
from cpd.storage import FolderStore


class GatedStore(FolderStore):
    def save(self, name: str, content: Any, max_length: int | None = None) -> str:
        place = Path(self.location)
        while any(place.rglob("*.pdf")) and not place.with_name("open").exists():
            time.sleep(0.02)
        return super().save(name, content, max_length)


STORAGES = STORAGES | {"default": STORAGES["default"] | {"BACKEND": f"{__name__}.GatedStore"}}
