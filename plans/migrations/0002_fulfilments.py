import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_first_rules_and_providers"),
        ("plans", "0001_plans"),
        ("schools", "0003_staff_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fulfilment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(verbose_name="planned item")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="linked at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="linked by",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fulfilments",
                        to="plans.individualplan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fulfilment",
                        to="courses.trainingrecord",
                        verbose_name="record of attendance",
                    ),
                ),
            ],
            options={
                "verbose_name": "fulfilment of an item",
                "verbose_name_plural": "fulfilments of items",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "uid"),
                        name="plans_fulfilment_one_per_item",
                        violation_error_message="A record already fulfils this item.",
                    )
                ],
            },
        ),
    ]
