"""The portfolio as one paper: cover, contents, a table for each unit of the standard, and the scans behind.

What the contents say of pages is what the layout finds: the page of each scan is laid out empty, with what it shows
written above, and the picture is put there afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cpd.dates import today
from cpd.pdf import LANGUAGE, render_pdf
from cpd.wording import speaking
from plans.models import StandardUnit
from plans.portfolio.facts import Entry, Portfolio, by_unit, portfolio_of
from plans.portfolio.scans import Enclosures, lay_on, read
from plans.standard.codes import paper_code
from schools.models import User

MOST_ENTRIES = 300  # the newest; laying out more takes longer than anybody waits for a page


@dataclass(frozen=True)
class Line:
    """One row of a table: its number in the whole paper, and the place of its scan where there is one."""

    number: int
    entry: Entry
    scan: str = ""


def portfolio_pdf(user: User, *, with_scans: bool) -> bytes:
    """What its owner lets in. Without scans nothing is read from the store."""
    words = user.scope.words
    with speaking(words, LANGUAGE):
        portfolio = portfolio_of(user)
        printed = portfolio.chosen[:MOST_ENTRIES]
        sections = [(unit, entries) for unit, entries in by_unit(portfolio, printed) if entries]
        in_order = [entry for _unit, entries in sections for entry in entries]
        scans = read(in_order if with_scans else [])
        paper = render_pdf("pdf/portfolio.html", paper_of(user, portfolio, sections, scans), words)
    return lay_on(paper, [picture for one in scans.enclosed for picture in one.pictures])


def paper_of(
    user: User,
    portfolio: Portfolio,
    sections: Sequence[tuple[StandardUnit | None, Sequence[Entry]]],
    scans: Enclosures,
) -> dict[str, Any]:
    """What the paper's template reads, with every code already a word."""
    job = user.person.employments.on(today()).select_related("institution").order_by("-is_main", "pk").first()
    enclosed = {one.entry.key: one for one in scans.enclosed}
    left_out = {entry.key for entry in scans.left_out}
    lost = {entry.key for entry in scans.lost}
    number = 0
    parts: list[dict[str, Any]] = []
    enclosures: list[dict[str, Any]] = []
    for unit, entries in sections:
        lines = []
        for entry in entries:
            number += 1
            lines.append(Line(number, entry, entry.key if entry.key in enclosed else ""))
            if entry.key in enclosed:
                pages = len(enclosed[entry.key].pictures)
                enclosures.append({"line": lines[-1], "pages": range(1, pages + 1)})
        code = unit.code if unit else ""
        parts.append({"unit": unit, "code": code, "paper_code": paper_code(code), "lines": lines})
    lines = [line for part in parts for line in part["lines"]]
    return {
        "teacher": user.person.full_name,
        "position": job.position if job else "",
        "school": str(job.institution) if job else "",
        "standard": portfolio.standard if user.scope.assesses_needs else None,  # it is one of school teachers
        "parts": parts,
        "entries": number,
        "chosen": len(portfolio.chosen),
        "enclosures": enclosures,
        "left_out": [line for line in lines if line.entry.key in left_out],
        "lost": [line for line in lines if line.entry.key in lost],
        "printed_on": today(),
    }
