"""A short run on a small country, and what got worse since the last one written down: ``make bench``.

``bin/with-postgres python -m bench.short [--keep]``. The figures compared are ratios of one run: what a page takes of
the workers' processor time beside a bare page, its queries, and its growth from a tenth of the country. ``--keep``
writes them to ``bench/last.json``, beside which the next run is read.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2

from bench import load

LAST = Path(__file__).parent / "last.json"
SCALE = 0.03
WORSE = 1.25  # times as much as last time, beyond what a busy machine explains
SAME = ("of_forty", "cpu_of_forty", "queries", "bytes", "cpu_of_small")


def fill(database_url: str, scale: float) -> None:
    for command in (["manage.py", "migrate", "-v", "0"], ["manage.py", "createcachetable", "-v", "0"],
                    ["-m", "bench.make", "--scale", str(scale)]):  # fmt: skip
        env = os.environ | {"DATABASE_URL": database_url}
        subprocess.run([sys.executable, *command], env=env, check=True)  # noqa: S603 - the words above


def second_database(database_url: str) -> str:
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE tenth TEMPLATE template0")
    connection.close()
    return database_url.rpartition("/")[0] + "/tenth"


def worse(name: str, now: dict[str, float], before: dict[str, float]) -> list[str]:
    """What a page has more of than last time, in words."""
    found = []
    if now["queries"] > before["queries"]:
        found.append(f"{name}: {now['queries']:.0f} queries, {before['queries']:.0f} last time")
    for figure, words in (("cpu_of_forty", "of a bare page's speed"), ("cpu_of_small", "of the speed at a tenth")):
        if figure in before and now[figure] * WORSE < before[figure]:
            found.append(f"{name}: {now[figure]:.2f} {words}, {before[figure]:.2f} last time")
    if now["bytes"] > before["bytes"] * WORSE:
        found.append(f"{name}: {now['bytes']:,.0f} bytes, {before['bytes']:,.0f} last time")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="write the figures down for the next run")
    parser.add_argument("--port", type=int, default=load.PORT)
    wanted = parser.parse_args()
    big = os.environ["DATABASE_URL"]
    small = second_database(big)
    fill(big, SCALE)
    fill(small, SCALE / 10)
    mix = load.Mix(readers=18, writers=2, pause=1, seconds=20)
    found = load.take(list(load.TEN), beside=small, rounds=3, seconds=1, port=wanted.port, mix=mix)
    before: dict[str, Any] = json.loads(LAST.read_text()) if LAST.exists() else {"on": "never", "pages": {}}
    told = [one for name in found for one in worse(name, found[name], before["pages"].get(name, found[name]))]
    print(f"\nBeside the run of {before['on']}:", *(told or ["nothing got worse."]), sep="\n")
    if wanted.keep:
        kept = {name: {key: round(told[key], 3) for key in SAME} for name, told in found.items()}
        LAST.write_text(json.dumps({"on": f"{dt.date.today()}", "pages": kept}, indent=1) + "\n")
    return bool(told)


if __name__ == "__main__":
    sys.exit(main())
