"""The portfolio: what a teacher has, by the units of the professional standard, as far as they want it shown."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import SharingEvent, TrainingRecord
from plans.models.needs import SelfAssessment
from plans.models.standard import StandardUnit
from schools.models import Document, Mentorship, Person, User

THINGS = ("record", "sharing", "document", "mentorship", "assessment")  # the columns, one of which an entry fills


def _only(column: str) -> Q:
    return Q(**{f"{name}__isnull": name != column for name in THINGS})


class PortfolioEntryQuerySet(models.QuerySet["PortfolioEntry"]):
    def visible_to(self, user: User) -> Self:
        """One's own; nobody else ever reads one."""
        return self.filter(person=user.person_id)


class PortfolioEntry(models.Model):
    """What a teacher said of one thing of theirs: whether it goes in, and under which unit.

    Without a row nothing was said: ``plans.portfolio.facts`` knows what holds then.
    """

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
    mentorship = models.ForeignKey(
        Mentorship, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("mentorship")
    )
    assessment = models.ForeignKey(
        SelfAssessment, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("self-assessment")
    )
    unit = models.ForeignKey(
        StandardUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit of the standard")
    )
    is_in = models.BooleanField(_("goes into the portfolio"), default=True)

    objects = PortfolioEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a portfolio")
        verbose_name_plural = _("entries of a portfolio")
        constraints = [
            models.CheckConstraint(
                condition=_only("record")
                | _only("sharing")
                | _only("document")
                | _only("mentorship")
                | _only("assessment"),
                name="%(app_label)s_%(class)s_of_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "record"], name="%(app_label)s_%(class)s_one_per_record"),
            models.UniqueConstraint(fields=["person", "sharing"], name="%(app_label)s_%(class)s_one_per_sharing"),
            models.UniqueConstraint(fields=["person", "document"], name="%(app_label)s_%(class)s_one_per_plan"),
            models.UniqueConstraint(
                fields=["person", "mentorship"], name="%(app_label)s_%(class)s_one_per_mentorship"
            ),
            models.UniqueConstraint(
                fields=["person", "assessment"], name="%(app_label)s_%(class)s_one_per_assessment"
            ),
        ]

    def __str__(self) -> str:
        return str(self.record or self.sharing or self.document or self.mentorship or self.assessment)
