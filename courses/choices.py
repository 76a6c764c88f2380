"""The closed lists of learning, each word as the regulations use it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Block(TextChoices):
    """National regulation 4.5.1–4.5.4: the hours of both blocks are summed."""

    COMPULSORY = "compulsory", _("Compulsory block")
    VARIATIVE = "variative", _("Variative block")


class StudyForm(TextChoices):
    """How a course is taken: 000 §6, national regulation 4.5.3 and 6.3, 004 III 2.3."""

    FULL_TIME = "full_time", _("Full-time study")
    DISTANCE = "distance", _("Distance study")
    CORRESPONDENCE = "correspondence", _("Correspondence study")
    WORKPLACE = "workplace", _("At the workplace")
    RELEASED = "released", _("With release from work")
    PARTLY_RELEASED = "partly_released", _("With partial release from work")
    NOT_RELEASED = "not_released", _("Without release from work")


class CountedFrom(TextChoices):
    """From which day the months and years of a young specialist's plan run (rules §8)."""

    HIRING = "hiring", _("the first day of work")
    ORDER = "order", _("the order that fixed the mentor")


class DeliveryMode(TextChoices):
    """Column «Курстардын типтери» of F03."""

    OFFLINE = "offline", _("In person")
    ONLINE = "online", _("Online")
    BLENDED = "blended", _("Blended")


class Precision(TextChoices):
    """How exactly the dates of a record are known (forms §M, M2 and M26)."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


class HoursUnit(TextChoices):
    """What the number on a document counts. Only hours are ever added up by themselves (rules §4)."""

    HOUR = "hour", pgettext_lazy("unit", "hours")
    DAY = "day", pgettext_lazy("unit", "days")
    DAY_NIGHT = "day_night", pgettext_lazy("unit", "days and nights")
    CREDIT = "credit", pgettext_lazy("unit", "credits")
    UNKNOWN = "unknown", pgettext_lazy("unit", "unknown")


class TrainingKind(TextChoices):
    """What was attended: 001 4.5.2 and 5.3, 003 3.1–3.3, 004 III 2.1–2.4."""

    COURSE = "course", _("Course")
    INTERNSHIP = "internship", _("Internship")
    RETRAINING = "retraining", _("Professional retraining")
    SECOND_DEGREE = "second_degree", _("Second education")
    POSTGRADUATE = "postgraduate", _("Postgraduate study")
    DEGREE = "degree", _("Academic degree")
    CREATIVE_LEAVE = "creative_leave", _("Creative leave")
    CONFERENCE = "conference", _("Conference, seminar")
    SHORT_EVENT = "short_event", _("Short training or seminar")
    MENTORING = "mentoring", _("Mentoring")
    LEARNING_ORGANISATION = "learning_organisation", _("Corporate learning")
    NETWORK = "network", _("Network cooperation")
    INTERACTIVE = "interactive", _("Interactive professional development")
    SELF_STUDY = "self_study", _("Self-study")
    OPEN_LESSON = "open_lesson", _("Open lesson")


# Measured by what came of them, not by hours: such a record may be handed in without any.
WITHOUT_HOURS = (
    TrainingKind.SECOND_DEGREE,
    TrainingKind.POSTGRADUATE,
    TrainingKind.DEGREE,
    TrainingKind.CREATIVE_LEAVE,
)
# Of these a rule may say that they are as good as a course (003 3.1, 004 III 2.4).
STUDIES = (TrainingKind.SECOND_DEGREE, TrainingKind.POSTGRADUATE, TrainingKind.DEGREE)

# National regulation 5.3: what stands beside courses. Logged in a line or two, never counted unless a norm says so.
BESIDE_COURSES = (
    TrainingKind.MENTORING,
    TrainingKind.LEARNING_ORGANISATION,
    TrainingKind.NETWORK,
    TrainingKind.INTERACTIVE,
    TrainingKind.SELF_STUDY,
    TrainingKind.SHORT_EVENT,
)


def category_of(kind: str) -> str:
    """Short events outside the ordinary organisations are non-formal, the other models of 5.3 informal."""
    return LearningCategory.NONFORMAL if kind == TrainingKind.SHORT_EVENT else LearningCategory.INFORMAL


class SharingKind(TextChoices):
    """How a teacher shares what a course gave (000 §18)."""

    PRESENTATION = "presentation", _("Presentation")
    OPEN_LESSON = "open_lesson", _("Open lesson")
    SEMINAR = "seminar", _("Seminar")
    REPORT = "report", pgettext_lazy("sharing", "Report")


class AttachmentKind(TextChoices):
    """What came of a course (004 7.1, 7.2)."""

    LECTURES = "lectures", _("Lecture course")
    GUIDELINES = "guidelines", _("Methodical guidelines")
    MANUAL = "manual", _("Methodical manual")
    PROGRAMME = "programme", _("Programme of a new course")
    SEMINAR = "seminar", _("Seminar or master class")
    ARTICLE = "article", _("Article or chapter of a dissertation")
    OTHER = "other", pgettext_lazy("result", "Other work")


class LearningCategory(TextChoices):
    """National regulation 5.1–5.3: formal programmes, and what stands beside them."""

    FORMAL = "formal", _("Formal")
    NONFORMAL = "nonformal", _("Non-formal")
    INFORMAL = "informal", _("Informal")


class ParticipationRole(TextChoices):
    PARTICIPANT = "participant", _("Participant")
    TRAINER = "trainer", _("Trainer")
    ORGANISER = "organiser", _("Organiser")


class DocumentType(TextChoices):
    """What proves attendance: 000 §6, 001 4.5.5, 003 4.6, 004 III 2.4 and 5.2."""

    CERTIFICATE_UPGRADE = "certificate_upgrade", _("Certificate of qualification upgrade")
    CERTIFICATE = "certificate", _("Certificate")
    RETRAINING_DIPLOMA = "retraining_diploma", _("Diploma of professional retraining")
    DIPLOMA = "diploma", _("Diploma of education or of an academic degree")
    PROGRAMME = "programme", _("Programme of participation")
    THANKS_LETTER = "thanks_letter", _("Letter of thanks")


# A programme of participation and a letter of thanks bear no number of their own.
NUMBERED_DOCUMENTS = (
    DocumentType.CERTIFICATE_UPGRADE,
    DocumentType.CERTIFICATE,
    DocumentType.RETRAINING_DIPLOMA,
    DocumentType.DIPLOMA,
)


class RecordStatus(TextChoices):
    """Where a record of attendance stands. Only ``courses.verification`` moves it."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("record", "Waiting for verification")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Returned for revision")
    REJECTED = "rejected", pgettext_lazy("record", "Rejected")
    NOTED = "noted", pgettext_lazy("record", "Noted")  # learning beside courses that nobody has to verify


