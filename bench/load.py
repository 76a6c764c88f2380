"""The main pages under load: ``python -m bench.load``, with the country of ``bench.make`` in DATABASE_URL.

A few schools of the country are at work (``bench.people``). The site is served as it is shipped, by gunicorn in
processes of its own, which also serve the bare pages of ``bench.bare``. Each page and its bare pages are asked for in
turns by a few clients who never wait; with ``--beside URL`` so is the same page in a smaller country. Then readers and
writers share the site for a while.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()

from django.conf import settings  # noqa: E402 - the models exist from here on
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.clients import Asked, Writer, get, hammer, share  # noqa: E402
from bench.make import PEOPLE_SIGNED_IN  # noqa: E402
from bench.people import Working, cookie_of, own_plan, own_record, working_schools  # noqa: E402
from courses.models import Schedule, TrainingRecord  # noqa: E402
from schools.choices import DocumentKind, State  # noqa: E402
from schools.models import Institution, Person, User  # noqa: E402

PORT, WORKERS, CLIENTS = 8980, 2, 4
TEN = (
    "home", "plan", "plan_edit", "my_hours", "records", "record", "notices", "plans", "institution", "staff_hours",
)  # fmt: skip
# What readers of the mixed load ask for, in parts of a hundred: nine of ten requests are teachers'.
OFTEN = {
    "home": 22, "plan": 14, "plan_edit": 10, "my_hours": 12, "records": 12, "record": 9, "notices": 5, "plans": 5,
    "institution": 4, "staff_hours": 3, "home of a deputy": 2, "schedule": 1, "district_hours": 1,
}  # fmt: skip
MORE = ("schedule", "verification", "home of a deputy", "district_hours")
TEACHERS = 10  # of each school whose pages are asked for
HANDED_IN = (State.SUBMITTED, State.CONSIDERED, State.APPROVED)


@dataclass
class Page:
    """One page as several people ask for it, and the bare pages with the same rows."""

    name: str
    asked: list[Asked] = field(default_factory=list)
    bare: list[Asked] = field(default_factory=list)
    plain: list[Asked] = field(default_factory=list)

    def by(self, cookie: str, *args: int | None, rows_of: int | None = None, view: str = "") -> None:
        """Asked for with a session's cookie; nothing where its person has no such paper."""
        if None not in args:
            self.asked.append(Asked(cookie, reverse(view or self.name, args=args)))
            rows = f"{self.name}/{rows_of or args[0]}/"
            self.bare.append(Asked("", f"/bare/{rows}"))
            self.plain.append(Asked(cookie, f"/plain/{rows}"))


def pages_of(schools: list[Working]) -> dict[str, Page]:
    pages = {name: Page(name) for name in dict.fromkeys([*TEN, *OFTEN, *MORE])}
    for school in schools:
        place, deputy = school.institution.pk, cookie_of(school.offices["deputy"])
        for user in school.teachers[len(school.heads) :][:TEACHERS]:
            cookie = cookie_of(user)
            for name in ("home", "my_hours", "records", "notices"):
                pages[name].by(cookie, rows_of=user.person_id)
            pages["plan_edit"].by(cookie, own_plan(user, DocumentKind.INDIVIDUAL_PLAN, State.DRAFT))
            pages["plan"].by(cookie, own_plan(user, DocumentKind.INDIVIDUAL_PLAN, *HANDED_IN))
            pages["record"].by(cookie, own_record(user))
        pages["plans"].by(deputy, rows_of=place)
        pages["institution"].by(deputy, place)
        pages["staff_hours"].by(deputy, place)
        pages["verification"].by(deputy, rows_of=place)
        pages["home of a deputy"].by(deputy, rows_of=place, view="home")
        heads = {association: cookie_of(head) for association, head in school.heads.items()}
        for schedule in Schedule.objects.filter(institution=place):
            pages["schedule"].by(heads[schedule.association_id or 0], schedule.pk, view="schedule_edit")
    officer = User.objects.get(username=PEOPLE_SIGNED_IN[1])
    district = Institution.objects.get(pk=schools[0].institution.pk).district_id
    pages["district_hours"].by(cookie_of(officer), district)
    return pages


