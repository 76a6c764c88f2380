"""The version before the column goes on adding people while this one is being put in its place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0012_routes_of_lecturers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="academic_degree",
            field=models.CharField(blank=True, db_default="", max_length=120, verbose_name="Academic degree"),
        ),
    ]
