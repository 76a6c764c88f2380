"""Documents that walk a route: the working copy, its frozen versions, and the decisions on them."""

import hashlib
import json
import secrets
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cpd.dates import Period, span, today
from schools.choices import (
    OF_A_PERIOD,
    OF_A_UNIT,
    PERSONAL,
    SCHOOL_ROLES,
    STATES_OF_KIND,
    STEP_ACTIONS,
    TERMED,
    WORK_OF_KIND,
    Action,
    DocumentKind,
    Role,
    State,
    Work,
    label_of,
)
from schools.kinds import WAYS, kinds_using
from schools.models.accounts import User
from schools.models.people import Employment, Mentorship, Person
from schools.models.places import Institution, MethodicalAssociation
from schools.scope import in_any

KINDS_OF_WORK = {work: [kind for kind, of in WORK_OF_KIND.items() if of == work] for work in Work}
EDITABLE = (State.DRAFT, State.RETURNED)
LONGEST_REASON = 1000  # signs
LONGEST_ROUTE = 8  # steps: so many are looked through for the one that sends a paper to the district
UNDECIDED = (State.SUBMITTED, State.CONSIDERED, State.AGREED)


def canonical(content: object) -> str:
    """One spelling per value, so that equal contents have equal hashes on every machine."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: object) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def new_mark() -> str:
    """Nobody guesses one, and none tells of another."""
    return secrets.token_urlsafe(16)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """One's own papers, and those of others as far as one's role reaches.

        A draft is its author's, or its office's, alone. Heads of associations, deputies, directors and clerks see
        what was handed in; the district sees what is in force, waits for it or was sent to it; the republican
        institute sees what is in force, but no school's request on needs: it reads their sums, in which small groups
        are hidden. A school reads the papers in force of who came from another one, too.
        """
        scope = user.scope
        if not scope.reads_others:
            return self.written_by(user)
        handed_in = ~Q(state=State.DRAFT) | Q(in_force__isnull=False)
        in_force = Q(in_force__isnull=False)
        near = in_any(association=scope.associations, institution=scope.served, association__part_of=scope.faculties)
        for work, kinds in KINDS_OF_WORK.items():
            if handed := scope.entrusted(work):
                near |= Q(kind__in=kinds, institution__in=handed)
        parts = [*self._parts_written_by(user), handed_in & near]
        if scope.served:  # whoever comes from another school brings the plan along; of a second job nothing is told
            posts = Employment.objects.on(today()).filter(institution__in=scope.served)
            staff = posts.filter(institution__kind__in=kinds_using(DocumentKind.INDIVIDUAL_PLAN)).values("person")
            parts.append(in_force & Q(kind__in=OF_A_PERIOD, author__in=staff))
        if scope.associations:
            own_school = MethodicalAssociation.objects.headed_by(user).values("institution")
            parts.append(handed_in & Q(kind=DocumentKind.SCHOOL_SCHEDULE, institution__in=own_school))
        if scope.districts:
            was_sent = Exists(Decision.objects.that_sent().filter(version__document=OuterRef("pk")))
            reaches = in_force | Q(awaiting_role=Role.DISTRICT_OFFICER) | ~Q(kind__in=PERSONAL) & was_sent
            answering = [kind for kind, ways in WAYS.items() if ways.answers_to_district]
            parts.append(reaches & Q(institution__district__in=scope.districts, institution__kind__in=answering))
        if scope.is_institute_viewer:
            parts.append(in_force & ~Q(kind=DocumentKind.NEEDS_REQUEST))
        return self._in_any_of(parts)

    def written_by(self, user: User) -> Self:
        """Documents whose working copy is the user's: see :meth:`Document.is_written_by`."""
        return self._in_any_of(self._parts_written_by(user))

    def _in_any_of(self, parts: list[Q]) -> Self:
        """One part after the other, so that the database finds each by an index of its own.

        Joined by OR they would make it look through the papers of the whole country.
        """
        found = [Document.objects.filter(part).order_by().values("pk") for part in parts]
        return self.filter(pk__in=found[0].union(*found[1:], all=True))

    @staticmethod
    def _guided_by(person: int) -> Q:
        """Plans of the young specialists whose mentor somebody is today: the two write them together (001 4.4.1)."""
        pairs = Mentorship.objects.on(today()).filter(
            mentor=person, mentee=OuterRef("author"), institution=OuterRef("institution")
        )
        return Q(Exists(pairs), kind=DocumentKind.INDUCTION_PLAN)

    @classmethod
    def _parts_written_by(cls, user: User) -> list[Q]:
        scope = user.scope
        own = [Q(kind__in=PERSONAL, author=user.person_id), cls._guided_by(user.person_id)]
        if not scope.reads_others:  # an office's papers are written by few
            return own
        of_offices = Q(pk__in=())
        if scope.associations:
            kinds = (DocumentKind.ASSOCIATION_SCHEDULE, *OF_A_UNIT)
            of_offices |= Q(kind__in=kinds, association__in=scope.associations)
        if planned := scope.making(Work.PLANS):
            of_offices |= Q(kind__in=OF_A_UNIT, association=None, institution__in=planned)
        if scope.scheduled:
            of_offices |= Q(kind=DocumentKind.SCHOOL_SCHEDULE, institution__in=scope.scheduled)
        if asking := scope.making(Work.NEEDS):
            of_offices |= Q(kind=DocumentKind.NEEDS_REQUEST, institution__in=asking)
        return [*own, of_offices]

    def awaiting(self, user: User) -> Self:
        """Documents whose next step this user may take: never what one writes oneself, never twice on one version.

        Whoever does it in somebody's place takes it only where that person could.
        """
        scope = user.scope
        mine = Q(awaiting_role=Role.ASSOCIATION_HEAD) & in_any(association=scope.associations)
        if scope.districts:
            mine |= Q(awaiting_role=Role.DISTRICT_OFFICER, institution__district__in=scope.districts)
        if scope.faculties:
            mine |= Q(awaiting_role=Role.DEAN, association__part_of__in=scope.faculties)
        for role in SCHOOL_ROLES:
            if led := scope.schools_as(role):
                mine |= Q(awaiting_role=role, institution__in=led)
        taken = Decision.objects.that_bind().filter(version=OuterRef("current_version"))
        for one in scope.handed:
            theirs = Q(awaiting_role=one.role, institution=one.institution, kind__in=KINDS_OF_WORK[one.work])
            theirs &= ~Q(author=one.giver) & ~self._guided_by(one.giver)
            mine |= Q(theirs, ~Exists(taken.filter(decided_by(one.giver))))
        decided = taken.filter(decided_by(user.person_id))
        own = Q(author=user.person_id) | self._guided_by(user.person_id)
        return self.filter(mine, ~Exists(decided)).exclude(own)


