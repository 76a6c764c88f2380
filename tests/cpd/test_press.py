"""The processes that lay out: one that takes too much costs its own paper and no other, and none reaches anything."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from cpd import press
from cpd.press import Fault, NotLaidOut, Press

PAPER = "<p>Үлгү"
# Markup is laid out; anything else is an expression whose value is the paper.
ACTING = """
import socket, time
_laid_out = laid_out
def laid_out(html, style):
    return _laid_out(html, style) if html.startswith("<") else bytes(eval(html))
"""


@pytest.fixture(autouse=True)
def acting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typesetter that also does what a test tells it, in the place of a renderer that was led astray."""
    program = press.TYPESETTER.read_text(encoding="utf-8")
    start = 'if __name__ == "__main__":'
    assert start in program
    place = tmp_path / "typesetter.py"
    place.write_text(program.replace(start, f"{ACTING}\n{start}"), encoding="utf-8")
    monkeypatch.setattr(press, "TYPESETTER", place)


def refusal(press: Press, html: str, **patience: float) -> NotLaidOut:
    with pytest.raises(NotLaidOut) as refused:
        press.make(html, **patience)
    return refused.value


def wait_until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_paper_that_cannot_be_made_costs_no_other_one() -> None:
    jobs = {
        "too large": "1 << 30",
        "ended": "__import__('os').abort()",
        "nested": "(lambda f: f(f))(lambda f: f(f))",
        "wrong": "1 / 0",
        "good": PAPER,
        "good, too": PAPER,
    }
    with Press(processes=2) as hands:
        made = dict(hands.make_all(jobs.items()))
    faults = {key: answer.fault for key, answer in made.items() if isinstance(answer, NotLaidOut)}
    too_much = dict.fromkeys(("too large", "ended", "nested"), Fault.TOO_MUCH)
    assert faults == too_much | {"wrong": Fault.FAILED}
    assert "ZeroDivisionError" in made["wrong"].why
    assert made["good"][:5] == made["good, too"][:5] == b"%PDF-"


def test_a_paper_that_reckons_too_long_is_ended() -> None:
    with Press(seconds=1, processes=1) as hands:
        assert refusal(hands, "[0 for _ in iter(int, 1)]").fault == Fault.TOO_MUCH
        assert hands.make(PAPER)


def test_a_paper_that_takes_too_long_by_the_clock_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "PULSE", 0.1)
    monkeypatch.setattr(press, "BOOK_PATIENCE", 1)
    pulses = []
    with Press(processes=1) as hands:
        hands.make(PAPER)
        began = time.monotonic()
        [(_key, answer)] = hands.make_all([(1, "time.sleep(600) or b''")], pulse=lambda: pulses.append(1))
        assert isinstance(answer, NotLaidOut)
        assert answer.fault == Fault.TOO_MUCH
        assert time.monotonic() - began < 300
        assert pulses
        wait_until(lambda: not children_of(hands))


def children_of(hands: Press) -> str:
    pid = hands._typesetter.process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


def test_a_paper_knows_no_secret_and_writes_nothing(tmp_path: Path) -> None:
    with Press(processes=1) as hands:
        assert hands.make("open('/proc/self/environ', 'rb').read()") == b""
        assert settings.SECRET_KEY.encode() not in hands.make("open('/proc/self/cmdline', 'rb').read()")
        assert hands.make("[name in sys.modules for name in ('django', 'cpd')]") == b"\0\0"
        # Its own three, and the way back: no file, database or connection of the site was handed on.
        assert int(hands.make("str(len(os.listdir('/proc/self/fd'))).encode()")) <= 6
        assert "File too large" in refusal(hands, f"[open({str(tmp_path / 'x')!r}, 'wb').write(bytes(1 << 20))]").why


def test_a_paper_reaches_nobody() -> None:
    if subprocess.run(["unshare", "--user", "--net", "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("This system lets no process give its network up: unshare --user --net is refused.")
    with Press(processes=1) as hands, socket.create_server(("127.0.0.1", 0)) as listener:
        reached = f"[socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 9)]"
        assert "unreachable" in refusal(hands, reached).why


def test_a_typesetter_that_was_ended_is_replaced() -> None:
    with Press(processes=1) as hands:
        assert hands.make(PAPER)
        hands._typesetter.process.kill()
        hands._typesetter.process.wait()
        assert hands.make(PAPER)


def test_where_none_can_be_started_that_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(1)")
    monkeypatch.setattr(press, "TYPESETTER", broken)
    with Press(processes=1) as hands:
        assert refusal(hands, PAPER).fault == Fault.FAILED


def test_nothing_is_left_of_a_press_that_is_closed() -> None:
    with Press(processes=1) as hands:
        refusal(hands, "time.sleep(600) or b''", patience=0.1)
        first = hands._typesetter.process
    assert first.poll() == -signal.SIGKILL
    assert refusal(hands, PAPER).fault == Fault.FAILED


def test_who_waits_for_a_turn_too_long_is_told_to_come_again() -> None:
    with Press(processes=1) as hands:
        assert hands.make(PAPER)
        one = threading.Thread(target=refusal, args=(hands, "time.sleep(600) or b''"), kwargs={"patience": 3})
        one.start()
        wait_until(lambda: hands._turns._value == 0)
        assert refusal(hands, PAPER, patience=0.1).fault == Fault.BUSY
        one.join()


def test_a_paper_that_is_too_large_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MOST_BYTES", 1000)
    with Press(processes=1) as hands:
        assert refusal(hands, "2000").fault == Fault.TOO_MUCH


def test_processes_of_a_web_server_may_share_one_typesetter() -> None:
    """As those of gunicorn do, which are forked after the site is loaded."""
    with Press(processes=1) as hands:
        assert hands.make(PAPER)
        started = hands._typesetter.process.pid
        if (fork := os.fork()) == 0:
            os._exit(0 if hands.make(PAPER) and hands._typesetter.process.pid == started else 1)
        assert hands.make(PAPER)
        assert os.waitpid(fork, 0)[1] == 0
        assert hands._typesetter.process.pid == started
