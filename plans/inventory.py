"""What the site holds about a person: every table with such rows, and how they are found.

The dossier is made from this list, and a test walks all models: a table that leads to a person and is named neither
here nor in ``NOT_THEIRS`` fails the suite, and so does a JSON column that ``IN_JSON`` does not name (trust T39).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import ForeignKey, Model, Q, QuerySet

from courses.choices import ImportTable
from courses.models import (
    CalendarFeed,
    CalendarPeriod,
    CertificateFile,
    ConfirmedPair,
    ImportRow,
    RecordAttachment,
    RecordDecision,
    ScheduleEntry,
    Seat,
    SharingEvent,
    TrainingRecord,
)
from plans.choices import SheetKind
from plans.models import (
    AnnualPlan,
    AnnualPlanItem,
    Application,
    AssessmentAnswer,
    CountedNeed,
    CourseReport,
    DepartmentItem,
    Fulfilment,
    IndividualPlan,
    InductionItem,
    InductionMark,
    InductionPlan,
    InternshipInformation,
    InternshipItem,
    InternshipPlan,
    InternshipProgramme,
    LearningNeed,
    LessonSheet,
    PerspectiveItem,
    PlanItem,
    PortfolioEntry,
    Replacement,
    SelfAssessment,
    SheetAnswer,
)
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
    ``only`` narrows the rows; where no link leads there, ``found_by`` says which rows they are. What a person did in
    an office is about others and stays with them.
    """

    model: type[Model]
    ways: tuple[str, ...] = ()
    kept_back: frozenset[str] = frozenset()
    only: Q = Q()  # noqa: RUF009 - never changed
    found_by: Callable[[Sequence[int]], Q] | None = None

    def rows(self, person: Person) -> QuerySet[Any]:
        """Also those that stayed with records merged into this one."""
        people = [person.pk, *person.merged.values_list("pk", flat=True)]
        found = self.found_by(people) if self.found_by else Q()
        for way in self.ways:
            found |= Q(**{f"{way}__in": people})
        linked = [field.name for field in self.columns() if isinstance(field, ForeignKey)]
        return self.model._default_manager.filter(found, self.only).select_related(*linked).order_by("pk").distinct()

    def columns(self) -> Iterator[Any]:
        """The columns that are told."""
        return (field for field in self.model._meta.concrete_fields if field.name not in self.kept_back)


def imported_about(people: Sequence[int]) -> Q:
    """Rows of imports that made or matched one of the people, by what they did or say, and those of the same number.

    Rows name nobody by a link of the database: see ``ImportRow.target`` and ``ImportRow.did``. Rows that were refused
    and name no number of ours are nobody's; they are swept with their import.
    """
    found = Q(table=ImportTable.STAFF, target__in=people) | Q(columns__person__pk__in=people)
    theirs: dict[type[Model], Sequence[int]] = {
        Person: people,
        Employment: _keys(Employment.objects.filter(person__in=people)),
        RoleAssignment: _keys(RoleAssignment.objects.filter(person__in=people)),
        TrainingRecord: _keys(TrainingRecord.objects.filter(person__in=people)),
    }
    for model, keys in theirs.items():  # what a row did begins with the person, else with what it made of theirs
        found |= Q(did__0__0=model._meta.label, did__0__1__in=keys)
    numbers = [number for number in _numbers(people) if number]
    return found | Q(columns__personal_number__in=numbers) | Q(typed__personal_number__in=numbers)


def sheets_read_by(people: Sequence[int]) -> Q:
    """Sheets on lessons for both who wrote them; reflections for the mentee alone."""
    of_mentor = Q(mentorship__mentor__in=people) & ~Q(kind=SheetKind.REFLECTION)
    return Q(mentorship__mentee__in=people) | of_mentor


def answers_read_by(people: Sequence[int]) -> Q:
    """The answers on those sheets; of a reflection the mentor has those that the mentee shows."""
    of_both = ~Q(sheet__kind=SheetKind.REFLECTION) | Q(is_shared=True)
    return Q(sheet__mentorship__mentee__in=people) | Q(sheet__mentorship__mentor__in=people) & of_both


