"""The hours rule, judged without a database: every worked example and every sentence of the rule by itself."""

import ast
import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from courses import hours_file
from courses.choices import Flag, HoursStatus, Reason, TrainingKind
from courses.rules import (
    NEVER_COUNTED,
    CourseKind,
    Facts,
    Policy,
    Record,
    attested_figure,
    counted_in,
    flags,
    hours_of,
    induction_plan_due_on,
    internship_report_due_on,
    is_event,
    judge,
    kind_by_hours,
    live_figure,
    policy_for,
    policy_on,
)
from cpd.dates import Period, lasting, period_from_label
from tests.courses.examples import DEADLINES, JUDGED, document

HERE = Path(__file__).parents[2]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


PLAN = Period(day("2018-09-01"), day("2023-08-31"))
NEXT_PLAN = Period(day("2023-09-01"), day("2028-08-31"))
AS_OF = day("2022-06-30")
TEACHER = Facts("school", institution=7, employed_from=day("2010-09-01"), plans=(PLAN,))
UNPLANNED = replace(TEACHER, plans=())
SCHOOL = Policy(
    code="SCHOOL",
    institution_kind="school",
    status="in_force",
    years=5,
    driver="plan",
    valid_from=day("2017-06-20"),
    req_hours=Decimal(72),
    accumulate=True,
    frequency_years=5,
    programme_min_hours=Decimal(72),
    max_hours_per_day=Decimal(10),
    warn_days=365,
)
UNIVERSITY = Policy(
    code="UNI",
    institution_kind="university",
    status="in_force",
    years=5,
    driver="frequency",
    valid_from=day("2017-06-20"),
    req_hours=Decimal(72),
    min_event_hours=Decimal(72),
    frequency_years=5,
    planning_interval_years=3,
    internship_min_hours=Decimal(72),
    internship_min_days=14,
    retraining_min_hours=Decimal(250),
    degree_counts=True,
    warn_days=365,
)
LECTURER = Facts("university", employed_from=day("2010-09-01"))


def row(number: int, ends_on: str, hours: Any = 24, **columns: Any) -> Record:
    """A record that counts: one day, verified, with its document and a provider that may teach."""
    given: dict[str, Any] = {
        "starts_on": day(ends_on),
        "ends_on": day(ends_on),
        "amount": None if hours is None else Decimal(str(hours)),
        "provider": "institute",
        "provider_rights": ((day("2000-01-01"), None),),
        "document_type": "certificate",
        "document_number": f"№ {number}",
        "document_key": str(number),
        "document_on": day(ends_on),
        "has_file": True,
    }
    return Record(number, **given | columns)


def month(number: int, starts_on: str, ends_on: str, hours: Any = 24, **columns: Any) -> Record:
    return row(number, ends_on, hours, starts_on=day(starts_on), precision="month", **columns)


def span(number: int, starts_on: str, ends_on: str, hours: Any = 24, **columns: Any) -> Record:
    return row(number, ends_on, hours, starts_on=day(starts_on), **columns)


def reasons(*records: Record, policy: Policy = SCHOOL, confirmed: Any = frozenset()) -> list[str]:
    return [found.reason for found in counted_in(PLAN, records, policy, AS_OF, confirmed).rows]


# --- the worked examples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", JUDGED, ids=lambda example: example["no"])
def test_every_worked_example_is_judged_as_printed(example):
    asked = hours_file.read(json.dumps(document(example)).encode())
    found = judge(asked.facts, asked.records, asked.policies, asked.as_of)
    expected = example["expected"]
    rows = {str(one.record.id): one for one in found.figure.rows}
    due = found.due.isoformat() if found.due else None
    plainly = {
        "total": found.figure.total,
        "compulsory": found.figure.compulsory,
        "variative": found.figure.variative,
        "status": found.status,
        "due": due,
        "due_without_leave": found.term and str(found.term.unmoved),
        "required": found.required,
        "shortfall": found.shortfall,
        "percent": found.percent,
        "worse_status": found.worse_status,
        "policy": found.policy and found.policy.code,
        "counted_by": found.counted_by and found.counted_by.code,
        "overlaps": [list(pair) for pair in found.figure.overlaps],
        "rolling_total": found.rolling and found.rolling.total,
        "plan_again_on": found.frequency and str(found.frequency.plan_again_on),
    }
    for name, value in expected.items():
        if name == "hours":
            assert {number: rows[number].hours for number in value} == value
        elif name == "reasons":
            assert {number: rows[number].reason for number in value} == value
        elif name == "sizes":
            border = asked.policies[0]
            assert {number: kind_by_hours(rows[number].record.amount, border) for number in value} == value
        elif name == "frequency":
            assert found.frequency
            assert found.frequency.event
            assert value == {
                "status": found.frequency.status,
                "due": str(found.frequency.due),
                "event": found.frequency.event.id,
            }
        else:
            assert plainly[name] == value, name


@pytest.mark.parametrize("example", DEADLINES, ids=lambda example: example["no"])
def test_every_other_deadline_is_reckoned_as_printed(example):
    for kind, cases in example["deadlines"].items():
        for given, number, expected in cases:
            assert DEADLINE[kind](given, number) == expected


def bounds(period: Period) -> str:
    return f"{period.starts_on}..{period.ends_on}"


DEADLINE = {
    "internship_report": lambda given, number: str(internship_report_due_on(day(given), number)),
    "induction_plan": lambda given, number: str(induction_plan_due_on(day(given), number)),
    "induction_period": lambda given, number: bounds(lasting(day(given), number)),
    "plan_label": lambda given, number: bounds(period_from_label(*map(int, given.split("-")), number)),
}


def test_each_plan_may_be_met_while_more_than_five_years_pass_between_courses():
    """E32: why both windows are needed."""
    records = [row(1, "2018-10-20", 72), row(2, "2028-05-20", 72)]
    both = replace(TEACHER, plans=(PLAN, NEXT_PLAN))
    first = judge(both, records, [SCHOOL], day("2023-08-31"))
    second = judge(both, records, [SCHOOL], day("2028-08-31"))
    between = judge(both, records, [SCHOOL], day("2025-01-01"))
    assert (first.status, second.status) == ("MET", "MET")
    assert between.frequency
    assert (between.frequency.status, between.worse_status) == ("OVERDUE", "OVERDUE")
    assert between.status == "IN_PROGRESS"


