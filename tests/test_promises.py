"""``docs/promises.md`` names a test for every threat, and every test it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "promises.md"
ROW = re.compile(r"^\| ([A-Z]\d+[a-z]?) \|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
THREATS = {f"T{number}" for number in range(1, 49)}
DRILLS = {f"R{number}" for number in range(1, 13)}


def rows() -> list[tuple[str, str]]:
    return ROW.findall(PAGE.read_text())


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_threat_and_every_drill_has_its_row() -> None:
    named = [name for name, _cells in rows()]
    assert set(named) >= THREATS | DRILLS
    assert len(named) == len(set(named))


def test_every_row_names_a_test_or_says_why_there_is_none() -> None:
    assert [name for name, cells in rows() if not (NAMED.search(cells) or "not covered, because" in cells)] == []


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(PAGE.read_text())
    assert len(named) > 100
    missing = [(path, name) for path, name in named if not (ROOT / path).exists() or name not in names_in(path)]
    assert missing == []
