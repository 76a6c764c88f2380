"""Texts as people write them: the values of forms §M by their numbers, and the grammar of §M.1 as a whole."""

import datetime as dt
import re
import time
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from courses import reading
from courses.choices import DeliveryMode, HoursUnit, Precision
from courses.models import TrainingRecord
from courses.reading import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST,
    LONGEST_KEY,
    MOST_HOURS,
    Problem,
    ReadDates,
    ReadHours,
    Unreadable,
    document_key,
    read_dates,
    read_delivery,
    read_hours,
)
from cpd.dates import approval_date, full_date, short_date, span

DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR
HOUR, UNKNOWN = HoursUnit.HOUR, HoursUnit.UNKNOWN
OFFLINE, ONLINE, BLENDED = DeliveryMode.OFFLINE, DeliveryMode.ONLINE, DeliveryMode.BLENDED

# Nominative, possessive, locative, ablative and what is «of» the month; Russian nominative, genitive, prepositional.
MONTHS = [
    "январь январы январда январынан январындагы январь января январе",
    "февраль февралы февралда февралынан февралындагы февраль февраля феврале",
    "март марты мартта мартынан мартындагы март марта марте",
    "апрель апрели апрелде апрелинен апрелиндеги апрель апреля апреле",
    "май майы майда майынан майындагы май мая мае",
    "июнь июну июнда июнунан июнундагы июнь июня июне",
    "июль июлу июлда июлунан июлундагы июль июля июле",
    "август августу августта августунан августундагы август августа августе",
    "сентябрь сентябры сентябрда сентябрынан сентябрындагы сентябрь сентября сентябре",
    "октябрь октябры октябрда октябрынан октябрындагы октябрь октября октябре",
    "ноябрь ноябры ноябрда ноябрынан ноябрындагы ноябрь ноября ноябре",
    "декабрь декабры декабрда декабрынан декабрындагы декабрь декабря декабре",
]
YEAR_WORDS = ["", "-ж.", " ж.", "ж", "-жыл", " жыл", "-жылы", " жылы", "-жылдын", " - жыл", " г.", "г.", " года"]
DASHES = ["-", "–", "—", " - ", " – ", " — ", "‑"]


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def problem(read: Callable[[str], Any], text: str) -> Problem:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("number", "text", "starts_on", "ends_on", "precision"),
    [
        ("M1", "23.11.2019", "2019-11-23", "2019-11-23", DAY),
        ("M2", "Август 2020-жыл", "2020-08-01", "2020-08-31", MONTH),
        ("M3", "12-23-июль 2021", "2021-07-12", "2021-07-23", DAY),
        ("M4", "12-23-апрель 2021", "2021-04-12", "2021-04-23", DAY),
        ("M5", "15-17-апрель 2021", "2021-04-15", "2021-04-17", DAY),
        ("M6", "13-15-апрель 2022", "2022-04-13", "2022-04-15", DAY),
        ("M7", "23-25-март 2022", "2022-03-23", "2022-03-25", DAY),
        ("M8", "11-22-апрель 2022-ж.", "2022-04-11", "2022-04-22", DAY),
        ("M8", "11-22-апрель 2022", "2022-04-11", "2022-04-22", DAY),
        ("M8", "11-22-апрель 2022-жыл", "2022-04-11", "2022-04-22", DAY),
        ("M25", "« 15 » 03 2022-ж.", "2022-03-15", "2022-03-15", DAY),
        ("M26", "« 26 » 2022 - жыл", "2022-01-01", "2022-12-31", YEAR),
        ("M27", "« 31 » январь 2024-ж.", "2024-01-31", "2024-01-31", DAY),
        ("M28", "2021-жылдын 25-сентябры", "2021-09-25", "2021-09-25", DAY),
        ("M28", "2021-жылдын 25-сентябрындагы", "2021-09-25", "2021-09-25", DAY),
        ("M29", "2017-жыл, 20-июндагы", "2017-06-20", "2017-06-20", DAY),
        ("M29", "2004-жылдын 3-февралындагы", "2004-02-03", "2004-02-03", DAY),
        ("M29", "2014-жылы 18-августта", "2014-08-18", "2014-08-18", DAY),
        ("M29", "11-август 2016-жылы", "2016-08-11", "2016-08-11", DAY),
        ("M29", "2005-ж. 18.07", "2005-07-18", "2005-07-18", DAY),
    ],
)
def test_the_dates_of_the_real_papers_are_read(number, text, starts_on, ends_on, precision):
    assert read_dates(text) == ReadDates(on(starts_on), on(ends_on), precision), number


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on"),
    [
        ("28-март – 2-апрель 2022", "2022-03-28", "2022-04-02"),
        ("28 марта — 2 апреля 2022 г.", "2022-03-28", "2022-04-02"),
        ("28.12.2021-05.01.2022", "2021-12-28", "2022-01-05"),
        ("28-декабрь 2021-ж. – 5-январь 2022-ж.", "2021-12-28", "2022-01-05"),
        ("2021-12-28 – 2022-01-05", "2021-12-28", "2022-01-05"),
        ("11.04-22.04.2022", "2022-04-11", "2022-04-22"),
        ("11.04.–22.04.2022.", "2022-04-11", "2022-04-22"),
        ("11-22.04.2022", "2022-04-11", "2022-04-22"),
        ("2021-жылдын 12-23-июлу", "2021-07-12", "2021-07-23"),
        ("2021-жыл, 12-23-июль", "2021-07-12", "2021-07-23"),
        ("2021-жылдын 28-июну – 2-июлу", "2021-06-28", "2021-07-02"),
        ("2021-жылдын 12-июлунан 23-июлуна чейин", "2021-07-12", "2021-07-23"),
        ("2021-жылдын 12-июлунан баштап 23-июлуна чейин", "2021-07-12", "2021-07-23"),
        ("2021-жылдын 28-декабрынан 2022-жылдын 5-январына чейин", "2021-12-28", "2022-01-05"),
        ("с 12 по 23 июля 2021 года", "2021-07-12", "2021-07-23"),
        ("с 12.07.2021 по 23.07.2021", "2021-07-12", "2021-07-23"),
        ("с 28 июня до 2 июля 2021 г.", "2021-06-28", "2021-07-02"),
        ("23-ноябрь 2019-ж. күнү", "2019-11-23", "2019-11-23"),
        ("12-23-июль 2021,", "2021-07-12", "2021-07-23"),
        ("12-12-июль 2021", "2021-07-12", "2021-07-12"),
        ("12\u201323\u2011июль\u00a02021\ufeff", "2021-07-12", "2021-07-23"),
        ("12-23-Июль\n2021", "2021-07-12", "2021-07-23"),
        ("12-23-июль 2021".replace("й", "и\u0306"), "2021-07-12", "2021-07-23"),
        ("15-мaй 2021", "2021-05-15", "2021-05-15"),  # a Latin «a»
        ("« 15 »-март 2022-ж.", "2022-03-15", "2022-03-15"),
        ("29.02.2024", "2024-02-29", "2024-02-29"),
        (f"01.01.{FIRST_YEAR}", "1950-01-01", "1950-01-01"),
        (f"31.12.{LAST_YEAR}", "2100-12-31", "2100-12-31"),
    ],
)
def test_days_are_read_however_they_are_spelled(text, starts_on, ends_on):
    assert read_dates(text) == ReadDates(on(starts_on), on(ends_on), DAY)


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on", "precision"),
    [
        ("февраль 2024", "2024-02-01", "2024-02-29", MONTH),
        ("2020-жылдын август айы", "2020-08-01", "2020-08-31", MONTH),
        ("08.2020", "2020-08-01", "2020-08-31", MONTH),
        ("июнь-июль 2021", "2021-06-01", "2021-07-31", MONTH),
        ("декабрь 2021 – январь 2022", "2021-12-01", "2022-01-31", MONTH),
        ("2022", "2022-01-01", "2022-12-31", YEAR),
        ("2022-ж.", "2022-01-01", "2022-12-31", YEAR),
        ("2021-2022", "2021-01-01", "2022-12-31", YEAR),
        ("«__» июль 2021-ж.", "2021-07-01", "2021-07-31", MONTH),  # a blank left empty
        ("« 26 » ______ 2022-ж.", "2022-01-01", "2022-12-31", YEAR),
    ],
)
def test_a_date_is_as_exact_as_it_was_written(text, starts_on, ends_on, precision):
    assert read_dates(text) == ReadDates(on(starts_on), on(ends_on), precision)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12-23 июль", Problem.NO_YEAR),
        ("12-июль", Problem.NO_YEAR),
        ("август", Problem.NO_YEAR),
        ("28-март – 2-апрель", Problem.NO_YEAR),
        ("12.07", Problem.NO_YEAR),
        ("12.07.21", Problem.NO_YEAR),  # two digits leave the century to guess
        ("12-23", Problem.NO_MONTH),
        ("12", Problem.NO_MONTH),
        ("12-23 2021", Problem.NO_MONTH),
        ("12-23-2021", Problem.NO_MONTH),
        ("11-12 2021-ж.", Problem.NO_MONTH),
        ("12 23 2021", Problem.NO_MONTH),
        ("2021-жылдын 12-23", Problem.NO_MONTH),
        ("31 февраля 2021", Problem.NO_SUCH_DAY),
        ("30.02.2021", Problem.NO_SUCH_DAY),
        ("29.02.2023", Problem.NO_SUCH_DAY),
        ("31-апрель 2021", Problem.NO_SUCH_DAY),
        ("12-32-июль 2021", Problem.NO_SUCH_DAY),
        ("31.13.2021", Problem.NO_SUCH_DAY),
        ("0.07.2021", Problem.NO_SUCH_DAY),
        ("01.00.2021", Problem.NO_SUCH_DAY),
        ("00.2021", Problem.NO_SUCH_DAY),
        ("23-12-июль 2021", Problem.END_BEFORE_START),
        ("28-декабрь – 5-январь 2022", Problem.END_BEFORE_START),  # the first year is not guessed
        ("05.01.2022-28.12.2021", Problem.END_BEFORE_START),
        ("июль-июнь 2021", Problem.END_BEFORE_START),
        ("2022-2021", Problem.END_BEFORE_START),
        ("31.12.1949", Problem.YEAR_OUT_OF_RANGE),
        ("01.01.2101", Problem.YEAR_OUT_OF_RANGE),
        ("июль 0021", Problem.YEAR_OUT_OF_RANGE),
        ("9999-ж.", Problem.YEAR_OUT_OF_RANGE),
    ],
)
def test_what_keeps_a_date_from_being_read_is_told_apart(text, code):
    assert problem(read_dates, text) == code


