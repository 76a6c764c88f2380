"""The people of a school by hours, and schools and districts by totals."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any, Generic, Self, TypeVar

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from courses import facts, rules, standing
from courses.choices import HoursStatus, LearningCategory, ParticipationRole, RecordStatus
from courses.models import HoursPolicy, TrainingRecord
from courses.rules.judging import SEVERITY
from courses.standing import By, Counts, CountsBy, Standing
from cpd.text import kyrgyz_order
from schools.models import District, Employment, Institution
from schools.models.people import EmploymentQuerySet

BY_NAME = [kyrgyz_order(f"person__{name}") for name in ("family_name", "given_name", "fathers_name")]
Where = TypeVar("Where", Institution, District)

NOT_JUDGED = (HoursStatus.NO_RULE, HoursStatus.HOURS_NOT_SET)
# The columns of totals; whoever is not judged stands in the last one.
SHOWN = (HoursStatus.MET, HoursStatus.DUE_SOON, HoursStatus.OVERDUE, HoursStatus.IN_PROGRESS)
COUNTRY: Sequence[By] = ("district", "oblast", "all")  # how the country is counted


@dataclass(frozen=True)
class Line:
    """One employment: where it stands, the last course attended, and the number of records that wait.

    ``is_owner`` tells that this institution counts the person; else the one of the main job does.
    """

    job: Employment
    standing: Standing
    is_owner: bool
    last_title: str
    last_ended_on: dt.date | None
    waiting: int

    @property
    def status(self) -> HoursStatus:
        """The worse of the two."""
        return self.standing.worse_status

    @property
    def is_by_frequency(self) -> bool:
        """Whether the time since the last course, and not the sum of hours, makes the status."""
        return self.status != self.standing.status

    @property
    def due(self) -> dt.date | None:
        """The day that belongs to the status shown."""
        return self.standing.frequency_due if self.is_by_frequency else self.standing.due


@dataclass(frozen=True)
class Totals:
    """How many people stand where, by the worse status of each, in the one institution that counts them."""

    by_status: Counter[HoursStatus]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Self:
        return cls(Counter(line.status for line in lines if line.is_owner))

    @property
    def people(self) -> int:
        return self.by_status.total()

    @property
    def shown(self) -> list[tuple[HoursStatus, int]]:
        """The columns of totals, nobody included."""
        return [(status, self.by_status[status]) for status in SHOWN]

    @property
    def found(self) -> list[tuple[HoursStatus, int]]:
        """Where anybody stands, from what matters most."""
        return [(status, self.by_status[status]) for status in SEVERITY if self.by_status[status]]

    @property
    def not_judged(self) -> int:
        return sum(self.by_status[status] for status in NOT_JUDGED)

    @property
    def overdue(self) -> int:
        return self.by_status[HoursStatus.OVERDUE]

    @property
    def share_met(self) -> int | None:
        """Whole percents, rounded down; None where nobody works."""
        return 100 * self.by_status[HoursStatus.MET] // self.people if self.people else None


@dataclass(frozen=True)
class Place(Generic[Where]):
    """A school with the totals of its people, or a district with those of its schools."""

    place: Where
    totals: Totals


@dataclass(frozen=True)
class Oblast:
    """An oblast by its totals, with its districts."""

    title: str
    totals: Totals
    districts: Sequence[Place[District]]


def rules_by_code() -> dict[str, HoursPolicy]:
    """All hours rules with their acts, in one query."""
    return {norm.code: norm for norm in HoursPolicy.objects.select_related("legal_act").order_by("pk")}


def lines(jobs: QuerySet[Employment], on: dt.date, norms: Mapping[str, HoursPolicy]) -> list[Line]:
    """Every employment by name: two queries, and four more where only the engine knows somebody's due date."""
    policies = [facts.policy_from(norm) for norm in norms.values()]
    found = {one.employment: one for one in standing.of(jobs, on, policies)}
    related = ("person__category", "association", "institution")
    rows = _with_courses(jobs, on).select_related(*related).order_by(*BY_NAME, "pk")
    unsure = [job for job in rows if not found[job.pk].is_due_exact]
    for key, due in exact_dues(unsure, on, policies).items():
        found[key] = replace(found[key], due=due, is_due_exact=True)
    return [Line(job, found[job.pk], job.is_owner, job.last_title, job.last_ended_on, job.waiting) for job in rows]


