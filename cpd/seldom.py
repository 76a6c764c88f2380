"""Work that a loop offers at every turn and that is done once in a while."""

import logging
import time
from collections.abc import Callable


class Seldom:
    """Does ``work``, but not again before ``seconds`` have passed; what fails is logged with ``failed``."""

    def __init__(self, work: Callable[[], object], *, seconds: int, log: logging.Logger, failed: str) -> None:
        self._work, self._seconds, self._log, self._failed = work, seconds, log, failed
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._seconds
        try:
            self._work()
        except Exception:  # what comes later must not stop the loop's other work
            self._log.exception(self._failed)
