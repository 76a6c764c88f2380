"""The account a person signs in with."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from cpd.prepared import Prepared
from schools.scope import Scope

if TYPE_CHECKING:
    from schools.models.people import Person

LANGUAGES = [("ky", _("Kyrgyz")), ("ru", _("Russian"))]


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet["User"]:
        """Always with the person: every page greets them by name."""
        return super().get_queryset().select_related("person")

    def create_user(self, username: str, password: str | None, *, person: "Person", **fields: Any) -> "User":
        """An account whose first password must be changed at the first sign-in, unless ``fields`` say otherwise."""
        user = self.model(username=self.model.normalize_username(username), person=person, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """One person's login. What it may do follows from the person's roles and employments, read at each request."""

    username = models.CharField(
        _("Username"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This username is taken.")},
    )
    email = models.EmailField(_("E-mail address"), blank=True)
    person = models.OneToOneField("schools.Person", models.PROTECT, related_name="user", verbose_name=_("person"))
    language = models.CharField(_("Language"), max_length=2, choices=LANGUAGES, default="ky")
    is_active = models.BooleanField(_("may sign in"), default=True)
    muted = models.JSONField(_("notices switched off"), default=list, blank=True)  # of NoticeKind
    wants_mail = models.BooleanField(_("notices by e-mail"), default=True)  # only where an address is confirmed
    mailed_on = models.DateField(_("last e-mail on"), null=True, blank=True)  # one a day at most
    must_change_password = models.BooleanField(_("must change the first password"), default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["person_id"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(language__in=[code for code, _name in LANGUAGES]),
                name="%(app_label)s_%(class)s_language_known",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @cached_property
    def scope(self) -> Scope:
        """What this user may see and decide today; read once per request.

        Two queries. To few people anything is handed over, and only for them a third one tells what.
        """
        day = today()
        jobs, roles = (list(asked.ask(person=self.person_id, day=day)) for asked in (_JOBS, _ROLES))
        entrusted = any(job.is_entrusted for job in jobs) or any(role.is_entrusted for role in roles)
        handed = self.person.delegations.handed(day) if entrusted else ()
        rows: list[Any] = [*jobs, *roles]
        kind_at = {one.institution_id: one.at_kind for one in rows if one.institution_id}
        return Scope.of(self.person_id, jobs, roles, handed, [one.at_kind for one in rows], kind_at)

    @cached_property
    def unread_notices(self) -> int:
        """For the bell on every page; of who signed in with this request it is known (``schools.backends``)."""
        return self.person.notices.filter(read_at=None).count()

    # What Django's admin site asks of an account.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.scope.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


def _is_entrusted(person: Any, day: Any) -> models.Exists:
    handed = apps.get_model("schools", "Delegation").objects.on(day).filter(taker=person)
    return models.Exists(handed.order_by())


def _jobs(person: Any, day: Any) -> models.QuerySet:
    jobs = apps.get_model("schools", "Employment").objects.on(day).filter(person=person).order_by("-is_main", "pk")
    return jobs.annotate(is_entrusted=_is_entrusted(person, day), at_kind=models.F("institution__kind"))


def _roles(person: Any, day: Any) -> models.QuerySet:
    roles = apps.get_model("schools", "RoleAssignment").objects.on(day).filter(person=person)
    place = Coalesce("institution__kind", "association__institution__kind")
    return roles.annotate(is_entrusted=_is_entrusted(person, day), at_kind=place)


_GIVEN: dict[str, models.Field] = {"person": models.BigIntegerField(), "day": models.DateField()}
_JOBS, _ROLES = Prepared(_jobs, **_GIVEN), Prepared(_roles, **_GIVEN)
