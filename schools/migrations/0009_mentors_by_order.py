"""Mentors by order, young specialists, plans of the first years.

Once it was used there is no way back: what the journal says of mentors is never rewritten nor taken out, and the step
before knows nothing of these events, notices and plans. Go back by a backup, see docs/operations.md.
"""

import datetime as dt

from django.db import migrations, models

from cpd.migrating import RunBothWays


def end_overlapping(apps, schema_editor):
    """From now on one mentor at a time: each one ends the day before the next begins, whatever its last day was.

    Of several that begin on one day the newest entry goes on; the others last that first day alone, for a row needs
    one: on that one day there are two, which is as it was entered.
    """
    mentorships = apps.get_model("schools", "Mentorship").objects
    earlier = None
    for row in mentorships.order_by("institution_id", "mentee_id", "starts_on", "pk"):
        is_of_same = earlier and (earlier.institution_id, earlier.mentee_id) == (row.institution_id, row.mentee_id)
        if is_of_same and (earlier.ends_on is None or earlier.ends_on >= row.starts_on):
            before = max(earlier.starts_on, row.starts_on - dt.timedelta(days=1))
            mentorships.filter(pk=earlier.pk).update(ends_on=before)
        earlier = row


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0008_route_of_requests"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="approvalroute",
            name="schools_approvalroute_kinds_known",
        ),
        migrations.RemoveConstraint(
            model_name="auditentry",
            name="schools_auditentry_event_known",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="schools_document_one_per_period",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="schools_document_choices_known",
        ),
        migrations.RemoveConstraint(
            model_name="mentorship",
            name="schools_mentorship_once",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="schools_notice_kind_known",
        ),
        migrations.AddField(
            model_name="decision",
            name="order_number",
            field=models.CharField(blank=True, max_length=30, verbose_name="Order number"),
        ),
        migrations.AddField(
            model_name="decision",
            name="ordered_on",
            field=models.DateField(blank=True, null=True, verbose_name="Date of the order"),
        ),
        migrations.AddField(
            model_name="employment",
            name="is_young_specialist",
            field=models.BooleanField(
                blank=True,
                choices=[(None, "by the first years of work"), (True, "yes"), (False, "no")],
                help_text="Who has just begun to teach gets a mentor and makes a plan with them.",
                null=True,
                verbose_name="Young specialist",
            ),
        ),
        migrations.AddField(
            model_name="mentorship",
            name="ordered_on",
            field=models.DateField(blank=True, null=True, verbose_name="Date of the order"),
        ),
        migrations.AddField(
            model_name="routestep",
            name="needs_order",
            field=models.BooleanField(default=False, verbose_name="needs number and date of an order"),
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
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="event",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("password_changed", "Password changed"),
                    ("second_factor_changed", "Second factor changed"),
                    ("sessions_ended", "Signed out everywhere"),
                    ("mail_changed", "E-mail address changed"),
                    ("invited", "Invitation made"),
                    ("invitation_revoked", "Invitation revoked"),
                    ("account_made", "Account made"),
                    ("account_closed", "Account closed"),
                    ("account_opened", "Account opened again"),
                    ("hired", "Hired"),
                    ("employment_changed", "Employment changed"),
                    ("employment_ended", "Employment ended"),
                    ("leave_changed", "Long leave entered or changed"),
                    ("transfer_proposed", "Transfer proposed"),
                    ("transfer_answered", "Transfer answered"),
                    ("name_changed", "Name changed"),
                    ("person_changed", "Personal data changed"),
                    ("merged", "Two records merged"),
                    ("merge_undone", "Merge undone"),
                    ("role_given", "Role given"),
                    ("role_ended", "Role ended"),
                    ("mentor_fixed", "Mentor fixed by order"),
                    ("mentor_changed", "Mentorship changed or ended"),
                    ("delegated", "Work handed over"),
                    ("delegation_ended", "Handing over ended"),
                    ("document_moved", "Step of a plan or schedule"),
                    ("record_moved", "Decision on a record"),
                    ("import_applied", "Import applied"),
                    ("import_undone", "Import undone"),
                    ("saw_person", "Looked at a person's data"),
                    ("saw_document", "Looked at a plan"),
                    ("saw_record", "Looked at a record or certificate"),
                    ("took_table", "Took a table or paper about several people"),
                    ("took_own_data", "Took all data about themselves"),
                    ("consented", "Agreed to the text on personal data"),
                    ("erased", "Made nameless"),
                    ("reference_changed", "Reference data changed"),
                ],
                max_length=40,
                verbose_name="what",
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
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("returned", "Returned to me"),
                    ("approved", "Decided on my papers"),
                    ("waiting", "Waits for me"),
                    ("due", "My hours are due"),
                    ("place", "A place in a course"),
                    ("deadline", "Deadline of the schedule"),
                    ("move", "Moves between schools"),
                    ("account", "My account"),
                    ("mentoring", "Mentors and young specialists"),
                ],
                max_length=20,
                verbose_name="Kind",
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
                        ],
                    ),
                    ("institution_kind__in", ["school", "college", "university"]),
                ),
                name="schools_approvalroute_kinds_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "event__in",
                        [
                            "signed_in",
                            "password_changed",
                            "second_factor_changed",
                            "sessions_ended",
                            "mail_changed",
                            "invited",
                            "invitation_revoked",
                            "account_made",
                            "account_closed",
                            "account_opened",
                            "hired",
                            "employment_changed",
                            "employment_ended",
                            "leave_changed",
                            "transfer_proposed",
                            "transfer_answered",
                            "name_changed",
                            "person_changed",
                            "merged",
                            "merge_undone",
                            "role_given",
                            "role_ended",
                            "mentor_fixed",
                            "mentor_changed",
                            "delegated",
                            "delegation_ended",
                            "document_moved",
                            "record_moved",
                            "import_applied",
                            "import_undone",
                            "saw_person",
                            "saw_document",
                            "saw_record",
                            "took_table",
                            "took_own_data",
                            "consented",
                            "erased",
                            "reference_changed",
                        ],
                    )
                ),
                name="schools_auditentry_event_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order_number", ""), ("ordered_on", None)),
                    models.Q(models.Q(("order_number", ""), _negated=True), ("ordered_on__isnull", False)),
                    _connector="OR",
                ),
                name="schools_decision_order_whole",
                violation_error_message="Enter the number and date of the order.",
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
                        ],
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
                condition=models.Q(("kind__in", ("individual_plan", "annual_plan", "induction_plan"))),
                fields=("author", "institution", "kind", "starts_on"),
                name="schools_document_one_per_period",
                violation_error_message="Another plan already covers this period.",
            ),
        ),
        RunBothWays(end_overlapping, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="mentorship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("institution", "mentee"),
                name="schools_mentorship_one_mentor",
                violation_error_message="This young specialist has a mentor already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "returned",
                            "approved",
                            "waiting",
                            "due",
                            "place",
                            "deadline",
                            "move",
                            "account",
                            "mentoring",
                        ],
                    )
                ),
                name="schools_notice_kind_known",
            ),
        ),
    ]
