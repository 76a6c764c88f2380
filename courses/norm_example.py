"""What a rule would do to one real teacher, shown before it is saved."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from courses import rules
from courses.facts import facts_of, policies, policy_from, records_of
from courses.models import HoursPolicy
from cpd.dates import today
from schools.models import Employment


@dataclass(frozen=True)
class ExampleDay:
    """Where the teacher stands on one day by the rules as they are, and with the rule as it was typed."""

    day: dt.date
    before: rules.Judgement
    after: rules.Judgement

    @property
    def differs(self) -> bool:
        return self._seen(self.before) != self._seen(self.after)

    @staticmethod
    def _seen(found: rules.Judgement) -> tuple[object, ...]:
        return found.figure.total, found.required, found.status, found.due, found.frequency


@dataclass(frozen=True)
class Example:
    job: Employment
    days: list[ExampleDay]

    @classmethod
    def of(cls, job: Employment, rule: HoursPolicy) -> Self:
        """The teacher today, on the day the rule begins, and on the day after it ends, where these are to come."""
        as_they_are = policies()
        others = HoursPolicy.objects.exclude(pk=rule.pk)
        as_typed = [*map(policy_from, others), policy_from(rule)]
        records = records_of([job.person_id]).get(job.person_id, [])
        days = []
        for day in _telling_days(rule):
            facts = facts_of([job], day)[job.pk]
            before, after = (rules.judge(facts, records, norms, day) for norms in (as_they_are, as_typed))
            days.append(ExampleDay(day, before, after))
        return cls(job, days)


def jobs_under(rule: HoursPolicy) -> QuerySet[Employment]:
    """Teaching posts of today that the rule speaks of, whether or not it is in force; main jobs first."""
    jobs = Employment.objects.on(today()).teaching().filter(institution__kind=rule.institution_kind)
    if rule.institution_id:
        jobs = jobs.filter(institution=rule.institution_id)
    if rule.staff_group:
        jobs = jobs.filter(staff_group=rule.staff_group)
    return jobs.select_related("person", "institution").order_by("-is_main", "pk")


def _telling_days(rule: HoursPolicy) -> list[dt.date]:
    now = today()
    after = rule.valid_to + dt.timedelta(days=1) if rule.valid_to else None
    return sorted({now, *(day for day in (rule.valid_from, after) if day and day > now)})
