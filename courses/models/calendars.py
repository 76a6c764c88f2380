"""When a school can spare its teachers, and the calendars that phones subscribe to."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import PeriodKind
from courses.models.registers import Kept, KeptQuerySet
from schools.models import Dated, Employment, Person, User


class CalendarPeriod(Kept):
    """Days on which a course is not welcome: exam weeks, the teachers' leave; of everybody or of one teacher.

    A clash with it is a warning, never a wall.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=PeriodKind)
    employment = models.ForeignKey(
        Employment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("teacher"),
        help_text=_("Empty: everybody."),
    )  # fmt: skip
    starts_on = models.DateField(_("Start date"))
    ends_on = models.DateField(_("End date"))

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("period of the calendar")
        verbose_name_plural = _("periods of the calendar")
        ordering = ["starts_on", "pk"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=PeriodKind.values), name="%(app_label)s_%(class)s_kind_known"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end date must not be earlier than the start date."),
            ),
            models.CheckConstraint(  # one teacher's leave is kept at that teacher's school
                condition=Q(employment=None) | Q(institution__isnull=False),
                name="%(app_label)s_%(class)s_of_one_school",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.starts_on} – {self.ends_on}"


class AwayLimit(Dated, Kept):
    """The share of a school's teachers that may be away on courses at once before the schedule warns."""

    percent = models.PositiveSmallIntegerField(
        _("At most, percent of the teachers"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of teachers away")
        verbose_name_plural = _("limits of teachers away")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *Kept.Meta.constraints,
            Dated.ordered_dates(),
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="%(app_label)s_%(class)s_percent_known"),
            models.UniqueConstraint(
                fields=["institution", "starts_on"],
                condition=Q(institution__isnull=False),
                name="%(app_label)s_%(class)s_one_from_a_day",
                violation_error_message=_("Another limit begins on this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


class FeedQuerySet(models.QuerySet["CalendarFeed"]):
    def live(self) -> Self:
        return self.filter(revoked_at=None)

    def visible_to(self, user: User) -> Self:
        """One's own."""
        return self.filter(person=user.person_id)


class CalendarFeed(models.Model):
    """The secret address of a person's calendar. Only its hash is kept: it is shown once, when it is made."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="feeds", verbose_name=_("person"))
    token_hash = models.CharField(_("hash of the address"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="%(app_label)s_%(class)s_one_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}"
