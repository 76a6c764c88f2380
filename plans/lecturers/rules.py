"""What a paper of a college or university is cautioned about. A caution keeps nothing back.

No database, no clock: a content in, codes out; the words are in ``plans.lecturers.words``.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cpd.text import fold
from schools.choices import DocumentKind


class Caution(StrEnum):
    OWN_ORGANISATION = "own_organisation"  # an internship is in other organisations only (004 6.2; X15)
    TOO_SHORT = "too_short"  # neither the hours nor the days of the norm
    HOST_NOT_AGREED = "host_not_agreed"  # the plan is agreed with the host (004 VI 6.3)


def cautions(content: Mapping[str, Any], days: int) -> list[Caution]:
    """Of an internship's plan; ``days`` are its calendar days, both ends inside."""
    if content["kind"] != DocumentKind.INTERNSHIP_PLAN:
        return []
    found = []
    host, own = fold(content["host_text"]), fold(content["school"]["title"])
    if host and (host in own or own in host):
        found.append(Caution.OWN_ORGANISATION)
    if is_too_short(content, days):
        found.append(Caution.TOO_SHORT)
    if host and not content["host_agreed_on"]:
        found.append(Caution.HOST_NOT_AGREED)
    return found


def planned_hours(content: Mapping[str, Any]) -> Decimal:
    return sum((Decimal(row["hours"]) for row in content["rows"] if row["hours"]), Decimal())


def is_too_short(content: Mapping[str, Any], days: int) -> bool:
    """Either the least hours or the least days are enough (004 III 2.4); where no rule says, nothing is too short."""
    least_hours, least_days = content["min_hours"], content["min_days"]
    if least_hours is None and least_days is None:
        return False
    enough_hours = least_hours is not None and planned_hours(content) >= Decimal(least_hours)
    return not (enough_hours or (least_days is not None and days >= least_days))
