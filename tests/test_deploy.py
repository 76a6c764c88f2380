"""What deploy/ ships names commands, settings, figures and hours that exist."""

import configparser
import datetime as dt
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from courses import figures as of_courses
from cpd import figures as of_cpd
from cpd import health, runs
from schools import figures as of_schools

ROOT = Path(settings.ROOT)
DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in (DEPLOY / "systemd").rglob("*") if path.is_file())
CLOCK: dict[str, Any] = runpy.run_path(str(DEPLOY / "clock.py"))
NOT_OURS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}  # of PostgreSQL's image


def read_unit(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(path)
    return unit


def names_in(file: Path) -> list[str]:
    return re.findall(r"^([A-Z_]+)=", file.read_text(), re.MULTILINE)


def settings_read() -> set[str]:
    """The name of every setting that a program of ours takes from the environment."""
    here = (ROOT / "cpd" / "settings.py").read_text()
    web = (DEPLOY / "gunicorn.conf.py").read_text()
    return {
        *re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', here),
        *re.findall(r'(?:_number\(|environ\.get\()"([A-Z_]+)"', web),
    }


def test_every_setting_is_explained_twice_and_none_is_made_up() -> None:
    read = settings_read()
    assert len(read) > 20
    assert set(names_in(ROOT / ".env.example")) == read
    table = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(read)
    assert set(names_in(DEPLOY / "compose.env.example")) <= read | NOT_OURS


def test_every_unit_starts_something_that_exists() -> None:
    started = []
    for path in UNITS:
        for line in re.findall(r"^ExecStart=(.+)$", path.read_text(), re.MULTILINE):
            program, *arguments = line.split()
            if program == "/usr/bin/logger":
                continue
            assert program.startswith("/srv/cpd/current/.venv/bin/")
            if program.endswith("/python"):
                assert arguments[0] == "manage.py"
                assert arguments[1] in get_commands(), path
                started.append(arguments[1])
            else:
                assert (ROOT / arguments[arguments.index("-c") + 1]).is_file()
    assert sorted(started) == sorted([*runs.COMMANDS, "work"])


def test_every_unit_is_shut_in_and_tells_of_its_failure() -> None:
    common = read_unit(DEPLOY / "systemd" / "cpd-.service.d" / "common.conf")
    assert common["Service"]["NoNewPrivileges"] == "yes"
    assert common["Service"]["ProtectSystem"] == "strict"
    assert {"user", "net"} <= set(common["Service"]["RestrictNamespaces"].split())  # papers are laid out in them
    told = common["Unit"]["OnFailure"].replace("%n", "")
    assert (DEPLOY / "systemd" / told).is_file()
    assert not told.startswith("cpd-")  # or its own failure would start it again
    for path in UNITS:
        if path.suffix == ".service" and path.name != told:
            assert path.name.startswith("cpd-")
            assert read_unit(path)["Service"]["User"] == "cpd"


def timers() -> Iterator[tuple[str, str]]:
    for path in UNITS:
        if path.suffix == ".timer":
            command = read_unit(path.with_suffix(".service"))["Service"]["ExecStart"].split()[-1]
            yield command, read_unit(path)["Timer"]["OnCalendar"]


def test_the_clock_of_containers_has_the_hours_of_the_timers() -> None:
    hours = {}
    for job in CLOCK["JOBS"]:
        day = "*-*-*" if job.day is None else f"*-*-{job.day:02}"
        weekday = "Sun " if job.weekday == CLOCK["SUNDAY"] else ""
        hours[job.command] = f"{weekday}{day} {job.hour:02}:{job.minute:02} Asia/Bishkek"
    assert hours == dict(timers())
    assert set(hours) == set(runs.COMMANDS)


@pytest.mark.parametrize(
    ("command", "now", "expected"),
    [
        ("backup", "2026-11-22 01:59", "2026-11-22 02:00"),
        ("backup", "2026-11-22 02:00", "2026-11-23 02:00"),
        ("tidy", "2026-11-22 04:00", "2026-11-29 04:00"),
        ("anonymise", "2026-12-01 04:31", "2027-01-01 04:30"),
    ],
)
def test_a_command_is_started_at_its_next_hour(command: str, now: str, expected: str) -> None:
    [job] = [job for job in CLOCK["JOBS"] if job.command == command]
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=CLOCK["BISHKEK"])
    assert job.next_after(moment).strftime("%Y-%m-%d %H:%M") == expected


