"""The bridge to the duty of a young specialist's plan: employments, norms, mentors, leave and plans as they stand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from courses.choices import NormStatus
from courses.facts import leaves_of
from courses.models import InductionNorm
from courses.young import young_among
from cpd.dates import whole_months
from plans.choices import InductionStatus
from plans.induction import rules, words
from plans.models import InductionPlan
from schools.models import Employment, Institution, Mentorship

DAY = dt.timedelta(days=1)


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
    def waits_for_order(self) -> bool:
        """Whether the plan's days are counted from an order that is still to come."""
        return self.status != InductionStatus.NOT_REQUIRED and self.starts_on is None

    @property
    def is_open(self) -> bool:
        """Whether the plan is still to be handed in."""
        return self.status in (InductionStatus.DUE, InductionStatus.LATE)


def duty_of(employment: Employment, on: dt.date) -> Duty:
    """How the duty of one employment stands on a day: six queries."""
    return _duties([employment], employment.institution, on)[employment.pk]


def plan_duty(plan: InductionPlan, on: dt.date) -> Duty | None:
    """The duty that a plan fulfils; None where its author does not work there on the day."""
    job = Employment.objects.on(on).filter(person=plan.author_id, institution=plan.institution_id).first()
    return _duties([job], plan.institution, on)[job.pk] if job else None


def duties_in(institution: Institution, on: dt.date) -> dict[int, Duty]:
    """The duties of everybody at work there who is a young specialist or has a mentor, by the employment's key."""
    jobs = Employment.objects.on(on).filter(institution=institution).select_related("person")
    duties = _duties(list(jobs), institution, on)
    return {job: duty for job, duty in duties.items() if duty.is_young or duty.mentor}


def mentor_of(plan: InductionPlan, on: dt.date) -> Mentorship | None:
    """Who writes the plan with the young specialist on a day."""
    pairs = Mentorship.objects.on(on).filter(mentee=plan.author_id, institution=plan.institution_id)
    return pairs.select_related("mentor").first()


