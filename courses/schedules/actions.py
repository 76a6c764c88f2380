"""Writes of schedules: starting one, its rows, handing it in, closing it, and giving up a change."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import Due
from courses.models import Schedule, ScheduleEntry
from courses.schedules.content import Content, columns_of, content_of, differences, lacking, rows_of
from courses.schedules.drafting import Suggestion
from cpd.dates import moment, school_year
from cpd.text import fold
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, DocumentKind
from schools.models import Decision, Document, Employment, Institution, MethodicalAssociation, User

Course = tuple[int, str]  # the employment and the folded title: one row of a schedule each


def start_schedule(
    *,
    by: User,
    institution: Institution,
    year: int,
    association: MethodicalAssociation | None = None,
    proposed: Iterable[Suggestion] = (),
) -> Schedule:
    """A draft for one school year, of an association or else of the school, with the rows ``proposed``.

    Raises ``Refused`` where it was started already: the database keeps one per office and year.
    """
    period = school_year(year)
    schedule = Schedule(
        kind=DocumentKind.ASSOCIATION_SCHEDULE if association else DocumentKind.SCHOOL_SCHEDULE,
        institution=institution,
        association=association,
        author=by.person,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )
    if not schedule.is_written_by(by):
        raise PermissionDenied
    try:
        with transaction.atomic():
            schedule.save(force_insert=True)
            _insert(schedule, proposed, by=by)
    except IntegrityError:
        raise Refused(_("The schedule of this school year was started already.")) from None
    return schedule


def add_rows(*, schedule: Schedule, by: User, proposed: Iterable[Suggestion]) -> int:
    """Add the rows proposed that are not in the schedule yet; returns how many."""
    with transaction.atomic():
        approval.take_for_editing(schedule, by=by, seen=None)
        return _insert(schedule, proposed, by=by)


def add_row(*, schedule: Schedule, by: User, employment: Employment, columns: Mapping[str, Any]) -> ScheduleEntry:
    """A row that somebody typed. Raises ``Refused`` where the teacher already has this course in the schedule."""
    row = ScheduleEntry(
        schedule=schedule,
        employment=employment,
        association=schedule.association or employment.association,
        reasons=[{"code": Due.ADDED.value}],
        changed_by=by.person,
        **columns,
    )
    with transaction.atomic():
        approval.take_for_editing(schedule, by=by, seen=None)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise _same_course() from None
    return row


def save_row(*, row: ScheduleEntry, by: User, seen: int, columns: Mapping[str, Any]) -> int:
    """Write what was typed into a row; returns the new revision of the schedule.

    ``seen`` is the row's own revision that was on the screen: two people may work on different rows at once. Raises
    ``ChangedMeanwhile`` where the row was saved or removed since.
    """
    written = dict(columns)
    if "title" in written:
        written["title_key"] = fold(written["title"])  # an UPDATE passes the column's own writing by
    with transaction.atomic():
        revision = approval.take_for_editing(row.schedule, by=by, seen=None)
        try:
            with transaction.atomic():
                claimed = ScheduleEntry.objects.filter(pk=row.pk, revision=seen).update(
                    revision=F("revision") + 1, changed_at=timezone.now(), changed_by=by.person, **written
                )
        except IntegrityError:
            raise _same_course() from None
        if not claimed:
            raise ChangedMeanwhile(who_changed(row))
    return revision


def remove_row(*, row: ScheduleEntry, by: User, seen: int) -> None:
    """Take a row out of the working copy; versions that hold it keep it."""
    with transaction.atomic():
        approval.take_for_editing(row.schedule, by=by, seen=None)
        removed, _per_model = ScheduleEntry.objects.filter(pk=row.pk, revision=seen).delete()
        if not removed:
            raise ChangedMeanwhile(who_changed(row))


def propose_months(
    *, schedule: Schedule, by: User, seen: int, months: Mapping[uuid.UUID, int | None], change_note: str = ""
) -> int:
    """Set the proposed terms of many rows at once; returns the schedule's new revision.

    All rows were on the screen, so ``seen`` is the revision of the schedule. A change says why it is made.
    """
    with transaction.atomic():
        revision = approval.take_for_editing(schedule, by=by, seen=seen)
        _note_change(schedule, change_note)
        for month in set(months.values()):
            uids = [uid for uid, wanted in months.items() if wanted == month]
            schedule.rows.filter(uid__in=uids).update(
                proposed_month=month,
                revision=F("revision") + 1,
                changed_at=timezone.now(),
                changed_by=by.person,
            )
    return revision


def submit_schedule(*, schedule: Schedule, by: User, seen: int, change_note: str | None = None) -> Decision:
    """Hand an association's schedule to the deputy director: freeze it as a version.

    ``change_note`` takes the place of the reason for a change that was noted before, if there is one.
    """
    return _hand_on(schedule, Action.SUBMIT, by=by, seen=seen, change_note=change_note)


def close_schedule(*, schedule: Schedule, by: User, seen: int, change_note: str | None = None) -> Decision:
    """Close a school's schedule: freeze it as a version with a number, not sent yet."""
    return _hand_on(schedule, Action.CLOSE, by=by, seen=seen, change_note=change_note)