def last_course(on: dt.date, *, person: Any) -> QuerySet[TrainingRecord]:
    """Verified courses that a person finished by a day, the last one first."""
    attended = TrainingRecord.objects.filter(
        person=person, status=RecordStatus.VERIFIED, role=ParticipationRole.PARTICIPANT, ends_on__lte=on
    )
    return attended.exclude(category=LearningCategory.INFORMAL).order_by("-ends_on", "-pk")


def rules_applied(lines: Iterable[Line], norms: Mapping[str, HoursPolicy]) -> list[HoursPolicy]:
    """The rules that judge these people, each once."""
    codes = dict.fromkeys(line.standing.policy.code for line in lines if line.standing.policy)
    return [norms[code] for code in codes]


def schools(
    jobs: EmploymentQuerySet, institutions: Sequence[Institution], on: dt.date
) -> tuple[Totals, list[Place[Institution]]]:
    """The totals of all institutions given and of each, of ``jobs`` those in them: two queries of figures.

    Everybody is counted in one of them: who has a second job there, in that of the main one, wherever it is.
    """
    found = standing.counts(jobs.owning(on).filter(institution__in=institutions), on, by=["institution", "all"])
    return _totals(found["all"], standing.ALL), _places(institutions, found["institution"])


def country(jobs: EmploymentQuerySet, on: dt.date, policies: Sequence[rules.Policy]) -> CountsBy:
    """The figures that ``oblasts`` reads, in one query; ``policies`` are all there are.

    Everybody is counted in one district, so that districts add up to their oblast and oblasts to the country.
    """
    return standing.counts(jobs.owning(on), on, by=COUNTRY, policies=policies)


def oblasts(found: CountsBy, districts: Iterable[District]) -> tuple[Totals, list[Oblast]]:
    """The totals of the country and of the districts given, by oblast in the order given."""
    told = [
        Oblast(str(oblast), _totals(found["oblast"], oblast.pk), _places(own, found["district"]))
        for oblast, own in groupby(districts, attrgetter("oblast"))
    ]
    return _totals(found["all"], standing.ALL), told


def _places(places: Iterable[Where], counts: Mapping[int, Counts]) -> list[Place[Where]]:
    return [Place(one, _totals(counts, one.pk)) for one in places]


def _totals(counts: Mapping[int, Counts], place: int) -> Totals:
    return Totals(counts.get(place, Counter()))


def _with_courses(jobs: QuerySet[Employment], on: dt.date) -> QuerySet[Any]:
    """With the last verified course finished by the day, what waits in the institution, and who counts the person."""
    last = last_course(on, person=OuterRef("person"))
    waiting = TrainingRecord.objects.filter(
        person=OuterRef("person"), institution=OuterRef("institution"), status=RecordStatus.SUBMITTED
    )
    counted = waiting.order_by().values("person").annotate(n=Count("pk")).values("n")
    return jobs.annotate(
        is_owner=Exists(Employment.objects.owning(on).filter(pk=OuterRef("pk"))),
        last_title=Coalesce(Subquery(last.values("title")[:1]), Value("")),
        last_ended_on=Subquery(last.values("ends_on")[:1]),
        waiting=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )


def exact_dues(jobs: Sequence[Employment], on: dt.date, policies: Sequence[rules.Policy]) -> dict[int, dt.date | None]:
    """The due dates as the engine finds them, by employment: four queries, none for nobody."""
    if not jobs:
        return {}
    told, records = facts.facts_of(jobs, on), facts.records_of(job.person_id for job in jobs)
    return {job.pk: rules.judge(told[job.pk], records.get(job.person_id, []), policies, on).due for job in jobs}
