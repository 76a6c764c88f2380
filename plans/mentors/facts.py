"""The young specialists of a school on a day: who guides each, whom nobody guides, and how the plan stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from plans.induction.facts import Duty, duties_in
from plans.mentors.words import away_told
from schools.mentoring import unguided
from schools.models import Employment, Institution, Leave, Mentorship, Person

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Guide:
    """A mentorship; ``away`` says that the mentor is on long leave, ``ends_on`` is the last day of it that is known.

    That is the last day in the order, or that of the mentor's work there where it comes before.
    """

    mentorship: Mentorship
    away: str
    ends_on: dt.date | None


@dataclass
class Line:
    """One person; ``job`` is their employment of the day, ``guides`` those whose mentorship lasts or is to begin."""

    person: Person
    job: Employment | None = None
    is_young: bool = False
    lacks_mentor: bool = False
    duty: Duty | None = None
    guides: list[Guide] = field(default_factory=list)

    @property
    def mentorships(self) -> list[Mentorship]:
        return [guide.mentorship for guide in self.guides]

    @property
    def alone_after(self) -> dt.date | None:
        """The last day of the last mentor, where the work goes on after it; None where nobody knows one."""
        days = [guide.ends_on for guide in self.guides]
        if not self.is_young or self.lacks_mentor or self.job is None or None in days:
            return None
        last = max(day for day in days if day)
        return last if self.job.ends_on is None or self.job.ends_on > last else None


def lines_of(institution: Institution, mentorships: Sequence[Mentorship], on: dt.date) -> list[Line]:
    """The young specialists, and whoever else has a mentor (see ``with_presence``); those nobody guides come first."""
    duties = duties_in(institution, on)
    here = Employment.objects.on(on).filter(institution=institution)
    young = {job for job, duty in duties.items() if duty.is_young}
    lacking = set(unguided(here.filter(pk__in=young), on).values_list("pk", flat=True))
    guided: dict[int, list[Guide]] = defaultdict(list)
    for one in mentorships:
        if not is_over(one, on):
            guided[one.mentee_id].append(_guide(one))
    jobs = list(here.filter(Q(pk__in=young) | Q(person__in=guided)).select_related("person"))
    lines = [
        Line(job.person, job, job.pk in young, job.pk in lacking, duties.get(job.pk), guided.pop(job.person_id, []))
        for job in jobs
    ]
    left = [Line(guides[0].mentorship.mentee, guides=guides) for guides in guided.values()]
    return sorted([*lines, *left], key=lambda line: not line.lacks_mentor)


def with_presence(mentorships: Any, on: dt.date) -> QuerySet[Any]:
    """Each with whether its mentor is on long leave on a day, until when, and the last day of the mentor's work there.

    No query more, whatever the number: who has several posts there, or several leaves, is judged by the longest.
    """
    longest = F("ends_on").desc(nulls_first=True)
    jobs = Employment.objects.teaching().lasting_after(on - DAY)
    jobs = jobs.filter(person=OuterRef("mentor"), institution=OuterRef("institution"))
    leaves = Leave.objects.on(on).filter(
        employment__person=OuterRef("mentor"), employment__institution=OuterRef("institution")
    )
    annotated: QuerySet[Any] = mentorships.annotate(
        works_until=Subquery(jobs.order_by(longest).values("ends_on")[:1]),
        is_away=Exists(leaves),
        away_until=Subquery(leaves.order_by(longest).values("ends_on")[:1]),
    )
    return annotated


def _guide(one: Any) -> Guide:
    days = [day for day in (one.ends_on, one.works_until) if day]
    return Guide(one, away_told(one.away_until) if one.is_away else "", min(days, default=None))


def is_over(mentorship: Mentorship, on: dt.date) -> bool:
    return mentorship.ends_on is not None and mentorship.ends_on < on
