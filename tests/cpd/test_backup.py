"""The drill: a backup that was never restored is none (trust, T45, R8).

Every test has a database of its own beside the test database and works on it as the commands do, with transactions
that are committed. All run on both engines; where an engine needs other words, the test says so.
"""

import hashlib
import shutil
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from courses.files import keep_upload
from courses.invariants import CHECKS as OF_COURSES
from courses.invariants import files_are_whole
from courses.models import CertificateFile
from cpd import backups
from cpd.models import ReceivedForm
from cpd.once import new_token
from cpd.storage import file_store
from schools.approval import perform
from schools.choices import Action, State
from schools.invariants import CHECKS
from schools.models import Decision, Document, Person, User
from tests import factories, uploads
from tests.conftest import Cast, make_cast
from tests.factories import PASSWORD, fresh

pytestmark = pytest.mark.django_db(transaction=True)
NEWER = ("schools", "9999_of_tomorrow")


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def on_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def use(name: str) -> None:
    """From now on this is the program's database, for new threads too."""
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the test database: every table, nobody in them, and none of the files that lie on this machine."""
    file = tmp_path_factory.mktemp("backup") / "tables"
    no_files = {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": file.with_name("files")}}
    with django_db_blocker.unblock(), override_settings(STORAGES=settings.STORAGES | {"default": no_files}):
        call_command("backup", file, stdout=StringIO())
        connection.close()
    return file


@pytest.fixture
def nothing(tables: Path, django_db_blocker: Any, tmp_path: Path) -> Iterator[None]:
    """A database of this test's own, without a single table."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        name = str(tmp_path / "site.sqlite3") if is_sqlite() else f"{before}_drill"
        if not is_sqlite():
            on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            on_server(f'CREATE DATABASE "{name}" TEMPLATE template0')
        use(name)
        try:
            yield
        finally:
            use(before)
            if not is_sqlite():
                on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.close()


@pytest.fixture
def site(nothing: None, tables: Path) -> Cast:
    """The cast with an approved, a returned and an unfinished paper, somebody signed in, and a form received."""
    call_command("restore", tables, stdout=StringIO())
    cast = make_cast()
    factories.approved(cast.plan, by=cast.deputy)
    factories.approved(factories.annual_plan(cast.peer))
    factories.returned(factories.annual_plan(cast.colleague))
    factories.amended(factories.individual_plan(cast.head))
    assert cast.annual_plan.state == State.DRAFT
    assert lets_in(sign_in())
    ReceivedForm.objects.create(token=new_token(), user=cast.teacher, location="/")
    return cast


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copy.backup"


def backup(file: Path) -> str:
    out = StringIO()
    call_command("backup", file, stdout=out)
    return out.getvalue()


