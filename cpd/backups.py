"""Backups: one consistent copy of the whole database and of the uploaded files in one file, and the way back.

Both take effect as a whole or not at all. SQLite is copied by itself, PostgreSQL by its own programs; which of the
two it is, only this module knows. The file is a zip archive: MARK, the copy of the database, and ``files/…`` where
they lie in a folder of ours. A backup of the time before there were files is the copy of the database alone.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import File
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from cpd.storage import file_store, keep_on_disk

Migrations = set[tuple[str, str]]  # app and name of each

SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP"  # how the two kinds of backup begin
OURS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
MARK, DATABASE, FILES = "cpd-backup", "database", "files/"  # what stands in the archive, MARK first
MIGRATIONS = "django_migrations"
NAMED_BY_THE_HOUR = "cpd-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-[0-9][0-9][0-9][0-9].backup"
PATIENCE = 20  # seconds that a restore waits for other people's transactions


class ProgramFailed(CommandError):
    """One of PostgreSQL's programs ended badly; the message is its own."""


@dataclass(frozen=True)
class Backup:
    """One file that ``manage.py backup`` wrote, the copy of the database in it, and whether files came with it."""

    file: Path
    database: Path
    has_files: bool


def save_to(file: Path) -> None:
    """Write a copy of the database as it is at one moment into a new file, while others go on working.

    With it go the uploaded files, where they lie in a folder of ours.
    """
    if MIGRATIONS not in connection.introspection.table_names():
        raise CommandError("There is nothing in the database: is DATABASE_URL the right one?")
    try:
        with _written_whole(file) as part:
            _write_archive(part)
    except OSError as problem:
        raise CommandError(f"{file} cannot be written: {problem.strerror}.") from None
    except DatabaseError as problem:
        raise CommandError(f"The database cannot be copied: {problem}.") from None