def years_of(plan: InductionPlan) -> int:
    """How many years the plan has, by its norm; where there is none, as many as its days are."""
    norm = _norm_of(_norms_at(plan.institution), plan.starts_on)
    return norm.years if norm else max(1, whole_months(plan.starts_on, plan.ends_on + DAY) // 12)


def last_day_of(plan: InductionPlan, on: dt.date) -> dt.date:
    """The last day of a plan that was begun: later by the long leave since, where its norm says so."""
    norm = _norm_of(_norms_at(plan.institution), plan.starts_on)
    job = plan.author.employments.filter(institution=plan.institution_id).order_by("-starts_on").first()
    if norm is None or job is None:
        return plan.ends_on
    leaves = tuple(leaves_of([job.pk])[job.pk])
    facts = rules.Facts(is_young=True, employed_from=job.starts_on, leaves=leaves, plan_from=plan.starts_on)
    period = rules.period_of(facts, rule_of(norm), on)
    return period.ends_on if period else plan.ends_on


def guided_jobs_of(person: int, on: dt.date) -> list[Employment]:
    """Where somebody is a young specialist or has a mentor on a day: their posts that a plan of theirs is for."""
    own = Employment.objects.on(on).filter(person=person)
    young = young_among(own, on).values("pk")
    guided = Mentorship.objects.on(on).filter(mentee=person).values("institution")
    return list(own.filter(Q(pk__in=young) | Q(institution__in=guided)).select_related("institution", "person"))


def _duties(jobs: Sequence[Employment], institution: Institution, on: dt.date) -> dict[int, Duty]:
    norms = _norms_at(institution)
    people, keys = {job.person_id for job in jobs}, [job.pk for job in jobs]
    young = set(young_among(Employment.objects.filter(pk__in=keys), on).values_list("pk", flat=True))
    pairs, plans, leaves = _pairs_of(people, institution), _plans_of(people), leaves_of(keys)
    found = {}
    is_ruled = _norm_on(norms, on) is not None
    for job in jobs:
        since_hired = [one for one in pairs[job.person_id] if one.ends_on is None or one.ends_on >= job.starts_on]
        here = [one for one in plans[job.person_id] if one.institution_id == institution.pk]
        plan = max((one for one in here if one.ends_on >= job.starts_on), key=_how_far, default=None)
        norm = _norm_of(norms, plan.starts_on) if plan else _norm_on(norms, on)
        facts = rules.Facts(
            is_young=job.pk in young,
            employed_from=job.starts_on,
            ordered_on=min((pair.ordered_on or pair.starts_on for pair in since_hired), default=None),
            leaves=tuple(leaves[job.pk]),
            plan_from=plan.starts_on if plan else None,
            is_undecided=bool(plan and plan.is_undecided),
            is_in_force=bool(plan and plan.in_force_id),
            is_begun_elsewhere=len(here) < len(plans[job.person_id]),
        )
        mentor = next((pair for pair in since_hired if _holds(pair, on)), None)
        found[job.pk] = _duty(facts, norm if is_ruled else None, plan, mentor, on)
    return found


def _duty(
    facts: rules.Facts, norm: InductionNorm | None, plan: InductionPlan | None, mentor: Mentorship | None, on: dt.date
) -> Duty:
    judgement = rules.judge(facts, rule_of(norm) if norm else None, on)
    due, period = judgement.due, judgement.period
    return Duty(
        status=judgement.status,
        due_on=due.ends_on if due else None,
        starts_on=period.starts_on if period else None,
        ends_on=period.ends_on if period else None,
        plan=plan,
        mentor=mentor,
        is_young=facts.is_young,
        reasons=words.reasons(facts, norm, judgement) if norm and facts.is_young else (),
    )


def rule_of(norm: InductionNorm) -> rules.Rule:
    return rules.Rule(norm.years, norm.due_months, norm.counted_from, norm.leave_extends)


def _pairs_of(people: set[int], institution: Institution) -> dict[int, list[Mentorship]]:
    """The mentorships of people there, on whatever day, the earliest first."""
    found: dict[int, list[Mentorship]] = defaultdict(list)
    pairs = Mentorship.objects.filter(mentee__in=people, institution=institution).select_related("mentor")
    for pair in pairs.order_by("starts_on", "pk"):
        found[pair.mentee_id].append(pair)
    return found


def _norms_at(institution: Institution) -> list[InductionNorm]:
    """The norms of an institution and of its kind, of whatever days, as ``for_institution`` goes through them."""
    norms = InductionNorm.objects.filter(
        Q(institution=institution) | Q(institution=None, institution_kind=institution.kind),
        status=NormStatus.IN_FORCE,
    ).select_related("legal_act")
    return list(norms.order_by(F("institution").asc(nulls_last=True), "-valid_from"))


def _norm_on(norms: Sequence[InductionNorm], on: dt.date) -> InductionNorm | None:
    """The one in force on a day."""
    return next((norm for norm in norms if _is_in_force(norm, on)), None)


def _is_in_force(norm: InductionNorm, on: dt.date) -> bool:
    return _in_force_from(norm) <= on and (norm.valid_to is None or on <= norm.valid_to)


def _in_force_from(norm: InductionNorm) -> dt.date:
    return norm.valid_from or dt.date.max  # a norm in force has the day


def _norm_of(norms: Sequence[InductionNorm], first_day: dt.date) -> InductionNorm | None:
    """By which a plan is that begins on a day: what comes into force later neither shortens nor prolongs it.

    The first day of work may lie before any norm was in force: then it is the first that came after.
    """
    later = (norm for norm in norms if _in_force_from(norm) > first_day)
    return _norm_on(norms, first_day) or min(later, key=_in_force_from, default=None)


def _plans_of(people: set[int]) -> dict[int, list[InductionPlan]]:
    """Their plans wherever they are."""
    found: dict[int, list[InductionPlan]] = defaultdict(list)
    for plan in InductionPlan.objects.filter(author__in=people).order_by("pk"):
        found[plan.author_id].append(plan)
    return found


def _how_far(plan: InductionPlan) -> tuple[bool, dt.date]:
    """What is in force goes before what was begun, and of several the one that began last."""
    return plan.in_force_id is not None, plan.starts_on


def _holds(pair: Mentorship, on: dt.date) -> bool:
    return pair.starts_on <= on and (pair.ends_on is None or on <= pair.ends_on)
