"""The words of a plan: what pages and papers print for the codes and numbers of a content."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.choices import Block, StudyForm, TrainingKind
from courses.words import listed
from cpd.dates import month_name, school_year_label, short_date
from cpd.templatetags.cpd import hours
from plans.choices import Executor, Funding, Ground, InternshipActivity, LearningMethod, PlanColumn, ReportUse
from plans.content import Content
from plans.models import (
    AnnualPlan,
    AnnualPlanItem,
    Application,
    CourseReport,
    DepartmentItem,
    IndividualPlan,
    InductionItem,
    InductionPlan,
    InternshipInformation,
    InternshipItem,
    InternshipPlan,
    InternshipProgramme,
    PerspectiveItem,
    PlanItem,
)

UNIT_WORDS = ("бирикме", "кафедра", "комисси")  # what a unit's own title may call it
LABELLED: tuple[Any, ...] = (  # whose columns the pages name; the first that has one names it
    *(PlanItem, AnnualPlanItem, InductionItem, IndividualPlan, AnnualPlan, InductionPlan),
    *(DepartmentItem, PerspectiveItem, InternshipItem, InternshipPlan, InternshipProgramme),
    *(InternshipInformation, Application, CourseReport),
)

CHOICES: dict[str, Any] = {
    "block": Block,
    "study_form": StudyForm,
    "grounds": Ground,
    "learning_methods": LearningMethod,
    "executor_kind": Executor,
    "training_kind": TrainingKind,
    "funding": Funding,
    "activity_kind": InternshipActivity,
    "uses": ReportUse,
}


def label(choices: Any, code: str) -> str:
    """The word of a code; a code that is no longer in the list prints as it stands in the old paper."""
    return str(dict(choices.choices).get(code, code))


def field_label(name: str) -> str:
    """«Сааттардын саны»: the columns of a form bear the names their fields have."""
    if name == "name":  # whom a row of a department's plan is about
        return _("Lecturer")
    for model in LABELLED:
        for field in model._meta.fields:
            if field.name == name:
                return capfirst(str(field.verbose_name))
    return name


def field_value(name: str, value: Any) -> str:
    """A frozen value in words; nothing is an empty text."""
    if value in ("", None, []):
        return ""
    if name in CHOICES:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(label(CHOICES[name], code) for code in codes)
    if name in ("hours", "hours_done"):
        return hours(value)
    if name == "cells":
        return cells(value)
    if name == "host_agreed_on":
        return short_date(dt.date.fromisoformat(value)) if isinstance(value, str) else short_date(value)
    if name == "school_year":
        return school_year_label(value)
    if name == "plan_year":
        return plan_year(value)
    if name == "month":
        return month_name(value)
    return str(value)


def cells(planned: Mapping[str, str]) -> str:
    """What a perspective plan has for a lecturer, in the order of the form: «1-жыл, Методика: …; 2-жыл, …»."""
    columns = PlanColumn.values
    parts = [(int(number), code) for number, _dash, code in (key.partition("-") for key in planned)]
    return "; ".join(
        f"{plan_year(number)}, {label(PlanColumn, code)}: {planned[f'{number}-{code}']}"
        for number, code in sorted(parts, key=lambda part: (part[0], columns.index(part[1])))
    )


def methods(row: Mapping[str, Any]) -> str:
    """Kinds of learning as the yearly plan lists them: «Офлайн, онлайн»."""
    words = ", ".join(label(LearningMethod, code).lower() for code in row["learning_methods"])
    return listed(capfirst(words), row["methods_text"])


def executor(row: Mapping[str, Any], content: Content) -> str:
    """Who carries a row out: in the words that were typed, or else by name."""
    if row["executor_text"] or row["executor_kind"] == Executor.OTHER:
        return row["executor_text"]
    if row["executor_kind"] == Executor.SELF:
        return content["teacher"]["short_name"]
    return association(content["association"]) or label(Executor, Executor.ASSOCIATION)


def association(title: str) -> str:
    """«Табигый илимдер бирикмеси»: as plans name an association, whether or not its title says so itself."""
    if not title or any(word in title.lower() for word in UNIT_WORDS):
        return title
    return _("%(title)s association") % {"title": title}


def plan_year(number: int) -> str:
    """«2-жыл»: which year of a young specialist's plan."""
    return pgettext("plan", "Year %(number)s") % {"number": number}


def term(row: Mapping[str, Any]) -> str:
    """«2026-2027, сентябрь», «2-жыл, сентябрь», «сентябрь», or the term in the teacher's words."""
    year = school_year_label(row["school_year"]) if row.get("school_year") else ""
    if row.get("plan_year"):
        year = plan_year(row["plan_year"])
    month = month_name(row["month"]) if row["month"] else ""
    return listed(year, month, row.get("term_text", ""))
