"""F07: what providers offer a district, with the places given, as a paper and as Excel; and the workbook to fill in.

Official papers: made in Kyrgyz, whatever language the reader's screen speaks.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.choices import Block, StudyForm
from courses.exports import BlankColumn, Cell, Column, Table, blank_xlsx, printed, table_pdf
from courses.models import Offering, Provider, Seat
from courses.models.offerings import OfferingQuerySet
from courses.offerings.importing import MOST_ROWS
from courses.offerings.words import audience, term
from courses.registers import Place
from cpd.dates import school_year_label, school_year_of, today
from cpd.text import kyrgyz_order
from schools.choices import TeachingLanguage
from schools.models import District, Subject, User

TOGETHER = 3  # places that stay on one page beside their course
OF_THE_COURSE = 9  # columns of F07 before the two that the district fills in


def with_seats(offerings: OfferingQuerySet, *, by: User) -> list[Offering]:
    """The courses with those of their places that the person may see, by school and teacher; two queries."""
    seats = Seat.objects.visible_to(by).live().select_related("institution", "employment__person")
    in_order = seats.order_by(
        kyrgyz_order("institution__title_ky"), kyrgyz_order("employment__person__family_name"), "pk"
    )
    related = offerings.select_related("provider", "subject")
    return list(related.prefetch_related(Prefetch("seats", in_order, to_attr="seats_seen")))


def offerings_table(
    district: District, year: int, offerings: Iterable[Offering], chosen: Sequence, *, in_days: bool = False
) -> Table:
    """One line for each place given, and one for the course itself where places are left (forms F07).

    ``in_days`` says the term in two columns that Excel knows as days; the paper says it in words.
    """
    term_columns = [Column(_("Start date"), 12), Column(_("End date"), 12)]
    rows = [
        [number, *_course(offering, in_days=in_days), *line]
        for number, offering in enumerate(offerings, start=1)
        for line in _given(offering)
    ]
    return Table(
        title=_("Plan-schedule of courses"),
        sheet=district.title_ky,
        about=[(_("District, city"), district.title_ky), (_("School year"), school_year_label(year)), *chosen],
        columns=[
            Column(_("No."), 4),
            Column(_("Name of the organisation"), 20),
            Column(_("Title of the course"), 24),
            Column(_("For whom (subject, position)"), 20),
            Column(pgettext("table heading", "Hours"), 7),
            Column(_("Study form"), 13),
            *(term_columns if in_days else [Column(_("Term of the course"), 17)]),
            Column(_("Venue"), 15),
            Column(_("Number of allotted places"), 14),
            Column(_("School"), 22),
            Column(_("Full name of the teacher to be sent"), 23),
        ],
        rows=rows,
    )


def offerings_pdf(table: Table) -> bytes:
    """The table with what is said of a course once beside its places, and again where they go on."""
    courses: list[dict[str, Any]] = []
    for _number, rows in groupby(table.rows, key=lambda row: row[0]):
        printed_rows = [[printed(cell) for cell in row] for row in rows]
        for first in range(0, len(printed_rows), TOGETHER):
            some = printed_rows[first : first + TOGETHER]
            courses.append({"cells": some[0][:OF_THE_COURSE], "lines": [row[OF_THE_COURSE:] for row in some]})
    return table_pdf(table, "pdf/f07.html", courses=courses)


def blank_workbook(district: District) -> bytes:
    """An empty plan-schedule with the headings that the import knows."""
    known = Place(district=district).knows(Provider.objects.all())
    providers = [provider.title_ky for provider in known[:MOST_ROWS]]
    subjects = list(Subject.objects.values_list("title_ky", flat=True))
    year = school_year_of(today()) + 1  # the one that is offered next
    columns = [
        BlankColumn(_("Name of the organisation"), 30, providers[0] if providers else "", providers, is_closed=False),
        BlankColumn(_("Title of the course"), 36, _("Assessment by criteria")),
        BlankColumn(_("For whom (subject, position)"), 26, _("teachers of biology")),
        BlankColumn(pgettext("table heading", "Hours"), 8, 36),
        BlankColumn(_("Study form"), 22, str(StudyForm.FULL_TIME.label), [str(label) for label in StudyForm.labels]),
        BlankColumn(_("Term of the course"), 20, f"05.10.{year}–16.10.{year}"),
        BlankColumn(_("Venue"), 22, _("Bishkek")),
        BlankColumn(_("Number of allotted places"), 14, 5),
        BlankColumn(_("Subject"), 20, subjects[0] if subjects else "", subjects),
        BlankColumn(
            capfirst(_("language of the course")),
            16,
            str(TeachingLanguage.KYRGYZ.label),
            [str(label) for label in TeachingLanguage.labels],
        ),
        BlankColumn(_("Block"), 20, str(Block.COMPULSORY.label), [str(label) for label in Block.labels]),
    ]
    notes = [
        _("The first sheet is read; this one only shows how it is filled in."),
        _("The term: the first and the last day. Subject, language and block may stay empty."),
        _("No formulas, no merged cells, one course in a row."),
    ]
    return blank_xlsx(columns, rows=MOST_ROWS, sheets=[_("Courses"), _("Example"), _("Lists")], notes=notes)


def _course(offering: Offering, *, in_days: bool) -> list[Cell]:
    return [
        offering.provider.title_ky,
        offering.title,
        audience(offering),
        offering.hours,
        offering.get_study_form_display(),
        *([offering.starts_on, offering.ends_on] if in_days else [term(offering)]),
        offering.venue,
        offering.places,
    ]


def _given(offering: Offering) -> list[list[Cell]]:
    """School and teacher of each place; for the places left the course's own line."""
    seats: list[Seat] = offering.seats_seen  # type: ignore[attr-defined]  # see ``with_seats``
    lines: list[list[Cell]] = [
        [seat.institution.title_ky, seat.employment.person.full_name if seat.employment else None] for seat in seats
    ]
    if not seats or offering.left:
        lines.append([_("places left: %(count)s") % {"count": offering.left}, None])
    return lines
