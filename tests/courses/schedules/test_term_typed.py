"""The days of a course as typed: both or neither, in order, in the school year, shorter than a year."""

import datetime as dt

import pytest

from courses.schedules.term_typed import wrong_term
from cpd.dates import school_year

PERIOD = school_year(2026)
FIRST, LAST = PERIOD.starts_on, PERIOD.ends_on


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (None, None),
        (FIRST, FIRST),
        (dt.date(2026, 10, 5), dt.date(2026, 10, 16)),
        (LAST, LAST + dt.timedelta(days=11)),
        (FIRST, dt.date(2027, 8, 31)),
    ],
)
def test_a_term_that_can_be_meant_is_taken(starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    assert wrong_term(starts_on, ends_on, PERIOD) == {}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (None, FIRST, "starts_on"),
        (FIRST, None, "ends_on"),
        (dt.date(2026, 10, 16), dt.date(2026, 10, 5), "ends_on"),
        (FIRST - dt.timedelta(days=1), FIRST, "starts_on"),
        (LAST + dt.timedelta(days=1), LAST + dt.timedelta(days=2), "starts_on"),
        (dt.date(2026, 10, 10), dt.date(2027, 10, 10), "ends_on"),
        (dt.date(2026, 10, 10), dt.date(2035, 10, 1), "ends_on"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_one_field(
    starts_on: dt.date | None, ends_on: dt.date | None, field: str
) -> None:
    assert list(wrong_term(starts_on, ends_on, PERIOD)) == [field]
