"""Sheets of lessons as papers (F14, F15, F16), for the two whose sheet it is."""

from typing import Any

from django.utils import translation

from cpd.dates import today
from cpd.pdf import LANGUAGE, render_pdf
from plans.choices import SheetKind
from plans.mentoring.content import head_read_by, parts_read_by
from plans.models import LessonSheet
from schools.models import User

FORMS = {SheetKind.OBSERVATION: "f14", SheetKind.VISIT: "f15", SheetKind.REFLECTION: "f16"}


def sheet_pdf(sheet: LessonSheet, user: User) -> bytes:
    """As it stands today, with what ``user`` may read of it."""
    with translation.override(LANGUAGE):
        return render_pdf(f"pdf/{FORMS[SheetKind(sheet.kind)]}.html", paper_of(sheet, user))


def paper_of(sheet: LessonSheet, user: User) -> dict[str, Any]:
    """What the paper's template reads."""
    return {
        "sheet": sheet,
        "mentorship": sheet.mentorship,
        "head": head_read_by(user, sheet),
        "parts": parts_read_by(user, sheet),
        "printed_on": today(),
    }


def paper_name(sheet: LessonSheet) -> str:
    return f"{FORMS[SheetKind(sheet.kind)].upper()}_{sheet.held_on.isoformat()}.pdf"
