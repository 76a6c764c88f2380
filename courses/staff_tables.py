"""The people of a school, the schools of a district and the districts of the country as tables to print and to save.

Papers and Excel files are official: they are made in Kyrgyz, whatever language the reader's screen speaks.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.choices import HoursStatus
from courses.exports import Cell, Column, Table
from courses.models import HoursPolicy
from courses.staff import SHOWN, Line, Oblast, Place, Totals
from schools.models import District, Institution

NOTE = gettext_lazy(
    "Of the hours and the time since the last course the worse one is counted. Whoever works in several schools is"
    " counted once: where the main job is."
)
SECOND_JOB = gettext_lazy("main job in another institution")
Chosen = Iterable[tuple[str, str]]  # what a list was narrowed by: the field and the value in words


def staff_table(
    institution: Institution,
    lines: Sequence[Line],
    on: dt.date,
    rules: Iterable[HoursPolicy],
    chosen: Chosen,
) -> Table:
    """The people of a school as they are listed on its page; ``chosen`` tells what the list was narrowed by."""
    return Table(
        title=_("Professional development hours of the teachers"),
        sheet=institution.title_ky,
        about=[
            (_("School"), institution.title_ky),
            (_("District, city"), institution.district.title_ky),
            (_("On the day"), on),
            *_source(rules),
            *chosen,
            *_people(lines),
            *_sums(Totals.of(lines)),
        ],
        columns=[
            Column(_("No."), 4),
            Column(_("Full name"), 25),
            Column(_("Position held"), 16),
            Column(_("Methodical association"), 16),
            Column(_("Counted hours"), 12),
            Column(_("Required hours"), 13),
            Column(_("Missing hours"), 15),
            Column(_("Status"), 17),
            Column(_("Status by the last course"), 17),
            Column(_("Due date"), 14),
            Column(_("Last course"), 23),
            Column(_("Year of the last course"), 12),
            Column(_("Waiting for verification"), 18),
        ],
        rows=[[number, *_staff_row(line)] for number, line in enumerate(lines, start=1)],
    )


def schools_table(
    district: District, whole: Totals, schools: Iterable[Place[Institution]], on: dt.date, chosen: Chosen
) -> Table:
    """The schools of a district by totals; the first row sums up the others."""
    return Table(
        title=_("Professional development hours by school"),
        sheet=district.title_ky,
        about=[
            (_("District, city"), district.title_ky),
            (_("On the day"), on),
            *chosen,
            (_("Note"), str(NOTE)),
        ],
        columns=[Column(_("School"), 45), *_total_columns()],
        rows=[[_("In all"), *_totals(whole)], *([one.place.title_ky, *_totals(one.totals)] for one in schools)],
        strong=[0],
    )


def districts_table(whole: Totals, oblasts: Iterable[Oblast], on: dt.date) -> Table:
    """The country: first the sum, then every oblast with its districts."""
    rows: list[list[Cell]] = [[_("In all"), "", *_totals(whole)]]
    strong = [0]
    for oblast in oblasts:
        strong.append(len(rows))
        rows.append([oblast.title, _("In all"), *_totals(oblast.totals)])
        rows += [[oblast.title, one.place.title_ky, *_totals(one.totals)] for one in oblast.districts]
    return Table(
        title=_("Professional development hours by district"),
        sheet=_("Districts"),
        about=[(_("On the day"), on), (_("Note"), str(NOTE))],
        columns=[Column(_("Oblast"), 25), Column(_("District, city"), 25), *_total_columns()],
        rows=rows,
        strong=strong,
    )


def _staff_row(line: Line) -> list[Cell]:
    job, found = line.job, line.standing
    return [
        job.person.full_name,
        job.position if line.is_owner else f"{job.position} ({SECOND_JOB})",
        job.association.title_ky if job.association else "",
        found.total,
        found.required,
        found.shortfall,
        str(found.status.label),
        str(found.frequency_status.label) if found.frequency_status else "",
        line.due,
        line.last_title,
        line.last_ended_on.year if line.last_ended_on else None,
        line.waiting,
    ]


def _people(lines: Sequence[Line]) -> list[tuple[str, Cell]]:
    """Those the school counts, and beside them those whom the school of their main job does."""
    owned = Totals.of(lines).people
    others: list[tuple[str, Cell]] = [(_("Counted where their main job is"), len(lines) - owned)]
    return [(_("People"), owned), *(others if owned < len(lines) else [])]


def _source(rules: Iterable[HoursPolicy]) -> list[tuple[str, Cell]]:
    named: list[tuple[str, Cell]] = [(_("Rule applied"), str(rule)) for rule in rules]
    return named or [(_("Rule applied"), str(HoursStatus.NO_RULE.label))]


def _sums(totals: Totals) -> list[tuple[str, Cell]]:
    return [(str(status.label), count) for status, count in totals.found]


def _total_columns() -> list[Column]:
    return [
        Column(_("People"), 14),
        *(Column(str(status.label), 14) for status in SHOWN),
        Column(_("No rule or no hours set"), 16),
        Column(_("Share met, %"), 17),
    ]


def _totals(totals: Totals) -> list[Cell]:
    return [totals.people, *(count for _status, count in totals.shown), totals.not_judged, totals.share_met]
