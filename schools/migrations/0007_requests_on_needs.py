from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0006_movement_accounts_and_journal"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="approvalroute",
            name="schools_approvalroute_kinds_known",
        ),
        migrations.RemoveConstraint(
            model_name="delegation",
            name="schools_delegation_work_known",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="schools_document_choices_known",
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
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
        migrations.AlterField(
            model_name="delegation",
            name="work",
            field=models.CharField(
                choices=[
                    ("plans", "Considering and approving plans"),
                    ("records", "Verifying certificates"),
                    ("schedules", "The school's course schedule"),
                    ("needs", "The school's request on learning needs"),
                    ("accounts", "Accounts and invitations"),
                ],
                max_length=20,
                verbose_name="work",
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
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalroute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "document_kind__in",
                        ["individual_plan", "annual_plan", "association_schedule", "school_schedule", "needs_request"],
                    ),
                    ("institution_kind__in", ["school", "college", "university"]),
                ),
                name="schools_approvalroute_kinds_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("work__in", ["plans", "records", "schedules", "needs", "accounts"])),
                name="schools_delegation_work_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["individual_plan", "annual_plan", "association_schedule", "school_schedule", "needs_request"],
                    ),
                    ("state__in", ["draft", "closed", "submitted", "considered", "agreed", "approved", "returned"]),
                    (
                        "awaiting_role__in",
                        [
                            "",
                            "association_head",
                            "deputy_director",
                            "director",
                            "clerk",
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
                condition=models.Q(("kind", "needs_request")),
                fields=("institution", "starts_on"),
                name="schools_document_one_request_of_a_school",
                violation_error_message="The school already has a request for this school year.",
            ),
        ),
    ]
