"""Who may do what with a district's needs and its orders, one line each."""

from plans.models import TrainingOrder
from schools.models import District, User


def can_draw_up(user: User, district: District) -> bool:
    """What the schools need line by line, small groups too, and the orders made of it: the district's officers."""
    return district.pk in user.scope.districts


def can_change(user: User, order: TrainingOrder) -> bool:
    return order.issued_at is None and order.district_id in user.scope.districts


def is_inside(user: User, order: TrainingOrder) -> bool:
    """Whether the reader belongs to the district and sees small groups."""
    return order.district_id in user.scope.districts
