"""What the drills start, kill and restart: the site as it is shipped, its worker, and the database beside them."""

import json
import os
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.drills.phone import NoAnswer, Phone

ROOT = Path(__file__).resolve().parents[2]
PORTS = range(8900, 8950)
STARTS_WITHIN = 60  # seconds, on a machine that is busy with other things
CONFIGURATION = ROOT / "deploy" / "gunicorn.conf.py"
LOUD = re.compile(r"Traceback|ERROR|CRITICAL", re.IGNORECASE)


class Site:
    """One web server on a port of its own, in a session of its own: killed, nothing of it is left."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.files, self.log = folder / "files", folder / "site.log"
        self.environment = {
            **os.environ,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "FILES_URL": f"file://{self.files}",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures"),
            "WEB_WORKERS": "2",
            "DEBUG": "no",
            "DJANGO_SETTINGS_MODULE": "cpd.settings",
            **environment,
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def serve(self, application: str = "cpd.wsgi", *options: str) -> float:
        """Start, and wait until it answers; how many seconds that took."""
        configured = ["--config", str(CONFIGURATION)] if CONFIGURATION.exists() else ["--workers", "2"]
        command = [sys.executable, "-m", "gunicorn", application, *configured, "--no-control-socket"]
        command += ["--bind", f"127.0.0.1:{self.port}", *options]
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_it_answers()
        return time.monotonic() - began

    def wait_until_it_answers(self, seconds: float = STARTS_WITHIN) -> None:
        end = time.monotonic() + seconds
        while True:
            if time.monotonic() > end or (self.server and self.server.poll() is not None):
                raise RuntimeError(f"the site does not answer:\n{self.log.read_text()[-2000:]}")
            try:
                self.phone().ask("/sign-in/")
            except NoAnswer:
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """The power goes: every process of the server at the same moment."""
        if self.server is not None:
            with suppress(ProcessLookupError):  # it ended by itself
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            try:
                self.server.wait(35)
            except subprocess.TimeoutExpired:
                self.kill()
            self.server = None

    def hang_up(self) -> None:
        """``systemctl reload``: new workers, and the old ones end when they have answered."""
        assert self.server is not None
        self.server.send_signal(signal.SIGHUP)

    def phone(self, *, seconds: float = 30) -> Phone:
        return Phone(self.port, seconds=seconds)

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        with (self.folder / "work.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "work", *options],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def leave_nothing(self) -> None:
        """Whatever the drill left running ends."""
        self.kill()
        for worker in self.workers:
            if worker.poll() is None:
                kill_hard(worker)

    def manage(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip

    def breaches(self) -> dict[str, list[str]]:
        """What ``manage.py check_invariants`` finds wrong."""
        ended = self.manage("check_invariants", "--json")
        try:
            found: dict[str, list[str]] = json.loads(ended.stdout)
        except ValueError:
            raise RuntimeError(f"check_invariants ended with {ended.returncode}:\n{ended.stderr}") from None
        return {name: told for name, told in found.items() if told}

    def loud_lines(self) -> list[str]:
        """Lines of the log that somebody would have to look at."""
        return [line for line in self.log.read_text().splitlines() if LOUD.search(line)]

    def processes(self) -> list[int]:
        """The server and its workers."""
        assert self.server is not None
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        return [self.server.pid, *map(int, children)]


def kill_hard(process: subprocess.Popen[bytes]) -> None:
    """With whatever it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port from 8900 to 8949 is free")


def engine() -> str:
    return connection.vendor


@contextmanager
def looking() -> Iterator[None]:
    """Ask the database from the drill itself, whatever happened to the last connection."""
    connection.close()
    try:
        yield
    finally:
        connection.close()


def database(*arguments: str) -> None:
    """``pg_ctl`` on the cluster of ``bin/with-postgres``."""
    subprocess.run([*shlex.split(os.environ["POSTGRES_CONTROL"]), *arguments], check=True, stdout=subprocess.DEVNULL)


def sqlite_file() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))
