"""F19 of a whole university: the perspective plans in force of all its departments on one paper, or as one table."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from courses.exports import Cell, Column, Table
from cpd.dates import Period, school_year, school_year_label, today
from cpd.pdf import LANGUAGE, render_pdf
from cpd.text import kyrgyz_order
from cpd.wording import speaking
from plans import words
from plans.choices import PlanColumn
from plans.lecturers.plans_paper import F19_AFTER, F19_BEFORE, perspective_row, years_part
from plans.pdf import approvals
from schools.choices import DocumentKind
from schools.models import Document, DocumentVersion, Institution, PrintedForm, User
from schools.wording import words_of

Content = Mapping[str, Any]


def in_force(user: User, institution: Institution, first_year: int) -> list[DocumentVersion]:
    """What departments plan from a school year on, as far as the user reads it, in the order of the departments.

    One query, however many departments. The plans that cover the same years as the first of them: one paper has one
    head.
    """
    plans = Document.objects.visible_to(user).filter(
        kind=DocumentKind.PERSPECTIVE_PLAN,
        institution=institution,
        association__isnull=False,
        in_force__isnull=False,
        starts_on=school_year(first_year).starts_on,
    )
    ordered = plans.select_related("in_force").order_by(kyrgyz_order("association__title_ky"), "pk")
    found = [plan.in_force for plan in ordered if plan.in_force]
    return [version for version in found if _head(version.content) == _head(found[0].content)]


def plans_pdf(institution: Institution, versions: list[DocumentVersion]) -> bytes:
    with speaking(words_of(institution), LANGUAGE):
        first = versions[0]
        whole = _whole(versions)
        signed = approvals(whole, first.route, [])
        return render_pdf(
            "pdf/f19_all.html",
            {
                **years_part(whole, F19_BEFORE, F19_AFTER),
                "whose": institution.title_ky,
                "school": first.content["school"],
                "years": _years(whole),
                "rows": [perspective_row(whole, row) for row in whole["rows"]],
                "printed": PrintedForm.objects.for_document(institution, DocumentKind.PERSPECTIVE_PLAN),
                "printed_on": today(),
                "considered": signed[:-1],
                "approved": signed[-1:],
            },
        )


def plans_table(institution: Institution, versions: list[DocumentVersion]) -> Table:
    with speaking(words_of(institution), LANGUAGE):
        whole = _whole(versions)
        cells = [
            f"{school_year_label(year)}: {words.label(PlanColumn, code)}"
            for year in whole["school_years"]
            for code in whole["columns"]
        ]
        return Table(
            title=_("Perspective plan of upgrading the qualification of lecturers for the school years %(years)s")
            % {"years": _years(whole)},
            sheet=institution.title_ky,
            about=[(_("Institution"), institution.title_ky)],
            columns=[
                Column(_("No."), 4),
                Column(_("Methodical association"), 20),
                Column(_("Lecturer"), 24),
                Column(_("Position held"), 20),
                Column(_("Academic degree"), 16),
                Column(_("Year of the last course"), 10),
                *(Column(heading, 16) for heading in cells),
                Column(_("Note"), 16),
            ],
            rows=list(_cells(whole)),
        )


def _cells(whole: Content) -> Iterator[list[Cell]]:
    for number, row in enumerate((perspective_row(whole, one) for one in whole["rows"]), start=1):
        told = [row[name] for name in ("department", "name", "post", "degree", "last_year")]
        yield [number, *told, *row["cells"], row["note"]]


def _whole(versions: list[DocumentVersion]) -> dict[str, Any]:
    """One content of them all; each row bears its department, also where the person has left it since."""
    rows = [
        {**row, "department": version.content["association"]}
        for version in versions
        for row in version.content["rows"]
    ]
    return {**versions[0].content, "association": "", "rows": rows}


def _head(content: Content) -> tuple[Any, ...]:
    return content["columns"], content["school_years"]


def _years(content: Content) -> str:
    years = content["school_years"]
    return Period(school_year(years[0]).starts_on, school_year(years[-1]).ends_on).label
