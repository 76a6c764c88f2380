"""Dates, hours, modes and numbers as people write them on paper, read into values (forms §M).

No database, no clock, no words: text in, a value or the code of what keeps it from being read out. A text that could
mean two things is not read; what was typed is kept beside the value in any case.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from courses.choices import DeliveryMode, HoursUnit, Precision
from cpd.text import fold

LONGEST = 300  # characters: no date and no number of hours needs more
LONGEST_KEY = 60  # characters of the column
FIRST_YEAR, LAST_YEAR = 1950, 2100  # forms §M.1
MOST_HOURS = 2000  # rules §4 refuses more: nobody's course is longer, so it is a slip of the pen
DASHES = "-‐‑‒–—―−"
QUOTES = "«»“”„‟\"'‘’‚‹›`"
INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"  # come along when text is copied out of a browser or a PDF
# Small letters, for their capitals look alike as well: «В» and «B», «Н» and «H».
LOOK_ALIKES = str.maketrans("abekmhopctyx", "авекмнорстух")


class Problem(StrEnum):
    """Why a text cannot be read; the words for it live in the forms."""

    NOT_A_DATE = "not_a_date"
    NO_YEAR = "no_year"  # or not in four digits
    NO_MONTH = "no_month"
    NO_SUCH_DAY = "no_such_day"
    END_BEFORE_START = "end_before_start"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    NOT_A_NUMBER = "not_a_number"
    NOT_POSITIVE = "not_positive"
    TOO_MANY = "too_many"
    TOO_EXACT = "too_exact"


class Unreadable(Exception):
    """The text says nothing that could be kept as a value."""

    def __init__(self, code: Problem) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ReadDates:
    """Both days inside. With month or year precision they are the widest days the text allows (M2, M26)."""

    starts_on: dt.date
    ends_on: dt.date
    precision: Precision


@dataclass(frozen=True)
class ReadHours:
    """The number as written and what it counts; days and credits are never turned into hours (rules §4, M9)."""

    amount: Decimal
    unit: HoursUnit


def read_dates(text: str) -> ReadDates | None:
    """The days a text means, by the grammar of forms §M.1; ``None`` for an empty text.

    Raises ``Unreadable``. A year is never guessed: «28-декабрь – 5-январь 2022» ends before it starts.
    """
    if not text.strip():
        return None
    if len(text) > LONGEST:
        raise Unreadable(Problem.NOT_A_DATE)
    signs = _signs(text)
    meanings = set(_meanings(signs))
    if len(meanings) != 1:
        raise Unreadable(_what_is_missing(signs))
    first, last = meanings.pop()
    starts_on, ends_on = _bounds(first)[0], _bounds(last)[1]
    if ends_on < starts_on:
        raise Unreadable(Problem.END_BEFORE_START)
    return ReadDates(starts_on, ends_on, first.precision)


def read_hours(text: str) -> ReadHours | None:
    """The number of hours, days or credits: «24», «72,5», «24 саат», «4 сутка» (M9, M10); ``None`` for an empty text.

    A number alone counts hours. What stands in brackets explains the number and is not read: «72 саат (2 кредит)».
    A number beside words that are not understood has the unit ``UNKNOWN``. Raises ``Unreadable``.
    """
    if not text.strip():
        return None
    if len(text) > LONGEST or any(sign.isnumeric() and not sign.isascii() for sign in text):
        raise Unreadable(Problem.NOT_A_NUMBER)
    plain = re.sub(r"\([^()]*(?:\)|$)", " ", _visible(text))
    numbers = re.findall(r"[0-9]+(?:[.,][0-9]+)*", plain)
    if len(numbers) != 1:
        raise Unreadable(Problem.NOT_A_NUMBER)
    before, after = plain.split(numbers[0])
    if re.fullmatch(rf"\s*[{DASHES}]\s*", before):
        raise Unreadable(Problem.NOT_POSITIVE)
    if not re.fullmatch(r"(?:[^\W\d_]|[\s:])*", before):
        raise Unreadable(Problem.NOT_A_NUMBER)  # «.5», «№ 24», «+24»
    unit = HoursUnit.UNKNOWN if before.strip() else _unit(after)
    return ReadHours(_amount(numbers[0]), unit)


def read_delivery(text: str) -> str:
    """A ``DeliveryMode``: «Офлайн», «онлайн»; both are blended (M11, M12). Empty where any word is not understood."""
    if len(text) > LONGEST:
        return ""
    rest = _visible(text)
    modes = set()
    for mode, words in _MODES.items():
        rest, found = words.subn(" ", rest)
        if found:
            modes.add(mode)
    if not modes or not _AROUND_MODES.fullmatch(rest):
        return ""
    return modes.pop() if len(modes) == 1 else DeliveryMode.BLENDED


def document_key(number: str) -> str:
    """The number of a document for comparing: two that are written differently have one key (M32, M34).

    Small letters, no spaces, quotes or number signs, Latin and Cyrillic look-alikes as one. Empty where the text says
    that the document bears no number: «б/н», «номерсиз», «жок», «-».
    """
    plain = re.sub(rf"[{DASHES}]", "-", _visible(number)).replace("№", " ")
    plain = re.sub(r"^\s*(?:no?|n[°º]|номери?|номуру?)(?=[\W\d])", " ", plain)  # Latin «No»: «НО» is a series
    key = re.sub(r"[^\w/.+-]|_", "", plain.translate(LOOK_ALIKES)).strip("/.+-")
    return "" if key in _NO_NUMBER else key[:LONGEST_KEY]


def _visible(text: str) -> str:
    return fold(re.sub(rf"[{INVISIBLE}]", " ", text))


# Dates are read in two steps. Each number and word becomes one sign, spaces and quotes nothing: «12-23-июль 2021-ж.»
# is «d12-d23-m7w2021» (d: one or two digits, y: a year, w: a year with its word, m: a month by name). The signs are
# then compared with the spellings of the grammar.

_TOKEN = re.compile(
    rf"(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<dash>[{DASHES}]+)|(?P<mark>[./,])"
    rf"|(?P<nothing>[\s_{QUOTES}]+)|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = [
    re.compile(pattern)
    for pattern in (
        r"янв(?:ар\w*)?",
        r"фев(?:р|рал\w*)?",
        r"мар(?:т\w*)?",
        r"апр(?:ел\w*)?",
        r"май(?!рам)\w*|ма[яею]|маем",  # «8-майрам» is a holiday
        r"июн\w*",
        r"июл\w*",
        r"авг(?:уст\w*)?",
        r"сент?|сентябр\w*",
        r"окт(?:ябр\w*)?",
        r"ноя(?:б|бр\w*)?",
        r"дек(?:абр\w*)?",
    )
]
_SIGNS = (
    dict.fromkeys(["ж", "жж", "жыл", "жылы", "жылдын", "жылдагы", "жылында", "жылындагы"], "g")
    | dict.fromkeys(["г", "гг", "год", "года", "году", "годы"], "g")
    | dict.fromkeys(["кун", "куну", "кундору", "айы", "айында", "айынын"], "k")  # «23-ноябрь күнү», «август айы»
    | dict.fromkeys(["с", "со"], "f")  # «с 12 по 23 июля»
    | dict.fromkeys(["по", "до", "баштап"], "~")  # «12-июлдан баштап 23-июлга чейин»
    | {"чейин": "u"}
)

_DAY, _MONTH, _YEAR = r"d(?P<day>\d+)", r"m(?P<month>\d+)", r"[yw](?P<year>\d+)"
_NUMBERED = r"d(?P<month>\d+)"
_SURELY_MONTH = r"d(?P<month>0?[1-9]|1[0-2])"  # «12-23-2021»: 23 is a day as well, and the month is missing
_MARK = r"[-.,/]?"


def _spellings(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_DAY_AND_MONTH = (_DAY + _MARK + _MONTH, rf"{_DAY}[./]{_NUMBERED}\.?")
_YEAR_LAST = _spellings(
    _DAY + _MARK + _MONTH + _MARK + _YEAR,  # 15-март 2022-ж.
    rf"{_DAY}[./]{_NUMBERED}[./]?{_YEAR}",  # 23.11.2019
    rf"{_DAY}-{_SURELY_MONTH}-{_YEAR}",  # 23-11-2019
    _DAY + _SURELY_MONTH + _YEAR,  # « 15 » 03 2022-ж.
    _MONTH + _MARK + _YEAR,  # Август 2020-жыл
    rf"{_NUMBERED}[./]{_YEAR}",  # 08.2020
)
_YEAR_FIRST = _spellings(
    rf"y(?P<year>\d+)(?P<mark>[-./]){_NUMBERED}(?P=mark){_DAY}",  # 2022-03-15
    _YEAR + _MARK + _DAY + _MARK + _MONTH,  # 2021-жылдын 25-сентябры
    rf"w(?P<year>\d+),?{_DAY}[./]{_NUMBERED}",  # 2005-ж. 18.07
    _YEAR + _MARK + _MONTH,  # 2020-жылдын август айы
)
_YEAR_ALONE = _spellings(_YEAR)
_MONTH_LEFT_OUT = _spellings(rf"d\d+{_YEAR}")  # « 26 » 2022 - жыл (M26)
_WHOLE = _YEAR_LAST + _YEAR_FIRST + _YEAR_ALONE
# Of a span: the first part may leave to the last what is common to both, and the last the year that stands first.
_SPANS = (
    (_WHOLE, _WHOLE),
    (_spellings(_DAY, *_DAY_AND_MONTH, _MONTH), _YEAR_LAST),  # 12-23-июль 2021, 28-март – 2-апрель 2022
    ((*_YEAR_FIRST, *_spellings(rf"{_YEAR},?{_DAY}")), _spellings(*_DAY_AND_MONTH, _MONTH)),  # 2021-жылдын 12-23-июлу
)


class _Written(NamedTuple):
    """As much of a date as was written; ``None`` stands for what was not."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY


