"""What the site itself remembers: which forms were already received."""

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
