"""The processes that render: one that takes too much costs its own paper and no other."""

import socket
import subprocess

import pytest
from django.conf import settings

from courses.books import press
from courses.books.press import Job, NotMade, Press
from cpd.pdf import pdf_of


def test_a_paper_that_cannot_be_made_costs_no_other_one() -> None:
    jobs = [
        Job("too large", eval, ("bytes(1 << 30)",)),
        Job("ended", eval, ("__import__('os').abort()",)),
        Job("wrong", eval, ("1 / 0",)),
        Job("good", pdf_of, ("<p>Үлгү",)),
        Job("good, too", pdf_of, ("<p>Өрнөк",)),
    ]
    with Press(processes=2) as hands:
        made = {job.key: answer for job, answer in hands.make(jobs)}
        assert not hands.busy
    assert {key for key, answer in made.items() if isinstance(answer, NotMade)} == {"too large", "ended", "wrong"}
    assert made["good"][:5] == made["good, too"][:5] == b"%PDF-"
    assert "MemoryError" in made["too large"].why
    assert "ZeroDivisionError" in made["wrong"].why


def test_a_paper_that_takes_too_long_by_the_clock_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "PATIENCE", 1)
    monkeypatch.setattr(press, "PULSE", 0.2)
    pulses = []
    with Press(processes=1) as hands:
        [(_job, answer)] = hands.make(
            [Job("waits", eval, ("__import__('time').sleep(60)",))], pulse=lambda: pulses.append(1)
        )
    assert isinstance(answer, NotMade)
    assert pulses


def test_a_process_of_the_press_knows_no_secret_and_reaches_nobody() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    connect = f"__import__('socket').create_connection(('127.0.0.1', {listener.getsockname()[1]}), 2)"
    jobs = [
        Job("environment", eval, ("dict(__import__('os').environ)",)),
        Job("key", eval, ("__import__('django.conf').conf.settings.SECRET_KEY",)),
        Job("database", eval, ("__import__('django.conf').conf.settings.DATABASES['default']['NAME']",)),
        Job("network", eval, (connect,)),
    ]
    with Press(processes=1) as hands, listener:
        made = {job.key: answer for job, answer in hands.make(jobs)}
    bare = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL", "FILES_URL", "TZ"}  # Django sets the last one
    assert set(made["environment"]) == bare
    assert settings.SECRET_KEY not in {made["key"], made["environment"]["SECRET_KEY"]}
    assert made["database"] != settings.DATABASES["default"]["NAME"]
    if subprocess.run(["unshare", "--user", "--net", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody give up the network")
    assert isinstance(made["network"], NotMade)


def test_a_process_makes_so_many_papers_and_a_fresh_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "PAPERS", 2)
    with Press(processes=1) as hands:
        made = [answer for _job, answer in hands.make(Job(n, eval, ("__import__('os').getpid()",)) for n in range(5))]
    assert made[0] == made[1] != made[2] == made[3] != made[4]


def test_a_paper_that_reckons_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "SECONDS", 1)
    jobs = [Job("spins", exec, ("while True: pass",)), Job("next", eval, ("2 + 2",))]
    with Press(processes=1) as hands:
        [(_spins, ended), (_next, answer)] = hands.make(jobs)
    assert isinstance(ended, NotMade)
    assert answer == 4