def _signs(text: str) -> str:
    signs = "".join(_sign(token) for token in _TOKEN.finditer(_visible(text)))
    signs = re.sub(r"y(\d+)-?g\.?", r"w\1", signs)
    return re.sub(r"(m\d+|w\d+)\.?k?", r"\1", signs).rstrip(".,")


def _sign(token: re.Match[str]) -> str:
    kind, text = token.lastgroup, token[0]
    if kind == "number" and len(text) in (1, 2):
        return f"d{text}"
    if kind == "number" and len(text) == 4:
        return f"y{text}"
    if kind == "word":
        return _word_sign(text.translate(LOOK_ALIKES))
    if kind in ("number", "other"):
        raise Unreadable(Problem.NOT_A_DATE)
    return {"dash": "-", "nothing": ""}.get(str(kind), text)


def _word_sign(word: str) -> str:
    if word in _SIGNS:
        return _SIGNS[word]
    for number, month in enumerate(_MONTHS, start=1):
        if month.fullmatch(word):
            return f"m{number}"
    raise Unreadable(Problem.NOT_A_DATE)


def _meanings(signs: str) -> Iterator[tuple[_Written, _Written]]:
    """Every way to take the signs as a first and a last date; a text that has more than one is not read."""
    until = "u" in signs  # «12-июлдан 23-июлга чейин»: no dash, and by itself no date
    signs = signs.replace("u", "")
    if not until:
        for date in _read(signs, (*_WHOLE, *_MONTH_LEFT_OUT)):
            yield date, date
    signs = signs.removeprefix("f")  # «с 12 июля» alone is no date either: since then, but for how long?
    for parting in re.finditer(r"[-~]?(?=[dmyw])" if until else "[-~]", signs):
        for first_spellings, last_spellings in _SPANS:
            for first in _read(signs[: parting.start()], first_spellings):
                for last in _read(signs[parting.end() :], last_spellings):
                    yield from _joined(first, last)


