"""What must always hold of plans' own papers. ``manage.py check_invariants`` runs it with the rest."""

from collections.abc import Callable, Iterable

from plans.models import TrainingOrder
from schools.models.documents import digest

Check = Callable[[], Iterable[str]]


def orders_stay_as_issued() -> Iterable[str]:
    """What left the district is what its hash was made of."""
    for order in TrainingOrder.objects.issued().order_by("pk").iterator():
        if order.content_hash != digest(order.content):
            yield f"order for training {order.pk}: its content does not match its hash"


HISTORY: tuple[Check, ...] = ()
CHECKS: tuple[Check, ...] = (orders_stay_as_issued,)
