"""What is learnt: norms, registers, records and their files; schedules, offered courses and places in them."""

from courses.models.attachments import RecordAttachment
from courses.models.books import Book, StoredPaper
from courses.models.calendars import AwayLimit, CalendarFeed, CalendarPeriod
from courses.models.files import CertificateFile
from courses.models.imports import ImportRow, WorkbookImport
from courses.models.norms import HoursPolicy, InductionNorm, LegalAct, Norm, PlanNorm
from courses.models.offerings import Offering, Seat
from courses.models.records import ConfirmedPair, RecordDecision, TrainingRecord
from courses.models.registers import Alias, Kept, Programme, ProgrammeAlias, Provider, ProviderAlias, ProviderRight
from courses.models.schedules import Schedule, ScheduleDeadline, ScheduleEntry, ScheduleReminder
from courses.models.sharing import SharingEvent

__all__ = [
    "Alias",
    "AwayLimit",
    "Book",
    "CalendarFeed",
    "CalendarPeriod",
    "CertificateFile",
    "ConfirmedPair",
    "HoursPolicy",
    "ImportRow",
    "InductionNorm",
    "Kept",
    "LegalAct",
    "Norm",
    "Offering",
    "PlanNorm",
    "Programme",
    "ProgrammeAlias",
    "Provider",
    "ProviderAlias",
    "ProviderRight",
    "RecordAttachment",
    "RecordDecision",
    "Schedule",
    "ScheduleDeadline",
    "ScheduleEntry",
    "ScheduleReminder",
    "Seat",
    "SharingEvent",
    "StoredPaper",
    "TrainingRecord",
    "WorkbookImport",
]
