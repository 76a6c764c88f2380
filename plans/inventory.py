"""What the site holds about a person: every table with such rows, and how they are found.

The dossier is made from this list, and a test walks all models: a table that leads to a person and is named neither
here nor in ``NOT_THEIRS`` fails the suite (trust T39).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import ForeignKey, Model, Q, QuerySet

from courses.models import (
    CalendarFeed,
    CalendarPeriod,
    CertificateFile,
    ConfirmedPair,
    RecordDecision,
    ScheduleEntry,
    Seat,
    TrainingRecord,
)
from plans.models import AnnualPlan, AnnualPlanItem, Fulfilment, IndividualPlan, PlanItem
from schools.choices import PERSONAL
from schools.models import (
    AuditEntry,
    Consent,
    Decision,
    Delegation,
    DocumentVersion,
    Employment,
    Invitation,
    Leave,
    Meeting,
    Mentorship,
    Merge,
    NameChange,
    Notice,
    Person,
    RoleAssignment,
    Transfer,
    User,
)


@dataclass(frozen=True)
class Holding:
    """Rows of one table that are about a person: those for which any of ``ways`` leads to them.

    ``kept_back`` are columns that would open something rather than tell something, or that are somebody else's;
    ``only`` narrows the rows. What a person did in an office is about others and stays with them.
    """

    model: type[Model]
    ways: tuple[str, ...]
    kept_back: frozenset[str] = frozenset()
    only: Q = Q()  # noqa: RUF009 - never changed

    def rows(self, person: Person) -> QuerySet[Any]:
        """Also those that stayed with records merged into this one."""
        people = [person.pk, *person.merged.values_list("pk", flat=True)]
        found = Q()
        for way in self.ways:
            found |= Q(**{f"{way}__in": people})
        linked = [field.name for field in self.columns() if isinstance(field, ForeignKey)]
        return self.model._default_manager.filter(found, self.only).select_related(*linked).order_by("pk").distinct()

    def columns(self) -> Iterator[Any]:
        """The columns that are told."""
        return (field for field in self.model._meta.concrete_fields if field.name not in self.kept_back)


HOLDINGS = (
    Holding(Person, ("pk",), frozenset({"search_key"})),
    Holding(User, ("person",), frozenset({"password"})),
    Holding(Authenticator, ("user__person",), frozenset({"data"})),
    Holding(UserSession, ("user__person",), frozenset({"session_key", "data"})),
    Holding(NameChange, ("person",)),
    Holding(Employment, ("person",)),
    Holding(RoleAssignment, ("person",)),
    Holding(Delegation, ("taker", "giver")),
    Holding(Leave, ("employment__person",)),
    Holding(Transfer, ("employment__person",)),
    Holding(Mentorship, ("mentor", "mentee")),
    Holding(Merge, ("kept", "gone"), frozenset({"moved"})),
    Holding(Invitation, ("person",), frozenset({"salt", "token_hash"})),
    Holding(Consent, ("person",)),
    Holding(Notice, ("person",)),
    Holding(Meeting, ("present",)),
    Holding(IndividualPlan, ("author",)),
    Holding(PlanItem, ("plan__author",)),
    Holding(AnnualPlan, ("author",)),
    Holding(AnnualPlanItem, ("plan__author",)),
    Holding(Fulfilment, ("record__person",)),
    Holding(DocumentVersion, ("document__author",), only=Q(document__kind__in=PERSONAL)),
    Holding(Decision, ("version__document__author",), only=Q(version__document__kind__in=PERSONAL)),
    Holding(TrainingRecord, ("person",), frozenset({"title_key", "provider_key", "document_key"})),
    Holding(RecordDecision, ("record__person",)),
    Holding(CertificateFile, ("record__person", "uploaded_by", "decisions__record__person"), frozenset({"token"})),
    Holding(ConfirmedPair, ("first__person",)),
    Holding(CalendarPeriod, ("employment__person",)),
    Holding(ScheduleEntry, ("employment__person",)),
    Holding(Seat, ("employment__person",)),
    Holding(CalendarFeed, ("person",), frozenset({"token_hash"})),
    Holding(AuditEntry, ("subject",), frozenset({"search_key", "address"})),
)

# Tables in which somebody is named for what they did in their office. They are about the thing, not about the person.
NOT_THEIRS = {
    "schools.Document": "the plans are told with their own columns; an office's paper is not the person's",
    "cpd.ReceivedForm": "kept a few days, so that a form sent twice acts once",
    "cpd.PendingImport": "kept a few days, until a file that was read is taken",
    "admin.LogEntry": "what an administrator did; the journal tells it too",
    "account.EmailAddress": "not used: an account has one address of its own",
    "courses.Schedule": "an office's paper",
    "courses.ScheduleReminder": "who reminded a school",
    "courses.ScheduleDeadline": "who set a deadline",
    "courses.Offering": "who entered a course",
    "courses.Book": "who asked for a book",
    "courses.WorkbookImport": "who imported a workbook",
    "courses.AwayLimit": "who set a limit",
    "courses.ProviderAlias": "who entered a name",
    "courses.ProgrammeAlias": "who entered a name",
    "courses.ProviderRight": "who entered a right",
    "courses.Provider": "who entered a provider",
    "courses.Programme": "who entered a programme",
}
