"""Which groups of needs an order of the district holds already, so that nobody asks for the same places twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from plans.models import TrainingOrder
from plans.orders.content import groups_told
from plans.orders.totals import called_today, ordered_as
from schools.models import District


def already_in(
    district: District,
    year: int,
    groups: Collection[str],
    *,
    besides: TrainingOrder | None = None,
    orders: Iterable[TrainingOrder] | None = None,
) -> dict[str, list[TrainingOrder]]:
    """By the text of a group, the orders of the year that were issued with it and not replaced.

    Two queries; one where the standing ``orders`` are at hand.

    An order does not stand in the way of the one that is drawn up ``besides``, to stand instead of it.
    """
    if orders is None:
        orders = TrainingOrder.objects.standing().filter(district=district, school_year=year).order_by("number")
    replaced = besides.replaces_id if besides else None
    told = {order: groups_told(order) for order in orders if order.pk != replaced}
    named = called_today(district, {*groups, *(group for some in told.values() for group in some)})
    called = {text: ordered_as(name) for text, name in named.items()}
    by_name: dict[str, list[TrainingOrder]] = defaultdict(list)
    for order, some in told.items():
        for name in {called[group] for group in some}:
            by_name[name].append(order)
    return {group: by_name[called[group]] for group in groups}