def _keys(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _numbers(people: Sequence[int]) -> Iterator[str]:
    return Person.objects.filter(pk__in=people).values_list("personal_number", flat=True).iterator()


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
    Holding(LessonSheet, found_by=sheets_read_by),
    Holding(SheetAnswer, found_by=answers_read_by),
    Holding(Merge, ("kept", "gone"), frozenset({"moved"})),
    Holding(Invitation, ("person",), frozenset({"salt", "token_hash"})),
    Holding(Consent, ("person",)),
    Holding(Notice, ("person",)),
    Holding(Meeting, ("present",)),
    Holding(IndividualPlan, ("author",)),
    Holding(PlanItem, ("plan__author",)),
    Holding(AnnualPlan, ("author",)),
    Holding(AnnualPlanItem, ("plan__author",)),
    Holding(InductionPlan, ("author",)),
    Holding(InductionItem, ("plan__author",)),
    Holding(InductionMark, ("plan__author",)),
    Holding(PerspectiveItem, ("person",)),
    Holding(DepartmentItem, ("person",)),
    Holding(Replacement, ("person", "instead_of")),
    Holding(Application, ("author",)),
    Holding(InternshipPlan, ("author",)),
    Holding(InternshipItem, ("plan__author",)),
    Holding(InternshipProgramme, ("author",)),
    Holding(InternshipInformation, ("author",)),
    Holding(CourseReport, ("author",)),
    Holding(Fulfilment, ("record__person",)),
    Holding(SelfAssessment, ("person",)),
    Holding(AssessmentAnswer, ("assessment__person",)),
    Holding(LearningNeed, ("employment__person",), frozenset({"title_key"})),
    Holding(CountedNeed, ("need__employment__person",)),
    Holding(PortfolioEntry, ("person",)),
    Holding(DocumentVersion, ("document__author",), only=Q(document__kind__in=PERSONAL)),
    Holding(Decision, ("version__document__author",), only=Q(version__document__kind__in=PERSONAL)),
    Holding(TrainingRecord, ("person",), frozenset({"title_key", "provider_key", "document_key"})),
    Holding(RecordDecision, ("record__person",)),
    Holding(SharingEvent, ("record__person",)),
    Holding(RecordAttachment, ("record__person",), frozenset({"uid"})),
    Holding(
        CertificateFile,
        (
            "record__person",
            "sharing__record__person",
            "attachment__record__person",
            "uploaded_by",
            "decisions__record__person",
        ),
        frozenset({"token"}),
    ),
    Holding(ConfirmedPair, ("first__person",)),
    Holding(CalendarPeriod, ("employment__person",)),
    Holding(ScheduleEntry, ("employment__person",)),
    Holding(Seat, ("employment__person",)),
    Holding(CalendarFeed, ("person",), frozenset({"token_hash"})),
    Holding(ImportRow, found_by=imported_about),
    Holding(AuditEntry, ("subject",), frozenset({"search_key", "address"})),
)

# Every column that holds JSON, with what it says of people: there the database itself finds nobody. «Emptied» is what
# ``plans.erasing`` does with it once the person's data is past its time.
IN_JSON = {
    "schools.Merge.moved": "numbers, birthdays and posts of two records: emptied",
    "courses.ImportRow.typed": "names, numbers, birthdays as typed: emptied",
    "courses.ImportRow.columns": "the same as read: emptied",
    "courses.ImportRow.reasons": "what was wrong with them: emptied",
    "courses.ImportRow.did": "what stood in a person's columns before and after: emptied",
    "schools.DocumentVersion.content": (
        "teacher, mentor, host, what a report says of one's own papers: emptied; an office's names stay, as of the "
        "director to whom one applies, with the posts and degrees in an office's plans, whose hash goes on; keys of "
        "needs stay"
    ),
    "courses.RecordDecision.content": "goal, comment and number of a document: emptied",
    "schools.Notice.facts": "what happened: the notice is deleted",
    "schools.AuditEntry.before": "columns that changed, numbers masked: sealed, shown no longer",
    "schools.AuditEntry.after": "columns that changed, numbers masked: sealed, shown no longer",
    "mfa.Authenticator.data": "a secret: deleted",
    "usersessions.UserSession.data": "what a signed-in browser remembers: deleted",
    "django_tasks_database.DBTaskResult.args_kwargs": "keys of the work asked for",
    "django_tasks_database.DBTaskResult.return_value": "nothing",
    "django_tasks_database.DBTaskResult.worker_ids": "names of workers",
    "cpd.PendingImport.rows": "courses read from a file, kept a few days: nobody",
    "schools.User.muted": "kinds of notices",
    "schools.DocumentVersion.route": "roles",
    "schools.AuditSeal.sealed": "keys and hashes of entries",
    "courses.WorkbookImport.counts": "numbers of rows",
    "courses.WorkbookImport.problems": "sheets and headings",
    "courses.Programme.study_forms": "codes",
    "courses.Seat.reasons": "codes",
    "courses.Book.versions": "keys of versions",
    "courses.Book.missing": "titles of schools",
    "courses.Schedule.taken": "keys of parts",
    "courses.ScheduleEntry.reasons": "codes",
    "plans.IndividualPlan.grounds": "codes",
    "plans.CourseReport.uses": "codes",
    "plans.PerspectiveItem.cells": "what an office plans for a person: it stays, as its other columns do",
    "plans.AnnualPlanItem.learning_methods": "codes",
    "plans.OrderRow.texts": "topics as schools write them: nobody",
    "plans.TrainingOrder.content": "who signs for the district: the names in an office's paper stay",
    "plans.SchoolPaper.text": "names a school wrote into its own paper: they stay",
}

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
    "plans.PerspectivePlan": "an office's paper: its rows are the persons'",
    "plans.DepartmentPlan": "an office's paper: its rows are the persons'",
    "plans.NeedsRequest": "an office's paper: it says how many, never who",
    "plans.TrainingOrder": "an office's paper: it says how many, never who",
    "plans.SchoolPaper": "an office's paper: who made and changed it",
    "plans.ProfessionalStandard": "who entered a version",
    "plans.QuestionSet": "who entered a version",
    "plans.Topic": "who said that two topics are one",
    "plans.TopicAlias": "who said that two topics are one",
    "plans.OfferingTopic": "who said what a course answers",
}
