"""A district's schedules as one Excel file: all rows in one sheet, the schools in another, those left out last."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from courses.books.edition import Edition, Section
from courses.exports import Cell, Column, Table, write_xlsx
from courses.models import Book
from courses.schedules.tables import schedule_table
from cpd.dates import school_year_label
from cpd.pdf import LANGUAGE
from schools.models import DocumentVersion

Progress = Callable[[int], object]


def write_workbook(file: Path, book: Book, edition: Edition, *, progress: Progress) -> None:
    """The same versions make the same bytes. ``progress`` is told how many schools are written."""
    first, last = _made_first_and_last(edition)
    with translation.override(LANGUAGE):
        title = _("Course schedules of the schools")
        columns = schedule_table(first.content, first.number).columns
        rows = Table(
            title=title,
            sheet=_("Rows"),
            about=_about(book, edition),
            columns=[Column(_("School"), 34), Column(_("Version"), 8), *columns],
            rows=_rows(edition.sections, progress),
        )
        tables = [rows, _schools(book, edition), missing_table(edition, _about(book, edition))]
        write_xlsx(file, tables if edition.missing else tables[:2], made_at=last)


def missing_table(edition: Edition, about: Sequence[tuple[str, Cell]]) -> Table:
    """The schools whose schedules are left out, and why."""
    return Table(
        title=_("Schools not in this file"),
        sheet=_("Not in this file"),
        about=about,
        columns=[Column(_("No."), 5), Column(_("School"), 40), Column(_("Status"), 30)],
        rows=[[place, one.school, str(one.state.label)] for place, one in enumerate(edition.missing, start=1)],
    )


def _made_first_and_last(edition: Edition) -> tuple[DocumentVersion, dt.datetime]:
    """The version that stands first, and the moment at which the newest one was made."""
    versions = DocumentVersion.objects.filter(pk__in=edition.versions)
    return versions.get(pk=edition.versions[0]), versions.latest("made_at").made_at


def _rows(sections: Sequence[Section], progress: Progress) -> Iterator[Sequence[Cell]]:
    for done, section in enumerate(sections):
        progress(done)
        content = DocumentVersion.objects.values_list("content", flat=True).get(pk=section.version)
        for row in schedule_table(content, section.number).rows:
            yield [section.school, section.number, *row]


def _schools(book: Book, edition: Edition) -> Table:
    totals = edition.totals
    schools: list[Sequence[Cell]] = [
        [
            place,
            section.school,
            section.number,
            section.sent_on,
            section.received_on,
            section.teachers,
            section.rows,
            section.hours,
        ]
        for place, section in enumerate(edition.sections, start=1)
    ]
    return Table(
        title=_("List of the versions"),
        sheet=_("Schools"),
        about=_about(book, edition),
        columns=[
            Column(_("No."), 5),
            Column(_("School"), 40),
            Column(_("Version"), 9),
            Column(_("Sent on"), 13),
            Column(_("Received on"), 13),
            Column(_("Teachers"), 11),
            Column(_("Courses"), 11),
            Column(_("Hours in all"), 11),
        ],
        rows=[*schools, [None, _("In all"), None, None, None, totals.teachers, totals.rows, totals.hours]],
        strong={len(schools)},
    )


def _about(book: Book, edition: Edition) -> list[tuple[str, Cell]]:
    return [
        (_("District, city"), book.district.title_ky),
        (_("School year"), school_year_label(book.school_year)),
        (_("Schools"), edition.totals.schools),
        (_("Schools not in this file"), len(edition.missing)),
        *([(_("Status"), _("Accepted schedules only"))] if edition.is_accepted_only else []),
    ]
