"""Each version gets the mark by which its paper is checked. The version before goes on making versions without one."""

import secrets

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import schools.models.documents

AT_ONCE = 2000


def mark_versions(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    versions = apps.get_model("schools", "DocumentVersion")._base_manager.using(schema_editor.connection.alias)
    while unmarked := list(versions.filter(mark=None).only("pk").order_by("pk")[:AT_ONCE]):
        for version in unmarked:
            version.mark = secrets.token_urlsafe(16)
        versions.bulk_update(unmarked, ["mark"])


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0013_degree_default_in_the_database"),
    ]

    operations = [
        migrations.AddField(
            model_name="documentversion",
            name="mark",
            field=models.CharField(max_length=22, null=True, unique=True, verbose_name="mark on the paper"),
        ),
        migrations.RunPython(mark_versions, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="documentversion",
            name="mark",
            field=models.CharField(
                default=schools.models.documents.new_mark,
                max_length=22,
                null=True,
                unique=True,
                verbose_name="mark on the paper",
            ),
        ),
    ]
