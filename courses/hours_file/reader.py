"""JSON values taken out one by one; whatever is not as described is refused with a sentence that names the place."""

import datetime as dt
import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

from django.db.models import TextChoices

from courses.reading import FIRST_YEAR, LAST_YEAR

LARGEST = 100_000  # far above any number of hours, days or years a rule could mean
MOST_YEARS = 100  # no rule looks further; every date reckoned stays within the calendar
EXACTEST = Decimal("0.001")  # the site keeps one decimal place; sums of three are exact as well
LONGEST = 500  # characters of a text
SHOWN = 60  # characters of a value quoted in a sentence

Choice = TypeVar("Choice", bound=TextChoices)
NEEDED: Any = object()  # marks a field without a default


class BadDocument(Exception):
    """The document cannot be answered; the sentence says where and why."""


def load(content: bytes) -> Any:
    """The JSON value of a file, its fractions as exact decimals."""
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repetition,
        )
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError as error:
        raise BadDocument(f"The document is not UTF-8 text (byte {error.start + 1}).") from None
    except UnicodeEncodeError:
        raise BadDocument("The document holds half a character (a lone \\ud800–\\udfff).") from None
    except RecursionError:
        raise BadDocument("The document is nested too deeply.") from None
    except ValueError as error:
        raise BadDocument(f"The document is not JSON: {error}.") from None
    return document


class Fields:
    """One JSON object, its place in the document, and the fields it may have."""

    def __init__(self, value: Any, path: str, known: Collection[str]) -> None:
        self.path = path
        if not isinstance(value, dict):
            self.refuse("", f"must be an object, not {shown(value)}")
        self.value: Mapping[str, Any] = value
        for name in value:
            if name not in known:
                self.refuse(name, f"is not a field known here (known: {', '.join(sorted(known))})")

    def place(self, name: str) -> str:
        return ".".join(part for part in (self.path, name) if part)

    def refuse(self, name: str, sentence: str) -> NoReturn:
        raise BadDocument(f"{self.place(name) or 'The document'}: {sentence}.")

    def has(self, name: str) -> bool:
        """Given, and not as null."""
        return self.value.get(name) is not None

    def take(self, name: str, default: Any = NEEDED) -> Any:
        """The value as it stands; null is as good as nothing."""
        if self.has(name):
            return self.value[name]
        if default is NEEDED:
            self.refuse(name, "is missing")
        return default

    def items(self, name: str, default: Any = NEEDED) -> list[Any]:
        value = self.take(name, default)
        if not isinstance(value, list):
            self.refuse(name, f"must be a list, not {shown(value)}")
        return value

    def text(self, name: str, default: Any = NEEDED) -> str:
        value = self.take(name, default)
        if not isinstance(value, str):
            self.refuse(name, f"must be a text, not {shown(value)}")
        if len(value) > LONGEST:
            self.refuse(name, f"has {len(value)} characters; at most {LONGEST} are taken")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            self.refuse(name, f"must be true or false, not {shown(value)}")
        return value

    def label(self, name: str) -> int | str:
        """A name to compare by: a whole number or a text."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            self.refuse(name, f"must be a whole number or a text, not {shown(value)}")
        return value

    def choice(self, name: str, choices: type[Choice], default: Any = NEEDED) -> Choice:
        value = self.text(name, default)
        if value not in choices.values:
            self.refuse(name, f"must be one of {', '.join(choices.values)}, not {shown(value)}")
        return choices(value)

    def whole(self, name: str, default: Any = NEEDED, *, least: int = 1, most: int = LARGEST) -> int:
        value = self.take(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(name, f"must be a whole number, not {shown(value)}")
        if not least <= value <= most:
            self.refuse(name, f"must be between {least} and {most}, not {shown(value)}")
        return value

    def number(self, name: str, most: int = LARGEST) -> Decimal | None:
        """A number above zero, as a number or as plain text: 72, 72.5, "72,5". None where it is not given."""
        value = self.take(name, None)
        if value is None:
            return None
        if isinstance(value, str) and is_plain_number(value):
            value = Decimal(value.strip().replace(",", "."))
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            self.refuse(name, f"must be a number, not {shown(value)}")
        if not 0 < value <= most:
            self.refuse(name, f"must be above 0 and at most {most}, not {shown(value)}")
        number = Decimal(value)
        if number.quantize(EXACTEST) != number:
            self.refuse(name, f"must have at most three decimal places, not {shown(value)}")
        return number.quantize(EXACTEST).normalize()

    def date(self, name: str) -> dt.date:
        """A date written as 2022-06-30."""
        value = self.text(name)
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            self.refuse(name, f"must be a date written as YYYY-MM-DD, not {shown(value)}")
        return day

    def day(self, name: str) -> dt.date:
        """A date that years are reckoned from."""
        day = self.date(name)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.refuse(name, f"must lie in the years {FIRST_YEAR}–{LAST_YEAR}, not {shown(day.isoformat())}")
        return day


def is_plain_number(text: str) -> bool:
    return re.fullmatch(r"\s*-?[0-9]+([.,][0-9]+)?\s*", text, re.ASCII) is not None


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    if isinstance(value, str):
        return f"“{_short(value)}”"
    return _short(str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise BadDocument(f"The document holds a number that is too long: {shown(text)}.") from None


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # Python reads no more digits than a number can have in earnest
        raise BadDocument(f"The document holds a number that is too long: {shown(text)}.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise BadDocument(f"The document holds {name}, which is not a number.")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadDocument(f"The document gives {shown(twice)} twice in one object.")
    return value
