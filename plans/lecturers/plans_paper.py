"""The papers of plans of lecturers: F19 and F26, with columns for each school year, and F20 of a single one."""

from collections.abc import Mapping, Sequence
from typing import Any

from courses.choices import TrainingKind
from cpd.dates import school_year_label
from plans import words
from plans.choices import Funding, PlanColumn
from plans.lecturers.replacing import replacements_of
from plans.lecturers.words import due_day, goes_instead, last_course, plan_keys, unit_name, whose
from plans.models import DepartmentPlan, PerspectivePlan
from schools.choices import Action
from schools.models import DocumentVersion

Content = Mapping[str, Any]
# The columns beside those of the school years, as shares of the paper's width in per cent.
F19_BEFORE, F19_AFTER = (2.4, 7.0, 9.5, 7.6, 6.9, 4.8), (6.3,)
F20 = (3.0, 16.0, 13.0, 9.0, 8.0, 17.0, 11.0, 12.0, 11.0)
F26_BEFORE, F26_AFTER = (2.6, 12.0, 9.5, 8.9, 10.0, 10.0), (9.0, 7.5, 6.5)


def perspective_part(content: Content, plan: PerspectivePlan, _version: DocumentVersion | None) -> dict[str, Any]:
    """Of one department, or of an institution as a whole."""
    before, after = (F26_BEFORE, F26_AFTER) if content["names_funding"] else (F19_BEFORE, F19_AFTER)
    return {
        "whose": whose(content),
        "institution": plan.institution,
        "frequency_years": content["frequency_years"],
        **years_part(content, before, after),
        "rows": [perspective_row(content, row) for row in content["rows"]],
    }


def years_part(content: Content, before: Sequence[float], after: Sequence[float]) -> dict[str, Any]:
    """The columns of the school years, and the widths of all columns."""
    titles = [words.label(PlanColumn, code) for code in content["columns"]]
    cells = len(titles) * len(content["school_years"])
    share = (100 - sum(before) - sum(after)) / cells
    return {
        "school_years": [school_year_label(year) for year in content["school_years"]],
        "titles": titles,
        "shares": [f"{width:.2f}" for width in (*before, *[share] * cells, *after)],
    }


def perspective_row(content: Content, row: Mapping[str, Any]) -> dict[str, Any]:
    """A lecturer: the department is the row's own, or the plan's where the person has left it since."""
    return {
        "department": row.get("department") or content["association"],
        "name": row["name"],
        "post": row.get("post", ""),
        "degree": row.get("degree", ""),
        "category": row.get("category", ""),
        "last_year": row.get("last_year"),
        "last": last_course(row),
        "due": due_day(row),
        "cells": [row["cells"].get(key, "") for key, _year, _column in plan_keys(content)],
        "provider": row["provider_text"],
        "funding": words.label(Funding, row["funding"]) if row["funding"] else "",
        "note": row["note"],
    }


def department_part(content: Content, plan: DepartmentPlan, version: DocumentVersion | None) -> dict[str, Any]:
    """The plan as it was frozen; who goes instead of whom as it stands on the day of printing."""
    is_in_force = version is not None and version.pk == plan.in_force_id
    instead = replacements_of(plan) if is_in_force else {}
    return {
        "whose": whose(content),
        "department": unit_name(content["association"]),
        "head": _handed_in_by(version),
        "shares": [f"{width:.2f}" for width in F20],
        "rows": [
            {
                "name": row["name"],
                "post": row.get("post", ""),
                "degree": row.get("degree", ""),
                "last_year": row.get("last_year"),
                "kind": planned(row),
                "term": words.term(row),
                "provider": row["provider_text"],
                "note": "\n".join(filter(None, [row["note"], _instead(instead.get(row["uid"]))])),
            }
            for row in content["rows"]
        ],
    }


def planned(row: Mapping[str, Any]) -> str:
    """«Курс: санариптик педагогика»: how the qualification is raised, and in what."""
    kind = words.label(TrainingKind, row["training_kind"]) if row["training_kind"] else ""
    return ": ".join(filter(None, [kind, row["topic"]]))


def _instead(replacement: Any) -> str:
    return goes_instead(replacement) if replacement else ""


def _handed_in_by(version: DocumentVersion | None) -> str:
    """The head who signs below: whoever handed the version in."""
    handed_in = version.decisions.filter(action=Action.SUBMIT).first() if version else None
    return handed_in.by_name if handed_in else ""
