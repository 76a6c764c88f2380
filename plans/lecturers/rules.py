"""What a paper of a college or university is cautioned about. A caution keeps nothing back.

No database, no clock: a content in, codes out; the words are in ``plans.lecturers.words``.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cpd.text import fold
from plans.rules import planned_hours
from schools.choices import DocumentKind


class Caution(StrEnum):
    OWN_ORGANISATION = "own_organisation"  # an internship is in other organisations only (004 6.2; X15)
    TOO_SHORT = "too_short"  # neither the hours nor the days of the norm
    DAYS_PASSED = "days_passed"  # asked for when it had begun already: told, not refused (X12)
    NO_DOCUMENT = "no_document"  # a report comes with a copy of the document (004 5.2)
    HOST_NOT_AGREED = "host_not_agreed"  # the plan is agreed with the host (004 VI 6.3)
    DUE_NOT_PLANNED = "due_not_planned"  # somebody is due within the plan, and no year of it names anything


CAUTIONED = (DocumentKind.INTERNSHIP_PLAN, DocumentKind.INTERNSHIP_PROGRAMME)


def cautions(content: Mapping[str, Any], own_titles: Iterable[str]) -> list[Caution]:
    """Of an internship's plan and of its programme; of who is left out of a perspective plan.

    ``own_titles`` are those of the lecturer's institution in every language: a content holds the Kyrgyz one alone.
    """
    if content["kind"] == DocumentKind.PERSPECTIVE_PLAN:
        return [Caution.DUE_NOT_PLANNED] if any(_is_left_out(content, row) for row in content["rows"]) else []
    if content["kind"] == DocumentKind.INTERNSHIP_PROGRAMME:
        return [] if content["internship"].get("host_agreed_on") else [Caution.HOST_NOT_AGREED]
    if content["kind"] != DocumentKind.INTERNSHIP_PLAN:
        return []
    found = []
    host = fold(content["host_text"])
    own = [fold(title) for title in (content["school"]["title"], *own_titles) if title]
    if host and any(host in title or title in host for title in own):
        found.append(Caution.OWN_ORGANISATION)
    if is_too_short(content):
        found.append(Caution.TOO_SHORT)
    if content["agrees_with_host"] and host and not content["host_agreed_on"]:
        found.append(Caution.HOST_NOT_AGREED)
    return found


def _is_left_out(content: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Days are compared as texts: ISO dates sort as the days do."""
    return not row["cells"] and bool(row.get("due_on")) and row["due_on"] <= content["ends_on"]


def letter_cautions(content: Mapping[str, Any], on: dt.date) -> list[Caution]:
    """Of an application or a report; ``on`` is the day it was handed in, or today."""
    found = []
    if content["kind"] == DocumentKind.APPLICATION and dt.date.fromisoformat(content["starts_on"]) < on:
        found.append(Caution.DAYS_PASSED)
    if content["kind"] == DocumentKind.COURSE_REPORT and not content["record"]["has_file"]:
        found.append(Caution.NO_DOCUMENT)
    return found


def planned_days(content: Mapping[str, Any]) -> int:
    """Calendar days, the first and the last inside."""
    return (dt.date.fromisoformat(content["ends_on"]) - dt.date.fromisoformat(content["starts_on"])).days + 1


def is_too_short(content: Mapping[str, Any]) -> bool:
    """Either the least hours or the least days are enough (004 III 2.4); where no rule says, nothing is too short.

    Nor is a draft in which no hours stand yet.
    """
    least_hours, least_days = content["min_hours"], content["min_days"]
    if (least_hours is None and least_days is None) or not planned_hours(content):
        return False
    enough_hours = least_hours is not None and planned_hours(content) >= Decimal(least_hours)
    return not (enough_hours or (least_days is not None and planned_days(content) >= least_days))
