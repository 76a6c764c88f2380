"""The closed lists of this app, each word standing for one fact of the glossary."""

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


def label_of(choices: type[TextChoices], value: str) -> str:
    """What people read for a value; the value itself where there is no such choice.

    Django's own way (``get_…_display``) translates every choice to find one: too much for each row of a list.
    """
    try:
        return str(choices(value).label)
    except ValueError:
        return value


class InstitutionKind(TextChoices):
    SCHOOL = "school", pgettext_lazy("kind of institution", "School")
    COLLEGE = "college", pgettext_lazy("kind of institution", "College")
    UNIVERSITY = "university", pgettext_lazy("kind of institution", "University")


NO_CATEGORY = "none"  # the code of the entry of ``Category`` for who has none


class TeachingLanguage(TextChoices):
    """In what language somebody teaches, and a course is given."""

    KYRGYZ = "ky", _("Kyrgyz")
    RUSSIAN = "ru", _("Russian")
    UZBEK = "uz", _("Uzbek")
    TAJIK = "tg", _("Tajik")


class Role(TextChoices):
    """What a person may do beyond their own papers. Being a teacher is no role of its own: it is an employment."""

    ASSOCIATION_HEAD = "association_head", _("Head of the methodical association")
    DEAN = "dean", _("Dean of the faculty")
    DEPUTY_DIRECTOR = "deputy_director", _("Deputy director for academic affairs")
    DIRECTOR = "director", _("Director")
    CLERK = "clerk", _("Clerk")
    QUALITY_OFFICER = "quality_officer", _("Head of the quality department")
    DISTRICT_OFFICER = "district_officer", _("Officer of the district education office")
    INSTITUTE_VIEWER = "institute_viewer", _("Viewer of the republican institute")
    ADMINISTRATOR = "administrator", _("System administrator")


class EndReason(TextChoices):
    """Why an employment ended."""

    LEFT = "left", _("Left the post")
    TRANSFERRED = "transferred", _("Moved to another institution")
    RETIRED = "retired", _("Retired")
    DIED = "died", _("Died")


class LeaveKind(TextChoices):
    """Long leave: what keeps somebody from work for months. The yearly leave of teachers is none of these."""

    CHILDCARE = "childcare", _("Maternity or childcare leave")
    STUDY = "study", _("Study or creative leave")
    MILITARY = "military", _("Military service")
    ILLNESS = "illness", _("Long illness")
    OTHER = "other", _("Other long leave")


class Work(TextChoices):
    """A part of a deputy director's work that can be handed to somebody else for a time."""

    PLANS = "plans", _("Considering and approving plans")
    RECORDS = "records", _("Verifying certificates")
    SCHEDULES = "schedules", _("The school's course schedule")
    NEEDS = "needs", _("The school's request on learning needs")
    ACCOUNTS = "accounts", _("Accounts and invitations")


