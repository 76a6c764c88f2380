"""What people are told of their data, what they agreed to, and how long it is kept. All of it is data."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpd.wording import base_language
from schools.choices import Kept
from schools.models.people import Person


class ConsentText(models.Model):
    """The text on personal data as it holds from a day on. A text that somebody agreed to is never changed."""

    text_ky = models.TextField(_("text in Kyrgyz"))
    text_ru = models.TextField(_("text in Russian"), blank=True)
    source = models.CharField(_("source"), max_length=200, help_text=_("The act this text rests on."))
    valid_from = models.DateField(_("holds from"), unique=True)

    class Meta:
        verbose_name = _("text on personal data")
        verbose_name_plural = _("texts on personal data")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from:%d.%m.%Y}"

    @property
    def text(self) -> str:
        return self.text_ru if base_language() == "ru" and self.text_ru else self.text_ky


class Consent(models.Model):
    """Who agreed to which text, and when."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents", verbose_name=_("person"))
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents", verbose_name=_("text"))
    at = models.DateTimeField(_("agreed at"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "text"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.text}"


class RetentionPeriod(models.Model):
    """For how many years a kind of data is kept after the day that ends its use. Without years it is kept for ever."""

    kept = models.CharField(_("what is kept"), max_length=20, choices=Kept, unique=True)
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, help_text=_("The act or decision this period rests on."))

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["kept"]
        constraints = [
            models.CheckConstraint(condition=Q(kept__in=Kept.values), name="%(app_label)s_%(class)s_known"),
            models.CheckConstraint(
                condition=Q(years__isnull=True) | Q(years__gt=0),
                name="%(app_label)s_%(class)s_years_positive",
                violation_error_message=_("Give one year or more; leave it empty where nothing is removed."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kept_display()
