"""The closed lists of this app, each word standing for one fact of the glossary."""

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class InstitutionKind(TextChoices):
    SCHOOL = "school", _("School")
    COLLEGE = "college", _("College")
    UNIVERSITY = "university", _("University")


class Category(TextChoices):
    """Qualification category; 000 §8–9 and 003 1.5 name two."""

    NONE = "none", _("No category")
    FIRST = "first", _("First category")
    HIGHEST = "highest", _("Highest category")


class TeachingLanguage(TextChoices):
    """In what language somebody teaches, and a course is given."""

    KYRGYZ = "ky", _("Kyrgyz")
    RUSSIAN = "ru", _("Russian")
    UZBEK = "uz", _("Uzbek")
    TAJIK = "tg", _("Tajik")


class Role(TextChoices):
    """What a person may do beyond their own papers. Being a teacher is no role of its own: it is an employment."""

    ASSOCIATION_HEAD = "association_head", _("Head of the methodical association")
    DEPUTY_DIRECTOR = "deputy_director", _("Deputy director for academic affairs")
    DIRECTOR = "director", _("Director")
    CLERK = "clerk", _("Clerk")
    DISTRICT_OFFICER = "district_officer", _("Officer of the district education office")
    INSTITUTE_VIEWER = "institute_viewer", _("Viewer of the republican institute")
    ADMINISTRATOR = "administrator", _("System administrator")


SCHOOL_ROLES = (Role.DEPUTY_DIRECTOR, Role.DIRECTOR, Role.CLERK)
COUNTRY_ROLES = (Role.INSTITUTE_VIEWER, Role.ADMINISTRATOR)


class DocumentKind(TextChoices):
    INDIVIDUAL_PLAN = "individual_plan", _("Individual professional development plan")
    ANNUAL_PLAN = "annual_plan", _("Yearly work plan")
    ASSOCIATION_SCHEDULE = "association_schedule", _("Course schedule of the association")
    SCHOOL_SCHEDULE = "school_schedule", _("Course schedule of the school")


# A person's own papers; the other kinds belong to an office, whoever holds it.
PERSONAL = (DocumentKind.INDIVIDUAL_PLAN, DocumentKind.ANNUAL_PLAN)
SCHEDULES = (DocumentKind.ASSOCIATION_SCHEDULE, DocumentKind.SCHOOL_SCHEDULE)
# Frozen first and sent by a second move: between the two it is printed, looked at and signed.
CLOSED_BEFORE_SENT = (DocumentKind.SCHOOL_SCHEDULE,)


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
}
ACTIONS_OF_KIND: "dict[tuple[str, str], StrOrPromise]" = {
    (DocumentKind.ASSOCIATION_SCHEDULE, Action.SUBMIT): _("Hand to the deputy director"),
    (DocumentKind.ASSOCIATION_SCHEDULE, Action.APPROVE): _("Take into the school's schedule"),
    (DocumentKind.ASSOCIATION_SCHEDULE, Action.AMEND): _("Make a change"),
    (DocumentKind.SCHOOL_SCHEDULE, Action.APPROVE): pgettext_lazy("button", "Accept"),
    (DocumentKind.SCHOOL_SCHEDULE, Action.AMEND): _("Make a change"),
}

STEP_ACTIONS = (Action.CONSIDER, Action.AGREE, Action.APPROVE)