def decided_by(person: int) -> Q:
    """Decisions a person took, under this record or one that was merged into it, or somebody else in their place."""
    return Q(by=person) | Q(by__merged_into=person) | Q(in_place_of=person)


class Document(models.Model):
    """The common part of every paper that is submitted and decided on.

    The columns are the working copy's; what was submitted stands in :class:`DocumentVersion`. Only
    ``schools.approval`` writes ``state``, ``revision``, ``awaiting_role`` and the two version links.
    """

    kind = models.CharField(_("kind of document"), max_length=30, choices=DocumentKind)
    # Whose paper it is; of a paper that belongs to an office, who handed it in last.
    author = models.ForeignKey(Person, models.PROTECT, related_name="documents", verbose_name=_("author"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="documents", verbose_name=_("institution")
    )
    association = models.ForeignKey(
        MethodicalAssociation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("methodical association"),
    )
    starts_on = models.DateField(_("Start date"))
    ends_on = models.DateField(_("End date"))

    state = models.CharField(_("Status"), max_length=20, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(_("revision"), default=1)  # counts every change; forms carry it
    awaiting_role = models.CharField(_("waits for"), max_length=30, choices=Role, blank=True)
    current_version = models.ForeignKey(
        "schools.DocumentVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("submitted version")
    )
    in_force = models.ForeignKey(
        "schools.DocumentVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("version in force")
    )
    seen_at = models.DateTimeField(_("looked at"), null=True)  # by the first person who can decide
    change_note = models.CharField(_("Reason for the change"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values, state__in=State.values)
                & Q(awaiting_role__in=["", *Role.values]),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end date must not be earlier than the start date."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=UNDECIDED) & ~Q(awaiting_role="") | ~Q(state__in=UNDECIDED) & Q(awaiting_role="")
                ),
                name="%(app_label)s_%(class)s_awaits_someone_while_undecided",
            ),
            models.UniqueConstraint(
                fields=["author", "institution", "kind", "starts_on"],
                condition=Q(kind__in=OF_A_PERIOD),
                name="%(app_label)s_%(class)s_one_per_period",
                violation_error_message=_("Another plan already covers this period."),
            ),
            models.UniqueConstraint(
                fields=["association", "starts_on"],
                condition=Q(kind=DocumentKind.ASSOCIATION_SCHEDULE),
                name="%(app_label)s_%(class)s_one_of_an_association",
                violation_error_message=_("The association already has a schedule for this school year."),
            ),
            models.UniqueConstraint(
                fields=["institution", "starts_on"],
                condition=Q(kind=DocumentKind.SCHOOL_SCHEDULE),
                name="%(app_label)s_%(class)s_one_of_a_school",
                violation_error_message=_("The school already has a schedule for this school year."),
            ),
            models.UniqueConstraint(
                fields=["institution", "starts_on"],
                condition=Q(kind=DocumentKind.NEEDS_REQUEST),
                name="%(app_label)s_%(class)s_one_request_of_a_school",
                violation_error_message=_("The school already has a request for this school year."),
            ),
            models.UniqueConstraint(
                fields=["kind", "association", "starts_on"],
                condition=Q(kind__in=OF_A_UNIT, association__isnull=False),
                name="%(app_label)s_%(class)s_one_of_a_department",
                violation_error_message=_("The department already has such a plan for these years."),
            ),
            models.UniqueConstraint(
                fields=["kind", "institution", "starts_on"],
                condition=Q(kind__in=OF_A_UNIT, association=None),
                name="%(app_label)s_%(class)s_one_of_an_institution",
                violation_error_message=_("The institution already has such a plan for these years."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=DocumentKind.ASSOCIATION_SCHEDULE) | Q(association__isnull=False),
                name="%(app_label)s_%(class)s_schedule_names_its_association",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.label_of_days(self.kind, self.period)}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return label_of(DocumentKind, self.kind)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return label_of(State, self.state)

    @staticmethod
    def label_of_days(kind: str, period: Period) -> str:
        """«2026-2031» of a plan of years, «3–14-май 2027-ж.» of what is about one course."""
        return span(period.starts_on, period.ends_on) if kind in TERMED else period.label

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def submitted_version(self) -> "DocumentVersion":
        """The version under decision; a document that was never submitted has none."""
        if self.current_version is None:
            raise ValueError("this document was never submitted")
        return self.current_version

    @property
    def state_label(self) -> str:
        """The state in the words of this kind of document."""
        return self.label_of(self.state)

    def label_of(self, state: str) -> str:
        """Any state in the words of this kind of document."""
        return str(STATES_OF_KIND.get((self.kind, state)) or State(state).label)

    def is_written_by(self, user: User) -> bool:
        """Whether the working copy is this user's: one's own paper, or the schedule of the office one holds.

        000 §14: the head makes the association's schedule; §15: the deputy director completes the school's. The
        director may too: a small school has no deputy. So may whom one of them handed the schedule over to.
        """
        if self.kind == DocumentKind.ASSOCIATION_SCHEDULE:
            return self.association_id in user.scope.associations
        if self.kind in OF_A_UNIT:  # the head plans for the department (004 4.1), who leads a college for all of it
            if self.association_id is None:
                return self.institution_id in user.scope.making(Work.PLANS)
            return self.association_id in user.scope.associations
        if self.kind == DocumentKind.SCHOOL_SCHEDULE:
            return self.institution_id in user.scope.scheduled
        if self.kind == DocumentKind.NEEDS_REQUEST:
            return self.institution_id in user.scope.making(Work.NEEDS)
        return user.person_id in self.writers

    @cached_property
    def writers(self) -> frozenset[int]:
        """Who decides nothing on it: the author, and the mentor who writes a young specialist's plan with them today.

        National regulation 4.4.1. Of a paper that belongs to an office: who handed it in last. Who handed such a plan
        in as the mentor decides nothing either, see :meth:`DecisionQuerySet.that_bind`.
        """
        if self.kind != DocumentKind.INDUCTION_PLAN:
            return frozenset({self.author_id})
        pairs = Mentorship.objects.on(today()).filter(mentee=self.author_id, institution=self.institution_id)
        return frozenset({self.author_id, *pairs.values_list("mentor", flat=True)})

    def is_inside_for(self, user: User) -> bool:
        """Whether undecided and returned texts are this reader's too: at school, or where the district decides."""
        scope = user.scope
        return (
            self.is_written_by(user)
            or self.institution_id in scope.served
            or bool(scope.handed_for(self.kind, self.institution_id))
            or self.association_id in scope.associations
            or (self.association is not None and self.association.part_of_id in scope.faculties)
            or (self.awaiting_role == Role.DISTRICT_OFFICER and self.institution.district_id in scope.districts)
        )

    def version_read_by(self, user: User) -> "DocumentVersion | None":
        """What a reader reads: never the working copy, and from outside the school only what is in force."""
        if self.state == State.DRAFT or not self.is_inside_for(user):
            return self.in_force
        return self.current_version


class AppendOnly(models.Model):
    """A row that is written once. Changing or deleting it through the ORM is a mistake in the program."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **_columns: Any) -> NoReturn:
        raise TypeError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class DocumentVersion(AppendOnly):
    """The text that was submitted, as it will be printed for ever, with the route it walks."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions", verbose_name=_("document"))
    number = models.PositiveIntegerField(_("Version"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    route = models.JSONField(_("approval route"))
    made_at = models.DateTimeField(_("submitted at"), default=timezone.now)
    # What the square on its paper says: 128 bits of chance. Empty where the version of the program before made it.
    mark = models.CharField(_("mark on the paper"), max_length=22, null=True, unique=True, default=new_mark)  # noqa: DJ001

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="%(app_label)s_%(class)s_one_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} / {self.number}"


class Meeting(models.Model):
    """A meeting of a methodical association at which plans were considered (national regulation 6.2)."""

    association = models.ForeignKey(
        MethodicalAssociation, models.PROTECT, related_name="meetings", verbose_name=_("methodical association")
    )
    minutes_number = models.CharField(_("Minutes number"), max_length=30)
    held_on = models.DateField(_("Date of the meeting"))
    present = models.ManyToManyField(Person, related_name="+", verbose_name=_("present"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.association}, № {self.minutes_number}"


class DecisionQuerySet(AppendOnlyQuerySet):
    def that_bind(self) -> Self:
        """Those after which nobody decides on the same version once more: its steps, and the handing in of a young
        specialist's plan. The mentor does that too, and may be the mentor no longer when the plan is decided on.
        """
        by_two = Q(action=Action.SUBMIT, version__document__kind=DocumentKind.INDUCTION_PLAN)
        return self.filter(Q(step__isnull=False) | by_two)

    def that_sent(self) -> Self:
        """Those by which an office's paper came before the district: sent by a move of its own (000 §16), or by the
        step of its route after which the district's comes; by the handing in where the district's is the first.
        """
        request = Q(version__document__kind=DocumentKind.NEEDS_REQUEST)
        sends = Q(action=Action.SUBMIT, version__route__0__role=Role.DISTRICT_OFFICER)
        for step in range(LONGEST_ROUTE - 1):
            comes_next = {f"version__route__{step + 1}__role": Role.DISTRICT_OFFICER}
            sends |= Q(~Q(by_role=Role.DISTRICT_OFFICER), step=step, action__in=STEP_ACTIONS, **comes_next)
        return self.filter(Q(action=Action.SEND) | request & sends)


class Decision(AppendOnly):
    """One move of one document: who, when, on which version, what and why. Rows of a document form a hash chain."""

    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="decisions", verbose_name=_("version"))
    action = models.CharField(_("action"), max_length=20, choices=Action)
    step = models.PositiveSmallIntegerField(_("step of the route"), null=True)  # empty for the author's own moves
    by = models.ForeignKey(Person, models.PROTECT, related_name="decisions", verbose_name=_("decided by"))
    by_name = models.CharField(_("name at that time"), max_length=250)
    by_role = models.CharField(_("role at that time"), max_length=30, choices=Role, blank=True)
    in_place_of = models.ForeignKey(  # who had handed that work over: the role is theirs
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in place of")
    )
    in_place_of_name = models.CharField(_("their name at that time"), max_length=250, blank=True)
    at = models.DateTimeField(_("decided at"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="decisions", verbose_name=_("meeting")
    )
    order_number = models.CharField(_("Order number"), max_length=30, blank=True)  # where it is decided by an order
    ordered_on = models.DateField(_("Date of the order"), null=True, blank=True)
    previous_hash = models.CharField(_("hash of the previous decision"), max_length=64, blank=True)
    chain_hash = models.CharField(_("hash of this decision"), max_length=64)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["at"], name="decision_at")]  # notices are gathered by it
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=Action.values) & Q(by_role__in=["", *Role.values]),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=False, action__in=[*STEP_ACTIONS, Action.RETURN])
                | Q(step__isnull=True) & ~Q(action__in=[*STEP_ACTIONS, Action.RETURN]),
                name="%(app_label)s_%(class)s_step_fits_action",
            ),
            models.CheckConstraint(
                condition=~Q(action=Action.RETURN) | ~Q(reason=""),
                name="%(app_label)s_%(class)s_return_has_a_reason",
                violation_error_message=_("Give the reason for the return."),
            ),
            models.CheckConstraint(
                condition=Q(in_place_of=None, in_place_of_name="")
                | Q(~Q(in_place_of=F("by")), ~Q(in_place_of_name=""), in_place_of__isnull=False),
                name="%(app_label)s_%(class)s_in_place_of_another",
            ),
            models.CheckConstraint(
                condition=Q(order_number="", ordered_on=None) | Q(~Q(order_number=""), ordered_on__isnull=False),
                name="%(app_label)s_%(class)s_order_whole",
                violation_error_message=_("Enter the number and date of the order."),
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(action=Action.SEND),
                name="%(app_label)s_%(class)s_sent_once",
            ),
            models.UniqueConstraint(
                fields=["version", "step"],
                condition=Q(step__isnull=False),
                name="%(app_label)s_%(class)s_one_per_step",
            ),
            models.UniqueConstraint(fields=["version", "previous_hash"], name="%(app_label)s_%(class)s_one_successor"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.by_name}"

    @property
    def of(self) -> tuple[int | None, ...]:
        """Whose it is: of who took it, by the record that goes on, and of whom they did it for."""
        return self.by.merged_into_id or self.by_id, self.in_place_of_id

    def computed_hash(self) -> str:
        """The hash over everything this decision states, on top of the decision before it."""
        version, meeting = self.version, self.meeting
        in_place_of = [self.in_place_of_id, self.in_place_of_name] if self.in_place_of_id else []
        order = [[self.order_number, self.ordered_on.isoformat()]] if self.ordered_on else []
        return digest(
            [
                self.previous_hash,
                [version.pk, version.document_id, version.number, version.made_at.isoformat()],
                [version.content_hash, version.route],
                self.action,
                self.step,
                self.by_id,
                self.by_name,
                self.by_role,
                self.at.isoformat(),
                self.reason,
                [meeting.minutes_number, meeting.held_on.isoformat()] if meeting else None,
                *in_place_of,  # nothing where everybody acted for themselves: so it was before work was handed over
                *order,  # nothing where no order was needed: so it was before young specialists had their plan
            ]
        )
