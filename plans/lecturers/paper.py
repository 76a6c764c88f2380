"""What the papers of colleges and universities print beside the common head: forms F19–F27 (annexes of 004; 003)."""

from collections.abc import Callable
from typing import Any

from schools.choices import DocumentKind
from schools.models import DocumentVersion

Content = dict[str, Any]
Part = Callable[[Content, Any, DocumentVersion | None], dict[str, Any]]


def whole_part(content: Content, plan: Any, _version: DocumentVersion | None) -> dict[str, Any]:
    """The content as it was frozen, with the days it is about."""
    return {"content": content, "starts_on": plan.starts_on, "ends_on": plan.ends_on}


PARTS: dict[str, Part] = {
    DocumentKind.PERSPECTIVE_PLAN: whole_part,
    DocumentKind.DEPARTMENT_PLAN: whole_part,
    DocumentKind.APPLICATION: whole_part,
    DocumentKind.INTERNSHIP_PLAN: whole_part,
    DocumentKind.INTERNSHIP_PROGRAMME: whole_part,
    DocumentKind.INTERNSHIP_INFORMATION: whole_part,
    DocumentKind.COURSE_REPORT: whole_part,
}
