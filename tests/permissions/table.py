"""The table of permissions as people write it (``table.md``), and who stands behind each of its columns."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

TABLE = Path(__file__).with_name("table.md")
WHO = {
    "anon": ["anon"],
    "owner": ["teacher"],
    "colleague": ["colleague", "peer"],
    "head": ["head"],
    "other head": ["other_head"],
    "deputy": ["deputy", "second_deputy"],
    "director": ["director"],
    "clerk": ["clerk"],
    "stranger": ["stranger", "far_stranger", "other_director"],
    "other officer": ["other_officer"],
    "officer": ["officer"],
    "institute": ["institute"],
    "admin": ["administrator"],
}

# The strangers apart, where a director is told something else than a teacher, or a neighbour than those of elsewhere.
STRANGERS = {
    "other teacher": ["stranger", "far_stranger"],
    "other director": ["other_director"],
    "neighbour": ["stranger", "other_director"],
    "far stranger": ["far_stranger"],
}


@dataclass(frozen=True)
class Row:
    """One line of the table: an address with its fixed parts, a method, a state, and an answer per column."""

    name: str
    fixed: tuple[tuple[str, str], ...]
    method: str
    state: str
    answers: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        parts = [self.name, *(value for _key, value in self.fixed), self.method, self.state]
        return "-".join(filter(None, parts))


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def is_row(cells: list[str]) -> bool:
    """Whether a line of the text tells of addresses; tables of other things have fewer columns."""
    return len(cells) > 3 and cells[0] != "address" and not set(cells[0]) <= {"-"}


def read_open() -> set[str]:
    """The addresses that nobody has to sign in for."""
    names: set[str] = set()
    is_inside = False
    for line in TABLE.read_text().splitlines():
        cells = cells_of(line)
        is_inside = line.startswith("|") and (is_inside or cells[0] == "open address")
        if is_inside and cells[0] != "open address" and not set(cells[0]) <= {"-"}:
            names.update(name.strip() for name in cells[0].split(","))
    return names


def read_table() -> list[Row]:
    rows: list[Row] = []
    columns: list[str] = []
    for line in TABLE.read_text().splitlines():
        cells = cells_of(line)
        if cells[0] == "address":
            columns = cells[3:]
        elif is_row(cells):
            for address in expand(cells[0]):
                name, *fixed = address.split()
                pairs = tuple((key, value) for key, _is, value in (part.partition("=") for part in fixed))
                answers = tuple(zip(columns, map(int, cells[3:]), strict=True))
                rows.append(Row(name, pairs, cells[1], cells[2], answers))
    return rows


def expand(text: str) -> list[str]:
    """``a_{b,c}`` → ``a_b``, ``a_c``."""
    parts = re.split(r"\{([^}]*)\}", text)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


ROWS = read_table()
OPEN = read_open()
