"""Writes: planning what is shared after a course, telling that it was held, taking it out."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.files import hold_for
from courses.models import CertificateFile, SharingEvent, TrainingRecord
from courses.sharing.access import (
    can_delete,
    can_edit,
    can_plan_association,
    can_plan_school,
    can_share,
    is_of_past_year,
    is_verified,
)
from courses.sharing.planning import Place, candidates, institution_of
from cpd.dates import school_year_of, today
from schools.approval import ChangedMeanwhile, Refused
from schools.models import Employment, MethodicalAssociation, User

STAYS_IN_ITS_YEAR = gettext_lazy("It was held in a school year that is over: its date stays in that year.")


def add_sharing(
    *, by: User, record: TrainingRecord, columns: Mapping[str, Any], file: CertificateFile | None
) -> SharingEvent:
    """Plan or tell one occasion of one's own course; of one that is not verified any more ``Refused``.

    It belongs where the teacher works today: at the school that verified the course, or else at the main job.
    """
    with transaction.atomic():
        now = TrainingRecord.objects.select_related("institution").get(pk=record.pk)
        if now.person_id != by.person_id:
            raise PermissionDenied
        if not can_share(by, now):
            raise Refused(_("Only a verified course can be shared."))
        jobs = list(Employment.objects.on(today()).filter(person=now.person_id).order_by("-is_main", "pk"))
        here = [job for job in jobs if job.institution_id == now.institution_id] or jobs
        event = SharingEvent(record=now, entered_by=by.person, institution=now.institution)
        if here:
            event.institution_id, event.association_id = here[0].institution_id, here[0].association_id
        return _write(event, columns, file)


def change_sharing(
    *, by: User, event: SharingEvent, seen: int, columns: Mapping[str, Any], file: CertificateFile | None
) -> SharingEvent:
    """Write it anew, once. Raises ``ChangedMeanwhile`` where it was changed or taken out since ``seen``, ``Refused``
    where its course is not verified any more, or where it would leave the school year in which it was held.
    """
    with transaction.atomic():
        now = _claim(event, seen)
        if not can_edit(by, now):
            raise PermissionDenied
        if not is_verified(now):
            raise Refused(_("Only a verified course can be shared."))
        year = now.school_year if is_of_past_year(now) else None
        written = _write(now, columns, file)
        if year is not None and (written.held_on is None or written.school_year != year):
            raise Refused(str(STAYS_IN_ITS_YEAR))
        return written


def plan_sharing(*, by: User, place: Place, record: TrainingRecord, columns: Mapping[str, Any]) -> SharingEvent:
    """Put a member's course into the plan of a school year, for the teacher to change or to take out again."""
    association = place if isinstance(place, MethodicalAssociation) else None
    may = can_plan_association(by, association) if association else can_plan_school(by, institution_of(place))
    if not may:
        raise PermissionDenied
    with transaction.atomic():
        if not candidates(by, place, columns["school_year"]).filter(pk=record.pk).exists():
            raise Refused(_("This course is in the plan of that school year already, or cannot be planned any more."))
        return SharingEvent.objects.create(
            record=record,
            institution=institution_of(place),
            association=association,
            entered_by=by.person,
            **columns,
        )


def delete_sharing(*, by: User, event: SharingEvent, seen: int) -> None:
    """Take it out; its file is swept away later. What was held in a school year that is over stays."""
    with transaction.atomic():
        now = _claim(event, seen)
        if not can_edit(by, now):
            raise PermissionDenied
        if not can_delete(by, now):
            raise Refused(_("It was held in a school year that is over, so it stays."))
        now.delete()


def _claim(event: SharingEvent, seen: int) -> SharingEvent:
    """Let one of two writers through; the occasion as it now stands. Call inside the writing transaction."""
    is_taken = SharingEvent.objects.filter(pk=event.pk, revision=seen).update(revision=F("revision") + 1) == 1
    now = SharingEvent.objects.select_related("record").filter(pk=event.pk).first()
    if now is None:
        raise ChangedMeanwhile(_("It was taken out meanwhile."))
    if not is_taken:
        raise ChangedMeanwhile(_("It was changed meanwhile, at another screen. Your click changed nothing."))
    return now


def _write(event: SharingEvent, columns: Mapping[str, Any], file: CertificateFile | None) -> SharingEvent:
    for name, value in columns.items():
        setattr(event, name, value)
    if event.held_on:
        event.school_year = school_year_of(event.held_on)
    elif file:
        raise Refused(_("Enter the date on which it was held."))
    what = {name: getattr(event, name) for name in ("kind", "topic", "school_year", "month", "held_on")}
    if SharingEvent.objects.filter(record=event.record, **what).exclude(pk=event.pk).exists():
        raise Refused(_("The same is entered for this course already."))
    event.file = hold_for(event, file) if file else None
    event.save()
    return event
