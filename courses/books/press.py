"""Processes beside the worker that render papers: limited, without a database, and gone when the worker is gone.

They are forked from a process that has read program, fonts and style sheets once (``courses.books.forked``), so one
that was ended is soon replaced. What a paper is made of is sent to them as plain data.
"""

import ctypes
import gc
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any

MEMORY = 512 << 20  # bytes of address space of one process; trust T23
SECONDS = 30  # of processor time for one paper; trust T23
PATIENCE = 120  # seconds by the clock, for a machine with much to do
PULSE = 5  # seconds without any paper, after which the worker says that it is still there
PAPERS = 25  # made by one process, before a fresh one takes its place
PROCESSES = min(len(os.sched_getaffinity(0)), 4)

_forkserver = get_context("forkserver")


@dataclass(frozen=True)
class Job:
    """One paper to be made: ``make(*data)`` gives its PDF. ``key`` is the caller's own name for it."""

    key: Any
    make: Callable[..., bytes]
    data: tuple[Any, ...]


@dataclass(frozen=True)
class NotMade:
    """Stands in the place of a paper that took too much, or whose making failed."""

    why: str


Made = bytes | NotMade


class Press(AbstractContextManager["Press"]):
    """As many processes as the machine has processors, for as long as the block lasts."""

    def __init__(self, processes: int = PROCESSES) -> None:
        _forkserver.set_forkserver_preload(["courses.books.forked"])
        self.processes = processes
        self.free: list[_Hand] = []
        self.busy: dict[Any, _Hand] = {}

    def __exit__(self, *_problem: object) -> None:
        for hand in [*self.free, *self.busy.values()]:
            hand.end()
        self.free, self.busy = [], {}

    def make(self, jobs: Iterable[Job], *, pulse: Callable[[], object] = lambda: None) -> Iterator[tuple[Job, Made]]:
        """Every paper as it is finished, in no certain order; jobs are taken up one by one as hands are free.

        ``pulse`` is called now and then while nothing is finished.
        """
        waiting = iter(jobs)
        while True:
            while len(self.busy) < self.processes and (job := next(waiting, None)):
                hand = self.free.pop() if self.free else _Hand()
                hand.take(job)
                self.busy[hand.pipe] = hand
            if not self.busy:
                return
            ready = connection.wait(list(self.busy), timeout=PULSE)
            for pipe in ready:
                hand = self.busy.pop(pipe)
                made = hand.give()
                if hand.is_there:
                    self.free.append(hand)
                yield hand.job, made
            for hand in self.busy.values():
                hand.hurry()
            if not ready:
                pulse()


class _Hand:
    """One process, its pipe, and the paper it is at."""

    def __init__(self) -> None:
        self.pipe, other = _forkserver.Pipe()
        self.process = _forkserver.Process(target=serve, args=(other, SECONDS), daemon=True)
        self.process.start()
        other.close()
        self.papers = 0

    def take(self, job: Job) -> None:
        self.job, self.since = job, time.monotonic()
        self.papers += 1
        with suppress(OSError):  # it was ended meanwhile; ``give`` says so
            self.pipe.send((job.make, job.data))

    def give(self) -> Made:
        try:
            is_made, answer = self.pipe.recv()
        except (EOFError, OSError):
            self.end()
            return NotMade(f"its process ended with {self.process.exitcode}")
        if self.papers == PAPERS:
            self.end()
        return answer if is_made else NotMade(answer)

    @property
    def is_there(self) -> bool:
        return not self.pipe.closed

    def hurry(self) -> None:
        """End a process that waits for something that does not come; one that reckons too long is ended by itself."""
        if time.monotonic() - self.since > PATIENCE:
            self.process.kill()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def serve(pipe: Connection, seconds: int) -> None:
    """What a process of the press does: papers, each in so much processor time, until nobody wants more."""
    _stand_alone()
    gc.disable()  # what a paper leaves is collected after it, all at once
    while True:
        try:
            make, data = pipe.recv()
        except EOFError:
            return
        spent = resource.getrusage(resource.RUSAGE_SELF)
        used = int(spent.ru_utime + spent.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))
        try:
            answer = True, make(*data)
        except Exception as problem:
            answer = False, f"{type(problem).__name__}: {problem}"[:2000]
        pipe.send(answer)
        del make, data, answer
        gc.collect()


def _stand_alone() -> None:
    """Limits; and neither Ctrl-C nor the end of the worker leaves anything behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the worker, who ends us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: of the process we are forked from
    worker = parent_process()

    def look(_number: int, _frame: object) -> None:
        if worker is not None and not worker.is_alive():
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
