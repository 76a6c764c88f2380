"""The rule for young specialists: 001 4.4.1 gives the three months and the three years; what it leaves open is told."""

from django.db import migrations

from cpd.migrating import RunBothWays

CLAUSE = "4.4.1"


def add_norm(apps, schema_editor):
    """By the same act, and from the same day, as the length of the individual plan: both stand in one regulation."""
    length = apps.get_model("courses", "PlanNorm").objects.filter(institution_kind="school", institution=None).first()
    if length is None:
        return
    apps.get_model("courses", "InductionNorm").objects.create(
        institution_kind="school",
        legal_act=length.legal_act,
        source_clause=CLAUSE,
        status=length.status,
        valid_from=length.valid_from,
        young_years=3,  # no clause says how long: as long as the plan
        years=3,
        due_months=3,
        counted_from="hiring",  # «алгачкы үч айда»: from which day is not said
    )


def remove_norm(apps, schema_editor):
    apps.get_model("courses", "InductionNorm").objects.filter(source_clause=CLAUSE).delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0008_young_specialists_and_sharing")]

    operations = [RunBothWays(add_norm, remove_norm)]