class RecordAction(TextChoices):
    """The moves of a record; ``courses.verification.MOVES`` says which of them is legal where."""

    SUBMIT = "submit", _("Submit for verification")
    WITHDRAW = "withdraw", _("Withdraw")
    SET_HOURS = "set_hours", pgettext_lazy("button", "Enter the hours")
    RECOGNISE = "recognise", pgettext_lazy("button", "Enter the decision of recognition")
    VERIFY = "verify", _("Verify")
    RETURN = "return", _("Return for revision")
    REJECT = "reject", pgettext_lazy("button", "Reject")
    REVERSE = "reverse", pgettext_lazy("button", "Reverse the decision")


class ProviderKind(TextChoices):
    """Who gives courses: national regulation §3 and 4.5.1, 000 §5."""

    REPUBLICAN_INSTITUTE = "republican_institute", _("Republican institute")
    OBLAST_INSTITUTE = "oblast_institute", _("Oblast institute")
    METHODICAL_CENTRE = "methodical_centre", _("Methodical centre")
    UNIVERSITY = "university", _("Higher education institution")
    MINISTRY = "ministry", _("Ministry")
    STATE = "state", _("State or municipal organisation")
    LICENSED = "licensed", _("Licensed organisation")
    INTERNATIONAL = "international", _("International organisation")
    OTHER = "other", _("Other organisation")


class RightBasis(TextChoices):
    """What a provider's right to teach rests on (national regulation 4.5.1, 4.5.2)."""

    STATE_INSTITUTE = "state_institute", _("State institute")
    METHODICAL_CENTRE = "methodical_centre", _("Methodical centre")
    UNIVERSITY = "university", _("Higher education institution")
    LICENCE = "licence", _("Licence")
    RIGHT_TO_TEACH = "right_to_teach", _("Right to teach by another act")


class NormStatus(TextChoices):
    """A draft drives nothing, nor does a repealed norm; a norm that ended keeps ``in_force`` with its last day."""

    DRAFT = "draft", pgettext_lazy("legal act", "Draft act")
    IN_FORCE = "in_force", pgettext_lazy("legal act", "In force")
    REPEALED = "repealed", pgettext_lazy("legal act", "Repealed")


class Driver(TextChoices):
    """What the demand of an hours rule follows (rules §2 and §5)."""

    PLAN = "plan", _("the plan period, or the last years where there is no plan")
    ROLLING = "rolling", _("the last years")
    FREQUENCY = "frequency", _("the time since the last course")
    YEAR = "year", _("each year")


class YearKind(TextChoices):
    SCHOOL = "school", _("school year")
    CALENDAR = "calendar", _("calendar year")


