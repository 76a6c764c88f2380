"""The first years of a young specialist: the plan made with the mentor (form F12), and what was done of it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.models.plans import Row
from schools.models import Document, Person


class InductionPlan(Document):
    """The plan of a young specialist for the first years (national regulation 4.4–4.4.3).

    Its author is the young specialist; the mentor of the day writes it too, and the director approves it by an order.
    """

    class Meta:
        verbose_name = _("Three-year individual development plan of a young specialist")
        verbose_name_plural = _("Plans of young specialists")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class InductionItem(Row):
    """One thing to do, in which of the plan's years, and what is expected of it."""

    plan = models.ForeignKey(InductionPlan, models.CASCADE, related_name="rows", verbose_name=_("plan"))
    direction = models.CharField(_("Direction of development"), max_length=200, blank=True)
    activity = models.CharField(_("What is done"), max_length=300, blank=True)
    activity_form = models.CharField(_("In what form"), max_length=150, blank=True)
    plan_year = models.PositiveSmallIntegerField(  # 1 is the year that begins with the plan
        _("Year of the plan"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    expected_result = models.CharField(_("Expected result"), max_length=300, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("row of a young specialist's plan")
        verbose_name_plural = _("rows of a young specialist's plan")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(plan_year__isnull=True) | Q(plan_year__gte=1), name="%(app_label)s_%(class)s_year_known"
            ),
        ]

    def __str__(self) -> str:
        return self.activity


class InductionMark(models.Model):
    """That a row of the plan in force was done: the mentor's mark, in a line.

    ``uid`` is the row's: the working copy and all versions of a plan call it by the same one.
    """

    plan = models.ForeignKey(InductionPlan, models.PROTECT, related_name="marks", verbose_name=_("plan"))
    uid = models.UUIDField(_("row of the plan"))
    done_on = models.DateField(_("Date"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("marked by"))
    at = models.DateTimeField(_("marked at"), default=timezone.now)

    class Meta:
        verbose_name = _("mark of the mentor")
        verbose_name_plural = _("marks of the mentor")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "uid"],
                name="%(app_label)s_%(class)s_one_per_row",
                violation_error_message=_("This row is marked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} · {self.done_on}"
