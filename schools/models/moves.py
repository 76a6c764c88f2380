"""What happens to people between hiring and leaving: moves between schools, long leave, other names, two records."""

from typing import Self

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from cpd.fields import FoldedField
from schools.choices import LEADING_ROLES, LeaveKind, TransferState
from schools.models.accounts import User
from schools.models.people import Dated, DatedQuerySet, Employment, Person, RoleAssignment
from schools.models.places import Institution, MethodicalAssociation


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the institutions one leads or keeps papers for, on either side; a district's."""
        scope = user.scope
        return self.filter(
            Q(employment__person=user.person_id)
            | Q(employment__institution__in=scope.kept)
            | Q(institution__in=scope.kept)
            | Q(employment__institution__district__in=scope.districts)
            | Q(institution__district__in=scope.districts)
        )

    def awaiting(self, user: User) -> Self:
        """Those that the user's institution has to confirm or refuse: the one of the two that did not propose it.

        For an institution that nobody leads its district office answers. Nobody confirms their own move.
        """
        scope = user.scope
        led = Institution.objects.filter(pk__in=scope.led)
        if scope.districts:
            leaders = RoleAssignment.objects.on(today()).filter(role__in=LEADING_ROLES).exclude(institution=None)
            left_alone = Institution.objects.filter(district__in=scope.districts)
            led = led | left_alone.exclude(pk__in=leaders.values("institution"))
        theirs = Q(is_proposed_by_new=True, employment__institution__in=led)
        theirs |= Q(is_proposed_by_new=False, institution__in=led)
        return self.filter(theirs, state=TransferState.PROPOSED).exclude(employment__person=user.person_id)


class Transfer(models.Model):
    """A person moves from one institution to another: one of them proposes it, the other confirms it."""

    employment = models.ForeignKey(
        Employment, models.PROTECT, related_name="transfers", verbose_name=_("employment that ends")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="transfers", verbose_name=_("new institution")
    )
    is_proposed_by_new = models.BooleanField(_("proposed by the new institution"))
    position = models.CharField(_("Position held"), max_length=120)  # in the new institution
    association = models.ForeignKey(
        MethodicalAssociation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("methodical association"),
    )
    moves_on = models.DateField(_("first day in the new institution"))
    state = models.CharField(_("Status"), max_length=20, choices=TransferState, default=TransferState.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # of a refusal
    became = models.OneToOneField(
        Employment, models.PROTECT, null=True, blank=True, related_name="came_by", verbose_name=_("new employment")
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=TransferState.values), name="%(app_label)s_%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.PROPOSED, answered_at__isnull=True, answered_by__isnull=True)
                | Q(~Q(state=TransferState.PROPOSED), answered_at__isnull=False, answered_by__isnull=False),
                name="%(app_label)s_%(class)s_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.CONFIRMED, became__isnull=False)
                | Q(~Q(state=TransferState.CONFIRMED), became__isnull=True),
                name="%(app_label)s_%(class)s_confirmed_has_employment",
            ),
            models.UniqueConstraint(
                fields=["employment"],
                condition=Q(state=TransferState.PROPOSED),
                name="%(app_label)s_%(class)s_one_waits",
                violation_error_message=_("A move of this person waits for an answer already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employment.person} → {self.institution}"


class LeaveQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the institutions one leads or keeps papers for: why somebody is away is private."""
        return self.filter(Q(employment__person=user.person_id) | Q(employment__institution__in=user.scope.kept))


class Leave(Dated):
    """Long leave from one employment. Where the norm says so it moves the day by which hours are owed (rules §1)."""

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="leaves", verbose_name=_("employment"))
    kind = models.CharField(_("Kind of leave"), max_length=20, choices=LeaveKind)
    order_number = models.CharField(_("Order number"), max_length=30, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("long leave")
        verbose_name_plural = _("long leaves")
        ordering = ["-starts_on", "pk"]
        constraints = [
            Dated.ordered_dates(),
            models.CheckConstraint(condition=Q(kind__in=LeaveKind.values), name="%(app_label)s_%(class)s_kind_known"),
            models.UniqueConstraint(
                fields=["employment"],
                condition=Q(ends_on__isnull=True),
                name="%(app_label)s_%(class)s_one_open",
                violation_error_message=_("A leave without an end is entered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employment.person} · {self.get_kind_display()}"


class NameChange(models.Model):
    """What a person was called before. Papers that were signed keep the name they were signed with."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="former_names", verbose_name=_("person"))
    family_name = models.CharField(_("Family name"), max_length=80)
    given_name = models.CharField(_("Given name"), max_length=80)
    fathers_name = models.CharField(_("Father's name"), max_length=80, blank=True)
    until = models.DateField(_("until"))
    document = models.CharField(_("document of the change"), max_length=120, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    search_key = FoldedField(sources=("family_name", "given_name", "fathers_name"))

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.family_name, self.given_name, self.fathers_name)))


class Merge(models.Model):
    """Two records that were found to be one person: everything of ``gone`` went to ``kept``, and can go back.

    ``moved`` names every row that was changed, with what stood there, so that the merge can be undone.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("record that goes on"))
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("record that ends"))
    reason = models.CharField(_("reason"), max_length=300, validators=[MinLengthValidator(1)])
    moved = models.JSONField(_("rows moved"), default=list)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("merged by"))
    at = models.DateTimeField(_("merged at"), default=timezone.now)
    undone_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of two records")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="%(app_label)s_%(class)s_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="%(app_label)s_%(class)s_undone_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(undone_at__isnull=True),
                name="%(app_label)s_%(class)s_gone_once",
                violation_error_message=_("This record was merged already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