# --- which record counts (rules §3) ----------------------------------------------------------------------------------


def test_the_first_failing_test_gives_the_reason():
    """A record that fails every test is mended one test at a time; the reasons come in the order of rules §3."""
    twin = row(1, "2022-06-15", 100, document_key="A1")
    clash = span(2, "2022-06-20", "2022-06-22", 100)
    wrong = span(
        3,
        "2022-07-18",
        "2022-07-20",
        None,
        status="submitted",
        has_file=False,
        role="trainer",
        category="informal",
        provider_rights=(),
        document_key="A1",
    )
    mends: list[tuple[dict[str, Any], Reason]] = [
        ({}, Reason.NOT_VERIFIED),
        ({"status": "verified"}, Reason.NO_DOCUMENT),
        ({"has_file": True}, Reason.NOT_PARTICIPANT),
        ({"role": "participant"}, Reason.INFORMAL),
        ({"category": "nonformal"}, Reason.NONFORMAL),
        ({"category": "formal"}, Reason.PROVIDER_NOT_ELIGIBLE),
        ({"provider_rights": ((day("2000-01-01"), None),)}, Reason.NOT_FINISHED),
        ({"starts_on": day("2018-08-30"), "ends_on": day("2018-08-31")}, Reason.HOURS_UNKNOWN),
        ({"amount": Decimal(24)}, Reason.OUTSIDE_WINDOW),
        ({"starts_on": day("2022-06-21"), "ends_on": day("2022-06-23")}, Reason.DUPLICATE_DOCUMENT),
        ({"document_key": "A2"}, Reason.OVERLAP_UNRESOLVED),
        ({"delivery_mode": "online"}, Reason.COUNTED),
    ]
    for mend, reason in mends:
        wrong = replace(wrong, **mend)
        assert reasons(twin, clash, wrong) == ["counted", "counted", reason]


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "rejected"])
def test_only_a_verified_record_counts(status):
    assert reasons(row(1, "2021-05-14", status=status)) == ["not_verified"]


@pytest.mark.parametrize(
    "missing", [{"document_type": ""}, {"has_file": False}, {"document_number": ""}, {"document_on": None}]
)
def test_a_document_lacking_anything_it_should_have_is_no_document(missing):
    assert reasons(row(1, "2021-05-14", **missing)) == ["no_document"]


@pytest.mark.parametrize("kind", ["programme", "thanks_letter"])
def test_a_document_that_bears_no_number_needs_none(kind):
    bare = {"document_type": kind, "document_number": "", "document_key": "", "document_on": None}
    assert reasons(row(1, "2021-05-14", **bare)) == ["counted"]
    assert reasons(row(1, "2021-05-14", **bare, has_file=False)) == ["no_document"]


def test_a_rule_may_do_without_documents_but_attestation_does_not():
    lax = replace(SCHOOL, require_document=False)
    bare = row(1, "2021-05-14", has_file=False)
    assert reasons(bare, policy=lax) == ["counted"]
    assert live_figure([bare], lax, AS_OF).total == 24
    assert attested_figure([bare], lax, AS_OF).total == 0


def test_a_rule_may_do_without_the_right_to_teach():
    stranger = row(1, "2021-05-14", provider=None, provider_rights=())
    assert reasons(stranger) == ["provider_not_eligible"]
    assert reasons(stranger, policy=replace(SCHOOL, require_provider_eligible=False)) == ["counted"]


@pytest.mark.parametrize(
    ("rights", "reason"),
    [
        ((("2021-05-16", None),), "provider_not_eligible"),
        ((("2021-05-15", None),), "counted"),
        ((("2020-01-01", "2021-05-15"),), "counted"),
        ((("2020-01-01", "2021-05-14"),), "provider_not_eligible"),
        ((("2019-01-01", "2019-12-31"), ("2021-01-01", None)), "counted"),
    ],
)
def test_the_right_to_teach_is_looked_for_on_the_last_day(rights, reason):
    dated = tuple((day(begins), day(ends) if ends else None) for begins, ends in rights)
    assert reasons(span(1, "2021-05-10", "2021-05-15", provider_rights=dated)) == [reason]


@pytest.mark.parametrize("role", ["trainer", "organiser"])
def test_who_taught_or_organised_did_not_learn(role):
    assert reasons(row(1, "2021-05-14", role=role)) == ["not_participant"]


@pytest.mark.parametrize("kind", NEVER_COUNTED)
def test_work_among_colleagues_is_never_counted_whatever_was_ticked(kind):
    wide = replace(SCHOOL, count_nonformal=True)
    assert reasons(row(1, "2021-05-14", kind=kind), policy=wide) == ["informal"]
    assert reasons(row(1, "2021-05-14", kind=kind, category="nonformal"), policy=wide) == ["informal"]
    assert reasons(row(1, "2021-05-14", kind=kind, category="nonformal")) == ["nonformal"]


def test_informal_learning_does_not_count_where_nonformal_does():
    wide = replace(SCHOOL, count_nonformal=True)
    assert reasons(row(1, "2021-05-14", category="informal"), policy=wide) == ["informal"]
    assert reasons(row(1, "2021-05-14", category="nonformal"), policy=wide) == ["counted"]


def test_a_course_counts_from_its_last_day():
    course = span(1, "2022-06-20", "2022-06-30")
    assert reasons(course) == ["counted"]
    assert counted_in(PLAN, [course], SCHOOL, day("2022-06-29")).rows[0].reason == "not_finished"


@pytest.mark.parametrize("block", ["", "compulsory", "variative"])
def test_a_record_counts_whole_in_every_block(block):
    figure = counted_in(PLAN, [row(1, "2021-05-14", "71.5", block=block)], SCHOOL, AS_OF)
    assert figure.total == Decimal("71.5")
    assert figure.compulsory == (Decimal("71.5") if block == "compulsory" else 0)
    assert figure.variative == (Decimal("71.5") if block == "variative" else 0)


