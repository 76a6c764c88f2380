"""The only place where dates are reckoned and written: school years, periods, official Kyrgyz and Russian dates."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

SCHOOL_YEAR_BEGINS = 9  # September (national regulation, yearly plan: rows run from September)


def today() -> dt.date:
    """Today in Bishkek."""
    return timezone.localdate()


def add_years(day: dt.date, years: int) -> dt.date:
    """The same day ``years`` later; 29 February becomes the 28th where there is none."""
    year = day.year + years
    return dt.date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later; a day the month lacks becomes its last one (rules §8: month end clamps)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(first: dt.date, last: dt.date) -> int:
    """How many whole months lie between two days; ``last`` is not before ``first``."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if add_months(first, months) <= last else months - 1


@dataclass(frozen=True)
class Period:
    """Two days and all between them, both inside."""

    starts_on: dt.date
    ends_on: dt.date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a period ends on or after the day it starts")

    def __contains__(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, other: "Period") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def common(self, other: "Period") -> "Period | None":
        """The days of both; None where there is none."""
        if not self.overlaps(other):
            return None
        return Period(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))

    @property
    def label(self) -> str:
        """As papers name it: «2018-2023», «2021-2022»."""
        return f"{self.starts_on.year}-{self.ends_on.year}"

    @property
    def school_years(self) -> list[int]:
        """First calendar years of the school years the period touches."""
        return list(range(school_year_of(self.starts_on), school_year_of(self.ends_on) + 1))


def lasting(starts_on: dt.date, years: int) -> Period:
    """The period of exactly ``years`` years from ``starts_on`` (rules §5.1: end = start + years − 1 day)."""
    return Period(starts_on, add_years(starts_on, years) - dt.timedelta(days=1))


def last_years(day: dt.date, years: int) -> Period:
    """The days from which ``years`` years reach ``day``, to ``day`` itself; the anniversary is inside (rules §5.2)."""
    earliest = add_years(day, -years)
    if add_years(earliest, years) < day:  # on 29 February: what ended on the 28th ran out yesterday
        earliest += dt.timedelta(days=1)
    return Period(earliest, day)


def school_year(first: int) -> Period:
    """The school year that begins in the calendar year ``first``: 1 September to 31 August."""
    return lasting(dt.date(first, SCHOOL_YEAR_BEGINS, 1), 1)


def calendar_year(year: int) -> Period:
    return lasting(dt.date(year, 1, 1), 1)


def school_year_of(day: dt.date) -> int:
    """The calendar year in which the school year holding ``day`` began."""
    return day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1


def school_year_label(first: int) -> str:
    return school_year(first).label


def week_of(day: dt.date) -> int:
    """The number of the week that holds ``day``, Monday first; counted through, so that years make no difference."""
    return (day.toordinal() - 1) // 7  # day 1 of the calendar was a Monday


def days_of_week(week: int) -> Period:
    """Monday to Sunday of the week with that number, see ``week_of``."""
    monday = dt.date.fromordinal(week * 7 + 1)
    return Period(monday, monday + dt.timedelta(days=6))


def period_from_label(first: int, last: int, years: int) -> Period:
    """Bounds of a plan labelled «first-last» that must last ``years`` years (rules §5.1).

    «Y–Y+years» means school years, «Y–Y+years−1» calendar years. Any other span raises ``ValueError``.
    """
    if last == first + years:
        return lasting(dt.date(first, SCHOOL_YEAR_BEGINS, 1), years)
    if last == first + years - 1:
        return lasting(dt.date(first, 1, 1), years)
    raise ValueError(f"“{first}-{last}” does not span {years} years")


def months_of_school_year() -> list[int]:
    """Month numbers in the order of the school year: September first."""
    return [(SCHOOL_YEAR_BEGINS - 1 + offset) % 12 + 1 for offset in range(12)]


def month_name(month: int) -> str:
    """The month by itself, in the language in use: «сентябрь»."""
    return str(NOMINATIVE[month - 1])


