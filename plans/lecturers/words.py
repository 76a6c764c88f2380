"""The papers of colleges and universities in words: what their pages show, blank by blank and row by row."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from courses.choices import AttachmentKind, DocumentType, TrainingKind
from cpd.dates import school_year_label, short_date, span
from cpd.templatetags.cpd import hours
from cpd.text import fold
from plans import words
from plans.choices import PlanColumn
from plans.lecturers.rules import Caution, cautions, letter_cautions, planned_days
from plans.models import (
    Application,
    CourseReport,
    InternshipInformation,
    InternshipItem,
    InternshipPlan,
    InternshipProgramme,
    Replacement,
)
from plans.rules import planned_hours
from schools.choices import DocumentKind
from schools.models import Institution

Content = Mapping[str, Any]

CAUTIONS: dict[str, Promise] = {
    Caution.OWN_ORGANISATION: gettext_lazy("An internship takes place in another organisation, not in one's own."),
    Caution.TOO_SHORT: gettext_lazy(
        "The internship is shorter than the rule asks for. Planned: %(planned)s; at least: %(least)s."
    ),
    Caution.DAYS_PASSED: gettext_lazy("The first day lies before the day of the application."),
    Caution.NO_DOCUMENT: gettext_lazy("The record of the course has no photo or scan of the document."),
    Caution.HOST_NOT_AGREED: gettext_lazy("The day on which the host organisation agreed is not entered yet."),
    Caution.DUE_NOT_PLANNED: gettext_lazy(
        "Somebody whose qualification upgrade is due within these years has nothing planned in them."
    ),
}


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Table:
    """Rows as they are read: every cell with the heading of its column, for narrow screens."""

    headings: list[str]
    rows: list[list[Fact]]


def whose(content: Content) -> str:
    """By whom or what a paper is known: a person, a department, an institution."""
    if content.get("teacher"):
        return str(content["teacher"]["name"])
    return str(content["association"] or content["school"]["title"])


def cautions_told(content: Content, institution: Institution, on: dt.date) -> list[str]:
    """All that a paper is cautioned about, in sentences; ``on`` is the day it was handed in, or today."""
    found = [*cautions(content, (institution.title_ky, institution.title_ru)), *letter_cautions(content, on)]
    return [str(CAUTIONS[code]) % (_too_short(content) if code == Caution.TOO_SHORT else {}) for code in found]


def _too_short(content: Content) -> dict[str, str]:
    """What is planned, beside what the norm asked for when the paper was frozen; either measure is enough."""
    least_hours, least_days = content["min_hours"], content["min_days"]
    planned, least = [], []
    if least_hours is not None:
        planned.append(_("%(hours)s h") % {"hours": hours(planned_hours(content))})
        least.append(_("%(hours)s h") % {"hours": hours(least_hours)})
    if least_days is not None:
        planned.append(_days_in_words(planned_days(content)))
        least.append(_days_in_words(least_days))
    return {"planned": words.listed(*planned), "least": f" {pgettext('of two measures', 'or')} ".join(least)}


def _days_in_words(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


# The blanks of each paper, in the order of its form, by the model whose columns they are.
BLANKS: dict[str, tuple[Any, tuple[str, ...]]] = {
    DocumentKind.APPLICATION: (
        Application,
        ("training_kind", "direction", "provider_text", "study_form", "funding"),
    ),
    DocumentKind.INTERNSHIP_PLAN: (InternshipPlan, ("direction", "host_text", "host_head", "host_agreed_on")),
    DocumentKind.INTERNSHIP_PROGRAMME: (InternshipProgramme, ("programme_title", "aim", "supervision", "supervisor")),
    DocumentKind.INTERNSHIP_INFORMATION: (InternshipInformation, ("hours_done", "supervisor")),
    DocumentKind.COURSE_REPORT: (
        CourseReport,
        ("aim", "topics", "opinion", "effect", "uses", "new_lectures"),
    ),
}
SAID_WHERE_FILLED = ("funding", "new_lectures", "host_head", "host_agreed_on")  # many papers have no use for them
COLUMNS: dict[str, tuple[str, ...]] = {
    DocumentKind.DEPARTMENT_PLAN: ("training_kind", "topic", "provider_text", "note"),
}


def facts(content: Content) -> list[Fact]:
    """Whose paper it is, then its blanks; what an empty blank would say nothing about is left out."""
    found = [Fact(_("Institution"), content["school"]["title"])]
    if content["association"]:
        found.append(Fact(_("Methodical association"), content["association"]))
    if content.get("teacher"):
        found.append(Fact(_("Position held"), content["teacher"]["position"]))
    days = span(*(dt.date.fromisoformat(content[name]) for name in ("starts_on", "ends_on")))
    found.append(Fact(_("Days"), days))
    found += _internship(content) + _record(content)
    model, names = BLANKS.get(content["kind"], (None, ()))
    for name in names:
        value = words.field_value(name, content[name])
        if value or name not in SAID_WHERE_FILLED:
            found.append(Fact(capfirst(str(model._meta.get_field(name).verbose_name)), value))
    if content.get("due_on"):
        found.append(Fact(_("To be handed in by"), short_date(dt.date.fromisoformat(content["due_on"]))))
    return found


def _internship(content: Content) -> list[Fact]:
    told = content.get("internship")
    if not told:
        return []
    return [Fact(_("Direction"), told["direction"]), Fact(_("Host organisation"), told["host_text"])]


def _record(content: Content) -> list[Fact]:
    told = content.get("record")
    if not told:
        return []
    attached = [f"{words.label(AttachmentKind, one['kind'])}: {one['title']}" for one in content["attachments"]]
    return [
        Fact(_("Course"), told["title"]),
        Fact(_("Name of the organisation"), told["provider"]),
        Fact(_("Document"), words.listed(words.label(DocumentType, told["document_type"]), told["document_number"])),
        Fact(_("Attached"), "\n".join(attached)),
    ]


def table(content: Content) -> Table:
    """The rows of a plan; no headings where the paper is no table."""
    if content["kind"] == DocumentKind.PERSPECTIVE_PLAN:
        return _perspective(content)
    if content["kind"] == DocumentKind.INTERNSHIP_PLAN:
        return _works(content)
    names = COLUMNS.get(content["kind"], ())
    people = content["kind"] == DocumentKind.DEPARTMENT_PLAN
    headings = [words.field_label(name) for name in names]
    rows = [[words.field_value(name, row[name]) for name in names] for row in content["rows"]]
    if people:
        headings = [_("Lecturer"), _("Last course"), _("Next due"), *headings, _("Term")]
        rows = [
            [row["name"], last_course(row), due_day(row), *cells, words.term(row)]
            for row, cells in zip(content["rows"], rows, strict=True)
        ]
    return _labelled(headings, rows)


def _works(content: Content) -> Table:
    """Of an internship; of which direction each is, only where the form has that column."""
    names = ["work", "term_text", "hours", "result"]
    if content["names_activities"]:
        names.insert(1, "activity_kind")
    columns: Any = {field.name: field for field in InternshipItem._meta.fields}
    headings = [capfirst(str(columns[name].verbose_name)) for name in names]
    rows = [[words.field_value(name, row[name]) for name in names] for row in content["rows"]]
    return _labelled(headings, rows)


def _perspective(content: Content) -> Table:
    years = [school_year_label(year) for year in content["school_years"]]
    headings = [_("Lecturer"), _("Last course"), _("Next due"), *years]
    rows = [
        [row["name"], last_course(row), due_day(row), *(_of_year(content, row, year) for year in years)]
        for row in content["rows"]
    ]
    extra = [name for name in ("provider_text", "funding", "note") if any(row[name] for row in content["rows"])]
    headings += [words.field_label(name) for name in extra]
    rows = [
        [*cells, *(words.field_value(name, row[name]) for name in extra)]
        for row, cells in zip(content["rows"], rows, strict=True)
    ]
    return _labelled(headings, rows)


def _of_year(content: Content, row: Mapping[str, Any], year: str) -> str:
    """What one school year has for a lecturer; each column in a line, named where there are several of them."""
    filled = [
        (column, row["cells"][key]) for key, of, column in plan_keys(content) if of == year and row["cells"].get(key)
    ]
    is_alone = len(content["columns"]) == 1
    return "\n".join(text if is_alone else f"{column}: {text}" for column, text in filled)


def plan_keys(content: Content) -> list[tuple[str, str, str]]:
    """The cells of a row of a perspective plan in their order: key, school year, column."""
    return [
        (f"{number}-{code}", school_year_label(year), words.label(PlanColumn, code))
        for number, year in enumerate(content["school_years"], start=1)
        for code in content["columns"]
    ]


def last_course(row: Mapping[str, Any]) -> str:
    """«2024, курс, 72 саат»: when and how somebody's qualification was last raised."""
    if not row.get("last_year"):
        return ""
    kind = words.label(TrainingKind, row["last_kind"])
    told = _("%(hours)s h") % {"hours": hours(row["last_hours"])} if row["last_hours"] else ""
    return words.listed(str(row["last_year"]), kind, told)


def due_day(row: Mapping[str, Any]) -> str:
    """By which day somebody's qualification is to be raised next; empty where no rule says."""
    return short_date(dt.date.fromisoformat(row["due_on"])) if row.get("due_on") else ""


def unit_name(title: str) -> str:
    """«Биология» for «Биология кафедрасы»: the paper's own words say what kind of unit it is, in their own ending."""
    words_of_title = title.split()
    if len(words_of_title) > 1 and fold(words_of_title[-1]) in ("кафедрасы", "кафедра"):
        words_of_title.pop()
    return " ".join(words_of_title)


def goes_instead(replacement: Replacement) -> str:
    """Who goes in the place of the one who was planned, and why: for the column of notes."""
    return _("Goes instead: %(name)s (%(reason)s)") % {
        "name": replacement.person.full_name,
        "reason": replacement.reason,
    }


def _labelled(headings: list[str], rows: list[list[str]]) -> Table:
    return Table(headings, [[Fact(label, value) for label, value in zip(headings, row, strict=True)] for row in rows])
