"""What is wrong with the days of a course as typed, by the field that says so; every form of a term asks here."""

import datetime as dt

from django.utils.translation import gettext as _

from cpd.dates import Period, add_years

LONGEST = 1  # years: a course that lasts longer is a slip of the pen


def wrong_term(starts_on: dt.date | None, ends_on: dt.date | None, period: Period) -> dict[str, str]:
    """One sentence at most: both days or neither, in order, begun in ``period`` and shorter than a year."""
    if starts_on and starts_on not in period:
        return {"starts_on": _("The course must begin in the school year %(label)s.") % {"label": period.label}}
    if ends_on and not starts_on:
        return {"starts_on": _("Enter the first day too.")}
    if starts_on and not ends_on:
        return {"ends_on": _("Enter the last day too.")}
    if starts_on and ends_on and ends_on < starts_on:
        return {"ends_on": _("The end date must not be earlier than the start date.")}
    if starts_on and ends_on and ends_on >= add_years(starts_on, LONGEST):
        return {"ends_on": _("Check the end date: the course would last a year or longer.")}
    return {}
