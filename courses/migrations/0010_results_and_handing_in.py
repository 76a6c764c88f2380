"""Results of courses, the day a certificate was handed in, the days in which an internship is told of."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0009_first_rule_for_young_specialists"),
        ("schools", "0011_units_and_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lectures", "Lecture course"),
                            ("guidelines", "Methodical guidelines"),
                            ("manual", "Methodical manual"),
                            ("programme", "Programme of a new course"),
                            ("seminar", "Seminar or master class"),
                            ("article", "Article or chapter of a dissertation"),
                            ("other", "Other work"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="added at")),
            ],
            options={
                "verbose_name": "result of a course",
                "verbose_name_plural": "results of courses",
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="recorddecision",
            name="courses_recorddecision_choices_known",
        ),
        migrations.RemoveConstraint(
            model_name="trainingrecord",
            name="courses_trainingrecord_choices_known",
        ),
        migrations.AddField(
            model_name="hourspolicy",
            name="information_days",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="days after an internship in which its information is given"
            ),
        ),
        migrations.AddField(
            model_name="trainingrecord",
            name="handed_in_on",
            field=models.DateField(blank=True, null=True, verbose_name="handed in to the personnel department on"),
        ),
        migrations.AlterField(
            model_name="recorddecision",
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
            model_name="trainingrecord",
            name="document_type",
            field=models.CharField(
                blank=True,
                choices=[
                    ("certificate_upgrade", "Certificate of qualification upgrade"),
                    ("certificate", "Certificate"),
                    ("retraining_diploma", "Diploma of professional retraining"),
                    ("diploma", "Diploma of education or of an academic degree"),
                    ("programme", "Programme of participation"),
                    ("thanks_letter", "Letter of thanks"),
                ],
                max_length=30,
                verbose_name="Kind of document",
            ),
        ),
        migrations.AddConstraint(
            model_name="recorddecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        ["submit", "withdraw", "set_hours", "recognise", "verify", "return", "reject", "reverse"],
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
                name="courses_recorddecision_choices_known",
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
                        [
                            "",
                            "certificate_upgrade",
                            "certificate",
                            "retraining_diploma",
                            "diploma",
                            "programme",
                            "thanks_letter",
                        ],
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
            model_name="recordattachment",
            name="file",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachment",
                to="courses.certificatefile",
                verbose_name="photo or scan",
            ),
        ),
        migrations.AddField(
            model_name="recordattachment",
            name="record",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="courses.trainingrecord",
                verbose_name="record of attendance",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordattachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["lectures", "guidelines", "manual", "programme", "seminar", "article", "other"])
                ),
                name="courses_recordattachment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordattachment",
            constraint=models.UniqueConstraint(
                fields=("record", "uid"), name="courses_recordattachment_once_per_record"
            ),
        ),
    ]
