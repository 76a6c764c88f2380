"""Where thousands of teachers stand on a day: the judgement of ``courses.rules``, as one SQL statement.

The statement is ``standing.sql``, with ``standing_leave.sql`` where a rule speaks of long leave; here it is told the
rules of the day, and its answer is read. A property test holds it equal to the engine on both databases. With the
rules themselves, a page takes two statements in all, and a third where somebody was on leave.
"""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from pathlib import Path
from string import Template
from typing import Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from courses import facts, rules
from courses.choices import Driver, HoursStatus, NormStatus, YearKind
from courses.rules.judging import SEVERITY
from cpd.dates import Period, calendar_year, last_years, school_year, school_year_of
from schools.choices import InstitutionKind
from schools.models import Employment

HERE = Path(__file__).parent
STATEMENT = Template((HERE / "standing.sql").read_text(encoding="utf-8"))
LEAVE = Template((HERE / "standing_leave.sql").read_text(encoding="utf-8"))
# The same tables without rows: planning the other part costs more than a school's answer may.
NO_LEAVE = Template("""
away (employment) AS (SELECT 0 WHERE FALSE),
gained (employment, days) AS (SELECT 0, 0 WHERE FALSE),
moved (employment, live_from, unwarned_from, event_live_from, event_unwarned_from) AS (
    SELECT 0, CAST(NULL AS $date), CAST(NULL AS $date), CAST(NULL AS $date), CAST(NULL AS $date) WHERE FALSE
),
""")

# The words in which the databases differ.
WORDS = {
    "postgresql": {
        "date": "date",
        "list": "STRING_AGG(CAST(loser AS text), ',')",
        "days": "(ends_on - starts_on + 1)",
        "day_after": "(after + 1)",
        "starts_but_for_earlier": "starts_on - CAST(earlier AS integer)",
        "plan_to_and_gained": "ruled.plan_to + CAST(gained.days AS integer)",
    },
    "sqlite": {
        "date": "text",
        "list": "GROUP_CONCAT(loser, ',')",
        "days": "CAST(JULIANDAY(ends_on) - JULIANDAY(starts_on) + 1 AS integer)",
        "day_after": "DATE(after, '1 day')",
        "starts_but_for_earlier": "DATE(starts_on, '-' || earlier || ' days')",
        "plan_to_and_gained": "DATE(ruled.plan_to, gained.days || ' days')",
    },
}
# The first day from which years reach a day, the days of leave left out; 29 February is never reached from the 28th.
EDGES = {
    "postgresql": (
        "CAST($day - days - MAKE_INTERVAL(years => $years) AS date)"
        " + CASE WHEN EXTRACT(DAY FROM $day - days)"
        " > EXTRACT(DAY FROM $day - days - MAKE_INTERVAL(years => $years)) THEN 1 ELSE 0 END"
    ),
    "sqlite": "DATE($day, '-' || days || ' days', '-' || $years || ' years')",
}
RANKS = {status.name: str(rank) for rank, status in enumerate(SEVERITY)}  # the lowest matters most

ONE_BY_ONE = """
SELECT standing.employment, person, institution, no AS rule, hours, status, frequency, is_due_at_end, counts_to,
    employed_from, last_event, reached.by_hours, reached.by_compulsory,
    standing.employment IN (SELECT employment FROM contested) AS is_contested,
    standing.employment IN (SELECT employment FROM away) AS was_away
FROM standing
LEFT JOIN reached ON reached.employment = standing.employment
"""

# Each person once in a place, where the worst of the jobs there stands.
BY_PLACE = """,
counted AS (
    SELECT person, institution, district, oblast_id AS oblast,
        CASE WHEN frequency < status THEN frequency ELSE status END AS status
    FROM standing
    JOIN schools_district ON schools_district.id = standing.district
)
"""
IN_ONE_KIND_OF_PLACE = """
SELECT '$by' AS kind, place, status, COUNT(*) AS people
FROM (SELECT $place AS place, person, MIN(status) AS status FROM counted GROUP BY place, person) AS one
GROUP BY place, status
"""
By = Literal["institution", "district", "oblast", "all"]
PLACES: dict[By, str] = {"institution": "institution", "district": "district", "oblast": "oblast", "all": "0"}
ALL = 0  # the key of the only place of the kind "all"

Counts = Counter[HoursStatus]
CountsBy = dict[By, dict[int, Counts]]  # by the key of the place
Row = dict[str, Any]
Columns = dict[str, tuple[str, Any]]  # each with its type in SQL and its value


