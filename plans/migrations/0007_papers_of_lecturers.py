"""Plans, applications, internships and reports of colleges and universities."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0010_results_and_handing_in"),
        ("plans", "0006_first_questions"),
        ("schools", "0011_units_and_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="DepartmentPlan",
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
                "verbose_name": "Yearly plan of the department",
                "verbose_name_plural": "Yearly plans of departments",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="InternshipPlan",
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
                ("direction", models.CharField(blank=True, max_length=300, verbose_name="Direction")),
                ("host_text", models.CharField(blank=True, max_length=200, verbose_name="Host organisation")),
                (
                    "host_head",
                    models.CharField(blank=True, max_length=150, verbose_name="Head of the host organisation"),
                ),
                ("host_agreed_on", models.DateField(blank=True, null=True, verbose_name="The host agreed on")),
            ],
            options={
                "verbose_name": "Internship plan",
                "verbose_name_plural": "Internship plans",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="PerspectivePlan",
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
                "verbose_name": "Perspective plan of qualification upgrade",
                "verbose_name_plural": "Perspective plans",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="Application",
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
                (
                    "training_kind",
                    models.CharField(
                        choices=[("course", "Course"), ("internship", "Internship")],
                        default="course",
                        max_length=30,
                        verbose_name="Sent to",
                    ),
                ),
                ("direction", models.CharField(blank=True, max_length=300, verbose_name="Direction")),
                (
                    "provider_text",
                    models.CharField(blank=True, max_length=200, verbose_name="Name of the organisation"),
                ),
                (
                    "study_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("released", "With release from work"),
                            ("partly_released", "With partial release from work"),
                            ("not_released", "Without release from work"),
                        ],
                        max_length=20,
                        verbose_name="Release from work",
                    ),
                ),
                (
                    "funding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("budget", "State budget"),
                            ("institution", "Own means of the institution"),
                            ("contract", "A contract with an organisation or a person"),
                            ("grant", "A grant, or the host country"),
                            ("own", "At one's own cost"),
                        ],
                        max_length=20,
                        verbose_name="Source of funding",
                    ),
                ),
            ],
            options={
                "verbose_name": "Application for a course or internship",
                "verbose_name_plural": "Applications",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("training_kind__in", ("course", "internship")),
                            ("study_form__in", ["", "released", "partly_released", "not_released"]),
                            ("funding__in", ["", "budget", "institution", "contract", "grant", "own"]),
                        ),
                        name="plans_application_choices_known",
                    )
                ],
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="CourseReport",
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
                ("aim", models.CharField(blank=True, max_length=500, verbose_name="Aim of the study")),
                (
                    "topics",
                    models.CharField(
                        blank=True, max_length=600, verbose_name="Topics of the programme and forms of study"
                    ),
                ),
                ("opinion", models.CharField(blank=True, max_length=600, verbose_name="Opinion on the course")),
                ("effect", models.CharField(blank=True, max_length=600, verbose_name="Effect of the upgrade")),
                ("uses", models.JSONField(blank=True, default=list, verbose_name="Where the knowledge is used")),
                (
                    "new_lectures",
                    models.CharField(blank=True, max_length=300, verbose_name="Names of the new lectures"),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="courses.trainingrecord",
                        verbose_name="record of attendance",
                    ),
                ),
            ],
            options={
                "verbose_name": "Report on the qualification upgrade",
                "verbose_name_plural": "Reports on qualification upgrades",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="InternshipProgramme",
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
                (
                    "programme_title",
                    models.CharField(blank=True, max_length=300, verbose_name="Title of the programme"),
                ),
                ("aim", models.CharField(blank=True, max_length=600, verbose_name="Aim of the internship")),
                (
                    "supervision",
                    models.CharField(blank=True, max_length=600, verbose_name="How fulfilment is supervised"),
                ),
                (
                    "supervisor",
                    models.CharField(blank=True, max_length=150, verbose_name="Supervisor of the internship"),
                ),
                (
                    "internship",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programme",
                        to="plans.internshipplan",
                        verbose_name="Internship plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "Internship programme",
                "verbose_name_plural": "Internship programmes",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="DepartmentItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
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
                (
                    "training_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("course", "Course"),
                            ("internship", "Internship"),
                            ("retraining", "Professional retraining"),
                            ("conference", "Conference, seminar"),
                            ("second_degree", "Second education"),
                            ("postgraduate", "Postgraduate study"),
                            ("degree", "Academic degree"),
                            ("creative_leave", "Creative leave"),
                        ],
                        max_length=30,
                        verbose_name="Kind of upgrade",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=300, verbose_name="Topic")),
                ("term_text", models.CharField(blank=True, max_length=100, verbose_name="term in words")),
                (
                    "provider_text",
                    models.CharField(blank=True, max_length=200, verbose_name="Name of the organisation"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="Lecturer",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="plans.departmentplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a department's plan",
                "verbose_name_plural": "rows of a department's plan",
                "ordering": ["position", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "uid"), name="plans_departmentitem_once_per_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("month__isnull", True), ("month__range", (1, 12)), _connector="OR"),
                        name="plans_departmentitem_month_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "training_kind__in",
                                [
                                    "",
                                    "course",
                                    "internship",
                                    "retraining",
                                    "conference",
                                    "second_degree",
                                    "postgraduate",
                                    "degree",
                                    "creative_leave",
                                ],
                            )
                        ),
                        name="plans_departmentitem_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InternshipItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "activity_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("theory", "Theoretical study by oneself"),
                            ("skills", "Gaining professional and organising skills"),
                            ("planning", "Taking part in planning the work of the organisation"),
                            ("papers", "Work with financial, normative and other papers"),
                            ("meetings", "Taking part in meetings"),
                        ],
                        max_length=20,
                        verbose_name="Direction of the work",
                    ),
                ),
                ("work", models.CharField(blank=True, max_length=500, verbose_name="What is done")),
                ("term_text", models.CharField(blank=True, max_length=100, verbose_name="Term")),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=5,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Number of hours",
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="Result")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="plans.internshipplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an internship plan",
                "verbose_name_plural": "rows of an internship plan",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "uid"), name="plans_internshipitem_once_per_plan"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("activity_kind__in", ["", "theory", "skills", "planning", "papers", "meetings"]),
                            models.Q(("hours__isnull", True), ("hours__gt", 0), _connector="OR"),
                        ),
                        name="plans_internshipitem_known_and_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InternshipInformation",
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
                (
                    "hours_done",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=5,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="Hours carried out",
                    ),
                ),
                (
                    "supervisor",
                    models.CharField(blank=True, max_length=150, verbose_name="Supervisor of the internship"),
                ),
                (
                    "internship",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="information",
                        to="plans.internshipplan",
                        verbose_name="Internship plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "Information on the internship",
                "verbose_name_plural": "Information on internships",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hours_done__isnull", True), ("hours_done__gt", 0), _connector="OR"),
                        name="plans_internshipinformation_hours_positive",
                        violation_error_message="The number of hours must be greater than zero.",
                    )
                ],
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="PerspectiveItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("cells", models.JSONField(blank=True, default=dict, verbose_name="What is planned")),
                (
                    "provider_text",
                    models.CharField(blank=True, max_length=200, verbose_name="Name of the organisation"),
                ),
                (
                    "funding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("budget", "State budget"),
                            ("institution", "Own means of the institution"),
                            ("contract", "A contract with an organisation or a person"),
                            ("grant", "A grant, or the host country"),
                            ("own", "At one's own cost"),
                        ],
                        max_length=20,
                        verbose_name="Source of funding",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="Lecturer",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="plans.perspectiveplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a perspective plan",
                "verbose_name_plural": "rows of a perspective plan",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "uid"), name="plans_perspectiveitem_once_per_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("funding__in", ["", "budget", "institution", "contract", "grant", "own"])),
                        name="plans_perspectiveitem_funding_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(verbose_name="row of the plan")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="entered at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="entered by",
                    ),
                ),
                (
                    "instead_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="in whose place",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="who goes instead",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="plans.departmentplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "replacement",
                "verbose_name_plural": "replacements",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="plans_replacement_has_a_reason",
                        violation_error_message="Give the reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("instead_of")), _negated=True),
                        name="plans_replacement_of_another",
                        violation_error_message="This lecturer goes already. Choose another one.",
                    ),
                ],
            },
        ),
    ]
