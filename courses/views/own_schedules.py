"""A schedule or a row that an address names, for whoever asks: the same answer at every page of schedules."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404

from courses.models import Schedule, ScheduleEntry
from courses.schedules.access import visible_schedule
from schools.http import Request


def visible(request: Request, pk: int) -> Schedule:
    found = visible_schedule(request.user, pk)
    if found is None:
        raise Http404
    return found


def own(request: Request, pk: int) -> Schedule:
    """One that the user writes, whether it can be edited now or not."""
    found = visible(request, pk)
    if not found.is_written_by(request.user):
        raise PermissionDenied
    return found


def row_of(schedule: Schedule, uid: uuid.UUID) -> ScheduleEntry | None:
    return (
        ScheduleEntry.objects.select_related("employment__person", "schedule")
        .filter(schedule=schedule, uid=uid)
        .first()
    )
