"""A course that was attended fulfils the planned item it was meant for, in the moment the list says so."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from courses.models import ScheduleEntry, Seat
from cpd.dates import school_year_of
from cpd.text import fold
from plans.models import Fulfilment, IndividualPlan
from schools.choices import DocumentKind
from schools.models import User


def fulfil_planned(seats: Sequence[Seat], *, by: User) -> None:
    """Link the new records of ``seats`` to items of plans in force that name the course: four queries for any number.

    The item is the one the school's schedule was drafted from, or else one of the same title: that of the course's
    school year before any other. An item that a record fulfils already stays as it is.
    """
    plans = IndividualPlan.objects.filter(
        author__in={seat.employment.person_id for seat in seats if seat.employment}, in_force__isnull=False
    ).select_related("in_force")
    by_author: dict[int, list[IndividualPlan]] = defaultdict(list)
    for plan in plans.order_by("-starts_on", "pk"):
        by_author[plan.author_id].append(plan)
    taken = set(Fulfilment.objects.filter(plan__in=plans.values("pk")).values_list("plan", "uid"))
    drafted_from = _drafted_from(seats)
    links = []
    for seat in seats:
        item = _item_of(seat, by_author[seat.employment.person_id] if seat.employment else [], drafted_from, taken)
        if item:
            plan, uid = item
            taken.add((plan.pk, uid))
            links.append(Fulfilment(plan=plan, uid=uid, record=seat.record, by=by.person))
    # The teacher may fulfil the same item at this moment: then that link stands, and the list is marked all the same.
    Fulfilment.objects.bulk_create(links, ignore_conflicts=True)


def _drafted_from(seats: Sequence[Seat]) -> dict[int, list[uuid.UUID]]:
    """The planned items behind the schools' rows of this course, by employment."""
    if not seats:
        return {}
    offering = seats[0].offering
    rows = ScheduleEntry.objects.filter(
        Q(offering=offering) | Q(title_key=offering.title_key),
        schedule__kind=DocumentKind.SCHOOL_SCHEDULE,
        employment__in=[seat.employment_id for seat in seats],
        plan_item__isnull=False,
    )
    found: dict[int, list[uuid.UUID]] = defaultdict(list)
    for job, item in rows.order_by("-pk").values_list("employment", "plan_item"):
        found[job] += [item] if item else []
    return found


def _item_of(
    seat: Seat,
    plans: Sequence[IndividualPlan],
    drafted_from: dict[int, list[uuid.UUID]],
    taken: set[tuple[int, uuid.UUID]],
) -> tuple[IndividualPlan, uuid.UUID] | None:
    key, year = fold(seat.offering.title), school_year_of(seat.offering.starts_on)
    named = drafted_from.get(seat.employment_id or 0, [])
    found: list[tuple[bool, bool, int, IndividualPlan, uuid.UUID]] = []
    for plan in plans:
        for row in plan.in_force.content["rows"] if plan.in_force else ():
            uid = uuid.UUID(row["uid"])
            if (plan.pk, uid) in taken or not (uid in named or fold(row["programme_title"]) == key):
                continue
            found.append((uid not in named, row["school_year"] != year, len(found), plan, uid))
    if not found:
        return None
    *_order, plan, uid = min(found)
    return plan, uid
