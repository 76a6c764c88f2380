"""What the hours rule is told: the rule, the teacher, the records."""

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal

from courses.choices import (
    DeliveryMode,
    Driver,
    HoursUnit,
    LearningCategory,
    NormStatus,
    ParticipationRole,
    Precision,
    RecordStatus,
    TrainingKind,
    Transition,
    YearKind,
)
from courses.rules.leave import Leave
from cpd.dates import Period

# Numbers from the database, numbers or texts from a document; of one kind within one judgement.
RecordId = int | str
Pair = frozenset[RecordId]


@dataclass(frozen=True)
class Policy:
    """One hours rule with every parameter of rules §2. Hours are decimals, ``warn_days`` days, the rest years."""

    code: str
    institution_kind: str
    status: str
    years: int
    driver: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    institution: Hashable | None = None  # None: all institutions of the kind
    staff_group: str = ""  # "": all staff
    req_hours: Decimal | None = None
    accumulate: bool = False  # read by the driver "frequency" alone: the others always add hours up
    min_event_hours: Decimal | None = None
    min_compulsory_hours: Decimal | None = None
    frequency_years: int | None = None
    planning_interval_years: int | None = None
    internship_min_hours: Decimal | None = None
    internship_min_days: int | None = None  # calendar days, the first and the last inside
    information_days: int | None = None  # calendar days after an internship, in which it is told of
    retraining_min_hours: Decimal | None = None
    programme_min_hours: Decimal | None = None  # the border between a module and a programme (001 4.5.2)
    degree_counts: bool = False
    count_nonformal: bool = False
    require_document: bool = True
    require_provider_eligible: bool = True
    hours_per_credit: Decimal | None = None
    max_hours_per_day: Decimal | None = None
    year_kind: str = YearKind.SCHOOL
    warn_days: int = 0
    transition: str = Transition.CLOSE_AT_REPEAL
    leave_extends: bool = False

    @property
    def measures_internships(self) -> bool:
        """Whether internships have limits of their own; else they are measured as courses."""
        return self.internship_min_hours is not None or self.internship_min_days is not None

    @property
    def asks_for_event(self) -> bool:
        """Whether the demand is one large event, and not a sum of hours."""
        return self.driver == Driver.FREQUENCY and not self.accumulate

    @property
    def event_years(self) -> int:
        """In how many years an event is asked for once."""
        return self.frequency_years or self.years

    @property
    def names_other_kinds(self) -> bool:
        """Whether learning that is no course does for one: where people must say of what kind theirs was."""
        return self.asks_for_event and (self.measures_internships or self.degree_counts)

    @property
    def stands_still_in_leave(self) -> bool:
        """Whether days of long leave are no part of its years; a year of the calendar ends when it ends."""
        return self.leave_extends and self.driver != Driver.YEAR

    def holds_on(self, day: dt.date) -> bool:
        """In force on the day, the first and the last day inside."""
        return (
            self.status == NormStatus.IN_FORCE
            and self.valid_from is not None
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True)
class Record:
    """One course, module or internship (rules §1). Both dates are known or neither; empty texts are unknown."""

    id: RecordId
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    precision: str = Precision.DAY
    amount: Decimal | None = None  # in ``unit``
    unit: str = HoursUnit.HOUR
    approved_hours: Decimal | None = None  # what the verifier read off the document
    kind: str = TrainingKind.COURSE
    category: str = LearningCategory.FORMAL
    block: str = ""
    delivery_mode: str = DeliveryMode.OFFLINE
    role: str = ParticipationRole.PARTICIPANT
    title: str = ""  # folded: equal titles are equal texts
    provider: Hashable | None = None  # who it is; None: not in the register
    provider_rights: tuple[tuple[dt.date, dt.date | None], ...] = ()  # days of the right to teach, both ends inside
    document_type: str = ""
    document_number: str = ""  # as written: «б/н» is a number too
    document_key: str = ""  # the number to compare; "" where the document has none of its own
    document_on: dt.date | None = None
    has_file: bool = False
    file_hash: str = ""
    status: str = RecordStatus.VERIFIED
    recognised: bool = False
    entered_on: dt.date | None = None

    @property
    def days(self) -> Period | None:
        """From the first to the last possible day, or None while the dates are not known."""
        if self.starts_on is None or self.ends_on is None:
            return None
        return Period(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class Facts:
    """The teacher on the day judged; ``plans`` are the approved ones, ``leaves`` the long leaves from this work."""

    institution_kind: str
    institution: Hashable | None = None
    staff_group: str = ""
    employed_from: dt.date | None = None
    plans: tuple[Period, ...] = ()
    confirmed_pairs: frozenset[Pair] = frozenset()
    leaves: tuple[Leave, ...] = ()
