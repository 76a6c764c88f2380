"""The closed lists of plans."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Ground(TextChoices):
    """What an individual plan rests on: national regulation 6.1."""

    STANDARD = "standard", _("Demands of the standard or of the qualification")
    ASSESSMENT = "assessment", _("Attestation and self-assessment results")
    SCHOOL_PROGRAMME = "school_programme", _("Development programme of the organisation")
    OWN_INTEREST = "own_interest", _("Own interests and needs")


class LearningMethod(TextChoices):
    """Column «Окутуунун түрлөрү» of the yearly plan; the two last are delivery modes found in the same column."""

    DISCUSSION = "discussion", _("Discussion-based learning")
    THEORY = "theory", _("Work with theory")
    EXPERIENCE = "experience", _("Work with experience")
    PRACTICE = "practice", _("Practice")
    OFFLINE = "offline", _("In person")
    ONLINE = "online", _("Online")


class Executor(TextChoices):
    """Column «Ким аткарат» of the yearly plan."""

    SELF = "self", _("The teacher")
    ASSOCIATION = "association", _("The methodical association")
    OTHER = "other", _("Somebody else")


class NeedOrigin(TextChoices):
    """Where a need was found: the grounds of national regulation 6.1, attestation apart from self-assessment."""

    SELF_ASSESSMENT = "self_assessment", _("Self-assessment")
    ATTESTATION = "attestation", _("Attestation")
    SCHOOL_PROGRAMME = "school_programme", _("Programme of the school")
    OWN_WISH = "own_wish", _("Own wish")


class NeedStage(TextChoices):
    """How far a need has come, by the last fact that is known of it; see ``plans.needs.chain``."""

    PRIVATE = "private", pgettext_lazy("need", "Seen by me alone")
    PASSED_ON = "passed_on", pgettext_lazy("need", "Passed on to the school")
    REQUESTED = "requested", pgettext_lazy("need", "In the school's request")
    SENT = "sent", pgettext_lazy("need", "Sent to the district")
    RECEIVED = "received", pgettext_lazy("need", "Received by the district")
    ORDERED = "ordered", pgettext_lazy("need", "Ordered by the district")
    PLACED = "placed", pgettext_lazy("need", "Place confirmed")
    ATTENDED = "attended", pgettext_lazy("need", "Attended")
    VERIFIED = "verified", pgettext_lazy("need", "Certificate verified")


class Quarter(IntegerChoices):
    """A quarter of the school year, three months each from September: summer courses belong to the last one."""

    FIRST = 1, _("1st quarter: September–November")
    SECOND = 2, _("2nd quarter: December–February")
    THIRD = 3, _("3rd quarter: March–May")
    FOURTH = 4, _("4th quarter: June–August")


class QuestionPurpose(TextChoices):
    """What a set of questions is asked for: 001 mentoring part, forms F14–F16."""

    BEFORE = "before", pgettext_lazy("lesson", "Before the lesson")
    AFTER = "after", pgettext_lazy("lesson", "After the lesson")
    FOCUS = "focus", _("What the mentee looks at in the mentor's lesson")
    REFLECTION = "reflection", _("Reflection of the mentee")


class SheetKind(TextChoices):
    """What a sheet of a mentorship is about."""

    OBSERVATION = "observation", _("The mentor observes the mentee's lesson")
    VISIT = "visit", _("The mentee observes the mentor's lesson")
    REFLECTION = "reflection", _("Reflection of the mentee")


class InductionStatus(TextChoices):
    """How the duty of a young specialist's plan stands (rules §8)."""

    NOT_REQUIRED = "not_required", pgettext_lazy("induction", "Not required")
    DUE = "due", pgettext_lazy("induction", "Due")
    SUBMITTED = "submitted", pgettext_lazy("induction", "Submitted")
    APPROVED = "approved", pgettext_lazy("induction", "Approved")
    LATE = "late", pgettext_lazy("induction", "Late")


class PaperKind(TextChoices):
    """Papers that a school draws up, edits in plain text and prints."""

    MEASURES_ORDER = "measures_order", _("Order on CPD measures")
    MINUTES_EXTRACT = "minutes_extract", _("Extract of minutes")


class Funding(TextChoices):
    """Who pays for a course or an internship (003 4.3; 004 1.8, 6.4)."""

    BUDGET = "budget", _("State budget")
    INSTITUTION = "institution", _("Own means of the institution")
    CONTRACT = "contract", _("A contract with an organisation or a person")
    GRANT = "grant", _("A grant, or the host country")
    OWN = "own", _("At one's own cost")


class InternshipActivity(TextChoices):
    """What an internship may consist of (004 VI 6.3)."""

    THEORY = "theory", _("Theoretical study by oneself")
    SKILLS = "skills", _("Gaining professional and organising skills")
    PLANNING = "planning", _("Taking part in planning the work of the organisation")
    PAPERS = "papers", _("Work with financial, normative and other papers")
    MEETINGS = "meetings", _("Taking part in meetings")


class PlanColumn(TextChoices):
    """The columns of a school year in a perspective plan: three of them in annex 1, the last one alone in F26."""

    METHODS = "methods", _("Methods of teaching")
    IT = "it", _("IT technology")
    SPECIALITY = "speciality", pgettext_lazy("column of a plan", "Speciality")
    COURSE = "course", _("Form, hours")


class ReportUse(TextChoices):
    """Where a lecturer uses what a course gave: the seven of annex 3."""

    NEW_LECTURES = "new_lectures", _("New lectures")
    RENEWED_LECTURES = "renewed_lectures", _("Renewing lectures given before")
    PRACTICAL_TASKS = "practical_tasks", _("Tasks for practical lessons")
    LABORATORY_TASKS = "laboratory_tasks", _("Tasks for laboratory work")
    HOME_TASKS = "home_tasks", _("Home, calculation and graphic tasks")
    TEST_TOPICS = "test_topics", _("Test topics for students of distance study")
    SEMINAR_TALK = "seminar_talk", _("A talk at a methodical seminar")