# --- hours (rules §4) ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["day", "day_night", "credit", "unknown"])
def test_no_other_unit_is_converted_by_itself(unit):
    written = row(1, "2021-05-14", 4, unit=unit)
    assert hours_of(written, SCHOOL) is None
    assert reasons(written) == ["hours_unknown"]
    assert hours_of(replace(written, approved_hours=Decimal(32)), SCHOOL) == 32


def test_credits_become_hours_where_the_rule_says_how_many():
    generous = replace(SCHOOL, hours_per_credit=Decimal(30))
    assert hours_of(row(1, "2021-05-14", "2.5", unit="credit"), generous) == 75
    assert hours_of(row(1, "2021-05-14", 4, unit="day"), generous) is None
    seen = row(1, "2021-05-14", 2, unit="credit", approved_hours=Decimal(36))
    assert hours_of(seen, generous) == 36


@pytest.mark.parametrize("hours", [None, 0])
def test_hours_nobody_knows_do_not_count(hours):
    assert reasons(row(1, "2021-05-14", hours)) == ["hours_unknown"]


def test_tenths_add_up_exactly():
    tenths = [row(number, f"2021-05-{number:02}", "7.2") for number in range(1, 11)]
    judged = judge(TEACHER, tenths, [SCHOOL], AS_OF)
    assert (judged.figure.total, judged.status) == (Decimal(72), "MET")


def test_a_hair_less_than_the_demand_is_not_enough():
    judged = judge(TEACHER, [row(1, "2021-05-14", "71.9")], [SCHOOL], AS_OF)
    assert (judged.status, judged.shortfall, judged.percent) == ("IN_PROGRESS", Decimal("0.1"), 99)


@pytest.mark.parametrize(("hours", "percent"), [(1, 1), (36, 50), ("71.9", 99), (72, 100), (500, 100)])
def test_the_bar_is_floored_and_never_above_a_hundred(hours, percent):
    assert judge(TEACHER, [row(1, "2021-05-14", hours)], [SCHOOL], AS_OF).percent == percent


def test_a_course_is_named_by_its_size_where_the_border_is_known():
    assert kind_by_hours(Decimal("71.9"), SCHOOL) == CourseKind.MODULE
    assert kind_by_hours(Decimal(72), SCHOOL) == CourseKind.PROGRAMME
    assert kind_by_hours(None, SCHOOL) is None
    assert kind_by_hours(Decimal(72), replace(SCHOOL, programme_min_hours=None)) is None


# --- windows (rules §5) ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends_on", "reason"),
    [("2018-08-31", "outside_window"), ("2018-09-01", "counted"), ("2022-06-30", "counted")],
)
def test_both_ends_of_a_plan_are_inside(ends_on, reason):
    assert reasons(row(1, ends_on)) == [reason]
    last = counted_in(PLAN, [row(1, "2023-08-31")], SCHOOL, day("2024-01-01"))
    after = counted_in(PLAN, [row(1, "2023-09-01")], SCHOOL, day("2024-01-01"))
    assert (last.total, after.total) == (24, 0)


def test_the_last_day_alone_decides_which_window_owns_a_course():
    assert reasons(span(1, "2018-08-20", "2018-09-01")) == ["counted"]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "precision", "reason"),
    [
        ("2018-09-01", "2018-09-30", "month", "counted"),
        ("2018-08-01", "2018-08-31", "month", "outside_window"),
        ("2018-01-01", "2018-12-31", "year", "date_uncertain"),
        ("2019-01-01", "2019-12-31", "year", "counted"),
        ("2017-01-01", "2017-12-31", "year", "outside_window"),
    ],
)
def test_where_only_a_month_or_a_year_is_known_all_of_it_must_lie_inside(starts_on, ends_on, precision, reason):
    assert reasons(span(1, starts_on, ends_on, precision=precision)) == [reason]


def test_a_record_without_dates_is_uncertain_once_all_else_is_known():
    undated = replace(row(1, "2021-05-14"), starts_on=None, ends_on=None)
    assert reasons(undated) == ["date_uncertain"]
    assert reasons(replace(undated, amount=None)) == ["hours_unknown"]
    assert reasons(replace(undated, provider_rights=())) == ["provider_not_eligible"]


@pytest.mark.parametrize(
    ("ends_on", "on", "total"),
    [
        ("2018-03-01", "2023-03-01", 24),
        ("2018-02-28", "2023-03-01", 0),
        ("2020-02-29", "2025-02-28", 24),
        ("2020-02-29", "2025-03-01", 0),
        ("2019-02-28", "2024-02-28", 24),
        ("2019-02-28", "2024-02-29", 0),
    ],
)
def test_a_record_is_live_to_its_anniversary(ends_on, on, total):
    assert live_figure([row(1, ends_on)], SCHOOL, day(on)).total == total


def test_a_month_is_live_as_long_as_its_first_day():
    august = month(1, "2020-08-01", "2020-08-31")
    assert live_figure([august], SCHOOL, day("2025-08-01")).total == 24
    assert [found.reason for found in live_figure([august], SCHOOL, day("2025-08-02")).rows] == ["date_uncertain"]
    assert [found.reason for found in live_figure([august], SCHOOL, day("2025-08-31")).rows] == ["date_uncertain"]
    assert [found.reason for found in live_figure([august], SCHOOL, day("2025-09-01")).rows] == ["outside_window"]


def test_both_windows_are_told_beside_each_other():
    judged = judge(TEACHER, [row(1, "2018-10-20", 100), row(2, "2024-05-14", 24)], [SCHOOL], day("2024-06-01"))
    assert judged.plan
    assert judged.rolling
    assert (judged.figure, judged.driver) == (judged.plan, "plan")
    assert (judged.plan.window, judged.plan.total) == (PLAN, 100)
    assert (judged.rolling.window, judged.rolling.total) == (Period(day("2019-06-01"), day("2024-06-01")), 24)


