"""Of which tables the columns are that the journal's entries name, event by event. Each app adds its own."""

from collections.abc import Sequence

from django.db.models import Model

from schools.choices import Event
from schools.models import (
    Decision,
    Delegation,
    Document,
    Employment,
    Leave,
    Mentorship,
    Merge,
    Person,
    RoleAssignment,
    Transfer,
    User,
)

TABLES: dict[Event, Sequence[type[Model]]] = {
    Event.HIRED: (Employment, Person),
    Event.EMPLOYMENT_CHANGED: (Employment, Person),
    Event.EMPLOYMENT_ENDED: (Employment, Person),
    Event.LEAVE_CHANGED: (Leave,),
    Event.TRANSFER_PROPOSED: (Transfer, Employment),
    Event.TRANSFER_ANSWERED: (Transfer, Employment),
    Event.NAME_CHANGED: (Person,),
    Event.PERSON_CHANGED: (Person, Employment),
    Event.MERGED: (Merge, Person, Employment),
    Event.MERGE_UNDONE: (Merge, Person, Employment),
    Event.ERASED: (Person,),
    Event.ROLE_GIVEN: (RoleAssignment,),
    Event.ROLE_ENDED: (RoleAssignment,),
    Event.MENTOR_FIXED: (Mentorship,),
    Event.MENTOR_CHANGED: (Mentorship,),
    Event.DELEGATED: (Delegation,),
    Event.DELEGATION_ENDED: (Delegation,),
    Event.ACCOUNT_MADE: (User,),
    Event.ACCOUNT_CLOSED: (User,),
    Event.ACCOUNT_OPENED: (User,),
    Event.MAIL_CHANGED: (User,),
    Event.DOCUMENT_MOVED: (Document, Decision),
}
