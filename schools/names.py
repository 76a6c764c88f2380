"""Names of people as lists write them, read into the three parts that official papers ask for (forms §M33).

No database, no words: text in, three names or the code of what keeps them from being read. Nothing is guessed: where
a text could be read in two ways, or says an initial for a name, a person has to write it out.
"""

import re
from enum import StrEnum
from typing import NamedTuple

LONGEST = 80  # signs of each part, as the columns of a person hold them
# Latin letters that stand for Cyrillic ones in a word that is otherwise Cyrillic, capitals and small ones.
LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
SON, DAUGHTER = "уулу", "кызы"
_PARTICLES = {"уулу": SON, "уулы": SON, "у": SON, "уул": SON, "кызы": DAUGHTER, "кызи": DAUGHTER, "к": DAUGHTER} | {
    "uulu": SON,
    "kyzy": DAUGHTER,
}
# What stands before or behind a name and is none: degrees and titles, «п.и.к.», «б.и.д.», «к.п.н.», «профессор».
_DEGREE = re.compile(
    r"(?:^|(?<=[\s,(]))(?:"
    r"(?:[а-яөүң]{1,6}\.\s?)?[а-яөүң]{1,6}\.\s?и\.\s?[кд]\.?"
    r"|[кд]\.\s?(?:[а-я]{1,5}\.?\s?-?){1,2}\s?н\.?"
    r"|(?:проф(?:ессор)?|доц(?:ент)?|академик|акад|ph\.?\s?d)(?:\.|(?![^\W\d_]))"
    r"|илимдердин\s+(?:кандидаты|доктору)"
    r")(?=[\s,)]|$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`-][^\W\d_]+)*")
# Only endings that no given name has: «Эркин» and «Марина» are given names, «Лев» and «Ева» too.
_FAMILY = re.compile(r"\w{2}(?:(?:ов|ев|ёв)а?|[сц]кий|[сц]кая)$", re.IGNORECASE)
_FATHERS = re.compile(r"(?:вич|вна|ична|инична|ич)$", re.IGNORECASE)
_LATIN, _CYRILLIC = re.compile(r"[A-Za-z]"), re.compile(r"[а-яёөүңА-ЯЁӨҮҢ]")


class Unclear(StrEnum):
    """Why a name cannot be read; the words for it live where it is asked for."""

    EMPTY = "name_empty"
    INITIALS = "name_initials"  # «Асанова А.», «А. Асанова», «Бакыт у. Р.»
    ONE_WORD = "name_one_word"
    TOO_MANY = "name_too_many"
    SIGNS = "name_signs"  # digits, brackets, letters of two alphabets in one word
    ORDER = "name_order"  # the family name seems to stand last
    TOO_LONG = "name_too_long"


class UnreadableName(Exception):
    """The text names nobody whom papers could name."""

    def __init__(self, code: Unclear) -> None:
        super().__init__(code)
        self.code = code


class Name(NamedTuple):
    """As official papers name a person. ``fathers_name`` may be empty; «уулу» and «кызы» belong to it."""

    family_name: str
    given_name: str
    fathers_name: str = ""


class _Part(NamedTuple):
    """One name of several: a word, or two with уулу or кызы."""

    text: str
    is_fathers: bool  # with уулу or кызы
    is_loud: bool  # all in capitals, as lists mark the family name


def read_name(text: str) -> Name:
    """A whole name in one cell: «Фамилиясы Аты Атасынын аты», or the family name in capitals wherever it stands.

    Who has no family name bears the father's in its place: «Токтобек уулу Бакыт» and «Бакыт Токтобек уулу» are one.
    Raises ``UnreadableName``.
    """
    return _checked(_arranged(_parts(text)))


def read_parts(family_name: str, given_name: str, fathers_name: str) -> Name:
    """A name in three cells, of which the middle one may hold the last one too. Raises ``UnreadableName``."""
    family, given, fathers = _parts(family_name), _parts(given_name), _parts(fathers_name)
    if len(family) > 1 and not (given or fathers):
        return _checked(_arranged(family))
    if len(given) > 1 and not fathers and (given[-1].is_fathers or _FATHERS.search(given[-1].text)):
        given, fathers = given[:-1], given[-1:]
    if not family and given and fathers and fathers[0].is_fathers:
        family, fathers = fathers, []
    if not (family and given):
        raise UnreadableName(Unclear.ONE_WORD if family or given else Unclear.EMPTY)
    return _checked(Name(_joined(family), _joined(given), _joined(fathers)))


def in_proper_case(part: str) -> str:
    """One part of a name as papers write it: «АСАНОВА» is «Асанова», «токтобек УУЛУ» «Токтобек уулу».

    A word in letters of two alphabets stays as it was typed.
    """
    return _WORD.sub(lambda found: _written(found.group()), part)