@pytest.mark.parametrize(
    "text",
    [
        "жайында",
        "-",
        ".",
        "№ 5",
        "12-23-июль 2021, 3-август 2021",
        "2021-2022-окуу жылы",
        "202_-202_-окуу жылы",
        "2018-2023-жылдарга",
        "8-майрам 2021",
        "123-июль 2021",
        "23112019",
        "12.07.2021 10:00",
        "с 12 июля 2021 г.",
        "23-июлга чейин 2021",
        "12-июлдан баштап 2021",
        "по 23 июля 2021",
        "01.09.2021-2022",
        "2021-12-июль-2022",
        "август 2020 – 12-сентябрь 2020",
        "11.04-22.04.2022-30.04.2022",
        "٢٣.١١.٢٠١٩",
        "２３.11.2019",
        "12²-июль 2021",
        "12-июль\x002021\x00",
        "\u200b",
    ],
)
def test_what_is_no_date_is_not_taken_for_one(text):
    assert problem(read_dates, text) == Problem.NOT_A_DATE


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_where_nothing_was_written_there_is_nothing_to_read(text):
    assert read_dates(text) is None
    assert read_hours(text) is None
    assert read_delivery(text) == ""
    assert document_key(text) == ""


@pytest.mark.parametrize(("month", "words"), list(enumerate(MONTHS, start=1)))
def test_a_month_is_known_by_any_of_its_endings(month, words):
    for word in words.split():
        for text in (f"14-{word} 2021-ж.", f"2021-жылдын 14-{word.upper()}", f"14{word.title()}2021"):
            assert read_dates(text) == ReadDates(dt.date(2021, month, 14), dt.date(2021, month, 14), DAY), text


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("янв.", 1),
        ("фев", 2),
        ("февр.", 2),
        ("мар.", 3),
        ("апр", 4),
        ("авг.", 8),
        ("сен", 9),
        ("сент.", 9),
        ("окт.", 10),
        ("ноя", 11),
        ("нояб.", 11),
        ("дек.", 12),
    ],
)
def test_a_month_is_known_by_its_short_form(word, month):
    read = ReadDates(dt.date(2021, month, 3), dt.date(2021, month, 14), DAY)
    assert read_dates(f"3 {word} - 14 {word} 2021 г.") == read


