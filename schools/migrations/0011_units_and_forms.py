"""Faculties, their deans, quality departments, printed forms, and the kinds of document of colleges and universities."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0010_route_of_induction_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintedForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="As docs/rules.md and the templates name it.", max_length=10, verbose_name="form"
                    ),
                ),
                (
                    "document_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("individual_plan", "Individual professional development plan"),
                            ("annual_plan", "Yearly work plan"),
                            ("association_schedule", "Course schedule of the association"),
                            ("school_schedule", "Course schedule of the school"),
                            ("needs_request", "Request on learning needs"),
                            ("induction_plan", "Three-year individual development plan of a young specialist"),
                            ("perspective_plan", "Perspective plan of qualification upgrade"),
                            ("department_plan", "Yearly plan of the department"),
                            ("application", "Application for a course or internship"),
                            ("internship_plan", "Internship plan"),
                            ("internship_programme", "Internship programme"),
                            ("internship_information", "Information on the internship"),
                            ("course_report", "Report on the qualification upgrade"),
                        ],
                        max_length=30,
                        verbose_name="kind of document",
                    ),
                ),
                (
                    "institution_kind",
                    models.CharField(
                        choices=[("school", "School"), ("college", "College"), ("university", "University")],
                        max_length=20,
                        verbose_name="kind of institution",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="For instance the number of the annex.",
                        max_length=60,
                        verbose_name="label printed on it",
                    ),
                ),
                (
                    "quality_code",
                    models.CharField(
                        blank=True,
                        help_text="Empty: no head of the quality system.",
                        max_length=60,
                        verbose_name="code in the quality system",
                    ),
                ),
                (
                    "quality_edition",
                    models.CharField(
                        blank=True,
                        help_text="Edition, change and copy.",
                        max_length=120,
                        verbose_name="edition in the quality system",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="The clause or annex this form rests on.", max_length=200, verbose_name="source"
                    ),
                ),
            ],
            options={
                "verbose_name": "printed form",
                "verbose_name_plural": "printed forms",
                "ordering": ["code", "institution_kind"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="approvalroute",
            name="schools_approvalroute_kinds_known",
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="schools_decision_choices_known",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="schools_document_choices_known",
        ),
        migrations.RemoveConstraint(
            model_name="roleassignment",
            name="schools_roleassignment_role_known",
        ),
        migrations.RemoveConstraint(
            model_name="roleassignment",
            name="schools_roleassignment_place_fits_role",
        ),
        migrations.RemoveConstraint(
            model_name="routestep",
            name="schools_routestep_known",
        ),
        migrations.AddField(
            model_name="methodicalassociation",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="schools.methodicalassociation",
                verbose_name="faculty",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="academic_degree",
            field=models.CharField(blank=True, max_length=120, verbose_name="Academic degree"),
        ),
        migrations.AlterField(
            model_name="approvalroute",
            name="document_kind",
            field=models.CharField(
                choices=[
                    ("individual_plan", "Individual professional development plan"),
                    ("annual_plan", "Yearly work plan"),
                    ("association_schedule", "Course schedule of the association"),
                    ("school_schedule", "Course schedule of the school"),
                    ("needs_request", "Request on learning needs"),
                    ("induction_plan", "Three-year individual development plan of a young specialist"),
                    ("perspective_plan", "Perspective plan of qualification upgrade"),
                    ("department_plan", "Yearly plan of the department"),
                    ("application", "Application for a course or internship"),
                    ("internship_plan", "Internship plan"),
                    ("internship_programme", "Internship programme"),
                    ("internship_information", "Information on the internship"),
                    ("course_report", "Report on the qualification upgrade"),
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="by_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("association_head", "Head of the methodical association"),
                    ("dean", "Dean of the faculty"),
                    ("deputy_director", "Deputy director for academic affairs"),
                    ("director", "Director"),
                    ("clerk", "Clerk"),
                    ("quality_officer", "Head of the quality department"),
                    ("district_officer", "Officer of the district education office"),
                    ("institute_viewer", "Viewer of the republican institute"),
                    ("administrator", "System administrator"),
                ],
                max_length=30,
                verbose_name="role at that time",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="awaiting_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("association_head", "Head of the methodical association"),
                    ("dean", "Dean of the faculty"),
                    ("deputy_director", "Deputy director for academic affairs"),
                    ("director", "Director"),
                    ("clerk", "Clerk"),
                    ("quality_officer", "Head of the quality department"),
                    ("district_officer", "Officer of the district education office"),
                    ("institute_viewer", "Viewer of the republican institute"),
                    ("administrator", "System administrator"),
                ],
                max_length=30,
                verbose_name="waits for",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("individual_plan", "Individual professional development plan"),
                    ("annual_plan", "Yearly work plan"),
                    ("association_schedule", "Course schedule of the association"),
                    ("school_schedule", "Course schedule of the school"),
                    ("needs_request", "Request on learning needs"),
                    ("induction_plan", "Three-year individual development plan of a young specialist"),
                    ("perspective_plan", "Perspective plan of qualification upgrade"),
                    ("department_plan", "Yearly plan of the department"),
                    ("application", "Application for a course or internship"),
                    ("internship_plan", "Internship plan"),
                    ("internship_programme", "Internship programme"),
                    ("internship_information", "Information on the internship"),
                    ("course_report", "Report on the qualification upgrade"),
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
        migrations.AlterField(
            model_name="roleassignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("association_head", "Head of the methodical association"),
                    ("dean", "Dean of the faculty"),
                    ("deputy_director", "Deputy director for academic affairs"),
                    ("director", "Director"),
                    ("clerk", "Clerk"),
                    ("quality_officer", "Head of the quality department"),
                    ("district_officer", "Officer of the district education office"),
                    ("institute_viewer", "Viewer of the republican institute"),
                    ("administrator", "System administrator"),
                ],
                max_length=30,
                verbose_name="role",
            ),
        ),
        migrations.AlterField(
            model_name="routestep",
            name="role",
            field=models.CharField(
                choices=[
                    ("association_head", "Head of the methodical association"),
                    ("dean", "Dean of the faculty"),
                    ("deputy_director", "Deputy director for academic affairs"),
                    ("director", "Director"),
                    ("clerk", "Clerk"),
                    ("quality_officer", "Head of the quality department"),
                    ("district_officer", "Officer of the district education office"),
                    ("institute_viewer", "Viewer of the republican institute"),
                    ("administrator", "System administrator"),
                ],
                max_length=30,
                verbose_name="role",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalroute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "document_kind__in",
                        [
                            "individual_plan",
                            "annual_plan",
                            "association_schedule",
                            "school_schedule",
                            "needs_request",
                            "induction_plan",
                            "perspective_plan",
                            "department_plan",
                            "application",
                            "internship_plan",
                            "internship_programme",
                            "internship_information",
                            "course_report",
                        ],
                    ),
                    ("institution_kind__in", ["school", "college", "university"]),
                ),
                name="schools_approvalroute_kinds_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        [
                            "submit",
                            "close",
                            "send",
                            "reopen",
                            "withdraw",
                            "consider",
                            "agree",
                            "approve",
                            "return",
                            "amend",
                            "discard",
                        ],
                    ),
                    (
                        "by_role__in",
                        [
                            "",
                            "association_head",
                            "dean",
                            "deputy_director",
                            "director",
                            "clerk",
                            "quality_officer",
                            "district_officer",
                            "institute_viewer",
                            "administrator",
                        ],
                    ),
                ),
                name="schools_decision_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "individual_plan",
                            "annual_plan",
                            "association_schedule",
                            "school_schedule",
                            "needs_request",
                            "induction_plan",
                            "perspective_plan",
                            "department_plan",
                            "application",
                            "internship_plan",
                            "internship_programme",
                            "internship_information",
                            "course_report",
                        ],
                    ),
                    ("state__in", ["draft", "closed", "submitted", "considered", "agreed", "approved", "returned"]),
                    (
                        "awaiting_role__in",
                        [
                            "",
                            "association_head",
                            "dean",
                            "deputy_director",
                            "director",
                            "clerk",
                            "quality_officer",
                            "district_officer",
                            "institute_viewer",
                            "administrator",
                        ],
                    ),
                ),
                name="schools_document_choices_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("association__isnull", False), ("kind__in", ("perspective_plan", "department_plan"))
                ),
                fields=("kind", "association", "starts_on"),
                name="schools_document_one_of_a_department",
                violation_error_message="The department already has such a plan for these years.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("association", None), ("kind__in", ("perspective_plan", "department_plan"))),
                fields=("kind", "institution", "starts_on"),
                name="schools_document_one_of_an_institution",
                violation_error_message="The institution already has such a plan for these years.",
            ),
        ),
        migrations.AddConstraint(
            model_name="methodicalassociation",
            constraint=models.CheckConstraint(
                condition=models.Q(("part_of", models.F("pk")), _negated=True),
                name="schools_methodicalassociation_part_of_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "association_head",
                            "dean",
                            "deputy_director",
                            "director",
                            "clerk",
                            "quality_officer",
                            "district_officer",
                            "institute_viewer",
                            "administrator",
                        ],
                    )
                ),
                name="schools_roleassignment_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="roleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("association", None),
                        ("district", None),
                        ("institution__isnull", False),
                        ("role__in", ("deputy_director", "director", "clerk", "quality_officer")),
                    ),
                    models.Q(
                        ("association__isnull", False),
                        ("district", None),
                        ("institution", None),
                        ("role__in", ("association_head", "dean")),
                    ),
                    models.Q(
                        ("association", None),
                        ("district__isnull", False),
                        ("institution", None),
                        ("role", "district_officer"),
                    ),
                    models.Q(
                        ("association", None),
                        ("district", None),
                        ("institution", None),
                        ("role__in", ("institute_viewer", "administrator")),
                    ),
                    _connector="OR",
                ),
                name="schools_roleassignment_place_fits_role",
                violation_error_message="Give exactly the place that this role belongs to.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("action__in", ("consider", "agree", "approve")),
                    (
                        "role__in",
                        [
                            "association_head",
                            "dean",
                            "deputy_director",
                            "director",
                            "clerk",
                            "quality_officer",
                            "district_officer",
                            "institute_viewer",
                            "administrator",
                        ],
                    ),
                ),
                name="schools_routestep_known",
            ),
        ),
        migrations.AddField(
            model_name="printedform",
            name="institution",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the form of all institutions of this kind that have none of their own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="schools.institution",
                verbose_name="institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedform",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "document_kind__in",
                        [
                            "",
                            "individual_plan",
                            "annual_plan",
                            "association_schedule",
                            "school_schedule",
                            "needs_request",
                            "induction_plan",
                            "perspective_plan",
                            "department_plan",
                            "application",
                            "internship_plan",
                            "internship_programme",
                            "internship_information",
                            "course_report",
                        ],
                    ),
                    ("institution_kind__in", ["school", "college", "university"]),
                ),
                name="schools_printedform_kinds_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedform",
            constraint=models.UniqueConstraint(
                condition=models.Q(("institution__isnull", False)),
                fields=("code", "institution"),
                name="schools_printedform_one_per_institution",
                violation_error_message="This institution already has such a form.",
            ),
        ),
        migrations.AddConstraint(
            model_name="printedform",
            constraint=models.UniqueConstraint(
                condition=models.Q(("institution", None)),
                fields=("code", "institution_kind"),
                name="schools_printedform_one_per_kind",
                violation_error_message="There is already a general form with this code.",
            ),
        ),
    ]