class TransferState(TextChoices):
    """Where a move between two institutions stands; both have to agree to it."""

    PROPOSED = "proposed", pgettext_lazy("transfer", "Waits for the other institution")
    CONFIRMED = "confirmed", pgettext_lazy("transfer", "Confirmed")
    REFUSED = "refused", pgettext_lazy("transfer", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")


class NoticeKind(TextChoices):
    """What a notice is about. Decisions on one's own papers are always told; every other kind can be switched off."""

    RETURNED = "returned", pgettext_lazy("notice", "Returned to me")
    APPROVED = "approved", pgettext_lazy("notice", "Decided on my papers")
    WAITING = "waiting", pgettext_lazy("notice", "Waits for me")
    DUE = "due", pgettext_lazy("notice", "My hours are due")
    PLACE = "place", pgettext_lazy("notice", "A place in a course")
    DEADLINE = "deadline", pgettext_lazy("notice", "Deadline of the schedule")
    MOVE = "move", pgettext_lazy("notice", "Moves between schools")
    ACCOUNT = "account", pgettext_lazy("notice", "My account")
    MENTORING = "mentoring", pgettext_lazy("notice", "Mentors and young specialists")


ALWAYS_TOLD = (NoticeKind.RETURNED, NoticeKind.APPROVED, NoticeKind.ACCOUNT)


class Event(TextChoices):
    """What the journal keeps. See :mod:`schools.audit`."""

    SIGNED_IN = "signed_in", pgettext_lazy("journal", "Signed in")
    PASSWORD_CHANGED = "password_changed", pgettext_lazy("journal", "Password changed")
    SECOND_FACTOR_CHANGED = "second_factor_changed", pgettext_lazy("journal", "Second factor changed")
    SESSIONS_ENDED = "sessions_ended", pgettext_lazy("journal", "Signed out everywhere")
    MAIL_CHANGED = "mail_changed", pgettext_lazy("journal", "E-mail address changed")
    INVITED = "invited", pgettext_lazy("journal", "Invitation made")
    INVITATION_REVOKED = "invitation_revoked", pgettext_lazy("journal", "Invitation revoked")
    ACCOUNT_MADE = "account_made", pgettext_lazy("journal", "Account made")
    ACCOUNT_CLOSED = "account_closed", pgettext_lazy("journal", "Account closed")
    ACCOUNT_OPENED = "account_opened", pgettext_lazy("journal", "Account opened again")
    HIRED = "hired", pgettext_lazy("journal", "Hired")
    EMPLOYMENT_CHANGED = "employment_changed", pgettext_lazy("journal", "Employment changed")
    EMPLOYMENT_ENDED = "employment_ended", pgettext_lazy("journal", "Employment ended")
    LEAVE_CHANGED = "leave_changed", pgettext_lazy("journal", "Long leave entered or changed")
    TRANSFER_PROPOSED = "transfer_proposed", pgettext_lazy("journal", "Transfer proposed")
    TRANSFER_ANSWERED = "transfer_answered", pgettext_lazy("journal", "Transfer answered")
    NAME_CHANGED = "name_changed", pgettext_lazy("journal", "Name changed")
    PERSON_CHANGED = "person_changed", pgettext_lazy("journal", "Personal data changed")
    MERGED = "merged", pgettext_lazy("journal", "Two records merged")
    MERGE_UNDONE = "merge_undone", pgettext_lazy("journal", "Merge undone")
    ROLE_GIVEN = "role_given", pgettext_lazy("journal", "Role given")
    ROLE_ENDED = "role_ended", pgettext_lazy("journal", "Role ended")
    MENTOR_FIXED = "mentor_fixed", pgettext_lazy("journal", "Mentor fixed by order")
    MENTOR_CHANGED = "mentor_changed", pgettext_lazy("journal", "Mentorship changed or ended")
    LECTURER_REPLACED = "lecturer_replaced", pgettext_lazy("journal", "Another lecturer goes to a course")
    DELEGATED = "delegated", pgettext_lazy("journal", "Work handed over")
    DELEGATION_ENDED = "delegation_ended", pgettext_lazy("journal", "Handing over ended")
    DOCUMENT_MOVED = "document_moved", pgettext_lazy("journal", "Step of a plan or schedule")
    RECORD_MOVED = "record_moved", pgettext_lazy("journal", "Decision on a record")
    IMPORT_APPLIED = "import_applied", pgettext_lazy("journal", "Import applied")
    IMPORT_UNDONE = "import_undone", pgettext_lazy("journal", "Import undone")
    SAW_PERSON = "saw_person", pgettext_lazy("journal", "Looked at a person's data")
    SAW_DOCUMENT = "saw_document", pgettext_lazy("journal", "Looked at a plan")
    SAW_RECORD = "saw_record", pgettext_lazy("journal", "Looked at a record or certificate")
    TOOK_TABLE = "took_table", pgettext_lazy("journal", "Took a table or paper about several people")
    TOOK_OWN_DATA = "took_own_data", pgettext_lazy("journal", "Took all data about themselves")
    CONSENTED = "consented", pgettext_lazy("journal", "Agreed to the text on personal data")
    ERASED = "erased", pgettext_lazy("journal", "Made nameless")
    REFERENCE_CHANGED = "reference_changed", pgettext_lazy("journal", "Reference data changed")


class Kept(TextChoices):
    """What is kept for a time, and from when the time runs."""

    PEOPLE = "people", _("Personal data, after a person's last employment")
    NOTICES = "notices", _("Notices, after they were made")


SCHOOL_ROLES = (Role.DEPUTY_DIRECTOR, Role.DIRECTOR, Role.CLERK, Role.QUALITY_OFFICER)
UNIT_ROLES = (Role.ASSOCIATION_HEAD, Role.DEAN)  # of an association or department, and of the faculty it is part of
LEADING_ROLES = (Role.DEPUTY_DIRECTOR, Role.DIRECTOR)
KEEPING_ROLES = (*LEADING_ROLES, Role.CLERK)  # who keep the staff's papers; a quality department reads only
COUNTRY_ROLES = (Role.INSTITUTE_VIEWER, Role.ADMINISTRATOR)


class DocumentKind(TextChoices):
    INDIVIDUAL_PLAN = "individual_plan", _("Individual professional development plan")
    ANNUAL_PLAN = "annual_plan", _("Yearly work plan")
    ASSOCIATION_SCHEDULE = "association_schedule", _("Course schedule of the association")
    SCHOOL_SCHEDULE = "school_schedule", _("Course schedule of the school")
    NEEDS_REQUEST = "needs_request", _("Request on learning needs")
    INDUCTION_PLAN = "induction_plan", _("Three-year individual development plan of a young specialist")
    PERSPECTIVE_PLAN = "perspective_plan", _("Perspective plan of qualification upgrade")
    DEPARTMENT_PLAN = "department_plan", _("Yearly plan of the department")
    APPLICATION = "application", _("Application for a course or internship")
    INTERNSHIP_PLAN = "internship_plan", _("Internship plan")
    INTERNSHIP_PROGRAMME = "internship_programme", _("Internship programme")
    INTERNSHIP_INFORMATION = "internship_information", _("Information on the internship")
    COURSE_REPORT = "course_report", _("Report on the qualification upgrade")


# A person's own papers; the other kinds belong to an office, whoever holds it. A young specialist writes the plan of
# the first years together with the mentor (national regulation 4.4.1).
OF_A_PERIOD = (DocumentKind.INDIVIDUAL_PLAN, DocumentKind.ANNUAL_PLAN, DocumentKind.INDUCTION_PLAN)  # no two overlap
PERSONAL = (
    *OF_A_PERIOD,
    DocumentKind.APPLICATION,
    DocumentKind.INTERNSHIP_PLAN,
    DocumentKind.INTERNSHIP_PROGRAMME,
    DocumentKind.INTERNSHIP_INFORMATION,
    DocumentKind.COURSE_REPORT,
)
# Plans of a department, or of the whole institution where they name none.
OF_A_UNIT = (DocumentKind.PERSPECTIVE_PLAN, DocumentKind.DEPARTMENT_PLAN)
TERMED = PERSONAL[len(OF_A_PERIOD) :]  # about the days of one course or internship, not about years
PLANS = (*PERSONAL, *OF_A_UNIT)  # what is made, read and decided on the pages of plans
SCHEDULES = (DocumentKind.ASSOCIATION_SCHEDULE, DocumentKind.SCHOOL_SCHEDULE)
OF_A_SCHOOL = (DocumentKind.SCHOOL_SCHEDULE, DocumentKind.NEEDS_REQUEST)  # whoever leads it, or has that work
WORK_OF_KIND = (
    dict.fromkeys(PLANS, Work.PLANS)
    | dict.fromkeys(SCHEDULES, Work.SCHEDULES)
    | {DocumentKind.NEEDS_REQUEST: Work.NEEDS}
)
# Frozen first and sent by a second move: between the two it is printed, looked at and signed.
CLOSED_BEFORE_SENT = (DocumentKind.SCHOOL_SCHEDULE,)
# Not amended: another term or another course is another application, with signatures of its own.
DECIDED_ONCE = (DocumentKind.APPLICATION,)
# Signed at the school and received outside: whose signature comes first signs by handing in what is their own making.
SIGNED_BY_MAKER = (DocumentKind.NEEDS_REQUEST,)


class State(TextChoices):
    """Where a document stands. Only ``schools.approval`` moves it."""

    DRAFT = "draft", _("Draft")
    CLOSED = "closed", pgettext_lazy("schedule", "Closed")
    SUBMITTED = "submitted", _("Submitted")
    CONSIDERED = "considered", _("Considered")
    AGREED = "agreed", _("Agreed")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for revision")


class Action(TextChoices):
    """The moves of a document; ``approval.MOVES`` says which of them is legal where."""

    SUBMIT = "submit", _("Submit for consideration")
    CLOSE = "close", _("Close the schedule")
    SEND = "send", _("Send to the district office")
    REOPEN = "reopen", _("Open again")
    WITHDRAW = "withdraw", _("Withdraw")
    CONSIDER = "consider", _("Mark as considered")
    AGREE = "agree", _("Agree")
    APPROVE = "approve", pgettext_lazy("button", "Approve")
    RETURN = "return", _("Return for revision")
    AMEND = "amend", _("Make a yearly change")
    DISCARD = "discard", _("Discard the change")


# Where a kind of document calls a state or a move by another word.
STATES_OF_KIND: "dict[tuple[str, str], StrOrPromise]" = {
    (DocumentKind.ASSOCIATION_SCHEDULE, State.SUBMITTED): _("Handed to the deputy director"),
    (DocumentKind.ASSOCIATION_SCHEDULE, State.APPROVED): _("Taken into the school's schedule"),
    (DocumentKind.SCHOOL_SCHEDULE, State.SUBMITTED): _("Sent to the district"),
    (DocumentKind.SCHOOL_SCHEDULE, State.APPROVED): _("Accepted by the district"),
    (DocumentKind.INTERNSHIP_INFORMATION, State.APPROVED): _("Received by the quality department"),
    (DocumentKind.NEEDS_REQUEST, State.AGREED): _("Signed and sent to the district"),
    (DocumentKind.NEEDS_REQUEST, State.APPROVED): _("Received by the district"),
}
ACTIONS_OF_KIND: "dict[tuple[str, str], StrOrPromise]" = {
    (DocumentKind.ASSOCIATION_SCHEDULE, Action.SUBMIT): _("Hand to the deputy director"),
    (DocumentKind.ASSOCIATION_SCHEDULE, Action.APPROVE): _("Take into the school's schedule"),
    (DocumentKind.ASSOCIATION_SCHEDULE, Action.AMEND): _("Make a change"),
    (DocumentKind.SCHOOL_SCHEDULE, Action.APPROVE): pgettext_lazy("button", "Accept"),
    (DocumentKind.SCHOOL_SCHEDULE, Action.AMEND): _("Make a change"),
    (DocumentKind.INTERNSHIP_PLAN, Action.AMEND): _("Make a change"),
    (DocumentKind.INTERNSHIP_PROGRAMME, Action.AMEND): _("Make a change"),
    (DocumentKind.INTERNSHIP_INFORMATION, Action.APPROVE): pgettext_lazy("button", "Receive"),
    (DocumentKind.INTERNSHIP_INFORMATION, Action.AMEND): _("Make a change"),
    (DocumentKind.NEEDS_REQUEST, Action.SUBMIT): _("Hand in for signing"),
    (DocumentKind.NEEDS_REQUEST, Action.AGREE): _("Sign and send to the district"),
    (DocumentKind.NEEDS_REQUEST, Action.APPROVE): pgettext_lazy("button", "Receive"),
    (DocumentKind.NEEDS_REQUEST, Action.AMEND): _("Make a change"),
}

STEP_ACTIONS = (Action.CONSIDER, Action.AGREE, Action.APPROVE)