def restore(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("restore", file, *options, stdout=out)
    return out.getvalue()


def sign_in(login: str = "teacher") -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    return client


def lets_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        keys = connection.introspection.get_primary_key_columns(cursor, table)
        order = ", ".join(connection.ops.quote_name(key) for key in keys)
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY {order}")  # noqa: S608
        return cursor.fetchall()


def checksums() -> dict[str, str]:
    """Of every table, whoever made it, in the order of its primary key."""
    tables = connection.introspection.table_names()
    return {table: hashlib.sha256(repr(rows(table)).encode()).hexdigest() for table in tables}


def breaches() -> list[str]:
    return [breach for check in (*CHECKS, *OF_COURSES) for breach in check()]


def spoil_everything(cast: Cast) -> None:
    """Rows changed, added and deleted, in tables and in what stands behind them."""
    perform(cast.plan, Action.AMEND, by=cast.teacher, seen=fresh(cast.plan).revision)
    factories.submitted(cast.annual_plan)
    Person.objects.update(given_name="Башка")
    factories.PersonFactory()
    execute("UPDATE schools_decision SET by_name = 'Башка киши'")
    execute("DELETE FROM cpd_receivedform")
    execute("DELETE FROM django_session")
    execute("CREATE TABLE tomorrow (id integer PRIMARY KEY, person bigint REFERENCES schools_person (id))")
    execute("INSERT INTO tomorrow SELECT 1, id FROM schools_person LIMIT 1")


# The drill ---------------------------------------------------------------------------------------------------------


def test_what_was_backed_up_comes_back_table_by_table(site, file):
    before = checksums()
    assert backup(file).startswith(f"{file}: ")
    spoil_everything(site)
    spoiled = checksums()
    assert sum(before.get(table) != checksum for table, checksum in spoiled.items()) > 5
    said = restore(file, "--replace")
    assert checksums() == before
    assert breaches() == []
    assert "decisions_form_a_chain: holds" in said
    assert "migrate" not in said


def test_after_a_restore_the_work_goes_on(site, file):
    """Old passwords open, open sessions stay open, and new rows get numbers that nobody has."""
    open_before = sign_in("director")
    backup(file)
    spoil_everything(site)
    restore(file, "--replace")
    assert lets_in(sign_in())
    assert lets_in(open_before)
    assert factories.submitted(fresh(site.annual_plan)).state == State.SUBMITTED
    assert factories.approved(factories.annual_plan(site.stranger)).state == State.APPROVED
    assert breaches() == []


def test_a_new_machine_gets_everything_without_being_asked_to_replace(site, file, nothing, tmp_path):
    before = checksums()
    backup(file)
    if is_sqlite():
        use(str(tmp_path / "new-machine.sqlite3"))
    else:
        execute("DROP SCHEMA public CASCADE")
        execute("CREATE SCHEMA public")
    assert connection.introspection.table_names() == []
    restore(file)
    assert checksums() == before


def test_connections_that_were_open_see_what_was_restored(site, file):
    """The server need not be told: its threads keep their connections."""
    backup(file)
    seen: list[int] = []
    restored, opened = threading.Event(), threading.Event()

    def keep_open() -> None:
        try:
            seen.append(Person.objects.filter(given_name="Башка").count())
            opened.set()
            restored.wait(30)
            seen.append(Person.objects.filter(given_name="Башка").count())
        finally:
            connection.close()

    Person.objects.update(given_name="Башка")
    with running(keep_open):
        opened.wait(30)
        restore(file, "--replace")
        restored.set()
    assert seen == [len(site.people) - 1, 0]


# Files -------------------------------------------------------------------------------------------------------------


def upload(by: User, build: Callable[[], bytes] = uploads.pdf) -> CertificateFile:
    return keep_upload(SimpleUploadedFile("кат.pdf", build()), by=by)


def stored() -> dict[str, bytes]:
    found = {}
    for name, _written_at in file_store().everything():
        with file_store().open(name) as content:
            found[name] = content.read()
    return found


def test_files_come_back_byte_for_byte_and_newer_ones_go(site, file):
    kept, lost = upload(site.teacher), upload(site.peer, uploads.jpeg)
    before = stored()
    assert len(before) == 3, "a PDF with its picture, and a photo"
    backup(file)
    file_store().delete(lost.stored_as)
    file_store().save(kept.stored_as, ContentFile(b"spoiled"))
    upload(site.colleague)
    assert "with its files" in restore(file, "--replace")
    assert stored() == before
    assert breaches() == []


def test_a_new_machine_gets_the_files_too(site, file, settings, tmp_path):
    upload(site.teacher)
    before = stored()
    backup(file)
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": tmp_path / "new-machine"}}
    }
    assert stored() == {}
    restore(file, "--replace")
    assert stored() == before
    assert breaches() == []


def test_a_file_that_comes_while_the_backup_is_written_is_in_it(site, file, monkeypatch):
    """After the files were copied, and before the database is: the copied rows name it."""
    save = backups._save_sqlite if is_sqlite() else backups._save_postgresql
    late: list[CertificateFile] = []

    def upload_and_save(part: Path) -> None:
        late.append(upload(site.teacher))
        save(part)

    monkeypatch.setattr(backups, save.__name__, upload_and_save)
    backup(file)
    before = stored()
    file_store().delete(late[0].stored_as)
    restore(file, "--replace")
    assert stored() == before
    assert list(files_are_whole()) == []


