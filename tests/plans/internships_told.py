"""Internships walked to a state through the actions people use."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from cpd.dates import today
from plans import actions
from plans.lecturers.starting import start_of_internship, start_termed
from plans.models import InternshipInformation, InternshipPlan, InternshipProgramme
from schools.choices import DocumentKind, State
from schools.models import User
from tests import factories
from tests.factories import fresh

HEADER = {
    "direction": "Молекулярдык биология",
    "host_text": "Улуттук лаборатория",
    "host_head": "Жээнбаева А. К.",
    "host_agreed_on": dt.date(2024, 1, 15),
}


def internship_row(**columns: Any) -> dict[str, Any]:
    wanted = {"uid": uuid4(), "work": "Үлгүлөрдү изилдөө", "activity_kind": "skills", "hours": Decimal(72)}
    return wanted | {"term_text": "1-жума", "result": ""} | columns


def internship(
    user: User, *, ends_on: dt.date | None = None, days: int = 14, rows: Any = None, **header: Any
) -> InternshipPlan:
    """A draft that lacks nothing; it ends yesterday and takes fourteen days, where nothing else is wanted."""
    last = ends_on or today() - dt.timedelta(days=1)
    plan = start_termed(
        by=user,
        kind=DocumentKind.INTERNSHIP_PLAN,
        employment=user.person.employments.get(is_main=True),
        starts_on=last - dt.timedelta(days=days - 1),
        ends_on=last,
    )
    return saved(plan, HEADER | header, [internship_row()] if rows is None else rows)


def saved(paper: Any, header: dict[str, Any], rows: Any = ()) -> Any:
    actions.save_plan(plan=paper, by=paper.author.user, seen=paper.revision, header=header, rows=rows)
    return fresh(paper)


def handed_in(paper: Any) -> Any:
    actions.submit_plan(plan=paper, by=paper.author.user, seen=paper.revision)
    return fresh(paper)


def in_force(paper: Any) -> Any:
    """Walked to the end of its route."""
    paper = handed_in(paper) if paper.is_editable else paper
    while paper.state != State.APPROVED:
        paper = factories.decided(paper)
    return paper


def programme(plan: InternshipPlan) -> InternshipProgramme:
    paper = start_of_internship(by=plan.author.user, kind=DocumentKind.INTERNSHIP_PROGRAMME, internship=plan)
    columns = {"programme_title": "Лабораториялык ыкмалар", "aim": "Ыкмаларды үйрөнүү", "supervision": "Жума сайын"}
    return saved(paper, columns | {"supervisor": "Асанова Б. К."})


def information(plan: InternshipPlan, **columns: Any) -> InternshipInformation:
    paper = start_of_internship(by=plan.author.user, kind=DocumentKind.INTERNSHIP_INFORMATION, internship=plan)
    return saved(paper, {"hours_done": Decimal(72), "supervisor": "Асанова Б. К."} | columns)