@pytest.mark.parametrize(("year_word", "dash"), list(product(YEAR_WORDS, DASHES)))
def test_words_for_the_year_and_dashes_change_nothing(year_word, dash):
    read = ReadDates(on("2022-03-28"), on("2022-04-02"), DAY)
    assert read_dates(f"28-март{dash}2-апрель 2022{year_word}") == read
    assert read_dates(f"28.03.2022{year_word}{dash}02.04.2022{year_word}") == read
    read = ReadDates(on("2021-07-12"), on("2021-07-23"), DAY)
    assert read_dates(f"12{dash}23-июль 2021{year_word}") == read
    assert read_dates(f"12{dash}23.07.2021{year_word}") == read


days = st.dates(dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31))
spans = st.tuples(days, days).map(sorted)
near_spans = st.tuples(days, st.integers(0, 70)).map(lambda drawn: (drawn[0], later(*drawn)))
year_words = st.sampled_from(YEAR_WORDS)
dashes = st.sampled_from(DASHES)
cases = st.sampled_from([str, str.upper, str.lower, str.title])


def later(day: dt.date, number: int) -> dt.date:
    return min(day + dt.timedelta(days=number), dt.date(LAST_YEAR, 12, 31))


@st.composite
def month_of(draw: Any, day: dt.date) -> str:
    return draw(st.sampled_from(MONTHS[day.month - 1].split()))


