"""School years, periods, and dates as official papers write them."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from cpd import dates
from cpd.dates import (
    Period,
    add_months,
    add_years,
    approval_date,
    calendar_year,
    full_date,
    last_years,
    lasting,
    moment,
    month_name,
    month_of_year,
    months_of_school_year,
    period_from_label,
    school_year,
    school_year_label,
    school_year_of,
    short_date,
    span,
    year_alone,
)

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2060, 12, 31)
EVERY_DAY = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
A_DAY = dt.timedelta(days=1)
days = st.dates(FIRST, LAST)
spans = st.integers(1, 10)

# Kyrgyz: nominative, possessive; Russian: nominative, genitive.
MONTHS = [
    ("январь", "январы", "январь", "января"),
    ("февраль", "февралы", "февраль", "февраля"),
    ("март", "марты", "март", "марта"),
    ("апрель", "апрели", "апрель", "апреля"),
    ("май", "майы", "май", "мая"),
    ("июнь", "июну", "июнь", "июня"),
    ("июль", "июлу", "июль", "июля"),
    ("август", "августу", "август", "августа"),
    ("сентябрь", "сентябры", "сентябрь", "сентября"),
    ("октябрь", "октябры", "октябрь", "октября"),
    ("ноябрь", "ноябры", "ноябрь", "ноября"),
    ("декабрь", "декабры", "декабрь", "декабря"),
]


def test_every_day_lies_in_exactly_one_school_year():
    for day in EVERY_DAY:
        holding = [year for year in range(day.year - 2, day.year + 2) if day in school_year(year)]
        assert holding == [school_year_of(day)], day


def test_school_years_follow_each_other_without_gap_or_overlap():
    for first in range(1990, 2060):
        assert school_year(first).ends_on + A_DAY == school_year(first + 1).starts_on
    assert school_year(2021) == Period(dt.date(2021, 9, 1), dt.date(2022, 8, 31))


def test_periods_from_every_day_follow_each_other_without_gap_or_overlap():
    for day in EVERY_DAY:
        this = lasting(day, 5)
        following = lasting(add_years(day, 5), 5)
        assert this.ends_on + A_DAY == following.starts_on, day
        assert day in this
        assert this.ends_on in this
        assert this.ends_on not in following


@given(days, spans)
def test_a_period_ends_the_day_before_its_anniversary(day, years):
    period = lasting(day, years)
    anniversary = period.ends_on + A_DAY
    assert anniversary.year == day.year + years
    if (day.month, day.day) == (2, 29):
        assert (anniversary.month, anniversary.day) in {(2, 28), (2, 29)}
    else:
        assert (anniversary.month, anniversary.day) == (day.month, day.day)


@given(days, spans)
def test_a_year_later_is_never_in_another_month(day, years):
    later = add_years(day, years)
    assert (later.year, later.month) == (day.year + years, day.month)
    assert 0 <= day.day - later.day <= 1


def test_the_29th_of_february_becomes_the_28th_where_there_is_none():
    assert add_years(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert add_years(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)
    assert add_years(dt.date(1996, 2, 29), 4) == dt.date(2000, 2, 29)
    assert lasting(dt.date(2024, 2, 29), 5) == Period(dt.date(2024, 2, 29), dt.date(2029, 2, 27))


@given(days, spans)
def test_the_last_years_hold_exactly_the_days_whose_anniversary_has_not_passed(day, years):
    window = last_years(day, years)
    assert window.ends_on == day
    assert add_years(window.starts_on, years) >= day
    assert add_years(window.starts_on - A_DAY, years) < day


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2024-09-01", 3, "2024-12-01"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-10-31", 1, "2024-11-30"),
        ("2024-12-31", 0, "2024-12-31"),
        ("2024-12-15", 13, "2026-01-15"),
        ("2024-03-31", -1, "2024-02-29"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one_of_the_month(day, months, later):
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)


@given(days, st.integers(0, 120))
def test_months_later_is_as_many_months_later(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + A_DAY).day == 1


def test_a_calendar_year_runs_from_january_to_december():
    assert calendar_year(2024) == Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert lasting(dt.date(2023, 3, 1), 1).ends_on == dt.date(2024, 2, 29)


@given(days, spans)
def test_a_period_names_each_school_year_it_touches_and_no_other(day, years):
    period = lasting(day, years)
    touched = [
        first
        for first in range(day.year - 2, day.year + years + 2)
        if school_year(first).starts_on <= period.ends_on and school_year(first).ends_on >= period.starts_on
    ]
    assert period.school_years == touched


def test_a_period_does_not_end_before_it_starts():
    assert Period(FIRST, FIRST).ends_on == FIRST
    with pytest.raises(ValueError, match="ends on or after"):
        Period(FIRST, FIRST - A_DAY)


@pytest.mark.parametrize(
    ("label", "starts_on", "ends_on"),
    [
        ((2018, 2023), dt.date(2018, 9, 1), dt.date(2023, 8, 31)),  # Y–Y+5: five school years
        ((2018, 2022), dt.date(2018, 1, 1), dt.date(2022, 12, 31)),  # Y–Y+4: five calendar years
    ],
)
def test_a_label_stands_for_school_years_or_calendar_years(label, starts_on, ends_on):
    """Rules §5.1."""
    period = period_from_label(*label, years=5)
    assert period == Period(starts_on, ends_on)
    assert period.ends_on + A_DAY == add_years(period.starts_on, 5)


@pytest.mark.parametrize("last", [2012, 2017, 2018, 2019, 2020, 2021, 2024, 2025, 2118])
def test_a_label_of_any_other_span_is_refused(last):
    with pytest.raises(ValueError, match=f"2018-{last}"):
        period_from_label(2018, last, years=5)


@given(st.integers(1990, 2060), spans)
def test_both_forms_of_a_label_read_back_as_they_were_written(first, years):
    for last in (first + years, first + years - 1):
        assert period_from_label(first, last, years).label == f"{first}-{last}"


def test_a_school_year_is_called_by_both_its_years():
    assert school_year_label(2021) == "2021-2022"


def test_the_school_year_runs_from_september_to_august():
    assert months_of_school_year() == [9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        ((2026, 8, 31, 17, 59, 59), dt.date(2026, 8, 31)),
        ((2026, 8, 31, 18, 0, 0), dt.date(2026, 9, 1)),  # midnight in Bishkek, UTC+6
        ((2024, 2, 28, 18, 0, 0), dt.date(2024, 2, 29)),
        ((2025, 12, 31, 18, 0, 0), dt.date(2026, 1, 1)),
    ],
)
def test_a_new_day_begins_at_midnight_in_bishkek(clock, day, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(*clock, tzinfo=dt.UTC))
    assert dates.today() == day
    assert school_year_of(dates.today()) == (day.year if day.month >= 9 else day.year - 1)


@pytest.mark.parametrize(
    ("language", "write", "written"),
    [
        ("ky", full_date, "2021-жылдын 25-сентябры"),
        ("ru", full_date, "25 сентября 2021 года"),
        ("ky", short_date, "25-сентябрь 2021-ж."),
        ("ru", short_date, "25 сентября 2021 г."),
        ("ky", approval_date, "«25»-сентябрь 2021-ж."),
        ("ru", approval_date, "«25» сентября 2021 г."),
    ],
)
def test_dates_are_written_as_official_papers_do(language, write, written):
    with translation.override(language):
        assert write(dt.date(2021, 9, 25)) == written


def test_days_below_ten_have_no_leading_zero():
    with translation.override("ky"):
        assert short_date(dt.date(2022, 3, 5)) == "5-март 2022-ж."
        assert full_date(dt.date(2022, 3, 5)) == "2022-жылдын 5-марты"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_forms(month):
    day = dt.date(2021, month, 15)
    ky_alone, ky_possessive, ru_alone, ru_genitive = MONTHS[month - 1]
    with translation.override("ky"):
        assert month_name(month) == ky_alone
        assert full_date(day) == f"2021-жылдын 15-{ky_possessive}"
        assert short_date(day) == f"15-{ky_alone} 2021-ж."
        assert approval_date(day) == f"«15»-{ky_alone} 2021-ж."
    with translation.override("ru"):
        assert month_name(month) == ru_alone
        assert full_date(day) == f"15 {ru_genitive} 2021 года"
        assert short_date(day) == f"15 {ru_genitive} 2021 г."
        assert approval_date(day) == f"«15» {ru_genitive} 2021 г."


@pytest.mark.parametrize(
    ("language", "first", "last", "written"),
    [
        ("ky", dt.date(2019, 11, 23), dt.date(2019, 11, 23), "23-ноябрь 2019-ж."),
        ("ky", dt.date(2021, 7, 12), dt.date(2021, 7, 23), "12–23-июль 2021-ж."),
        ("ky", dt.date(2022, 3, 28), dt.date(2022, 4, 2), "28-март 2022-ж. – 2-апрель 2022-ж."),
        ("ky", dt.date(2021, 7, 12), dt.date(2022, 7, 23), "12-июль 2021-ж. – 23-июль 2022-ж."),
        ("ru", dt.date(2019, 11, 23), dt.date(2019, 11, 23), "23 ноября 2019 г."),
        ("ru", dt.date(2021, 7, 12), dt.date(2021, 7, 23), "12–23 июля 2021 г."),
        ("ru", dt.date(2022, 3, 28), dt.date(2022, 4, 2), "28 марта 2022 г. – 2 апреля 2022 г."),
    ],
)
def test_a_span_within_a_month_names_it_once(language, first, last, written):
    with translation.override(language):
        assert span(first, last) == written


def test_a_month_of_a_year_and_a_year_are_written_as_official_papers_do():
    with translation.override("ky"):
        assert (month_of_year(dt.date(2020, 8, 1)), year_alone(dt.date(2020, 8, 1))) == ("август 2020-ж.", "2020-ж.")
    with translation.override("ru"):
        assert (month_of_year(dt.date(2020, 8, 1)), year_alone(dt.date(2020, 8, 1))) == ("август 2020 г.", "2020 г.")


def test_a_moment_is_told_in_bishkek_time():
    at = dt.datetime(2022, 3, 15, 20, 42, tzinfo=dt.UTC)
    with translation.override("ky"):
        assert moment(at) == "16-март 2022-ж., 02:42"
    with translation.override("ru"):
        assert moment(at) == "16 марта 2022 г., 02:42"


def test_nobody_moves_a_date_by_replacing_its_year():
    """It fails on every 29 February."""
    here = [
        ROOT / "manage.py",
        *(file for app in ("cpd", "schools", "courses", "plans") for file in (ROOT / app).rglob("*.py")),
    ]
    assert [str(file) for file in here if re.search(r"\.replace\(\s*year\s*=", file.read_text())] == []


def test_only_one_module_knows_what_day_it_is():
    """``date.today()`` and ``datetime.now()`` are the server's day, not Bishkek's."""
    apps = [file for app in ("cpd", "schools", "courses", "plans") for file in (ROOT / app).rglob("*.py")]
    guilty = [str(file) for file in apps if re.search(r"\b(date\.today|datetime\.(now|today))\(", file.read_text())]
    assert guilty == []
