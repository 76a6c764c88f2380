"""Codes of the standard are read however they are written (forms M32)."""

import pytest

from plans.standard.codes import paper_code, read_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("А 2.1.", "A2.1"),  # Cyrillic letter, as 002 writes it
        ("А2.2.", "A2.2"),
        ("A4.", "A4"),  # Latin letter
        ("В.1.", "B1"),  # Cyrillic letter that looks like a B
        ("B 6", "B6"),
        ("а5.5", "A5.5"),
        ("a 3 . 4 .", "A3.4"),
        ("\u00a0А1\u00a0.\u00a02 ", "A1.2"),  # spaces of a word processor
        ("A02.01", "A2.1"),
    ],
)
def test_a_code_is_read_in_every_spelling(written: str, code: str) -> None:
    assert read_code(written) == code


@pytest.mark.parametrize("text", ["", "A", "2.1", "С2.1", "A2.1.3", "A 2 1", "A2.1 окутуу", "A٢.١", "A123", "AB1"])
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert read_code(text) is None


def test_on_paper_the_letter_is_cyrillic() -> None:
    assert paper_code("A2.1") == "\N{CYRILLIC CAPITAL LETTER A}2.1"
    assert paper_code("B3") == "\N{CYRILLIC CAPITAL LETTER VE}3"
    assert read_code(paper_code("A2.1")) == "A2.1"
