"""The professional standard of teachers as data: what a self-assessment asks (002; national regulation 6.1).

The labels are our own short words, never the document's sentences, and the institute may mend them. What is asked
changes with a new version of the standard only, so that the answers of two years can stand side by side.
"""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.models import Bilingual, Dated, Person, User
from schools.models.people import DatedQuerySet


class StandardQuerySet(DatedQuerySet):
    def visible_to(self, _user: User) -> Self:
        """All: everybody who is signed in reads the standard, earlier and coming versions too."""
        return self

    def in_force(self, day: dt.date) -> "ProfessionalStandard | None":
        """The version that holds on a day: of several the one that began last."""
        found: ProfessionalStandard | None = self.on(day).order_by("-starts_on").first()  # type: ignore[assignment]
        return found


class ProfessionalStandard(Dated, Bilingual):
    """One version of the standard, with the days from and until which it is asked, and its source."""

    number = models.CharField(_("Version"), max_length=30, unique=True)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The act or document this version was taken from.")
    )
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("professional standard")
        verbose_name_plural = _("Professional standards")
        ordering = ["-starts_on"]
        constraints = [
            Dated.ordered_dates(),
            models.UniqueConstraint(
                fields=["starts_on"],
                name="%(app_label)s_%(class)s_one_begins_on_a_day",
                violation_error_message=_("Another version begins on this day."),
            ),
        ]


class StandardUnit(Bilingual):
    """A unit of competences: A1 … A5."""

    standard = models.ForeignKey(
        ProfessionalStandard, models.CASCADE, related_name="units", verbose_name=_("professional standard")
    )
    code = models.CharField(_("code"), max_length=10)  # Latin letter and digits: see plans.standard.codes
    position = models.PositiveSmallIntegerField(_("place in lists"))

    class Meta:
        verbose_name = _("unit of the standard")
        verbose_name_plural = _("units of the standard")
        ordering = ["standard", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "code"],
                name="%(app_label)s_%(class)s_one_per_code",
                violation_error_message=_("Another entry has this code."),
            ),
        ]


class CompetenceGroup(Bilingual):
    """A group of key competences: B1 … B6. Shown as a tag beside a competence."""

    standard = models.ForeignKey(
        ProfessionalStandard, models.CASCADE, related_name="groups", verbose_name=_("professional standard")
    )
    code = models.CharField(_("code"), max_length=10)

    class Meta:
        verbose_name = _("group of competences")
        verbose_name_plural = _("groups of competences")
        ordering = ["standard", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "code"],
                name="%(app_label)s_%(class)s_one_per_code",
                violation_error_message=_("Another entry has this code."),
            ),
        ]


class Competence(Bilingual):
    """One competence of a unit, A1.1 … A5.5: one question of the self-assessment."""

    unit = models.ForeignKey(StandardUnit, models.CASCADE, related_name="competences", verbose_name=_("unit"))
    code = models.CharField(_("code"), max_length=10)
    groups = models.ManyToManyField(
        CompetenceGroup, blank=True, related_name="competences", verbose_name=_("groups of competences")
    )
    position = models.PositiveSmallIntegerField(_("place in lists"))

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["unit__position", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"],
                name="%(app_label)s_%(class)s_one_per_code",
                violation_error_message=_("Another entry has this code."),
            ),
        ]


class ScaleLevel(Bilingual):
    """One level of the scale on which a teacher places themself, from 1 upwards.

    No document of the sources names a scale, so how many levels there are and what they are called is data.
    """

    standard = models.ForeignKey(
        ProfessionalStandard, models.CASCADE, related_name="levels", verbose_name=_("professional standard")
    )
    value = models.PositiveSmallIntegerField(pgettext_lazy("scale", "value"))

    class Meta:
        verbose_name = _("level of the scale")
        verbose_name_plural = _("levels of the scale")
        ordering = ["standard", "value"]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=1), name="%(app_label)s_%(class)s_from_one"),
            models.UniqueConstraint(
                fields=["standard", "value"],
                name="%(app_label)s_%(class)s_one_per_value",
                violation_error_message=_("The scale has this value already."),
            ),
        ]
