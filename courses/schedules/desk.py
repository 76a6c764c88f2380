"""What a district's education office knows of its schools' schedules: which were sent, when, and what came of each.

The district knows what was sent and not taken back before anybody looked: never a working copy, never a version that
is only closed. Where a school stands is read off the decisions on that version, so that a change begun at school
shows nothing here until it is sent.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, TextChoices
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, ExtractYear
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from courses.models import Schedule, ScheduleDeadline, ScheduleReminder
from cpd.text import fold, kyrgyz_order
from schools import sent
from schools.choices import Action, DocumentKind
from schools.kinds import kinds_using
from schools.models import Decision, District, Document, DocumentVersion, Institution, User

VERDICTS = (Action.APPROVE, Action.RETURN)
SENDING = (Action.SEND, Action.AGREE, Action.SUBMIT)  # the first of them that a version has is how it came there
UNREAD = ("content", "content_hash", "route")  # long, and the list shows nothing of them but three sums


class DeskState(TextChoices):
    """Where a school's schedule stands, as the district knows it."""

    NOT_SENT = "not_sent", _("Not sent")
    WAITING = "waiting", _("Waiting for a decision")
    ACCEPTED = "accepted", _("Accepted by the district")
    RETURNED = "returned", _("Returned for revision")


@dataclass(frozen=True)
class Sent:
    """The version that lies before the district, with the sums frozen in it."""

    version: DocumentVersion
    sending: Decision
    verdict: Decision | None
    amendment: int  # how many versions were sent before it
    is_mine: bool  # its next step is the reader's
    teachers: int
    rows: int
    hours: Decimal  # of a paper that sums up none: 0

    @property
    def document(self) -> Document:
        return self.version.document

    @property
    def is_in_force(self) -> bool:
        return self.document.in_force_id == self.version.pk

    @property
    def state(self) -> DeskState:
        if self.verdict is None:
            return DeskState.WAITING
        return DeskState.ACCEPTED if self.verdict.action == Action.APPROVE else DeskState.RETURNED


@dataclass(frozen=True)
class Line:
    """One school; ``is_late`` where nothing came by the deadline, or the first schedule came after it."""

    school: Institution
    sent: Sent | None
    reminded_at: dt.datetime | None
    is_reminded_today: bool
    is_late: bool

    @property
    def state(self) -> DeskState:
        return self.sent.state if self.sent else DeskState.NOT_SENT

    @property
    def is_mine(self) -> bool:
        return self.sent is not None and self.sent.is_mine


@dataclass(frozen=True)
class Desk:
    """All schools of a district by title, for one school year."""

    district: District
    year: int
    deadline: ScheduleDeadline | None
    lines: Sequence[Line]

    @cached_property
    def by_state(self) -> Counter[DeskState]:
        return Counter(line.state for line in self.lines)

    @property
    def figures(self) -> list[tuple[DeskState, int]]:
        return [(state, self.by_state[state]) for state in DeskState]

    @property
    def sent(self) -> int:
        return len(self.lines) - self.not_sent

    @property
    def not_sent(self) -> int:
        return self.by_state[DeskState.NOT_SENT]

    @property
    def mine(self) -> int:
        return sum(line.is_mine for line in self.lines)

    @property
    def late(self) -> int:
        """How many schools have sent nothing though the deadline has passed."""
        return sum(line.is_late and line.sent is None for line in self.lines)


@dataclass(frozen=True)
class DistrictLine:
    """One district by counts of schools."""

    district: District
    schools: int
    sent: int
    accepted: int
    due_on: dt.date | None

    @property
    def not_sent(self) -> int:
        return self.schools - self.sent


@dataclass(frozen=True)
class OblastLines:
    """An oblast with its districts."""

    title: str
    districts: Sequence[DistrictLine]

    @property
    def schools(self) -> int:
        return sum(line.schools for line in self.districts)

    @property
    def sent(self) -> int:
        return sum(line.sent for line in self.districts)

    @property
    def accepted(self) -> int:
        return sum(line.accepted for line in self.districts)

    @property
    def not_sent(self) -> int:
        return self.schools - self.sent


