"""Who may do what with a record of attendance, one line each. Moves are judged in ``courses.verification``."""

from courses.choices import RecordStatus
from courses.models import TrainingRecord
from schools.models import User


def can_edit(user: User, record: TrainingRecord) -> bool:
    """What a record says is its owner's to write, while nobody has it before them for verification."""
    return record.person_id == user.person_id and record.is_open


def can_delete(user: User, record: TrainingRecord) -> bool:
    """One's own draft; one that was sent before is refused by the action, with a sentence."""
    return record.person_id == user.person_id and record.status == RecordStatus.DRAFT


def can_verify(user: User, record: TrainingRecord) -> bool:
    return TrainingRecord.objects.awaiting(user).filter(pk=record.pk).exists()
