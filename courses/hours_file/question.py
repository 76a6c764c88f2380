"""A JSON document as the rules, the teacher, the records and the day to be judged."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from courses import reading
from courses.choices import (
    Block,
    DeliveryMode,
    DocumentType,
    Driver,
    HoursUnit,
    LearningCategory,
    NormStatus,
    ParticipationRole,
    Precision,
    RecordStatus,
    RightBasis,
    TrainingKind,
    Transition,
    YearKind,
)
from courses.hours_file.reader import MOST_YEARS, BadDocument, Fields, is_plain_number, load, shown
from courses.rules import Facts, Leave, Pair, Policy, Record, RecordId
from cpd.dates import Period, add_months, calendar_year
from cpd.text import fold
from schools.choices import InstitutionKind

QUESTION = {"as_of", "policies", "teacher", "records", "record_defaults", "confirmed_pairs"}
# Rules §1 and §2 say institution_type where the site says institution_kind. Sources are kept for the reader.
SOURCES = {"legal_act", "source_clause", "source_url", "note"}
POLICY = {field.name for field in fields(Policy)} - {"institution_kind"} | {"institution_type"} | SOURCES
TEACHER = {"institution_type", "institution", "staff_group", "employed_from", "plans", "leaves"}
PLAN = {"start", "end", "approved"}
LEAVE = {"start", "end"}
RECORD = {
    "id",
    "start",
    "end",
    "precision",
    "date_text",
    "hours",
    "unit",
    "approved_hours",
    "approved_hours_reason",
    "kind",
    "category",
    "block",
    "planned",
    "mode",
    "role",
    "title",
    "provider",
    "provider_eligible",
    "document",
    "status",
    "recognised",
    "entered_on",
}
PROVIDER = {"name", "eligible_from", "eligible_to", "basis"}
DOCUMENT = {"type", "number", "date", "file", "state_standard"}


@dataclass(frozen=True)
class Question:
    facts: Facts
    records: tuple[Record, ...]
    policies: tuple[Policy, ...]
    as_of: dt.date


def read(content: bytes) -> Question:
    """Raises ``BadDocument``."""
    whole = Fields(load(content), "", QUESTION)
    as_of = whole.day("as_of")
    policies = tuple(_policy(value, f"policies[{at}]") for at, value in enumerate(whole.items("policies")))
    _refuse_equal_policies(policies)
    defaults = Fields(whole.take("record_defaults", {}), "record_defaults", RECORD - {"id"}).value
    records = tuple(_record(value, f"records[{at}]", defaults) for at, value in enumerate(whole.items("records")))
    _refuse_equal_ids(records)
    pairs = _pairs(whole, {record.id for record in records})
    return Question(_facts(whole.take("teacher"), pairs), records, policies, as_of)


def _policy(value: Any, path: str) -> Policy:
    given = Fields(value, path, POLICY)
    for name in SOURCES:
        given.text(name, "")
    status = given.choice("status", NormStatus)
    valid_from, valid_to = _date(given, "valid_from"), _date(given, "valid_to")
    if status == NormStatus.IN_FORCE and valid_from is None:
        given.refuse("valid_from", "is missing: a rule in force needs the day from which it holds")
    if valid_from and valid_to and valid_to < valid_from:
        given.refuse("valid_to", f"{valid_to} is before valid_from {valid_from}")
    return Policy(
        code=given.text("code"),
        institution_kind=given.choice("institution_type", InstitutionKind),
        institution=given.label("institution") if given.has("institution") else None,
        staff_group=given.text("staff_group", ""),
        status=status,
        valid_from=valid_from,
        valid_to=valid_to,
        years=given.whole("years", most=MOST_YEARS),
        driver=given.choice("driver", Driver),
        req_hours=given.number("req_hours"),
        accumulate=given.flag("accumulate", Policy.accumulate),
        min_event_hours=given.number("min_event_hours"),
        min_compulsory_hours=given.number("min_compulsory_hours"),
        frequency_years=_years(given, "frequency_years"),
        planning_interval_years=_years(given, "planning_interval_years"),
        internship_min_hours=given.number("internship_min_hours"),
        internship_min_days=given.whole("internship_min_days") if given.has("internship_min_days") else None,
        retraining_min_hours=given.number("retraining_min_hours"),
        programme_min_hours=given.number("programme_min_hours"),
        degree_counts=given.flag("degree_counts", Policy.degree_counts),
        count_nonformal=given.flag("count_nonformal", Policy.count_nonformal),
        require_document=given.flag("require_document", Policy.require_document),
        require_provider_eligible=given.flag("require_provider_eligible", Policy.require_provider_eligible),
        hours_per_credit=given.number("hours_per_credit"),
        max_hours_per_day=given.number("max_hours_per_day"),
        year_kind=given.choice("year_kind", YearKind, Policy.year_kind),
        warn_days=given.whole("warn_days", Policy.warn_days, least=0),
        transition=given.choice("transition", Transition, Policy.transition),
        leave_extends=given.flag("leave_extends", Policy.leave_extends),
    )


def _facts(value: Any, pairs: frozenset[Pair]) -> Facts:
    given = Fields(value, "teacher", TEACHER)
    plans = [_plan(plan, f"teacher.plans[{at}]") for at, plan in enumerate(given.items("plans", []))]
    leaves = [_leave(leave, f"teacher.leaves[{at}]") for at, leave in enumerate(given.items("leaves", []))]
    return Facts(
        institution_kind=given.choice("institution_type", InstitutionKind),
        institution=given.label("institution") if given.has("institution") else None,
        staff_group=given.text("staff_group", ""),
        employed_from=given.day("employed_from") if given.has("employed_from") else None,
        plans=tuple(plan for plan in plans if plan),
        confirmed_pairs=pairs,
        leaves=tuple(leaves),
    )


def _plan(value: Any, path: str) -> Period | None:
    """An approved plan's period; one that is not approved rules nothing."""
    given = Fields(value, path, PLAN)
    period = _period(given, given.day("start"), given.day("end"))
    return period if given.flag("approved", True) else None