def _read(signs: str, spellings: tuple[re.Pattern[str], ...]) -> Iterator[_Written]:
    for spelling in spellings:
        if match := spelling.fullmatch(signs):
            parts = match.groupdict()
            year, month, day = (int(parts[part]) if part in parts else None for part in ("year", "month", "day"))
            yield _Written(year, month, day)


def _joined(first: _Written, last: _Written) -> Iterator[tuple[_Written, _Written]]:
    """Both with what one had left to the other; nothing where one is more exact than the other."""
    if first.year is None:
        first = first._replace(year=last.year)
    if first.month is None and first.day is not None:
        first = first._replace(month=last.month)
    if last.year is None:
        last = last._replace(year=first.year)
    if first.precision == last.precision:
        yield first, last


def _bounds(written: _Written) -> tuple[dt.date, dt.date]:
    """The first and the last day that the words allow."""
    year, month, day = written
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(Problem.YEAR_OUT_OF_RANGE)
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not 1 <= month <= 12:
        raise Unreadable(Problem.NO_SUCH_DAY)
    days = calendar.monthrange(year, month)[1]
    if day is None:
        return dt.date(year, month, 1), dt.date(year, month, days)
    if not 1 <= day <= days:
        raise Unreadable(Problem.NO_SUCH_DAY)
    return dt.date(year, month, day), dt.date(year, month, day)