def test_nobody_waits_longer_than_the_web_server_and_the_proxy_wait_longer() -> None:
    conf = subprocess.run(
        [
            sys.executable,
            "-c",
            "import gunicorn.app.wsgiapp as w; w.run()",
            "--print-config",
            "-c",
            "gunicorn.conf.py",
        ],
        cwd=DEPLOY,
        env={"WEB_WORKERS": "3", "PROMETHEUS_MULTIPROC_DIR": "/nowhere", "PATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert re.search(r"^workers += 3$", conf, re.MULTILINE)
    found = re.search(r"^timeout += (\d+)$", conf, re.MULTILINE)
    assert found is not None
    timeout = int(found[1])
    assert settings.STATEMENT_SECONDS < timeout <= 30
    nginx = (DEPLOY / "nginx.conf").read_text()
    waits = re.search(r"proxy_read_timeout (\d+)s", nginx)
    assert waits is not None
    assert int(waits[1]) > timeout


def test_the_proxy_says_what_the_site_trusts() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    for header, value in {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "$remote_addr",  # nothing of what the phone says
        "X-Request-Id": "$request_id",
    }.items():
        assert f"proxy_set_header {header} {value};" in nginx
    assert all(address.startswith(("/health/", "/metrics")) for address in health.FOR_MACHINES)
    assert "location ~ ^/(metrics|health/)" in nginx


def test_containers_run_without_privileges_and_name_no_registry() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    assert "://" not in text
    assert re.search(r"^USER cpd$", text, re.MULTILINE)
    assert re.findall(r"^FROM (.+)$", text, re.MULTILINE) == ["debian:12-slim"]
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert set(compose["services"]) == {"database", "prepare", "web", "worker", "scheduler"}
    for name, service in compose["services"].items():
        assert "/" not in service["image"]
        if name != "database":
            assert service["user"] == "cpd"
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
    scripts = re.findall(r"\.venv/bin/python\S*?,? \"?(?:manage\.py\"?,? \"?(\w+)|deploy/(\w+\.py))", str(compose))
    for command, script in scripts:
        assert not command or command in get_commands()
        assert not script or (DEPLOY / script).is_file()
    assert "manage.py migrate" in str(compose["services"]["prepare"]["command"])


@pytest.mark.django_db
def test_every_figure_an_alert_asks_for_is_told() -> None:
    runs.ended_well("backup")
    told = {figure.name for module in (of_cpd, of_schools, of_courses) for figure in module.figures()}
    told |= {"up", "cpd_database_up", "cpd_database_errors_total", "cpd_requests_total", "cpd_request_seconds_bucket"}
    alerts = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    assert len(rules) == 10
    for rule in rules:
        asked = set(re.findall(r"\b(cpd_\w+|up)\b", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= told, rule["alert"]
    explained = (ROOT / "docs" / "operations.md").read_text()
    assert not [name for name in told - {"up", "cpd_request_seconds_bucket"} if f"`{name}`" not in explained]


def test_packages_are_pinned_by_hash_and_none_is_older_than_its_mended_version() -> None:
    """Trust, T46: what ``make audit`` says of newer holes needs the network."""
    lock = (ROOT / "requirements.lock").read_text()
    line = r"^([a-z0-9-]+)(?:\[[^]]+\])?==([^\s;]+)(?: ;[^\\\n]+)? \\\n    --hash=sha256:"
    pinned = dict(re.findall(line, lock, re.MULTILINE))
    assert len(pinned) == len(re.findall(r"^[a-z]", lock, re.MULTILINE)) > 30
    for package, least in {"django": (5, 2, 19), "weasyprint": (70, 0), "pillow": (12, 3)}.items():
        assert tuple(map(int, pinned[package].split("."))) >= least
