"""Who saw and changed what. Rows are added, sealed in order, and never changed."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpd.fields import FoldedField
from schools.choices import Event
from schools.models.accounts import User
from schools.models.documents import AppendOnly, AppendOnlyQuerySet
from schools.models.people import Person
from schools.models.places import District, Institution


class AuditQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """What concerns oneself; what happened in the institutions one leads, and in one's district; all."""
        scope = user.scope
        if scope.is_administrator:
            return self
        return self.filter(
            models.Q(subject=user.person_id)
            | models.Q(institution__in=scope.led)
            | models.Q(district__in=scope.districts)
            | models.Q(institution__district__in=scope.districts)
        )


class AuditSeal(AppendOnly):
    """A link of the chain: the hash over the entries it seals, on top of the seal before it."""

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    previous_hash = models.CharField(_("hash of the previous seal"), max_length=64, blank=True)
    chain_hash = models.CharField(_("hash of this seal"), max_length=64)
    made_at = models.DateTimeField(_("sealed at"), default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class AuditEntry(AppendOnly):
    """One thing that somebody did or saw. Names stay as they were.

    ``before`` and ``after`` hold the columns that changed. An entry is sealed once, soon after it was written; until
    then its removal would not be seen.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    event = models.CharField(_("what"), max_length=40, choices=Event)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by whom"))
    by_name = models.CharField(_("name at that time"), max_length=250, blank=True)
    subject = models.ForeignKey(  # the person whose data it was
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about whom")
    )
    subject_name = models.CharField(_("name at that time"), max_length=250, blank=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("District, city")
    )
    what = models.CharField(_("on what"), max_length=300, blank=True)  # as people call it: a plan, a course, a file
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    search_key = FoldedField(sources=("by_name", "subject_name", "what"))
    seal = models.ForeignKey(
        AuditSeal, models.PROTECT, null=True, related_name="entries", verbose_name=_("seal"), editable=False
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the journal")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__in=Event.values), name="%(app_label)s_%(class)s_event_known"
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-at"], name="audit_institution_at"),
            models.Index(fields=["district", "-at"], name="audit_district_at"),
            models.Index(fields=["subject", "-at"], name="audit_subject_at"),
            models.Index(fields=["id"], condition=models.Q(seal=None), name="audit_not_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.event} {self.by_name}"
