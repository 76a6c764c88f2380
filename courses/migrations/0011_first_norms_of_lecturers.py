"""What 003 and 004 say beside the hours: how far ahead is planned, and in how many days an internship is told of."""

from django.db import migrations

from cpd.migrating import RunBothWays

# By the code of the hours rule of the same regulation: clause and years of the perspective plan.
PLANS = {
    "COLLEGE_36_3Y": ("4.1, 1.4", 3),  # as often as everybody is due: the form has a column for each year
    "UNI_72_5Y": ("4.1, 1-тиркеме", 3),  # the form has three school years
}
INFORMATION = {"UNI_72_5Y": 15}  # 004 6.6: days after the end, read as calendar days


def add_norms(apps, schema_editor):
    policies = apps.get_model("courses", "HoursPolicy").objects
    lengths = apps.get_model("courses", "PlanNorm").objects
    for code, (clause, years) in PLANS.items():
        policy = policies.filter(code=code).first()
        if policy is None or lengths.filter(institution_kind=policy.institution_kind, institution=None).exists():
            continue
        lengths.create(
            institution_kind=policy.institution_kind,
            legal_act=policy.legal_act,
            source_clause=clause,
            status=policy.status,
            valid_from=policy.valid_from,
            years=years,
        )
    for code, days in INFORMATION.items():
        policies.filter(code=code, information_days=None).update(information_days=days)


def remove_norms(apps, schema_editor):
    for clause, years in PLANS.values():
        apps.get_model("courses", "PlanNorm").objects.filter(source_clause=clause, years=years).delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0010_results_and_handing_in")]

    operations = [RunBothWays(add_norms, remove_norms)]
