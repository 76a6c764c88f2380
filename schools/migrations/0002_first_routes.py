"""The routes the sources know: who considers and who approves (contradiction X5)."""

from django.db import migrations

from cpd.migrating import RunBothWays

ROUTES = [
    (
        "individual_plan",
        "Улуттук жобо 6.2: усулдук бирикменин жыйынында каралат, директордун орун басары бекитет",
        [("consider", "association_head", True), ("approve", "deputy_director", False)],
    ),
    (
        "annual_plan",
        "Мектеп тажрыйбасы: жылдык иш планын директор бекитет",
        [("approve", "director", False)],
    ),
]


def add_routes(apps, schema_editor):
    for kind, source, steps in ROUTES:
        route = apps.get_model("schools", "ApprovalRoute").objects.create(
            document_kind=kind, institution_kind="school", source=source
        )
        for position, (action, role, needs_minutes) in enumerate(steps, start=1):
            route.steps.create(position=position, action=action, role=role, needs_minutes=needs_minutes)


def remove_routes(apps, schema_editor):
    apps.get_model("schools", "ApprovalRoute").objects.filter(
        institution=None, institution_kind="school", document_kind__in=[kind for kind, *_rest in ROUTES]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_people_places_documents")]

    operations = [RunBothWays(add_routes, remove_routes)]
