"""Norms as dated data, each with its legal source."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import CountedFrom, Driver, NormStatus, Transition, YearKind
from schools.choices import InstitutionKind
from schools.models import Institution

ABOVE_ZERO = MinValueValidator(Decimal("0.1"))


class LegalAct(models.Model):
    """A law, order or regulation. Number and title are data: the sources contradict each other (X1, X2)."""

    title_ky = models.CharField(_("title in Kyrgyz"), max_length=300)
    title_ru = models.CharField(_("title in Russian"), max_length=300, blank=True)
    number = models.CharField(_("number"), max_length=30, blank=True)
    issued_on = models.DateField(_("date"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta:
        verbose_name = _("legal act")
        verbose_name_plural = _("Legal acts")

    def __str__(self) -> str:
        return f"{self.title_ky} № {self.number}" if self.number else self.title_ky


class Norm(models.Model):
    """One demand with its source, the days it holds, and whom it binds."""

    institution_kind = models.CharField(_("kind of institution"), max_length=20, choices=InstitutionKind)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("institution"),
        help_text=_("Empty: all institutions of this kind."),
    )
    legal_act = models.ForeignKey(LegalAct, models.PROTECT, verbose_name=_("Legal basis"))
    source_clause = models.CharField(_("clause"), max_length=60)
    status = models.CharField(_("Status"), max_length=20, choices=NormStatus, default=NormStatus.DRAFT)
    valid_from = models.DateField(_("In force from"), null=True, blank=True)
    valid_to = models.DateField(_("In force until"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["institution_kind", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=NormStatus.values, institution_kind__in=InstitutionKind.values),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(status=NormStatus.DRAFT) | Q(valid_from__isnull=False),
                name="%(app_label)s_%(class)s_dated_once_in_force",
                violation_error_message=_("A norm in force needs the date from which it holds."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end date must not be earlier than the start date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legal_act}, {self.source_clause}"

    def clean(self) -> None:
        """Two norms for the same people and days are refused when saved, never guessed between later (rules §2)."""
        if self.status != NormStatus.IN_FORCE or self.valid_from is None:
            return
        if self.rivals().filter(valid_from=self.valid_from).exists():
            raise ValidationError({"valid_from": _("Two rules are in force for the same period.")})

    def rivals(self) -> Any:
        """The other norms in force for exactly the same people."""
        in_force = type(self)._default_manager.filter(status=NormStatus.IN_FORCE).exclude(pk=self.pk)
        return in_force.filter(institution_kind=self.institution_kind, institution=self.institution)


class HoursPolicy(Norm):
    """How many hours in how many years, and what counts towards them (rules §2). Every number of the rule is here.

    Undecided hours are empty; then totals are shown and no debt is computed.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    staff_group = models.CharField(
        _("staff group"),
        max_length=40,
        blank=True,
        help_text=_("Empty: everybody. Else as written in the employment."),
    )
    source_url = models.URLField(_("address of the source"), blank=True)
    note = models.TextField(_("Note"), blank=True)
    driver = models.CharField(_("the demand follows"), max_length=20, choices=Driver, default=Driver.PLAN)
    years = models.PositiveSmallIntegerField(_("years"), validators=[MinValueValidator(1)])
    required_hours = models.DecimalField(
        _("Required hours"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[ABOVE_ZERO]
    )
    accumulate = models.BooleanField(_("hours of several courses are added up"), default=True)
    min_event_hours = models.DecimalField(
        _("least hours of one course"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[ABOVE_ZERO]
    )
    min_compulsory_hours = models.DecimalField(
        _("least hours of the compulsory block"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[ABOVE_ZERO],
    )
    programme_min_hours = models.DecimalField(
        _("a programme begins at so many hours, below it is a module"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[ABOVE_ZERO],
    )
    frequency_years = models.PositiveSmallIntegerField(
        _("a course at least once in so many years"), null=True, blank=True
    )
    frequency_source = models.CharField(
        _("source of these years"),
        max_length=200,
        blank=True,
        help_text=_("Act and clause, where it is not that of the hours."),
    )
    planning_interval_years = models.PositiveSmallIntegerField(
        _("reminder to plan, years after the last course"), null=True, blank=True
    )
    internship_min_hours = models.DecimalField(
        _("least hours of an internship"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[ABOVE_ZERO],
    )
    internship_min_days = models.PositiveSmallIntegerField(_("least days of an internship"), null=True, blank=True)
    retraining_min_hours = models.DecimalField(
        _("least hours of retraining"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[ABOVE_ZERO]
    )
    information_days = models.PositiveSmallIntegerField(
        _("days after an internship in which its information is given"), null=True, blank=True
    )
    degree_counts = models.BooleanField(_("second education, postgraduate study and degrees qualify"), default=False)
    count_nonformal = models.BooleanField(_("non-formal learning counts"), default=False)
    require_document = models.BooleanField(_("a document with its scan is needed"), default=True)
    require_provider_eligible = models.BooleanField(_("the organisation needs the right to teach"), default=True)
    hours_per_credit = models.DecimalField(
        _("hours of one credit"), max_digits=5, decimal_places=1, null=True, blank=True, validators=[ABOVE_ZERO]
    )
    max_hours_per_day = models.DecimalField(
        _("more hours than these in a day are asked about"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[ABOVE_ZERO],
    )
    year_kind = models.CharField(_("kind of year"), max_length=20, choices=YearKind, default=YearKind.SCHOOL)
    warn_days = models.PositiveSmallIntegerField(_("days of warning before the due date"), default=0)
    transition = models.CharField(
        _("when the rule ends"), max_length=20, choices=Transition, default=Transition.CLOSE_AT_REPEAL
    )
    leave_extends = models.BooleanField(
        _("long leave extends the period"),
        default=False,
        help_text=_("The days of long leave are then no part of its years. A rule by year is not extended."),
    )

    class Meta(Norm.Meta):
        verbose_name = _("hours rule")
        verbose_name_plural = _("Hours rules")
        constraints = [
            *Norm.Meta.constraints,
            models.CheckConstraint(
                condition=Q(driver__in=Driver.values, year_kind__in=YearKind.values, transition__in=Transition.values),
                name="%(app_label)s_%(class)s_drive_known",
            ),
            models.CheckConstraint(condition=Q(years__gte=1), name="%(app_label)s_%(class)s_years_positive"),
            models.CheckConstraint(
                condition=~Q(driver=Driver.FREQUENCY) | Q(frequency_years__isnull=False),
                name="%(app_label)s_%(class)s_frequency_has_years",
                violation_error_message=_("A rule that follows the last course needs its number of years."),
            ),
            models.UniqueConstraint(
                fields=["institution_kind", "staff_group", "valid_from"],
                condition=Q(status=NormStatus.IN_FORCE, institution=None),
                name="%(app_label)s_%(class)s_one_per_kind_and_day",
                violation_error_message=_("Two rules are in force for the same period."),
            ),
            models.UniqueConstraint(
                fields=["institution", "staff_group", "valid_from"],
                condition=Q(status=NormStatus.IN_FORCE, institution__isnull=False),
                name="%(app_label)s_%(class)s_one_per_place_and_day",
                violation_error_message=_("Two rules are in force for the same period."),
            ),
        ]

    def rivals(self) -> Any:
        return super().rivals().filter(staff_group=self.staff_group)


class DatedNormQuerySet(models.QuerySet):
    def for_institution(self, institution: Institution, on: dt.date) -> Any:
        """The norm in force on a day, or None: the institution's own before its kind's, then the latest (rules §2)."""
        in_force = self.filter(
            Q(institution=institution) | Q(institution=None, institution_kind=institution.kind),
            status=NormStatus.IN_FORCE,
            valid_from__lte=on,
        ).exclude(valid_to__lt=on)
        return in_force.order_by(F("institution").asc(nulls_last=True), "-valid_from").first()


class PlanNorm(Norm):
    """How many years an individual plan covers (national regulation 6.2)."""

    years = models.PositiveSmallIntegerField(_("years"))

    objects = DatedNormQuerySet.as_manager()

    class Meta(Norm.Meta):
        verbose_name = _("plan length rule")
        verbose_name_plural = _("plan length rules")


class InductionNorm(Norm):
    """Who counts as a young specialist, and how long and by when their plan is made (national regulation 4.4.1)."""

    young_years = models.PositiveSmallIntegerField(
        _("years from the first day of teaching in which somebody is a young specialist"),
        validators=[MinValueValidator(1)],
    )
    years = models.PositiveSmallIntegerField(_("years of the plan"), validators=[MinValueValidator(1)])
    due_months = models.PositiveSmallIntegerField(_("months in which the plan is made"))
    counted_from = models.CharField(
        _("these months and years are counted from"), max_length=20, choices=CountedFrom, default=CountedFrom.HIRING
    )
    leave_extends = models.BooleanField(_("long leave extends them"), default=False)

    objects = DatedNormQuerySet.as_manager()

    class Meta(Norm.Meta):
        verbose_name = _("rule for young specialists")
        verbose_name_plural = _("rules for young specialists")
        constraints = [
            *Norm.Meta.constraints,
            models.CheckConstraint(
                condition=Q(counted_from__in=CountedFrom.values), name="%(app_label)s_%(class)s_start_known"
            ),
            models.CheckConstraint(
                condition=Q(years__gte=1, young_years__gte=1), name="%(app_label)s_%(class)s_years_positive"
            ),
        ]
