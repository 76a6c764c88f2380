"""The school's request on learning needs (F08), and the district's order for training made of requests (F09)."""

import uuid
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import Provider
from cpd.dates import school_year_of
from plans.models.needs import YEAR, Counted, LearningNeed, known_year
from schools.models import (
    AppendOnly,
    AppendOnlyQuerySet,
    District,
    Document,
    DocumentVersion,
    Institution,
    Person,
    User,
)


class NeedsRequest(Document):
    """What a school's teachers need to learn in one school year, counted (001 §3, 6.1).

    It walks the route of every document: signed by the director, received by the district. Its content names nobody:
    whose needs a row counts stays at the school.
    """

    class Meta:
        verbose_name = _("request on learning needs")
        verbose_name_plural = _("Requests on learning needs")

    def get_absolute_url(self) -> str:
        return reverse("needs_request", args=[self.pk])

    @property
    def school_year(self) -> int:
        """Its first calendar year."""
        return school_year_of(self.starts_on)


class RequestRow(Counted):
    """Needs of one topic, subject and language in the working copy of a request; ``needs`` are those it counts."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    request = models.ForeignKey(NeedsRequest, models.CASCADE, related_name="rows", verbose_name=_("request"))
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of a request")
        verbose_name_plural = _("rows of requests")
        ordering = ["title_key", "pk"]
        constraints = [
            *Counted.Meta.constraints,
            models.UniqueConstraint(fields=["request", "uid"], name="%(app_label)s_%(class)s_once_per_request"),
            models.UniqueConstraint(
                F("request"),
                F("title_key"),
                Coalesce(F("subject"), 0),
                F("language"),
                name="%(app_label)s_%(class)s_one_per_topic",
                violation_error_message=_("The request already has this topic for this subject and language."),
            ),
        ]


class RequestLine(AppendOnly, Counted):
    """One row of a version of a request as the database counts it: written with the version, never changed.

    ``teachers`` is how many needed it that day. The same stands in the version's content, which is hashed and printed.
    Totals of districts and of the country are made of these rows and of the needs they count (``CountedNeed``).
    """

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="lines", verbose_name=_("version"))
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name=_("institution"))
    school_year = models.PositiveSmallIntegerField(_("School year"), validators=YEAR)
    uid = models.UUIDField(_("row"))
    teachers = models.PositiveIntegerField(_("Number of teachers"), validators=[MinValueValidator(1)])

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a request")
        verbose_name_plural = _("lines of requests")
        ordering = ["pk"]
        indexes = [models.Index(fields=["school_year", "title_key"], name="requestline_topic")]
        constraints = [
            *Counted.Meta.constraints,
            known_year(),
            models.CheckConstraint(condition=Q(teachers__gte=1), name="%(app_label)s_%(class)s_somebody"),
            models.UniqueConstraint(fields=["version", "uid"], name="%(app_label)s_%(class)s_once_per_version"),
        ]


class CountedNeed(AppendOnly):
    """A need that a line of a request counts: written with the line, never changed.

    How many teachers some lines count together is told by whose these needs are: whoever stands in two of them counts
    once. The version's content names the same needs.
    """

    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="counted", verbose_name=_("line of a request"))
    need = models.ForeignKey(LearningNeed, models.PROTECT, related_name="+", verbose_name=_("learning need"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("need that is counted")
        verbose_name_plural = _("needs that are counted")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "need"], name="%(app_label)s_%(class)s_once_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} / {self.need_id}"


class TrainingOrderQuerySet(models.QuerySet["TrainingOrder"]):
    def issued(self) -> Self:
        return self.exclude(issued_at=None)

    def standing(self) -> Self:
        """Those issued that no other issued order stands instead of; the draft of one changes nothing yet."""
        return self.issued().exclude(replaced_by__issued_at__isnull=False)

    def visible_to(self, user: User) -> Self:
        """Those of one's districts; the institute and the administrator see what was issued."""
        scope = user.scope
        seen = Q(district__in=scope.districts)
        if scope.is_country_wide:
            seen |= ~Q(issued_at=None)
        return self.filter(seen)


class TrainingOrder(models.Model):
    """A district's order for training to a provider (001 L72, L224): a draft until it is issued, then never changed.

    A correction is another order with ``replaces``.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("District, city"))
    school_year = models.PositiveSmallIntegerField(_("School year"), validators=YEAR)
    number = models.PositiveSmallIntegerField(_("number"))
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    addressee = models.CharField(_("To whom"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("instead of")
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    content = models.JSONField(_("content"), null=True, blank=True)  # frozen when it is issued; see plans.orders
    content_hash = models.CharField(_("hash of the content"), max_length=64, blank=True)

    objects = TrainingOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order for training")
        verbose_name_plural = _("Orders for training")
        ordering = ["-school_year", "number"]
        constraints = [
            known_year(),
            models.UniqueConstraint(
                fields=["district", "school_year", "number"], name="%(app_label)s_%(class)s_one_per_number"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None, content=None, content_hash="")
                | Q(issued_at__isnull=False, issued_by__isnull=False, content__isnull=False) & ~Q(content_hash=""),
                name="%(app_label)s_%(class)s_issued_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district}, {self.school_year}, № {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("training_order", args=[self.pk])


class OrderRow(Counted):
    """One line of an order: how many teachers of how many schools are to learn what.

    ``group`` names the group of needs it was drawn from (``plans.orders.totals``), so that it can be counted anew
    whatever the order says of its term; ``texts`` are the folded ways in which the schools write the topic, so that
    none is lost where the district lets one stand for itself again.
    """

    order = models.ForeignKey(TrainingOrder, models.CASCADE, related_name="rows", verbose_name=_("order for training"))
    group = models.CharField(_("group of needs"), max_length=450, editable=False)
    texts = models.JSONField(_("ways to write the topic"), default=list, blank=True, editable=False)
    schools = models.PositiveIntegerField(_("Number of schools"))
    teachers = models.PositiveIntegerField(_("Number of teachers"))
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ["title_key", "pk"]
        constraints = [
            *Counted.Meta.constraints,
            models.UniqueConstraint(fields=["order", "group"], name="%(app_label)s_%(class)s_once_per_order"),
        ]
