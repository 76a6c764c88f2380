"""The portfolio: what a teacher has, by the units of the professional standard, as far as they want it shown."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import SharingEvent, TrainingRecord
from plans.models.standard import StandardUnit
from schools.models import Document, Person


class PortfolioEntry(models.Model):
    """What a teacher said of one thing of theirs: whether it goes in, and under which unit. Without a row it is in."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="portfolio", verbose_name=_("person"))
    record = models.ForeignKey(
        TrainingRecord, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("record of attendance")
    )
    sharing = models.ForeignKey(
        SharingEvent,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sharing of what was learnt"),
    )
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )
    unit = models.ForeignKey(
        StandardUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit of the standard")
    )
    is_in = models.BooleanField(_("goes into the portfolio"), default=True)

    class Meta:
        verbose_name = _("entry of a portfolio")
        verbose_name_plural = _("entries of a portfolio")
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False, sharing=None, document=None)
                | Q(record=None, sharing__isnull=False, document=None)
                | Q(record=None, sharing=None, document__isnull=False),
                name="%(app_label)s_%(class)s_of_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "record"], name="%(app_label)s_%(class)s_one_per_record"),
            models.UniqueConstraint(fields=["person", "sharing"], name="%(app_label)s_%(class)s_one_per_sharing"),
            models.UniqueConstraint(fields=["person", "document"], name="%(app_label)s_%(class)s_one_per_plan"),
        ]

    def __str__(self) -> str:
        return str(self.record or self.sharing or self.document)
