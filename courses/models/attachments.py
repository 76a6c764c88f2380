"""What came of a course or an internship: articles, manuals, work programmes (004 7.1, 7.2)."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import AttachmentKind
from courses.models.records import TrainingRecord
from schools.models import User


class RecordAttachmentQuerySet(models.QuerySet["RecordAttachment"]):
    def visible_to(self, user: User) -> Self:
        """Those of the records one may see."""
        return self.filter(record__in=TrainingRecord.objects.visible_to(user))


class RecordAttachment(models.Model):
    """One result of a course, by its title; its scan where there is one. A report prints them (form F21)."""

    record = models.ForeignKey(
        TrainingRecord, models.CASCADE, related_name="attachments", verbose_name=_("record of attendance")
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)  # stands in addresses
    kind = models.CharField(_("kind"), max_length=20, choices=AttachmentKind)
    title = models.CharField(_("title"), max_length=300)
    file = models.OneToOneField(
        "courses.CertificateFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachment",
        verbose_name=_("photo or scan"),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    objects = RecordAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a course")
        verbose_name_plural = _("results of courses")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AttachmentKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
            models.UniqueConstraint(fields=["record", "uid"], name="%(app_label)s_%(class)s_once_per_record"),
        ]

    def __str__(self) -> str:
        return self.title
