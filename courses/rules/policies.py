"""Which rule judges a teacher on a day (rules §2 and §10a)."""

import datetime as dt
from collections.abc import Iterable

from courses.choices import Driver, NormStatus, Transition
from courses.rules.inputs import Facts, Policy
from cpd.dates import Period


def plan_on(facts: Facts, day: dt.date) -> Period | None:
    """The latest approved plan that has begun; one that has run out still stands until the next begins."""
    begun = [plan for plan in facts.plans if plan.starts_on <= day]
    return max(begun, key=lambda plan: (plan.starts_on, plan.ends_on), default=None)


def policy_on(policies: Iterable[Policy], facts: Facts, day: dt.date) -> Policy | None:
    """The rule in force: the institution's own before its kind's, then the staff group's, then the latest."""
    return max(
        (policy for policy in policies if _binds(policy, facts) and policy.holds_on(day)), key=_rank, default=None
    )


def policy_for(policies: Iterable[Policy], facts: Facts, as_of: dt.date) -> Policy | None:
    """The rule that judges: the one in force, or the one an open plan began under if that runs to its end."""
    policies = tuple(policies)
    plan = plan_on(facts, as_of)
    if plan and as_of in plan:
        own = policy_on(policies, facts, plan.starts_on)
        if own and own.driver == Driver.PLAN and own.transition == Transition.RUN_TO_PLAN_END:
            return own
    return policy_on(policies, facts, as_of)


def last_policy(policies: Iterable[Policy], facts: Facts, as_of: dt.date) -> Policy | None:
    """Where no rule is in force: the one in force most lately, so that a total can still be shown."""
    policies = tuple(policies)
    last_days = [
        policy.valid_to
        for policy in policies
        if _binds(policy, facts)
        and policy.status == NormStatus.IN_FORCE
        and policy.valid_from is not None
        and policy.valid_to is not None
        and policy.valid_to < as_of
    ]
    return policy_on(policies, facts, max(last_days)) if last_days else None


def _binds(policy: Policy, facts: Facts) -> bool:
    return (
        policy.institution_kind == facts.institution_kind
        and policy.institution in (None, facts.institution)
        and policy.staff_group in ("", facts.staff_group)
    )


def _rank(policy: Policy) -> tuple[bool, bool, dt.date, str]:
    # Two equal rows are refused when saved; the code only keeps the answer the same should they exist nevertheless.
    return policy.institution is not None, policy.staff_group != "", policy.valid_from or dt.date.min, policy.code
