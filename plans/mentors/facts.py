"""The young specialists of a school on a day: who guides each, whom nobody guides, and how the plan stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from plans.induction.facts import Duty, duties_in
from schools.mentoring import unguided
from schools.models import Employment, Institution, Mentorship, Person


@dataclass
class Line:
    """One person; ``job`` is their employment of the day, ``mentorships`` those that last or are to begin."""

    person: Person
    job: Employment | None = None
    is_young: bool = False
    lacks_mentor: bool = False
    duty: Duty | None = None
    mentorships: list[Mentorship] = field(default_factory=list)


def lines_of(institution: Institution, mentorships: Sequence[Mentorship], on: dt.date) -> list[Line]:
    """The young specialists, and whoever else has a mentor; those nobody guides come first."""
    duties = duties_in(institution, on)
    here = Employment.objects.on(on).filter(institution=institution)
    young = {job for job, duty in duties.items() if duty.is_young}
    lacking = set(unguided(here.filter(pk__in=young), on).values_list("pk", flat=True))
    guided: dict[int, list[Mentorship]] = defaultdict(list)
    for one in mentorships:
        if not is_over(one, on):
            guided[one.mentee_id].append(one)
    jobs = list(here.filter(Q(pk__in=young) | Q(person__in=guided)).select_related("person"))
    lines = [
        Line(job.person, job, job.pk in young, job.pk in lacking, duties.get(job.pk), guided.pop(job.person_id, []))
        for job in jobs
    ]
    left = [Line(pairs[0].mentee, mentorships=pairs) for pairs in guided.values()]
    return sorted([*lines, *left], key=lambda line: not line.lacks_mentor)


def is_over(mentorship: Mentorship, on: dt.date) -> bool:
    return mentorship.ends_on is not None and mentorship.ends_on < on
