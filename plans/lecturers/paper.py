"""What the papers of colleges and universities print beside the common head: forms F19–F27 (annexes of 004; 003)."""

from collections.abc import Callable
from typing import Any

from plans.lecturers import internship_paper
from plans.lecturers.letters_paper import application_part, report_part
from plans.lecturers.plans_paper import department_part, perspective_part
from schools.choices import DocumentKind
from schools.models import DocumentVersion

Content = dict[str, Any]
Part = Callable[[Content, Any, DocumentVersion | None], dict[str, Any]]


PARTS: dict[str, Part] = {
    DocumentKind.PERSPECTIVE_PLAN: perspective_part,
    DocumentKind.DEPARTMENT_PLAN: department_part,
    DocumentKind.APPLICATION: application_part,
    DocumentKind.INTERNSHIP_PLAN: internship_paper.plan_part,
    DocumentKind.INTERNSHIP_PROGRAMME: internship_paper.programme_part,
    DocumentKind.INTERNSHIP_INFORMATION: internship_paper.information_part,
    DocumentKind.COURSE_REPORT: report_part,
}
