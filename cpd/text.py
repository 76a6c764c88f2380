"""Kyrgyz text: its alphabetical order and a folded form for search, alike on SQLite and PostgreSQL."""

import unicodedata

from django.db.models import F
from django.db.models.functions import Collate

ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
COLLATION = "ky-x-icu"  # PostgreSQL brings it; cpd.apps registers the same order on SQLite
_RANK = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}
_AFTER_SPACES = 2  # word breaks sort before everything, other signs before letters
_SAME_KEY = str.maketrans("өүңё", "оуне")


def kyrgyz_order(field: str) -> Collate:
    """``field`` for ``order_by``, in the order of the Kyrgyz alphabet (ң after н, ө after о, ү after у)."""
    return Collate(F(field), COLLATION)


def sort_key(text: str) -> tuple[list[tuple[int, int]], str]:
    """The key by which SQLite sorts as PostgreSQL's ``ky-x-icu`` does; ties keep small letters first."""
    letters = [_weight(sign) for sign in unicodedata.normalize("NFC", text).lower()]
    return letters, text.swapcase()


def _weight(sign: str) -> tuple[int, int]:
    if rank := _RANK.get(sign):
        return 5, rank
    if sign.isspace():
        return 0, 0
    if sign.isdigit():
        return 3, ord(sign)
    if sign.isalpha():
        return (4, ord(sign)) if sign < "а" else (6, ord(sign))
    return _AFTER_SPACES, ord(sign)


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