@st.composite
def day_and_month(draw: Any, day: dt.date) -> str:
    word = draw(month_of(day))
    return draw(
        st.sampled_from(
            [
                f"{day.day}-{word}",
                f"{day.day} {word}",
                f"{day:%d} {word}",
                f"«{day.day}» {word}",
                f"“ {day:%d} ”-{word}",
            ]
        )
    )


@st.composite
def written_day(draw: Any, day: dt.date) -> str:
    """A date by any spelling of ``dmy``, ``d_month_y`` and ``y_month_d``, or as ISO writes it."""
    named, year_word = draw(day_and_month(day)), draw(year_words)
    return draw(
        st.sampled_from(
            [
                f"{day:%d.%m}.{day.year}{year_word}",
                f"{day:%d/%m}/{day.year}",
                f"{day:%d-%m}-{day.year}{year_word}",
                f"{day.day}.{day.month}.{day.year}",
                f"« {day.day} » {day:%m} {day.year}{year_word}",
                f"{named} {day.year}{year_word}",
                f"{named}, {day.year}{year_word}",
                f"{day.year}-жылдын {named}",
                f"{day.year}-жыл, {named}",
                f"{day.year}-ж. {day:%d.%m}",
                day.isoformat(),
            ]
        )
    )


@given(st.data(), days, cases)
def test_a_day_reads_back_from_any_spelling(data, day, case):
    text = case(data.draw(written_day(day)))
    assert read_dates(text) == ReadDates(day, day, DAY), text
    without_spaces = re.sub(r"(?<!\d)\s|\s(?!\d)", "", text)  # they only part numbers
    assert read_dates(without_spaces) == ReadDates(day, day, DAY), without_spaces


@given(st.data(), spans, dashes, cases)
def test_two_days_read_back_from_any_spelling(data, ends, dash, case):
    first, last = ends
    text = case(f"{data.draw(written_day(first))}{dash}{data.draw(written_day(last))}")
    assert read_dates(text) == ReadDates(first, last, DAY), text


@given(st.data(), near_spans, dashes, year_words, cases)
def test_days_with_a_common_year_or_month_read_back_from_any_spelling(data, ends, dash, year_word, case):
    first, last = ends
    if first.year != last.year:
        last = first
    ending = f"{data.draw(day_and_month(last))} {last.year}{year_word}"
    texts = [
        f"{data.draw(day_and_month(first))}{dash}{ending}",
        f"{first:%d.%m}{dash}{last:%d.%m}.{last.year}{year_word}",
        f"{first.year}-жылдын {data.draw(day_and_month(first))}{dash}{data.draw(day_and_month(last))}",
    ]
    if first.month == last.month:
        texts += [f"{first.day}{dash}{ending}", f"{first:%d}{dash}{last:%d.%m}.{last.year}{year_word}"]
    for text in map(case, texts):
        assert read_dates(text) == ReadDates(first, last, DAY), text