def _written(word: str) -> str:
    if word.lower() in (SON, DAUGHTER):
        return word.lower()
    try:
        return _proper(word)
    except UnreadableName:
        return word


def _parts(text: str) -> list[_Part]:
    """The names of a text; degrees are left out, уулу and кызы stay with the name before them."""
    plain = _DEGREE.sub(" ", " ".join(text.split()))
    if re.search(r"(?:^|[\s.,])[^\W\d_]\.(?!\s*$)", _without_particles(plain)) or re.search(
        r"(?:^|[\s.,])[^\W\d_]\.?$", _without_particles(plain)
    ):
        raise UnreadableName(Unclear.INITIALS)
    rest = re.sub(r"[\s.,;]+", "", _WORD.sub("", plain))
    if rest:
        raise UnreadableName(Unclear.SIGNS)
    found: list[_Part] = []
    for word in _WORD.findall(plain):
        particle = _PARTICLES.get(word.lower())
        if particle and found and not found[-1].is_fathers:
            last = found.pop()
            found.append(_Part(f"{last.text} {particle}", True, last.is_loud))
        elif particle:
            raise UnreadableName(Unclear.ORDER)
        else:
            found.append(_Part(_proper(word), False, len(word) > 1 and word.isupper()))
    return found


def _without_particles(text: str) -> str:
    """«Асанов Бакыт Токтобек у.» says no initial: «у.» stands for уулу where it follows a name and nothing follows."""
    return re.sub(r"(?<=[^\W\d_]{2})\s+[укУК]\.?(?=\s*(?:,|$)|\s+[^\W\d_]{2})", "", text)


def _arranged(parts: list[_Part]) -> Name:
    """Which part is which."""
    if not parts:
        raise UnreadableName(Unclear.EMPTY)
    if len(parts) == 1:
        raise UnreadableName(Unclear.ONE_WORD)
    loud = [part for part in parts if part.is_loud]
    if len(loud) == 1 and _is_fathers(loud[0]):  # «Асанов Эрмек ОРОЗБЕКОВИЧ» marks nothing
        loud = []
    elif len(loud) == 1 and loud[0] is not parts[0]:  # «Айнагүл Бековна АСАНОВА»
        quiet = parts[:-1]
        if loud[0] is not parts[-1] or quiet[0].is_fathers or any(_FAMILY.search(part.text) for part in quiet):
            raise UnreadableName(Unclear.ORDER)  # «Осмонов БАКЫТ Эркин уулу», «Сыдыков БАКЫТ»
        parts = [*loud, *quiet]
    first, second, *others = parts
    if len(others) > 1:
        raise UnreadableName(Unclear.TOO_MANY)
    if others:
        return _three(first, second, others[0], is_marked=len(loud) == 1)
    if second.is_fathers:
        if _FAMILY.search(first.text):
            raise UnreadableName(Unclear.ONE_WORD)  # the given name itself is missing
        return Name(second.text, first.text)
    if _FATHERS.search(second.text) and not _FAMILY.search(second.text):
        raise UnreadableName(Unclear.ONE_WORD)
    if len(loud) != 1 and not first.is_fathers and _FAMILY.search(second.text) and not _FAMILY.search(first.text):
        raise UnreadableName(Unclear.ORDER)
    return Name(first.text, second.text)


def _is_fathers(part: _Part) -> bool:
    return part.is_fathers or bool(_FATHERS.search(part.text) and not _FAMILY.search(part.text))


def _three(first: _Part, second: _Part, third: _Part, *, is_marked: bool) -> Name:
    has_fathers_last = third.is_fathers or _FATHERS.search(third.text)
    has_fathers_second = second.is_fathers or _FATHERS.search(second.text)
    if not is_marked and not has_fathers_last and has_fathers_second:
        raise UnreadableName(Unclear.ORDER)  # «Айнагүл Бековна Асанова»
    return Name(first.text, second.text, third.text)


def _proper(word: str) -> str:
    """«АСАНОВА» and «асанова» as papers write it: «Асанова»; what has its own capitals keeps them."""
    if _CYRILLIC.search(word):
        word = word.translate(LOOK_ALIKES)
        if _LATIN.search(word):
            raise UnreadableName(Unclear.SIGNS)
    if word.isupper() or word.islower():
        return "-".join(piece[:1].upper() + piece[1:].lower() for piece in word.split("-"))
    return word[:1].upper() + word[1:]


def _joined(parts: list[_Part]) -> str:
    return " ".join(part.text for part in parts)


def _checked(name: Name) -> Name:
    if any(len(part) > LONGEST for part in name):
        raise UnreadableName(Unclear.TOO_LONG)
    return name
