"""Which days a job may have beside its person's other jobs: as the forms of ``schools.staffing`` ask for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple, Self

from django.db.models import Min

from courses.importing.words import Reason
from schools.models import Employment, Leave, Transfer

AT_ONCE = 5_000  # people in one question


class Span(NamedTuple):
    """From when to when somebody worked, works or is to work; ``title`` is the institution's."""

    pk: int
    person: int
    institution: int
    title: str
    is_main: bool
    starts_on: dt.date
    ends_on: dt.date | None


class Fault(NamedTuple):
    code: Reason
    place: str = ""  # of the employment that these days belong to


class Days:
    """All employments of some people, whenever they were; read in three queries for a few thousand people."""

    def __init__(self) -> None:
        self.spans: dict[int, list[Span]] = defaultdict(list)  # by person
        self.confirmed: set[int] = set()  # employments that began by a move
        self.first_leave: dict[int, dt.date] = {}  # by employment

    @classmethod
    def of(cls, people: Collection[int]) -> Self:
        found, in_order = cls(), sorted(people)
        columns = ("pk", "person", "institution", "institution__title_ky", "is_main", "starts_on", "ends_on")
        for start in range(0, len(in_order), AT_ONCE):
            jobs = Employment.objects.filter(person__in=in_order[start : start + AT_ONCE]).order_by("pk")
            for row in jobs.values_list(*columns):
                span = Span(*row)
                found.spans[span.person].append(span)
            found.confirmed |= set(Transfer.objects.filter(became__in=jobs).values_list("became", flat=True))
            leaves = Leave.objects.filter(employment__in=jobs).order_by().values("employment")
            found.first_leave |= dict(leaves.annotate(first=Min("starts_on")).values_list("employment", "first"))
        return found

    def fault_of_new(self, person: int, institution: int | None, starts_on: dt.date, *, is_main: bool) -> Fault | None:
        """Why a new job cannot begin on a day: another main job, or one in the same institution, still went on."""
        return self._taken(person, None, institution, starts_on, None, is_main=is_main)

    def fault_of_start(self, person: int, job: int, starts_on: dt.date) -> Fault | None:
        """Why a job cannot have begun on another day."""
        [now] = [span for span in self.spans[person] if span.pk == job]
        if job in self.confirmed:
            return Fault(Reason.BEGAN_BY_MOVE)
        if self.first_leave.get(job, starts_on) < starts_on:
            return Fault(Reason.LEAVE_BEFORE)
        return self._taken(person, job, now.institution, starts_on, now.ends_on, is_main=now.is_main)

    def _taken(
        self,
        person: int,
        job: int | None,
        institution: int | None,
        starts_on: dt.date,
        ends_on: dt.date | None,
        *,
        is_main: bool,
    ) -> Fault | None:
        for other in self.spans.get(person, ()):
            is_at_once = (other.ends_on is None or other.ends_on >= starts_on) and (
                ends_on is None or other.starts_on <= ends_on
            )
            is_same = other.institution == institution or (is_main and other.is_main)
            if other.pk != job and is_at_once and is_same:
                return Fault(Reason.DAYS_TAKEN, other.title)
        return None
