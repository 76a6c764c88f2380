"""What must hold of the hours rule whatever the records, the teacher and the rules (rules §10)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.choices import Driver, Flag, HoursStatus, Reason, TrainingKind
from courses.rules import (
    Facts,
    Judgement,
    Leave,
    Policy,
    Record,
    counted_in,
    days_away,
    flags,
    hours_of,
    judge,
    live_figure,
    years_after,
)
from courses.rules.leave import first_live
from cpd.dates import add_years, lasting

# Few days, numbers and organisations, so that overlaps, duplicates and window edges are common.
FIRST = dt.date(2015, 1, 1)
UNVERIFIED = ["draft", "submitted", "returned", "rejected"]
# Most records would count; each flaw stands alone, so that every test is reached.
FLAWS: list[dict[str, Any]] = [
    {"starts_on": None, "ends_on": None},
    {"amount": None},
    {"unit": "day_night"},
    {"unit": "credit"},
    {"unit": "day", "approved_hours": Decimal(30)},
    {"category": "nonformal"},
    {"category": "nonformal", "kind": "short_event", "recognised": True},
    {"category": "informal"},
    {"role": "trainer"},
    {"provider": None, "provider_rights": ()},
    {"provider_rights": ((dt.date(2017, 1, 1), dt.date(2020, 12, 31)),)},
    {"document_type": ""},
    {"document_on": None},
    {"has_file": False},
    {"status": "submitted"},
    {"status": "returned"},
]


def some_day(chance: Random) -> dt.date:
    return FIRST + dt.timedelta(days=chance.randrange(3500))


def some_hours(chance: Random) -> Decimal:
    return chance.choice([Decimal(8), Decimal(24), Decimal(36), Decimal(72), Decimal(chance.randint(1, 3000)) / 10])


def some_record(chance: Random, number: int) -> Record:
    close = dt.date(2019, 2, 20) + dt.timedelta(days=chance.randrange(25))
    starts_on = chance.choice([close, some_day(chance)])
    precision, length = chance.choice([("day", chance.randrange(15))] * 6 + [("month", 30), ("year", 364)])
    document = chance.choice(["", "A", str(number), str(number)])
    one = Record(
        number,
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=length),
        precision=precision,
        amount=some_hours(chance),
        kind=chance.choice(["course"] * 9 + TrainingKind.values),
        block=chance.choice(["", "compulsory", "variative"]),
        delivery_mode=chance.choice(["offline", "offline", "offline", "online", ""]),
        title=chance.choice(["", "баалоо"]),
        provider=chance.choice(["one", "one", "other"]),
        provider_rights=((dt.date.min, None),),
        document_type=chance.choice(["certificate", "certificate", "programme"]),
        document_number=document or "б/н",
        document_key=document,
        document_on=dt.date(2022, 1, 1),
        has_file=True,
        recognised=chance.random() < 0.3,
        entered_on=some_day(chance),
    )
    return replace(one, **chance.choice([{}, {}, {}, chance.choice(FLAWS)]))


def some_records(chance: Random) -> list[Record]:
    return [some_record(chance, number) for number in range(1, chance.randint(0, 12) + 1)]


def some_policy(chance: Random, **fixed: Any) -> Policy:
    unset = [None, some_hours(chance)]
    columns: dict[str, Any] = {
        "code": chance.choice("abcdefgh"),
        "institution_kind": "school",
        "institution": chance.choice([None, None, None, 7, 8]),
        "staff_group": chance.choice(["", "", "", "primary"]),
        "status": chance.choice(["in_force"] * 5 + ["draft", "repealed"]),
        "valid_from": chance.choice([FIRST, some_day(chance)]),
        "valid_to": chance.choice([None, None, some_day(chance)]),
        "years": chance.randint(1, 5),
        "driver": chance.choice(Driver.values),
        "req_hours": chance.choice([None, Decimal(48), Decimal(72), some_hours(chance)]),
        "accumulate": chance.random() < 0.5,
        "min_event_hours": chance.choice(unset),
        "min_compulsory_hours": chance.choice([None, None, None, some_hours(chance)]),
        "frequency_years": chance.choice([None, 1, 3, 5]),
        "planning_interval_years": chance.choice([None, 3]),
        "internship_min_hours": chance.choice(unset),
        "internship_min_days": chance.choice([None, 14]),
        "retraining_min_hours": chance.choice(unset),
        "degree_counts": chance.random() < 0.5,
        "count_nonformal": chance.random() < 0.3,
        "require_document": chance.random() < 0.7,
        "require_provider_eligible": chance.random() < 0.7,
        "hours_per_credit": chance.choice([None, Decimal(30)]),
        "max_hours_per_day": chance.choice([None, Decimal(10)]),
        "year_kind": chance.choice(["school", "calendar"]),
        "warn_days": chance.randint(0, 400),
        "transition": chance.choice(["close_at_repeal", "run_to_plan_end"]),
    }
    return Policy(**columns | fixed)


def some_teacher(chance: Random) -> Facts:
    return Facts(
        "school",
        institution=7,
        staff_group=chance.choice(["", "primary"]),
        employed_from=chance.choice([None, FIRST, some_day(chance), some_day(chance)]),
        plans=tuple(lasting(some_day(chance), 5) for _ in range(chance.randint(0, 2))),
        confirmed_pairs=frozenset(frozenset(chance.sample(range(1, 10), 2)) for _ in range(chance.randint(0, 3))),
    )


def some_leaves(chance: Random) -> tuple[Leave, ...]:
    leaves: list[Leave] = []
    for _ in range(chance.randint(0, 4)):
        begins = chance.choice([some_day(chance), dt.date(2020, 1, 1) + dt.timedelta(days=chance.randrange(90))])
        length = chance.choice([0, 30, chance.randrange(1100)])
        leaves.append((begins, chance.choice([None, *[begins + dt.timedelta(days=length)] * 5])))
    return tuple(leaves)


def some_rolling_policy(chance: Random) -> Policy:
    return some_policy(
        chance,
        institution=None,
        staff_group="",
        status="in_force",
        valid_from=FIRST,
        valid_to=None,
        driver="rolling",
        req_hours=chance.choice([Decimal(48), Decimal(72)]),
        min_compulsory_hours=None,
    )


def some_event_policy(chance: Random) -> Policy:
    return some_policy(
        chance,
        institution=None,
        staff_group="",
        status="in_force",
        valid_from=FIRST,
        valid_to=None,
        driver="frequency",
        accumulate=False,
    )


def some_rules(chance: Random) -> list[Policy]:
    """Two equal ones are refused when saved."""
    found = {}
    for _ in range(chance.randint(0, 5)):
        one = some_policy(chance)
        found[one.institution, one.staff_group, one.valid_from] = one
    return list(found.values())


def drawn(build: Callable[[Random], Any]) -> Any:
    """Hypothesis chooses and keeps the seed; the cases are spread evenly, which its own choices are not."""
    return st.integers(0, 2**48).map(lambda seed: build(Random(seed)))


teachers, histories, rules = drawn(some_teacher), drawn(some_records), drawn(some_rules)
days, one_policy, always_rolling = drawn(some_day), drawn(some_policy), drawn(some_rolling_policy)
long_leaves = drawn(some_leaves)
unverified = drawn(lambda chance: replace(some_record(chance, 99), status=chance.choice(UNVERIFIED)))
windows = drawn(lambda chance: lasting(some_day(chance), chance.randint(1, 5)))
many = settings(max_examples=400)


def brief(judged: Judgement) -> tuple[Any, ...]:
    """Everything that is told, without the order of rows."""
    figures = [judged.figure, judged.rolling, judged.plan]
    rows = [{row.record.id: (row.hours, row.reason, row.rival) for row in figure.rows} for figure in figures if figure]
    event = judged.frequency and (judged.frequency.status, judged.frequency.due, judged.frequency.event)
    pairs = [figure.overlaps for figure in figures if figure]
    return judged.status, judged.due, judged.shortfall, judged.percent, judged.worse_status, event, rows, pairs


@many
@given(teachers, histories, rules, days, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(teacher, history, norms, as_of, chance):
    """Property 1; the order of the rules changes nothing either."""
    shuffled, other_norms = list(history), list(norms)
    chance.shuffle(shuffled)
    chance.shuffle(other_norms)
    judged = judge(teacher, history, norms, as_of)
    assert brief(judged) == brief(judge(teacher, shuffled, other_norms, as_of))
    assert [row.record for row in judged.figure.rows] == history


@many
@given(teachers, histories, days, drawn(some_event_policy))
def test_where_one_event_is_asked_for_it_is_met_exactly_where_a_record_qualifies(teacher, history, as_of, policy):
    judged = judge(teacher, history, [policy], as_of)
    assert judged.asks_for_event
    assert [row.record for row in judged.rows] == history
    assert (judged.status == HoursStatus.MET) == any(row.reason == Reason.COUNTED for row in judged.rows)


@many
@given(teachers, histories, rules, days, unverified)
def test_an_unverified_record_changes_nothing(teacher, history, norms, as_of, more):
    """Property 2."""
    before = judge(teacher, history, norms, as_of)
    after = judge(teacher, [*history, more], norms, as_of)
    assert after.figure.rows[:-1] == before.figure.rows
    assert (after.figure.rows[-1].hours, after.figure.rows[-1].reason) == (0, Reason.NOT_VERIFIED)
    assert after.figure.total == before.figure.total
    assert (after.status, after.due, after.frequency) == (before.status, before.due, before.frequency)


@many
@given(teachers, histories, rules, days)
def test_the_total_lies_between_nothing_and_all_hours(teacher, history, norms, as_of):
    """Property 3, row by row: a record counts whole or not at all, and says why."""
    judged = judge(teacher, history, norms, as_of)
    for figure in filter(None, [judged.figure, judged.rolling, judged.plan]):
        for row in figure.rows:
            counted = hours_of(row.record, judged.counted_by) if judged.counted_by else None
            assert row.hours == (counted if row.reason == Reason.COUNTED and judged.counted_by else row.hours)
            assert row.hours > 0 if row.reason == Reason.COUNTED else row.hours == 0
            is_conflict = row.reason in (Reason.DUPLICATE_DOCUMENT, Reason.OVERLAP_UNRESOLVED)
            assert (row.rival is not None) == is_conflict
        whole = sum((one.amount or 0) * 30 + (one.approved_hours or 0) for one in history)
        assert 0 <= figure.total <= whole
        assert figure.compulsory + figure.variative <= figure.total


@many
@given(teachers, histories, always_rolling, days)
def test_the_rolling_demand_is_met_exactly_to_its_due_date(teacher, history, norm, as_of):
    """Property 4, with overlaps, duplicates and dates known to a month."""
    judged = judge(teacher, history, [norm], as_of)
    is_met = judged.status == HoursStatus.MET
    assert norm.req_hours is not None
    assert is_met == (judged.figure.total >= norm.req_hours)
    if teacher.employed_from and add_years(teacher.employed_from, norm.years) < as_of:
        assert judged.due is not None
        assert is_met == (as_of <= judged.due)
    if is_met:
        assert judged.due is not None
        assert judged.due >= as_of


@many
@given(teachers, histories, always_rolling, days)
def test_a_demand_met_holds_on_each_day_to_the_last_one(teacher, history, norm, as_of):
    """Asked again on any later day with the same records the answer is MET to the day, and not on the next."""
    finished = [one for one in history if one.ends_on and one.ends_on <= as_of]
    facts = replace(teacher, employed_from=None)
    judged = judge(facts, finished, [norm], as_of)
    if judged.status != HoursStatus.MET:
        return
    assert judged.due is not None
    confirmed = teacher.confirmed_pairs
    step = max(1, (judged.due - as_of).days // 40)
    for number in range(0, (judged.due - as_of).days + 1, step):
        assert live_figure(finished, norm, as_of + dt.timedelta(days=number), confirmed).total >= (norm.req_hours or 0)
    assert live_figure(finished, norm, judged.due + dt.timedelta(days=1), confirmed).total < (norm.req_hours or 0)


@many
@given(teachers, histories, always_rolling, days, long_leaves)
def test_with_leave_too_the_demand_is_met_exactly_to_its_due_date(teacher, history, norm, as_of, leaves):
    """Property 4 where the clock stands still."""
    still = replace(norm, leave_extends=True)
    judged = judge(replace(teacher, leaves=leaves, employed_from=None), history, [still], as_of)
    is_met = judged.status == HoursStatus.MET
    assert is_met == (judged.figure.total >= (norm.req_hours or 0))
    assert is_met == (judged.due is not None and as_of <= judged.due)
    if judged.term:
        away = days_away(leaves, as_of)
        assert all(any(one.starts_on in spell for spell in away) for one in judged.term.leave)
        assert bool(judged.term.leave) == (judged.term.days_moved > 0)


@many
@given(teachers, histories, rules, days, long_leaves)
def test_leave_under_a_rule_that_does_not_speak_of_it_changes_nothing(teacher, history, norms, as_of, leaves):
    away = replace(teacher, leaves=leaves)
    assert judge(away, history, norms, as_of) == judge(teacher, history, norms, as_of)
    yearly = [replace(norm, driver=Driver.YEAR, leave_extends=True) for norm in norms]
    assert brief(judge(away, history, yearly, as_of)) == brief(judge(teacher, history, yearly, as_of))


@many
@given(teachers, histories, rules, days, long_leaves)
def test_leave_makes_nothing_due_earlier(teacher, history, norms, as_of, leaves):
    still = [replace(norm, leave_extends=True) for norm in norms]
    at_work, away = (judge(replace(teacher, leaves=told), history, still, as_of) for told in ((), leaves))
    if at_work.frequency and at_work.frequency.due:
        assert away.frequency
        assert away.frequency.due
        assert at_work.frequency.due <= away.frequency.due
    if at_work.plan and at_work.plan.window:
        assert away.plan
        assert away.plan.window
        assert away.plan.window.starts_on == at_work.plan.window.starts_on
        assert away.plan.window.ends_on >= at_work.plan.window.ends_on


@many
@given(long_leaves, days, st.integers(1, 5))
def test_the_first_live_day_is_the_first_whose_years_reach_the_day(leaves, as_of, years):
    """The window of the last years, looked for from behind, is the one reckoned day by day from its front."""
    away = days_away(leaves, as_of)
    first = first_live(as_of, years, away)
    for distance in (-800, -400, -30, -2, -1, 0, 1, 2, 30, 400):
        day = first + dt.timedelta(days=distance)
        assert (years_after(day, years, away).ends_on >= as_of) == (day >= first)


@many
@given(long_leaves, days)
def test_each_day_of_leave_counts_once_and_only_when_it_is_over(leaves, as_of):
    away = days_away(leaves, as_of)
    days_of = [one + dt.timedelta(days=n) for one, last in leaves for n in range(((last or as_of) - one).days + 1)]
    over = {day for day in days_of if day < as_of}
    assert sum((spell.ends_on - spell.starts_on).days + 1 for spell in away) == len(over)
    assert all(one.ends_on + dt.timedelta(days=1) < other.starts_on for one, other in pairwise(away))


@many
@given(histories, always_rolling, days)
def test_without_conflicts_the_due_date_is_the_one_of_the_text(history, norm, as_of):
    """Rules §7 word for word: from the newest backwards, the record at which the sum reaches the demand."""
    plain = [replace(one, document_key="", delivery_mode="online", precision="day") for one in history]
    passed = [row.record for row in counted_in(None, plain, norm, as_of).rows if row.reason == Reason.COUNTED]
    total, expected = Decimal(), None
    for one in sorted(passed, key=lambda one: one.ends_on or FIRST, reverse=True):
        total += hours_of(one, norm) or 0
        if total >= (norm.req_hours or 0):
            expected = add_years(one.ends_on or FIRST, norm.years)
            break
    assert judge(Facts("school"), plain, [norm], as_of).due == expected


@many
@given(teachers, histories, rules, days, one_policy, st.integers(1, 2000))
def test_a_rule_of_a_later_day_changes_no_past_result(teacher, history, norms, as_of, later, distance):
    """Property 5."""
    future = replace(later, status="in_force", valid_from=as_of + dt.timedelta(days=distance), valid_to=None)
    assert judge(teacher, history, [*norms, future], as_of) == judge(teacher, history, norms, as_of)


@many
@given(teachers, histories, rules, days, one_policy, st.sampled_from(["draft", "repealed"]))
def test_a_rule_not_in_force_drives_nothing(teacher, history, norms, as_of, idle, status):
    assert judge(teacher, history, [*norms, replace(idle, status=status)], as_of) == judge(
        teacher, history, norms, as_of
    )


@many
@given(histories, days, windows)
def test_no_two_counted_records_stand_in_each_others_way(history, as_of, window):
    """Rules §6, from its words: what counts is free of conflicts, and whatever gave way has a reason to."""
    norm = Policy("any", "school", "in_force", 5, "plan")
    figure = counted_in(window, history, norm, as_of)
    counted = [row.record for row in figure.rows if row.reason == Reason.COUNTED]
    by_id = {one.id: one for one in history}
    for one, other in combinations(counted, 2):
        assert not clash(one, other)
    for row in figure.rows:
        if row.rival is not None:
            rival = by_id[row.rival]
            assert rival in counted or row.reason == Reason.DUPLICATE_DOCUMENT
            assert order(rival, norm) < order(row.record, norm)
            assert clash(row.record, rival)
    for first, second in figure.overlaps:
        assert clash(by_id[first], by_id[second])


def clash(one: Record, other: Record) -> bool:
    """Two records that may not both count."""
    if one.document_key and (one.provider, one.document_key) == (other.provider, other.document_key):
        return True
    in_person = one.delivery_mode == other.delivery_mode == "offline" and one.precision == other.precision == "day"
    dated = one.starts_on and other.starts_on and one.ends_on and other.ends_on
    return bool(in_person and dated and one.starts_on <= other.ends_on and other.starts_on <= one.ends_on)


def order(one: Record, norm: Policy) -> tuple[Any, ...]:
    return -(hours_of(one, norm) or 0), one.ends_on, one.id


@many
@given(teachers, histories, rules, days)
def test_confirming_a_pair_never_lowers_the_total_of_two(teacher, history, norms, as_of):
    """Of two records alone; among more a freed record can stand in others' way."""
    pair: Sequence[Record] = history[:2]
    alone = judge(replace(teacher, confirmed_pairs=frozenset()), pair, norms, as_of)
    confirmed = judge(
        replace(teacher, confirmed_pairs=frozenset({frozenset(one.id for one in pair)})), pair, norms, as_of
    )
    assert confirmed.figure.total >= alone.figure.total
    assert not any(row.reason == Reason.OVERLAP_UNRESOLVED for row in confirmed.figure.rows)


