"""What was read of a record, in words; and numbers as contents of papers spell them."""

import datetime as dt
from decimal import Decimal

from courses.choices import HoursUnit, Precision
from cpd.dates import month_of_year, span, year_alone


def days(starts_on: dt.date | None, ends_on: dt.date | None, precision: str) -> str:
    """«12–23-июль 2021-ж.», «август 2020-ж.», «2020-ж.»; empty where no date was read."""
    if starts_on is None or ends_on is None:
        return ""
    if precision == Precision.DAY:
        return span(starts_on, ends_on)
    in_words = month_of_year if precision == Precision.MONTH else year_alone
    ends = (in_words(starts_on), in_words(ends_on))
    return " – ".join(dict.fromkeys(ends))  # said once where both are the same


def known_hours(amount: Decimal | None, unit: str, approved: Decimal | None = None) -> Decimal | None:
    """The hours of the paper, or else those a verifier entered; no other unit is ever turned into hours (rules §4)."""
    return amount if unit == HoursUnit.HOUR and amount is not None else approved


def decimal_text(value: Decimal | None) -> str | None:
    """One spelling per number («24», «72.5»), so that contents compare and hash alike on every database."""
    return None if value is None else f"{value.normalize():f}"


def listed(*words: str) -> str:
    return ", ".join(filter(None, words))
