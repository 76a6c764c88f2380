"""What providers offer (plan-schedules, F07), and the places that the district gives in it."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import Block, StudyForm
from courses.models.records import TrainingRecord
from courses.models.registers import Programme, Provider
from cpd.fields import FoldedField
from schools.choices import TeachingLanguage
from schools.models import District, Employment, Institution, Person, Subject, User


class OfferingQuerySet(models.QuerySet["Offering"]):
    def visible_to(self, user: User) -> Self:
        """Those of the districts one serves, works in or leads a school in; all."""
        scope = user.scope
        if scope.is_country_wide:
            return self
        places = scope.served | scope.workplaces
        near = Institution.objects.filter(pk__in=places).values("district")
        return self.filter(Q(district__in=scope.districts) | Q(district__in=near))

    def live(self) -> Self:
        return self.filter(cancelled_at=None)


class Offering(models.Model):
    """One course of a provider's plan-schedule, as a district received it (000 §17).

    ``given`` counts the places given and not taken back: the database itself lets no more be given than there are.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="offerings", verbose_name=_("District, city"))
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="offerings", verbose_name=_("provider"))
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("programme")
    )
    title = models.CharField(_("Title of the course or module"), max_length=300)
    title_key = FoldedField(sources=("title",))
    audience = models.CharField(_("for whom"), max_length=200, blank=True)
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Subject")
    )
    is_for_leaders = models.BooleanField(_("for heads of schools"), default=False)  # 000 §17
    language = models.CharField(
        _("language of the course"), max_length=2, choices=TeachingLanguage, default=TeachingLanguage.KYRGYZ
    )
    block = models.CharField(_("Block"), max_length=20, choices=Block, blank=True)
    hours = models.DecimalField(_("Number of hours"), max_digits=5, decimal_places=1)
    study_form = models.CharField(_("Study form"), max_length=20, choices=StudyForm, blank=True)
    starts_on = models.DateField(_("Start date"))
    ends_on = models.DateField(_("End date"))
    venue = models.CharField(_("Place of the course"), max_length=200, blank=True)
    places = models.PositiveSmallIntegerField(_("Number of places"))
    given = models.PositiveSmallIntegerField(_("places given"), default=0, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    cancelled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("cancelled by")
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("Reason for the cancellation"), max_length=300, blank=True, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name = _("offered course")
        verbose_name_plural = _("Plan-schedules of providers")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "provider", "title_key", "starts_on", "language"],
                condition=Q(cancelled_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This course is already in the plan-schedule."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end date must not be earlier than the start date."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="%(app_label)s_%(class)s_hours_positive",
                violation_error_message=_("The number of hours must be greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(given__lte=F("places")),
                name="%(app_label)s_%(class)s_no_more_given_than_there_are",
                violation_error_message=_("More places are given already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    block__in=["", *Block.values],
                    study_form__in=["", *StudyForm.values],
                    language__in=TeachingLanguage.values,
                ),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="%(app_label)s_%(class)s_cancelled_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> int:
        """Places nobody has been given."""
        return self.places - self.given


class SeatQuerySet(models.QuerySet["Seat"]):
    def live(self) -> Self:
        """Those that were not taken back."""
        return self.filter(taken_back_at=None)

    def visible_to(self, user: User) -> Self:
        """One's own; those of the schools one serves, of the members of one's association, of one's districts; all."""
        scope = user.scope
        if scope.is_country_wide:
            return self
        own = Employment.objects.filter(pk=OuterRef("employment"), person=user.person_id)
        return self.filter(
            Exists(own)
            | Q(institution__in=scope.served)
            | Q(employment__association__in=scope.associations)
            | Q(employment__association__part_of__in=scope.faculties)
            | Q(offering__district__in=scope.districts)
        )

    def with_people(self) -> Self:
        """With all that a line of a list names."""
        return self.select_related(
            "offering", "institution", "employment__person", "given_by", "named_by", "taken_back_by"
        )


class Seat(models.Model):
    """One place in an offered course, given to a school and, by the district or by the school, to a teacher of it.

    ``reasons`` are those that were on the screen when it was given: see ``courses.offerings.queue``. Planned, place
    confirmed, attended and certificate are four facts, kept apart (field notes 8, 13, 16).
    """

    offering = models.ForeignKey(Offering, models.PROTECT, related_name="seats", verbose_name=_("offered course"))
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))
    employment = models.ForeignKey(  # none while the school has not named its teacher
        Employment, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("teacher")
    )
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    override_reason = models.CharField(_("Reason for leaving the queue"), max_length=300, blank=True)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    named_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("named by")
    )
    named_at = models.DateTimeField(_("named at"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken back by")
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    taken_back_reason = models.CharField(_("Reason for taking it back"), max_length=300, blank=True)
    attended = models.BooleanField(_("attended"), null=True)  # unknown until somebody marks the list
    attended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("marked by")
    )
    attended_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    is_marked_by_district = models.BooleanField(_("marked by the district"), default=False)  # then a school leaves it
    record = models.OneToOneField(  # what the attendance list made of it
        TrainingRecord, models.SET_NULL, null=True, blank=True, related_name="seat", verbose_name=_("record")
    )
    record_revision = models.PositiveIntegerField(  # as the list left it: at another one its owner has written
        _("revision of the record"), null=True, blank=True
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a course")
        verbose_name_plural = _("places in courses")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "employment"],
                condition=Q(taken_back_at=None),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This teacher already has a place in the course."),
            ),
            models.CheckConstraint(
                condition=Q(named_at__isnull=True, named_by__isnull=True)
                | Q(named_at__isnull=False, named_by__isnull=False, employment__isnull=False),
                name="%(app_label)s_%(class)s_named_whole",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_reason=""),
                name="%(app_label)s_%(class)s_taken_back_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    attended__isnull=True,
                    attended_at__isnull=True,
                    attended_by__isnull=True,
                    is_marked_by_district=False,
                )
                | Q(
                    attended__isnull=False,
                    attended_at__isnull=False,
                    attended_by__isnull=False,
                    employment__isnull=False,
                    taken_back_at__isnull=True,
                ),
                name="%(app_label)s_%(class)s_marked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering} · {self.institution}"
