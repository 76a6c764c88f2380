"""What was attended: records of courses (form F03), the decisions on them, and pairs a person found to be right."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import (
    BESIDE_COURSES,
    Block,
    DeliveryMode,
    DocumentType,
    HoursUnit,
    LearningCategory,
    ParticipationRole,
    Precision,
    RecordAction,
    RecordStatus,
    TrainingKind,
)
from courses.models.registers import Programme, Provider
from cpd.dates import today
from cpd.fields import FoldedField
from schools.choices import KEEPING_ROLES, Role, Work
from schools.models import AppendOnly, AppendOnlyQuerySet, Employment, Institution, Person, RoleAssignment, User
from schools.models.documents import digest
from schools.scope import in_any

OPEN = (RecordStatus.DRAFT, RecordStatus.NOTED, RecordStatus.RETURNED)
UNSENT = (RecordStatus.DRAFT, RecordStatus.NOTED)  # nobody was asked to decide on them
# A short event that was ticked as formal is a course like any other.
BESIDE = Q(kind__in=BESIDE_COURSES) & ~Q(kind=TrainingKind.SHORT_EVENT, category=LearningCategory.FORMAL)
REASONED = (
    RecordAction.SET_HOURS,
    RecordAction.RECOGNISE,
    RecordAction.RETURN,
    RecordAction.REJECT,
    RecordAction.REVERSE,
)


class TrainingRecordQuerySet(models.QuerySet["TrainingRecord"]):
    def visible_to(self, user: User) -> Self:
        """One's own; those of people one oversees today, but never a draft, which is its owner's alone.

        What was noted beside courses is read like what was handed in: it stands on the separate sheet of F03.

        An association head sees the members' records. The school that verified a record goes on seeing it, and whom
        it handed the verifying over to.
        """
        scope = user.scope
        if not scope.reads_others:
            return self.own_of(user)
        handed_in = ~Q(status=RecordStatus.DRAFT)
        if scope.is_country_wide:
            return self.filter(Q(person=user.person_id) | handed_in)
        overseen = Employment.objects.overseen_by(user).values("person")
        at_school = scope.served | scope.entrusted(Work.RECORDS)
        return self.filter(
            Q(person=user.person_id)
            | handed_in
            & (Q(person__in=overseen) | in_any(institution=at_school, institution__district=scope.districts))
        )

    def on_paper(self) -> Self:
        """Those a paper may name, whoever reads it: handed in, and neither given back nor rejected."""
        return self.filter(status__in=[RecordStatus.SUBMITTED, RecordStatus.VERIFIED])

    def own_of(self, user: User) -> Self:
        return self.filter(person=user.person_id)

    def latest_first(self) -> Self:
        """What has no date that could be read stands on top."""
        return self.select_related("institution").order_by(F("ends_on").desc(nulls_first=True), "-pk")

    def beside_courses(self) -> Self:
        """What stands beside courses (national regulation 5.3)."""
        return self.filter(BESIDE)

    def courses(self) -> Self:
        """All the rest."""
        return self.exclude(BESIDE)

    def decided_by(self, user: User) -> Self:
        """Records the user may decide on: those of the institutions whose papers they keep, never one's own.

        In somebody's place never theirs either. Where the person leads the school too, the district officer may
        decide: somebody must be able to.
        """
        scope = user.scope
        leads = RoleAssignment.objects.on(today()).filter(
            role__in=KEEPING_ROLES, person=OuterRef("person"), institution=OuterRef("institution")
        )
        mine = in_any(institution=scope.kept)
        for one in scope.handed:
            if one.work == Work.RECORDS:
                mine |= Q(institution=one.institution) & ~Q(person=one.giver)
        if scope.districts:
            mine |= Q(Exists(leads), institution__district__in=scope.districts)
        return self.filter(mine).exclude(person=user.person_id)

    def awaiting(self, user: User) -> Self:
        """What waits for the user's verification."""
        return self.decided_by(user).filter(status=RecordStatus.SUBMITTED)