def test_half_written_files_are_not_backed_up(site, file):
    file_store().save("ab/xyz.part", ContentFile(b"half"))
    backup(file)
    restore(file, "--replace")
    assert stored() == {}


def test_a_backup_whose_files_are_spoiled_is_refused(site, file):
    upload(site.teacher, uploads.jpeg)
    backup(file)
    whole = file.read_bytes()
    place = whole.index(b"\xff\xd8\xff") + 200
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    before = stored()
    with refused(r"is damaged: files/.*\.jpg is not what was written"):
        restore(file, "--replace")
    assert stored() == before


def test_where_the_files_cannot_be_written_nothing_is_changed(site, file, settings, tmp_path):
    upload(site.teacher)
    backup(file)
    (tmp_path / "no-folder").write_text("")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "cpd.storage.FolderStore", "OPTIONS": {"location": tmp_path / "no-folder" / "files"}}
    }
    Person.objects.update(given_name="Башка")
    with refused("Nothing was changed, the files cannot be written: Not a directory"):
        restore(file, "--replace")


def test_a_backup_of_before_there_were_files_leaves_them_alone(site, file):
    upload(site.teacher)
    before = stored()
    save = backups._save_sqlite if is_sqlite() else backups._save_postgresql
    save(file)
    assert "files are not part of it" in restore(file, "--replace")
    assert stored() == before


# While others write -------------------------------------------------------------------------------------------------


@contextmanager
def running(work: Callable[[], None]) -> Iterator[None]:
    """``work`` in a thread of its own; what goes wrong there goes wrong here."""
    mistakes: list[BaseException] = []

    def carefully() -> None:
        try:
            work()
        except BaseException as mistake:
            mistakes.append(mistake)

    thread = threading.Thread(target=carefully)
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
    assert not thread.is_alive()
    assert mistakes == []


def test_a_copy_taken_while_others_write_is_whole(site, tmp_path):
    """A paper walks through all its moves again and again; each of three copies has whole moves only."""
    done, written = threading.Event(), threading.Semaphore(0)
    copies = [tmp_path / f"copy-{number}" for number in range(3)]
    plan = site.annual_plan

    def keep_writing() -> None:
        try:
            for move in cycle((factories.submitted, factories.returned)):
                if done.is_set():
                    return
                move(fresh(plan))
                written.release()
        finally:
            connection.close()

    moves = []
    with running(keep_writing):
        for copy in copies:
            assert written.acquire(timeout=30)
            backup(copy)
            moves.append(Decision.objects.count())
            while written.acquire(blocking=False):
                pass  # moves made before the count are no sign that it goes on
            assert written.acquire(timeout=30), "and the writer goes on"
        done.set()
    assert moves == sorted(set(moves)), "it wrote between the copies"
    found = []
    for copy in copies:
        restore(copy, "--replace")
        assert breaches() == []
        found.append(Decision.objects.count())
    assert found == sorted(set(found))
    assert all(here <= there for here, there in zip(found, moves, strict=True))


def test_a_move_that_is_half_done_keeps_no_backup_waiting_and_is_not_in_it(site, file):
    half_done, copied = threading.Event(), threading.Event()

    def move_slowly() -> None:
        try:
            with transaction.atomic():
                factories.submitted(fresh(site.annual_plan))
                half_done.set()
                assert copied.wait(30)
        finally:
            connection.close()

    before = checksums()
    with running(move_slowly):
        assert half_done.wait(30)
        started = time.monotonic()
        backup(file)
        assert time.monotonic() - started < backups.PATIENCE / 2
        copied.set()
    assert fresh(site.annual_plan).state == State.SUBMITTED, "the writer was not disturbed"
    restore(file, "--replace")
    assert checksums() == before