def full_date(day: dt.date) -> str:
    """«2021-жылдын 25-сентябры», «25 сентября 2021 года»."""
    return _("%(year)s, %(day)s %(month)s (full date)") % {
        "year": day.year,
        "day": day.day,
        "month": POSSESSIVE[day.month - 1],
    }


def short_date(day: dt.date) -> str:
    """«15-март 2022-ж.», «15 марта 2022 г.»."""
    return _("%(day)s %(month)s %(year)s (short date)") % {
        "day": day.day,
        "month": DATED[day.month - 1],
        "year": day.year,
    }


def span(first: dt.date, last: dt.date) -> str:
    """Days from the first to the last: «12–23-июль 2021-ж.», «12–23 июля 2021 г.»; one day as ``short_date``."""
    if first == last:
        return short_date(first)
    if (first.year, first.month) != (last.year, last.month):
        return f"{short_date(first)} – {short_date(last)}"
    return _("%(day)s %(month)s %(year)s (short date)") % {
        "day": f"{first.day}–{last.day}",
        "month": DATED[first.month - 1],
        "year": first.year,
    }


def month_of_year(day: dt.date) -> str:
    """«август 2020-ж.», «август 2020 г.»."""
    return _("%(month)s %(year)s (month of a year)") % {"month": NOMINATIVE[day.month - 1], "year": day.year}


def year_alone(day: dt.date) -> str:
    """«2020-ж.», «2020 г.»."""
    return _("%(year)s (year alone)") % {"year": day.year}


def approval_date(day: dt.date) -> str:
    """As approval blocks write it: ««15»-март 2022-ж.»."""
    return _("«%(day)s» %(month)s %(year)s (approval date)") % {
        "day": day.day,
        "month": DATED[day.month - 1],
        "year": day.year,
    }


def moment(at: dt.datetime) -> str:
    """A moment in Bishkek: «15-март 2022-ж., 10:42»."""
    local = timezone.localtime(at)
    return f"{short_date(local.date())}, {local:%H:%M}"


# The month alone: «сентябрь», «сентябрь».
NOMINATIVE = (
    pgettext_lazy("month", "January"),
    pgettext_lazy("month", "February"),
    pgettext_lazy("month", "March"),
    pgettext_lazy("month", "April"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "June"),
    pgettext_lazy("month", "July"),
    pgettext_lazy("month", "August"),
    pgettext_lazy("month", "September"),
    pgettext_lazy("month", "October"),
    pgettext_lazy("month", "November"),
    pgettext_lazy("month", "December"),
)

# «2021-жылдын 25-сентябры», «25 сентября 2021 года».
POSSESSIVE = (
    pgettext_lazy("month of a year", "January"),
    pgettext_lazy("month of a year", "February"),
    pgettext_lazy("month of a year", "March"),
    pgettext_lazy("month of a year", "April"),
    pgettext_lazy("month of a year", "May"),
    pgettext_lazy("month of a year", "June"),
    pgettext_lazy("month of a year", "July"),
    pgettext_lazy("month of a year", "August"),
    pgettext_lazy("month of a year", "September"),
    pgettext_lazy("month of a year", "October"),
    pgettext_lazy("month of a year", "November"),
    pgettext_lazy("month of a year", "December"),
)

# «25-сентябрь 2021-ж.» keeps the nominative, «25 сентября 2021 г.» does not.
DATED = (
    pgettext_lazy("month after a day", "January"),
    pgettext_lazy("month after a day", "February"),
    pgettext_lazy("month after a day", "March"),
    pgettext_lazy("month after a day", "April"),
    pgettext_lazy("month after a day", "May"),
    pgettext_lazy("month after a day", "June"),
    pgettext_lazy("month after a day", "July"),
    pgettext_lazy("month after a day", "August"),
    pgettext_lazy("month after a day", "September"),
    pgettext_lazy("month after a day", "October"),
    pgettext_lazy("month after a day", "November"),
    pgettext_lazy("month after a day", "December"),
)
