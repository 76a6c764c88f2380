"""R5: PostgreSQL is restarted, is away for a while, and loses single connections."""

import time
from collections import Counter

import pytest
from django.db import connection

from tests.drills.machines import Site, database, looking
from tests.drills.people import School, settle
from tests.drills.phone import NoAnswer, Phone
from tests.drills.writers import writing

pytestmark = pytest.mark.usefixtures("only_postgresql")

LOOKS = 60  # requests after each restart
AWAY = 10.0  # seconds
RECOVERS_WITHIN = 2.0
PAGES = ("/", "/plans/", "/records/", "/hours/", "/notices/")


def asked(phone: Phone, times: int = LOOKS) -> Counter[int]:
    """The statuses of so many pages, one after another; 0 where no answer came."""
    found: Counter[int] = Counter()
    for number in range(times):
        try:
            found[phone.ask(PAGES[number % len(PAGES)]).status] += 1
        except NoAnswer:
            found[0] += 1
    return found


def signed_in(site: Site, school: School) -> Phone:
    phone = site.phone().sign_in(school.teachers[0].username)
    assert asked(phone, 20) == {200: 20}  # every process has its connection now
    return phone


def test_a_restart_while_nobody_asks_is_noticed_by_nobody(site, figure):
    school = settle().schools[0]
    site.serve()
    phone = signed_in(site, school)
    connection.close()
    database("restart", "-m", "immediate")
    restarted = asked(phone)
    with looking(), connection.cursor() as cursor:
        cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    ended = asked(phone)
    figure(f"restart while idle: {dict(restarted)} of {LOOKS}; connections ended one by one: {dict(ended)}")
    assert restarted == ended == {200: LOOKS}


def test_under_load_people_read_a_page_while_it_is_away_and_lose_nothing(site, figure):
    place = settle(schools=2, teachers=2)
    site.serve()
    phone = signed_in(site, place.schools[0])
    connection.close()
    with writing(site, place.schools, each=2) as told:
        time.sleep(3)
        database("restart", "-m", "immediate")
        time.sleep(3)
        before_it_went = told.statuses[503]
        database("stop", "-m", "immediate")
        page = phone.ask("/plans/")
        away = asked(phone, 10)
        time.sleep(AWAY)
        database("start", "--wait")
        time.sleep(RECOVERS_WITHIN)
        since = Counter(told.statuses)
        back = asked(phone)
        time.sleep(1)
        later = told.statuses - since
    with looking(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() LIMIT 1")
    one_ended = asked(phone)
    lost, breaches = told.lost(), site.breaches()
    figure(
        f"restart under load: {before_it_went} answers 503; away for {AWAY:.0f} s: {told.statuses[503]} answers 503, "
        f"{told.statuses[500]} of 500; after its return {dict(back)}; {told.acknowledged} acknowledged, "
        f"{len(lost)} lost, {len(breaches)} breaches"
    )
    assert (set(away), page.status) == ({503}, 503)
    assert ("<h1" in page.text, page.is_trace) == (True, False)
    assert back == one_ended == {200: LOOKS}
    assert not [status for status in later if status >= 500]
    assert (told.statuses[500], told.odd, lost, breaches) == (0, [], [], {})
