"""Groups of teachers too small to leave the district: whoever knows the schools would know who is meant.

Nothing that leaves the district shows a group of fewer than ``SMALLEST_GROUP`` teachers, and no sum there holds one,
so that none can be reckoned back from sums. How many lines were left out is told of the whole of a paper or table
only, never of a part that a reader chose: two parts could be subtracted from one another.

What this cannot prevent: what was told on two days may differ by one teacher, and the words of a topic may give
somebody away. Of an order that stands instead of another, ``told_apart`` names the lines by which it could be
seen.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

Row = Mapping[str, Any]  # one of ``plans.orders.content``


def is_small(teachers: int) -> bool:
    return teachers < settings.SMALLEST_GROUP


def sum_told(teachers: Iterable[int]) -> int | None:
    """The sum of groups that were left out; None where it is small itself."""
    in_all = sum(teachers)
    return None if is_small(in_all) else in_all


def told_apart(before: Iterable[Row], after: Iterable[Row]) -> list[str]:
    """Titles of the lines that two papers tell both, with numbers that differ by a small group."""
    earlier = {row["group"]: row["teachers"] for row in before}
    return [
        row["title"]
        for row in after
        if row["group"] in earlier
        and row["teachers"] != earlier[row["group"]]
        and is_small(abs(row["teachers"] - earlier[row["group"]]))
    ]
