"""What a plan still lacks before it can be submitted, and what its hours add up to. Codes only; templates have words.

No database, no clock: contents in (see ``plans.content``), findings and exact decimals out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from schools.choices import DocumentKind

# What national regulation 6.3 names for a planned item; the rationale may stand in the grounds, the organisation is
# often not known when a plan is made, and nobody is made to write an essay.
REQUIRED = {
    DocumentKind.INDIVIDUAL_PLAN: ("direction", "programme_title", "study_form", "hours", "school_year"),
    DocumentKind.ANNUAL_PLAN: ("need", "month"),
    DocumentKind.INDUCTION_PLAN: ("direction", "activity", "plan_year"),
    DocumentKind.PERSPECTIVE_PLAN: (),  # the paper lists everybody; not everybody goes in these years
    DocumentKind.DEPARTMENT_PLAN: ("training_kind", "month"),
    DocumentKind.INTERNSHIP_PLAN: ("work", "hours"),
}
# What a paper as a whole must name: the blanks of its form that nobody else can fill (annexes 3–6; VI 6.3).
REQUIRED_OF_PAPER = {
    DocumentKind.APPLICATION: ("direction", "study_form"),
    DocumentKind.INTERNSHIP_PLAN: ("direction", "host_text"),
    DocumentKind.INTERNSHIP_PROGRAMME: ("programme_title", "aim"),
    DocumentKind.INTERNSHIP_INFORMATION: ("hours_done",),
    DocumentKind.COURSE_REPORT: ("aim", "uses"),
}
NAMED_USE = "new_lectures"  # of a report: the one use that annex 3 asks to be named
IN_WORDS_TOO = (DocumentKind.ANNUAL_PLAN, DocumentKind.DEPARTMENT_PLAN)  # a term in words is a term


class Code(StrEnum):
    NO_ROWS = "no_rows"
    NO_GROUNDS = "no_grounds"
    MISSING = "missing"
    OUTSIDE_PERIOD = "outside_period"
    NO_METHOD = "no_method"
    NO_EXECUTOR = "no_executor"


@dataclass(frozen=True)
class Finding:
    """One thing to mend; ``row`` is the row's uid, ``field`` the column, both empty for the plan as a whole."""

    code: Code
    row: str = ""
    field: str = ""


def findings(content: Mapping[str, Any], school_years: Sequence[int]) -> list[Finding]:
    """Everything that keeps this content from being submitted; ``school_years`` are those of its period."""
    kind = DocumentKind(content["kind"])
    found = [Finding(Code.MISSING, field=name) for name in REQUIRED_OF_PAPER.get(kind, ()) if not content[name]]
    if kind == DocumentKind.COURSE_REPORT and NAMED_USE in content["uses"] and not content["new_lectures"]:
        found.append(Finding(Code.MISSING, field="new_lectures"))
    if kind in REQUIRED and not any(_is_planned(row) for row in content["rows"]):
        found.append(Finding(Code.NO_ROWS))
    if kind == DocumentKind.INDIVIDUAL_PLAN and not (content["grounds"] or content["grounds_text"]):
        found.append(Finding(Code.NO_GROUNDS, field="grounds"))
    for row in content["rows"]:
        missing = [field for field in REQUIRED[kind] if not row[field]]
        if kind in IN_WORDS_TOO and row["term_text"]:
            missing = [field for field in missing if field != "month"]
        found += [Finding(Code.MISSING, row["uid"], field) for field in missing]
        if kind == DocumentKind.ANNUAL_PLAN:
            found += _annual_row(row)
        elif kind == DocumentKind.INDUCTION_PLAN:
            if row["plan_year"] and row["plan_year"] > content["years"]:
                found.append(Finding(Code.OUTSIDE_PERIOD, row["uid"], "plan_year"))
        elif row.get("school_year") and row["school_year"] not in school_years:
            found.append(Finding(Code.OUTSIDE_PERIOD, row["uid"], "school_year"))
    return found


def planned_hours(content: Mapping[str, Any]) -> Decimal:
    """The sum of the planned hours as written; planned hours never count towards the demand (rules §7)."""
    return sum((Decimal(row["hours"]) for row in content["rows"] if row["hours"]), Decimal())


def _is_planned(row: Mapping[str, Any]) -> bool:
    """A lecturer for whom no year names anything is in the list, but is no item of a plan."""
    return bool(row.get("cells", True))


def _annual_row(row: Mapping[str, Any]) -> list[Finding]:
    found = []
    if not row["learning_methods"] and not row["methods_text"]:
        found.append(Finding(Code.NO_METHOD, row["uid"], "learning_methods"))
    if row["executor_kind"] == "other" and not row["executor_text"]:
        found.append(Finding(Code.NO_EXECUTOR, row["uid"], "executor_text"))
    return found