def save_in(folder: Path, *, kept: int) -> Path:
    """Write a backup named by this minute into the folder; once it is whole, remove all but the newest ``kept``.

    What else lies in the folder is left alone.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise CommandError(f"{folder} cannot be made: {problem.strerror}.") from None
    file = folder / f"cpd-{timezone.localtime():%Y-%m-%d-%H%M}.backup"
    save_to(file)
    for old in sorted(folder.glob(NAMED_BY_THE_HOUR))[:-kept]:
        old.unlink(missing_ok=True)
    return file


@contextmanager
def unpacked(file: Path) -> Iterator[Backup]:
    """The backup in ``file``, once every byte of it was found to be the one that was written."""
    try:
        with file.open("rb") as stream:
            is_archive = stream.read(30 + len(MARK)).endswith(MARK.encode())  # a zip begins with 30 bytes and a name
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
    if not is_archive:
        yield Backup(file, file, has_files=False)
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                spoiled = archive.testzip()
                if spoiled:
                    raise CommandError(f"{file} is damaged: {spoiled} is not what was written.")
                has_files = bool(archive.read(MARK))
                database = Path(archive.extract(DATABASE, folder))
        except (zipfile.BadZipFile, EOFError, KeyError, ValueError) as problem:
            raise CommandError(f"{file} is damaged: {problem}.") from None
        except OSError as problem:
            raise CommandError(f"{file} cannot be unpacked: {problem.strerror}.") from None
        yield Backup(file, database, has_files)


def migrations_in(backup: Backup) -> Migrations:
    """The migrations that the database had when the backup was made. Refuses what is not a whole backup."""
    with backup.database.open("rb") as stream:
        start = stream.read(20)
    kind = next((begin for begin in KINDS if start.startswith(begin)), None)
    if kind is None:
        raise CommandError(f"{backup.file} is no backup.")
    if kind != OURS[connection.vendor]:
        raise CommandError(f"{backup.file} is a backup of {KINDS[kind]}, which this database is not.")
    if kind == SQLITE and start[18:20] != b"\1\1":  # VACUUM INTO never writes a file with a log beside it
        raise CommandError(
            f"{backup.file} is no backup but a copy of a live file, which may lack what stood in its log."
        )
    found = _migrations_in_sqlite(backup) if kind == SQLITE else _migrations_in_postgresql(backup)
    if not found:
        raise CommandError(f"{backup.file} is no backup of this program.")
    return found


def restore_from(backup: Backup) -> None:
    """Put what stands in the backup in the place of all that stands in the database, and of the files.

    Files are only added before the database is replaced, and only removed after: each is written once and never
    changed, so whichever database there is, it finds its own.
    """
    if backup.has_files:
        _add_files(backup)
    restore = _restore_sqlite if connection.vendor == "sqlite" else _restore_postgresql
    restore(backup)
    if backup.has_files:
        _remove_other_files(backup)


# The archive and its files -----------------------------------------------------------------------------------------


def _write_archive(part: Path) -> None:
    """Files before the database and the new ones after it: none is missing that the copied rows name."""
    with zipfile.ZipFile(part, "w") as archive:
        with_files = file_store().is_backed_up
        archive.writestr(MARK, "with files" if with_files else "")
        written = _write_files(archive, without=set()) if with_files else set()
        with tempfile.TemporaryDirectory(prefix=f"{part.name}.", suffix=".part", dir=part.parent) as folder:
            database = Path(folder) / DATABASE
            save = _save_sqlite if connection.vendor == "sqlite" else _save_postgresql
            save(database)
            archive.write(database, DATABASE)
        if with_files:
            _write_files(archive, without=written)


def _write_files(archive: zipfile.ZipFile, *, without: set[str]) -> set[str]:
    """The names of the files that were written; unfinished ones, and those removed meanwhile, are left out."""
    written = set()
    for name, _written_at in file_store().everything():
        if name in without or name.endswith(".part"):
            continue
        try:
            source = file_store().open(name)
        except FileNotFoundError:
            continue
        with source, archive.open(FILES + name, "w") as target:
            shutil.copyfileobj(source, target)
        written.add(name)
    return written


def _names_of_files(archive: zipfile.ZipFile) -> list[str]:
    return [name.removeprefix(FILES) for name in archive.namelist() if name.startswith(FILES)]


def _add_files(backup: Backup) -> None:
    try:
        with zipfile.ZipFile(backup.file) as archive:
            for name in _names_of_files(archive):
                with archive.open(FILES + name) as content:
                    file_store().save(name, File(content, name))
    except OSError as problem:
        raise CommandError(
            f"Nothing was changed, the files cannot be written: {problem.strerror or problem}."
        ) from None


def _remove_other_files(backup: Backup) -> None:
    with zipfile.ZipFile(backup.file) as archive:
        ours = set(_names_of_files(archive))
    for name in [name for name, _written_at in file_store().everything() if name not in ours]:
        file_store().delete(name)


# A file that is whole or not there ---------------------------------------------------------------------------------


@contextmanager
def _written_whole(file: Path) -> Iterator[Path]:
    """A file beside ``file``, open to its owner alone (0600), that takes its name once it is complete."""
    _refuse_existing(file)
    handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".part", dir=file.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        keep_on_disk(part)
        _refuse_existing(file)
        part.rename(file)
        keep_on_disk(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise CommandError(f"{file} exists already: a backup never takes the place of another file.")


# SQLite ------------------------------------------------------------------------------------------------------------


def _save_sqlite(part: Path) -> None:
    """VACUUM INTO reads one moment, the write-ahead log included, and keeps no writer waiting."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(part)])


def _opened(backup: Backup) -> BaseDatabaseWrapper:
    """A connection that can only read the copy, with everything our own connections know."""
    copy = connection.copy("backup")
    copy.settings_dict |= {"NAME": f"{backup.database.resolve().as_uri()}?mode=ro&immutable=1", "OPTIONS": {}}
    return copy


