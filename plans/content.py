"""A plan as plain data: what is frozen at submission, compared between versions, and printed.

Everything the paper shows stands in the content, in Kyrgyz where it is a name, as a code where it is a choice: a
version prints the same after the teacher, the school or a translation has changed.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from courses import facts
from courses.words import decimal_text
from cpd.dates import months_of_school_year, today
from plans.induction.facts import mentor_of, years_of
from plans.lecturers import content as lecturers
from plans.models import (
    AnnualPlan,
    AnnualPlanItem,
    IndividualPlan,
    InductionItem,
    InductionPlan,
    LearningNeed,
    PlanItem,
)
from schools.choices import PERSONAL, DocumentKind
from schools.models import Document, Employment, Mentorship

Content = dict[str, Any]
Plan = Any  # one of ``plans.actions.MODELS``: a document with what its kind adds

LAST = 99  # sorts rows without a month behind all months


def content_of(plan: Plan) -> Content:
    """The working copy of a plan as it stands now: the header of all papers, and what its kind adds."""
    job = _last_job(plan) if plan.kind in PERSONAL else None
    return _header(plan, job) | {"change_note": plan.change_note} | PARTS[plan.kind](plan, job)


def _last_job(plan: Plan) -> Employment | None:
    """The author's last post at the institution."""
    jobs = plan.author.employments.filter(institution=plan.institution).prefetch_related("subjects")
    return jobs.order_by("-starts_on").first()


def individual_part(plan: IndividualPlan, job: Employment | None) -> Content:
    policy = facts.policy_of(plan.institution, job.staff_group if job else "", today())
    return {
        "grounds": list(plan.grounds),
        "grounds_text": plan.grounds_text,
        "required_hours": decimal_text(policy.req_hours) if policy else None,
        "rows": [plan_item_data(row) for row in plan.rows.select_related("need__competence")],
    }


def annual_part(plan: AnnualPlan, _job: Employment | None) -> Content:
    rows = [annual_item_data(row) for row in plan.rows.all()]
    return {"rows": sorted(rows, key=lambda row: place_in_year(row["month"]))}


def induction_part(plan: InductionPlan, job: Employment | None) -> Content:
    pair = mentor_of(plan, today())
    return {
        "hired_on": job.starts_on.isoformat() if job else None,
        "mentor": mentor_data(pair) if pair else None,
        "years": years_of(plan),
        "rows": [induction_item_data(row) for row in plan.rows.all()],
    }


PARTS: dict[str, Callable[[Any, Employment | None], Content]] = {
    DocumentKind.INDIVIDUAL_PLAN: individual_part,
    DocumentKind.ANNUAL_PLAN: annual_part,
    DocumentKind.INDUCTION_PLAN: induction_part,
    DocumentKind.PERSPECTIVE_PLAN: lecturers.perspective_part,
    DocumentKind.DEPARTMENT_PLAN: lecturers.department_part,
    DocumentKind.APPLICATION: lecturers.application_part,
    DocumentKind.INTERNSHIP_PLAN: lecturers.internship_part,
    DocumentKind.INTERNSHIP_PROGRAMME: lecturers.programme_part,
    DocumentKind.INTERNSHIP_INFORMATION: lecturers.information_part,
    DocumentKind.COURSE_REPORT: lecturers.report_part,
}


def place_in_year(month: int | None) -> int:
    """September is 0; rows without a month come last."""
    return months_of_school_year().index(month) if month else LAST


def plan_item_data(row: PlanItem) -> dict[str, Any]:
    """A row; with ``from_need`` only where it was made of a need, so that rows of other plans stay as they were."""
    data = {
        "uid": str(row.uid),
        "direction": row.direction,
        "rationale": row.rationale,
        "programme_title": row.programme_title,
        "block": row.block,
        "study_form": row.study_form,
        "hours": decimal_text(row.hours),
        "provider_text": row.provider_text,
        "school_year": row.school_year,
        "month": row.month,
        "note": row.note,
    }
    return data | {"from_need": origin_data(row.need)} if row.need else data


def origin_data(need: LearningNeed) -> dict[str, Any]:
    """Where a planned item comes from: the key of its need, the ground of the need, the code of a competence."""
    code = need.competence.code if need.competence else ""
    return {"key": need.pk, "origin": need.origin, "code": code}


def annual_item_data(row: AnnualPlanItem) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "need": row.need,
        "learning_methods": list(row.learning_methods),
        "methods_text": row.methods_text,
        "month": row.month,
        "term_text": row.term_text,
        "executor_kind": row.executor_kind,
        "executor_text": row.executor_text,
    }


def induction_item_data(row: InductionItem) -> dict[str, Any]:
    return {
        "uid": str(row.uid),
        "direction": row.direction,
        "activity": row.activity,
        "activity_form": row.activity_form,
        "plan_year": row.plan_year,
        "month": row.month,
        "expected_result": row.expected_result,
    }


def mentor_data(pair: Mentorship) -> dict[str, Any]:
    """Who writes the plan with the young specialist, and the order that says so (national regulation 4.4.1)."""
    return {
        "person": pair.mentor_id,
        "name": pair.mentor.full_name,
        "order_number": pair.order_number,
        "ordered_on": pair.ordered_on.isoformat() if pair.ordered_on else None,
    }


def _header(document: Document, job: Employment | None) -> Content:
    """Whose paper it is, school and period (national regulation 6.3; header table 001 L103–109)."""
    institution = document.institution
    return {
        "kind": document.kind,
        **({"teacher": _teacher(document, job)} if document.kind in PERSONAL else {}),
        "school": {"title": institution.title_ky, "district": institution.district.title_ky},
        "association": document.association.title_ky if document.association else "",
        "starts_on": document.starts_on.isoformat(),
        "ends_on": document.ends_on.isoformat(),
    }


def _teacher(document: Document, job: Employment | None) -> Content:
    author = document.author
    on: dt.date = today()
    return {
        "name": author.full_name,
        "short_name": author.short_name,
        "position": job.position if job else "",
        "subjects": [subject.title_ky for subject in job.subjects.all()] if job else [],
        "category": author.category.title_ky,
        "experience_years": author.experience_years(on),
        "education": author.education,
        "speciality": author.speciality,
    }
