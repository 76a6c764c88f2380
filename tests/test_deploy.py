"""What deploy/ ships names commands, settings, figures and hours that exist."""

import configparser
import datetime as dt
import json
import os
import re
import runpy
import shutil
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
from cpd import health, runs, uploads
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
        *re.findall(r'(?:_number|_text)\("([A-Z_]+)"', web),
    }


def test_every_setting_is_explained_twice_and_none_is_made_up() -> None:
    read = settings_read()
    assert len(read) > 20
    assert set(names_in(ROOT / ".env.example")) == read
    table = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(read)
    assert set(names_in(DEPLOY / "compose.env.example")) <= read
    assert set(names_in(DEPLOY / "database.env.example")) == NOT_OURS


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


READ = """
import json, os, runpy
before = dict(os.environ)
conf = runpy.run_path("deploy/gunicorn.conf.py")
changed = {name: value for name, value in os.environ.items() if before.get(name) != value}
print(json.dumps([conf["workers"], conf["bind"], changed]))
"""


def test_the_web_server_reads_its_settings_and_hands_none_of_the_file_on(tmp_path: Path) -> None:
    """Or a reload would bring its processes the values that the file held at the start."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "gunicorn.conf.py", tmp_path / "deploy")
    (tmp_path / ".env").write_text("WEB_WORKERS=3\nWEB_BIND=127.0.0.1:8123\nSMALLEST_GROUP=7\n")
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, other = tmp_path / f"cpd-figures-{ended.pid}-a", tmp_path / f"cpd-figures-{os.getpid()}-b"
    left.mkdir()
    other.mkdir()

    def read(**environment: str) -> Any:
        env = {"PATH": "", "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)} | environment
        command = [sys.executable, "-c", READ]
        return json.loads(subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=True).stdout)

    workers, bind, changed = read()
    assert (workers, bind) == (3, "127.0.0.1:8123")
    assert set(changed) == {"PROMETHEUS_MULTIPROC_DIR"}
    assert (left.exists(), other.exists()) == (False, True)
    assert read(WEB_WORKERS="5", PROMETHEUS_MULTIPROC_DIR="/nowhere") == [5, "127.0.0.1:8123", {}]


def test_a_command_that_hangs_does_not_keep_the_next_from_starting() -> None:
    ended_with = CLOCK["ended_with"]
    assert ended_with([sys.executable, "-c", "raise SystemExit(3)"], 600) == 3
    assert ended_with([sys.executable, "-c", "import time; time.sleep(600)"], 0.1) is None


def test_no_secret_gets_into_an_image_or_the_history() -> None:
    left_out = (ROOT / ".containerignore").read_text()
    assert (ROOT / ".dockerignore").read_text() == left_out
    secrets = {".env", "deploy/compose.env", "deploy/database.env"}
    assert set(left_out.splitlines()) >= secrets | {".git", "var", "build", ".venv"}
    assert set((ROOT / ".gitignore").read_text().splitlines()) >= {f"/{name}" for name in secrets}


def test_the_proxy_lets_what_is_too_large_reach_the_field_it_belongs_to() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text()
    said = (ROOT / "docs" / "operations.md").read_text()
    found = re.search(r"client_max_body_size (\d+)m;", nginx)
    assert found is not None
    assert int(found[1]) << 20 > 4 * uploads.MOST_BYTES
    assert f"`client_max_body_size {found[1]}m`" in said
    [page] = re.findall(r"^ +error_page .+ /(\S+);$", nginx, re.MULTILINE)
    assert f"location = /{page} {{" in nginx
    text = (DEPLOY / page).read_text()
    assert 'lang="ky"' in text
    assert 'lang="ru"' in text
    assert not re.search(r"<script|<style|style=|src=|href=", text)


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
    assert compose["services"].pop("database")["env_file"] == "database.env"  # no key of the site
    assert {service["env_file"] for service in compose["services"].values()} == {"compose.env"}


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
        # A command that never ran has no figure that could grow old.
        [*named] = re.findall(r"unless on\(instance\) cpd_last_run_timestamp_seconds{command=\"(\w+)\"}", rule["expr"])
        [*late] = re.findall(r"- cpd_last_run_timestamp_seconds{command=~?\"([\w|]+)\"}", rule["expr"])
        assert sorted(named) == sorted("|".join(late).split("|") if late else []), rule["alert"]
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
