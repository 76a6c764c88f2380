"""What teachers gave on of a course: presentations, open lessons, seminars and reports (000 §18, form F18)."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import SharingKind
from courses.models.records import TrainingRecord
from cpd.dates import school_year_of, today
from schools.models import Institution, MethodicalAssociation, Person, User


def this_school_year() -> int:
    return school_year_of(today())


class SharingQuerySet(models.QuerySet["SharingEvent"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those of the institutions one serves, of the associations one heads or is the dean over."""
        scope = user.scope
        return self.filter(
            Q(record__person=user.person_id)
            | Q(institution__in=scope.served)
            | Q(association__in=scope.associations)
            | Q(association__part_of__in=scope.faculties)
        )

    def held(self) -> Self:
        return self.filter(held_on__isnull=False)


class SharingEvent(models.Model):
    """One occasion on which a teacher shares what a verified course gave: planned, then held. May, not must (§18)."""

    record = models.ForeignKey(
        TrainingRecord, models.PROTECT, related_name="sharings", verbose_name=_("record of attendance")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="sharings", verbose_name=_("institution")
    )
    association = models.ForeignKey(
        MethodicalAssociation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sharings",
        verbose_name=_("methodical association"),
    )
    kind = models.CharField(_("How it is shared"), max_length=20, choices=SharingKind)
    topic = models.CharField(_("Topic"), max_length=300, blank=True)
    school_year = models.PositiveSmallIntegerField(
        _("School year"), default=this_school_year
    )  # its first calendar year
    month = models.PositiveSmallIntegerField(
        _("month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    held_on = models.DateField(_("Date"), null=True, blank=True)
    present_count = models.PositiveSmallIntegerField(_("Number of those present"), null=True, blank=True)
    file = models.OneToOneField(
        "courses.CertificateFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sharing",
        verbose_name=_("Attachment"),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)  # counts every change; forms carry it
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)

    objects = SharingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing of what was learnt")
        verbose_name_plural = _("sharing of what was learnt")
        ordering = ["-school_year", "held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SharingKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="%(app_label)s_%(class)s_month_known"
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=False) | Q(present_count=None, file=None),
                name="%(app_label)s_%(class)s_held_before_counted",
                violation_error_message=_("Enter the date on which it was held."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.topic or self.record}"
