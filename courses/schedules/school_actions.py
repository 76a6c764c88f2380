"""Writes of the school's schedule (F06): taking an association's part into it or giving it back, fixing a term."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Schedule, ScheduleEntry
from courses.schedules.actions import save_row
from courses.schedules.content import columns_of, rows_of
from cpd.text import fold
from schools import approval
from schools.approval import Refused
from schools.choices import Action, DocumentKind
from schools.models import Decision, Document, DocumentVersion, User

Columns = dict[str, Any]

# What the head does not write (000 §15).
OF_THE_SCHOOL = ("starts_on", "ends_on", "responsible")


@dataclass(frozen=True)
class Taken:
    """What taking a part did to the school's schedule; ``left_out`` counts changed rows the school had removed."""

    schedule: Schedule
    added: int
    changed: int
    removed: int
    left_out: int


def take_part(*, part: Schedule, by: User, seen: int) -> Taken:
    """Put an association's schedule into the school's, which is begun where there is none; approve it if it waits.

    A part that was taken before is merged by row: what the head added comes in, what the head removed goes, and of
    the others only the columns the head changed since are written. Terms and whoever is responsible are the school's.
    One approved already is taken again where the school's holds another version of it: a change of the school's that
    was given up had brought it in.
    """
    with transaction.atomic():
        schedule = _schedule_for(part, by=by)
        if not schedule.is_editable:
            raise Refused(
                _(
                    "The school's schedule is not being edited now. Status: %(state)s. "
                    "Open it again or make a change, and then take the association's part."
                )
                % {"state": schedule.state_label}
            )
        approval.take_for_editing(schedule, by=by, seen=None)
        schedule.refresh_from_db(fields=["taken"])  # whoever takes another part at this moment waits, or was first
        key = str(part.association_id)
        before = DocumentVersion.objects.filter(document=part.pk, pk=schedule.taken.get(key)).first()
        after = _approved(part, before, by=by, seen=seen)
        schedule.taken[key] = after.pk
        Schedule.objects.filter(pk=schedule.pk).update(taken=schedule.taken)
        return _merge(schedule, part, before, after, by=by)


def return_part(*, part: Schedule, by: User, seen: int, reason: str) -> Decision:
    """Give an association's schedule back to its head; what was taken before stays in the school's."""
    if part.institution_id not in by.scope.scheduled:
        raise PermissionDenied
    return approval.perform(part, Action.RETURN, by=by, seen=seen, reason=reason)


def fix_term(*, row: ScheduleEntry, by: User, seen: int, starts_on: dt.date | None, ends_on: dt.date | None) -> int:
    """Write the exact days of one row, or take them away; returns the schedule's new revision (000 §15).

    ``seen`` is the row's own revision: whoever works on another row hinders nobody.
    """
    return save_row(row=row, by=by, seen=seen, columns={"starts_on": starts_on, "ends_on": ends_on})


def _approved(part: Schedule, before: DocumentVersion | None, *, by: User, seen: int) -> DocumentVersion:
    """The version to take: the one that waits for it, or else the one in force that the school's does not hold."""
    now = Document.objects.select_related("in_force").get(pk=part.pk)
    if now.is_undecided or now.in_force is None or now.revision != seen:
        return approval.perform(part, Action.APPROVE, by=by, seen=seen).version
    if now.in_force == before:
        raise Refused(_("The school's schedule holds this version already."))
    return now.in_force


def _schedule_for(part: Schedule, *, by: User) -> Schedule:
    """The school's schedule of the part's year. Of two who begin it at once one does, and both use it."""
    schedule, _is_new = Schedule.objects.get_or_create(
        kind=DocumentKind.SCHOOL_SCHEDULE,
        institution=part.institution,
        starts_on=part.starts_on,
        defaults={"author": by.person, "ends_on": part.ends_on},
    )
    return schedule


def _merge(
    schedule: Schedule, part: Schedule, before: DocumentVersion | None, after: DocumentVersion, *, by: User
) -> Taken:
    """Write the part's rows; the head's version taken before is what both sides started from."""
    base, wanted = _rows(before), _rows(after)
    rows = {row.uid: row for row in schedule.rows.all()}
    left_out = added = 0
    written: list[ScheduleEntry] = []
    for uid, columns in wanted.items():
        row, old = rows.get(uid), base.get(uid, {})
        changes = {name: value for name, value in columns.items() if name not in old or old[name] != value}
        if row is None and old:
            left_out += bool(changes)
        elif row is None:
            added += 1
            new = ScheduleEntry(uid=uid, schedule=schedule, association=part.association)
            written.append(_written(new, changes, by=by))
        elif changes:
            row.revision += 1
            written.append(_written(row, changes, by=by))
    gone = base.keys() - wanted.keys()
    touched = gone | {row.uid for row in written}
    untouched = [row for uid, row in rows.items() if uid not in touched]
    kept = {row.uid for row in _one_per_course([*untouched, *written])}
    schedule.rows.exclude(pk__in=[row.pk for row in untouched if row.uid in kept]).delete()
    # Written anew with their own keys: of two rows that exchange their titles neither can be first.
    ScheduleEntry.objects.bulk_create(row for row in written if row.uid in kept)
    return Taken(schedule, added, len(written) - added, len(gone & rows.keys()), left_out)


def _rows(version: DocumentVersion | None) -> dict[uuid.UUID, Columns]:
    """The columns the head writes, by the row's uid, as the version froze them."""
    rows = rows_of(version.content) if version else ()
    return {
        uuid.UUID(row["uid"]): {name: value for name, value in columns_of(row).items() if name not in OF_THE_SCHOOL}
        for row in rows
    }


def _written(row: ScheduleEntry, changes: Columns, *, by: User) -> ScheduleEntry:
    for name, value in changes.items():
        setattr(row, name, value)
    row.changed_by = by.person
    return row


def _one_per_course(rows: list[ScheduleEntry]) -> list[ScheduleEntry]:
    """Of two rows with one course of one teacher the later stays, with the term the earlier had."""
    found: dict[tuple[int, str], ScheduleEntry] = {}
    for row in rows:
        key = (row.employment_id, fold(row.title))
        earlier = found.get(key)
        if earlier is not None and row.starts_on is None:
            row.starts_on, row.ends_on = earlier.starts_on, earlier.ends_on
        if earlier is not None and not row.responsible:
            row.responsible = earlier.responsible
        found[key] = row
    return list(found.values())
