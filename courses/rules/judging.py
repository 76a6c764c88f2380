"""Where a teacher stands on a day: window, total, status, due date (rules §5, §7 and §10a)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from courses.choices import Driver, HoursStatus, NormStatus, YearKind
from courses.rules.counting import Figure, Row, counted_in, live_figure
from courses.rules.frequency import Frequency, event_rows, last_event, next_due, safe_end, still_lasting
from courses.rules.inputs import Facts, Pair, Policy, Record
from courses.rules.leave import Term, days_away, extended, first_live, years_after
from courses.rules.policies import last_policy, plan_on, policy_for
from cpd.dates import Period, add_years, calendar_year, school_year, school_year_of

# From the one that matters most; what cannot be judged stands before what is met.
SEVERITY = (
    HoursStatus.OVERDUE,
    HoursStatus.DUE_SOON,
    HoursStatus.IN_PROGRESS,
    HoursStatus.HOURS_NOT_SET,
    HoursStatus.NO_RULE,
    HoursStatus.MET,
)


@dataclass(frozen=True)
class Judgement:
    """The answer for one teacher and one day.

    ``figure`` is the one the demand is measured by; ``rolling`` (the last years) and ``plan`` stand beside it where
    there are a rule and a plan. ``counted_by`` is the rule whose parameters counted: the last one in force where
    ``policy`` is None. ``required`` and what follows from it are None where the demand is not a sum of hours.
    ``term`` tells by when it is owed, and what long leave had to do with that.
    """

    as_of: dt.date
    policy: Policy | None
    counted_by: Policy | None
    driver: Driver | None
    figure: Figure
    rolling: Figure | None
    plan: Figure | None
    status: HoursStatus
    term: Term | None
    required: Decimal | None
    frequency: Frequency | None

    @property
    def due(self) -> dt.date | None:
        return self.term.ends_on if self.term else None

    @property
    def asks_for_event(self) -> bool:
        """Whether the demand is one large event, and not a sum of hours."""
        return self.policy is not None and self.policy.asks_for_event

    @property
    def rows(self) -> tuple[Row, ...]:
        """What each record is to the demand: hours of its sum, or the event it asks for."""
        return self.frequency.rows if self.frequency and self.asks_for_event else self.figure.rows

    @property
    def shortfall(self) -> Decimal | None:
        return None if self.required is None else max(Decimal(), self.required - self.figure.total)

    @property
    def compulsory_shortfall(self) -> Decimal | None:
        """Hours of the compulsory block still lacking, where the rule asks for some."""
        if self.policy is None or self.required is None or self.policy.min_compulsory_hours is None:
            return None
        return max(Decimal(), self.policy.min_compulsory_hours - self.figure.compulsory)

    @property
    def percent(self) -> int | None:
        return percent_of(self.figure.total, self.required)

    @property
    def worse_status(self) -> HoursStatus:
        """The worse of the two statuses, for lists with one column."""
        statuses = [self.status] + ([self.frequency.status] if self.frequency else [])
        return min(statuses, key=SEVERITY.index)


def judge(facts: Facts, records: Sequence[Record], policies: Iterable[Policy], as_of: dt.date) -> Judgement:
    """What counts, what is lacking and by when, as of a day."""
    policies = tuple(policies)
    policy = policy_for(policies, facts, as_of)
    counted_by = policy or last_policy(policies, facts, as_of)
    if counted_by is None:
        figure = counted_in(None, records, _uncounted(facts), as_of, facts.confirmed_pairs)
        return Judgement(as_of, None, None, None, figure, None, None, HoursStatus.NO_RULE, None, None, None)
    away = days_away(facts.leaves, as_of) if counted_by.stands_still_in_leave else ()
    plan = _moved(plan_on(facts, as_of), away)
    driver = _driver(counted_by, plan)
    rolling = live_figure(records, counted_by, as_of, facts.confirmed_pairs, away)
    planned = counted_in(plan, records, counted_by, as_of, facts.confirmed_pairs) if plan else None
    figure = rolling
    if driver == Driver.PLAN and planned:
        figure = planned
    elif driver == Driver.YEAR:
        figure = counted_in(_year(counted_by, as_of), records, counted_by, as_of, facts.confirmed_pairs)
    found = (as_of, policy, counted_by, driver, figure, rolling, planned)
    if policy is None:
        return Judgement(*found, HoursStatus.NO_RULE, None, None, None)
    if policy.asks_for_event:
        frequency = _frequency(facts, records, policy, as_of, away)
        return Judgement(*found, frequency.status, frequency.term, None, frequency)
    status, term = _standing_by_hours(driver, figure, facts, records, policy, as_of, away)
    if driver == Driver.FREQUENCY:  # hours added up take the place of the one event
        events = event_rows(records, policy, as_of, facts.confirmed_pairs)
        event = last_event(events)
        frequency = Frequency(status, term, event, _again(event, policy), events)
        return Judgement(*found, status, term, policy.req_hours, frequency)
    checked = _frequency(facts, records, policy, as_of, away) if policy.frequency_years is not None else None
    return Judgement(*found, status, term, policy.req_hours, checked)


def percent_of(total: Decimal, required: Decimal | None) -> int | None:
    """How full the bar is: whole percents, rounded down, never above a hundred (rules §4)."""
    return min(100, int(total * 100 // required)) if required else None


def standing(is_met: bool, due: dt.date | None, warn_days: int, as_of: dt.date) -> HoursStatus:
    """The status of a demand that can be judged, in the order of rules §7. Without a due date nobody is late."""
    if is_met:
        return HoursStatus.MET
    if due is None:
        return HoursStatus.IN_PROGRESS
    if as_of > due:
        return HoursStatus.OVERDUE
    return HoursStatus.DUE_SOON if (due - as_of).days <= warn_days else HoursStatus.IN_PROGRESS


def is_met(figure: Figure, policy: Policy) -> bool:
    """Enough hours, and enough of the compulsory block where the rule asks for some; compared without rounding."""
    if policy.req_hours is None or figure.total < policy.req_hours:
        return False
    return policy.min_compulsory_hours is None or figure.compulsory >= policy.min_compulsory_hours


def holds_until(
    records: Sequence[Record], policy: Policy, as_of: dt.date, confirmed: AbstractSet[Pair], away: Sequence[Period]
) -> Term | None:
    """The last day on which the hours finished by ``as_of`` add up to the demand (rules §7, rolling window).

    That is the day the record expires at which the sum, taken from the newest backwards, reaches the demand. Where it
    holds on ``as_of`` the day is looked for from there on, where not before it, because a conflict between records
    (rules §6) can let the sum fall and rise again.
    """

    def holds_on(day: dt.date) -> bool:
        window = Period(first_live(day, policy.years, away), max(day, as_of))
        return is_met(counted_in(window, records, policy, as_of, confirmed), policy)

    terms = (years_after(safe_end(record), policy.years, away) for record in records if record.days)
    expiries = dict(sorted({term.ends_on: term for term in terms}.items()))
    if holds_on(as_of):
        later = (day for day in expiries if day >= as_of)
        last = next((day for day in later if not holds_on(day + dt.timedelta(days=1))), None)
    else:
        last = next((day for day in reversed(expiries) if day < as_of and holds_on(day)), None)
    return expiries[last] if last else None


def _standing_by_hours(
    driver: Driver,
    figure: Figure,
    facts: Facts,
    records: Sequence[Record],
    policy: Policy,
    as_of: dt.date,
    away: Sequence[Period],
) -> tuple[HoursStatus, Term | None]:
    if policy.req_hours is None:
        return HoursStatus.HOURS_NOT_SET, None
    plan = plan_on(facts, as_of)
    term: Term | None
    if driver == Driver.PLAN and plan:
        term = extended(plan, away)
    elif driver == Driver.YEAR and figure.window:
        term = Term(figure.window.ends_on, figure.window.ends_on)
    else:
        # Whoever has worked for fewer years than the rule counts still has the rest of them.
        first = years_after(facts.employed_from, policy.years, away) if facts.employed_from else None
        held = holds_until(records, policy, as_of, facts.confirmed_pairs, away)
        term = max(filter(None, (first, held)), key=lambda term: term.ends_on, default=None)
    due = term.ends_on if term else None
    return standing(is_met(figure, policy), due, policy.warn_days, as_of), term


def _frequency(
    facts: Facts, records: Sequence[Record], policy: Policy, as_of: dt.date, away: Sequence[Period]
) -> Frequency:
    events = event_rows(records, policy, as_of, facts.confirmed_pairs)
    event = last_event(events)
    term = next_due(event, facts.employed_from, policy.event_years, away)
    due = term.ends_on if term else None
    is_in_time = event is not None and due is not None and as_of <= due
    rows = still_lasting(events, first_live(as_of, policy.event_years, away))
    return Frequency(standing(is_in_time, due, policy.warn_days, as_of), term, event, _again(event, policy), rows)


def _again(event: Record | None, policy: Policy) -> dt.date | None:
    """When learning is planned anew after an event (004 4.3): a reminder only."""
    if event is None or policy.planning_interval_years is None:
        return None
    return add_years(safe_end(event), policy.planning_interval_years)


def _moved(plan: Period | None, away: Sequence[Period]) -> Period | None:
    """The days in which a plan's records count: to its last day, moved by leave."""
    return Period(plan.starts_on, extended(plan, away).ends_on) if plan else None


def _driver(policy: Policy, plan: Period | None) -> Driver:
    """What the demand follows; without an approved plan the last years take its place."""
    if policy.driver == Driver.PLAN and plan is None:
        return Driver.ROLLING
    return Driver(policy.driver)


def _year(policy: Policy, day: dt.date) -> Period:
    if policy.year_kind == YearKind.CALENDAR:
        return calendar_year(day.year)
    return school_year(school_year_of(day))


def _uncounted(facts: Facts) -> Policy:
    """Where no rule ever held: the tests of rules §3 that need no number, and no window."""
    return Policy(
        code="", institution_kind=facts.institution_kind, status=NormStatus.DRAFT, years=0, driver=Driver.PLAN
    )