def test_without_a_plan_the_last_years_take_its_place():
    judged = judge(UNPLANNED, [row(1, "2021-05-14", 72)], [SCHOOL], AS_OF)
    assert (judged.driver, judged.plan, judged.figure) == ("rolling", None, judged.rolling)


def test_a_plan_that_has_not_begun_waits():
    early = replace(TEACHER, plans=(NEXT_PLAN, PLAN))
    assert judge(early, [], [SCHOOL], day("2023-08-31")).figure.window == PLAN
    assert judge(early, [], [SCHOOL], day("2023-09-01")).figure.window == NEXT_PLAN


def test_a_rolling_rule_leaves_the_plan_aside():
    judged = judge(TEACHER, [row(1, "2017-09-14", 72)], [replace(SCHOOL, driver="rolling")], AS_OF)
    assert (judged.status, judged.due) == ("MET", day("2022-09-14"))
    assert judged.plan
    assert judged.plan.total == 0


@pytest.mark.parametrize(("kind", "due", "total"), [("school", "2027-08-31", 20), ("calendar", "2027-12-31", 0)])
def test_a_yearly_rule_follows_the_school_year_or_the_calendar(kind, due, total):
    yearly = replace(SCHOOL, driver="year", years=1, year_kind=kind, frequency_years=None)
    judged = judge(UNPLANNED, [row(1, "2026-11-10", 20)], [yearly], day("2027-01-15"))
    assert (judged.due, judged.figure.total) == (day(due), total)


# --- conflicts (rules §6) --------------------------------------------------------------------------------------------


def test_a_second_use_of_a_document_does_not_count():
    first, again = row(1, "2021-05-14"), row(2, "2021-06-14", document_key="1")
    assert reasons(first, again) == ["counted", "duplicate_document"]
    assert [found.rival for found in counted_in(PLAN, [first, again], SCHOOL, AS_OF).rows] == [None, 1]
    assert reasons(first, replace(again, provider="another")) == ["counted", "counted"]
    assert reasons(first, replace(again, document_key="2")) == ["counted", "counted"]


def test_documents_without_a_number_are_not_alike():
    assert reasons(row(1, "2021-05-14", document_key=""), row(2, "2021-06-14", document_key="")) == ["counted"] * 2


def test_documents_of_unknown_organisations_are_not_alike():
    lax = replace(SCHOOL, require_provider_eligible=False)
    first = row(1, "2021-05-14", provider=None, document_key="5")
    second = row(2, "2021-06-14", provider=None, document_key="5")
    assert reasons(first, second, policy=lax) == ["counted", "counted"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (row(2, "2021-06-14", 40, document_key="A"), row(1, "2021-05-14", 24, document_key="A")),
        (row(2, "2021-05-14", 24, document_key="A"), row(1, "2021-06-14", 24, document_key="A")),
        (row(1, "2021-05-14", 24, document_key="A"), row(2, "2021-05-14", 24, document_key="A")),
    ],
    ids=["more hours", "earlier end", "lower id"],
)
def test_more_hours_come_first_then_the_earlier_end_then_the_lower_id(first, second):
    assert reasons(first, second) == ["counted", "duplicate_document"]
    assert reasons(second, first) == ["duplicate_document", "counted"]


def test_of_two_events_in_person_on_common_days_one_counts():
    long, short = span(1, "2022-04-11", "2022-04-22", 72), span(2, "2022-04-22", "2022-04-24", 24)
    assert reasons(short, long) == ["overlap_unresolved", "counted"]
    figure = counted_in(PLAN, [short, long], SCHOOL, AS_OF)
    assert [found.rival for found in figure.rows] == [1, None]
    assert figure.overlaps == ((1, 2),)
    assert reasons(long, replace(short, starts_on=day("2022-04-23"))) == ["counted", "counted"]


@pytest.mark.parametrize(
    "other", [{"delivery_mode": "online"}, {"delivery_mode": "blended"}, {"delivery_mode": ""}, {"precision": "month"}]
)
def test_only_events_in_person_dated_to_the_day_stand_in_each_others_way(other):
    long, short = span(1, "2022-04-01", "2022-04-30", 72), span(2, "2022-04-11", "2022-04-22", 24)
    assert reasons(long, replace(short, **other)) == ["counted", "counted"]
    assert reasons(replace(long, **other), short) == ["counted", "counted"]


def test_a_confirmed_pair_counts_and_no_other():
    records = [span(number, "2022-04-11", "2022-04-22", hours) for number, hours in ((1, 72), (2, 24), (3, 12))]
    confirmed = frozenset({frozenset({1, 2})})
    assert reasons(*records, confirmed=confirmed) == ["counted", "counted", "overlap_unresolved"]
    assert counted_in(PLAN, records, SCHOOL, AS_OF, confirmed).overlaps == ((1, 3), (2, 3))


def test_verifying_a_long_record_may_lower_the_total():
    """Rules §6: 40 + 40 inside 50."""
    inside = [span(1, "2021-05-03", "2021-05-07", 40), span(2, "2021-05-10", "2021-05-14", 40)]
    around = span(3, "2021-05-03", "2021-05-14", 50)
    assert counted_in(PLAN, inside, SCHOOL, AS_OF).total == 80
    assert counted_in(PLAN, [*inside, around], SCHOOL, AS_OF).total == 50


def test_a_record_that_gave_way_stands_in_nobodys_way():
    """A chain: the second gives way to the first, so the third counts beside the first."""
    chain = [
        span(1, "2021-05-03", "2021-05-07", 50),
        span(2, "2021-05-07", "2021-05-12", 40),
        span(3, "2021-05-12", "2021-05-14", 30),
    ]
    assert reasons(*chain) == ["counted", "overlap_unresolved", "counted"]


