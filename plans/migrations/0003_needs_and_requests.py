import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models

import cpd.dates
import cpd.fields


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_imports_of_workbooks"),
        ("plans", "0002_fulfilments"),
        ("schools", "0008_route_of_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompetenceGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("code", models.CharField(max_length=10, verbose_name="code")),
            ],
            options={
                "verbose_name": "group of competences",
                "verbose_name_plural": "groups of competences",
                "ordering": ["standard", "code"],
            },
        ),
        migrations.CreateModel(
            name="NeedsRequest",
            fields=[
                (
                    "document_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="schools.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "request on learning needs",
                "verbose_name_plural": "Requests on learning needs",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="Competence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("code", models.CharField(max_length=10, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place in lists")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        related_name="competences",
                        to="plans.competencegroup",
                        verbose_name="groups of competences",
                    ),
                ),
            ],
            options={
                "verbose_name": "competence",
                "verbose_name_plural": "competences",
                "ordering": ["unit__position", "position"],
            },
        ),
        migrations.CreateModel(
            name="LearningNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="School year",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("self_assessment", "Self-assessment"),
                            ("attestation", "Attestation"),
                            ("school_programme", "Programme of the school"),
                            ("own_wish", "Own wish"),
                        ],
                        max_length=20,
                        verbose_name="Where the need was found",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Topic")),
                ("title_key", cpd.fields.FoldedField(default="", editable=False, max_length=400, sources=("title",))),
                (
                    "language",
                    models.CharField(
                        choices=[("ky", "Kyrgyz"), ("ru", "Russian"), ("uz", "Uzbek"), ("tg", "Tajik")],
                        default="ky",
                        max_length=2,
                        verbose_name="language of the course",
                    ),
                ),
                (
                    "study_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full_time", "Full-time study"),
                            ("distance", "Distance study"),
                            ("correspondence", "Correspondence study"),
                            ("workplace", "At the workplace"),
                            ("released", "With release from work"),
                            ("partly_released", "With partial release from work"),
                            ("not_released", "Without release from work"),
                        ],
                        max_length=20,
                        verbose_name="Wished study form",
                    ),
                ),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "1st quarter: September–November"),
                            (2, "2nd quarter: December–February"),
                            (3, "3rd quarter: March–May"),
                            (4, "4th quarter: June–August"),
                        ],
                        null=True,
                        verbose_name="Wished term",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="in one sentence")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="entered at")),
                (
                    "passed_on_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="passed on at"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="taken back at"),
                ),
                (
                    "competence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.competence",
                        verbose_name="competence",
                    ),
                ),
                (
                    "employment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="schools.employment",
                        verbose_name="teacher",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="entered by",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.subject",
                        verbose_name="Subject",
                    ),
                ),
            ],
            options={
                "verbose_name": "learning need",
                "verbose_name_plural": "learning needs",
                "ordering": ["-school_year", "pk"],
            },
        ),
        migrations.AddField(
            model_name="planitem",
            name="need",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_items",
                to="plans.learningneed",
                verbose_name="learning need",
            ),
        ),
        migrations.CreateModel(
            name="ProfessionalStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("starts_on", models.DateField(default=cpd.dates.today, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="Version")),
                (
                    "source",
                    models.CharField(
                        help_text="The act or document this version was taken from.",
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="entered at")),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="entered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "professional standard",
                "verbose_name_plural": "Professional standards",
                "ordering": ["-starts_on"],
            },
        ),
        migrations.AddField(
            model_name="competencegroup",
            name="standard",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="groups",
                to="plans.professionalstandard",
                verbose_name="professional standard",
            ),
        ),
        migrations.CreateModel(
            name="RequestLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="Topic")),
                ("title_key", cpd.fields.FoldedField(default="", editable=False, max_length=400, sources=("title",))),
                (
                    "language",
                    models.CharField(
                        choices=[("ky", "Kyrgyz"), ("ru", "Russian"), ("uz", "Uzbek"), ("tg", "Tajik")],
                        max_length=2,
                        verbose_name="language of the course",
                    ),
                ),
                (
                    "block",
                    models.CharField(
                        blank=True,
                        choices=[("compulsory", "Compulsory block"), ("variative", "Variative block")],
                        max_length=20,
                        verbose_name="Block",
                    ),
                ),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "1st quarter: September–November"),
                            (2, "2nd quarter: December–February"),
                            (3, "3rd quarter: March–May"),
                            (4, "4th quarter: June–August"),
                        ],
                        null=True,
                        verbose_name="Wished term",
                    ),
                ),
                (
                    "study_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full_time", "Full-time study"),
                            ("distance", "Distance study"),
                            ("correspondence", "Correspondence study"),
                            ("workplace", "At the workplace"),
                            ("released", "With release from work"),
                            ("partly_released", "With partial release from work"),
                            ("not_released", "Without release from work"),
                        ],
                        max_length=20,
                        verbose_name="Wished study form",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="Number of hours"
                    ),
                ),
                (
                    "school_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="School year",
                    ),
                ),
                ("uid", models.UUIDField(verbose_name="row")),
                (
                    "teachers",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="Number of teachers"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.institution",
                        verbose_name="institution",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.subject",
                        verbose_name="Subject",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="schools.documentversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a request",
                "verbose_name_plural": "lines of requests",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CountedNeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.learningneed",
                        verbose_name="learning need",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counted",
                        to="plans.requestline",
                        verbose_name="line of a request",
                    ),
                ),
            ],
            options={
                "verbose_name": "need that is counted",
                "verbose_name_plural": "needs that are counted",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RequestRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="Topic")),
                ("title_key", cpd.fields.FoldedField(default="", editable=False, max_length=400, sources=("title",))),
                (
                    "language",
                    models.CharField(
                        choices=[("ky", "Kyrgyz"), ("ru", "Russian"), ("uz", "Uzbek"), ("tg", "Tajik")],
                        max_length=2,
                        verbose_name="language of the course",
                    ),
                ),
                (
                    "block",
                    models.CharField(
                        blank=True,
                        choices=[("compulsory", "Compulsory block"), ("variative", "Variative block")],
                        max_length=20,
                        verbose_name="Block",
                    ),
                ),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "1st quarter: September–November"),
                            (2, "2nd quarter: December–February"),
                            (3, "3rd quarter: March–May"),
                            (4, "4th quarter: June–August"),
                        ],
                        null=True,
                        verbose_name="Wished term",
                    ),
                ),
                (
                    "study_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full_time", "Full-time study"),
                            ("distance", "Distance study"),
                            ("correspondence", "Correspondence study"),
                            ("workplace", "At the workplace"),
                            ("released", "With release from work"),
                            ("partly_released", "With partial release from work"),
                            ("not_released", "Without release from work"),
                        ],
                        max_length=20,
                        verbose_name="Wished study form",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="Number of hours"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="plans.needsrequest",
                        verbose_name="request",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.subject",
                        verbose_name="Subject",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a request",
                "verbose_name_plural": "rows of requests",
                "ordering": ["title_key", "pk"],
            },
        ),
        migrations.AddField(
            model_name="learningneed",
            name="row",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="needs",
                to="plans.requestrow",
                verbose_name="row of the request",
            ),
        ),
        migrations.CreateModel(
            name="ScaleLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("value", models.PositiveSmallIntegerField(verbose_name="value")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="levels",
                        to="plans.professionalstandard",
                        verbose_name="professional standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "level of the scale",
                "verbose_name_plural": "levels of the scale",
                "ordering": ["standard", "value"],
            },
        ),
        migrations.CreateModel(
            name="SchoolPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("measures_order", "Order on CPD measures"),
                            ("minutes_extract", "Extract of minutes"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "school_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="School year",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=30, verbose_name="number")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="date")),
                ("text", models.JSONField(default=dict, verbose_name="text")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="changed by",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="schools.institution",
                        verbose_name="institution",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="made by",
                    ),
                ),
                (
                    "meeting",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extract",
                        to="schools.meeting",
                        verbose_name="meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper of the school",
                "verbose_name_plural": "papers of the school",
                "ordering": ["-school_year", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SelfAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="School year",
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="schools.person",
                        verbose_name="teacher",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="plans.professionalstandard",
                        verbose_name="professional standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "self-assessment",
                "verbose_name_plural": "self-assessments",
                "ordering": ["-school_year"],
            },
        ),
        migrations.CreateModel(
            name="AssessmentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level")),
                ("has_need", models.BooleanField(blank=True, null=True, verbose_name="Is there a need?")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="in one sentence")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="courses.trainingrecord",
                        verbose_name="Evidence",
                    ),
                ),
                (
                    "competence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.competence",
                        verbose_name="competence",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="plans.selfassessment",
                        verbose_name="self-assessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["competence__unit__position", "competence__position"],
            },
        ),
        migrations.CreateModel(
            name="StandardUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("code", models.CharField(max_length=10, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place in lists")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="units",
                        to="plans.professionalstandard",
                        verbose_name="professional standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit of the standard",
                "verbose_name_plural": "units of the standard",
                "ordering": ["standard", "position"],
            },
        ),
        migrations.AddField(
            model_name="competence",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="competences",
                to="plans.standardunit",
                verbose_name="unit",
            ),
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="entered at")),
                (
                    "search_key",
                    cpd.fields.FoldedField(default="", editable=False, max_length=400, sources=("title_ky",)),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.district",
                        verbose_name="District, city",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="entered by",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "Topics",
                "ordering": [django.db.models.functions.comparison.Collate(models.F("title_ky"), "ky-x-icu")],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TopicAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="entered at")),
                ("text", models.CharField(max_length=500, verbose_name="as written")),
                (
                    "key",
                    cpd.fields.FoldedField(
                        db_index=True, default="", editable=False, max_length=400, sources=("text",)
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed at")),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.district",
                        verbose_name="District, city",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="entered by",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.institution",
                        verbose_name="institution",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="removed by",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="plans.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name of a topic",
                "verbose_name_plural": "other names of topics",
                "ordering": ["text"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrainingOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school_year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="School year",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("addressee", models.CharField(blank=True, max_length=200, verbose_name="To whom")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="issued at")),
                ("content", models.JSONField(blank=True, null=True, verbose_name="content")),
                ("content_hash", models.CharField(blank=True, max_length=64, verbose_name="hash of the content")),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.district",
                        verbose_name="District, city",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="issued by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="made by",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.provider",
                        verbose_name="provider",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="plans.trainingorder",
                        verbose_name="instead of",
                    ),
                ),
            ],
            options={
                "verbose_name": "order for training",
                "verbose_name_plural": "Orders for training",
                "ordering": ["-school_year", "number"],
            },
        ),
        migrations.CreateModel(
            name="OrderRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="Topic")),
                ("title_key", cpd.fields.FoldedField(default="", editable=False, max_length=400, sources=("title",))),
                (
                    "language",
                    models.CharField(
                        choices=[("ky", "Kyrgyz"), ("ru", "Russian"), ("uz", "Uzbek"), ("tg", "Tajik")],
                        max_length=2,
                        verbose_name="language of the course",
                    ),
                ),
                (
                    "block",
                    models.CharField(
                        blank=True,
                        choices=[("compulsory", "Compulsory block"), ("variative", "Variative block")],
                        max_length=20,
                        verbose_name="Block",
                    ),
                ),
                (
                    "quarter",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "1st quarter: September–November"),
                            (2, "2nd quarter: December–February"),
                            (3, "3rd quarter: March–May"),
                            (4, "4th quarter: June–August"),
                        ],
                        null=True,
                        verbose_name="Wished term",
                    ),
                ),
                (
                    "study_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full_time", "Full-time study"),
                            ("distance", "Distance study"),
                            ("correspondence", "Correspondence study"),
                            ("workplace", "At the workplace"),
                            ("released", "With release from work"),
                            ("partly_released", "With partial release from work"),
                            ("not_released", "Without release from work"),
                        ],
                        max_length=20,
                        verbose_name="Wished study form",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="Number of hours"
                    ),
                ),
                ("group", models.CharField(editable=False, max_length=450, verbose_name="group of needs")),
                (
                    "texts",
                    models.JSONField(blank=True, default=list, editable=False, verbose_name="ways to write the topic"),
                ),
                ("schools", models.PositiveIntegerField(verbose_name="Number of schools")),
                ("teachers", models.PositiveIntegerField(verbose_name="Number of teachers")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.subject",
                        verbose_name="Subject",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="plans.trainingorder",
                        verbose_name="order for training",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of an order",
                "verbose_name_plural": "lines of orders",
                "ordering": ["title_key", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OfferingTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="Topic")),
                ("title_key", cpd.fields.FoldedField(default="", editable=False, max_length=400, sources=("title",))),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="by",
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topics",
                        to="courses.offering",
                        verbose_name="offered course",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic of an offered course",
                "verbose_name_plural": "topics of offered courses",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("offering", "title_key"),
                        name="plans_offeringtopic_once",
                        violation_error_message="The course answers this topic already.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="professionalstandard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="plans_professionalstandard_ends_after_start",
                violation_error_message="The end date must not be earlier than the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="professionalstandard",
            constraint=models.UniqueConstraint(
                fields=("starts_on",),
                name="plans_professionalstandard_one_begins_on_a_day",
                violation_error_message="Another version begins on this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="competencegroup",
            constraint=models.UniqueConstraint(
                fields=("standard", "code"),
                name="plans_competencegroup_one_per_code",
                violation_error_message="Another entry has this code.",
            ),
        ),
        migrations.AddIndex(
            model_name="requestline",
            index=models.Index(fields=["school_year", "title_key"], name="requestline_topic"),
        ),
        migrations.AddConstraint(
            model_name="requestline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("language__in", ["ky", "ru", "uz", "tg"]),
                    ("block__in", ["", "compulsory", "variative"]),
                    (
                        "study_form__in",
                        [
                            "",
                            "full_time",
                            "distance",
                            "correspondence",
                            "workplace",
                            "released",
                            "partly_released",
                            "not_released",
                        ],
                    ),
                    models.Q(("quarter__isnull", True), ("quarter__in", [1, 2, 3, 4]), _connector="OR"),
                ),
                name="plans_requestline_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestline",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__gt", 0), _connector="OR"),
                name="plans_requestline_hours_positive",
                violation_error_message="The number of hours must be greater than zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestline",
            constraint=models.CheckConstraint(
                condition=models.Q(("school_year__range", (2000, 2100))), name="plans_requestline_year_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestline",
            constraint=models.CheckConstraint(
                condition=models.Q(("teachers__gte", 1)), name="plans_requestline_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestline",
            constraint=models.UniqueConstraint(fields=("version", "uid"), name="plans_requestline_once_per_version"),
        ),
        migrations.AddConstraint(
            model_name="countedneed",
            constraint=models.UniqueConstraint(fields=("line", "need"), name="plans_countedneed_once_per_line"),
        ),
        migrations.AddConstraint(
            model_name="requestrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("language__in", ["ky", "ru", "uz", "tg"]),
                    ("block__in", ["", "compulsory", "variative"]),
                    (
                        "study_form__in",
                        [
                            "",
                            "full_time",
                            "distance",
                            "correspondence",
                            "workplace",
                            "released",
                            "partly_released",
                            "not_released",
                        ],
                    ),
                    models.Q(("quarter__isnull", True), ("quarter__in", [1, 2, 3, 4]), _connector="OR"),
                ),
                name="plans_requestrow_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__gt", 0), _connector="OR"),
                name="plans_requestrow_hours_positive",
                violation_error_message="The number of hours must be greater than zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestrow",
            constraint=models.UniqueConstraint(fields=("request", "uid"), name="plans_requestrow_once_per_request"),
        ),
        migrations.AddConstraint(
            model_name="requestrow",
            constraint=models.UniqueConstraint(
                models.F("request"),
                models.F("title_key"),
                django.db.models.functions.comparison.Coalesce(models.F("subject"), 0),
                models.F("language"),
                name="plans_requestrow_one_per_topic",
                violation_error_message="The request already has this topic for this subject and language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="learningneed",
            constraint=models.CheckConstraint(
                condition=models.Q(("school_year__range", (2000, 2100))), name="plans_learningneed_year_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="learningneed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin__in", ["self_assessment", "attestation", "school_programme", "own_wish"]),
                    ("language__in", ["ky", "ru", "uz", "tg"]),
                    (
                        "study_form__in",
                        [
                            "",
                            "full_time",
                            "distance",
                            "correspondence",
                            "workplace",
                            "released",
                            "partly_released",
                            "not_released",
                        ],
                    ),
                    models.Q(("quarter__isnull", True), ("quarter__in", [1, 2, 3, 4]), _connector="OR"),
                ),
                name="plans_learningneed_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="learningneed",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True),
                name="plans_learningneed_has_a_topic",
                violation_error_message="Name the topic.",
            ),
        ),
        migrations.AddConstraint(
            model_name="learningneed",
            constraint=models.UniqueConstraint(
                models.F("employment"),
                models.F("school_year"),
                models.F("title_key"),
                django.db.models.functions.comparison.Coalesce(models.F("subject"), 0),
                condition=models.Q(("passed_on_at__isnull", False), ("withdrawn_at", None)),
                name="plans_learningneed_passed_on_once",
                violation_error_message="This need is already in the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="learningneed",
            constraint=models.UniqueConstraint(
                models.F("employment"),
                models.F("school_year"),
                models.F("title_key"),
                django.db.models.functions.comparison.Coalesce(models.F("subject"), 0),
                condition=models.Q(("passed_on_at", None), ("withdrawn_at", None)),
                name="plans_learningneed_private_once",
                violation_error_message="This need is already in the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scalelevel",
            constraint=models.CheckConstraint(condition=models.Q(("value__gte", 1)), name="plans_scalelevel_from_one"),
        ),
        migrations.AddConstraint(
            model_name="scalelevel",
            constraint=models.UniqueConstraint(
                fields=("standard", "value"),
                name="plans_scalelevel_one_per_value",
                violation_error_message="The scale has this value already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["measures_order", "minutes_extract"])),
                name="plans_schoolpaper_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "minutes_extract"), ("meeting__isnull", False)),
                    models.Q(models.Q(("kind", "minutes_extract"), _negated=True), ("meeting", None)),
                    _connector="OR",
                ),
                name="plans_schoolpaper_extract_of_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="selfassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("school_year__range", (2000, 2100))), name="plans_selfassessment_year_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="selfassessment",
            constraint=models.UniqueConstraint(
                fields=("person", "school_year"),
                name="plans_selfassessment_one_per_year",
                violation_error_message="The self-assessment of this school year was started already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentanswer",
            constraint=models.UniqueConstraint(
                fields=("assessment", "competence"), name="plans_assessmentanswer_one_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__isnull", True), ("level__gte", 1), _connector="OR"),
                name="plans_assessmentanswer_level_from_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="standardunit",
            constraint=models.UniqueConstraint(
                fields=("standard", "code"),
                name="plans_standardunit_one_per_code",
                violation_error_message="Another entry has this code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="competence",
            constraint=models.UniqueConstraint(
                fields=("unit", "code"),
                name="plans_competence_one_per_code",
                violation_error_message="Another entry has this code.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("institution", None), ("district", None), _connector="OR"),
                name="plans_topic_kept_in_one_place",
                violation_error_message="Name an institution or a district, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicalias",
            constraint=models.CheckConstraint(
                condition=models.Q(("institution", None), ("district", None), _connector="OR"),
                name="plans_topicalias_kept_in_one_place",
                violation_error_message="Name an institution or a district, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicalias",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                    _connector="OR",
                ),
                name="plans_topicalias_removed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicalias",
            constraint=models.UniqueConstraint(
                condition=models.Q(("district", None), ("institution", None), ("removed_at", None)),
                fields=("key",),
                name="plans_topicalias_one_in_country",
                violation_error_message="This text already stands for an entry of the register.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicalias",
            constraint=models.UniqueConstraint(
                condition=models.Q(("district__isnull", False), ("institution", None), ("removed_at", None)),
                fields=("key", "district"),
                name="plans_topicalias_one_in_district",
                violation_error_message="This text already stands for an entry of the register.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topicalias",
            constraint=models.UniqueConstraint(
                condition=models.Q(("institution__isnull", False), ("removed_at", None)),
                fields=("key", "institution"),
                name="plans_topicalias_one_in_institution",
                violation_error_message="This text already stands for an entry of the register.",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("school_year__range", (2000, 2100))), name="plans_trainingorder_year_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingorder",
            constraint=models.UniqueConstraint(
                fields=("district", "school_year", "number"), name="plans_trainingorder_one_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content", None), ("content_hash", ""), ("issued_at", None), ("issued_by", None)),
                    models.Q(
                        ("content__isnull", False),
                        ("issued_at__isnull", False),
                        ("issued_by__isnull", False),
                        models.Q(("content_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="plans_trainingorder_issued_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("language__in", ["ky", "ru", "uz", "tg"]),
                    ("block__in", ["", "compulsory", "variative"]),
                    (
                        "study_form__in",
                        [
                            "",
                            "full_time",
                            "distance",
                            "correspondence",
                            "workplace",
                            "released",
                            "partly_released",
                            "not_released",
                        ],
                    ),
                    models.Q(("quarter__isnull", True), ("quarter__in", [1, 2, 3, 4]), _connector="OR"),
                ),
                name="plans_orderrow_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__isnull", True), ("hours__gt", 0), _connector="OR"),
                name="plans_orderrow_hours_positive",
                violation_error_message="The number of hours must be greater than zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderrow",
            constraint=models.UniqueConstraint(fields=("order", "group"), name="plans_orderrow_once_per_order"),
        ),
    ]