def sent_versions(district: District | None, year: int) -> "QuerySet[DocumentVersion]":
    """Each school's newest version that was sent and neither withdrawn nor given up; the country's without a district.

    A change that was returned, and then given up by the school, no longer stands before the version in force.
    """
    return sent.newest(DocumentKind.SCHOOL_SCHEDULE, year, district)


def valid_versions(district: District, year: int, *, is_accepted_only: bool) -> "QuerySet[DocumentVersion]":
    """Each school's newest version that holds: accepted, or still to be decided on; a returned one gives way to the
    one in force before it.
    """
    return sent.newest_valid(DocumentKind.SCHOOL_SCHEDULE, year, district, is_accepted_only=is_accepted_only)


def absent_schools(district: District, year: int, present: Collection[int]) -> list[tuple[str, DeskState]]:
    """Schools of the district that are not ``present``, with where their schedules stand; two queries."""
    returned = Exists(Decision.objects.filter(version=OuterRef("pk"), action=Action.RETURN))
    sent = sent_versions(district, year).order_by().annotate(is_returned=returned)
    is_returned = dict(sent.values_list("document__institution", "is_returned"))
    schools = expected(DocumentKind.SCHOOL_SCHEDULE, year).filter(district=district).exclude(pk__in=present)
    states = {None: DeskState.NOT_SENT, False: DeskState.WAITING, True: DeskState.RETURNED}
    return [(title, states[is_returned.get(pk)]) for pk, title in schools.values_list("pk", "title_ky")]


def desk(user: User, district: District, year: int, on: dt.date) -> Desk:
    """Every school of the district and what it sent: four queries for any number of schools."""
    deadline = ScheduleDeadline.objects.filter(district=district, school_year=year).select_related("by").first()
    sent = sent_by_schools(user, DocumentKind.SCHOOL_SCHEDULE, district, year)
    reminders = ScheduleReminder.objects.for_school_year(year).filter(institution=OuterRef("pk"))
    schools: QuerySet[Any] = expected(DocumentKind.SCHOOL_SCHEDULE, year).filter(district=district)
    schools = schools.annotate(reminded_at=Subquery(reminders.order_by("-at").values("at")[:1]))
    in_order = schools.order_by(kyrgyz_order("title_ky"), "pk")
    return Desk(district, year, deadline, [_line(school, sent.get(school.pk), deadline, on) for school in in_order])


def oblasts(user: User, year: int) -> list[OblastLines]:
    """The districts the user may see, by oblast, in two queries."""
    counted = _counts(year)
    deadlines = ScheduleDeadline.objects.filter(district=OuterRef("pk"), school_year=year)
    schools = expected(DocumentKind.SCHOOL_SCHEDULE, year).filter(district=OuterRef("pk"))
    counted_schools = schools.order_by().values("district").annotate(n=Count("pk")).values("n")
    order = (kyrgyz_order("oblast__title_ky"), "oblast", kyrgyz_order("title_ky"), "pk")
    districts: QuerySet[Any] = District.objects.visible_to(user).select_related("oblast").order_by(*order)
    districts = districts.annotate(
        due_on=Subquery(deadlines.values("due_on")),
        schools=Coalesce(Subquery(counted_schools, output_field=IntegerField()), 0),
    )
    return [
        OblastLines(str(oblast), [_district_line(one, counted) for one in own])
        for oblast, own in groupby(districts, attrgetter("oblast"))
    ]


def years_known(district: District | None) -> list[int]:
    """School years for which a deadline was set or a schedule sent, the latest first; one query."""
    deadlines, sent = ScheduleDeadline.objects.all(), Schedule.objects.filter(kind=DocumentKind.SCHOOL_SCHEDULE)
    sent = sent.filter(Exists(Decision.objects.filter(version__document=OuterRef("pk"), action=Action.SEND)))
    if district:
        deadlines, sent = deadlines.filter(district=district), sent.filter(institution__district=district)
    first = Cast(ExtractYear("starts_on"), IntegerField())  # PostgreSQL extracts a decimal number
    years = sent.order_by().annotate(year=first).values_list("year", flat=True)
    return sorted(deadlines.order_by().values_list("school_year", flat=True).union(years), reverse=True)