@given(st.data(), days, year_words, cases)
def test_a_month_and_a_year_read_back_from_any_spelling(data, day, year_word, case):
    word = data.draw(month_of(day))
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    for text in (f"{word} {day.year}{year_word}", f"{day.year}-жылдын {word}", f"{day:%m}.{day.year}"):
        assert read_dates(case(text)) == ReadDates(first, last, MONTH), text
    read = ReadDates(dt.date(day.year, 1, 1), dt.date(day.year, 12, 31), YEAR)
    assert read_dates(case(f"{day.year}{year_word}")) == read


@pytest.mark.parametrize("language", ["ky", "ru"])
@given(spans)
def test_what_we_write_we_can_read(language, ends):
    first, last = ends
    with translation.override(language):
        assert read_dates(span(first, last)) == ReadDates(first, last, DAY)
        for write in (full_date, short_date, approval_date):
            assert read_dates(write(first)) == ReadDates(first, first, DAY)


@pytest.mark.parametrize(
    ("number", "text", "amount", "unit"),
    [
        ("M9", "4 сутка", "4", HoursUnit.DAY_NIGHT),
        ("M10", "24", "24", HOUR),
        ("M10", "72", "72", HOUR),
        ("M10", "24 саат", "24", HOUR),
        ("M10", "24 с.", "24", HOUR),
        ("M10", "24ч", "24", HOUR),
        ("M10", "24 часа", "24", HOUR),
        ("M10", "72,5", "72.5", HOUR),
        ("M10", "72.5", "72.5", HOUR),
        ("rules §4", "2000", "2000", HOUR),
        ("rules §4", "0,1", "0.1", HOUR),
    ],
)
def test_the_hours_of_the_real_papers_are_read(number, text, amount, unit):
    assert read_hours(text) == ReadHours(Decimal(amount), unit), number


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("24 сааттык", "24", HOUR),
        ("72-сааттык", "72", HOUR),
        ("24 САА\u0422", "24", HOUR),
        ("24\u00a0саат", "24", HOUR),
        ("24 caaт", "24", HOUR),  # Latin «caa»
        ("21 час", "21", HOUR),
        ("72 часов", "72", HOUR),
        ("24 ч.", "24", HOUR),
        ("72,0 саат.", "72.0", HOUR),
        ("72 академиялык саат", "72", HOUR),
        ("72 ак. часа", "72", HOUR),
        ("72 окуу сааты", "72", HOUR),
        ("72 саат (2 кредит)", "72", HOUR),
        ("72 (жетимиш эки) саат", "72", HOUR),
        ("72 саат (2 кредит", "72", HOUR),
        ("5 күн", "5", HoursUnit.DAY),
        ("5 кун", "5", HoursUnit.DAY),
        ("5 күндүк", "5", HoursUnit.DAY),
        ("5 дней", "5", HoursUnit.DAY),
        ("1 день", "1", HoursUnit.DAY),
        ("5 жумуш күнү", "5", HoursUnit.DAY),
        ("2 суток", "2", HoursUnit.DAY_NIGHT),
        ("3 кредит", "3", HoursUnit.CREDIT),
        ("2 кредита", "2", HoursUnit.CREDIT),
        ("2,5 ECTS", "2.5", HoursUnit.CREDIT),
        ("2 кредит (72 саат)", "2", HoursUnit.CREDIT),  # which of the two counts is for the verifier to say
    ],
)
def test_a_number_counts_what_the_word_behind_it_says(text, amount, unit):
    assert read_hours(text) == ReadHours(Decimal(amount), unit)


