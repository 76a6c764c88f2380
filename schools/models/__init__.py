"""Who and where, and the documents that walk between them."""

from schools.models.access import Delegation, Invitation
from schools.models.accounts import User
from schools.models.audit import AuditEntry, AuditSeal
from schools.models.documents import AppendOnly, AppendOnlyQuerySet, Decision, Document, DocumentVersion, Meeting
from schools.models.moves import Leave, Merge, NameChange, Transfer
from schools.models.notices import Notice
from schools.models.people import Dated, Employment, Mentorship, Person, RoleAssignment
from schools.models.places import (
    Bilingual,
    Category,
    District,
    Institution,
    Listed,
    MethodicalAssociation,
    Oblast,
    Position,
    Subject,
)
from schools.models.privacy import Consent, ConsentText, RetentionPeriod
from schools.models.routes import ApprovalRoute, PrintedForm, RouteStep

__all__ = [
    "AppendOnly",
    "AppendOnlyQuerySet",
    "ApprovalRoute",
    "AuditEntry",
    "AuditSeal",
    "Bilingual",
    "Category",
    "Consent",
    "ConsentText",
    "Dated",
    "Decision",
    "Delegation",
    "District",
    "Document",
    "DocumentVersion",
    "Employment",
    "Institution",
    "Invitation",
    "Leave",
    "Listed",
    "Meeting",
    "Mentorship",
    "Merge",
    "MethodicalAssociation",
    "NameChange",
    "Notice",
    "Oblast",
    "Person",
    "Position",
    "PrintedForm",
    "RetentionPeriod",
    "RoleAssignment",
    "RouteStep",
    "Subject",
    "Transfer",
    "User",
]
