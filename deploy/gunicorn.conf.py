"""How gunicorn serves the site: ``gunicorn -c deploy/gunicorn.conf.py``. Settings come from the environment or .env.

Nothing of the site is imported here, so that a reload (HUP) brings the workers new code. docs/adr/0038 says why these
values.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

from environ import Env
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker


class _DotEnv(Env):
    """What .env says, kept out of the environment: processes inherit that, and would keep old values at a reload."""

    ENVIRON: ClassVar[dict[str, str]] = {}


_dotenv = Path(__file__).resolve().parent.parent / ".env"
if _dotenv.is_file():
    _DotEnv.read_env(str(_dotenv))


def _text(name: str, default: str) -> str:
    return os.environ.get(name, _DotEnv.ENVIRON.get(name, "")).strip() or default


def _number(name: str, default: int, most: int) -> int:
    value = _text(name, str(default))
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= most:
        raise SystemExit(f"The setting {name} must be a whole number from 1 to {most}, not “{value}”.")
    return int(value)


wsgi_app = "cpd.wsgi"
bind = _text("WEB_BIND", "127.0.0.1:8000")
worker_class = "sync"
workers = _number("WEB_WORKERS", 2 * len(os.sched_getaffinity(0)) + 1, 64)
timeout = 30  # seconds; nobody waits longer, and what hangs is ended
graceful_timeout = 30  # what was begun when the server is told to stop is finished
max_requests, max_requests_jitter = 5000, 1000  # then a fresh process, so that none grows for ever
worker_tmp_dir = "/dev/shm"  # noqa: S108  (the sign of life of each process: never on a busy disk)
limit_request_line, limit_request_fields, limit_request_field_size = 4094, 60, 8190
forwarded_allow_ips = ""  # who speaks for others is known to Django alone: BEHIND_PROXY
accesslog = None  # cpd.watched tells each request, without its address
errorlog = "-"
control_socket_disable = True

# The folder in which all processes count what /metrics sums up (cpd.metrics).
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
if _FOLDER not in os.environ:  # it is there already when this file is read again by a reload
    for _left in Path(tempfile.gettempdir()).glob("cpd-figures-*-*"):  # by a server that was killed
        if not Path("/proc", _left.name.split("-")[2]).exists():
            shutil.rmtree(_left, ignore_errors=True)
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix=f"cpd-figures-{os.getpid()}-")


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Each process counts in the lowest place that no other has."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in range(len(taken) + 1) if place not in taken)


def post_fork(server: Arbiter, worker: Worker) -> None:
    os.environ["WEB_PLACE"] = str(worker.place)


def on_exit(server: Arbiter) -> None:
    shutil.rmtree(os.environ[_FOLDER], ignore_errors=True)
