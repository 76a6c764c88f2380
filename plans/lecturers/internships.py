"""Internships that are over, and whether they were told of in time (004 6.6): for a list and for reminders."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Case, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.timezone import localdate

from courses.choices import RecordStatus, TrainingKind
from courses.facts import policies
from courses.models import TrainingRecord
from courses.rules import Facts, Policy, policy_on
from courses.rules.deadlines import internship_report_due_on
from cpd.dates import today
from plans.models import InternshipInformation, InternshipPlan
from schools.choices import Action, DocumentKind
from schools.kinds import WAYS, kinds_using
from schools.models import Document, DocumentVersion, Employment, User
from schools.models.documents import UNDECIDED


class Told(StrEnum):
    """Where the information on an internship stands."""

    OWED = "owed"  # nothing was handed in, or it was returned
    HANDED_IN = "handed_in"  # the quality department has it before it
    RECEIVED = "received"


@dataclass(frozen=True)
class Internship:
    """One that is over. ``due_on`` is None where no rule says by when it is told of."""

    plan: int
    person: int
    ends_on: dt.date
    due_on: dt.date | None
    handed_in_on: dt.date | None
    told: Told

    def is_late(self, on: dt.date) -> bool:
        """Handed in after the last day, or not yet and that day is over."""
        return self.due_on is not None and (self.handed_in_on or on) > self.due_on


def over_before(on: dt.date) -> Any:
    """Approved internships that ended, where there is such information at all."""
    using = kinds_using(DocumentKind.INTERNSHIP_INFORMATION)
    return InternshipPlan.objects.filter(in_force__isnull=False, ends_on__lt=on, institution__kind__in=using)


def standing_of(plans: QuerySet[InternshipPlan]) -> list[Internship]:
    """Where each of them stands, the last one first. Two queries, whatever the number.

    What was handed in is the first version that was received; until then the one that waits. A returned one was not.
    """
    received = DocumentVersion.objects.filter(
        document=OuterRef("information"), decisions__action=Action.APPROVE
    ).order_by("number")
    jobs = Employment.objects.filter(person=OuterRef("author"), institution=OuterRef("institution"))
    rows = plans.annotate(
        received_at=Subquery(received.values("made_at")[:1]),
        waits_since=Case(
            When(information__state__in=UNDECIDED, then=F("information__current_version__made_at")),
            output_field=DateTimeField(),
        ),
        group=Subquery(jobs.order_by("-starts_on", "-pk").values("staff_group")[:1]),
    ).order_by("-ends_on", "-pk")
    norms = policies()
    columns = ("pk", "author", "ends_on", "institution", "institution__kind", "group", "received_at", "waits_since")
    found = []
    for pk, person, ends_on, institution, kind, group, received_at, waits_since in rows.values_list(*columns):
        handed_in_at = received_at or waits_since
        found.append(
            Internship(
                plan=pk,
                person=person,
                ends_on=ends_on,
                due_on=due_on(Facts(kind, institution, group or ""), ends_on, norms),
                handed_in_on=localdate(handed_in_at) if handed_in_at else None,
                told=Told.RECEIVED if received_at else Told.HANDED_IN if waits_since else Told.OWED,
            )
        )
    return found


def due_on(whose: Facts, ended_on: dt.date, norms: Sequence[Policy]) -> dt.date | None:
    """By which day, by the rule of the day on which the internship ended; None where none says."""
    policy = policy_on(norms, whose, ended_on)
    if policy is None or policy.information_days is None:
        return None
    return internship_report_due_on(ended_on, policy.information_days)


def longest_term(norms: Iterable[Policy]) -> dt.timedelta:
    return dt.timedelta(days=max((policy.information_days or 0 for policy in norms), default=0))


@dataclass(frozen=True)
class Following:
    """A paper that follows an internship's plan: the one there is, or what there is to begin. ``due_on`` of an
    information says until when it is handed in, ``is_late`` that it was not, or not by then.
    """

    kind: DocumentKind
    paper: Document | None
    can_begin: bool
    due_on: dt.date | None = None
    is_late: bool = False


def following_of(plan: InternshipPlan, user: User) -> list[Following]:
    """The programme and the information, where the institution has them: two queries, and two for the day."""
    ways, is_own = WAYS[plan.institution.kind], plan.author_id == user.person_id
    either = Q(internshipprogramme__internship=plan) | Q(internshipinformation__internship=plan)
    there = {paper.kind: paper for paper in Document.objects.filter(either)}
    seen = set(Document.objects.visible_to(user).filter(pk__in=[paper.pk for paper in there.values()]))
    found = []
    for kind in (DocumentKind.INTERNSHIP_PROGRAMME, DocumentKind.INTERNSHIP_INFORMATION):
        paper, is_information = there.get(kind), kind == DocumentKind.INTERNSHIP_INFORMATION
        may_begin = is_own and paper is None and (not is_information or plan.ends_on <= today())
        if ways.uses(kind):
            following = Following(kind, paper if paper in seen else None, may_begin)
            if is_information:
                [stands] = standing_of(InternshipPlan.objects.filter(pk=plan.pk))
                following = replace(following, due_on=stands.due_on, is_late=stands.is_late(today()))
            found.append(following)
    return found


def due_of(plan: InternshipPlan | InternshipInformation) -> dt.date | None:
    """By which day the internship is told of: calendar days after its end (004 6.6); None where no rule says."""
    jobs = plan.author.employments.filter(institution=plan.institution_id).order_by("-starts_on", "-pk")
    group = jobs.values_list("staff_group", flat=True).first() or ""
    return due_on(Facts(plan.institution.kind, plan.institution_id, group), plan.ends_on, policies())


def record_of(plan: InternshipPlan) -> TrainingRecord | None:
    """The lecturer's record of the internship: one of its days."""
    entered = TrainingRecord.objects.filter(person=plan.author_id, kind=TrainingKind.INTERNSHIP)
    return entered.filter(starts_on=plan.starts_on, ends_on=plan.ends_on).exclude(status=RecordStatus.REJECTED).first()
