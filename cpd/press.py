"""Papers are laid out beside the site, each in a process of its own that may take only so much (docs/adr/0036).

What lays them out is ``cpd.typesetter``. The pages of one process of the site share one, every book that is made in
the background has its own. A hostile or endless paper costs its own process, never a page.
"""

import math
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MEMORY = 512 << 20  # bytes of address space for one paper; trust T23
SECONDS = 30  # of processor time for one paper; trust T23
PATIENCE = 25  # seconds by the clock that a page waits: gunicorn ends who does not answer for thirty
BOOK_PATIENCE = 120  # seconds by the clock, in the background
MOST_BYTES = 64 << 20  # of one finished paper
PULSE = 5  # seconds without any paper, after which who makes a book says that it is still there
PROCESSES = min(len(os.sched_getaffinity(0)), 4)

TYPESETTER = Path(__file__).with_name("typesetter.py")
STYLE = settings.ROOT / "templates" / "pdf" / "paper.css"


class Fault(TextChoices):
    """Why a paper was not made, as the person reads it."""

    TOO_MUCH = (
        "too_much",
        _("This paper is too long to be made while you wait. Narrow down what it shows, or shorten long texts."),
    )
    BUSY = "busy", _("Too many papers are being made at this moment. Try again in a minute.")
    FAILED = "failed", _("The paper could not be made. Try again later, or tell the administrator.")


class NotLaidOut(Exception):
    """A paper that was not made; ``why`` is for the log."""

    def __init__(self, fault: Fault, why: str = "") -> None:
        super().__init__(f"{fault.value}: {why}" if why else fault.value)
        self.fault, self.why = fault, why

    @property
    def message(self) -> str:
        return str(self.fault.label)


class Press(AbstractContextManager["Press"]):
    """A typesetter, and as many papers of it at once as the machine has processors. Threads may share it.

    It is started with the first paper, and anew where it was ended from outside.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY, processes: int = PROCESSES) -> None:
        self.seconds, self.memory, self.processes = seconds, memory, processes
        self._turns = threading.BoundedSemaphore(processes)
        self._lock = threading.Lock()
        self._typesetter: _Typesetter | None = None
        self._is_over = False

    def __exit__(self, *_problem: object) -> None:
        self._is_over = True
        with self._lock:
            if self._typesetter:
                self._typesetter.end()

    def make(self, html: str, *, patience: float | None = None) -> bytes:
        """The PDF of this markup, in so many seconds by the clock or in those of a page. Raises ``NotLaidOut``."""
        patience = PATIENCE if patience is None else patience
        end = time.monotonic() + patience
        if not self._turns.acquire(timeout=patience):
            raise NotLaidOut(Fault.BUSY)
        try:
            return self._made(html, end)
        finally:
            self._turns.release()

    def make_all(
        self, jobs: Iterable[tuple[Any, str]], *, pulse: Callable[[], object] = lambda: None
    ) -> Iterator[tuple[Any, bytes | NotLaidOut]]:
        """Every paper as it is finished, by the key it was given, in no certain order.

        Markup is taken up one by one as hands are free. ``pulse`` is called now and then while nothing is finished.
        """
        waiting = iter(jobs)
        busy: dict[Future[bytes | NotLaidOut], Any] = {}
        hands = ThreadPoolExecutor(self.processes)
        try:
            while True:
                while len(busy) < self.processes and (job := next(waiting, None)):
                    key, html = job
                    busy[hands.submit(self._tried, html)] = key
                if not busy:
                    return
                done, _others = wait(busy, PULSE, FIRST_COMPLETED)
                for paper in done:
                    yield busy.pop(paper), paper.result()
                if not done:
                    pulse()
        finally:
            hands.shutdown(wait=False, cancel_futures=True)  # who is at a paper ends with the typesetter

    def _tried(self, html: str) -> bytes | NotLaidOut:
        try:
            return self.make(html, patience=BOOK_PATIENCE)
        except NotLaidOut as problem:
            return problem

    def _made(self, html: str, end: float) -> bytes:
        typesetter = self._running()
        answer = typesetter.answer(html, end)
        if not answer and typesetter.is_gone():  # ended from outside: the next one is asked, once
            answer = self._running(instead_of=typesetter).answer(html, end)
        begun, rest = _line_of(answer)
        head, content = _line_of(rest)
        word, _space, size = head.partition(" ")
        if word == "made" and len(content) == int(size):
            return content
        if word in Fault:
            raise NotLaidOut(Fault(word), content.decode(errors="replace"))
        if begun:
            raise NotLaidOut(Fault.TOO_MUCH, "the system ended it")
        raise NotLaidOut(Fault.FAILED, "nobody took it up")

    def _running(self, *, instead_of: "_Typesetter | None" = None) -> "_Typesetter":
        with self._lock:
            if self._is_over:
                raise NotLaidOut(Fault.FAILED, "the press is closed")
            if self._typesetter is None or self._typesetter is instead_of:
                if instead_of:
                    instead_of.end()
                self._typesetter = _Typesetter(self.seconds, self.memory)
            return self._typesetter


class _Typesetter:
    """The process that papers are forked from, and the socket by which it is asked.

    Forks of this process may ask it too: each message is a whole one, and the answer to it has a way of its own.
    """

    def __init__(self, seconds: int, memory: int) -> None:
        self.asking, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its_end:
            self.process = subprocess.Popen(  # noqa: S603  (our own program, no shell)
                [sys.executable, "-IB", str(TYPESETTER), str(STYLE), str(seconds), str(memory)],
                stdin=its_end.fileno(),
                stdout=subprocess.DEVNULL,
                env={},
                cwd="/",
            )

    def answer(self, html: str, end: float) -> bytes:
        """All that is said of a paper; nothing where nobody took it up."""
        pipe, its_end = socket.socketpair()
        with pipe:
            with its_end, suppress(OSError):  # nobody is there any more
                socket.send_fds(self.asking, [str(math.ceil(_left(end))).encode()], [its_end.fileno()])
            return _said_of(html, pipe, end)

    def is_gone(self) -> bool:
        try:
            return not self.asking.recv(1, socket.MSG_DONTWAIT)  # it never says anything here
        except BlockingIOError:
            return False
        except OSError:
            return True

    def end(self) -> None:
        self.asking.close()
        self.process.kill()
        self.process.wait()


def _said_of(html: str, pipe: socket.socket, end: float) -> bytes:
    """What comes back for this markup until the other side is closed. Raises ``NotLaidOut`` after ``end``."""
    heard = bytearray()
    try:
        with suppress(ConnectionError):  # its process was ended; what it said before is heard below
            pipe.settimeout(_left(end))
            pipe.sendall(html.encode())
            pipe.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while part := pipe.recv(1 << 20):
                heard += part
                if len(heard) > MOST_BYTES:
                    raise NotLaidOut(Fault.TOO_MUCH, "it is too large")
                pipe.settimeout(_left(end))
    except TimeoutError:
        raise NotLaidOut(Fault.TOO_MUCH, "it took too long") from None
    return bytes(heard)


def _left(end: float) -> float:
    """Seconds until this moment, and never nothing, for that would mean not to wait at all."""
    return max(end - time.monotonic(), 0.01)


def _line_of(answer: bytes) -> tuple[str, bytes]:
    """The first line of an answer, and the rest."""
    line, _newline, rest = answer.partition(b"\n")
    return line.decode(), rest


of_pages = Press()
