"""R6: the network to the database, or to a phone, is bad. Who asks gets an end in time, and the others are served."""

import re
import socket
import threading
import time

import pytest
from django.conf import settings

from tests.drills.machines import Site
from tests.drills.people import settle
from tests.drills.phone import Answer, NoAnswer, Phone
from tests.drills.proxy import Proxy, Trouble

LONGEST = 30.0  # seconds; trust R6
SLACK = 10.0  # of a machine that is busy, and of the master that looks once a second
DRIPS = 1.0  # seconds between two bytes of a slow phone


@pytest.fixture
def far(site: Site, only_postgresql: None):
    """The site with a proxy between it and its database."""
    proxy = Proxy(to=int(settings.DATABASES["default"]["PORT"]))
    site.environment["DATABASE_URL"] = re.sub(r":\d+/", f":{proxy.port}/", site.environment["DATABASE_URL"])
    yield proxy
    site.kill()
    proxy.close()


def timed(phone: Phone, path: str = "/plans/") -> tuple[int, float]:
    """The status, 0 where the connection ended without one, and the seconds it took."""
    began = time.monotonic()
    try:
        answer: Answer | None = phone.ask(path)
    except NoAnswer:
        answer = None
    assert answer is None or not answer.is_trace
    return (answer.status if answer else 0), time.monotonic() - began


def test_a_bad_network_to_the_database_ends_in_a_page_or_a_sentence(site, far, figure):
    school = settle().schools[0]
    site.serve()
    phone = site.phone(seconds=LONGEST + SLACK + 5).sign_in(school.teachers[0].username)
    told = []
    for name, trouble in {
        "300 ms latency": Trouble(seconds=0.15),
        "10 KB/s": Trouble(bytes_a_second=10_000),
        "sliced": Trouble(slice=50),
    }.items():
        far.trouble = trouble
        status, seconds = timed(phone)
        told.append(f"{name} {status} in {seconds:.1f} s")
        assert status in (200, 503)
        assert seconds < LONGEST + SLACK
    far.trouble = Trouble(resets=0.1)
    torn = [timed(phone)[0] for _ in range(20)]
    far.trouble = Trouble()
    far.tear_all()
    after = [timed(phone)[0] for _ in range(20)]
    told.append(f"torn connections {sorted(set(torn))}, afterwards {sorted(set(after))}")
    far.trouble = Trouble(swallows=True)
    status, seconds = timed(phone)
    told.append(f"silent {status} in {seconds:.1f} s")
    assert seconds < LONGEST + SLACK
    far.trouble = Trouble()
    far.tear_all()
    time.sleep(2)
    again = [timed(phone)[0] for _ in range(20)]
    told.append(f"afterwards {sorted(set(again))}")
    figure("; ".join(told))
    assert set(torn) <= {200, 503}
    assert far.torn
    assert set(after) == set(again) == {200}


def test_slow_phones_are_ended_in_time_and_others_are_served(site, figure):
    """One process fewer than there are is held by phones that send a letter a second; nginx would hold them back."""
    school = settle().schools[0]
    site.environment["WEB_WORKERS"] = "3"
    site.serve("cpd.wsgi", "--workers", "3")
    phone = site.phone().sign_in(school.teachers[0].username)
    held: list[float] = []
    head = f"POST /records/new/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n".encode()
    upload = head + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n--x\r\n"
    slow = [threading.Thread(target=_drip, args=(site.port, start, held)) for start in (head, upload)]
    for one in slow:
        one.start()
    time.sleep(1)
    answers = []
    while any(one.is_alive() for one in slow) and len(answers) < 200:
        answers.append(timed(phone))
        time.sleep(0.2)
    for one in slow:
        one.join()
    slowest = max(seconds for _status, seconds in answers)
    figure(
        f"2 slow phones on 3 processes ended after {max(held):.0f} s; meanwhile {len(answers)} pages for others, "
        f"{sum(status != 200 for status, _seconds in answers)} not served, the slowest {slowest:.1f} s"
    )
    assert max(held) < LONGEST + SLACK
    assert {status for status, _seconds in answers} == {200}


def _drip(port: int, start: bytes, held: list[float]) -> None:
    """Send a beginning, then a letter now and then, until the server has enough of it."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as phone:
        phone.settimeout(DRIPS)
        try:
            phone.sendall(start)
            while time.monotonic() - began < 2 * LONGEST:
                try:
                    if not phone.recv(1024):
                        break
                except TimeoutError:
                    phone.sendall(b"x")
        except OSError:
            pass  # torn by the server: that is an end too
    held.append(time.monotonic() - began)