def test_a_restore_that_others_keep_out_gives_up_and_changes_nothing(site, file, monkeypatch):
    monkeypatch.setattr(backups, "PATIENCE", 1)
    backup(file)
    Person.objects.update(given_name="Башка")
    half_done, given_up = threading.Event(), threading.Event()

    def move_slowly() -> None:
        try:
            with transaction.atomic():
                factories.submitted(fresh(site.annual_plan))
                half_done.set()
                assert given_up.wait(30)
        finally:
            connection.close()

    with running(move_slowly):
        assert half_done.wait(30)
        with pytest.raises(CommandError, match="Nothing was changed"):
            restore(file, "--replace")
        given_up.set()
    assert fresh(site.annual_plan).state == State.SUBMITTED
    assert not Person.objects.exclude(given_name="Башка").exists()


# The file ----------------------------------------------------------------------------------------------------------


def test_only_its_owner_can_read_it_and_it_is_never_written_over(site, file):
    backup(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.glob(f"{file.name}*")) == [file]
    whole = file.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        backup(file)
    assert file.read_bytes() == whole


def test_where_it_cannot_be_written_it_says_so_and_leaves_nothing(site, file, monkeypatch):
    """A link is not followed; without a folder, a server (PostgreSQL) or a moment (SQLite) there is no copy."""
    with pytest.raises(CommandError, match=r"gone/copy cannot be written: No such file or directory\."):
        backup(file.with_name("gone") / "copy")
    link = file.with_name("link")
    link.symlink_to(file)
    with pytest.raises(CommandError, match="exists already"):
        backup(link)
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setenv("PGHOSTADDR", "127.0.0.9")  # where nobody listens
        with pytest.raises(CommandError, match=r"cannot VACUUM|connection"):
            backup(file)
    assert list(file.parent.glob(f"{file.name}*")) == []


def test_an_empty_database_is_not_taken_for_ours(nothing, file):
    with pytest.raises(CommandError, match="is DATABASE_URL the right one"):
        backup(file)


def test_sqlite_needs_no_other_program_and_postgresql_names_the_missing_one(site, file, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    if is_sqlite():
        backup(file)
        restore(file, "--replace")
    else:
        with pytest.raises(CommandError, match=r"The program pg_dump is missing: .* postgresql-client"):
            backup(file)
        assert not file.exists()


def test_no_password_stands_where_other_users_of_the_machine_see_it():
    """Where the database is, as PostgreSQL's programs are told; SQLite has no password."""
    if not is_sqlite():
        arguments, environment = backups._address()
        password = connection.settings_dict["PASSWORD"]
        assert password
        assert environment["PGPASSWORD"] == password
        assert not any(password in argument for argument in arguments)


# What is not restored ----------------------------------------------------------------------------------------------


@contextmanager
def refused(because: str) -> Iterator[None]:
    """Refused with one sentence, and not a row is different."""
    before = checksums()
    with pytest.raises(CommandError, match=because) as refusal:
        yield
    assert "\n" not in str(refusal.value)
    assert checksums() == before


def test_people_are_replaced_only_when_told_so(site, file):
    backup(file)
    Person.objects.update(given_name="Башка")
    with refused(f"holds {Person.objects.count()} people: add --replace"):
        restore(file)


def test_a_file_that_is_no_backup_is_refused(site, file):
    other_engine = backups.POSTGRESQL if is_sqlite() else backups.SQLITE
    with refused(r"cannot be read: No such file or directory\."):
        restore(file, "--replace")
    for content, because in (
        (b"", "is no backup"),
        (b"PK\3\4 not ours", "is no backup"),
        (other_engine + bytes(4096), "is a backup of (PostgreSQL|SQLite), which this database is not"),
    ):
        file.write_bytes(content)
        with refused(because):
            restore(file, "--replace")


def test_a_backup_of_another_program_is_refused(site, file):
    """Made by the same means, of tables that are not ours."""
    execute("ALTER TABLE django_migrations RENAME TO another_table")
    try:
        with pytest.raises(CommandError, match="is DATABASE_URL the right one"):
            backup(file)
        save = backups._save_sqlite if is_sqlite() else backups._save_postgresql
        save(file)
    finally:
        execute("ALTER TABLE another_table RENAME TO django_migrations")
    with refused("is no backup of this program"):
        restore(file, "--replace")


def test_a_backup_that_is_cut_off_or_has_a_hole_is_refused(site, file):
    backup(file)
    whole = file.read_bytes()
    third = len(whole) // 3
    for damaged in (
        *(whole[: int(len(whole) * part)] for part in (0.01, 0.2, 0.5, 0.9, 0.999)),
        whole[:third] + bytes(third) + whole[2 * third :],
    ):
        file.write_bytes(damaged)
        with refused("is damaged: "):
            restore(file, "--replace")


def test_a_backup_of_a_newer_program_is_refused(site, file):
    execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, '2031-01-01 00:00:00+00:00')", *NEWER)
    backup(file)
    execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", *NEWER)
    with refused(r"is from a newer version of the program, which has schools\.9999_of_tomorrow"):
        restore(file, "--replace")


