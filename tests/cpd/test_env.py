"""What the environment must say, and that the database is opened as promised."""

import os
import re
import runpy
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from cpd.env import BadSetting
from tests.conftest import OPENED_AS_SHIPPED

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "only-for-this-test-only-for-this-test-only-for",
    "SITE_URL": "https://cpd.example.kg",
    "DATABASE_URL": "postgres://site:hunter2@db.example.kg:5432/cpd",
    "FILES_URL": "s3://key:hunter2@files.example.kg/certificates?region=kg-1",
    "INVITATION_DAYS": "14",
    "SECOND_FACTOR_ROLES": "administrator",
    "EMAIL_URL": "smtps://site:hunter2@mail.example.kg",
    "MAIL_FROM": "cpd@cpd.example.kg",
    "NOTICE_DAYS_BEFORE_DUE": "365,182",
    "SMALLEST_GROUP": "5",
    "DEBUG": "no",
    "HSTS_WHOLE_DOMAIN": "no",
    "BEHIND_PROXY": "no",
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "json",
    "METRICS_TOKEN": "hunter2",
    "SECRET_KEY_FALLBACKS": "former-only-for-this-test-only-for-this-test former-again-only-for-this-test-only-for-t",
    "STATEMENT_SECONDS": "20",
    "BACKUP_FOLDER": "/var/backups/cpd",
    "BACKUPS_KEPT": "14",
}
BAD = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "   "),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY_FALLBACKS", "former-only-for-this-test-only-for-this-test hunter2"),
    ("STATEMENT_SECONDS", "26"),
    ("BACKUPS_KEPT", "0"),
    ("LOG_FORMAT", "xml"),
    ("INVITATION_DAYS", "0"),
    ("INVITATION_DAYS", "366"),
    ("INVITATION_DAYS", "thirty"),
    ("DATABASE_URL", "mysql://site:hunter2@db.example.kg/cpd"),
    ("DATABASE_URL", "hunter2"),
    ("DATABASE_URL", "sqlite://file.sqlite3"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:////dev/null/hunter2/file.sqlite3"),
    ("DATABASE_URL", "postgres://site:hunter2@db.example.kg:port/cpd"),
    ("DATABASE_URL", "postgres://site:hunter2@db.example.kg"),
    ("FILES_URL", "hunter2"),
    ("FILES_URL", "/var/files"),
    ("FILES_URL", "file:///"),
    ("FILES_URL", "file://hunter2/var/files"),
    ("FILES_URL", "file:///dev/null/hunter2"),
    ("FILES_URL", f"file://{ROOT}/static/hunter2"),
    ("FILES_URL", f"file://{ROOT}/var/static/../static/hunter2"),
    ("FILES_URL", "ftp://key:hunter2@files.example.kg/certificates"),
    ("FILES_URL", "s3://files.example.kg/hunter2"),
    ("FILES_URL", "s3://key@files.example.kg/hunter2"),
    ("FILES_URL", "s3://key:hunter2@files.example.kg"),
    ("FILES_URL", "s3://key:hunter2@files.example.kg/a/b"),
    ("FILES_URL", "s3://key:hunter2@files.example.kg:port/certificates"),
    ("FILES_URL", "s3://key:hunter2@[files/certificates"),
    ("FILES_URL", "s3://key:hunter2@files.example.kg/certificates?region"),
    ("FILES_URL", "s3://key:hunter2@files.example.kg/certificates?acl=public-read"),
    ("FILES_URL", "s3://key:hunter2@files.example.kg/certificates?insecure=maybe"),
    ("EMAIL_URL", "hunter2"),
    ("EMAIL_URL", "smtp://site:hunter2@"),
    ("EMAIL_URL", "smtp://site:hunter2@mail.example.kg:port"),
    ("EMAIL_URL", "smtp://site:hunter2@mail.example.kg/inbox"),
    ("EMAIL_URL", "smtp://site:hunter2@mail.example.kg?tls=no"),
    ("EMAIL_URL", "smtp://site:hunter2@mail.example.kg?insecure=maybe"),
    ("EMAIL_URL", "smtps://site:hunter2@mail.example.kg?insecure=yes"),
    ("EMAIL_URL", "imap://site:hunter2@mail.example.kg"),
    ("SMALLEST_GROUP", "0"),
    ("SMALLEST_GROUP", "three"),
    ("NOTICE_DAYS_BEFORE_DUE", "a year"),
    ("NOTICE_DAYS_BEFORE_DUE", "365,-60"),
    ("NOTICE_DAYS_BEFORE_DUE", "0"),
    ("NOTICE_DAYS_BEFORE_DUE", "9999"),
    ("SITE_URL", "cpd.example.kg"),
    ("SITE_URL", "ftp://cpd.example.kg"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://cpd.example.kg/site"),
    ("SITE_URL", "https://cpd.example.kg?a=1"),
    ("SITE_URL", "https://cpd.example.kg:port"),
    ("SITE_URL", "https://[cpd"),
    ("DEBUG", "1"),
    ("DEBUG", "true"),
    ("HSTS_WHOLE_DOMAIN", "maybe"),
    ("BEHIND_PROXY", "maybe"),
    ("LOG_LEVEL", "LOUD"),
]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python process that knows only this environment: an empty value hides the one of a local ``.env``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def read_settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, object]:
    for name, value in (GOOD | environment).items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "cpd" / "settings.py"))


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_setting_is_refused_by_name(name, value, monkeypatch):
    with pytest.raises(BadSetting) as refusal:
        read_settings(monkeypatch, **{name: value})
    sentence = str(refusal.value)
    assert sentence.startswith(f"The setting {name} ")
    assert sentence.endswith(".")
    assert "hunter2" not in sentence, "a password must not be repeated"
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None, "nor in what led to it"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("DATABASE_URL", "postgres://site:hunter2@db.example.kg:port/cpd"),
        ("SITE_URL", "cpd.example.kg"),
        ("DEBUG", "1"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_sentence(name, value):
    done = run("manage.py", "check", **GOOD | {name: value})
    assert done.returncode == 1
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(f"The setting {name} ")
    assert "hunter2" not in sentence


def test_the_web_server_stops_with_the_same_sentence():
    done = run("-c", "import cpd.wsgi", **GOOD | {"SECRET_KEY": ""})
    assert done.returncode == 1
    assert done.stderr == "The setting SECRET_KEY is missing: see .env.example.\n"


def test_good_settings_start():
    done = run("manage.py", "check", **GOOD)
    assert done.returncode == 0, done.stderr


def test_an_empty_value_means_the_default(monkeypatch):
    """As in .env.example, where only SECRET_KEY has to be filled in."""
    found = read_settings(monkeypatch, **dict.fromkeys(GOOD, "") | {"SECRET_KEY": GOOD["SECRET_KEY"]})
    assert found["SITE_URL"] == "http://127.0.0.1:8000"
    assert found["DEBUG"] is False
    assert found["DATABASES"]["default"]["NAME"] == str(ROOT / "var" / "cpd.sqlite3")


@pytest.mark.parametrize(
    ("value", "host", "port", "tls", "ssl", "password"),
    [
        ("smtp://site:hunt%40er@mail.example.kg", "mail.example.kg", 587, True, False, "hunt@er"),
        ("smtps://site:hunter2@mail.example.kg:4465", "mail.example.kg", 4465, False, True, "hunter2"),
        ("smtp://127.0.0.1:25?insecure=yes", "127.0.0.1", 25, False, False, ""),
    ],
)
def test_e_mail_goes_by_the_server_that_is_named(value, host, port, tls, ssl, password, monkeypatch):
    found = read_settings(monkeypatch, EMAIL_URL=value)
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_HOST_PASSWORD", "SENDS_MAIL")
    assert [found[name] for name in names] == [host, port, tls, ssl, password, True]
    assert found["DEFAULT_FROM_EMAIL"] == "cpd@cpd.example.kg"


def test_without_a_server_no_e_mail_is_sent(monkeypatch):
    found = read_settings(monkeypatch, EMAIL_URL="", MAIL_FROM="", NOTICE_DAYS_BEFORE_DUE="300, 30")
    assert found["DEFAULT_FROM_EMAIL"] == "no-reply@cpd.example.kg"
    assert found["SENDS_MAIL"] is False
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"
    assert found["NOTICE_DAYS_BEFORE_DUE"] == (300, 30)


def test_a_key_that_begins_with_a_dollar_is_a_key(monkeypatch):
    key = "$" + GOOD["SECRET_KEY"]
    assert read_settings(monkeypatch, SECRET_KEY=key)["SECRET_KEY"] == key


def test_a_password_may_hold_any_sign(monkeypatch):
    found = read_settings(
        monkeypatch,
        DATABASE_URL="postgres://site:p%40ss%2Fw%23rd@db.example.kg:5433/cpd",
    )
    entry = found["DATABASES"]["default"]
    assert (
        entry["USER"],
        entry["PASSWORD"],
        entry["HOST"],
        entry["PORT"],
        entry["NAME"],
    ) == (
        "site",
        "p@ss/w#rd",
        "db.example.kg",
        5433,
        "cpd",
    )


def test_files_lie_in_a_folder_of_their_own_unless_said_otherwise(monkeypatch, tmp_path):
    def store(value: str) -> dict[str, object]:
        return read_settings(monkeypatch, FILES_URL=value)["STORAGES"]["default"]

    assert store("") == {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": ROOT / "var" / "files"}}
    assert store(f"file://{tmp_path}/%D0%9A%20a")["OPTIONS"] == {"location": tmp_path / "К a"}
    assert stat.S_IMODE((tmp_path / "К a").stat().st_mode) == 0o700
    assert store("s3://k%40y:p%2Fw%3Ard@127.0.0.1:9000/scans/?insecure=yes&region=kg-1") == {
        "BACKEND": "cpd.bucket.BucketStore",
        "OPTIONS": {
            "access_key": "k@y",
            "secret_key": "p/w:rd",
            "endpoint_url": "http://127.0.0.1:9000",
            "region_name": "kg-1",
            "bucket": "scans",
        },
    }
    assert store(GOOD["FILES_URL"])["OPTIONS"]["endpoint_url"] == "https://files.example.kg"


def test_https_makes_cookies_secure_and_plain_http_does_not(monkeypatch):
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "LANGUAGE_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
    )
    found = read_settings(monkeypatch)
    assert [found[name] for name in names] == [True] * 4
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    found = read_settings(monkeypatch, SITE_URL="http://127.0.0.1:8000")
    assert [found[name] for name in names] == [False] * 4
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_only_the_one_address_is_served(monkeypatch):
    found = read_settings(monkeypatch, SITE_URL="https://cpd.example.kg/")
    assert found["ALLOWED_HOSTS"] == ["cpd.example.kg"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://cpd.example.kg"]


def test_the_example_file_lists_every_setting_that_is_read():
    read = set(re.findall(r'env\.\w+\("([A-Z_]+)"', (ROOT / "cpd" / "settings.py").read_text()))
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == set(GOOD)
    assert listed - read == {"WEB_WORKERS", "WEB_BIND"}  # of deploy/gunicorn.conf.py: tests/test_deploy.py
    assert read <= listed


@pytest.mark.django_db
def test_the_database_is_opened_as_promised():
    """Trust, R10: WAL, FULL, IMMEDIATE, a timeout and foreign keys on SQLite; living connections on PostgreSQL."""
    assert settings.DATABASES["default"].get("ATOMIC_REQUESTS", False) is False
    if connection.vendor == "postgresql":
        assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True
        return
    assert connection.settings_dict["OPTIONS"]["timeout"] >= 20
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as opened:
        opened.executescript(OPENED_AS_SHIPPED)
        names = ("journal_mode", "synchronous", "foreign_keys")
        found = [opened.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert found == ["wal", 2, 1]
    assert connection.transaction_mode == "IMMEDIATE"
    file = Path(connection.settings_dict["NAME"])
    assert file.is_file(), "threads of a test share the file"
    assert file.name.endswith(os.environ.get("PYTEST_XDIST_WORKER", "")), "workers do not"
