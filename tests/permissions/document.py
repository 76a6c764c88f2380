"""Writes ``docs/permissions.md`` from ``table.md`` beside this file: ``make permissions``."""

from pathlib import Path

from tests.permissions.table import OPEN, ROWS, TABLE, cells_of, expand, is_row

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "permissions.md"
HEAD = """
Made by `make permissions` from `tests/permissions/table.md`, which people write: it says what shall be, and is never
derived from the code. `tests/test_permissions.py` asks each address as each person and compares; an address without a
row fails the suite, and so does this page when it differs from its source.

{addresses} addresses, of which {open} are open to everybody · {rows} rows · {cells} answers.
"""


def document() -> str:
    """The whole text, each address in a line of its own."""
    counted = HEAD.format(
        addresses=len({row.name for row in ROWS}),
        open=len(OPEN),
        rows=len(ROWS),
        cells=sum(len(row.answers) for row in ROWS),
    )
    title, *lines = TABLE.read_text().splitlines()
    written = [title, *counted.rstrip().splitlines()]
    for line in lines:
        cells = cells_of(line)
        if is_row(cells):
            written += [f"| {' | '.join([address, *cells[1:]])} |" for address in expand(cells[0])]
        else:
            written.append(line)
    return "\n".join(written) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document())
