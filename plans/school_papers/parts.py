"""What the text of a paper is made of. Everything is plain text that people edit before printing (forms F10, F13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.choices import PaperKind

Text = dict[str, Any]
MEASURES = "measures"  # rows of a table, each with these columns
COLUMNS = ("what", "term", "who")
MOST_ROWS = 200  # far above any real order, and below what one request may carry


@dataclass(frozen=True)
class Part:
    """One part of a paper: a line, or several lines of which each is a point of its own."""

    name: str
    label: str | Promise
    has_points: bool = False


PARTS: Mapping[str, tuple[Part, ...]] = {
    PaperKind.MEASURES_ORDER: (
        Part("place", _("Place")),
        Part("preamble", _("Legal basis and purpose"), has_points=True),
        Part("points", _("Points of the order"), has_points=True),
        Part("director", _("Director")),
        Part("readers", _("Who signs that they know the order"), has_points=True),
    ),
    PaperKind.MINUTES_EXTRACT: (
        Part("body", _("Whose meeting")),
        Part("present", _("Present"), has_points=True),
        Part("agenda", _("Agenda"), has_points=True),
        Part("heard", _("Heard"), has_points=True),
        Part("decided", _("Decided"), has_points=True),
        Part("chair", _("Chair")),
        Part("secretary", _("Secretary")),
    ),
}


def points(text: str) -> list[str]:
    """Every line that says something."""
    return [line for line in (line.strip() for line in text.splitlines()) if line]
