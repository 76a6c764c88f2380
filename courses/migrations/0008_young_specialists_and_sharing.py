import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import courses.models.sharing


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_imports_of_workbooks"),
        ("schools", "0009_mentors_by_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="InductionNorm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "institution_kind",
                    models.CharField(
                        choices=[("school", "School"), ("college", "College"), ("university", "University")],
                        max_length=20,
                        verbose_name="kind of institution",
                    ),
                ),
                ("source_clause", models.CharField(max_length=60, verbose_name="clause")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft act"), ("in_force", "In force"), ("repealed", "Repealed")],
                        default="draft",
                        max_length=20,
                        verbose_name="Status",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="In force from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="In force until")),
                (
                    "young_years",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="years from the first day of teaching in which somebody is a young specialist",
                    ),
                ),
                (
                    "years",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="years of the plan"
                    ),
                ),
                ("due_months", models.PositiveSmallIntegerField(verbose_name="months in which the plan is made")),
                (
                    "counted_from",
                    models.CharField(
                        choices=[("hiring", "the first day of work"), ("order", "the order that fixed the mentor")],
                        default="hiring",
                        max_length=20,
                        verbose_name="these months and years are counted from",
                    ),
                ),
                ("leave_extends", models.BooleanField(default=False, verbose_name="long leave extends them")),
            ],
            options={
                "verbose_name": "rule for young specialists",
                "verbose_name_plural": "rules for young specialists",
                "ordering": ["institution_kind", "valid_from"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SharingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("presentation", "Presentation"),
                            ("open_lesson", "Open lesson"),
                            ("seminar", "Seminar"),
                            ("report", "Report"),
                        ],
                        max_length=20,
                        verbose_name="How it is shared",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=300, verbose_name="Topic")),
                (
                    "school_year",
                    models.PositiveSmallIntegerField(
                        default=courses.models.sharing.this_school_year, verbose_name="School year"
                    ),
                ),
                (
                    "month",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="month",
                    ),
                ),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="Date")),
                (
                    "present_count",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Number of those present"),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="entered at")),
            ],
            options={
                "verbose_name": "sharing of what was learnt",
                "verbose_name_plural": "sharing of what was learnt",
                "ordering": ["-school_year", "held_on", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="trainingrecord",
            name="courses_trainingrecord_choices_known",
        ),
        migrations.AlterField(
            model_name="trainingrecord",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Waiting for verification"),
                    ("verified", "Verified"),
                    ("returned", "Returned for revision"),
                    ("rejected", "Rejected"),
                    ("noted", "Noted"),
                ],
                default="draft",
                max_length=20,
                verbose_name="Status",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("block__in", ["", "compulsory", "variative"]),
                    ("category__in", ["formal", "nonformal", "informal"]),
                    ("delivery_mode__in", ["", "offline", "online", "blended"]),
                    (
                        "document_type__in",
                        ["", "certificate_upgrade", "certificate", "retraining_diploma", "programme", "thanks_letter"],
                    ),
                    (
                        "kind__in",
                        [
                            "course",
                            "internship",
                            "retraining",
                            "second_degree",
                            "postgraduate",
                            "degree",
                            "creative_leave",
                            "conference",
                            "short_event",
                            "mentoring",
                            "learning_organisation",
                            "network",
                            "interactive",
                            "self_study",
                            "open_lesson",
                        ],
                    ),
                    ("precision__in", ["", "day", "month", "year"]),
                    ("role__in", ["participant", "trainer", "organiser"]),
                    ("status__in", ["draft", "submitted", "verified", "returned", "rejected", "noted"]),
                    ("unit__in", ["hour", "day", "day_night", "credit", "unknown"]),
                ),
                name="courses_trainingrecord_choices_known",
            ),
        ),
        migrations.AddField(
            model_name="inductionnorm",
            name="institution",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: all institutions of this kind.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="schools.institution",
                verbose_name="institution",
            ),
        ),
        migrations.AddField(
            model_name="inductionnorm",
            name="legal_act",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="courses.legalact", verbose_name="Legal basis"
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="association",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sharings",
                to="schools.methodicalassociation",
                verbose_name="methodical association",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.person",
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="file",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sharing",
                to="courses.certificatefile",
                verbose_name="Attachment",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sharings",
                to="schools.institution",
                verbose_name="institution",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="record",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sharings",
                to="courses.trainingrecord",
                verbose_name="record of attendance",
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("institution_kind__in", ["school", "college", "university"]),
                    ("status__in", ["draft", "in_force", "repealed"]),
                ),
                name="courses_inductionnorm_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), ("valid_from__isnull", False), _connector="OR"),
                name="courses_inductionnorm_dated_once_in_force",
                violation_error_message="A norm in force needs the date from which it holds.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="courses_inductionnorm_ends_after_start",
                violation_error_message="The end date must not be earlier than the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_from__in", ["hiring", "order"])), name="courses_inductionnorm_start_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="inductionnorm",
            constraint=models.CheckConstraint(
                condition=models.Q(("years__gte", 1), ("young_years__gte", 1)),
                name="courses_inductionnorm_years_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["presentation", "open_lesson", "seminar", "report"])),
                name="courses_sharingevent_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__isnull", True), ("month__range", (1, 12)), _connector="OR"),
                name="courses_sharingevent_month_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_on__isnull", False), models.Q(("file", None), ("present_count", None)), _connector="OR"
                ),
                name="courses_sharingevent_held_before_counted",
                violation_error_message="Enter the date on which it was held.",
            ),
        ),
    ]
