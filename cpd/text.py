"""Kyrgyz text: its alphabetical order and a folded form for search, alike on SQLite and PostgreSQL."""

import unicodedata
from functools import lru_cache
from string import ascii_lowercase, digits

from django.db.models import F
from django.db.models.functions import Collate

COLLATION = "ky-x-icu"  # PostgreSQL brings it; cpd.apps registers the same order on SQLite
# The 36 letters of Kyrgyz, with the letters of neighbouring languages where ICU puts them among these.
ALPHABET = "аәбвгғдеёжҗзиійјкқлмнңоөпрстуүұфхҳһцчшщъыьэюя"
SIGNS = " _-‐–—,;:!?.'‘’\"“”„«»()[]{}§@*/\\&#%`^°+±<=>|~$"
_RANK = {sign: rank for rank, sign in enumerate(SIGNS + digits + ALPHABET + ascii_lowercase)}
_LIKE = str.maketrans("ґїў", "гіу")  # differ from these only where all else is alike
_SAME_KEY = str.maketrans("өүңё", "оуне")


def kyrgyz_order(field: str) -> Collate:
    """``field`` for ``order_by``, in the order of the Kyrgyz alphabet (ң after н, ө after о, ү after у)."""
    return Collate(F(field), COLLATION)


@lru_cache(maxsize=20_000)
def sort_key(text: str) -> tuple[tuple[int, ...], str, str]:
    """The key by which SQLite sorts as PostgreSQL's ``ky-x-icu`` does: letters first, then small before capital."""
    plain = unicodedata.normalize("NFKC", text).lower()  # «№» stands where «no» stands, «…» where «...»
    ranks = tuple(_RANK.get(sign, len(_RANK) + ord(sign)) for sign in plain.translate(_LIKE))
    return ranks, plain, text.swapcase()


def compare(left: str, right: str) -> int:
    """SQLite's collation function: -1, 0 or 1."""
    a, b = sort_key(left), sort_key(right)
    return (a > b) - (a < b)


def fold(text: str) -> str:
    """``text`` as it is searched for: small letters, Russian keyboard, single spaces.

    A teacher without a Kyrgyz keyboard types «омурбеков» and finds «Өмүрбеков».
    """
    plain = unicodedata.normalize("NFC", text).casefold().translate(_SAME_KEY)
    return " ".join(plain.split())
