"""What a person is told, once each: in the application, and by e-mail where they asked for it."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.choices import NoticeKind, label_of
from schools.models.accounts import User
from schools.models.people import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's."""
        return self.filter(person=user.person_id)


class Notice(models.Model):
    """One thing one person is told. ``key`` names what it is about: the same is never told twice.

    ``facts`` are what the sentence of its kind is made of, in the reader's language at the time of reading; ``path``
    is the page where something can be done about it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices", verbose_name=_("person"))
    kind = models.CharField(_("Kind"), max_length=20, choices=NoticeKind)
    key = models.CharField(_("about"), max_length=80)
    facts = models.JSONField(_("facts"), default=dict)
    path = models.CharField(_("page"), max_length=200)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("sent by e-mail at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notice_person_made"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["key"], condition=models.Q(kind=NoticeKind.WAITING, read_at=None), name="notice_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
            models.UniqueConstraint(fields=["person", "kind", "key"], name="%(app_label)s_%(class)s_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return label_of(NoticeKind, self.kind)
