"""Papers of a school that are drawn up from what is known and then edited in plain text before printing (F10, F13)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.choices import PaperKind
from plans.models.needs import YEAR
from schools.models import Institution, Meeting, Person, User


class SchoolPaperQuerySet(models.QuerySet["SchoolPaper"]):
    def visible_to(self, user: User) -> Self:
        """Those of the institutions whose papers one keeps, and extracts from the minutes of one's association."""
        scope = user.scope
        return self.filter(Q(institution__in=scope.kept) | Q(meeting__association__in=scope.associations))


class SchoolPaper(models.Model):
    """An order of the director on CPD measures (F10) or an extract of minutes (F13).

    ``text`` holds what was edited, by the names of the paper's parts; see ``plans.school_papers``. It is signed on
    paper, so nothing of it is decided on here.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="papers", verbose_name=_("institution"))
    school_year = models.PositiveSmallIntegerField(_("School year"), validators=YEAR)
    meeting = models.OneToOneField(
        Meeting, models.PROTECT, null=True, blank=True, related_name="extract", verbose_name=_("meeting")
    )
    number = models.CharField(_("number"), max_length=30, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    text = models.JSONField(_("text"), default=dict)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = SchoolPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of the school")
        verbose_name_plural = _("papers of the school")
        ordering = ["-school_year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="%(app_label)s_%(class)s_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.MINUTES_EXTRACT, meeting__isnull=False)
                | ~Q(kind=PaperKind.MINUTES_EXTRACT) & Q(meeting=None),
                name="%(app_label)s_%(class)s_extract_of_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return reverse("school_paper", args=[self.pk])