def _what_is_missing(signs: str) -> Problem:
    if re.fullmatch(rf"(?:d\d+{_MARK}){{1,2}}(?:[yw]\d+)?|[yw]\d+{_MARK}d\d+(?:-d\d+)?", signs):
        day_and_month = re.fullmatch(r"d\d+[./]d\d+", signs)
        return Problem.NO_YEAR if day_and_month else Problem.NO_MONTH
    if not re.search(r"[yw]", signs) and re.search(r"m|d\d+[./]d\d+", signs):
        return Problem.NO_YEAR
    return Problem.NOT_A_DATE


_UNITS = {
    HoursUnit.HOUR: re.compile(r"саат(?:ы|тык)?|с|ч|час(?:а|ов|овой|овая|овые|овых)?"),
    HoursUnit.DAY: re.compile(r"кун(?:дук|у)?|дн|день|дня|дней|дни"),
    HoursUnit.DAY_NIGHT: re.compile(r"сутка(?:лык|сы)?|сут|сутки|суток|суточный"),
    HoursUnit.CREDIT: re.compile(r"кредит(?:а|ов|ы|тик)?|естs"),  # «ects» with its look-alikes made Cyrillic
}
# «72 академиялык саат», «72 окуу сааты», «5 жумуш күнү»: still hours and days.
_KIND_OF_HOURS = re.compile(r"ак|акад\w*|окуу|учебн\w*|жумуш|иш|рабоч\w*|календар\w*")


def _unit(words: str) -> HoursUnit:
    """What is counted, from the words after a number."""
    if not words.strip(" .,"):
        return HoursUnit.HOUR
    if not re.fullmatch(rf"\s*[{DASHES}]?(?:[^\W\d_]|[\s.])*", words):
        return HoursUnit.UNKNOWN
    units = {_unit_of(word) for word in re.findall(r"[^\W\d_]+", words) if not _KIND_OF_HOURS.fullmatch(word)}
    return units.pop() if len(units) == 1 else HoursUnit.UNKNOWN


def _unit_of(word: str) -> HoursUnit:
    """«6 сааттан» (six hours each) is no number of hours, hence only forms that name a total are known."""
    plain = word.translate(LOOK_ALIKES)
    return next((unit for unit, words in _UNITS.items() if words.fullmatch(plain)), HoursUnit.UNKNOWN)


def _amount(number: str) -> Decimal:
    """Exact, one decimal place at most. Not «1.000» either, which may be meant as a thousand."""
    if not (parts := re.fullmatch(r"[0-9]+(?:[.,]([0-9]+))?", number)):
        raise Unreadable(Problem.NOT_A_NUMBER)
    if len(parts[1] or "") > 1:
        raise Unreadable(Problem.TOO_EXACT)
    amount = Decimal(number.replace(",", "."))
    if not amount:
        raise Unreadable(Problem.NOT_POSITIVE)
    if amount > MOST_HOURS:
        raise Unreadable(Problem.TOO_MANY)
    return amount


# As ``fold`` leaves them.
_MODES = {
    DeliveryMode.OFFLINE: re.compile(r"\b(?:офф?-?лайн|off?-?line|бетме[- ]?бет|катышуу|очн(?:о|ая|ый|ое|ой))\b"),
    DeliveryMode.ONLINE: re.compile(r"\b(?:он-?лайн|on-?line|дистант\w*|дистанц\w*|аралыктан|аралыктык|удаленно)\b"),
    DeliveryMode.BLENDED: re.compile(r"\b(?:аралаш|смешан\w*|гибрид\w*|комбинир\w*)\b"),
}
# What may stand between and behind them: «офлайн жана онлайн», «онлайн форматында». Not «эмес», not «же».
_AROUND_MODES = re.compile(
    rf"(?:[{DASHES}\s,;.+/{QUOTES}]|\b(?:жана|менен|и|окуу|окутуу|турундо|обучение|форма\w*|режим\w*)\b)*"
)
_NO_NUMBER = {"б/н", "б", "б.н", "бн", "номерсиз", "номерижок", "номеружок", "жок", "нет", "безномера"}
