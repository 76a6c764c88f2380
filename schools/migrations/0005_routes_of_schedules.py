"""The routes of course schedules: 000 §14–16 name who makes, completes and receives them."""

from django.db import migrations

from cpd.migrating import RunBothWays

ROUTES = [
    (
        "association_schedule",
        "Мектептин нускамасы, 14–15-пункттар: бирикменин жетекчиси түзөт, директордун орун басары мектептин графигине киргизет",
        [("approve", "deputy_director", False)],
    ),
    (
        "school_schedule",
        "Мектептин нускамасы, 16-пункт: мектеп графикти райондук билим берүү бөлүмүнө тапшырат",
        [("approve", "district_officer", False)],
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
    dependencies = [("schools", "0004_schedules_and_mentors")]

    operations = [RunBothWays(add_routes, remove_routes)]
