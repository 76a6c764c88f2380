"""How people get in, and who does whose work for a time."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.choices import Work
from schools.models.accounts import User
from schools.models.people import Dated, DatedQuerySet, Person
from schools.models.places import Institution


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Those that can still be used."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A printed slip with which one person makes an account, or gives it a new password; used at most once.

    What stands on the slip is made from ``salt`` and the site's secret key, so that it can be printed again; the
    database alone does not give it away. It is looked up by ``token_hash``.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations", verbose_name=_("person"))
    institution = models.ForeignKey(  # whose office gave it; None where a district or an administrator did
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    salt = models.CharField(max_length=32, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at=None, revoked_at=None),
                name="%(app_label)s_%(class)s_one_open",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None), name="%(app_label)s_%(class)s_used_or_revoked"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class DelegationQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those given or taken by the user, and those of the institutions the user leads."""
        return self.filter(Q(giver=user.person_id) | Q(taker=user.person_id) | Q(institution__in=user.scope.led))


class Delegation(Dated):
    """A deputy director hands a part of the work to somebody of the same institution for a time.

    Whoever has it decides as the deputy would, in their own name; never on their own papers, and cannot hand it on.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="delegations", verbose_name=_("institution")
    )
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("handed over by"))
    taker = models.ForeignKey(Person, models.PROTECT, related_name="delegations", verbose_name=_("handed to"))
    work = models.CharField(_("work"), max_length=20, choices=Work)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_on", "pk"]
        constraints = [
            Dated.ordered_dates(),
            models.CheckConstraint(condition=Q(work__in=Work.values), name="%(app_label)s_%(class)s_work_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False),
                name="%(app_label)s_%(class)s_is_for_a_time",
                violation_error_message=_("Give the last day."),
            ),
            models.CheckConstraint(
                condition=~Q(giver=models.F("taker")),
                name="%(app_label)s_%(class)s_to_another",
                violation_error_message=_("Nobody hands work to themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taker} · {self.get_work_display()}"
