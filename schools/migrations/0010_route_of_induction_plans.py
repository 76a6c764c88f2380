"""The route of young specialists' plans: 001 4.4.2 says that the director approves them by an order."""

from django.db import migrations

from cpd.migrating import RunBothWays

SOURCE = "001 4.4.2: жаш адистин үч жылдык планы директордун буйругу менен бекитилет"


def add_route(apps, schema_editor):
    route = apps.get_model("schools", "ApprovalRoute").objects.create(
        document_kind="induction_plan", institution_kind="school", source=SOURCE
    )
    route.steps.create(position=1, action="approve", role="director", needs_minutes=False, needs_order=True)


def remove_route(apps, schema_editor):
    """With it the routes of single schools: the kind itself goes next."""
    apps.get_model("schools", "ApprovalRoute").objects.filter(document_kind="induction_plan").delete()


class Migration(migrations.Migration):
    dependencies = [("schools", "0009_mentors_by_order")]

    operations = [RunBothWays(add_route, remove_route)]
