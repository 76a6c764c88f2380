"""Who may do what with sheets of lessons and with the questions asked in them, one line each."""

from cpd.dates import today
from plans.choices import SheetKind
from plans.models import LessonSheet, QuestionSet
from schools.models import Mentorship, User


def is_mentee(user: User, mentorship: Mentorship) -> bool:
    return mentorship.mentee_id == user.person_id


def kinds_written_by(user: User, mentorship: Mentorship) -> list[SheetKind]:
    """Both write on lessons, whoever's lesson it was; a reflection is the mentee's alone."""
    return [kind for kind in SheetKind if kind != SheetKind.REFLECTION or is_mentee(user, mentorship)]


def can_write(user: User, sheet: LessonSheet) -> bool:
    """Also in a mentorship that has ended: see ``plans.mentoring.actions`` for the days."""
    return sheet.kind in kinds_written_by(user, sheet.mentorship)


def can_share(user: User, sheet: LessonSheet) -> bool:
    """Which answers of a reflection the mentor reads is for the mentee to say."""
    return sheet.kind == SheetKind.REFLECTION and is_mentee(user, sheet.mentorship)


def reads_shared_alone(user: User, sheet: LessonSheet) -> bool:
    """Of a reflection the mentor reads its day and the answers that are shared, and nothing else."""
    return sheet.kind == SheetKind.REFLECTION and not is_mentee(user, sheet.mentorship)


def can_delete(user: User, sheet: LessonSheet) -> bool:
    """Who began it, as long as nothing of the other one's stands there."""
    return sheet.made_by_id == user.person_id and not sheet.is_of_both


def can_keep_questions(user: User) -> bool:
    """The institute, and whoever administers the system, as with the professional standard."""
    return user.scope.is_country_wide


def can_change_set(user: User, questions: QuestionSet) -> bool:
    """Until it begins: then sheets ask by it, some of them on phones that have no connection."""
    return can_keep_questions(user) and questions.starts_on > today()
