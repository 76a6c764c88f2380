"""Certificate files: what was photographed or scanned, as it is stored."""

import secrets
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models.attachments import RecordAttachment
from courses.models.records import RecordDecision, TrainingRecord
from courses.models.sharing import SharingEvent
from schools.models import Person, User

ADDRESS = "[A-Za-z0-9_-]{32}"  # what stands for a file in an address, as an expression


def new_token() -> str:
    """The unguessable part of a file's address and of its name in the store: 192 bits."""
    return secrets.token_urlsafe(24)


class CertificateFileQuerySet(models.QuerySet["CertificateFile"]):
    def visible_to(self, user: User) -> Self:
        """Files of records one may see, now theirs or once decided on, and of what was shared; one's own that
        nothing needs yet.
        """
        records = TrainingRecord.objects.visible_to(user)
        decided_on = RecordDecision.objects.filter(file=OuterRef("pk"), record__in=records)
        return self.filter(
            Exists(records.filter(file=OuterRef("pk")))
            | Exists(decided_on)
            | Exists(SharingEvent.objects.visible_to(user).filter(file=OuterRef("pk")))
            | Exists(RecordAttachment.objects.visible_to(user).filter(file=OuterRef("pk")))
            | Q(pk__in=CertificateFile.objects.unattached().filter(uploaded_by=user.person_id))
        )

    def unattached(self) -> Self:
        """What nothing needs: its form was never saved, or another was chosen before sending."""
        return self.filter(
            ~Exists(RecordDecision.objects.filter(file=OuterRef("pk"))), record=None, sharing=None, attachment=None
        )


class CertificateFile(models.Model):
    """One photo or scan in the store, written once under a name nobody can guess."""

    token = models.CharField(_("token"), max_length=40, unique=True, default=new_token, editable=False)
    stored_as = models.CharField(_("name in the store"), max_length=120, unique=True)
    content_type = models.CharField(_("type of the content"), max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    pages = models.PositiveSmallIntegerField(_("pages shown"), default=1)  # pictures beside the data: <name>-1.jpg …
    sha256 = models.CharField(_("hash as stored"), max_length=64)
    original_sha256 = models.CharField(
        _("hash as uploaded"), max_length=64, db_index=True
    )  # finds the same file again
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = CertificateFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate file")
        verbose_name_plural = _("certificate files")

    def __str__(self) -> str:
        return self.stored_as
