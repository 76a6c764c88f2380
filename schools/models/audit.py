"""Who saw and changed what. Rows are added, sealed in order, and never changed."""

import datetime as dt
import uuid
from collections.abc import Iterable
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
        of_places = models.Q(institution__in=scope.led) | models.Q(district__in=scope.districts)
        return self.filter(self.of(user) | of_places)

    @staticmethod
    def of(user: User) -> models.Q:
        """What is about the user, also what was noted of a second record of theirs before the two were merged."""
        return models.Q(subject=user.person_id) | models.Q(subject__merged_into=user.person_id)

    def with_words(self, words: Iterable[str]) -> Self:
        """Those that hold all the words, folded; of who was made nameless since only what the page shows."""
        found = self
        for word in words:
            found = found.filter(search_key__contains=word)
        if found is self:
            return self
        for person in ("by", "subject"):
            since = models.Q(at__gte=models.F(f"{person}__erased_at"))
            found = found.filter(models.Q(**{f"{person}__erased_at": None}) | since)
        return found

    def parts_visible_to(self, user: User) -> list[Self]:
        """The same piece by piece, each read from one index in the order of time; a row may be in two of them.

        Over all at once PostgreSQL goes back through the whole journal where a place has few entries.
        """
        scope = user.scope
        if scope.is_administrator:
            return [self]
        merged = Person.objects.filter(merged_into=user.person_id).values_list("pk", flat=True)
        return [
            *(self.filter(subject=subject) for subject in [user.person_id, *merged]),
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

    @property
    def shown_by(self) -> str:
        """By whom, as pages name them: people made nameless since are so here too. The row itself is sealed."""
        return self.by.full_name if self.by and self._was_named(self.by) else self.by_name

    @property
    def shown_subject(self) -> str:
        return self.subject.full_name if self.subject and self.is_of_nameless else self.subject_name

    @property
    def shown_what(self) -> str:
        """On what; many a title holds the name of whose it is."""
        return "" if self.is_of_nameless else self.what

    @property
    def is_of_nameless(self) -> bool:
        """Whether it tells of somebody by a name, and with columns, that are kept no longer."""
        return self.subject is not None and self._was_named(self.subject)

    def is_about(self, person_id: int | None) -> bool:
        return self.subject is not None and person_id in (self.subject_id, self.subject.merged_into_id)

    def _was_named(self, person: Person) -> bool:
        return person.erased_at is not None and self.at < person.erased_at

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