def test_only_records_that_passed_everything_else_compete():
    big = span(1, "2021-05-03", "2021-05-14", 100, document_key="A")
    small = span(2, "2021-05-03", "2021-05-07", 24, document_key="A")
    for flaw in ({"status": "submitted"}, {"has_file": False}, {"category": "nonformal"}, {"role": "trainer"}):
        assert reasons(replace(big, **flaw), small)[1] == "counted"
    outside = span(1, "2018-08-01", "2018-08-31", 100, document_key="A")
    assert reasons(outside, small) == ["outside_window", "counted"]
    # One that is a second use of a document does not compete for its days either.
    second_use = span(3, "2021-06-01", "2021-06-05", 90, document_key="A")
    last = span(4, "2021-06-03", "2021-06-04", 8)
    assert reasons(big, second_use, last) == ["counted", "duplicate_document", "counted"]


# --- choice of the rule (rules §2 and §10a) --------------------------------------------------------------------------


def test_a_rule_holds_from_its_first_to_its_last_day():
    dated = replace(SCHOOL, valid_to=day("2025-12-31"))
    days = ["2017-06-19", "2017-06-20", "2025-12-31", "2026-01-01"]
    assert [policy_on([dated], TEACHER, day(text)) for text in days] == [None, dated, dated, None]


def test_the_schools_own_rule_comes_first_then_the_groups_then_the_latest():
    own = replace(SCHOOL, code="own", institution=7, valid_from=day("2018-01-01"))
    group = replace(SCHOOL, code="group", staff_group="primary", valid_from=day("2019-01-01"))
    later = replace(SCHOOL, code="later", valid_from=day("2020-01-01"))
    primary = replace(TEACHER, staff_group="primary")
    assert policy_on([SCHOOL, later], primary, AS_OF) == later
    assert policy_on([later, SCHOOL], primary, AS_OF) == later
    assert policy_on([later, group, SCHOOL], primary, AS_OF) == group
    assert policy_on([later, group, own, SCHOOL], primary, AS_OF) == own


@pytest.mark.parametrize(
    "change",
    [
        {"status": "draft"},
        {"status": "repealed"},
        {"institution_kind": "college"},
        {"institution": 8},
        {"staff_group": "primary"},
        {"valid_from": None},
        {"valid_from": dt.date(2022, 7, 1)},
        {"valid_to": dt.date(2022, 6, 29)},
    ],
)
def test_no_other_rule_binds(change):
    assert policy_on([replace(SCHOOL, **change)], TEACHER, AS_OF) is None


def test_a_draft_beside_a_rule_in_force_changes_nothing():
    draft = replace(SCHOOL, code="draft", status="draft", req_hours=Decimal(200), valid_from=None)
    records = [row(1, "2021-05-14", 72)]
    assert judge(TEACHER, records, [SCHOOL, draft], AS_OF) == judge(TEACHER, records, [SCHOOL], AS_OF)


def test_nobody_is_overdue_under_a_rule_that_has_ended():
    ended = replace(SCHOOL, valid_to=day("2023-06-30"))
    judged = judge(TEACHER, [row(1, "2021-05-14", 40)], [ended], day("2023-12-01"))
    assert (judged.status, judged.due, judged.shortfall, judged.percent) == ("NO_RULE", None, None, None)
    assert (judged.policy, judged.counted_by) == (None, ended)
    assert (judged.figure.window, judged.figure.total) == (PLAN, 40)
    assert judged.frequency is None
    assert judged.worse_status == "NO_RULE"


def test_where_no_rule_holds_the_latest_to_end_still_counts():
    first = replace(SCHOOL, code="first", valid_to=day("2019-12-31"))
    second = replace(SCHOOL, code="second", valid_from=day("2020-01-01"), valid_to=day("2020-12-31"), driver="rolling")
    judged = judge(TEACHER, [], [first, second], AS_OF)
    assert judged.counted_by == second
    assert judged.driver == "rolling"


def test_where_no_rule_ever_held_whatever_is_finished_counts():
    future = replace(SCHOOL, valid_from=day("2030-01-01"))
    records = [row(1, "1999-05-14", 20, provider_rights=((day("1990-01-01"), None),)), row(2, "2021-05-14", 4)]
    judged = judge(TEACHER, [*records, row(3, "2022-07-01")], [future], AS_OF)
    assert judged.status == "NO_RULE"
    assert (judged.figure.total, judged.figure.window, judged.rolling) == (24, None, None)
    assert judged.figure.rows[2].reason == "not_finished"


def test_an_open_plan_may_run_to_its_end_under_its_own_rule():
    old = replace(SCHOOL, valid_to=day("2020-12-31"), transition="run_to_plan_end")
    new = replace(SCHOOL, code="new", valid_from=day("2021-01-01"), driver="year", years=1, req_hours=Decimal(16))
    assert policy_for([old, new], TEACHER, AS_OF) == old
    assert policy_for([old, new], TEACHER, day("2023-08-31")) == old
    assert policy_for([old, new], TEACHER, day("2023-09-01")) == new
    assert policy_for([old, new], UNPLANNED, AS_OF) == new
    assert policy_for([replace(old, transition="close_at_repeal"), new], TEACHER, AS_OF) == new
    assert policy_for([old], TEACHER, day("2023-09-01")) is None


def test_only_the_rule_a_plan_began_under_runs_to_its_end():
    late = replace(SCHOOL, valid_from=day("2019-01-01"), valid_to=day("2020-12-31"), transition="run_to_plan_end")
    assert policy_for([late], TEACHER, AS_OF) is None
    rolling = replace(late, valid_from=day("2017-06-20"), driver="rolling")
    assert policy_for([rolling], TEACHER, AS_OF) is None


# --- status (rules §7) -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2022-08-30", "IN_PROGRESS"),
        ("2022-08-31", "DUE_SOON"),
        ("2023-08-31", "DUE_SOON"),
        ("2023-09-01", "OVERDUE"),
    ],
)
def test_the_warning_begins_so_many_days_before_the_due_date(as_of, status):
    judged = judge(TEACHER, [], [SCHOOL], day(as_of))
    assert (judged.status, judged.due) == (status, PLAN.ends_on)


def test_what_is_met_is_met_even_after_the_due_date():
    judged = judge(TEACHER, [row(1, "2021-05-14", 72)], [SCHOOL], day("2024-06-01"))
    assert (judged.status, judged.due, judged.shortfall) == ("MET", PLAN.ends_on, 0)