def _leave(value: Any, path: str) -> Leave:
    """A long leave; without its last day it goes on."""
    given = Fields(value, path, LEAVE)
    starts_on = given.day("start")
    return starts_on, _period(given, starts_on, given.day("end")).ends_on if given.has("end") else None


def _record(value: Any, path: str, defaults: Mapping[str, Any]) -> Record:
    alone = Fields(value, path, RECORD)
    given = Fields(_filled(alone.value, defaults), path, RECORD)
    given.text("approved_hours_reason", "")  # kept for the reader, as planned and state_standard are
    given.flag("planned", False)
    days, precision = _days(given)
    amount, unit = _hours(given)
    document = Fields(given.take("document", {}), given.place("document"), DOCUMENT)
    document.flag("state_standard", False)
    number = document.text("number", "")
    provider, rights = _provider(given)
    return Record(
        id=given.label("id"),
        starts_on=days.starts_on if days else None,
        ends_on=days.ends_on if days else None,
        precision=precision,
        amount=amount,
        unit=unit,
        approved_hours=given.number("approved_hours", most=reading.MOST_HOURS),
        kind=given.choice("kind", TrainingKind, TrainingKind.COURSE),
        category=given.choice("category", LearningCategory, LearningCategory.FORMAL),
        block=_block(given),
        delivery_mode=given.choice("mode", DeliveryMode, DeliveryMode.OFFLINE),
        role=given.choice("role", ParticipationRole, ParticipationRole.PARTICIPANT),
        title=fold(given.text("title", "")),
        provider=provider,
        provider_rights=rights,
        document_type=document.choice("type", DocumentType) if document.has("type") else "",
        document_number=number.strip(),
        document_key=reading.document_key(number),
        document_on=_date(document, "date"),
        has_file=_has_file(document),
        status=given.choice("status", RecordStatus),
        recognised=given.flag("recognised", False),
        entered_on=_date(given, "entered_on"),
    )


