"""A district's desk as a table to print and to save; official, so in Kyrgyz."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.exports import Cell, Column, Table
from courses.schedules.desk import Desk, Line
from cpd.dates import school_year_label


def desk_table(desk: Desk, lines: Sequence[Line], on: dt.date, chosen: Iterable[tuple[str, str]]) -> Table:
    """The schools as they are listed; ``chosen`` tells what the list was narrowed by."""
    return Table(
        title=_("Course schedules of the schools"),
        sheet=desk.district.title_ky,
        about=[
            (_("District, city"), desk.district.title_ky),
            (_("School year"), school_year_label(desk.year)),
            (_("Send by"), desk.deadline.due_on if desk.deadline else _("No deadline is set.")),
            (_("On the day"), on),
            *((str(state.label), count) for state, count in desk.figures),
            *chosen,
        ],
        columns=[
            Column(_("No."), 5),
            Column(_("School"), 24),
            Column(_("Status"), 16),
            Column(_("Version"), 13),
            Column(_("Change No."), 17),
            Column(_("Sent on"), 15),
            Column(_("Sent by"), 20),
            Column(_("Decided on"), 15),
            Column(_("Decided by"), 20),
            Column(_("Reason for the return"), 22),
            Column(_("Teachers"), 15),
            Column(_("Courses"), 11),
            Column(_("Hours in all"), 11),
        ],
        rows=[[number, *_row(line)] for number, line in enumerate(lines, start=1)],
    )


def _row(line: Line) -> list[Cell]:
    state: list[Cell] = [line.school.title_ky, str(line.state.label)]
    sent = line.sent
    if sent is None:
        return [*state, *[None] * 10]
    verdict = sent.verdict
    return [
        *state,
        sent.version.number,
        sent.amendment or None,
        localdate(sent.sending.at),
        sent.sending.by_name,
        localdate(verdict.at) if verdict else None,
        verdict.by_name if verdict else "",
        verdict.reason if verdict else "",
        sent.teachers,
        sent.rows,
        sent.hours,
    ]