@pytest.mark.parametrize("driver", ["plan", "rolling", "year"])
def test_without_a_number_of_hours_no_debt_is_computed(driver):
    unset = replace(SCHOOL, req_hours=None, driver=driver)
    judged = judge(TEACHER, [row(1, "2021-10-14", 20)], [unset], AS_OF)
    assert (judged.status, judged.due, judged.required, judged.shortfall) == ("HOURS_NOT_SET", None, None, None)
    assert judged.figure.total == 20
    assert judged.frequency
    assert judged.frequency.status == "MET"
    assert judged.worse_status == "HOURS_NOT_SET"


def test_the_compulsory_block_may_have_a_least_number_of_its_own():
    both = replace(SCHOOL, min_compulsory_hours=Decimal(36))
    variative = row(1, "2021-05-14", 72, block="variative")
    judged = judge(TEACHER, [variative, row(2, "2021-06-14", 35, block="compulsory")], [both], AS_OF)
    assert (judged.status, judged.shortfall, judged.compulsory_shortfall) == ("IN_PROGRESS", 0, 1)
    judged = judge(TEACHER, [variative, row(2, "2021-06-14", 36, block="compulsory")], [both], AS_OF)
    assert (judged.status, judged.compulsory_shortfall) == ("MET", 0)
    assert judge(TEACHER, [variative], [SCHOOL], AS_OF).compulsory_shortfall is None


def test_the_compulsory_block_ends_the_rolling_hold_too():
    both = replace(SCHOOL, min_compulsory_hours=Decimal(24))
    records = [row(1, "2019-05-14", 24, block="compulsory"), row(2, "2021-05-14", 72)]
    assert judge(UNPLANNED, records, [both], AS_OF).due == day("2024-05-14")
    assert judge(UNPLANNED, records, [SCHOOL], AS_OF).due == day("2026-05-14")


@pytest.mark.parametrize(
    ("hours", "frequency", "worse"),
    [
        (72, "MET", "MET"),
        (24, "MET", "IN_PROGRESS"),
        (None, "OVERDUE", "OVERDUE"),
    ],
)
def test_a_list_shows_the_worse_of_both_statuses(hours, frequency, worse):
    records = [row(1, "2021-05-14", hours)] if hours else []
    judged = judge(TEACHER, records, [SCHOOL], AS_OF)
    assert judged.frequency
    assert (judged.frequency.status, judged.worse_status) == (frequency, worse)


# --- the due date of the last years (rules §7) -----------------------------------------------------------------------


def rolling(records: list[Record], as_of: str, employed_from: str | None = "2010-09-01") -> tuple[HoursStatus, Any]:
    facts = Facts("school", employed_from=day(employed_from) if employed_from else None)
    judged = judge(facts, records, [replace(SCHOOL, driver="rolling")], day(as_of))
    return judged.status, judged.due and judged.due.isoformat()


def test_the_oldest_record_needed_sets_the_due_date():
    spare = [row(1, "2019-01-10", 10), row(2, "2019-03-15", 40), row(3, "2021-05-20", 40)]
    assert rolling(spare, "2022-01-01") == ("MET", "2024-03-15")
    assert rolling(spare, "2024-03-15") == ("MET", "2024-03-15")
    assert rolling(spare, "2024-03-16") == ("OVERDUE", "2024-03-15")


def test_a_broken_sum_is_due_by_the_record_that_completes_it_from_the_newest_backwards():
    records = [row(1, "2015-03-15"), row(2, "2016-05-20"), row(3, "2017-06-10"), row(4, "2023-01-10")]
    assert rolling(records[:3], "2022-01-01") == ("OVERDUE", "2020-03-15")
    assert rolling(records, "2023-01-09") == ("OVERDUE", "2020-03-15")
    # 24 of 2023, 24 of 2017 and 24 of 2016: the words of rules §7, though all three never stood together.
    assert rolling(records, "2023-01-10") == ("OVERDUE", "2021-05-20")


def test_whoever_began_lately_has_the_rest_of_the_years():
    assert rolling([row(1, "2024-10-10", 24)], "2026-01-01", "2024-09-01") == ("IN_PROGRESS", "2029-09-01")
    assert rolling([row(1, "2022-10-10", 72)], "2026-01-01", "2024-09-01") == ("MET", "2029-09-01")
    assert rolling([row(1, "2022-10-10", 72)], "2028-01-01", "2024-09-01") == ("IN_PROGRESS", "2029-09-01")


def test_where_nobody_knows_when_work_began_nobody_is_late_before_the_first_sum():
    assert rolling([], "2026-01-01", None) == ("IN_PROGRESS", None)
    assert rolling([row(1, "2015-03-15", 72)], "2026-01-01", None) == ("OVERDUE", "2020-03-15")


def test_a_month_holds_as_long_as_its_first_day():
    assert rolling([month(1, "2020-08-01", "2020-08-31", 72)], "2022-01-01") == ("MET", "2025-08-01")
    assert rolling([month(1, "2020-08-01", "2020-08-31", 72)], "2025-08-02") == ("OVERDUE", "2025-08-01")


def test_a_second_use_of_a_document_holds_on_when_the_first_expires():
    twins = [row(1, "2019-03-15", 80, document_key="A"), row(2, "2021-05-20", 72, document_key="A")]
    assert rolling(twins, "2022-01-01") == ("MET", "2026-05-20")


def test_a_sum_that_falls_and_rises_again_is_due_when_it_falls():
    """60 + 24 hours hold; the 60 expire, then a document's second use and a course in its way come free."""
    first = span(1, "2019-03-01", "2019-03-15", 60, document_key="A")
    other = row(2, "2019-03-10", 24, delivery_mode="online")
    again = row(3, "2021-05-20", 55, document_key="A")
    freed = span(4, "2019-03-14", "2019-03-20", 50)
    # 2019-03-10 expires first: 60 alone do not do; then 55 + 50 do for five days.
    assert rolling([first, other, again, freed], "2024-03-01") == ("MET", "2024-03-10")
    assert rolling([first, other, again, freed], "2024-03-12") == ("OVERDUE", "2024-03-10")
    assert rolling([first, other, again, freed], "2024-03-18") == ("MET", "2024-03-20")
    assert rolling([first, other, again, freed], "2024-03-21") == ("OVERDUE", "2024-03-20")


