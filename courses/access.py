"""Who may do what with records of attendance and calendars, one line each.

Moves of a record are judged in ``courses.verification``.
"""

from courses.models import TrainingRecord
from courses.models.records import UNSENT
from schools.models import District, Institution, User


def can_edit(user: User, record: TrainingRecord) -> bool:
    """What a record says is its owner's to write, while nobody has it before them for verification."""
    return record.person_id == user.person_id and record.is_open


def can_delete(user: User, record: TrainingRecord) -> bool:
    """One's own draft or note; one that was sent before is refused by the action, with a sentence."""
    return record.person_id == user.person_id and record.status in UNSENT


def can_verify(user: User, record: TrainingRecord) -> bool:
    return TrainingRecord.objects.awaiting(user).filter(pk=record.pk).exists()


def can_read_calendar(user: User, institution: Institution) -> bool:
    """Who leads the school or keeps its papers: leave and mentors are the school's own matter."""
    return institution.pk in user.scope.served


def can_keep_calendar(user: User, institution: Institution) -> bool:
    return institution.pk in user.scope.led


def can_keep_district_calendar(user: User, district: District) -> bool:
    return district.pk in user.scope.districts


def can_read_register(user: User, institution: Institution) -> bool:
    """The register of handed-in documents: whoever reads all papers of the institution (003 4.7, 004 5.3)."""
    return institution.pk in user.scope.served


def can_keep_register(user: User, institution: Institution) -> bool:
    """Entering in it what was handed in: who keeps the staff's papers (003 4.6)."""
    return institution.pk in user.scope.kept