def discard_change(*, schedule: Schedule, by: User, seen: int) -> Decision:
    """Give up a change: the rows, and the parts they came from, become those of the version in force again."""
    with transaction.atomic():
        decision = approval.perform(schedule, Action.DISCARD, by=by, seen=seen)
        content = decision.version.content
        Schedule.objects.filter(pk=schedule.pk).update(change_note=content["change_note"], taken=content["parts"])
        _restore(schedule, content, by=by)
    return decision


def who_changed(row: ScheduleEntry) -> str:
    """One sentence for the person who came second."""
    now = ScheduleEntry.objects.select_related("changed_by").filter(pk=row.pk).first()
    if now is None:
        return _("This row was removed from the schedule meanwhile. What you typed is not saved.")
    if now.changed_by is None:
        return _("This row was changed meanwhile, %(moment)s. What you typed is not saved.") % {
            "moment": moment(now.changed_at)
        }
    return _("This row was changed meanwhile by %(name)s, %(moment)s. What you typed is not saved.") % {
        "name": now.changed_by.full_name,
        "moment": moment(now.changed_at),
    }


def _hand_on(schedule: Schedule, action: Action, *, by: User, seen: int, change_note: str | None) -> Decision:
    """Freeze the working copy. A row saved meanwhile moves the revision on, so that ``seen`` is refused."""
    if not schedule.is_written_by(by):
        raise PermissionDenied
    with transaction.atomic():
        if change_note is not None:
            _note_change(schedule, change_note)
        content = content_of(schedule)
        if schedule.is_editable and lacking(content):
            raise Refused(_("The schedule is not complete yet."))
        if schedule.is_editable and schedule.in_force and not differences(schedule.in_force.content, content):
            raise Refused(_("Nothing differs from the version in force."))
        return approval.perform(schedule, action, by=by, seen=seen, content=content)


def _note_change(schedule: Schedule, text: str) -> None:
    """Why a schedule in force is changed; a first one has nothing to explain."""
    if schedule.in_force_id:
        schedule.change_note = text.strip()[: Document._meta.get_field("change_note").max_length]
        Document.objects.filter(pk=schedule.pk).update(change_note=schedule.change_note)


def _insert(schedule: Schedule, proposed: Iterable[Suggestion], *, by: User) -> int:
    """The rows proposed whose course the teacher does not have in the schedule yet, in two queries."""
    held: set[Course] = set(schedule.rows.values_list("employment", "title_key"))
    rows = []
    for one in proposed:
        course = (one.job.pk, fold(one.title))
        if course not in held:
            held.add(course)
            rows.append(_row(schedule, one, by=by))
    ScheduleEntry.objects.bulk_create(rows)
    return len(rows)


def _row(schedule: Schedule, proposed: Suggestion, *, by: User) -> ScheduleEntry:
    item = proposed.planned
    columns: dict[str, Any] = {}
    if item:
        columns = {
            "title": item.title,
            "block": item.block,
            "hours": item.hours,
            "provider_text": item.provider_text,
            "study_form": item.study_form,
            "proposed_month": item.month,
            "plan_item": item.uid,
        }
    return ScheduleEntry(
        schedule=schedule,
        association=schedule.association or proposed.job.association,
        employment=proposed.job,
        reasons=list(proposed.reasons),
        changed_by=by.person,
        **columns,
    )


def _restore(schedule: Schedule, content: Content, *, by: User) -> None:
    """Make the rows those of a version, in as many queries for sixty rows as for one."""
    stood = {str(row.uid): row for row in schedule.rows.all()}
    associations = MethodicalAssociation.objects.in_bulk({group["association_key"] for group in content["groups"]})
    group_of = {
        row["uid"]: associations.get(group["association_key"]) for group in content["groups"] for row in group["rows"]
    }
    rows = []
    for data in rows_of(content):
        before = stood.get(data["uid"])
        rows.append(
            ScheduleEntry(
                uid=data["uid"],
                schedule=schedule,
                association=schedule.association or group_of[data["uid"]],
                revision=before.revision + 1 if before else 1,  # a form opened before this is refused
                changed_by=by.person,
                **columns_of(data),
            )
        )
    schedule.rows.all().delete()
    ScheduleEntry.objects.bulk_create(rows)


def _same_course() -> Refused:
    return Refused(_("The row is already in the schedule."))
