"""Who considers and who approves: data per kind of document and institution (contradiction X5 of the sources)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools.choices import STEP_ACTIONS, DocumentKind, InstitutionKind, Role
from schools.models.places import Institution


class ApprovalRoute(models.Model):
    """The steps one kind of document walks, in one institution or in all of a kind."""

    document_kind = models.CharField(_("kind of document"), max_length=30, choices=DocumentKind)
    institution_kind = models.CharField(
        _("kind of institution"), max_length=20, choices=InstitutionKind, default=InstitutionKind.SCHOOL
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("institution"),
        help_text=_("Empty: the route of all institutions of this kind that have none of their own."),
    )
    source = models.CharField(_("source"), max_length=200, help_text=_("The clause this route rests on."))

    class Meta:
        verbose_name = _("approval route")
        verbose_name_plural = _("approval routes")
        constraints = [
            models.CheckConstraint(
                condition=Q(document_kind__in=DocumentKind.values, institution_kind__in=InstitutionKind.values),
                name="%(app_label)s_%(class)s_kinds_known",
            ),
            models.UniqueConstraint(
                fields=["document_kind", "institution"],
                name="%(app_label)s_%(class)s_one_per_institution",
                violation_error_message=_("This institution already has a route for this kind of document."),
            ),
            models.UniqueConstraint(
                fields=["document_kind", "institution_kind"],
                condition=Q(institution=None),
                name="%(app_label)s_%(class)s_one_per_kind",
                violation_error_message=_("There is already a general route for this kind of document."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_document_kind_display()} · {self.institution or self.get_institution_kind_display()}"


class RouteStep(models.Model):
    """One step: who does what, and whether a meeting's minutes or an order's number are needed."""

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps", verbose_name=_("approval route"))
    position = models.PositiveSmallIntegerField(_("position"))
    action = models.CharField(_("action"), max_length=20, choices=[(a.value, a.label) for a in STEP_ACTIONS])
    role = models.CharField(_("role"), max_length=30, choices=Role)
    needs_minutes = models.BooleanField(_("needs the minutes of a meeting"), default=False)
    needs_order = models.BooleanField(_("needs number and date of an order"), default=False)

    class Meta:
        verbose_name = _("step of a route")
        verbose_name_plural = _("steps of a route")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["route", "position"], name="%(app_label)s_%(class)s_one_per_position"),
            models.CheckConstraint(
                condition=Q(action__in=STEP_ACTIONS, role__in=Role.values), name="%(app_label)s_%(class)s_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_action_display()} · {self.get_role_display()}"


class PrintedFormQuerySet(models.QuerySet["PrintedForm"]):
    def used_at(self, institution: Institution, code: str) -> "PrintedForm | None":
        """The row of a form for an institution: its own, or else its kind's."""
        rows = self.filter(
            Q(institution=institution) | Q(institution=None, institution_kind=institution.kind), code=code
        )
        return rows.order_by(F("institution").asc(nulls_last=True)).first()

    def for_document(self, institution: Institution, kind: str) -> "PrintedForm | None":
        """On which form an institution prints a kind of document."""
        rows = self.filter(
            Q(institution=institution) | Q(institution=None, institution_kind=institution.kind), document_kind=kind
        )
        return rows.order_by(F("institution").asc(nulls_last=True)).first()


class PrintedForm(models.Model):
    """A paper form as one kind of institution prints it: what stands on it beside the text is data.

    The label of an annex differs between the sources and inside them (contradiction X17), and who keeps a quality
    system prints its code and edition on top.
    """

    code = models.CharField(_("form"), max_length=10)
    document_kind = models.CharField(_("kind of document"), max_length=30, choices=DocumentKind, blank=True)
    institution_kind = models.CharField(_("kind of institution"), max_length=20, choices=InstitutionKind)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("institution"),
        help_text=_("Empty: the form of all institutions of this kind that have none of their own."),
    )
    label = models.CharField(
        _("label printed on it"), max_length=60, blank=True, help_text=_("For instance the number of the annex.")
    )
    quality_code = models.CharField(
        _("code in the quality system"),
        max_length=60,
        blank=True,
        help_text=_("Empty: no head of the quality system."),
    )
    quality_edition = models.CharField(
        _("edition in the quality system"), max_length=120, blank=True, help_text=_("Edition, change and copy.")
    )
    source = models.CharField(_("source"), max_length=200, help_text=_("The clause or annex this form rests on."))

    objects = PrintedFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed form")
        verbose_name_plural = _("printed forms")
        ordering = ["code", "institution_kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document_kind__in=["", *DocumentKind.values], institution_kind__in=InstitutionKind.values),
                name="%(app_label)s_%(class)s_kinds_known",
            ),
            models.UniqueConstraint(
                fields=["code", "institution"],
                condition=Q(institution__isnull=False),
                name="%(app_label)s_%(class)s_one_per_institution",
                violation_error_message=_("This institution already has such a form."),
            ),
            models.UniqueConstraint(
                fields=["code", "institution_kind"],
                condition=Q(institution=None),
                name="%(app_label)s_%(class)s_one_per_kind",
                violation_error_message=_("There is already a general form with this code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.institution or self.get_institution_kind_display()}"
