"""Finished files: the paper of one version, and what was put together of many."""

import datetime as dt
import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import BookFault, BookForm, BookState
from schools.models import District, DocumentVersion, Person, User


def new_token() -> str:
    """The unguessable part of an address: 192 bits."""
    return secrets.token_urlsafe(24)


class Stored(models.Model):
    """A file in the store that can be made again."""

    stored_as = models.CharField(_("name in the store"), max_length=120, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("hash as stored"), max_length=64, blank=True)

    class Meta:
        abstract = True


class StoredPaper(Stored):
    """The PDF of one version, rendered once. ``made_with`` names the templates: other ones make another paper."""

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="papers", verbose_name=_("version"))
    made_with = models.CharField(_("templates"), max_length=64)
    pages = models.PositiveSmallIntegerField(_("pages"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("finished paper")
        verbose_name_plural = _("finished papers")
        constraints = [
            models.UniqueConstraint(fields=["version", "made_with"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.pages}"


LEASE = dt.timedelta(seconds=60)  # without a sign of life for so long, and another worker takes over
LIVE = (BookState.WAITING, BookState.RUNNING, BookState.DONE)


class BookQuerySet(models.QuerySet["Book"]):
    def visible_to(self, user: User) -> Self:
        """Those of the districts whose office one serves; for the republican institute those of accepted versions."""
        scope = user.scope
        seen = Q(district__in=scope.districts)
        if scope.is_institute_viewer:
            seen |= Q(is_accepted_only=True)
        return self.filter(seen)

    def lost(self) -> Self:
        """Begun, and nobody has been heard of since; or waiting, and not taken up. A worker that is free ends both."""
        now = timezone.now()
        silent = Q(state__in=(BookState.RUNNING, BookState.WAITING), lease_until__lt=now)
        return self.filter(silent | Q(state=BookState.WAITING, lease_until=None, asked_at__lt=now - LEASE))


class Book(Stored):
    """The schedules of a district's schools for one school year in one file, made in the background.

    ``fingerprint`` names the versions it is made of: while none changes, the finished one is kept and asking again
    makes no second one. ``lease_until`` is moved on by the worker; a lease that ran out is taken up by another, and
    ``claims`` counts who took it up: only the last one writes. ``attempts`` are those in a row that brought no paper
    beyond the ``papers`` kept already.
    """

    token = models.CharField(_("token"), max_length=40, unique=True, default=new_token, editable=False)
    district = models.ForeignKey(District, models.PROTECT, related_name="books", verbose_name=_("District, city"))
    school_year = models.PositiveSmallIntegerField(_("School year"))
    form = models.CharField(_("form"), max_length=20, choices=BookForm)
    fingerprint = models.CharField(_("hash of what it is made of"), max_length=64)
    is_accepted_only = models.BooleanField(_("accepted versions only"), default=False)
    versions = models.JSONField(_("versions"), default=list)  # keys of the versions, in the order of the book
    missing = models.JSONField(_("schools left out"), default=list)  # title and desk state of each
    state = models.CharField(_("Status"), max_length=20, choices=BookState, default=BookState.WAITING)
    done = models.PositiveIntegerField(_("schools done"), default=0)
    claims = models.PositiveIntegerField(_("times taken up"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    papers = models.PositiveIntegerField(_("papers kept when it was taken up"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    fault = models.CharField(_("what went wrong"), max_length=500, blank=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    also_asked_by = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name=_("also asked for by"))
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = BookQuerySet.as_manager()

    class Meta:
        verbose_name = _("consolidated book")
        verbose_name_plural = _("consolidated books")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=BookForm.values, state__in=BookState.values),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.UniqueConstraint(
                fields=["district", "school_year", "form", "fingerprint"],
                condition=Q(state__in=LIVE),
                name="%(app_label)s_%(class)s_one_of_its_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state=BookState.DONE) | (~Q(stored_as="") & Q(finished_at__isnull=False)),
                name="%(app_label)s_%(class)s_done_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=BookState.RUNNING) | Q(lease_until__isnull=False),
                name="%(app_label)s_%(class)s_running_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=BookState.FAILED) | ~Q(fault=""), name="%(app_label)s_%(class)s_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}, {self.district}, {self.school_year}"

    @property
    def fault_in_words(self) -> str:
        code, _colon, detail = self.fault.partition(":")
        return str(BookFault(code).label) % {"detail": detail} if code else ""

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.versions) if self.versions else 0