class Transition(TextChoices):
    """What becomes of plans when their rule ends (rules §10a)."""

    CLOSE_AT_REPEAL = "close_at_repeal", _("nobody is overdue under a rule that has ended")
    RUN_TO_PLAN_END = "run_to_plan_end", _("a plan is judged to its end by the rule it began under")


class Reason(TextChoices):
    """Why a record counts or not: the tests of rules §3 in their order."""

    COUNTED = "counted", _("Counted")
    NOT_VERIFIED = "not_verified", _("The record is not verified yet")
    NO_DOCUMENT = "no_document", _("There is no confirming document")
    NOT_PARTICIPANT = "not_participant", _("The person did not take part as a learner")
    INFORMAL = "informal", _("Informal learning is not counted")
    NONFORMAL = "nonformal", _("Non-formal learning is not counted")
    PROVIDER_NOT_ELIGIBLE = "provider_not_eligible", _("The right of the organisation to teach is not confirmed")
    NOT_FINISHED = "not_finished", _("The training is not finished yet")
    HOURS_UNKNOWN = "hours_unknown", _("The number of hours is not known")
    OUTSIDE_WINDOW = "outside_window", _("Outside the counting period")
    DATE_UNCERTAIN = "date_uncertain", _("The exact date is not known")
    DUPLICATE_DOCUMENT = "duplicate_document", _("This document has already been counted")
    OVERLAP_UNRESOLVED = "overlap_unresolved", _("The dates overlap with another course")


class Unfit(TextChoices):
    """Why a record that passed the tests is no event a rule asks for (rules §5.3)."""

    TOO_SHORT = "too_short", _("Shorter than the rule asks for")
    OTHER_KIND = "other_kind", _("Learning of this kind does not qualify by itself")


class HoursStatus(TextChoices):
    """Where a teacher stands under a rule (rules §7)."""

    NO_RULE = "NO_RULE", _("No requirement is set")
    HOURS_NOT_SET = "HOURS_NOT_SET", _("The number of hours is not set yet")
    MET = "MET", _("Requirement met")
    OVERDUE = "OVERDUE", _("Overdue")
    DUE_SOON = "DUE_SOON", _("Due soon")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")


class Flag(TextChoices):
    """What a verifier should look at; none of these changes a number by itself (rules §6, forms §M)."""

    DATE_UNREAD = "date_unread", _("The date could not be read")
    DATE_IMPRECISE = "date_imprecise", _("The exact days are not given")
    HOURS_UNREAD = "hours_unread", _("The hours could not be read")
    NOT_IN_HOURS = "not_in_hours", _("The unit is not hours")
    NO_DOCUMENT = "no_document", _("There is no confirming document")
    PROVIDER_UNKNOWN = "provider_unknown", _("The organisation is not in the register")
    PROVIDER_NOT_ELIGIBLE = "provider_not_eligible", _("The right of the organisation to teach is not confirmed")
    DUPLICATE_DOCUMENT = "duplicate_document", _("Another record has the same document number")
    SAME_FILE = "same_file", _("Another record has the same file")
    OVERLAP = "overlap", _("The dates overlap with another course")
    SAME_COURSE_AGAIN = "same_course_again", _("The same course was entered before")
    DENSE = "dense", _("Too many hours for one day")
    DAYS_VS_HOURS = "days_vs_hours", _("The days and the dates do not agree")
    LATE_ENTRY = "late_entry", _("Entered more than a year after the end")
    BEFORE_EMPLOYMENT = "before_employment", _("Before the employment began")


class PeriodKind(TextChoices):
    """Days on which a course is not welcome (field notes 30)."""

    EXAMS = "exams", _("Examinations")
    LEAVE = "leave", _("Teachers' leave")


class BookForm(TextChoices):
    """In which form a district takes its schools' schedules along."""

    BOOK = "book", _("Book (PDF)")
    WORKBOOK = "workbook", _("Workbook (Excel)")
    ARCHIVE = "archive", _("Single files (ZIP)")


class BookState(TextChoices):
    WAITING = "waiting", pgettext_lazy("book", "Waiting")
    RUNNING = "running", pgettext_lazy("book", "Being made")
    DONE = "done", pgettext_lazy("book", "Ready")
    FAILED = "failed", pgettext_lazy("book", "Failed")


class BookFault(TextChoices):
    """Why a book could not be made; some name what they are about."""

    PAPER = "paper", _("The paper could not be made. School: %(detail)s.")
    NOT_STORED = "not_stored", _("The file could not be stored. Tell the administrator.")
    NOT_SERVED = "not_served", _("Whoever asked for it no longer serves this district.")
    INTERRUPTED = "interrupted", _("The work was interrupted too often. Tell the administrator.")
    OTHER = "other", _("Something went wrong. The administrator finds it in the log.")


