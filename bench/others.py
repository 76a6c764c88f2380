"""What a school does all at once: ``python -m bench.others``, with the country of ``bench.make`` in DATABASE_URL.

Forty people sign in from one address in the same minute; fifty papers are asked for at once, while somebody reads;
ten thousand rows become an Excel file in a process of its own.
"""

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402 - the models exist from here on
from django.db import connections  # noqa: E402

from bench.clients import Asked, get  # noqa: E402
from bench.load import PORT, Server, pages_of, percentile, served  # noqa: E402
from bench.people import working_schools  # noqa: E402
from schools.models import User  # noqa: E402
from tests.drills.phone import Phone  # noqa: E402
from tests.factories import PASSWORD  # noqa: E402

COLLEAGUES, PAPERS, AT_ONCE, ROWS = 40, 50, 10, 10_000
XLSX = f"""
import os, resource, time
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()
from courses.exports import Column, Table, table_xlsx
table = Table("Бөлүм", "Бөлүм", [], [Column("Тилке", 20)] * 12, ([f"Жазуу {{n}}"] * 12 for n in range({ROWS})))
began = time.perf_counter(), time.process_time()
size = len(table_xlsx(table))
print(f"{{time.perf_counter() - began[0]:.1f}} s, {{time.process_time() - began[1]:.1f}} s of processor time,"
      f" {{size:,}} bytes, {{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}} MiB at most")
"""


def timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def say(what: str, times: Sequence[float], server: Server, cpu: float) -> None:
    print(
        f"{what}: median {statistics.median(times):.2f} s, p95 {percentile(list(times), 95):.2f} s, longest"
        f" {max(times):.2f} s; {server.cpu() - cpu:.1f} s of the workers' processor time; {server.mib()} MiB",
        flush=True,
    )


def sign_in(server: Server, users: Sequence[User]) -> None:
    """All at once; whoever does not get in is an error."""
    cpu, began = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(len(users)) as people:
        tasks = [lambda user=user: Phone(server.port, seconds=120).sign_in(user.username) for user in users]
        times = list(people.map(timed, tasks))
    print(f"{len(times)} of {len(users)} got in within {time.perf_counter() - began:.1f} s")
    say("sign-in", times, server, cpu)


def papers(server: Server, asked: Sequence[Asked], page: Asked) -> None:
    alone = [timed(lambda: get(server.port, page)) for _ in range(20)]
    meanwhile: list[float] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            meanwhile.append(timed(lambda: get(server.port, page)))
            time.sleep(0.2)

    reader = threading.Thread(target=read)
    reader.start()
    cpu, began = server.cpu(), time.perf_counter()
    wanted = [Asked(one.cookie, f"{one.path}paper/") for one in (asked * PAPERS)[:PAPERS]]
    with ThreadPoolExecutor(AT_ONCE) as people:
        statuses = list(people.map(lambda one: get(server.port, one), wanted))
    whole = time.perf_counter() - began
    is_over.set()
    reader.join()
    answered = sum(one.status == 200 for one in statuses)
    print(f"{answered} of {PAPERS} papers came within {whole:.1f} s, asked for by {AT_ONCE} people")
    say("a paper", [one.seconds for one in statuses], server, cpu)
    say("a page before", alone, server, server.cpu())
    say("a page meanwhile", meanwhile, server, server.cpu())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=PORT)
    wanted = parser.parse_args()
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], check=True)
    schools = working_schools()
    colleagues = schools[0].teachers[:COLLEAGUES]
    User.objects.filter(pk__in=[user.pk for user in colleagues]).update(password=make_password(PASSWORD))
    pages = pages_of(working_schools(1))  # with sessions that know the new passwords
    connections.close_all()
    with served(wanted.port, os.environ["DATABASE_URL"]) as server:
        sign_in(server, colleagues)
        papers(server, pages["plan"].asked, pages["notices"].asked[0])
    print("ten thousand rows as an Excel file:", flush=True)
    subprocess.run([sys.executable, "-c", XLSX], check=True)  # noqa: S603 - the words above


if __name__ == "__main__":
    main()