class TrainingRecord(models.Model):
    """One course, module, internship or other event a person took part in.

    What the paper says stands in the ``_text`` columns exactly as written; what was read from it stands beside. Only
    ``courses.verification`` writes ``status``.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="records", verbose_name=_("person"))
    institution = models.ForeignKey(  # the school that verifies it: the place of work when it was entered
        Institution, models.PROTECT, related_name="records", verbose_name=_("institution")
    )
    title = models.CharField(_("Name of the training or course attended"), max_length=500)
    title_key = FoldedField(sources=("title",))
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("programme")
    )
    kind = models.CharField(_("Kind"), max_length=30, choices=TrainingKind, default=TrainingKind.COURSE)
    category = models.CharField(
        _("Kind of learning"), max_length=20, choices=LearningCategory, default=LearningCategory.FORMAL
    )
    block = models.CharField(_("Block"), max_length=20, choices=Block, blank=True)
    delivery_mode = models.CharField(_("Type of course"), max_length=20, choices=DeliveryMode, blank=True)
    role = models.CharField(_("Role"), max_length=20, choices=ParticipationRole, default=ParticipationRole.PARTICIPANT)

    date_text = models.CharField(_("Date of attendance"), max_length=120)
    starts_on = models.DateField(_("Start date"), null=True, blank=True)
    ends_on = models.DateField(_("End date"), null=True, blank=True)
    precision = models.CharField(_("precision of the dates"), max_length=10, choices=Precision, blank=True)

    provider_text = models.CharField(_("Name of the organisation"), max_length=300)
    provider_key = FoldedField(sources=("provider_text",))
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("provider")
    )

    hours_text = models.CharField(_("Number of hours"), max_length=60, blank=True)
    amount = models.DecimalField(_("amount read"), max_digits=6, decimal_places=1, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, choices=HoursUnit, default=HoursUnit.UNKNOWN)
    approved_hours = (
        models.DecimalField(  # where the paper does not speak of hours: from the certificate, by a verifier
            _("hours entered by the verifier"),
            max_digits=6,
            decimal_places=1,
            null=True,
            blank=True,
            validators=[MinValueValidator(0)],
        )
    )
    approved_hours_reason = models.CharField(_("where these hours are from"), max_length=300, blank=True)

    goal_achieved = models.CharField(_("Achievement of the goal set"), max_length=500, blank=True)
    comment = models.CharField(_("Comments"), max_length=500, blank=True)

    document_type = models.CharField(_("Kind of document"), max_length=30, choices=DocumentType, blank=True)
    document_number = models.CharField(_("Document number"), max_length=60, blank=True)
    document_key = models.CharField(max_length=60, blank=True, editable=False)  # the number as it is compared
    document_on = models.DateField(_("Date of issue"), null=True, blank=True)
    is_state_standard = models.BooleanField(_("document of the state pattern"), default=False)
    file = models.OneToOneField(
        "courses.CertificateFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="record",
        verbose_name=_("photo or scan"),
    )
    handed_in_on = models.DateField(  # the paper itself, to who keeps the staff's papers (003 4.6, 004 5.3)
        _("handed in to the personnel department on"), null=True, blank=True
    )
    recognition = models.CharField(  # the decision that recognises a short course, by a verifier (004 III 2.4)
        _("decision of recognition"), max_length=200, blank=True
    )

    status = models.CharField(_("Status"), max_length=20, choices=RecordStatus, default=RecordStatus.DRAFT)
    revision = models.PositiveIntegerField(_("revision"), default=1)  # counts every change; forms carry it
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = TrainingRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of attendance")
        verbose_name_plural = _("records of attendance")
        ordering = [F("ends_on").asc(nulls_last=True), "pk"]
        indexes = [  # and on PostgreSQL one more, by hand: migration 0005
            models.Index(fields=["person", "status", "ends_on"], name="record_person_status_end"),
            models.Index(
                fields=["institution", "changed_at"],
                condition=Q(status=RecordStatus.SUBMITTED),
                name="record_awaiting",
            ),
            models.Index(fields=["document_key"], condition=~Q(document_key=""), name="record_document_key"),
            models.Index(fields=["provider_key"], condition=Q(provider=None), name="record_unlinked_provider"),
            models.Index(fields=["title_key"], condition=Q(programme=None), name="record_unlinked_programme"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=TrainingKind.values,
                    category__in=LearningCategory.values,
                    block__in=["", *Block.values],
                    delivery_mode__in=["", *DeliveryMode.values],
                    role__in=ParticipationRole.values,
                    precision__in=["", *Precision.values],
                    unit__in=HoursUnit.values,
                    document_type__in=["", *DocumentType.values],
                    status__in=RecordStatus.values,
                ),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(precision="", starts_on=None, ends_on=None)
                | Q(~Q(precision=""), starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_dates_whole",
                violation_error_message=_("The end date must not be earlier than the start date."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                name="%(app_label)s_%(class)s_amount_positive",
                violation_error_message=_("The number of hours must be greater than zero."),
            ),
            models.CheckConstraint(
                condition=Q(approved_hours__isnull=True)
                | Q(~Q(approved_hours_reason=""), ~Q(unit=HoursUnit.HOUR), approved_hours__gt=0),
                name="%(app_label)s_%(class)s_approved_hours_explained",
                violation_error_message=_("Say where these hours are from."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("record", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its owner may change it now."""
        return self.status in OPEN

    @property
    def is_beside(self) -> bool:
        """Whether it stands beside courses; the same as ``BESIDE``."""
        is_formal_event = self.kind == TrainingKind.SHORT_EVENT and self.category == LearningCategory.FORMAL
        return self.kind in BESIDE_COURSES and not is_formal_event

    @property
    def is_noted(self) -> bool:
        return self.status == RecordStatus.NOTED


