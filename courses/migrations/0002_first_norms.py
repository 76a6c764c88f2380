"""The norms known from the regulations, with their sources. What is undecided stays a draft that drives nothing."""

import datetime as dt

from django.db import migrations

from cpd.migrating import RunBothWays

REGULATION = {
    "number": "758/1",
    "issued_on": dt.date(2017, 6, 20),
    "title_ky": "Билим берүү уюмдарынын педагогдорунун үзгүлтүксүз кесиптик өнүгүүсү жөнүндө жобо",
    "title_ru": "Положение о непрерывном профессиональном развитии педагогов образовательных организаций",
    "note": "16-тиркемеде №785/1 деп жазылган.",
}


def add_norms(apps, schema_editor):
    act = apps.get_model("courses", "LegalAct").objects.create(**REGULATION)
    in_force = {
        "institution_kind": "school",
        "legal_act": act,
        "status": "in_force",
        "valid_from": act.issued_on,
    }
    apps.get_model("courses", "HoursPolicy").objects.create(
        code="SCHOOL_72_5Y", source_clause="4.5.4", years=5, required_hours=72, **in_force
    )
    apps.get_model("courses", "PlanNorm").objects.create(source_clause="6.2", years=5, **in_force)


def remove_norms(apps, schema_editor):
    apps.get_model("courses", "HoursPolicy").objects.filter(code="SCHOOL_72_5Y").delete()
    apps.get_model("courses", "PlanNorm").objects.filter(source_clause="6.2").delete()
    apps.get_model("courses", "LegalAct").objects.filter(number=REGULATION["number"]).delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_norms")]

    operations = [RunBothWays(add_norms, remove_norms)]