@dataclass(frozen=True)
class Standing:
    """One employment's answer. ``policy`` is the rule in force, or None.

    ``is_due_at_end`` tells that the demand closes with a plan or a year; otherwise the hours one has run out then.
    Where hours are live for some years and records contest one another (rules §6), only the engine knows until when
    the demand is met: then ``due`` is None and ``is_due_exact`` false.
    """

    employment: int
    person: int
    institution: int
    policy: rules.Policy | None
    total: Decimal
    required: Decimal | None
    status: HoursStatus
    due: dt.date | None
    is_due_exact: bool
    is_due_at_end: bool
    frequency_status: HoursStatus | None
    frequency_due: dt.date | None

    @property
    def shortfall(self) -> Decimal | None:
        return None if self.required is None else max(Decimal(), self.required - self.total)

    @property
    def hours_due(self) -> dt.date | None:
        """By when hours are owed. Whoever has enough owes none when a plan or a year closes, but they may run out."""
        return None if self.is_due_at_end and self.status == HoursStatus.MET else self.due

    @property
    def worse_status(self) -> HoursStatus:
        return worse(self.status, self.frequency_status)


def of(
    employments: QuerySet[Employment], on: dt.date, policies: Sequence[rules.Policy] | None = None
) -> list[Standing]:
    """Where each of the employments stands on a day, in no order; ``policies`` are all there are, if read already.

    Where anybody's years stood still in long leave, one more query tells by when they owe.
    """
    known = _known_rules(facts.policies() if policies is None else policies, on)
    rows = _rows(ONE_BY_ONE, employments, known, on)
    were_away = [row["employment"] for row in rows if row["was_away"]]
    leaves = facts.leaves_of(were_away) if were_away else {}
    away = {job: rules.days_away(told, on) for job, told in leaves.items()}
    return [_standing(row, known.rules[row["rule"]], away.get(row["employment"], ()), on) for row in rows]


def counts(
    employments: QuerySet[Employment],
    on: dt.date,
    *,
    by: Sequence[By],
    policies: Sequence[rules.Policy] | None = None,
) -> CountsBy:
    """How many people stand where, by the worse status of each; all for each kind of place, by the key of the place.

    Of several jobs of one person in a place the worst stands; ``Employment.objects.owning`` leaves one of them.
    "all" is one place. ``policies`` are all there are, if read already.
    """
    known = _known_rules(facts.policies() if policies is None else policies, on)
    parts = [Template(IN_ONE_KIND_OF_PLACE).substitute(by=one, place=PLACES[one]) for one in by]
    found: CountsBy = {one: {} for one in by}
    for row in _rows(BY_PLACE + "UNION ALL".join(parts), employments, known, on):
        place = found[row["kind"]].setdefault(row["place"], Counter())
        place[SEVERITY[row["status"]]] = row["people"]
    return found


def worse(status: HoursStatus, frequency: HoursStatus | None) -> HoursStatus:
    return min((status, frequency or status), key=SEVERITY.index)


