"""What a migration may do while the version before still runs: see *Updating* in docs/operations.md."""

from collections.abc import Iterator

import pytest
from django.db import models
from django.db.migrations import Migration
from django.db.migrations import operations as step
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

# The first schema that was handed out. A later migration that takes something away says in ``contract`` since which
# version nothing uses it any more.
HANDED_OUT = {"cpd": "0002", "schools": "0012", "courses": "0011", "plans": "0007"}
TAKES_AWAY = (step.RemoveField, step.DeleteModel, step.RenameField, step.RenameModel, step.AlterModelTable)


def breaks(one: step.base.Operation) -> bool:
    """Whether the version before could not read or write any more after this step."""
    if isinstance(one, step.AddField):
        return not (one.field.many_to_many or one.field.null or one.field.db_default is not NOT_PROVIDED)
    return isinstance(one, TAKES_AWAY)


def later() -> Iterator[Migration]:
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in HANDED_OUT and name[:4] > HANDED_OUT[app]:
            yield migration


def test_the_version_before_goes_on_while_each_migration_is_applied() -> None:
    assert {migration.app_label for migration in later()}
    breaking = [
        f"{migration}: {one.describe()}"
        for migration in later()
        for one in migration.operations
        if breaks(one) and not getattr(migration, "contract", "")
    ]
    assert breaking == []


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (step.AddField("person", "nickname", models.CharField(max_length=9)), True),
        (step.AddField("person", "nickname", models.CharField(max_length=9, default="")), True),
        (step.AddField("person", "nickname", models.CharField(max_length=9, db_default="")), False),
        (step.AddField("person", "nickname", models.CharField(max_length=9, null=True)), False),
        (step.RemoveField("person", "nickname"), True),
        (step.RenameField("person", "nickname", "byname"), True),
        (step.CreateModel("Pet", []), False),
    ],
)
def test_a_step_that_takes_away_or_demands_is_known(one: step.base.Operation, expected: bool) -> None:
    assert breaks(one) is expected
