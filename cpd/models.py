"""What the site itself remembers: which forms were already received, and files that were read and not taken yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReceivedForm(models.Model):
    """One form that was received and carried out, with the answer it got.

    On a weak network a phone sends the same form twice. The token inside the form is unique here, so the second
    copy changes nothing and gets the first one's answer.
    """

    token = models.UUIDField(_("token"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="+")
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    location = models.TextField(_("address"), blank=True)
    body = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("received form")
        verbose_name_plural = _("received forms")
        constraints = [
            models.UniqueConstraint(fields=["user", "token"], name="%(app_label)s_%(class)s_once_per_token"),
        ]

    def __str__(self) -> str:
        return str(self.token)


class PendingImport(models.Model):
    """The rows of an uploaded Excel file, read and shown, not taken yet. Only who uploaded it may take it.

    ``purpose`` names what is imported and ``target`` for which row of another table; the importer judges both anew.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="+")
    purpose = models.CharField(_("purpose"), max_length=30)
    target = models.BigIntegerField(_("for"))
    rows = models.JSONField(_("rows"))
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)

    class Meta:
        verbose_name = _("pending import")
        verbose_name_plural = _("pending imports")
        constraints = [
            models.UniqueConstraint(fields=["user", "purpose", "target"], name="%(app_label)s_%(class)s_one_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.target}"
