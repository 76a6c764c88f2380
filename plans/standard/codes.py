"""The codes of the standard in all the ways people write them (002; forms M32).

The document itself writes «А 2.1.», «А2.2.», «A4.» and «В.1.»: Latin and Cyrillic letters that look alike, spaces,
dots. The code that is kept has a Latin letter and no spaces, ``A2.1``; on paper the letter is Cyrillic.
"""

import re

LATIN = str.maketrans("АаВв", "AABB") | str.maketrans("ab", "AB")
CYRILLIC = str.maketrans("AB", "АВ")
WRITTEN = re.compile(r"([AB])\s*\.?\s*([0-9]{1,2})(?:\s*\.\s*([0-9]{1,2}))?(?:\s*\.)?")


def read_code(text: str) -> str | None:
    """``A2.1``, ``A4`` or ``B3``, as ``text`` means it; None where it is no code of a standard."""
    found = WRITTEN.fullmatch(text.strip().translate(LATIN))
    if not found:
        return None
    letter, unit, competence = found.groups()
    return f"{letter}{int(unit)}" + (f".{int(competence)}" if competence else "")


def paper_code(code: str) -> str:
    """A kept code as it stands on paper: ``A2.1`` → ``А2.1`` with the Cyrillic letter."""
    return code.translate(CYRILLIC)
