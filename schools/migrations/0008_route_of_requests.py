"""The route of requests on learning needs: 001 §3 names who makes and who receives them."""

from django.db import migrations

from cpd.migrating import RunBothWays

SOURCE = "001 §3, 6.1: директор окуп-үйрөнүү муктаждыктары боюнча өтүнмөлөрдү даярдайт, усулдук кабинет аларды талдайт"
STEPS = [("agree", "director", False), ("approve", "district_officer", False)]


def add_route(apps, schema_editor):
    route = apps.get_model("schools", "ApprovalRoute").objects.create(
        document_kind="needs_request", institution_kind="school", source=SOURCE
    )
    for position, (action, role, needs_minutes) in enumerate(STEPS, start=1):
        route.steps.create(position=position, action=action, role=role, needs_minutes=needs_minutes)


def remove_route(apps, schema_editor):
    """With it the routes of single schools, and that work where it was handed over: the kind itself goes next."""
    apps.get_model("schools", "ApprovalRoute").objects.filter(document_kind="needs_request").delete()
    apps.get_model("schools", "Delegation").objects.filter(work="needs").delete()


class Migration(migrations.Migration):
    dependencies = [("schools", "0007_requests_on_needs")]

    operations = [RunBothWays(add_route, remove_route)]
