"""What plans let go of when a record becomes a note of learning beside courses."""

from courses.models import TrainingRecord
from plans.models import Fulfilment


def release_noted(record: TrainingRecord) -> None:
    """A note fulfils no planned item: the item is open again."""
    Fulfilment.objects.filter(record=record).delete()


LET_GO = release_noted