def count_queries(page: Page) -> int:
    """Of the second showing: the first one may note that somebody looked."""
    asked = page.asked[0]
    client = Client(headers={"host": urlsplit(settings.SITE_URL).netloc, "cookie": asked.cookie})
    client.get(asked.path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(asked.path)
    if answer.status_code != 200:
        raise SystemExit(f"{asked.path} answers {answer.status_code}")
    return len(captured)


def tell_pages() -> None:
    """For the run beside: who asks for what in this country, as JSON."""
    pages = pages_of(working_schools())
    print(json.dumps({name: [[one.cookie, one.path] for one in page.asked] for name, page in pages.items()}))


def pages_in(database_url: str) -> dict[str, list[Asked]]:
    """Who asks for what in another country."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.load", "--tell"],
        env=os.environ | {"DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        check=True,
    )
    return {name: [Asked(*one) for one in asked] for name, asked in json.loads(told.stdout).items()}


# --- the server ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    @property
    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def cpu(self) -> float:
        """Seconds of processor time that the workers have taken."""
        return sum(_cpu_of(pid) for pid in self.workers)

    def mib(self) -> list[int]:
        """What each worker holds: its own, and its part of what is shared."""
        return [round(_kib_of(pid) / 1024) for pid in self.workers]


def _cpu_of(pid: int) -> float:
    cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")


def _kib_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def served(port: int, database_url: str) -> Iterator[Server]:
    """The site as it is shipped, until the end of the block."""
    told = {"SITE_URL": f"http://127.0.0.1:{port}", "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(WORKERS)}
    told |= {"DATABASE_URL": database_url, "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "bench.served"]
    process = subprocess.Popen(command, env=os.environ | told)  # noqa: S603 - the words above
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            if get(port, Asked("", "/sign-in/")).status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.2)
    raise SystemExit("the site does not start")


# --- measuring -----------------------------------------------------------------------------------------------------

Figures = dict[str, float]


@dataclass(frozen=True)
class Turn:
    """Where one kind of request of a round goes."""

    server: Server
    asked: list[Asked]


def in_turns(turns: dict[str, Turn], *, rounds: int, seconds: float) -> dict[str, list[tuple[float, float]]]:
    """Of each kind, round by round: requests a second, and seconds of the workers' processor time a request."""
    for turn in turns.values():
        for one in (turn.asked * 2)[: 2 * CLIENTS]:  # compiled, connected and noted before the clock starts
            get(turn.server.port, one)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            before = turn.server.cpu()
            answered, whole = hammer(turn.server.port, turn.asked, seconds, CLIENTS)
            found[name].append((answered / whole, (turn.server.cpu() - before) / answered))
    return found


def figures_of(page: Page, server: Server, small: Turn | None, *, rounds: int, seconds: float) -> Figures:
    """Rates and ratios; a ratio is the median of those of single rounds."""
    turns = {"page": Turn(server, page.asked), "forty": Turn(server, [Asked("", "/bare/forty/0/")])}
    if page.name in TEN:
        turns["bare"] = Turn(server, page.bare)
        turns["plain"] = Turn(server, page.plain)
    if small:
        turns["small"] = small
    found = in_turns(turns, rounds=rounds, seconds=seconds)
    rates = {name: statistics.median(rate for rate, _cpu in each) for name, each in found.items()}
    figures = {"rate": rates["page"], "bytes": float(len(get(server.port, page.asked[0]).body))}
    figures["cpu_ms"] = 1000 * statistics.median(cpu for _rate, cpu in found["page"])
    for name in turns.keys() - {"page"}:
        pairs = list(zip(found["page"], found[name], strict=True))
        figures[f"rate_{name}"] = rates[name]
        figures[f"of_{name}"] = statistics.median(one[0] / other[0] for one, other in pairs)
        figures[f"cpu_of_{name}"] = statistics.median(other[1] / one[1] for one, other in pairs)
    return figures


@dataclass(frozen=True)
class Mix:
    """The people of the mixed load, who wait about ``pause`` seconds between two requests, for so many seconds."""

    readers: int
    writers: int
    pause: float
    seconds: float


def shared(server: Server, pages: dict[str, Page], mix: Mix) -> None:
    """Readers and writers together; says what they saw and what it cost."""
    typing = [Writer(server.port, asked) for asked in pages["plan_edit"].asked[: mix.writers]]
    asked: dict[str, Sequence[Asked]] = {name: page.asked for name, page in pages.items()}
    own, workers, began = time.process_time(), server.cpu(), time.perf_counter()
    seen = share(server.port, asked, OFTEN, typing, readers=mix.readers, pause=mix.pause, seconds=mix.seconds)
    whole = time.perf_counter() - began
    every = [one for times in seen.seconds.values() for one in times]
    print(
        f"\n{mix.readers} readers and {mix.writers} writers for {whole:.0f} s: {len(every)} requests,"
        f" {len(every) / whole:.1f} a second, failed: {dict(seen.failed) or 'none'}. Processor time: workers"
        f" {server.cpu() - workers:.1f} s, clients {time.process_time() - own:.1f} s. Memory of the workers"
        f" afterwards: {server.mib()} MiB.\n"
    )
    print("| page | requests | p50, ms | p95, ms | p99, ms | p95 / p50 |\n|---|---|---|---|---|---|")
    for name, times in [("all", every), *sorted(seen.seconds.items())]:
        p50, p95, p99 = (1000 * percentile(times, which) for which in (50, 95, 99))
        print(f"| {name} | {len(times)} | {p50:.0f} | {p95:.0f} | {p99:.0f} | {p95 / p50:.1f} |")


def percentile(values: list[float], which: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[which - 1] if len(values) > 1 else values[0]


HEADING = """
| page | queries | bytes | CPU, ms | requests/s | of a plain project | of its bare page | of forty rows | of a tenth |
|---|---|---|---|---|---|---|---|---|"""


def line(name: str, told: Figures) -> str:
    """Ratios of requests a second, and beside them, after a slash, those of the workers' processor time."""

    def ratio(beside: str) -> str:
        return f"{told[f'of_{beside}']:.2f} / {told[f'cpu_of_{beside}']:.2f}" if f"of_{beside}" in told else ""

    return (
        f"| {name} | {told['queries']:.0f} | {told['bytes']:,.0f} | {told['cpu_ms']:.1f} | {told['rate']:.1f} |"
        f" {ratio('plain')} | {ratio('bare')} | {ratio('forty')} | {ratio('small')} |"
    )


def take(names: list[str], *, beside: str, rounds: int, seconds: float, port: int, mix: Mix) -> dict[str, Figures]:
    """The figures of the pages by name, and then the mixed load; all is printed as it comes."""
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], check=True)
    pages = pages_of(working_schools())
    queries = {name: count_queries(pages[name]) for name in names}
    smaller = pages_in(beside) if beside else {}
    print(f"{connection.vendor}: {TrainingRecord.objects.count():,} records, {Person.objects.count():,} people")
    connections.close_all()
    found: dict[str, Figures] = {}
    with served(port, os.environ["DATABASE_URL"]) as server, ExitStack() as stack:
        second = stack.enter_context(served(port + 1, beside)) if beside else None
        print(f"Memory of the workers at the start: {server.mib()} MiB.\n{HEADING}")
        for name in names:
            small = Turn(second, smaller[name]) if second else None
            found[name] = figures_of(pages[name], server, small, rounds=rounds, seconds=seconds)
            found[name]["queries"] = queries[name]
            print(line(name, found[name]), flush=True)
        print(f"\nMemory of the workers: {server.mib()} MiB.")
        if mix.seconds:
            shared(server, pages, mix)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beside", default="", metavar="URL", help="database of a smaller country, for growth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of each page in each round")
    parser.add_argument("--shared", type=float, default=60, help="seconds of the mixed load; 0 for none")
    parser.add_argument("--readers", type=int, default=45)
    parser.add_argument("--writers", type=int, default=5)
    parser.add_argument("--pause", type=float, default=2.5, help="seconds between two requests of one person")
    parser.add_argument("--pages", nargs="*", default=[*TEN, *MORE])
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--tell", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.tell:
        tell_pages()
        return
    take(
        wanted.pages,
        beside=wanted.beside,
        rounds=wanted.rounds,
        seconds=wanted.seconds,
        port=wanted.port,
        mix=Mix(wanted.readers, wanted.writers, wanted.pause, wanted.shared),
    )


if __name__ == "__main__":
    main()
