import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cpd.dates


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0008_young_specialists_and_sharing"),
        ("plans", "0004_first_standard"),
        ("schools", "0009_mentors_by_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="InductionPlan",
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
                "verbose_name": "Three-year individual development plan of a young specialist",
                "verbose_name_plural": "Plans of young specialists",
            },
            bases=("schools.document",),
        ),
        migrations.CreateModel(
            name="LessonSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("observation", "The mentor observes the mentee's lesson"),
                            ("visit", "The mentee observes the mentor's lesson"),
                            ("reflection", "Reflection of the mentee"),
                        ],
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("held_on", models.DateField(default=cpd.dates.today, verbose_name="Date")),
                ("held_at", models.TimeField(blank=True, null=True, verbose_name="Time")),
                ("grade", models.CharField(blank=True, max_length=30, verbose_name="Class")),
                ("subject_text", models.CharField(blank=True, max_length=100, verbose_name="Subject")),
                ("topic", models.CharField(blank=True, max_length=200, verbose_name="Topic of the lesson")),
                ("agreed", models.TextField(blank=True, max_length=5000, verbose_name="What was agreed to look at")),
                ("notes", models.TextField(blank=True, max_length=5000, verbose_name="Notes during the lesson")),
                (
                    "worth_taking",
                    models.TextField(blank=True, max_length=5000, verbose_name="Methods worth taking over"),
                ),
                ("discussion", models.TextField(blank=True, max_length=5000, verbose_name="Notes of the discussion")),
                (
                    "next_steps",
                    models.TextField(blank=True, max_length=5000, verbose_name="Joint plan of improvement"),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("is_of_both", models.BooleanField(default=False, verbose_name="both have written in it")),
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
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="made by",
                    ),
                ),
                (
                    "mentorship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="schools.mentorship",
                        verbose_name="mentorship",
                    ),
                ),
            ],
            options={
                "verbose_name": "sheet of a lesson",
                "verbose_name_plural": "sheets of lessons",
                "ordering": ["-held_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PortfolioEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_in", models.BooleanField(default=True, verbose_name="goes into the portfolio")),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.selfassessment",
                        verbose_name="self-assessment",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.document",
                        verbose_name="plan",
                    ),
                ),
                (
                    "mentorship",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.mentorship",
                        verbose_name="mentorship",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portfolio",
                        to="schools.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.trainingrecord",
                        verbose_name="record of attendance",
                    ),
                ),
                (
                    "sharing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.sharingevent",
                        verbose_name="sharing of what was learnt",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.standardunit",
                        verbose_name="unit of the standard",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a portfolio",
                "verbose_name_plural": "entries of a portfolio",
            },
        ),
        migrations.CreateModel(
            name="QuestionSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(default=cpd.dates.today, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("before", "Before the lesson"),
                            ("after", "After the lesson"),
                            ("focus", "What the mentee looks at in the mentor's lesson"),
                            ("reflection", "Reflection of the mentee"),
                        ],
                        max_length=20,
                        verbose_name="asked for",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Which clause asks for these questions.", max_length=300, verbose_name="source"
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
            ],
            options={
                "verbose_name": "set of questions",
                "verbose_name_plural": "Sets of questions",
                "ordering": ["purpose", "-starts_on"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ky", models.CharField(max_length=200, verbose_name="title in Kyrgyz")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="title in Russian")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place in lists")),
                ("is_stem", models.BooleanField(default=False, verbose_name="the answer goes on with this sentence")),
                (
                    "question_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="plans.questionset",
                        verbose_name="set of questions",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["question_set", "position"],
            },
        ),
        migrations.CreateModel(
            name="SheetAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("own_question", models.CharField(blank=True, max_length=300, verbose_name="Own question")),
                ("text", models.TextField(blank=True, max_length=5000, verbose_name="Answer")),
                ("is_shared", models.BooleanField(default=False, verbose_name="shown to the mentor")),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="plans.lessonsheet",
                        verbose_name="sheet of a lesson",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="InductionMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(verbose_name="row of the plan")),
                ("done_on", models.DateField(verbose_name="Date")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="marked at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.person",
                        verbose_name="marked by",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="plans.inductionplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "mark of the mentor",
                "verbose_name_plural": "marks of the mentor",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "uid"),
                        name="plans_inductionmark_one_per_row",
                        violation_error_message="This row is marked already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InductionItem",
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
                ("direction", models.CharField(blank=True, max_length=200, verbose_name="Direction of development")),
                ("activity", models.CharField(blank=True, max_length=300, verbose_name="What is done")),
                ("activity_form", models.CharField(blank=True, max_length=150, verbose_name="In what form")),
                (
                    "plan_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="Year of the plan",
                    ),
                ),
                ("expected_result", models.CharField(blank=True, max_length=300, verbose_name="Expected result")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="plans.inductionplan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a young specialist's plan",
                "verbose_name_plural": "rows of a young specialist's plan",
                "ordering": ["position", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "uid"), name="plans_inductionitem_once_per_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("month__isnull", True), ("month__range", (1, 12)), _connector="OR"),
                        name="plans_inductionitem_month_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("plan_year__isnull", True), ("plan_year__gte", 1), _connector="OR"),
                        name="plans_inductionitem_year_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="lessonsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["observation", "visit", "reflection"])),
                name="plans_lessonsheet_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolioentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("assessment__isnull", True),
                        ("document__isnull", True),
                        ("mentorship__isnull", True),
                        ("record__isnull", False),
                        ("sharing__isnull", True),
                    ),
                    models.Q(
                        ("assessment__isnull", True),
                        ("document__isnull", True),
                        ("mentorship__isnull", True),
                        ("record__isnull", True),
                        ("sharing__isnull", False),
                    ),
                    models.Q(
                        ("assessment__isnull", True),
                        ("document__isnull", False),
                        ("mentorship__isnull", True),
                        ("record__isnull", True),
                        ("sharing__isnull", True),
                    ),
                    models.Q(
                        ("assessment__isnull", True),
                        ("document__isnull", True),
                        ("mentorship__isnull", False),
                        ("record__isnull", True),
                        ("sharing__isnull", True),
                    ),
                    models.Q(
                        ("assessment__isnull", False),
                        ("document__isnull", True),
                        ("mentorship__isnull", True),
                        ("record__isnull", True),
                        ("sharing__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="plans_portfolioentry_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolioentry",
            constraint=models.UniqueConstraint(
                fields=("person", "record"), name="plans_portfolioentry_one_per_record"
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolioentry",
            constraint=models.UniqueConstraint(
                fields=("person", "sharing"), name="plans_portfolioentry_one_per_sharing"
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolioentry",
            constraint=models.UniqueConstraint(
                fields=("person", "document"), name="plans_portfolioentry_one_per_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolioentry",
            constraint=models.UniqueConstraint(
                fields=("person", "mentorship"), name="plans_portfolioentry_one_per_mentorship"
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolioentry",
            constraint=models.UniqueConstraint(
                fields=("person", "assessment"), name="plans_portfolioentry_one_per_assessment"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="plans_questionset_ends_after_start",
                violation_error_message="The end date must not be earlier than the start date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionset",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["before", "after", "focus", "reflection"])),
                name="plans_questionset_purpose_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionset",
            constraint=models.UniqueConstraint(
                fields=("purpose", "starts_on"),
                name="plans_questionset_one_begins_on_a_day",
                violation_error_message="Another version begins on this day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("question_set", "position"), name="plans_question_one_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetanswer",
            constraint=models.UniqueConstraint(
                fields=("sheet", "question"), name="plans_sheetanswer_one_per_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("question", None), models.Q(("own_question", ""), _negated=True)),
                    models.Q(("own_question", ""), ("question__isnull", False)),
                    _connector="OR",
                ),
                name="plans_sheetanswer_answers_something",
            ),
        ),
    ]
