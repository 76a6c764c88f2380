"""How people get in, and who does whose work for a time."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from schools.choices import LEADING_ROLES, Role, Work
from schools.models.accounts import User
from schools.models.people import Dated, DatedQuerySet, Employment, Person, RoleAssignment
from schools.models.places import Institution
from schools.scope import Handed


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unused(self) -> Self:
        """Neither used nor revoked nor too old. For conditional UPDATEs: it asks no other row than the slip's own."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def open(self) -> Self:
        """Those that can still be used, as long as whoever made them has an account and keeps those of the place.

        The same as :func:`schools.access.can_keep_accounts`, asked of many rows at once.
        """
        day = today()
        place = OuterRef("institution")
        roles = RoleAssignment.objects.on(day).filter(person=OuterRef("made_by"))
        handed = Delegation.objects.in_force(day).filter(taker=OuterRef("made_by"), work=Work.ACCOUNTS)
        keeps = (
            Q(Exists(roles.filter(role__in=LEADING_ROLES, institution=place)))
            | Q(Exists(handed.filter(institution=place)))
            | Q(Exists(roles.filter(role=Role.DISTRICT_OFFICER, district=OuterRef("institution__district"))))
            | Q(Exists(roles.filter(role=Role.DISTRICT_OFFICER)), institution=None)
            | Q(Exists(roles.filter(role=Role.ADMINISTRATOR)))
        )
        return self.unused().filter(keeps, made_by__user__is_active=True)


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
    def in_force(self, day: dt.date) -> Self:
        """Those that open anything on ``day``: not ended early, the giver leads and the taker works there still."""
        roles = RoleAssignment.objects.on(day).filter(institution=OuterRef("institution"))
        works = Employment.objects.on(day).filter(person=OuterRef("taker"), institution=OuterRef("institution"))
        return self.on(day).filter(
            Exists(roles.filter(person=OuterRef("giver"), role__in=LEADING_ROLES)),
            Exists(works) | Exists(roles.filter(person=OuterRef("taker"))),
            ended_at=None,
        )

    def handed(self, day: dt.date) -> list[Handed]:
        """What these open on ``day``, once for each role in which the giver leads the institution."""
        leading = RoleAssignment.objects.on(day).filter(role__in=LEADING_ROLES)
        held = self.in_force(day).filter(giver__roles__in=leading, giver__roles__institution=F("institution"))
        columns = ("work", "institution", "giver", "giver__roles__role")
        return [
            Handed(Work(work), institution, giver, Role(role))
            for work, institution, giver, role in held.order_by("pk").values_list(*columns)
        ]

    def visible_to(self, user: User) -> Self:
        """Those given or taken by the user, and those of the institutions the user leads."""
        return self.filter(Q(giver=user.person_id) | Q(taker=user.person_id) | Q(institution__in=user.scope.led))


class Delegation(Dated):
    """A deputy director hands a part of the work to somebody of the same institution for a time.

    Whoever has it decides as the deputy would, in their own name; never on their own papers nor on the deputy's, and
    cannot hand it on. It ends by itself with its last day, with the deputy's role and with the taker's post.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="delegations", verbose_name=_("institution")
    )
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("handed over by"))
    taker = models.ForeignKey(Person, models.PROTECT, related_name="delegations", verbose_name=_("handed to"))
    work = models.CharField(_("work"), max_length=20, choices=Work)
    ended_at = models.DateTimeField(_("ended early at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended early by")
    )

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
                condition=~Q(giver=F("taker")),
                name="%(app_label)s_%(class)s_to_another",
                violation_error_message=_("Nobody hands work to themselves."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="%(app_label)s_%(class)s_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taker} · {self.get_work_display()}"
