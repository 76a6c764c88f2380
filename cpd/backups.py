"""Backups: one consistent copy of the whole database in one file, and the way back.

Both take effect as a whole or not at all. SQLite is copied by itself, PostgreSQL by its own programs; which of the
two it is, only this module knows.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

Migrations = set[tuple[str, str]]  # app and name of each

SQLITE, POSTGRESQL = b"SQLite format 3\0", b"PGDMP"  # how the two kinds of backup begin
OURS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
MIGRATIONS = "django_migrations"
PATIENCE = 20  # seconds that a restore waits for other people's transactions


class ProgramFailed(CommandError):
    """One of PostgreSQL's programs ended badly; the message is its own."""


def save_to(file: Path) -> None:
    """Write a copy of the database as it is at one moment into a new file, while others go on working."""
    if MIGRATIONS not in connection.introspection.table_names():
        raise CommandError("There is nothing in the database: is DATABASE_URL the right one?")
    try:
        with _written_whole(file) as part:
            save = _save_sqlite if connection.vendor == "sqlite" else _save_postgresql
            save(part)
    except OSError as problem:
        raise CommandError(f"{file} cannot be written: {problem.strerror}.") from None
    except DatabaseError as problem:
        raise CommandError(f"The database cannot be copied: {problem}.") from None


def migrations_in(file: Path) -> Migrations:
    """The migrations that the database had when ``file`` was made. Refuses what is not a whole backup."""
    try:
        with file.open("rb") as stream:
            start = stream.read(20)
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
    kind = next((begin for begin in KINDS if start.startswith(begin)), None)
    if kind is None:
        raise CommandError(f"{file} is no backup.")
    if kind != OURS[connection.vendor]:
        raise CommandError(f"{file} is a backup of {KINDS[kind]}, which this database is not.")
    if kind == SQLITE and start[18:20] != b"\1\1":  # VACUUM INTO never writes a file with a log beside it
        raise CommandError(f"{file} is no backup but a copy of a live file, which may lack what stood in its log.")
    found = _migrations_in_sqlite(file) if kind == SQLITE else _migrations_in_postgresql(file)
    if not found:
        raise CommandError(f"{file} is no backup of this program.")
    return found


def restore_from(file: Path) -> None:
    """Put what stands in ``file`` in the place of all that stands in the database."""
    restore = _restore_sqlite if connection.vendor == "sqlite" else _restore_postgresql
    restore(file)


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
        _keep_on_disk(part)
        _refuse_existing(file)
        part.rename(file)
        _keep_on_disk(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise CommandError(f"{file} exists already: a backup never takes the place of another file.")


def _keep_on_disk(path: Path) -> None:
    """Wait until the disk really has it: a power cut right after a backup must not empty it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# SQLite ------------------------------------------------------------------------------------------------------------


def _save_sqlite(part: Path) -> None:
    """VACUUM INTO reads one moment, the write-ahead log included, and keeps no writer waiting."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(part)])


def _opened(file: Path) -> BaseDatabaseWrapper:
    """A connection that can only read the backup, with everything our own connections know."""
    backup = connection.copy("backup")
    backup.settings_dict |= {"NAME": f"{file.resolve().as_uri()}?mode=ro&immutable=1", "OPTIONS": {}}
    return backup


def _migrations_in_sqlite(file: Path) -> Migrations:
    try:
        with closing(_opened(file)) as backup, backup.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            [verdict] = cursor.fetchone()
            if verdict == "ok":
                if MIGRATIONS not in backup.introspection.table_names(cursor):
                    return set()
                cursor.execute("SELECT app, name FROM django_migrations")
                return set(cursor.fetchall())
    except DatabaseError as problem:
        verdict = str(problem)
    raise CommandError(f"{file} is damaged: {' '.join(verdict.split())}.")


def _restore_sqlite(file: Path) -> None:
    """Into the living database and in one transaction, so that connections which are open see it at once."""

    def give_up_when_busy(status: int, _remaining: int, _total: int) -> None:
        """Python would try for ever; SQLite has waited PATIENCE seconds before it says this."""
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise sqlite3.OperationalError("others are writing to it")

    with closing(_opened(file)) as backup, connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:d}")
        backup.ensure_connection()
        try:
            backup.connection.backup(connection.connection, progress=give_up_when_busy)
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


def _read_with_pg_restore(file: Path, *arguments: str | Path) -> str:
    try:
        return _run("pg_restore", "--no-owner", *arguments, file)
    except ProgramFailed as problem:
        raise CommandError(f"{file} is damaged: {problem}.") from None


def _migrations_in_postgresql(file: Path) -> Migrations:
    """Read from the rows of the one table, which stand in the dump as lines with tabs."""
    text = _read_with_pg_restore(file, "--data-only", f"--table={MIGRATIONS}", "--file=-")
    copied = re.search(r"^COPY \S+ \((.+)\) FROM stdin;\n(.*?)^\\\.$", text, re.DOTALL | re.MULTILINE)
    if copied is None:
        return set()
    columns = copied[1].split(", ")
    app, name = columns.index("app"), columns.index("name")
    return {(row[app], row[name]) for row in (line.split("\t") for line in copied[2].splitlines())}


def _restore_postgresql(file: Path) -> None:
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
        _read_with_pg_restore(file, f"--file={script}")
        try:
            _run(
                "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", *empty,
                f"--file={script}", *arguments, **environment,
            )  # fmt: skip
        except ProgramFailed as problem:
            raise CommandError(f"Nothing was changed, the database cannot be replaced: {problem}.") from None
