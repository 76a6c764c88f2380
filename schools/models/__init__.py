"""Who and where, and the documents that walk between them."""

from schools.models.accounts import User
from schools.models.documents import Decision, Document, DocumentVersion, Meeting
from schools.models.people import Employment, Person, RoleAssignment
from schools.models.places import District, Institution, MethodicalAssociation, Oblast, Subject
from schools.models.routes import ApprovalRoute, RouteStep

__all__ = [
    "ApprovalRoute",
    "Decision",
    "District",
    "Document",
    "DocumentVersion",
    "Employment",
    "Institution",
    "Meeting",
    "MethodicalAssociation",
    "Oblast",
    "Person",
    "RoleAssignment",
    "RouteStep",
    "Subject",
    "User",
]
