"""What the papers of colleges and universities hold beside the common header, as plain data: see ``plans.content``."""

from typing import Any

from courses.facts import policy_of
from courses.models import TrainingRecord
from courses.words import decimal_text, known_hours
from cpd.dates import today
from plans.choices import ReportUse
from plans.lecturers.internships import due_of
from plans.lecturers.people import told_of
from plans.models import (
    Application,
    CourseReport,
    DepartmentPlan,
    InternshipInformation,
    InternshipPlan,
    InternshipProgramme,
    PerspectivePlan,
)
from schools.choices import Role
from schools.kinds import WAYS
from schools.models import Employment, RoleAssignment

Content = dict[str, Any]
Internship = InternshipProgramme | InternshipInformation


def perspective_part(plan: PerspectivePlan, _job: Employment | None) -> Content:
    """The columns of each school year are those of the institution's form (annex 1; F26)."""
    rows = list(plan.rows.all())
    told = told_of(plan.institution, {row.person_id for row in rows}, today())
    names = _names(plan, told)
    policy = policy_of(plan.institution, "", today())
    return {
        "frequency_years": policy.frequency_years if policy else None,
        "columns": list(WAYS[plan.institution.kind].plan_columns),
        "names_funding": WAYS[plan.institution.kind].names_funding,
        "school_years": plan.period.school_years,
        "rows": [
            {
                "uid": str(row.uid),
                "person_id": row.person_id,
                **told.get(row.person_id, {"name": names.get(row.person_id, "")}),
                "cells": {key: text for key, text in row.cells.items() if text},
                "provider_text": row.provider_text,
                "funding": row.funding,
                "note": row.note,
            }
            for row in rows
        ],
    }


def department_part(plan: DepartmentPlan, _job: Employment | None) -> Content:
    rows = list(plan.rows.all())
    told = told_of(plan.institution, {row.person_id for row in rows}, today())
    names = _names(plan, told)
    return {
        "rows": [
            {
                "uid": str(row.uid),
                "person_id": row.person_id,
                **told.get(row.person_id, {"name": names.get(row.person_id, "")}),
                "training_kind": row.training_kind,
                "topic": row.topic,
                "month": row.month,
                "term_text": row.term_text,
                "provider_text": row.provider_text,
                "note": row.note,
            }
            for row in rows
        ],
    }


def _names(plan: PerspectivePlan | DepartmentPlan, told: dict[int, Any]) -> dict[int, str]:
    """Of those who no longer work there; no query where all do."""
    missing = (
        plan.rows.exclude(person__in=told).select_related("person") if told else plan.rows.select_related("person")
    )
    return {row.person_id: row.person.full_name for row in missing}


def application_part(plan: Application, _job: Employment | None) -> Content:
    return {
        "training_kind": plan.training_kind,
        "direction": plan.direction,
        "provider_text": plan.provider_text,
        "study_form": plan.study_form,
        "funding": plan.funding,
        "addressee": _director_of(plan),
        "rows": [],
    }


def _director_of(plan: Application) -> str:
    """To whom an application is written (annex 4); nobody writes to themselves."""
    held = RoleAssignment.objects.on(today()).filter(institution=plan.institution, role=Role.DIRECTOR)
    first = held.exclude(person=plan.author).select_related("person").order_by("pk").first()
    return first.person.full_name if first else ""


def internship_part(plan: InternshipPlan, job: Employment | None) -> Content:
    policy = policy_of(plan.institution, job.staff_group if job else "", today())
    return {
        "direction": plan.direction,
        "host_text": plan.host_text,
        "host_head": plan.host_head,
        "host_agreed_on": plan.host_agreed_on.isoformat() if plan.host_agreed_on else None,
        "min_hours": decimal_text(policy.internship_min_hours) if policy else None,
        "min_days": policy.internship_min_days if policy else None,
        "agrees_with_host": WAYS[plan.institution.kind].agrees_with_host,
        "names_activities": WAYS[plan.institution.kind].names_activities,
        "rows": [
            {
                "uid": str(row.uid),
                "activity_kind": row.activity_kind,
                "work": row.work,
                "term_text": row.term_text,
                "hours": decimal_text(row.hours),
                "result": row.result,
            }
            for row in plan.rows.all()
        ],
    }


def programme_part(plan: InternshipProgramme, _job: Employment | None) -> Content:
    return {
        "programme_title": plan.programme_title,
        "aim": plan.aim,
        "supervision": plan.supervision,
        "supervisor": plan.supervisor,
        "internship": _internship(plan),
        "rows": [],
    }


def information_part(plan: InternshipInformation, _job: Employment | None) -> Content:
    due = due_of(plan)
    return {
        "hours_done": decimal_text(plan.hours_done),
        "supervisor": plan.supervisor,
        "internship": _internship(plan),
        "due_on": due.isoformat() if due else None,
        "rows": [],
    }


def report_part(plan: CourseReport, _job: Employment | None) -> Content:
    return {
        "aim": plan.aim,
        "topics": plan.topics,
        "opinion": plan.opinion,
        "effect": plan.effect,
        "uses": list(plan.uses),
        "new_lectures": plan.new_lectures if ReportUse.NEW_LECTURES in plan.uses else "",
        "record": record_data(plan.record),
        "attachments": [{"kind": one.kind, "title": one.title} for one in plan.record.attachments.all()],
        "rows": [],
    }


def record_data(record: TrainingRecord) -> Content:
    """The course as its record tells it: what a report needs to say of place, days and document."""
    return {
        "title": record.title,
        "kind": record.kind,
        "starts_on": record.starts_on.isoformat() if record.starts_on else None,
        "ends_on": record.ends_on.isoformat() if record.ends_on else None,
        "precision": record.precision,
        "provider": record.provider_text,
        "hours": decimal_text(known_hours(record.amount, record.unit, record.approved_hours)),
        "delivery_mode": record.delivery_mode,
        "document_type": record.document_type,
        "document_number": record.document_number,
        "document_on": record.document_on.isoformat() if record.document_on else None,
        "has_file": record.file_id is not None,
    }


def _internship(plan: Internship) -> Content:
    """The plan in force, as its makers read it when this paper was frozen."""
    told = plan.internship.in_force.content if plan.internship.in_force else internship_part(plan.internship, None)
    names = ("direction", "host_text", "host_head", "host_agreed_on", "rows")
    return {name: told[name] for name in names} | {
        "starts_on": plan.internship.starts_on.isoformat(),
        "ends_on": plan.internship.ends_on.isoformat(),
    }
