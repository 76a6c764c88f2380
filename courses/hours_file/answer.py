"""A judgement as plain values for JSON. Numbers are exact: whole where they are whole, else with their decimals."""

import datetime as dt
from decimal import Decimal
from typing import Any

from courses.hours_file.question import Question
from courses.rules import Figure, Frequency, Policy, Record, Row, flags, hours_of, judge, kind_by_hours
from cpd.dates import Period


def answer(question: Question) -> dict[str, Any]:
    """What ``manage.py count_hours`` prints; ``docs/rules.md`` lists the fields."""
    judgement = judge(question.facts, question.records, question.policies, question.as_of)
    rows = [_row(row) | _about(row.record, question, judgement.counted_by) for row in judgement.figure.rows]
    return {
        "as_of": question.as_of.isoformat(),
        "policy": judgement.policy.code if judgement.policy else None,
        "counted_by": judgement.counted_by.code if judgement.counted_by else None,
        "driver": judgement.driver,
        "status": judgement.status,
        "due": _date(judgement.due),
        "due_without_leave": _date(judgement.term.unmoved if judgement.term else None),
        "required": _number(judgement.required),
        "shortfall": _number(judgement.shortfall),
        "compulsory_shortfall": _number(judgement.compulsory_shortfall),
        "percent": judgement.percent,
        **_figure(judgement.figure),
        "records": rows,
        "frequency": _frequency(judgement.frequency),
        "worse_status": judgement.worse_status,
        "rolling": _figure(judgement.rolling) if judgement.rolling else None,
        "plan": _figure(judgement.plan) if judgement.plan else None,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "window": _period(figure.window),
        "total": _number(figure.total),
        "compulsory": _number(figure.compulsory),
        "variative": _number(figure.variative),
        "records": [_row(row) for row in figure.rows],
        "overlaps": [list(pair) for pair in figure.overlaps],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.record.id,
        "counted_hours": _number(row.hours),
        "reason": row.reason,
        "rival": row.rival,
    }


def _about(record: Record, question: Question, policy: Policy | None) -> dict[str, Any]:
    """What is true of a record in any window."""
    hours = hours_of(record, policy)
    return {
        "start": _date(record.starts_on),
        "end": _date(record.ends_on),
        "precision": record.precision,
        "hours": _number(hours),
        "size": kind_by_hours(hours, policy) if policy else None,
        "flags": flags(record, question.records, policy, question.facts),
    }


def _frequency(frequency: Frequency | None) -> dict[str, Any] | None:
    if frequency is None:
        return None
    return {
        "status": frequency.status,
        "due": _date(frequency.due),
        "due_without_leave": _date(frequency.term.unmoved if frequency.term else None),
        "event": frequency.event.id if frequency.event else None,
        "plan_again_on": _date(frequency.plan_again_on),
    }


def _period(period: Period | None) -> dict[str, Any] | None:
    return {"start": _date(period.starts_on), "end": _date(period.ends_on)} if period else None


def _date(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _number(number: Decimal | None) -> int | float | None:
    """The reader lets no more digits in than a float writes back exactly."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)
