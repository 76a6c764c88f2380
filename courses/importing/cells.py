"""Single cells of an import as people fill them in: days, numbers, words of closed lists. No database.

Each function answers with the value, or raises ``Doubt`` with the code of what keeps it from being read.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.utils import translation

from courses.choices import Block, DocumentType, ImportTable, Precision, TrainingKind
from courses.importing.words import CHOICES, MAIN_OR_SECOND, YES_NO, Reason, key
from courses.reading import Unreadable, read_dates
from cpd.dates import SCHOOL_YEAR_BEGINS, add_months
from cpd.wording import every_variant
from schools.choices import InstitutionKind, Role, TeachingLanguage

NUMBER_DIGITS = 14  # as the column of a person demands
LONGEST_LIFE = 70  # years of teaching; more is a slip of the pen or a year
FIRST_BIRTH = 1900
_DAY = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})\s*(?:-?\s*(?:ж|г)\.?)?")
_YEARS = r"(?P<years>\d{1,2})(?:[.,](?P<tenths>\d))?\s*-?\s*(?:жыл(?:дык|дан)?|ж|лет|год[а]?|г|л)?\.?"
_EXPERIENCE = re.compile(rf"{_YEARS}(?:\s*(?P<months>\d{{1,2}})\s*(?:ай|мес(?:яц(?:а|ев)?)?|м)\.?)?", re.IGNORECASE)
_MONTHS = re.compile(r"(?P<months>\d{1,2})\s*(?:ай|мес(?:яц(?:а|ев)?)?)\.?", re.IGNORECASE)
_YES = {"ооба", "да", "true", "бар", "1", "+"}
_NO = {"жок", "нет", "false", "0", "-"}

# Beside the words that our own pages show, in both languages.
_ALIASES: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    (ImportTable.INSTITUTIONS, "kind"): {
        InstitutionKind.SCHOOL: (
            *("орто мектеп", "башталгыч мектеп", "негизги мектеп", "мектеп гимназия", "мектеп лицей", "гимназия"),
            *("лицей", "жалпы билим берүүчү мектеп", "средняя школа", "сош", "сш", "начальная школа"),
            *("общеобразовательная школа", "школа гимназия", "школа лицей"),
        ),
        InstitutionKind.COLLEGE: ("кесиптик лицей", "техникум", "окуу жай"),
        InstitutionKind.UNIVERSITY: ("жож", "институт", "академия", "вуз"),
    },
    (ImportTable.STAFF, "teaching_language"): {
        TeachingLanguage.KYRGYZ: ("кыргызча", "кыргыз тили", "кыргыз тилинде", "кырг", "киргизский", "на кыргызском"),
        TeachingLanguage.RUSSIAN: ("орусча", "орус тили", "орус тилинде", "рус", "на русском"),
        TeachingLanguage.UZBEK: ("өзбекче", "өзбек тили", "өзбек тилинде", "узб", "на узбекском"),
        TeachingLanguage.TAJIK: ("тажикче", "тажик тили", "тажик тилинде", "тадж", "на таджикском"),
    },
    (ImportTable.STAFF, "role"): {
        Role.ASSOCIATION_HEAD: (
            *("усулдук бирикменин жетекчиси", "бирикме жетекчиси", "бирикменин жетекчиси", "уб жетекчиси"),
            *("методикалык бирикменин жетекчиси", "руководитель мо", "руководитель методического объединения"),
        ),
        Role.DEPUTY_DIRECTOR: (
            *("директордун орун басары", "окуу бөлүмүнүн башчысы", "директордун окуу иштери боюнча орун басары"),
            *("завуч", "зам директора", "заместитель директора", "зам директора по увр", "проректор"),
        ),
        Role.DIRECTOR: ("мектеп директору", "деректир", "директор школы"),
        Role.CLERK: ("катчы", "иш кагаздарын жүргүзүүчү", "делопроизводитель", "секретарь"),
    },
    (ImportTable.RECORDS, "document_type"): {
        DocumentType.CERTIFICATE: ("сертификат",),
        DocumentType.CERTIFICATE_UPGRADE: ("күбөлүк", "удостоверение"),
        DocumentType.RETRAINING_DIPLOMA: ("диплом",),
        DocumentType.THANKS_LETTER: ("ыраазычылык кат", "благодарность"),
    },
    (ImportTable.RECORDS, "kind"): {
        TrainingKind.COURSE: ("курстар", "квалификация жогорулатуу", "курсы", "повышение квалификации"),
        TrainingKind.CONFERENCE: ("конференция", "семинар"),
        TrainingKind.SHORT_EVENT: ("тренинг", "кыска тренинг"),
        TrainingKind.RETRAINING: ("кайра даярдоо", "переподготовка"),
    },
    (ImportTable.RECORDS, "block"): {
        Block.COMPULSORY: ("милдеттүү", "обязательный"),
        Block.VARIATIVE: ("вариативдик", "вариативный"),
    },
}
_CATEGORY_WORDS = {
    "none": ("жок", "нет", "категориясыз", "без категории", "б/к", "бк", "-", "—"),
    "first": ("биринчи", "1", "i", "первая", "1 категория", "i категория", "биринчи категория"),
    "highest": ("жогорку", "высшая", "в", "жогорку категория", "высш"),
}
_MAIN = ("негизги", "негизги иш", "негизги иши", "негизги жумуш", "основная", "основное", "основной", "штат")
_SECOND = (
    *("кошумча", "кошумча иш", "кошумча жумуш", "кошумча иши", "экинчи иш", "айкалыштыруу", "айкалыштыруучу"),
    *("совместитель", "совместительство", "по совместительству", "внешний совместитель", "внутренний совместитель"),
)


class Doubt(Exception):
    """Why a cell cannot be read."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Since(NamedTuple):
    """A day from which something holds; reckoned where it was written less exactly."""

    day: dt.date
    is_reckoned: bool