def _filled(value: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The record's own fields before the common ones; the fields of its document and provider likewise."""
    whole = {**defaults, **value}
    for name in ("document", "provider"):
        own, common = value.get(name), defaults.get(name)
        if isinstance(own, dict) and isinstance(common, dict):
            whole[name] = {**common, **own}
    return whole


def _days(given: Fields) -> tuple[Period | None, Precision]:
    """First and last possible day. A month or a year is always a whole one; a single date is a course of one day."""
    precision = given.choice("precision", Precision, Precision.DAY)
    if given.has("date_text"):
        return _days_as_written(given)
    if not given.has("end"):
        if given.has("start"):
            given.refuse("end", "is missing: the end owns a record")
        return None, precision
    ends_on = given.day("end")
    period = _period(given, given.day("start") if given.has("start") else ends_on, ends_on)
    if precision == Precision.MONTH:
        period = Period(_month(period.starts_on).starts_on, _month(period.ends_on).ends_on)
    elif precision == Precision.YEAR:
        period = Period(calendar_year(period.starts_on.year).starts_on, calendar_year(period.ends_on.year).ends_on)
    return period, precision


def _days_as_written(given: Fields) -> tuple[Period | None, Precision]:
    for name in ("start", "end", "precision"):
        if given.has(name):
            given.refuse(name, "stands beside date_text; one of them is enough")
    text = given.text("date_text")
    try:
        dates = reading.read_dates(text)
    except reading.Unreadable as problem:
        given.refuse("date_text", f"{shown(text)} cannot be read as a date ({problem.code})")
    if dates is None:
        return None, Precision.DAY
    return Period(dates.starts_on, dates.ends_on), dates.precision


def _hours(given: Fields) -> tuple[Decimal | None, HoursUnit]:
    """The amount and what it counts; hours where nothing else is said."""
    value = given.take("hours", None)
    if not isinstance(value, str) or is_plain_number(value):
        return given.number("hours", most=reading.MOST_HOURS), given.choice("unit", HoursUnit, HoursUnit.HOUR)
    try:
        hours = reading.read_hours(value)
    except reading.Unreadable as problem:
        given.refuse("hours", f"{shown(value)} cannot be read as hours ({problem.code})")
    if hours is None:
        return None, given.choice("unit", HoursUnit, HoursUnit.HOUR)
    if given.has("unit") and given.choice("unit", HoursUnit) != hours.unit:
        given.refuse("unit", f"{shown(given.text('unit'))} contradicts hours {shown(value)} (read as {hours.unit})")
    return hours.amount, hours.unit


def _block(given: Fields) -> str:
    return "" if given.take("block", "none") == "none" else given.choice("block", Block)


def _has_file(document: Fields) -> bool:
    """true, or the name of the file."""
    if isinstance(document.take("file", False), str):
        return bool(document.text("file").strip())
    return document.flag("file", False)


def _provider(given: Fields) -> tuple[str, tuple[tuple[dt.date, dt.date | None], ...]]:
    """Who gave it, by name, and the days of the right to teach. Two records without a name have one provider."""
    value = given.take("provider", {})
    path = given.place("provider")
    provider = Fields({"name": value} if isinstance(value, str) else value, path, PROVIDER)
    if provider.has("basis"):
        provider.choice("basis", RightBasis)
    name = fold(provider.text("name", ""))
    begins, ends = _date(provider, "eligible_from"), _date(provider, "eligible_to")
    if given.has("provider_eligible"):
        if begins or ends:
            given.refuse("provider_eligible", "stands beside the days of the provider's right; one of them is enough")
        return name, ((dt.date.min, None),) if given.flag("provider_eligible", False) else ()
    if begins is None:
        if ends:
            provider.refuse("eligible_from", "is missing: a right with a last day has a first one")
        return name, ()
    if ends and ends < begins:
        provider.refuse("eligible_to", f"{ends} is before eligible_from {begins}")
    return name, ((begins, ends),)


def _pairs(whole: Fields, ids: set[RecordId]) -> frozenset[Pair]:
    pairs = set()
    for at, value in enumerate(whole.items("confirmed_pairs", [])):
        name = f"confirmed_pairs[{at}]"
        if not isinstance(value, list) or [type(part) in (int, str) for part in value] != [True, True]:
            whole.refuse(name, f"must be a list of two record ids, not {shown(value)}")
        for part in value:
            if part not in ids:
                whole.refuse(name, f"{shown(part)} is the id of no record")
        if value[0] == value[1]:
            whole.refuse(name, "names one record twice")
        pairs.add(frozenset(value))
    return frozenset(pairs)


def _refuse_equal_ids(records: tuple[Record, ...]) -> None:
    """Ids decide between equal records, so they are unique and can be ordered."""
    seen: dict[RecordId, int] = {}
    for at, record in enumerate(records):
        if record.id in seen:
            raise BadDocument(f"records[{at}].id: {shown(record.id)} is also the id of records[{seen[record.id]}].")
        if type(record.id) is not type(records[0].id):
            raise BadDocument(f"records[{at}].id: ids are all whole numbers or all texts, not {shown(record.id)}.")
        seen[record.id] = at


def _refuse_equal_policies(policies: tuple[Policy, ...]) -> None:
    """Rules §2: two equal rows are refused beforehand, never guessed between."""
    seen: dict[Any, int] = {}
    for at, policy in enumerate(policies):
        if policy.status != NormStatus.IN_FORCE:
            continue
        scope = (policy.institution_kind, policy.institution, policy.staff_group, policy.valid_from)
        if scope in seen:
            raise BadDocument(
                f"policies[{at}].valid_from: policies[{seen[scope]}] binds the same people from the same day."
            )
        seen[scope] = at


def _period(given: Fields, starts_on: dt.date, ends_on: dt.date) -> Period:
    if ends_on < starts_on:
        given.refuse("end", f"{ends_on} is before start {starts_on}")
    return Period(starts_on, ends_on)


def _month(day: dt.date) -> Period:
    first = day.replace(day=1)
    return Period(first, add_months(first, 1) - dt.timedelta(days=1))


def _date(given: Fields, name: str) -> dt.date | None:
    return given.date(name) if given.has(name) else None


def _years(given: Fields, name: str) -> int | None:
    return given.whole(name, most=MOST_YEARS) if given.has(name) else None
