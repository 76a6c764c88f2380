"""Norms as dated data, each with its legal source."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import NormStatus
from schools.choices import InstitutionKind
from schools.models import Institution


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


class NormQuerySet(models.QuerySet):
    def for_institution(self, institution: Institution, on: dt.date) -> Any:
        """The norm in force on a day, or None: the institution's own before its kind's, then the latest (rules §2)."""
        in_force = self.filter(
            Q(institution=institution) | Q(institution=None, institution_kind=institution.kind),
            status=NormStatus.IN_FORCE,
            valid_from__lte=on,
        ).exclude(valid_to__lt=on)
        return in_force.order_by(F("institution").asc(nulls_last=True), "-valid_from").first()


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

    objects = NormQuerySet.as_manager()

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
        rivals = (
            type(self)
            .objects.filter(
                status=NormStatus.IN_FORCE, institution_kind=self.institution_kind, institution=self.institution
            )
            .exclude(pk=self.pk)
        )
        if rivals.filter(valid_from=self.valid_from).exists():
            raise ValidationError({"valid_from": _("Two rules are in force for the same period.")})


class HoursPolicy(Norm):
    """How many hours in how many years (rules §2). Hours may be undecided; then no debt is computed."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    years = models.PositiveSmallIntegerField(_("years"))
    required_hours = models.DecimalField(_("Required hours"), max_digits=6, decimal_places=1, null=True, blank=True)

    class Meta(Norm.Meta):
        verbose_name = _("hours rule")
        verbose_name_plural = _("Hours rules")


class PlanNorm(Norm):
    """How many years an individual plan covers (national regulation 6.2)."""

    years = models.PositiveSmallIntegerField(_("years"))

    class Meta(Norm.Meta):
        verbose_name = _("plan length rule")
        verbose_name_plural = _("plan length rules")
