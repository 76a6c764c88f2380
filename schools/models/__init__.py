"""Who and where, and the documents that walk between them."""

from schools.models.accounts import User
from schools.models.documents import AppendOnly, AppendOnlyQuerySet, Decision, Document, DocumentVersion, Meeting
from schools.models.people import Dated, Employment, Mentorship, Person, RoleAssignment
from schools.models.places import Bilingual, District, Institution, MethodicalAssociation, Oblast, Subject
from schools.models.routes import ApprovalRoute, RouteStep

__all__ = [
    "AppendOnly",
    "AppendOnlyQuerySet",
    "ApprovalRoute",
    "Bilingual",
    "Dated",
    "Decision",
    "District",
    "Document",
    "DocumentVersion",
    "Employment",
    "Institution",
    "Meeting",
    "Mentorship",
    "MethodicalAssociation",
    "Oblast",
    "Person",
    "RoleAssignment",
    "RouteStep",
    "Subject",
    "User",
]
