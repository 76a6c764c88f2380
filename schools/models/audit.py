"""Who saw and changed what. Rows are added, sealed in order, and never changed."""

import datetime as dt
import uuid
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpd.fields import FoldedField
from schools.choices import Event
from schools.models.accounts import User
from schools.models.documents import AppendOnly, AppendOnlyQuerySet, digest
from schools.models.people import Person
from schools.models.places import District, Institution


class AuditQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: User) -> Self:
        """What concerns oneself; what happened in the institutions one leads, and in one's district; all."""
        scope = user.scope
        if scope.is_administrator:
            return self
        own = models.Q(subject=user.person_id)
        return self.filter(own | models.Q(institution__in=scope.led) | models.Q(district__in=scope.districts))

    def parts_visible_to(self, user: User) -> list[Self]:
        """The same piece by piece, each read from one index in the order of time; a row may be in two of them.

        Over all at once PostgreSQL goes back through the whole journal where a place has few entries.
        """
        scope = user.scope
        if scope.is_administrator:
            return [self]
        return [
            self.filter(subject=user.person_id),
            *(self.filter(institution=institution) for institution in sorted(scope.led)),
            *(self.filter(district=district) for district in sorted(scope.districts)),
        ]


class AuditSeal(AppendOnly):
    """A link of the chain: the hash over the entries it seals, on top of the seal before it.

    ``sealed`` names each entry with its hash, ``[[pk, hash], …]`` by pk, so that the very entry that was altered,
    taken out or put in later can be told.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    previous_hash = models.CharField(_("hash of the previous seal"), max_length=64, blank=True)
    chain_hash = models.CharField(_("hash of this seal"), max_length=64)
    sealed = models.JSONField(_("entries sealed"))
    made_at = models.DateTimeField(_("sealed at"), default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)

    def computed_hash(self) -> str:
        """The hash over everything this seal states, on top of the seal before it."""
        return digest([self.number, self.previous_hash, self.made_at.isoformat(), self.sealed])


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
    district = models.ForeignKey(  # the institution's at that time too, so that the office finds it by one index
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("District, city")
    )
    what = models.CharField(_("on what"), max_length=300, blank=True)  # as people call it: a plan, a course, a file
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    search_key = FoldedField(sources=("by_name", "subject_name", "what"))
    once = models.UUIDField(null=True, unique=True, editable=False)  # of what is noted once a day: see ``audit.saw``
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

    def computed_hash(self) -> str:
        """The hash over everything this entry states."""
        return digest([_plain(getattr(self, column)) for column in STATED])


# What an entry states, in the order in which it is hashed. Its pk stands in the seal beside this hash.
STATED = (
    "at",
    "event",
    "by_id",
    "by_name",
    "subject_id",
    "subject_name",
    "institution_id",
    "district_id",
    "what",
    "before",
    "after",
    "address",
    "search_key",
    "once",
)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