def test_a_copy_of_the_living_file_is_no_backup(site, file):
    """On SQLite what ``cp`` brings lacks the log; PostgreSQL's like is a dump that was not made by ours."""
    if is_sqlite():
        shutil.copy(connection.settings_dict["NAME"], file)
        with refused("is no backup but a copy of a live file"):
            restore(file, "--replace")
    else:
        arguments, environment = backups._address()
        backups._run("pg_dump", "--format=plain", f"--file={file}", *arguments, **environment)
        with refused("is no backup"):
            restore(file, "--replace")


def test_a_restore_that_breaks_off_halfway_changes_nothing(site, file):
    """PostgreSQL stumbles over a name that is taken, after our tables were dropped; SQLite finds the disk full."""
    if is_sqlite():
        factories.PersonFactory.create_batch(2000)
        backup(file)
        Person.objects.filter(user=None).delete()
        execute("VACUUM")
        execute("PRAGMA max_page_count = 1")  # SQLite takes the size it has
    else:
        execute("CREATE SCHEMA another")
        backup(file)
    Person.objects.update(given_name="Башка")
    with refused("Nothing was changed, the database cannot be replaced: .*(full|already exists)"):
        restore(file, "--replace")


# What is restored and said -----------------------------------------------------------------------------------------


def last_migration() -> tuple[str, str]:
    """One on which no other depends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations WHERE app = 'plans' ORDER BY id DESC LIMIT 1")
        return cursor.fetchone()


def test_an_older_backup_is_restored_and_what_it_lacks_is_named(site, file):
    app, name = last_migration()
    execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", app, name)
    backup(file)
    said = restore(file, "--replace")
    assert f"run “manage.py migrate”: {app}.{name}." in said
    assert "decisions_form_a_chain: holds" in said


def test_an_older_backup_without_a_column_that_the_checks_need_is_to_be_migrated_first(site, file):
    app, name = last_migration()
    execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", app, name)
    execute("ALTER TABLE schools_decision RENAME COLUMN reason TO why")
    backup(file)
    said = restore(file, "--replace")
    assert f"run “manage.py migrate”: {app}.{name}." in said
    assert "After that run “manage.py check_invariants”" in said


def test_a_backup_of_an_altered_history_is_restored_told_and_ends_with_1(site, file):
    decision = Decision.objects.latest("pk")
    execute("UPDATE schools_decision SET by_name = 'Башка киши' WHERE id = %s", decision.pk)
    backup(file)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("restore", file, "--replace", stdout=out)
    assert end.value.code == 1
    assert f"decision {decision.pk}: does not match its hash" in out.getvalue()
    assert Document.objects.exists()