# --- the rules as the statement reads them ------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A policy on one day: numbers in hundredths of an hour, terms turned into days to compare with.

    ``counted_by`` gives the numbers; ``is_in_force`` tells whether it judges too (rules §7: a total is always shown).
    Days named ``…live_from`` are the first from which the years reach the day, ``…unwarned_from`` the first from which
    they end after the warning does.
    """

    counted_by: rules.Policy | None
    is_in_force: bool
    on: dt.date

    @property
    def policy(self) -> rules.Policy:
        """What counts; where no rule ever held, the tests that need no number."""
        return self.counted_by or rules.Policy(
            code="", institution_kind="", status=NormStatus.DRAFT, years=0, driver=Driver.ROLLING
        )

    @property
    def status_from(self) -> str:
        """What the status follows: "hours" added up, the last "event", or nothing."""
        if not self.is_in_force:
            return ""
        return "event" if self.policy.driver == Driver.FREQUENCY and not self.policy.accumulate else "hours"

    @property
    def frequency_from(self) -> str:
        """What the status by frequency follows."""
        if self.is_in_force and self.policy.driver == Driver.FREQUENCY:
            return self.status_from
        return "event" if self.is_in_force and self.policy.frequency_years is not None else ""

    @property
    def window(self) -> Period:
        """The days in which records count where there is no plan to follow."""
        if self.counted_by is None:
            return Period(dt.date.min, self.on)
        if self.policy.driver != Driver.YEAR:
            return last_years(self.on, self.policy.years)
        if self.policy.year_kind == YearKind.CALENDAR:
            return calendar_year(self.on.year)
        return school_year(school_year_of(self.on))

    def columns(self, no: int) -> Columns:
        policy = self.policy
        warns_to = self.on + dt.timedelta(days=policy.warn_days)
        unwarned_on = warns_to + dt.timedelta(days=1)
        event_years = policy.event_years
        return {
            "no": ("integer", no),
            "status_from": ("text", self.status_from),
            "frequency_from": ("text", self.frequency_from),
            "follows_plan": ("boolean", policy.driver == Driver.PLAN),
            "follows_year": ("boolean", policy.driver == Driver.YEAR),
            "window_from": ("date", self.window.starts_on),
            "window_to": ("date", self.window.ends_on),
            "years": ("integer", policy.years),
            "event_years": ("integer", event_years),
            "live_from": ("date", last_years(self.on, policy.years).starts_on),
            "unwarned_from": ("date", last_years(unwarned_on, policy.years).starts_on),
            "event_live_from": ("date", last_years(self.on, event_years).starts_on),
            "event_unwarned_from": ("date", last_years(unwarned_on, event_years).starts_on),
            "stands_still": ("boolean", policy.stands_still_in_leave),
            "warns_to": ("date", warns_to),
            "unwarned_on": ("date", unwarned_on),
            "required": ("bigint", _hundredths(policy.req_hours) if self.status_from == "hours" else None),
            "least_compulsory": ("bigint", _hundredths(policy.min_compulsory_hours)),
            "needs_document": ("boolean", policy.require_document),
            "needs_right": ("boolean", policy.require_provider_eligible),
            "counts_nonformal": ("boolean", policy.count_nonformal),
            "credit": ("bigint", None if policy.hours_per_credit is None else int(policy.hours_per_credit * 10)),
            "least_event": ("bigint", _hundredths(policy.min_event_hours)),
            "least_internship": ("bigint", _hundredths(policy.internship_min_hours)),
            "internship_days": ("integer", policy.internship_min_days),
            "measures_internships": ("boolean", policy.measures_internships),
            "least_retraining": ("bigint", _hundredths(policy.retraining_min_hours)),
            "studies_qualify": ("boolean", policy.degree_counts),
        }


@dataclass(frozen=True)
class Choice:
    """Who is judged by which rule; 0 and "" stand for places and groups that no rule names."""

    kind: str
    institution: Hashable
    staff_group: str
    plan_from: dt.date
    plan_to: dt.date
    rule: Rule

    def columns(self, no: int) -> Columns:
        return {
            "kind": ("text", self.kind),
            "institution": ("bigint", self.institution),
            "staff_group": ("text", self.staff_group),
            "plan_from": ("date", self.plan_from),
            "plan_to": ("date", self.plan_to),
            "rule": ("integer", no),
        }


@dataclass(frozen=True)
class KnownRules:
    rules: Sequence[Rule]
    choices: Sequence[Choice]


def _known_rules(policies: Sequence[rules.Policy], on: dt.date) -> KnownRules:
    choices = list(_choices(policies, on))
    return KnownRules(list(dict.fromkeys(choice.rule for choice in choices)), choices)


def _choices(policies: Sequence[rules.Policy], on: dt.date) -> Iterator[Choice]:
    """The engine chooses, once for each kind, place, group and stretch of days in which plans began alike."""
    institutions = {None, *(policy.institution for policy in policies)}
    staff_groups = {"", *(policy.staff_group for policy in policies)}
    for kind, institution, staff_group in product(InstitutionKind.values, institutions, staff_groups):
        told = rules.Facts(institution_kind=kind, institution=institution, staff_group=staff_group)
        for begins, ends, rule in _by_plan(policies, told, on):
            yield Choice(kind, institution or 0, staff_group, begins, ends, rule)


def _by_plan(policies: Sequence[rules.Policy], told: rules.Facts, on: dt.date) -> list[tuple[dt.date, dt.date, Rule]]:
    """The rule by the first day of an open plan; whoever has none finds it under the last of all days."""
    without_plan = _rule(policies, told, on)
    begins = dt.date.min
    found = []
    for last in sorted({day for policy in policies for day in _turns(policy) if day < on} | {on}):
        with_plan = rules.Facts(
            institution_kind=told.institution_kind,
            institution=told.institution,
            staff_group=told.staff_group,
            plans=(Period(last, on),),
        )
        found.append((begins, last, _rule(policies, with_plan, on)))
        begins = last + dt.timedelta(days=1)
    if all(rule == without_plan for _, _, rule in found):
        return [(dt.date.min, dt.date.max, without_plan)]
    return [*found, (begins, dt.date.max, without_plan)]


def _turns(policy: rules.Policy) -> Iterator[dt.date]:
    """The last days before the policy begins and before it has ended."""
    if policy.valid_from:
        yield policy.valid_from - dt.timedelta(days=1)
    if policy.valid_to:
        yield policy.valid_to


def _rule(policies: Sequence[rules.Policy], told: rules.Facts, on: dt.date) -> Rule:
    policy = rules.policy_for(policies, told, on)
    return Rule(policy or rules.last_policy(policies, told, on), policy is not None, on)


def _hundredths(hours: Decimal | None) -> int | None:
    return None if hours is None else int(hours * 100)


# --- asking and reading -------------------------------------------------------------------------------------------


def _rows(wanted: str, employments: QuerySet[Employment], known: KnownRules, on: dt.date) -> list[Row]:
    """Ask the statement with ``wanted`` as its last part. Values travel as parameters only."""
    columns = ("pk", "person", "institution", "staff_group", "starts_on")
    distinct = employments.order_by().values_list(*columns).distinct()
    try:
        chosen, of_chosen = distinct.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return []
    numbers = {rule: no for no, rule in enumerate(known.rules)}
    yesterday = on - dt.timedelta(days=1)
    days = {"day": on, "yesterday": yesterday, "first_day": dt.date.min, "no_plan": dt.date.max}
    asked, of_asked = _values([{name: ("date", day) for name, day in days.items()}])
    rule_rows = [rule.columns(no) for rule, no in numbers.items()]
    rule_values, of_rules = _values(rule_rows)
    choices, of_choices = _values([choice.columns(numbers[choice.rule]) for choice in known.choices])
    words = WORDS[connection.vendor]
    speaks_of_leave = any(rule.policy.stands_still_in_leave for rule in known.rules)
    statement = STATEMENT.substitute(
        words | RANKS,
        leave=LEAVE.substitute(words | _edges()) if speaks_of_leave else NO_LEAVE.substitute(words),
        employments=chosen,
        asked=asked,
        rule_columns=", ".join(rule_rows[0]),
        rules=rule_values,
        choices=choices,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement + wanted, [*of_chosen, *of_asked, *of_rules, *of_choices])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _edges() -> dict[str, str]:
    """The days of a rule that long leave moves, as the database reckons them."""
    edge = Template(EDGES[connection.vendor])
    return {
        name: edge.substitute(day=day, years=years)
        for name, day, years in (
            ("live_from", "ruled.day", "rule.years"),
            ("unwarned_from", "rule.unwarned_on", "rule.years"),
            ("event_live_from", "ruled.day", "rule.event_years"),
            ("event_unwarned_from", "rule.unwarned_on", "rule.event_years"),
        )
    }


def _values(rows: Sequence[Columns]) -> tuple[str, list[Any]]:
    """The rows of VALUES, each value with its type, and the parameters."""
    words = WORDS[connection.vendor]
    texts, params = [], []
    for row in rows:
        texts.append("(" + ", ".join(f"CAST(%s AS {words.get(kind, kind)})" for kind, _ in row.values()) + ")")
        params += [_told(value) for _, value in row.values()]
    return ", ".join(texts), params


def _told(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value


def _standing(row: Row, rule: Rule, away: Sequence[Period], on: dt.date) -> Standing:
    policy = rule.counted_by if rule.is_in_force else None
    status = SEVERITY[row["status"]]
    frequency_status = None if row["frequency"] is None else SEVERITY[row["frequency"]]
    frequency_due, due, is_due_exact = None, None, True
    if policy and "event" in (rule.status_from, rule.frequency_from):
        since = _day(row["last_event"]) or _day(row["employed_from"])
        frequency_due = rules.years_after(since, policy.event_years, away).ends_on
    if policy and rule.status_from == "event":
        due = frequency_due
    elif policy and policy.req_hours is not None:
        due, is_due_exact = _due_of_hours(row, policy, away, on)
    if rule.frequency_from == "hours":
        frequency_due = due
    return Standing(
        employment=row["employment"],
        person=row["person"],
        institution=row["institution"],
        policy=policy,
        total=_hours(row["hours"]),
        required=policy.req_hours if policy and rule.status_from == "hours" else None,
        status=status,
        due=due,
        is_due_exact=is_due_exact,
        is_due_at_end=bool(row["is_due_at_end"]),
        frequency_status=frequency_status,
        frequency_due=frequency_due,
    )


def _due_of_hours(row: Row, policy: rules.Policy, away: Sequence[Period], on: dt.date) -> tuple[dt.date | None, bool]:
    """The day the hours are asked for, and whether it is known exactly."""
    if row["is_due_at_end"]:
        return _day(row["counts_to"]), True
    first = rules.years_after(_day(row["employed_from"]), policy.years, away).ends_on
    if SEVERITY[row["status"]] != HoursStatus.MET and first >= on:
        return first, True
    if row["is_contested"]:
        return None, False
    by_hours, by_compulsory = _day(row["by_hours"]), _day(row["by_compulsory"])
    if by_hours is None or by_compulsory is None:
        return first, True
    return max(first, rules.years_after(min(by_hours, by_compulsory), policy.years, away).ends_on), True


def _day(value: Any) -> Any:
    """A date of either database: SQLite answers with text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _hours(hundredths: Any) -> Decimal:
    return Decimal(int(hundredths)) / 100
