"""Imports of a whole school or district from one workbook: what was read, what it will do, and what it did."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import ImportState, ImportTable, Verdict
from schools.models import District, Institution, Person, User

LEASE = dt.timedelta(seconds=60)  # without a sign of life for so long, and another worker takes over
# While one of these, the same file of the same place is not taken a second time.
UNDER_WAY = (ImportState.WAITING, ImportState.READING, ImportState.QUEUED, ImportState.APPLYING)

UNDO_ASKED = (ImportState.UNDO_QUEUED, ImportState.UNDOING)
WORKED_AT = (*UNDER_WAY, *UNDO_ASKED)
WRITTEN = (ImportState.APPLIED, *UNDO_ASKED)  # what it brought is there


class WorkbookImportQuerySet(models.QuerySet["WorkbookImport"]):
    def visible_to(self, user: User) -> Self:
        """Those for the institutions one leads, for one's district, for all: whoever uploaded them."""
        scope = user.scope
        if scope.is_administrator:
            return self
        return self.filter(
            Q(institution__in=scope.led)
            | Q(district__in=scope.districts)
            | Q(institution__district__in=scope.districts)
        )

    def lost(self) -> Self:
        """Under way, and nobody has been heard of since. A worker that is free ends it."""
        before = timezone.now() - LEASE
        silent = Q(taken_at__lt=before) | Q(taken_at=None, uploaded_at__lt=before)
        return self.filter(silent, state__in=WORKED_AT)

    def overlapping(self, other: "WorkbookImport") -> Self:
        """Those of the same institution or district, of the district's schools, and of the school's district."""
        if other.district_id:
            return self.filter(Q(district=other.district_id) | Q(institution__district=other.district_id))
        return self.filter(Q(institution=other.institution_id) | Q(district=other.place_s_district))


class WorkbookImport(models.Model):
    """One uploaded workbook for one institution or one whole district.

    The row is the job (ADR 15): a worker reads the file into :class:`ImportRow` rows, a person looks at them and says
    «apply», a worker applies all of them in one transaction, and the last import can be undone while nothing was
    built on it.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("institution")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("District, city")
    )
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("hash of the file"), max_length=64)
    data = models.BinaryField(_("file as uploaded"), null=True)  # until it was read; not kept after that
    state = models.CharField(_("Status"), max_length=20, choices=ImportState, default=ImportState.WAITING)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)  # by table and verdict
    problems = models.JSONField(_("what is wrong with the file"), default=list)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    applied_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken up at"), null=True, blank=True)  # by a worker: renewed while it works
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    objects = WorkbookImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a workbook")
        verbose_name_plural = _("imports of workbooks")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="%(app_label)s_%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=True, district__isnull=False)
                | Q(institution__isnull=False, district__isnull=True),
                name="%(app_label)s_%(class)s_for_one_place",
            ),
            models.UniqueConstraint(
                fields=["institution", "sha256"],
                condition=Q(institution__isnull=False, state__in=UNDER_WAY),
                name="%(app_label)s_%(class)s_once_for_a_school",
            ),
            models.UniqueConstraint(
                fields=["district", "sha256"],
                condition=Q(district__isnull=False, state__in=UNDER_WAY),
                name="%(app_label)s_%(class)s_once_for_a_district",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(*WRITTEN, ImportState.UNDONE))
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="%(app_label)s_%(class)s_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.UNDONE, undone_at__isnull=False, undone_by__isnull=False)
                | Q(state__in=UNDO_ASKED, undone_at__isnull=True, undone_by__isnull=False)
                | Q(~Q(state__in=(*UNDO_ASKED, ImportState.UNDONE)), undone_at__isnull=True, undone_by__isnull=True),
                name="%(app_label)s_%(class)s_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def place(self) -> Institution | District:
        place = self.institution or self.district
        if place is None:
            raise TypeError("an import is for an institution or a district")
        return place

    @property
    def place_s_district(self) -> int:
        """The district it is for, or in which the institution it is for lies."""
        return self.place.pk if isinstance(self.place, District) else self.place.district_id

    @property
    def is_under_way(self) -> bool:
        return self.state in WORKED_AT

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class ImportRow(models.Model):
    """One row of the workbook: as typed, what it says, what will be done with it and why; and what was done."""

    workbook = models.ForeignKey(
        WorkbookImport, models.CASCADE, related_name="rows", verbose_name=_("import of a workbook")
    )
    table = models.CharField(_("table"), max_length=20, choices=ImportTable)
    number = models.PositiveIntegerField(_("row"))  # as Excel numbers it
    typed = models.JSONField(_("as typed"))
    columns: "models.JSONField[Any, Any]" = models.JSONField(_("what it says"), default=dict)
    verdict = models.CharField(_("what is done with it"), max_length=20, choices=Verdict)
    reasons = models.JSONField(_("why"), default=list)  # of {code, column, values}: words live in courses.importing
    target = models.BigIntegerField(_("row it was matched with"), null=True)
    did = models.JSONField(_("what was done"), default=list)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["table", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(table__in=ImportTable.values, verdict__in=Verdict.values),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.UniqueConstraint(
                fields=["workbook", "table", "number"], name="%(app_label)s_%(class)s_one_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.number}"
