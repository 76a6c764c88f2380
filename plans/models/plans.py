"""What is intended: five-year individual plans and yearly work plans, each a document that walks a route."""

import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import Block, StudyForm
from courses.models import TrainingRecord
from plans.choices import Executor
from schools.models import Document, Person, User

MONTH = [MinValueValidator(1), MaxValueValidator(12)]


class IndividualPlan(Document):
    """The individual plan of professional development, form F02 (national regulation 6.1–6.3)."""

    grounds = models.JSONField(_("Grounds for the plan"), default=list, blank=True)
    grounds_text = models.CharField(_("Other grounds"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Individual professional development plan")
        verbose_name_plural = _("Individual plans")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class AnnualPlan(Document):
    """The work plan of one school year, form F01 (001 L78–101)."""

    class Meta:
        verbose_name = _("Yearly work plan")
        verbose_name_plural = _("Yearly work plans")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class Row(models.Model):
    """A row of a plan. Its ``uid`` is given by the form that made it, so that a row sent twice is one row."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True, validators=MONTH)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "uid"], name="%(app_label)s_%(class)s_once_per_plan"),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="%(app_label)s_%(class)s_month_known"
            ),
        ]


class PlanItem(Row):
    """One planned programme or module; every column is named in national regulation 6.3."""

    plan = models.ForeignKey(IndividualPlan, models.CASCADE, related_name="rows", verbose_name=_("plan"))
    direction = models.CharField(_("Direction of development"), max_length=200, blank=True)
    rationale = models.CharField(_("Rationale"), max_length=300, blank=True)
    programme_title = models.CharField(_("Title of the programme or module"), max_length=300, blank=True)
    block = models.CharField(_("Block"), max_length=20, choices=Block, blank=True)
    study_form = models.CharField(_("Study form"), max_length=20, choices=StudyForm, blank=True)
    hours = models.DecimalField(_("Number of hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    provider_text = models.CharField(_("Name of the organisation"), max_length=200, blank=True)
    school_year = models.PositiveSmallIntegerField(_("School year"), null=True, blank=True)  # its first calendar year
    note = models.CharField(_("Note"), max_length=300, blank=True)
    need = models.ForeignKey(  # it was made of by one tap: the item keeps its origin
        "plans.LearningNeed", models.PROTECT, null=True, blank=True, editable=False, related_name="plan_items",
        verbose_name=_("learning need"),
    )  # fmt: skip

    class Meta(Row.Meta):
        verbose_name = _("planned item")
        verbose_name_plural = _("planned items")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0), name="%(app_label)s_%(class)s_hours_positive"
            ),
            models.CheckConstraint(
                condition=Q(block__in=["", *Block.values], study_form__in=["", *StudyForm.values]),
                name="%(app_label)s_%(class)s_choices_known",
            ),
        ]

    def __str__(self) -> str:
        return self.programme_title


class AnnualPlanItem(Row):
    """One need of the school year with its kinds of learning, term and executor."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="rows", verbose_name=_("plan"))
    need = models.CharField(_("Need"), max_length=500, blank=True)
    learning_methods = models.JSONField(_("Learning methods"), default=list, blank=True)
    methods_text = models.CharField(_("other methods"), max_length=200, blank=True)
    term_text = models.CharField(_("term in words"), max_length=100, blank=True)
    executor_kind = models.CharField(_("Who carries out"), max_length=20, choices=Executor, default=Executor.SELF)
    executor_text = models.CharField(_("who exactly"), max_length=200, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("row of the yearly plan")
        verbose_name_plural = _("rows of the yearly plan")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(executor_kind__in=Executor.values), name="%(app_label)s_%(class)s_executor_known"
            ),
        ]

    def __str__(self) -> str:
        return self.need


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def visible_to(self, user: User) -> Self:
        """Those whose record the user may see: a draft is its owner's alone."""
        return self.filter(record__in=TrainingRecord.objects.visible_to(user))

    def on_paper(self) -> Self:
        """Those whose record a paper may name."""
        return self.filter(record__in=TrainingRecord.objects.on_paper())


class Fulfilment(models.Model):
    """A planned item and the record of the course that was attended for it, so that nothing is typed twice.

    ``uid`` is the item's: the working copy and all versions of a plan call it by the same one.
    """

    plan = models.ForeignKey(IndividualPlan, models.PROTECT, related_name="fulfilments", verbose_name=_("plan"))
    uid = models.UUIDField(_("planned item"))
    record = models.OneToOneField(
        TrainingRecord, models.CASCADE, related_name="fulfilment", verbose_name=_("record of attendance")
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("linked by"))
    at = models.DateTimeField(_("linked at"), default=timezone.now)

    objects = FulfilmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("fulfilment of an item")
        verbose_name_plural = _("fulfilments of items")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "uid"],
                name="%(app_label)s_%(class)s_one_per_item",
                violation_error_message=_("A record already fulfils this item."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} · {self.record_id}"

    @property
    def item_title(self) -> str:
        """The item by its title in the version in force; empty where a yearly change took it out."""
        rows = self.plan.in_force.content["rows"] if self.plan.in_force else []
        return next((row["programme_title"] for row in rows if row["uid"] == str(self.uid)), "")
