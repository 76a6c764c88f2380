"""QR codes as the path of an SVG: they need neither a picture nor a script, on a screen and on paper alike."""

import segno

QUIET = 4  # modules that stay empty around a code (ISO/IEC 18004)


def qr_path(text: str) -> tuple[str, int]:
    """One stroke for each run of dark modules; and the side of the square."""
    rows = [[*row] for row in segno.make(text, error="m", micro=False).matrix]
    runs = [
        f"M{x + QUIET} {y + QUIET}h{_run(row, x)}v1h-{_run(row, x)}z"
        for y, row in enumerate(rows)
        for x in range(len(row))
        if row[x] and (x == 0 or not row[x - 1])
    ]
    return "".join(runs), len(rows) + 2 * QUIET


def _run(row: list[int], start: int) -> int:
    end = start
    while end < len(row) and row[end]:
        end += 1
    return end - start
