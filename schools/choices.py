"""The closed lists of this app, each word standing for one fact of the glossary."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InstitutionKind(TextChoices):
    SCHOOL = "school", _("School")
    COLLEGE = "college", _("College")
    UNIVERSITY = "university", _("University")


class Category(TextChoices):
    """Qualification category; 000 §8–9 and 003 1.5 name two."""

    NONE = "none", _("No category")
    FIRST = "first", _("First category")
    HIGHEST = "highest", _("Highest category")


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


class State(TextChoices):
    """Where a document stands. Only ``schools.approval`` moves it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CONSIDERED = "considered", _("Considered")
    AGREED = "agreed", _("Agreed")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned for revision")


class Action(TextChoices):
    """The moves of a document; ``approval.MOVES`` says which of them is legal where."""

    SUBMIT = "submit", _("Submit for consideration")
    WITHDRAW = "withdraw", _("Withdraw")
    CONSIDER = "consider", _("Mark as considered")
    AGREE = "agree", _("Agree")
    APPROVE = "approve", pgettext_lazy("button", "Approve")
    RETURN = "return", _("Return for revision")
    AMEND = "amend", _("Make a yearly change")
    DISCARD = "discard", _("Discard the change")


STEP_ACTIONS = (Action.CONSIDER, Action.AGREE, Action.APPROVE)
