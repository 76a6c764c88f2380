"""Other deadlines (rules §8 and §9). How many days or months comes from the caller's settings."""

import datetime as dt

from cpd.dates import add_months


def internship_report_due_on(ended_on: dt.date, days: int) -> dt.date:
    """The last day for the internship's information: calendar days, not moved for weekends (004 6.6)."""
    return ended_on + dt.timedelta(days=days)


def induction_plan_due_on(employed_from: dt.date, months: int) -> dt.date:
    """The last day for a young specialist's plan; the end of a month clamps (001 4.4.1)."""
    return add_months(employed_from, months)
