"""Module or programme: a label by size that changes nothing in the sum (rules §3, 001 4.5.2)."""

from decimal import Decimal
from enum import StrEnum

from courses.rules.inputs import Policy


class CourseKind(StrEnum):
    MODULE = "module"
    PROGRAMME = "programme"


def kind_by_hours(hours: Decimal | None, policy: Policy) -> CourseKind | None:
    """Below the border a module, from it on a programme; None where the hours or the border are not known."""
    if hours is None or policy.programme_min_hours is None:
        return None
    return CourseKind.PROGRAMME if hours >= policy.programme_min_hours else CourseKind.MODULE