def _migrations_in_sqlite(backup: Backup) -> Migrations:
    try:
        with closing(_opened(backup)) as copy, copy.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            [verdict] = cursor.fetchone()
            if verdict == "ok":
                if MIGRATIONS not in copy.introspection.table_names(cursor):
                    return set()
                cursor.execute("SELECT app, name FROM django_migrations")
                return set(cursor.fetchall())
    except DatabaseError as problem:
        verdict = str(problem)
    raise CommandError(f"{backup.file} is damaged: {' '.join(verdict.split())}.")


def _restore_sqlite(backup: Backup) -> None:
    """Into the living database and in one transaction, so that connections which are open see it at once."""

    def give_up_when_busy(status: int, _remaining: int, _total: int) -> None:
        """Python would try for ever; SQLite has waited PATIENCE seconds before it says this."""
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise sqlite3.OperationalError("others are writing to it")

    with closing(_opened(backup)) as copy, connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:d}")
        copy.ensure_connection()
        try:
            copy.connection.backup(connection.connection, progress=give_up_when_busy)
        except sqlite3.Error as problem:
            raise CommandError(f"Nothing was changed, the database cannot be replaced: {problem}.") from None
    connection.close()  # with it goes the patience


# PostgreSQL --------------------------------------------------------------------------------------------------------


def _run(program: str, *arguments: str | Path, **environment: str) -> str:
    """What one of PostgreSQL's programs prints. Passwords stand in its environment, where no other user sees them."""
    found = shutil.which(program)
    if found is None:
        raise CommandError(f"The program {program} is missing: Debian has it in the package postgresql-client.")
    done = subprocess.run(  # noqa: S603  (no shell; the arguments are our own and the operator's file)
        [os.path.abspath(found), *arguments],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        complaint = done.stderr.strip().splitlines() or [f"{program} ended with {done.returncode}"]
        raise ProgramFailed(complaint[0])
    return done.stdout


def _address() -> tuple[list[str], dict[str, str]]:
    """Where the database is: arguments for PostgreSQL's programs, and what must not be seen, for their environment."""
    [_psql, *arguments], environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    return ["--no-password", *arguments], environment or {}


def _save_postgresql(part: Path) -> None:
    arguments, environment = _address()
    _run("pg_dump", "--format=custom", f"--file={part}", *arguments, **environment)


def _read_with_pg_restore(backup: Backup, *arguments: str | Path) -> str:
    try:
        return _run("pg_restore", "--no-owner", *arguments, backup.database)
    except ProgramFailed as problem:
        raise CommandError(f"{backup.file} is damaged: {problem}.") from None


def _migrations_in_postgresql(backup: Backup) -> Migrations:
    """Read from the rows of the one table, which stand in the dump as lines with tabs."""
    text = _read_with_pg_restore(backup, "--data-only", f"--table={MIGRATIONS}", "--file=-")
    copied = re.search(r"^COPY \S+ \((.+)\) FROM stdin;\n(.*?)^\\\.$", text, re.DOTALL | re.MULTILINE)
    if copied is None:
        return set()
    columns = copied[1].split(", ")
    app, name = columns.index("app"), columns.index("name")
    return {(row[app], row[name]) for row in (line.split("\t") for line in copied[2].splitlines())}


def _restore_postgresql(backup: Backup) -> None:
    """Drop every table and fill the database anew, in one transaction.

    ``pg_restore --clean`` into the database would drop only what the backup knows: over the tables of a newer version
    it stops, or leaves them for ``migrate`` to stumble over. So it writes the statements, which also reads the whole
    backup before anything is touched, and ``psql`` carries them out after ours.
    """
    quoted = [connection.ops.quote_name(table) for table in connection.introspection.table_names()]
    empty = [f"--command=DROP TABLE {', '.join(quoted)} CASCADE"] if quoted else []
    arguments, environment = _address()
    environment["PGOPTIONS"] = f"-c client_min_messages=error -c lock_timeout={PATIENCE}s"
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _read_with_pg_restore(backup, f"--file={script}")
        try:
            _run(
                "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", *empty,
                f"--file={script}", *arguments, **environment,
            )  # fmt: skip
        except ProgramFailed as problem:
            raise CommandError(f"Nothing was changed, the database cannot be replaced: {problem}.") from None
