"""The bridge to the duty of a young specialist's plan: employments, norms, mentors, leave and plans as they stand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.facts import leaves_of
from courses.models import InductionNorm
from plans.choices import InductionStatus
from plans.induction import rules, words
from plans.models import InductionPlan
from schools.models import Employment, Institution, Mentorship


@dataclass(frozen=True)
class Duty:
    """How the plan of one young specialist stands; ``starts_on`` and ``ends_on`` are the plan's, both days inside."""

    status: InductionStatus
    due_on: dt.date | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    plan: InductionPlan | None
    mentor: Mentorship | None  # the one of the day
    is_young: bool
    reasons: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the plan is still to be handed in."""
        return self.status in (InductionStatus.DUE, InductionStatus.LATE)


def duty_of(employment: Employment, on: dt.date) -> Duty:
    """How the duty of one employment stands on a day: five queries."""
    return _duties([employment], employment.institution, on)[employment.pk]


def duties_in(institution: Institution, on: dt.date) -> dict[int, Duty]:
    """The duties of everybody at work there who is a young specialist or has a mentor, by the employment's key."""
    jobs = Employment.objects.on(on).filter(institution=institution).select_related("person")
    duties = _duties(list(jobs), institution, on)
    return {job: duty for job, duty in duties.items() if duty.is_young or duty.mentor}


def _duties(jobs: Sequence[Employment], institution: Institution, on: dt.date) -> dict[int, Duty]:
    norm = InductionNorm.objects.select_related("legal_act").for_institution(institution, on)
    people = {job.person_id for job in jobs}
    pairs = _pairs_of(people, institution)
    plans = _plans_of(people, institution)
    leaves = leaves_of(job.pk for job in jobs)
    return {
        job.pk: _duty(job, norm, pairs[job.person_id], plans[job.person_id], tuple(leaves[job.pk]), on) for job in jobs
    }


def _duty(
    job: Employment,
    norm: InductionNorm | None,
    pairs: Iterable[Mentorship],
    plans: Iterable[InductionPlan],
    leaves: tuple[rules.Leave, ...],
    on: dt.date,
) -> Duty:
    since_hired = [pair for pair in pairs if pair.ends_on is None or pair.ends_on >= job.starts_on]
    plan = max((plan for plan in plans if plan.ends_on >= job.starts_on), key=_how_far, default=None)
    facts = rules.Facts(
        is_young=is_young(job, norm, on),
        employed_from=job.starts_on,
        ordered_on=min((pair.ordered_on or pair.starts_on for pair in since_hired), default=None),
        leaves=leaves,
        plan_from=plan.starts_on if plan else None,
        is_undecided=bool(plan and plan.is_undecided),
        is_in_force=bool(plan and plan.in_force_id),
    )
    rule = rule_of(norm) if norm else None
    judgement = rules.judge(facts, rule, on)
    mentor = next((pair for pair in since_hired if _holds(pair, on)), None)
    return Duty(
        status=judgement.status,
        due_on=judgement.due.ends_on if judgement.due else None,
        starts_on=judgement.period.starts_on if judgement.period else None,
        ends_on=judgement.period.ends_on if judgement.period else None,
        plan=plan,
        mentor=mentor,
        is_young=facts.is_young,
        reasons=words.reasons(facts, norm, judgement) if norm and facts.is_young else (),
    )


def rule_of(norm: InductionNorm) -> rules.Rule:
    return rules.Rule(norm.years, norm.due_months, norm.counted_from, norm.leave_extends)


def is_young(job: Employment, norm: InductionNorm | None, on: dt.date) -> bool:
    """What the school entered."""
    return bool(job.is_young_specialist)


def _pairs_of(people: set[int], institution: Institution) -> dict[int, list[Mentorship]]:
    """The mentorships of people there, on whatever day, the earliest first."""
    found: dict[int, list[Mentorship]] = defaultdict(list)
    pairs = Mentorship.objects.filter(mentee__in=people, institution=institution).select_related("mentor")
    for pair in pairs.order_by("starts_on", "pk"):
        found[pair.mentee_id].append(pair)
    return found


def _plans_of(people: set[int], institution: Institution) -> dict[int, list[InductionPlan]]:
    found: dict[int, list[InductionPlan]] = defaultdict(list)
    for plan in InductionPlan.objects.filter(author__in=people, institution=institution).order_by("pk"):
        found[plan.author_id].append(plan)
    return found


def _how_far(plan: InductionPlan) -> tuple[bool, dt.date]:
    """What is in force goes before what was begun, and of several the one that began last."""
    return plan.in_force_id is not None, plan.starts_on


def _holds(pair: Mentorship, on: dt.date) -> bool:
    return pair.starts_on <= on and (pair.ends_on is None or on <= pair.ends_on)