def test_a_course_still_running_holds_nothing():
    records = [row(1, "2019-03-15", 72), span(2, "2022-01-10", "2022-01-20", 72)]
    assert rolling(records, "2022-01-15") == ("MET", "2024-03-15")
    assert rolling(records, "2022-01-20") == ("MET", "2027-01-20")


# --- once in so many years (rules §5.3) ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "is_one"),
    [
        ({"hours": 72}, True),
        ({"hours": "71.9"}, False),
        ({"hours": None}, False),
        ({"hours": 24, "recognised": True}, True),
        ({"hours": 24, "recognised": True, "kind": "short_event"}, True),
        ({"hours": 24, "recognised": True, "kind": "conference"}, False),
        ({"hours": 100, "kind": "short_event"}, False),
        ({"hours": 100, "kind": "conference"}, False),
        ({"hours": 100, "kind": "creative_leave"}, False),
        ({"hours": 72, "kind": "internship"}, True),
        ({"hours": 71, "kind": "internship"}, False),
        ({"hours": 10, "kind": "internship", "starts_on": dt.date(2021, 5, 1)}, True),
        ({"hours": None, "kind": "internship", "starts_on": dt.date(2021, 5, 1)}, True),
        ({"hours": 10, "kind": "internship", "starts_on": dt.date(2021, 5, 2)}, False),
        ({"hours": 10, "kind": "internship", "starts_on": dt.date(2021, 5, 1), "precision": "month"}, False),
        ({"hours": 250, "kind": "retraining"}, True),
        ({"hours": 249, "kind": "retraining"}, False),
        ({"hours": None, "kind": "second_degree"}, True),
        ({"hours": None, "kind": "postgraduate"}, True),
        ({"hours": None, "kind": "degree"}, True),
    ],
)
def test_a_university_asks_for_an_event_of_a_size(columns, is_one):
    given = {"hours": 72} | columns
    assert is_event(row(1, "2021-05-14", **given), UNIVERSITY) is is_one


@pytest.mark.parametrize(
    ("columns", "is_one"),
    [
        ({"hours": 1}, True),
        ({"hours": None}, False),
        ({"hours": 1, "kind": "internship"}, True),
        ({"hours": None, "kind": "retraining"}, True),
        ({"hours": 100, "kind": "degree"}, False),
        ({"hours": 100, "kind": "conference"}, False),
        ({"hours": None, "recognised": True}, False),
    ],
)
def test_a_school_asks_for_any_module(columns, is_one):
    assert is_event(row(1, "2021-05-14", **columns), SCHOOL) is is_one


@pytest.mark.parametrize("kind", [kind for kind in TrainingKind if kind in NEVER_COUNTED])
def test_work_among_colleagues_is_no_event(kind):
    assert not is_event(row(1, "2021-05-14", 100, kind=kind, recognised=True), UNIVERSITY)


def frequency(records: list[Record], as_of: dt.date = AS_OF, **facts: Any) -> tuple[Any, ...]:
    found = judge(replace(LECTURER, **facts), records, [UNIVERSITY], as_of).frequency
    assert found
    return found.status, found.due and found.due.isoformat(), found.event and found.event.id


def test_the_last_event_starts_the_years_anew():
    records = [row(1, "2018-10-20", 72), row(2, "2021-05-14", 72), row(3, "2022-01-14", 24)]
    assert frequency(records) == ("MET", "2026-05-14", 2)
    assert frequency(records, day("2026-05-14")) == ("MET", "2026-05-14", 2)
    assert frequency(records, day("2026-05-15")) == ("OVERDUE", "2026-05-14", 2)


def test_without_an_event_the_years_run_from_the_employment():
    assert frequency([], employed_from=day("2018-09-01")) == ("IN_PROGRESS", "2023-09-01", None)
    assert frequency([], day("2022-09-01"), employed_from=day("2018-09-01")) == ("DUE_SOON", "2023-09-01", None)
    assert frequency([], day("2023-09-02"), employed_from=day("2018-09-01")) == ("OVERDUE", "2023-09-01", None)
    assert frequency([], employed_from=None) == ("IN_PROGRESS", None, None)


@pytest.mark.parametrize(
    "flaw",
    [
        {"status": "submitted"},
        {"has_file": False},
        {"role": "trainer"},
        {"category": "informal"},
        {"category": "nonformal"},
        {"provider_rights": ()},
        {"ends_on": dt.date(2022, 7, 1)},
        {"starts_on": None, "ends_on": None},
    ],
)
def test_an_event_passes_the_tests_of_every_record(flaw):
    assert frequency([row(1, "2021-05-14", 72)])[2] == 1
    assert frequency([replace(row(1, "2021-05-14", 72), **flaw)])[2] is None


def test_recognition_makes_an_event_of_nonformal_learning_but_no_hours():
    recognised = row(1, "2021-05-14", 24, category="nonformal", kind="short_event", recognised=True)
    assert frequency([recognised]) == ("MET", "2026-05-14", 1)
    assert judge(LECTURER, [recognised], [UNIVERSITY], AS_OF).figure.rows[0].reason == "nonformal"
    assert frequency([replace(recognised, category="informal")])[2] is None


def test_a_second_use_of_a_document_is_no_event():
    twins = [row(1, "2020-05-14", 80, document_key="A"), row(2, "2021-05-14", 72, document_key="A")]
    assert frequency(twins) == ("MET", "2025-05-14", 1)


def test_an_event_that_gave_way_to_another_is_none():
    pair = [span(1, "2021-05-03", "2021-05-07", 80), span(2, "2021-05-07", "2021-05-14", 72)]
    assert frequency(pair) == ("MET", "2026-05-07", 1)
    assert frequency(pair, confirmed_pairs=frozenset({frozenset({1, 2})})) == ("MET", "2026-05-14", 2)