@many
@given(teachers, histories, rules, days)
def test_the_statuses_agree_with_the_figures_beside_them(teacher, history, norms, as_of):
    judged = judge(teacher, history, norms, as_of)
    if judged.required is not None:
        assert judged.shortfall == max(0, judged.required - judged.figure.total)
        assert judged.percent is not None
        assert 0 <= judged.percent <= 100
        assert (judged.percent == 100) == (judged.shortfall == 0)
    for status, due in [(judged.status, judged.due)] + (
        [(judged.frequency.status, judged.frequency.due)] if judged.frequency else []
    ):
        assert judged.policy or status == HoursStatus.NO_RULE
        if status == HoursStatus.OVERDUE:
            assert due is not None
            assert due < as_of
        if status == HoursStatus.DUE_SOON:
            assert due is not None
            assert judged.policy
            assert 0 <= (due - as_of).days <= judged.policy.warn_days
        if status in (HoursStatus.NO_RULE, HoursStatus.HOURS_NOT_SET):
            assert due is None
        assert judged.worse_status in {judged.status, judged.frequency.status if judged.frequency else judged.status}


@many
@given(teachers, histories, one_policy)
def test_flags_change_nothing_and_keep_their_order(teacher, history, norm):
    for one in history:
        found = flags(one, history, norm, teacher)
        assert found == [flag for flag in Flag if flag in found]


@many
@given(histories, always_rolling, days)
def test_the_last_years_are_a_window_like_any_other(history, norm, as_of):
    """Live on a day, from the words of rules §5.2: end ≤ day ≤ end + N years."""
    for row in live_figure(history, norm, as_of).rows:
        one = row.record
        if one.precision != "day" or one.ends_on is None:
            continue
        is_live = one.ends_on <= as_of <= add_years(one.ends_on, norm.years)
        if row.reason in (Reason.COUNTED, Reason.DUPLICATE_DOCUMENT, Reason.OVERLAP_UNRESOLVED):
            assert is_live
        if row.reason == Reason.OUTSIDE_WINDOW:
            assert not is_live


def test_the_random_cases_reach_every_reason_and_status():
    """Else the properties above would prove less than they seem to."""
    reasons, statuses = set(), set()

    @many
    @given(teachers, histories, rules, days)
    def look(teacher: Facts, history: list[Record], norms: list[Policy], as_of: dt.date) -> None:
        judged = judge(teacher, history, norms, as_of)
        reasons.update(row.reason for row in judged.figure.rows)
        statuses.add(judged.status)

    look()
    assert reasons == set(Reason)
    assert statuses == set(HoursStatus)
