"""Course schedules: the association's (F05) and the school's (F06), with what the district asks and reminds of."""

import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import Block, StudyForm
from courses.models.offerings import Offering
from cpd.dates import school_year_label, school_year_of
from cpd.fields import FoldedField
from schools.choices import DocumentKind
from schools.models import District, Document, Employment, Institution, MethodicalAssociation, Person

MONTH = [MinValueValidator(1), MaxValueValidator(12)]
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Schedule(Document):
    """The course schedule of one school year: an association's (000 §14) or a school's (000 §15–16).

    Which of the two is its ``kind``. It walks the route of every document; see :mod:`schools.approval`.
    """

    # Of a school's: the version of each association's schedule whose rows the working copy holds, key by key, as text.
    taken = models.JSONField(_("parts taken"), default=dict, editable=False)

    class Meta:
        verbose_name = _("course schedule")
        verbose_name_plural = _("Course schedules")

    def get_absolute_url(self) -> str:
        return reverse("schedule", args=[self.pk])

    @property
    def is_of_school(self) -> bool:
        return self.kind == DocumentKind.SCHOOL_SCHEDULE

    @property
    def school_year(self) -> int:
        """Its first calendar year."""
        return school_year_of(self.starts_on)


class ScheduleEntry(models.Model):
    """One course of one teacher in a working copy.

    Taking an association's schedule into the school's copies its rows: both call a row by the same ``uid``.
    ``revision`` is the row's own, so that two people can work on different rows at once.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="rows", verbose_name=_("course schedule"))
    association = models.ForeignKey(  # the group it stands in; none for who belongs to no association
        MethodicalAssociation, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("methodical association"),
    )  # fmt: skip
    employment = models.ForeignKey(Employment, models.PROTECT, related_name="schedule_rows", verbose_name=_("teacher"))
    title = models.CharField(_("Title of the course or module"), max_length=300, blank=True)
    title_key = FoldedField(sources=("title",))
    block = models.CharField(_("Block"), max_length=20, choices=Block, blank=True)
    hours = models.DecimalField(_("Number of hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    provider_text = models.CharField(_("Name of the organisation"), max_length=200, blank=True)
    study_form = models.CharField(_("Study form"), max_length=20, choices=StudyForm, blank=True)
    offering = models.ForeignKey(  # the course of a provider's plan-schedule that was chosen for the row
        Offering, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offered course")
    )
    proposed_month = models.PositiveSmallIntegerField(  # by the head of the association
        _("Proposed term"), null=True, blank=True, validators=MONTH
    )
    starts_on = models.DateField(_("Start date"), null=True, blank=True)  # the fixed term, by the deputy (000 §15)
    ends_on = models.DateField(_("End date"), null=True, blank=True)
    responsible = models.CharField(_("Responsible"), max_length=150, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)  # see courses.schedules.drafting
    plan_item = models.UUIDField(_("planned item"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    changed_by = models.ForeignKey(  # told to whoever meant to save the same row at the same time
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("row of a schedule")
        verbose_name_plural = _("rows of schedules")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "uid"], name="%(app_label)s_%(class)s_once_per_schedule"),
            models.UniqueConstraint(
                fields=["schedule", "employment", "title_key"],
                name="%(app_label)s_%(class)s_one_per_course",
                violation_error_message=_("The row is already in the schedule."),
            ),
            models.CheckConstraint(
                condition=Q(block__in=["", *Block.values], study_form__in=["", *StudyForm.values]),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="%(app_label)s_%(class)s_hours_positive",
                violation_error_message=_("The number of hours must be greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(proposed_month__isnull=True) | Q(proposed_month__range=(1, 12)),
                name="%(app_label)s_%(class)s_month_known",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_term_whole",
                violation_error_message=_("The end date must not be earlier than the start date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.uid)


class OfSchoolYear(models.Model):
    """What holds for one school year of a district, named by its first calendar year."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("District, city"))
    school_year = models.PositiveSmallIntegerField(_("School year"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        abstract = True

    @staticmethod
    def known_year() -> models.CheckConstraint:
        return models.CheckConstraint(
            condition=Q(school_year__range=(FIRST_YEAR, LAST_YEAR)), name="%(app_label)s_%(class)s_year_known"
        )


class ScheduleDeadline(OfSchoolYear):
    """The last day on which the schools of a district send their schedules; no document of the sources names one."""

    due_on = models.DateField(_("Send by"))

    class Meta:
        verbose_name = _("deadline of schedules")
        verbose_name_plural = _("deadlines of schedules")
        constraints = [
            OfSchoolYear.known_year(),
            models.UniqueConstraint(fields=["district", "school_year"], name="%(app_label)s_%(class)s_one_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.district}, {school_year_label(self.school_year)}: {self.due_on}"


class ReminderQuerySet(models.QuerySet["ScheduleReminder"]):
    def for_school_year(self, year: int) -> Self:
        return self.filter(school_year=year)


class ScheduleReminder(OfSchoolYear):
    """The district reminded one school that its schedule has not come."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at"]
        constraints = [OfSchoolYear.known_year()]

    def __str__(self) -> str:
        return f"{self.institution}, {school_year_label(self.school_year)}"