def read_number(text: str) -> str:
    """Fourteen digits, however they are grouped. A shorter number is not filled up: nobody knows what is missing."""
    digits = re.sub(r"[\s\u00a0'’-]", "", text)
    if not digits.isascii() or not digits.isdigit():
        raise Doubt(Reason.NUMBER_SIGNS)
    if len(digits) != NUMBER_DIGITS:
        raise Doubt(Reason.NUMBER_DIGITS, wanted=NUMBER_DIGITS, count=len(digits))
    return digits


def birthday_of(number: str) -> dt.date | None:
    """What the number says of the birth date: its digits 2–9 are day, month and year."""
    try:
        return dt.date(int(number[5:9]), int(number[3:5]), int(number[1:3]))
    except ValueError:
        return None


def read_day(text: str, *, until: dt.date | None, first: int = FIRST_BIRTH) -> dt.date:
    """One day, as a cell of Excel or written out; ``until`` is the last that is possible."""
    day = _plain_day(text)
    if day is None or day.year < first:
        raise Doubt(Reason.NOT_A_DAY)
    if until and day > until:
        raise Doubt(Reason.IN_FUTURE)
    return day


def _plain_day(text: str) -> dt.date | None:
    if parts := _DAY.fullmatch(text.strip()):  # birth dates lie before the years of courses
        try:
            return dt.date(int(parts[3]), int(parts[2]), int(parts[1]))
        except ValueError:
            return None
    try:
        read = read_dates(text)
    except Unreadable:
        return None
    is_one_day = read and read.precision == Precision.DAY and read.starts_on == read.ends_on
    return read.starts_on if read and is_one_day else None