@pytest.mark.parametrize(
    "text", ["6 сааттан", "күнүнө 6 саат", "6 саат/күн", "6 саат күнүнө", "6 сабак", "6 %", "A6", "6 күн-түн"]
)
def test_a_number_beside_other_words_is_no_number_of_hours(text):
    assert read_hours(text) == ReadHours(Decimal(6), UNKNOWN)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", Problem.NOT_POSITIVE),
        ("0,0 саат", Problem.NOT_POSITIVE),
        ("-5", Problem.NOT_POSITIVE),
        ("−5 саат", Problem.NOT_POSITIVE),
        ("2001", Problem.TOO_MANY),
        ("2000,1 саат", Problem.TOO_MANY),
        ("9" * LONGEST, Problem.TOO_MANY),
        ("72,55", Problem.TOO_EXACT),
        ("1.000 саат", Problem.TOO_EXACT),  # one, or a thousand?
        ("0,05", Problem.TOO_EXACT),
        ("саат", Problem.NOT_A_NUMBER),
        ("жетимиш эки", Problem.NOT_A_NUMBER),
        ("24-36", Problem.NOT_A_NUMBER),
        ("4 күн 6 сааттан", Problem.NOT_A_NUMBER),
        ("1 000", Problem.NOT_A_NUMBER),
        ("24:00", Problem.NOT_A_NUMBER),
        ("1.000.000", Problem.NOT_A_NUMBER),
        (".5", Problem.NOT_A_NUMBER),
        ("1e3", Problem.NOT_A_NUMBER),
        ("(72)", Problem.NOT_A_NUMBER),
        ("٣", Problem.NOT_A_NUMBER),
        ("２４", Problem.NOT_A_NUMBER),
        ("24٣", Problem.NOT_A_NUMBER),
        ("2½ саат", Problem.NOT_A_NUMBER),
        ("24²", Problem.NOT_A_NUMBER),
        ("NaN", Problem.NOT_A_NUMBER),
        ("\x00", Problem.NOT_A_NUMBER),
    ],
)
def test_what_keeps_hours_from_being_read_is_told_apart(text, code):
    assert problem(read_hours, text) == code


@given(
    st.integers(1, MOST_HOURS * 10),
    st.sampled_from([".", ","]),
    st.sampled_from(["", " ", "\u00a0"]),
    st.sampled_from(["", "саат", "с.", "ч", "часов", "сааттык"]),
)
def test_every_number_of_hours_reads_back_exactly(tenths, comma, space, word):
    amount = Decimal(tenths) / 10
    assert read_hours(f"{amount}".replace(".", comma) + space + word) == ReadHours(amount, HOUR)


@pytest.mark.parametrize(
    ("number", "text", "mode"),
    [
        ("M11", "Офлайн", OFFLINE),
        ("M11", "офлайн", OFFLINE),
        ("M11", "онлайн", ONLINE),
        ("M12", "Офлайн, онлайн", BLENDED),
    ],
)
def test_the_modes_of_the_real_papers_are_read(number, text, mode):
    assert read_delivery(text) == mode, number


@pytest.mark.parametrize(
    ("mode", "texts"),
    [
        (OFFLINE, "оффлайн|offline|Off-line|офф-лайн|бетме-бет|бетме бет|катышуу|очно|очное обучение|«Офлайн»"),
        (ONLINE, "Online|ОНЛАЙН|он-лайн|дистанттык|дистанционно|аралыктан|аралыктан окутуу|онлайн форматында"),
        (
            BLENDED,
            "аралаш|смешанно|смешанное обучение|онлайн/офлайн|офлайн-онлайн|офлайн жана онлайн|очно, дистанционно",
        ),
    ],
)
def test_a_mode_is_known_by_its_words(mode, texts):
    assert {read_delivery(text) for text in texts.split("|")} == {mode}


@pytest.mark.parametrize(
    "text", ["курс", "заочно", "онлайн эмес", "онлайн же офлайн", "онлайн 2 күн", "-", "онлайн, " * LONGEST]
)
def test_a_mode_is_not_guessed(text):
    assert read_delivery(text) == ""


@pytest.mark.parametrize(
    ("number", "text", "key"),
    [
        ("M32", "А 2.1.", "а2.1"),
        ("M32", "А2.1.", "а2.1"),
        ("M32", "A2.1", "а2.1"),  # a Latin «A»
        ("M34", "Протокол № 1", "протокол1"),
        ("M34", "№5", "5"),
        ("M34", "№ 785/1", "785/1"),
    ],
)
def test_the_numbers_of_the_real_papers_are_compared(number, text, key):
    assert document_key(text) == key, number


@pytest.mark.parametrize(
    "texts",
    [
        "УК №12345|ук 12345|yk 12345|УК«12345»|Ук\u00a012 345|№УК12345.",
        "5|№5|№ 5|No 5|No.5|no5|N 5|N5|N° 5|номер 5|Номери: 5|«5»| 5. ",
        "12-34|12–34|12 — 34",
        "АВЕКМНОРСТУХ1|ABEKMHOPCTYX1|abekmhopctyx1|авекмнорстух1",
    ],
)
def test_one_number_written_differently_has_one_key(texts):
    keys = {document_key(text) for text in texts.split("|")}
    assert len(keys) == 1
    assert keys != {""}


