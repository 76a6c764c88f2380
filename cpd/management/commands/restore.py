"""``manage.py restore FILE [--replace]``: database and files as they were when the backup was made, and no more."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cpd import backups


class Command(BaseCommand):
    help = "Put a backup in the place of all that stands in the database; exit 1 where an invariant does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what “manage.py backup” wrote")
        parser.add_argument(
            "--replace", action="store_true", help="also where the database holds people: all that is there is lost"
        )

    def handle(self, file: Path, **options: Any) -> None:
        people = people_there()
        if people and not options["replace"]:
            raise CommandError(f"The database holds {people} people: add --replace to put the backup in their place.")
        with backups.unpacked(file) as backup:
            refuse_newer(file, backups.migrations_in(backup))
            backups.restore_from(backup)
        files = "with its files" if backup.has_files else "files are not part of it"
        self.stdout.write(f"The database is now as it was when {file} was made; {files}.")
        pending = still_to_apply()
        if pending:
            self.stdout.write(f"The backup is older than the program; run “manage.py migrate”: {', '.join(pending)}.")
        try:
            with connection.wrap_database_errors:  # a cursor that breaks off on the server is not wrapped by Django
                call_command("check_invariants", stdout=self.stdout)
        except DatabaseError:
            if not pending:
                raise
            self.stdout.write("After that run “manage.py check_invariants”: before, the tables lack something.")


def people_there() -> int:
    """How many people the database holds; a new one has not even the table."""
    person = apps.get_model("schools", "Person")
    if person._meta.db_table not in connection.introspection.table_names():
        return 0
    return person._default_manager.count()


def refuse_newer(file: Path, applied: backups.Migrations) -> None:
    """A newer program's tables are unknown to this one: it would read and write them wrongly."""
    migrations = MigrationLoader(None).disk_migrations
    squashed = {old for migration in migrations.values() for old in migration.replaces}
    unknown = sorted(applied - migrations.keys() - squashed)
    if unknown:
        names = ", ".join(f"{app}.{name}" for app, name in unknown)
        raise CommandError(f"{file} is from a newer version of the program, which has {names}.")


def still_to_apply() -> list[str]:
    """The migrations that an older backup lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]