def test_an_event_of_a_month_is_reckoned_from_its_first_day():
    assert frequency([month(1, "2021-05-01", "2021-05-31", 72)]) == ("MET", "2026-05-01", 1)


def test_planning_anew_is_a_reminder_only():
    judged = judge(LECTURER, [row(1, "2018-05-14", 72)], [UNIVERSITY], AS_OF)
    assert judged.frequency
    assert (judged.frequency.plan_again_on, judged.status) == (day("2021-05-14"), "MET")


def test_a_rule_by_frequency_asks_for_no_sum():
    halves = [row(1, "2021-05-14", 36), row(2, "2022-05-14", 36)]
    judged = judge(LECTURER, halves, [UNIVERSITY], AS_OF)
    assert (judged.status, judged.required, judged.shortfall, judged.percent) == ("OVERDUE", None, None, None)
    assert judged.figure.total == 72
    summed = judge(LECTURER, halves, [replace(UNIVERSITY, accumulate=True)], AS_OF)
    assert (summed.status, summed.due, summed.required) == ("MET", day("2026-05-14"), 72)
    assert summed.frequency
    assert (summed.frequency.status, summed.frequency.due) == ("MET", day("2026-05-14"))


def test_a_frequency_has_years_of_its_own_or_those_of_the_rule():
    course = row(1, "2021-05-14", 72)
    often = replace(UNIVERSITY, frequency_years=2)
    assert judge(LECTURER, [course], [often], AS_OF).due == day("2023-05-14")
    assert judge(LECTURER, [course], [replace(UNIVERSITY, frequency_years=None)], AS_OF).due == day("2026-05-14")


def test_a_rule_without_a_frequency_has_none():
    assert judge(TEACHER, [], [replace(SCHOOL, frequency_years=None)], AS_OF).frequency is None


# --- flags (rules §6, forms §M) --------------------------------------------------------------------------------------


def raised(record: Record, *others: Record, **facts: Any) -> list[Flag]:
    return flags(record, others, SCHOOL, replace(TEACHER, **facts))


def test_an_ordinary_record_raises_no_flag():
    course = span(1, "2021-05-03", "2021-05-14", 72, entered_on=day("2021-06-01"))
    assert raised(course, course, row(2, "2021-06-14")) == []


@pytest.mark.parametrize(
    ("columns", "flag"),
    [
        ({"starts_on": None, "ends_on": None}, "date_unread"),
        ({"precision": "month"}, "date_imprecise"),
        ({"amount": None}, "hours_unread"),
        ({"unit": "credit"}, "not_in_hours"),
        ({"has_file": False}, "no_document"),
        ({"provider": None}, "provider_unknown"),
        ({"provider_rights": ()}, "provider_not_eligible"),
        ({"amount": Decimal("120.1")}, "dense"),
        ({"unit": "day_night", "amount": Decimal(4)}, "not_in_hours"),
        ({"entered_on": dt.date(2022, 5, 15)}, "late_entry"),
    ],
)
def test_each_flag_is_raised_by_its_own_flaw(columns, flag):
    course = span(1, "2021-05-03", "2021-05-14", 72)
    assert flag in raised(replace(course, **columns))


def test_flags_stop_just_before_their_edge():
    course = span(1, "2021-05-03", "2021-05-14", 120, entered_on=day("2022-05-14"))
    assert raised(course, employed_from=day("2021-05-14")) == []
    assert raised(course, employed_from=day("2021-05-15")) == ["before_employment"]
    assert flags(course, [], SCHOOL, TEACHER, late_entry_years=0) == ["late_entry"]
    assert flags(replace(course, amount=Decimal(999)), [], None, TEACHER) == []


def test_days_are_compared_with_the_dates():
    written = span(1, "2021-07-12", "2021-07-23", 4, unit="day_night")
    assert raised(written) == ["not_in_hours", "days_vs_hours"]
    assert raised(replace(written, amount=Decimal(12))) == ["not_in_hours"]


def test_a_shared_number_or_file_is_flagged():
    course = row(1, "2021-05-14", 8, document_key="A", file_hash="f")
    assert raised(course, row(2, "2021-06-14", document_key="A")) == ["duplicate_document"]
    assert raised(course, row(2, "2021-06-14", document_key="A", provider=None)) == ["duplicate_document"]
    assert raised(course, row(2, "2021-06-14", document_key="A", provider="another")) == []
    assert raised(course, row(2, "2021-06-14", file_hash="f")) == ["same_file"]
    assert raised(replace(course, document_key="", file_hash=""), row(2, "2021-06-14", document_key="")) == []


def test_common_days_are_flagged_whatever_the_delivery():
    course = span(1, "2021-05-10", "2021-05-14", 24)
    online = span(2, "2021-05-14", "2021-05-20", 24, delivery_mode="online")
    whole_month = month(3, "2021-05-01", "2021-05-31")
    assert raised(course, online) == ["overlap"]
    assert raised(course, whole_month) == ["overlap"]
    assert raised(course, online, confirmed_pairs=frozenset({frozenset({1, 2})})) == []
    assert raised(course, span(2, "2021-05-15", "2021-05-20")) == []


def test_the_same_course_on_other_days_is_flagged():
    course = row(1, "2021-05-14", 8, title="баалоо")
    assert raised(course, row(2, "2022-03-14", 8, title="баалоо")) == ["same_course_again"]
    assert raised(course, row(2, "2022-03-14", 9, title="баалоо")) == []
    assert raised(course, row(2, "2022-03-14", 8, title="баалоо", provider="another")) == []
    assert raised(replace(course, title=""), row(2, "2022-03-14", 8)) == []


# --- house rules -----------------------------------------------------------------------------------------------------


def test_no_number_of_a_norm_stands_in_the_code():
    """0, 1 and the hundred of a percentage are all the numbers the rule knows of itself."""
    found = {
        node.value
        for path in (HERE / "courses" / "rules").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }
    assert found <= {0, 1, 100}