def read_since(text: str, *, until: dt.date | None) -> Since:
    """Since when: a day; of a month its first, of a year the day on which its school year begins."""
    day = _plain_day(text)
    if day is None:
        try:
            read = read_dates(text)
        except Unreadable:
            read = None
        if read is None or read.precision == Precision.DAY:
            raise Doubt(Reason.NOT_A_DAY)
        is_month = read.precision == Precision.MONTH
        day = read.starts_on if is_month else dt.date(read.starts_on.year, SCHOOL_YEAR_BEGINS, 1)
        if until and read.starts_on <= until < day:  # this year, before it began
            day = read.starts_on
        if until and day > until:
            raise Doubt(Reason.IN_FUTURE)
        return Since(day, is_reckoned=True)
    if until and day > until:
        raise Doubt(Reason.IN_FUTURE)
    return Since(day, is_reckoned=False)


def read_experience(text: str, *, on: dt.date) -> Since:
    """Since when somebody teaches: «6 жыл», «6,5», «6 жыл 3 ай» are reckoned back from ``on`` (M21); or a day."""
    plain = " ".join(text.split())
    if parts := _EXPERIENCE.fullmatch(plain) or _MONTHS.fullmatch(plain):
        said = parts.groupdict()
        months = int(said.get("years") or 0) * 12 + int(said.get("tenths") or 0) * 12 // 10
        months += int(said.get("months") or 0)
        if months > LONGEST_LIFE * 12:
            raise Doubt(Reason.EXPERIENCE_UNREAD)
        return Since(add_months(on, -months), is_reckoned=True)
    try:
        return read_since(text, until=on)
    except Doubt as doubt:
        raise Doubt(Reason.EXPERIENCE_UNREAD if doubt.code == Reason.NOT_A_DAY else doubt.code) from None


def read_yes(text: str) -> bool:
    said = key(text) or text.strip()
    if said in _words(YES_NO[0]) | _YES:
        return True
    if said in _words(YES_NO[1]) | _NO:
        return False
    raise Doubt(Reason.NOT_A_CHOICE)


def read_main(text: str) -> bool:
    """Whether it is the main job: «негизги» and «кошумча», or yes and no below «Негизги иши»."""
    said = key(text)
    if said in _words(MAIN_OR_SECOND[0]).union(map(key, _MAIN)):
        return True
    if said in _words(MAIN_OR_SECOND[1]).union(map(key, _SECOND)):
        return False
    return read_yes(text)


def _words(label: Any) -> set[str]:
    """What our own pages say for it in every language, to schools and to others."""
    found = set()
    for language in every_variant():
        with translation.override(language):
            found.add(key(str(label)))
    return found


def codes_of(table: ImportTable, column: str) -> dict[str, str]:
    """The codes of a closed list by its words on our pages, and by what else people write for them."""
    choices = CHOICES[table, column]
    found: dict[str, str] = {}
    for language in every_variant():
        with translation.override(language):
            found |= {key(str(label)): str(value) for value, label in choices.choices}
    for code, words in _ALIASES.get((table, column), {}).items():
        found |= {key(word): str(code) for word in words}
    return found


def category_codes(titles: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The codes of the categories there are, by their titles in both languages, short forms and usual numerals."""
    found: dict[str, str] = {}
    for code, words in _CATEGORY_WORDS.items():
        if code in titles:
            found |= {key(word) or word: code for word in words}
    for code, both in titles.items():
        found |= {key(title): code for title in both if title}
    return found


def chosen(text: str, codes: Mapping[str, str]) -> str:
    try:
        return codes[key(text) or text.strip()]
    except KeyError:
        raise Doubt(Reason.NOT_A_CHOICE) from None


def listed(text: str, known: Collection[str]) -> list[str]:
    """The titles of a list, «биология, химия» or «биология жана химия»; one that is known is not taken apart."""
    if not text or key(text) in known:
        return [text] if text else []
    for mark in (r"[;,/+]", r"\s(?:жана|менен|и|&)\s"):
        parts = [part.strip() for part in re.split(mark, text) if part.strip()]
        if len(parts) > 1:
            return [title for part in parts for title in listed(part, known)]
    return [text]