@pytest.mark.parametrize("texts", ["785/1|7851", "12-34|1234", "НО 5|5", "5|6", "05|5", "А5|Б5"])
def test_other_numbers_have_other_keys(texts):
    one, other = texts.split("|")
    assert document_key(one) != document_key(other)


@pytest.mark.parametrize(
    "texts",
    [
        "б/н|Б/Н|б/№|б.н.|б. н.|№ б/н",
        "номерсиз|Номери жок|номери жок.|жок|нет|без номера",
        "№|-|—|– –|___|.|«»|\x00",
    ],
)
def test_a_document_without_a_number_has_no_key(texts):
    assert {document_key(text) for text in texts.split("|")} == {""}


EVERY_READER = (read_dates, read_hours, read_delivery, document_key)
# What the grammars are made of, so that chance comes near to them.
pieces = st.sampled_from(
    [
        *("1", "12", "23", "31", "2021", "1949", "-", "–", ".", ",", "/", "«", "»", "(", ")", "_", "№", " ", "\n"),
        *("июль", "май", "мая", "август", "айы", "ж.", "жылдын", "г.", "с", "по", "чейин", "баштап"),
        *("саат", "күн", "сутка", "ч", "онлайн", "офлайн", "б/н"),
        *("\u00a0", "\u200b", "\u0306", "\x00", "٣", "½", "Ⅷ", "İ", "\ud800"),
    ]
)
near_texts = st.lists(pieces, max_size=14).map("".join)


@given(st.one_of(st.text(max_size=60), near_texts))
@example("1" * LONGEST)
@example("\x00")
@example("İİİ 2021")
def test_no_text_does_more_than_not_be_read(text):
    for read in EVERY_READER:
        with suppress(Unreadable):
            read(text)


@given(st.one_of(st.text(max_size=90), near_texts))
@example("ß" * LONGEST_KEY)
def test_a_key_fits_its_column_and_is_its_own_key(text):
    key = document_key(text)
    assert len(key) <= LONGEST_KEY == TrainingRecord._meta.get_field("document_key").max_length
    assert not set(key) & set(" №«»\"'\x00")


@given(near_texts)
def test_what_is_read_keeps_its_bounds(text):
    try:
        read = read_dates(text)
    except Unreadable:
        return
    if read:
        assert FIRST_YEAR <= read.starts_on.year <= read.ends_on.year <= LAST_YEAR
        assert read.starts_on <= read.ends_on
        assert read.precision != DAY or any(sign.isdigit() for sign in text)


@pytest.mark.parametrize(("read", "code"), [(read_dates, Problem.NOT_A_DATE), (read_hours, Problem.NOT_A_NUMBER)])
def test_a_text_of_any_length_is_refused_before_it_is_looked_at(read, code, monkeypatch):
    monkeypatch.setattr(reading, "fold", lambda text: pytest.fail("it was looked at"))
    for text in ("1" + " " * LONGEST, "2021" * LONGEST, "майaaa" * 10_000):
        assert problem(read, text) == code
    with pytest.raises(pytest.fail.Exception):
        read("1" + " " * (LONGEST - 1))


@pytest.mark.parametrize("read", EVERY_READER)
@pytest.mark.parametrize(
    "piece",
    ["1-", "майaaa", "м", "(", "1.", "«", " ", "с по ", "12-июль ", "чейин 1-", "онлайн", "№ ", "no ", "2021-"],
)
@pytest.mark.parametrize("length", [LONGEST, 10_000])
def test_twice_the_text_takes_no_more_than_a_few_times_the_work(read, piece, length):
    """A pattern that goes astray takes a thousand times as long, or never ends."""
    text = (piece * length)[:length]
    assert best_time(read, text) <= 8 * best_time(read, text[: length // 2]) + 0.002


def best_time(read: Callable[[str], Any], text: str) -> float:
    """Seconds of this process; the best of several, for others work on the same machine."""
    times = []
    for _ in range(5):
        begun = time.process_time()
        with suppress(Unreadable):
            read(text)
        times.append(time.process_time() - begun)
    return min(times)
