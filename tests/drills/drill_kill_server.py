"""R1: the power goes while people write. Nothing that was answered is lost, and nothing is left half done."""

import random
import time
from collections.abc import Callable

from schools.invariants import CHECKS
from tests.drills.machines import Site, looking
from tests.drills.people import settle
from tests.drills.writers import Told, writing

KILLS = 15
CLIENTS = 8
PATIENCE = 15.0  # seconds for some answers


def killed_under_load(
    site: Site, application: str = "cpd.wsgi", *, kills: int = KILLS, until: Callable[[], bool] = lambda: False
) -> tuple[Told, int, float]:
    """Kill the whole group again and again while people write; what they were told, the kills, the slowest start."""
    schools = settle(schools=CLIENTS // 2, teachers=2).schools
    site.serve(application)
    killed, slowest = 0, 0.0
    with writing(site, schools, each=2) as told:
        for _ in range(kills):
            wait_for_answers(told, random.randint(5, 50))
            time.sleep(random.uniform(0, 0.1))
            site.kill()
            killed += 1
            if until():
                break
            slowest = max(slowest, site.serve(application))
    site.kill()
    return told, killed, slowest


def wait_for_answers(told: Told, number: int) -> None:
    """However slow the machine is, each kill comes in the middle of work: after so many more answers."""
    before, end = told.statuses.total(), time.monotonic() + PATIENCE
    while told.statuses.total() < before + number and time.monotonic() < end:
        time.sleep(0.01)


def test_nothing_answered_is_lost_and_nothing_is_half_done(site, figure):
    """Measured: 0 lost, 0 doubled, 0 breaches on both databases; without transactions ten kills do harm."""
    told, kills, slowest = killed_under_load(site)
    breaches, lost, doubled = site.breaches(), told.lost(), told.doubled()
    figure(
        f"{kills} kills, {told.acknowledged} writes acknowledged ({len(told.decided)} of them moves of plans), "
        f"{told.unanswered} requests cut off, {len(lost)} lost, {len(doubled)} doubled, {len(breaches)} breaches, "
        f"back after {slowest:.1f} s at most"
    )
    assert (breaches, lost, doubled, told.odd) == ({}, [], [], [])
    assert told.acknowledged > KILLS


def test_teeth_without_transactions_the_same_kills_leave_papers_half_done(site, figure):
    application = "tests.drills.without_atomic:application"
    told, kills, _slowest = killed_under_load(site, application, kills=3 * KILLS, until=is_something_broken)
    breaches = site.breaches()
    figure(f"{kills} kills without transactions, {told.acknowledged} acknowledged: {breaches}")
    assert breaches


def is_something_broken() -> bool:
    """Looked at between two kills, so that the teeth need no more of them than they have to."""
    with looking():
        return any(any(True for _breach in check()) for check in CHECKS)
