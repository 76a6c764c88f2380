"""One index for ``courses/standing.sql``: all that is asked of a verified record, by person.

PostgreSQL then answers a district without fetching its records one by one (bench/README.md). SQLite has no such
indexes and goes by ``record_person_status_end``.
"""

from django.db import migrations

COLUMNS = (
    "id, institution_id, starts_on, ends_on, precision, kind, category, block, delivery_mode, role, provider_id,"
    " amount, unit, approved_hours, document_type, document_number, document_key, document_on, file_id, recognition"
)


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX record_counted ON courses_trainingrecord (person_id)"
            f" INCLUDE ({COLUMNS}) WHERE status = 'verified'"
        )


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX record_counted")


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_first_rules_and_providers")]

    operations = [migrations.RunPython(add_index, remove_index)]
