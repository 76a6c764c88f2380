"""Sheets of lessons as papers (F14, F15, F16), for the two whose sheet it is."""

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cpd.dates import short_date, today
from cpd.pdf import LANGUAGE, render_pdf
from plans.choices import SheetKind
from plans.mentoring.access import reads_shared_alone
from plans.mentoring.content import head_read_by, label_of, parts_read_by
from plans.mentoring.parts import HEAD, Part
from plans.models import LessonSheet, SheetAnswer
from schools.models import User

FORMS: dict[str, str] = {SheetKind.OBSERVATION: "F14", SheetKind.VISIT: "F15", SheetKind.REFLECTION: "F16"}
HEADINGS: dict[str, str | Promise] = {
    SheetKind.OBSERVATION: _("Mentor's sheet of observing a lesson"),
    SheetKind.VISIT: _("Mentee's sheet of observing the mentor's lesson"),
    SheetKind.REFLECTION: _("Mentee's sheet of reflection"),
}
# Where nothing was written there are lines to write on, so many that a form fills its pages: F14 and F16 two, F15 one.
LINES = {SheetKind.OBSERVATION: 1, SheetKind.VISIT: 2, SheetKind.REFLECTION: 3}
LINES_OF_COLUMN = {"agreed": 2, "notes": 14, "next_steps": 2, "worth_taking": 2, "discussion": 3}
NEW_PAGES = {SheetKind.OBSERVATION: ("after",)}


def sheet_pdf(sheet: LessonSheet, user: User) -> bytes:
    """As it stands today, with what ``user`` may read of it."""
    with translation.override(LANGUAGE):
        return render_pdf("pdf/lesson_sheet.html", paper_of(sheet, user))


def paper_of(sheet: LessonSheet, user: User) -> dict[str, Any]:
    """What the paper's template reads."""
    kind = SheetKind(sheet.kind)
    return {
        "sheet": sheet,
        "mentorship": sheet.mentorship,
        "heading": HEADINGS[kind],
        "head": [(name, _in_words(value)) for name, value in head_read_by(user, sheet)],
        "to_fill_in": _to_fill_in(user, sheet),
        "parts": [_with_lines(*part) for part in parts_read_by(user, sheet)],
        "lines": range(LINES[kind]),
        "is_reflection": kind == SheetKind.REFLECTION,
        "is_narrowed": reads_shared_alone(user, sheet),
        "breaks": NEW_PAGES.get(kind, ()),
        "printed_on": today(),
    }


def paper_name(sheet: LessonSheet) -> str:
    return f"{FORMS[sheet.kind]}_{sheet.held_on.isoformat()}.pdf"


def _to_fill_in(user: User, sheet: LessonSheet) -> list[str]:
    """What of the head is still to be written by hand."""
    return [] if reads_shared_alone(user, sheet) else [label_of(name) for name in HEAD if not getattr(sheet, name)]


def _with_lines(part: Part, columns: list[tuple[str, str]], answers: list[tuple[int, SheetAnswer]]) -> tuple[Any, ...]:
    """The same part, each column with its lines."""
    lined = zip(columns, part.columns, strict=False)  # a mentor reads no column of a reflection
    return part, [(name, text, range(LINES_OF_COLUMN[code])) for (name, text), code in lined], answers


def _in_words(value: Any) -> str:
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return short_date(value) if isinstance(value, dt.date) else str(value)
