"""What a plan still lacks, judged without a database (national regulation 6.3, rules §7)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules import Code, Finding, findings, planned_hours

YEARS = [2026, 2027, 2028, 2029, 2030]


def item(**columns: Any) -> dict[str, Any]:
    """A complete row of a five-year plan."""
    return {
        "uid": "r1",
        "direction": "Баалоо",
        "rationale": "",
        "programme_title": "Критерийлик баалоо",
        "block": "",
        "study_form": "distance",
        "hours": "24",
        "provider_text": "",
        "school_year": 2026,
        "month": None,
        "note": "",
    } | columns


def need(**columns: Any) -> dict[str, Any]:
    """A complete row of a yearly plan."""
    return {
        "uid": "r1",
        "need": "Топтук иш",
        "learning_methods": ["practice"],
        "methods_text": "",
        "month": 10,
        "term_text": "",
        "executor_kind": "self",
        "executor_text": "",
    } | columns


def individual(*rows: dict[str, Any], **whole: Any) -> dict[str, Any]:
    return {"kind": "individual_plan", "grounds": ["standard"], "grounds_text": "", "rows": list(rows)} | whole


def yearly(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "annual_plan", "rows": list(rows)}


def test_a_complete_plan_lacks_nothing():
    assert findings(individual(item(), item(uid="r2", school_year=2030)), YEARS) == []
    assert findings(yearly(need(), need(uid="r2", month=5)), [2026]) == []


def test_a_plan_without_rows_lacks_rows():
    assert findings(individual(), YEARS) == [Finding(Code.NO_ROWS)]
    assert findings(yearly(), [2026]) == [Finding(Code.NO_ROWS)]


def test_a_five_year_plan_needs_its_grounds_ticked_or_written():
    assert findings(individual(item(), grounds=[]), YEARS) == [Finding(Code.NO_GROUNDS, field="grounds")]
    assert findings(individual(item(), grounds=[], grounds_text="Мектептин программасы"), YEARS) == []


@pytest.mark.parametrize("column", ["direction", "programme_title", "study_form", "hours", "school_year"])
@pytest.mark.parametrize("empty", ["", None])
def test_what_the_regulation_names_must_be_filled_in(column, empty):
    assert findings(individual(item(**{column: empty})), YEARS) == [Finding(Code.MISSING, "r1", column)]


@pytest.mark.parametrize("column", ["rationale", "block", "provider_text", "note", "month"])
def test_nobody_is_made_to_fill_in_the_rest(column):
    assert findings(individual(item(**{column: "" if column != "month" else None})), YEARS) == []


@pytest.mark.parametrize("year", [2025, 2031])
def test_an_item_lies_inside_the_period(year):
    found = findings(individual(item(school_year=year)), YEARS)
    assert found == [Finding(Code.OUTSIDE_PERIOD, "r1", "school_year")]


@pytest.mark.parametrize("column", ["need", "month"])
def test_a_yearly_row_needs_its_need_and_its_term(column):
    assert findings(yearly(need(**{column: "" if column == "need" else None})), [2026]) == [
        Finding(Code.MISSING, "r1", column)
    ]


def test_a_term_in_words_is_a_term():
    assert findings(yearly(need(month=None, term_text="жыл бою")), [2026]) == []


def test_a_yearly_row_needs_a_kind_of_learning_ticked_or_written():
    assert findings(yearly(need(learning_methods=[])), [2026]) == [Finding(Code.NO_METHOD, "r1", "learning_methods")]
    assert findings(yearly(need(learning_methods=[], methods_text="сабак көрүү")), [2026]) == []


def test_somebody_else_must_be_named():
    assert findings(yearly(need(executor_kind="other")), [2026]) == [Finding(Code.NO_EXECUTOR, "r1", "executor_text")]
    assert findings(yearly(need(executor_kind="other", executor_text="Китепканачы")), [2026]) == []


def test_every_finding_of_every_row_is_told_at_once():
    empty = item(uid="r2", direction="", programme_title="", study_form="", hours=None, school_year=None)
    found = findings(individual(item(), empty, item(uid="r3", school_year=1999), grounds=[]), YEARS)
    assert [(finding.code, finding.row, finding.field) for finding in found] == [
        ("no_grounds", "", "grounds"),
        ("missing", "r2", "direction"),
        ("missing", "r2", "programme_title"),
        ("missing", "r2", "study_form"),
        ("missing", "r2", "hours"),
        ("missing", "r2", "school_year"),
        ("outside_period", "r3", "school_year"),
    ]


def test_hours_are_summed_exactly():
    rows = [item(hours=hours) for hours in ("24", "72.5", None, "0.1", "0.2", "")]
    assert planned_hours(individual(*rows)) == Decimal("96.8")
    assert planned_hours(individual()) == 0


@given(st.lists(st.integers(1, 20_000).map(lambda tenths: Decimal(tenths) / 10), max_size=40))
def test_hours_add_up_in_any_order(hours):
    forwards = individual(*(item(hours=str(one)) for one in hours))
    backwards = individual(*(item(hours=str(one)) for one in reversed(hours)))
    assert planned_hours(forwards) == planned_hours(backwards) == sum(hours)


@given(st.lists(st.sampled_from(YEARS), min_size=1, max_size=8))
def test_any_years_of_the_period_will_do(years):
    rows = [item(uid=f"r{n}", school_year=year) for n, year in enumerate(years)]
    assert findings(individual(*rows), YEARS) == []