class RecordDecision(AppendOnly):
    """One move of one record: who, when, what and why. Never changed, never deleted."""

    record = models.ForeignKey(TrainingRecord, models.PROTECT, related_name="decisions", verbose_name=_("record"))
    action = models.CharField(_("action"), max_length=20, choices=RecordAction)
    revision = models.PositiveIntegerField(_("revision"))  # of the record after the move
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    by_name = models.CharField(_("name at that time"), max_length=250)
    by_role = models.CharField(_("role at that time"), max_length=30, choices=Role, blank=True)
    in_place_of = models.ForeignKey(  # who had handed that work over: the role is theirs
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in place of")
    )
    in_place_of_name = models.CharField(_("their name at that time"), max_length=250, blank=True)
    at = models.DateTimeField(_("decided at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    content = models.JSONField(_("content"), default=dict)  # the record's columns as decided on
    file = models.ForeignKey(  # the scan decided on stays, though its owner may choose another one later
        "courses.CertificateFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("photo or scan"),
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a record")
        verbose_name_plural = _("decisions on records")
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], name="record_decision_at")]  # notices are gathered by it
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=RecordAction.values, by_role__in=["", *Role.values]),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=~Q(action__in=REASONED) | ~Q(reason=""),
                name="%(app_label)s_%(class)s_has_its_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=Q(in_place_of=None, in_place_of_name="")
                | Q(~Q(in_place_of=F("by")), ~Q(in_place_of_name=""), in_place_of__isnull=False),
                name="%(app_label)s_%(class)s_in_place_of_another",
            ),
            models.UniqueConstraint(fields=["record", "revision"], name="%(app_label)s_%(class)s_one_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.by_name}"

    def computed_hash(self) -> str:
        """The hash over everything this decision states; the journal keeps it (``courses.verification``)."""
        return digest(
            [
                self.record_id,
                self.action,
                self.revision,
                self.by_id,
                self.by_name,
                self.by_role,
                [self.in_place_of_id, self.in_place_of_name],
                self.at.isoformat(),
                self.reason,
                self.content,
                self.file_id,
            ]
        )


class ConfirmedPair(models.Model):
    """Two records with common days of which a person said: both are right (rules §6).

    Taking it back is dated and keeps the row.
    """

    first = models.ForeignKey(TrainingRecord, models.PROTECT, related_name="+", verbose_name=_("first record"))
    second = models.ForeignKey(TrainingRecord, models.PROTECT, related_name="+", verbose_name=_("second record"))
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("confirmed by"))
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)
    revoked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken back by")
    )
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("confirmed pair")
        verbose_name_plural = _("confirmed pairs")
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="%(app_label)s_%(class)s_in_order"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="%(app_label)s_%(class)s_revoked_whole",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(revoked_at=None),
                name="%(app_label)s_%(class)s_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} + {self.second_id}"
