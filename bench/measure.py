"""What the program does in how much time in the country of ``bench.make``: ``python -m bench.measure``.

Times are medians of several runs. Beside each stands its ratio to SQL written by hand for the same answer
(``by_hand.sql``, ``needs_by_hand.sql``), taken in turns in the same run: a ratio says more than seconds on a machine
that does other work.
"""

import argparse
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()

from django.conf import settings  # noqa: E402 - the models exist from here on
from django.db import connection, connections  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

from bench.make import NEEDS_YEAR, PEOPLE_SIGNED_IN, TODAY  # noqa: E402
from courses import facts, rules, standing  # noqa: E402
from courses.choices import HoursStatus  # noqa: E402
from courses.models import HoursPolicy, TrainingRecord  # noqa: E402
from courses.rules.judging import SEVERITY  # noqa: E402
from plans.orders.country import Asked, needs  # noqa: E402
from schools.models import Employment, RoleAssignment, User  # noqa: E402

BY_HAND = (Path(__file__).parent / "by_hand.sql").read_text(encoding="utf-8")
NEEDS_BY_HAND = (Path(__file__).parent / "needs_by_hand.sql").read_text(encoding="utf-8")
LINES = 50  # of a page of needs
PROCESSES = 2
CHUNK = 500

Answer = dict[int, Counter[HoursStatus]]
Call = Callable[[], Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-engine", action="store_true", help="do not judge every teacher by the engine as well")
    wanted = parser.parse_args()
    jobs = Employment.objects.on(TODAY)
    print(f"{connection.vendor}: {jobs.count():,} jobs, {TrainingRecord.objects.count():,} records\n")
    school, district = places()
    print("| what | SQL statements | program, ms | by hand, ms | ratio |\n|---|---|---|---|---|")
    figures: list[tuple[str, QuerySet[Employment], standing.By, str]] = [
        ("one school, counted", jobs.filter(institution=school), "institution", f"i.id = {school}"),
        ("one district by school", jobs.filter(institution__district=district), "institution",
         f"i.district_id = {district}"),
        ("the country by district", jobs, "district", "TRUE"),
    ]  # fmt: skip
    for name, some, by, scope in figures:
        row(name, wanted.runs, lambda some=some, by=by: counted(some, by), by_hand(scope, by))
    people = jobs.filter(institution=school)
    row("one school, one by one, statement", wanted.runs, lambda: standing.of(people, TODAY))
    row(
        "one school, one by one, engine",
        wanted.runs,
        lambda: facts.judgements(people.select_related("institution"), TODAY),
    )
    for name, asked, place in (
        ("first page of the country's needs", Asked(NEEDS_YEAR), "TRUE"),
        ("the same of one district", Asked(NEEDS_YEAR, district=district), f"i.id = {district}"),
    ):
        row(name, wanted.runs, lambda asked=asked: told(asked), needs_by_hand(place))
    for name, user, args, scope, by in (
        ("staff_hours", PEOPLE_SIGNED_IN[0], [school], f"i.id = {school}", "institution"),
        ("district_hours", PEOPLE_SIGNED_IN[1], [district], f"i.district_id = {district}", "institution"),
        ("country_hours", PEOPLE_SIGNED_IN[2], [], "TRUE", "district"),
    ):
        try:
            url = reverse(name, args=args)
        except NoReverseMatch:
            print(f"| page {name} | there is none yet | | | |")
            continue
        row(f"page {name}", wanted.runs, page(user, url), by_hand(scope, by), is_same_answer=False)
    url = f"{reverse('country_needs')}?year={NEEDS_YEAR}"
    row("page country_needs", wanted.runs, page(PEOPLE_SIGNED_IN[2], url), needs_by_hand("TRUE"), is_same_answer=False)
    if not wanted.no_engine:
        compare_everybody(jobs)


def places() -> tuple[int, int]:
    """The school of the deputy and the district of the officer whom ``bench.make`` signs in."""
    deputy, officer = (RoleAssignment.objects.get(person__user__username=name) for name in PEOPLE_SIGNED_IN[:2])
    return deputy.place_id or 0, officer.place_id or 0


def row(name: str, runs: int, program: Call, hand: Call | None = None, *, is_same_answer: bool = True) -> None:
    """One line of the table; by turns, so that other work on the machine falls on both alike."""
    with CaptureQueriesContext(connection) as captured:
        answer = program()
    statements = len(captured)  # counted here: the next request empties the log
    if hand and is_same_answer and answer != hand():
        raise SystemExit(f"{name}: the statement and the SQL by hand disagree")
    times: dict[Call, list[float]] = defaultdict(list)
    for _ in range(runs):
        for call in filter(None, (program, hand)):
            began = time.perf_counter()
            call()
            times[call].append(1000 * (time.perf_counter() - began))
    own = statistics.median(times[program])
    line = f"| {name} | {statements} | {own:,.1f} |"
    if hand:
        other = statistics.median(times[hand])
        ratio = statistics.median(a / b for a, b in zip(times[program], times[hand], strict=True))
        line += f" {other:,.1f} | {ratio:.2f} |"
    print(line if hand else line + " | |", flush=True)


def counted(jobs: QuerySet[Employment], by: standing.By) -> Answer:
    return standing.counts(jobs, TODAY, by=[by])[by]


def by_hand(scope: str, by: str) -> Callable[[], Answer]:
    """The same answer from SQL with the rules of the day written into it. PostgreSQL only."""
    own = HoursPolicy.objects.get(code="bench-own").institution_id
    place = {"institution": "id", "district": "district_id"}[by]
    text = BY_HAND.format(place=place, scope=scope, own=own)

    def ask() -> Answer:
        found: Answer = defaultdict(Counter)
        with connection.cursor() as cursor:
            cursor.execute(text)
            for place, rank, people in cursor.fetchall():
                found[place][SEVERITY[rank]] += people
        return dict(found)

    return ask


def told(asked: Asked) -> list[tuple[Any, ...]]:
    """The first page of the country's needs, as the SQL by hand tells it."""
    found = needs(asked, most=LINES)
    return [
        (one.title, one.subject, one.language, one.block, one.quarter, one.teachers, one.schools, one.districts,
         one.places, found.count, found.teachers)
        for one in found.lines
    ]  # fmt: skip


def needs_by_hand(place: str) -> Callable[[], list[tuple[Any, ...]]]:
    text = NEEDS_BY_HAND.format(scope=place.replace("i.id", "i.district_id"), courses=place)

    def ask() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return [tuple(cells) for cells in cursor.fetchall()]

    return ask


def page(username: str, url: str) -> Call:
    settings.ALLOWED_HOSTS = ["testserver"]  # as the test client calls itself
    client = Client()
    client.force_login(User.objects.get(username=username))

    def get() -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            print(f"{url} answers {answer.status_code}")

    return get


# --- the engine and the statement, teacher by teacher -------------------------------------------------------------


def compare_everybody(jobs: QuerySet[Employment]) -> None:
    began = time.perf_counter()
    found = {one.employment: one for one in standing.of(jobs, TODAY)}
    told = time.perf_counter()
    keys = sorted(found)
    chunks = [keys[first : first + CHUNK] for first in range(0, len(keys), CHUNK)]
    connections.close_all()
    with ProcessPoolExecutor(PROCESSES) as pool:
        by_engine = {job: answer for answers in pool.map(judged, chunks) for job, answer in answers.items()}
    engine = time.perf_counter()
    differing = [job for job, one in found.items() if said(one) != by_engine[job]]
    statuses = Counter(one.worse_status.name for one in found.values())
    print(
        f"\nEverybody: the statement judged {len(found):,} jobs in {told - began:.1f} s, the engine in"
        f" {engine - told:.0f} s in {PROCESSES} processes; they differ on {len(differing)}.\n"
        f"{sum(not one.is_due_exact for one in found.values()):,} due days are left to the engine."
    )
    print(", ".join(f"{name} {people:,}" for name, people in statuses.most_common()))
    if differing:
        raise SystemExit(f"differing: {differing[:20]}")


def judged(keys: list[int]) -> dict[int, tuple[Any, ...]]:
    """The engine's answers for some jobs, as far as they can be compared; run in a process of its own."""
    jobs = Employment.objects.filter(pk__in=keys).select_related("institution")
    return {job: said(answer) for job, answer in facts.judgements(jobs, TODAY).items()}


def said(one: rules.Judgement | standing.Standing) -> tuple[Any, ...]:
    if isinstance(one, rules.Judgement):
        frequency = one.frequency.status if one.frequency else None
        return one.figure.total, one.required, one.shortfall, one.status, frequency, one.worse_status
    return one.total, one.required, one.shortfall, one.status, one.frequency_status, one.worse_status


if __name__ == "__main__":
    main()
