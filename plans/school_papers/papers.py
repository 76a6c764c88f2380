"""F10 and F13 as PDF: what was edited, and nothing else."""

import re

from cpd.dates import today
from cpd.pdf import render_pdf
from plans.choices import PaperKind
from plans.models import SchoolPaper
from schools.wording import words_of

FORMS: dict[str, str] = {PaperKind.MEASURES_ORDER: "F10", PaperKind.MINUTES_EXTRACT: "F13"}


def paper_pdf(paper: SchoolPaper) -> bytes:
    context = {"paper": paper, "text": paper.text, "school": paper.institution.title_ky, "printed_on": today()}
    return render_pdf(f"pdf/{FORMS[paper.kind].lower()}.html", context, words_of(paper.institution))


def paper_name(paper: SchoolPaper) -> str:
    """The file's name: form, school year, number. Letters, digits and dashes only."""
    parts = [FORMS[paper.kind], str(paper.school_year), paper.number]
    safe = (re.sub(r"[^\w-]+", "-", part).strip("-") for part in parts)
    return "_".join(filter(None, safe)) + ".pdf"
