"""Markup → PDF. A program of its own: ``python typesetter.py STYLE SECONDS MEMORY``, with a socket as its input.

It reads program, fonts and style once, lays nothing out itself, and for each paper forks a process that is limited
and ends with its paper. It knows no secret and no database, reaches no network where the system lets it give that up,
and writes no bytes into files. No Django: all that it takes up is the renderer.

Each message on the socket says for how many seconds by the clock somebody waits for a paper, and brings one end of a
pair of sockets. Out of it comes the markup, to its end. Back go the line "begun" and then the line "made SIZE" and the
PDF, or the line that names what is wrong (a value of ``cpd.press.Fault``) and the particulars. A process that takes
too much is ended by the system and says no more.
"""

import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

LONGEST_PROBLEM = 4000  # signs of what went wrong that are told, the last ones

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
M_ARENA_MAX = -8  # malloc.h
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class NoFetching(URLFetcher):
    """Refuses every address: web, file and data alike. Papers have no pictures, and their style is a string."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> NoReturn:
        raise ValueError(f"a paper fetches nothing: {url[:80]}")


def style_of(text: str) -> CSS:
    return CSS(string=text, url_fetcher=NoFetching())


def laid_out(html: str, style: CSS) -> bytes:
    """PDF/A-3u: fonts inside, text can be extracted.

    The fetcher goes to the page *and* to the style sheet: each would else bring its own open one.
    """
    page = HTML(string=html, url_fetcher=NoFetching())
    pdf: bytes = page.write_pdf(stylesheets=[style], pdf_variant="pdf/a-3u")
    return pdf


def main() -> None:
    libc = ctypes.CDLL(None)
    stand_alone(libc)
    seconds, memory = map(int, sys.argv[2:])
    style = style_of(Path(sys.argv[1]).read_text(encoding="utf-8"))
    laid_out("<p>Ңң Өө Үү <b>Ңң</b>", style)  # fonts and style sheets are looked up once for all
    gc.collect()
    gc.freeze()
    gc.disable()  # the system takes back what a paper leaves

    asked = socket.socket(fileno=sys.stdin.fileno())
    while True:
        said, ends, _flags, _address = socket.recv_fds(asked, 9, 1)
        if not said:
            return  # nobody will ask any more
        with socket.socket(fileno=ends[0]) as pipe, suppress(OSError):  # no room to fork: who waits hears nothing
            if os.fork() == 0:
                asked.close()
                signal.alarm(int(said))  # nothing catches it: the system ends who is still there
                libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                make(pipe, style, seconds, memory)
                os._exit(0)


def stand_alone(libc: ctypes.CDLL) -> None:
    """Nobody to reach, nothing to write to, and no signal but the end of who asked us."""
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)  # a network of its own, with nobody in it
    # Pango starts short-lived threads. With memory pools of their own, as the C library would give them, they take up
    # the address space that a paper may have.
    libc.mallopt(M_ARENA_MAX, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a paper's process ended
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()  # what the renderer remarks on quotes the paper


def make(pipe: socket.socket, style: CSS, seconds: int, memory: int) -> None:
    """One paper, in a process of its own."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(OSError):  # nobody waits for it any more
        pipe.sendall(b"begun\n")
        html = b"".join(iter(lambda: pipe.recv(1 << 20), b"")).decode()
        for part in answer(html, style):
            pipe.sendall(part)


def answer(html: str, style: CSS) -> tuple[bytes, bytes]:
    try:
        pdf = laid_out(html, style)
    except (MemoryError, RecursionError):
        return b"too_much\n", b""
    except Exception:  # whatever the renderer says of what it cannot lay out
        return b"failed\n", traceback.format_exc()[-LONGEST_PROBLEM:].encode(errors="replace")
    return f"made {len(pdf)}\n".encode(), pdf


if __name__ == "__main__":
    main()
