"""A network that is bad in a chosen way: a proxy between the site and its database, on this machine alone."""

import random
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

PIECE = 4096


@dataclass
class Trouble:
    """What is wrong with the network at this moment; nothing at first."""

    seconds: float = 0  # before anything goes on, in either direction
    bytes_a_second: int = 0
    slice: int = 0  # bytes sent at once, with a pause after each
    swallows: bool = False  # takes everything and gives nothing on
    resets: float = 0  # the chance that a connection is torn at the next piece


@dataclass
class Proxy:
    """Listens on ``port`` and passes everything on to ``to``, as well as ``trouble`` lets it."""

    to: int
    trouble: Trouble = field(default_factory=Trouble)
    torn: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                inner, _address = self._listener.accept()
                outer = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self._open += [inner, outer]
            for one, other in ((inner, outer), (outer, inner)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while piece := one.recv(PIECE):
                trouble = self.trouble
                if random.random() < trouble.resets:
                    self.torn += 1
                    tear(one, other)
                    return
                time.sleep(trouble.seconds)
                while self.trouble.swallows:
                    time.sleep(0.1)
                step = trouble.slice or len(piece)
                for place in range(0, len(piece), step):
                    part = piece[place : place + step]
                    other.sendall(part)
                    if trouble.bytes_a_second:
                        time.sleep(len(part) / trouble.bytes_a_second)
                    elif trouble.slice:
                        time.sleep(0.001)
        except OSError:
            pass  # one of the two ends went away
        for end in (one, other):
            end.close()

    def tear_all(self) -> None:
        """Every connection is gone at the same moment, as when a router is switched off and on."""
        ends, self._open = self._open, []
        tear(*ends)

    def close(self) -> None:
        self._listener.close()
        self.tear_all()


def tear(*ends: socket.socket) -> None:
    """The connection is gone at once, with whatever was under way on it."""
    for end in ends:
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)  # or who reads from it would keep it open
            end.close()
        except OSError:
            continue  # it was closed already