class Due(TextChoices):
    """Why a row stands in a schedule; see ``courses.schedules.drafting``."""

    PLANNED = "planned", _("Planned for this school year")
    CARRIED = "carried", _("Planned earlier and not done")
    OVERDUE = "overdue", _("Overdue")
    DUE = "due", _("Due date")
    SHORTFALL = "shortfall", _("Missing hours")
    NEVER_TRAINED = "never_trained", _("No verified course yet")
    ADDED = "added", _("Added by hand")


class Clash(TextChoices):
    """What a schedule warns of. A warning, never a wall."""

    SAME_TEACHER = "same_teacher", _("A second course at the same time")
    SAME_SUBJECT = "same_subject", _("Another teacher of the subject is away in the same week")
    SAME_ASSOCIATION = "same_association", _("Another member of the association is away in the same week")
    MENTOR_WITH_MENTEE = "mentor_with_mentee", _("Mentor and young specialist are away together")
    LEAVE = "leave", _("In the teacher's leave")
    EXAMS = "exams", _("In examination weeks")
    AFTER_DUE = "after_due", _("After the due date")
    TOO_MANY_AWAY = "too_many_away", _("Too many teachers are away at once")


class Need(TextChoices):
    """Why a teacher stands where in the queue for a place; see ``courses.offerings.queue``."""

    LEADER = "leader", _("Leads a school")
    NOT_LEADER = "not_leader", _("Does not lead a school")
    NAMED_NEED = "named_need", _("The school's request names this need")
    FITS_SUBJECT = "fits_subject", _("Teaches the subject of the course")
    OTHER_SUBJECT = "other_subject", _("Does not teach the subject of the course")
    FITS_LANGUAGE = "fits_language", _("Teaches in the language of the course")
    OTHER_LANGUAGE = "other_language", _("Teaches in another language")
    LANGUAGE_UNKNOWN = "language_unknown", _("The language of teaching is not known")
    ASKED_FOR = "asked_for", _("The school's schedule asks for this course")
    OTHER_PLACES = "other_places", _("Places in other courses of this school year")
    OVERDUE = "overdue", _("Overdue")
    MONTHS_LEFT = "months_left", _("Months to the due date")
    NEVER_TRAINED = "never_trained", _("No verified course yet")
    SHORTFALL = "shortfall", _("Missing hours")
    LAST_COURSE = "last_course", _("Last course")
    SCHOOL_PLACES = "school_places", _("The school holds places in this course")


class SeatState(TextChoices):
    """Where a place in a course stands, as pages say it; see ``courses.templatetags.seat_words``."""

    TO_NAME = "to_name", _("The school names its teacher")
    CONFIRMED = "confirmed", _("Place confirmed")
    ATTENDED = "attended", _("Attended")
    ABSENT = "absent", _("Did not attend")
    TAKEN_BACK = "taken_back", _("Taken back")
    CANCELLED = "cancelled", _("The course was cancelled")


class ImportState(TextChoices):
    """Where an import stands. It is read first, looked at by a person, and applied whole or not at all."""

    WAITING = "waiting", pgettext_lazy("import", "Waits to be read")
    READING = "reading", pgettext_lazy("import", "Being read")
    READ = "read", pgettext_lazy("import", "Read; nothing is changed yet")
    UNFIT = "unfit", pgettext_lazy("import", "The file could not be read")
    QUEUED = "queued", pgettext_lazy("import", "Waits to be applied")
    APPLYING = "applying", pgettext_lazy("import", "Being applied")
    APPLIED = "applied", pgettext_lazy("import", "Applied")
    FAILED = "failed", pgettext_lazy("import", "Not applied")
    UNDO_QUEUED = "undo_queued", pgettext_lazy("import", "Waits to be undone")
    UNDOING = "undoing", pgettext_lazy("import", "Being undone")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


class ImportTable(TextChoices):
    """The tables of the workbook, each on a sheet of its own."""

    INSTITUTIONS = "institutions", pgettext_lazy("import", "Institutions")
    ASSOCIATIONS = "associations", pgettext_lazy("import", "Methodical associations")
    STAFF = "staff", pgettext_lazy("import", "Staff")
    RECORDS = "records", pgettext_lazy("import", "Past courses")


class Verdict(TextChoices):
    """What becomes of a row."""

    NEW = "new", pgettext_lazy("import", "New")
    MATCHED = "matched", pgettext_lazy("import", "Already there")
    CHANGED = "changed", pgettext_lazy("import", "Changed")
    REFUSED = "refused", pgettext_lazy("import", "Refused")