def schools_with_subject(district: District, year: int, words: str) -> set[int]:
    """Institutions in whose schedule somebody of a subject named so stands; one query, which reads all contents."""
    wanted = fold(words).split()
    contents = sent_versions(district, year).values_list("document__institution", "content")
    return {school for school, content in contents if any(_is_named(one, wanted) for one in _subjects(content))}


def expected(kind: DocumentKind, year: int) -> QuerySet[Institution]:
    """000 §16 speaks of schools; another institution stands here only where it sent a paper of that kind."""
    senders = sent.newest(kind, year).order_by().values("document__institution")
    return Institution.objects.filter(Q(kind__in=kinds_using(kind)) | Q(pk__in=senders))


def sent_by_schools(user: User, kind: DocumentKind, district: District, year: int) -> dict[int, Sent]:
    """What each school sent of a kind of paper, by the key of the school; two queries: the versions, without their
    contents, and the decisions on them.
    """
    before = DocumentVersion.objects.filter(
        Exists(Decision.objects.that_sent().filter(version=OuterRef("pk"))),
        ~Exists(Decision.objects.filter(version=OuterRef("pk"), action=Action.WITHDRAW)),
        document=OuterRef("document"),
        number__lt=OuterRef("number"),
    )
    counted = before.order_by().values("document").annotate(n=Count("pk")).values("n")
    versions: QuerySet[Any] = sent.newest(kind, year, district).select_related("document").defer(*UNREAD)
    versions = versions.annotate(
        amendment=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        is_mine=Exists(Document.objects.awaiting(user).filter(pk=OuterRef("document"))),
        teachers=KeyTransform("teachers", "content"),
        rows=KeyTransform("rows", "content"),
        hours=KeyTransform("hours", "content"),
    ).prefetch_related(Prefetch("decisions", Decision.objects.order_by("pk")))
    return {version.document.institution_id: _one_sent(version) for version in versions}


def _one_sent(version: Any) -> Sent:
    made = {decision.action: decision for decision in version.decisions.all()}
    return Sent(
        version=version,
        sending=next(made[action] for action in SENDING if action in made),
        verdict=next((made[action] for action in VERDICTS if action in made), None),
        amendment=version.amendment,
        is_mine=version.is_mine,
        teachers=version.teachers,
        rows=version.rows,
        hours=Decimal(version.hours or 0),
    )


def _line(school: Any, sent: Sent | None, deadline: ScheduleDeadline | None, on: dt.date) -> Line:
    at: dt.datetime | None = school.reminded_at
    is_reminded_today = at is not None and localdate(at) == on
    return Line(school, sent, at, is_reminded_today, _is_late(sent, deadline, on))


def _is_late(sent: Sent | None, deadline: ScheduleDeadline | None, on: dt.date) -> bool:
    """Only the first schedule has a deadline: a correction or a change comes when it comes."""
    if deadline is None or (sent and sent.amendment):
        return False
    return (localdate(sent.sending.at) if sent else on) > deadline.due_on


def _counts(year: int) -> dict[int, tuple[int, int]]:
    """By district: how many schools sent something, and of how many the newest version was accepted."""
    accepted = Exists(Decision.objects.filter(version=OuterRef("pk"), action=Action.APPROVE))
    versions = sent_versions(None, year).order_by().annotate(is_accepted=accepted)
    found = versions.values(district=F("document__institution__district")).annotate(
        sent=Count("pk"), accepted=Count("pk", filter=Q(is_accepted=True))
    )
    return {row["district"]: (row["sent"], row["accepted"]) for row in found}


def _district_line(district: Any, counted: Mapping[int, tuple[int, int]]) -> DistrictLine:
    sent, accepted = counted.get(district.pk, (0, 0))
    return DistrictLine(district, district.schools, sent, accepted, district.due_on)


def _subjects(content: Mapping[str, Any]) -> Iterator[str]:
    for group in content["groups"]:
        for row in group["rows"]:
            yield from row["subjects"]


def _is_named(title: str, words: Sequence[str]) -> bool:
    folded = fold(title)
    return all(word in folded for word in words)
