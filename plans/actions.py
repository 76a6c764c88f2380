"""Writes over several rows: making, saving, copying and submitting plans, recording a meeting."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.choices import RecordStatus
from courses.models import TrainingRecord
from cpd.dates import Period, today
from plans.changes import WHOLE_PLAN
from plans.content import Content, Plan, content_of
from plans.induction.facts import last_day_of, mentor_of
from plans.models import (
    AnnualPlan,
    Application,
    CourseReport,
    DepartmentPlan,
    Fulfilment,
    IndividualPlan,
    InductionPlan,
    InternshipInformation,
    InternshipPlan,
    InternshipProgramme,
    PerspectivePlan,
    PlanItem,
)
from plans.rules import findings
from schools import approval
from schools.approval import Refused
from schools.choices import PERSONAL, Action, DocumentKind
from schools.models import Decision, Document, Employment, Meeting, MethodicalAssociation, Person, User

MODELS: dict[str, Any] = {
    DocumentKind.INDIVIDUAL_PLAN: IndividualPlan,
    DocumentKind.ANNUAL_PLAN: AnnualPlan,
    DocumentKind.INDUCTION_PLAN: InductionPlan,
    DocumentKind.PERSPECTIVE_PLAN: PerspectivePlan,
    DocumentKind.DEPARTMENT_PLAN: DepartmentPlan,
    DocumentKind.APPLICATION: Application,
    DocumentKind.INTERNSHIP_PLAN: InternshipPlan,
    DocumentKind.INTERNSHIP_PROGRAMME: InternshipProgramme,
    DocumentKind.INTERNSHIP_INFORMATION: InternshipInformation,
    DocumentKind.COURSE_REPORT: CourseReport,
}
Rows = Sequence[Mapping[str, Any]]


def start_plan(*, by: User, kind: str, employment: Employment, period: Period, copy_from: Plan | None = None) -> Plan:
    """A new draft for one's own work at one institution, with last year's rows where ``copy_from`` is given."""
    model = MODELS[kind]
    with transaction.atomic():
        # One new plan of an author at a time: of two sent at once each would find the period free. SQLite, which
        # ignores this lock, lets one writer in at a time anyway.
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
        overlapping = Document.objects.filter(
            kind=kind,
            author=by.person_id,
            institution=employment.institution_id,
            starts_on__lte=period.ends_on,
            ends_on__gte=period.starts_on,
        )
        if overlapping.exists():
            raise Refused(_("Another plan already covers this period."))
        plan = model.objects.create(
            kind=kind,
            author=by.person,
            institution=employment.institution,
            association=employment.association,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
        )
        if copy_from is not None:
            for row in copy_from.rows.all():
                row.pk, row.uid, row.plan = None, uuid.uuid4(), plan
                row.save(force_insert=True)
    return plan


def save_plan(*, plan: Plan, by: User, seen: int, header: Mapping[str, Any], rows: Rows) -> int:
    """Replace the working copy by what was typed; returns its new revision.

    Rows are known by their uid: a row that is no longer among ``rows`` is removed, the others are written in the
    order given. Raises ``ChangedMeanwhile`` where the plan was saved elsewhere since ``seen``.
    """
    with transaction.atomic():
        revision = approval.take_for_editing(plan, by=by, seen=seen)
        for name, value in header.items():
            setattr(plan, name, value)
        names = [*header]
        jobs = Employment.objects.on(today()).filter(person=plan.author_id, institution=plan.institution_id)
        if plan.kind in PERSONAL and (job := jobs.first()):
            plan.association = job.association  # the association that will consider it is today's
            names.append("association")
        if isinstance(plan, InductionPlan):
            plan.ends_on = last_day_of(plan, today())
            names.append("ends_on")
        if names:
            plan.save(update_fields=names)
        if has_rows(plan):
            _replace_rows(plan, rows)
    return revision


def has_rows(plan: Plan) -> bool:
    """Whether the kind of paper is a table; the others are a page of blanks."""
    return hasattr(plan, "rows")


def copy_school_year(*, plan: IndividualPlan, by: User, seen: int, source: int) -> int:
    """Append the items of one school year once more, for the year after it; returns how many."""
    with transaction.atomic():
        approval.take_for_editing(plan, by=by, seen=seen)
        last = plan.rows.count()
        copied = list(plan.rows.filter(school_year=source))
        for place, row in enumerate(copied, start=last):
            row.pk, row.uid, row.position, row.school_year = None, uuid.uuid4(), place, source + 1
            row.save(force_insert=True)
    return len(copied)


def delete_draft(*, plan: Plan, by: User, seen: int) -> None:
    """Remove a draft that was never sent. What was sent once stays for ever."""
    with transaction.atomic():
        approval.take_for_editing(plan, by=by, seen=seen)
        if plan.versions.exists():
            raise Refused(_("It was sent before, so it stays in the history."))
        plan.delete()


def submit_plan(*, plan: Plan, by: User, seen: int) -> Decision:
    """Freeze the working copy as a version and start its route."""
    content = content_of(plan)
    if isinstance(plan, InductionPlan) and not is_mentor_fixed(plan):
        raise Refused(_("The mentor must first be fixed by the director's order."))
    if findings(content, plan.period.school_years):
        raise Refused(_("The plan is not complete yet."))
    if plan.in_force and same_text(content, plan.in_force.content):
        raise Refused(_("Nothing differs from the approved version."))
    return approval.perform(plan, Action.SUBMIT, by=by, seen=seen, content=content)


def is_mentor_fixed(plan: InductionPlan) -> bool:
    """Whether an order has fixed who guides the young specialist today (national regulation 4.4.1)."""
    pair = mentor_of(plan, today())
    return pair is not None and pair.order_number != ""


OF_A_COURSE = ("record", "attachments")  # what a report tells of its course


def same_text(one: Content, other: Content) -> bool:
    """Of a paper that follows an internship's plan or a course, what it tells of that counts too."""
    return all(one.get(name) == other.get(name) for name in (*WHOLE_PLAN, "rows", "internship", *OF_A_COURSE))


def discard_change(*, plan: Plan, by: User, seen: int) -> Decision:
    """Give up a change: the working copy becomes the approved version again."""
    with transaction.atomic():
        decision = approval.perform(plan, Action.DISCARD, by=by, seen=seen)
        content = decision.version.content
        plan.change_note = content["change_note"]
        names = ["change_note"]
        for field in plan._meta.local_concrete_fields:
            if field.name in WHOLE_PLAN:
                setattr(plan, field.name, field.to_python(content[field.name]))
                names.append(field.name)
        if isinstance(plan, InductionPlan):
            plan.ends_on = dt.date.fromisoformat(content["ends_on"])
            names.append("ends_on")
        plan.save(update_fields=names)
        if has_rows(plan):
            _replace_rows(plan, [_columns_of(plan.rows.model, row) for row in content["rows"]])
    return decision


def _columns_of(model: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a content as the table keeps it: without what it tells beside; an item made of a need points to it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = {name: fields[name].to_python(value) for name, value in row.items() if name in fields}
    if model is PlanItem:
        columns["need_id"] = row["from_need"]["key"] if "from_need" in row else None
    return columns


def fulfil_item(*, plan: IndividualPlan, uid: uuid.UUID, record: TrainingRecord, by: User) -> Fulfilment:
    """Note that a course the author attended is the one planned here. One record fulfils one item, and it alone."""
    if by.person_id not in (plan.author_id, record.person_id) or plan.author_id != record.person_id:
        raise PermissionDenied
    if planned_item(plan, uid) is None:
        raise Refused(_("This item is not in the plan in force."))
    if record.is_noted:
        raise Refused(_("Learning beside courses fulfils no item of a plan. Choose another kind, or note it there."))
    try:
        with transaction.atomic():
            return Fulfilment.objects.create(plan=plan, uid=uid, record=record, by=by.person)
    except IntegrityError:
        raise Refused(_("A record already fulfils this item, or the record fulfils another one.")) from None


def release_item(*, plan: IndividualPlan, uid: uuid.UUID, by: User) -> None:
    """Undo the link between an item and a record that is not verified; both stay."""
    if plan.author_id != by.person_id:
        raise PermissionDenied
    link = Fulfilment.objects.filter(plan=plan, uid=uid).select_related("record").first()
    if link is None:
        raise Refused(_("This link was undone already."))
    if link.record.status == RecordStatus.VERIFIED:
        raise Refused(_("A verified record stays linked to its item."))
    link.delete()


def planned_item(plan: IndividualPlan, uid: uuid.UUID) -> dict[str, Any] | None:
    """An item of the version in force."""
    rows = plan.in_force.content["rows"] if plan.in_force else []
    return next((row for row in rows if row["uid"] == str(uid)), None)


@dataclass(frozen=True)
class Verdict:
    """What a meeting said of one plan, on the revision that was on the screen."""

    document: Document
    seen: int
    action: Action
    reason: str = ""


@dataclass
class Outcome:
    """What became of several decisions made at once."""

    done: list[Decision] = field(default_factory=list)
    refused: list[tuple[Document, str]] = field(default_factory=list)


def record_meeting(
    *,
    association: MethodicalAssociation,
    by: User,
    minutes_number: str,
    held_on: Any,
    present: Sequence[Person],
    verdicts: Sequence[Verdict],
) -> tuple[Meeting, Outcome]:
    """Enter one meeting and let its decisions land on every plan; plans that changed meanwhile are left out.

    Raises ``Refused`` where no decision could be made at all: then no meeting is recorded.
    """
    with transaction.atomic():
        meeting = Meeting.objects.create(
            association=association, minutes_number=minutes_number, held_on=held_on, recorded_by=by.person
        )
        meeting.present.set(present)
        outcome = decide_all(verdicts, by=by, meeting=meeting)
        if not outcome.done:
            raise Refused(" ".join(message for _document, message in outcome.refused))
    return meeting, outcome


def decide_all(verdicts: Sequence[Verdict], *, by: User, meeting: Meeting | None = None) -> Outcome:
    """Make each decision by itself: one that is refused keeps none of the others back."""
    outcome = Outcome()
    for verdict in verdicts:
        try:
            decision = approval.perform(
                verdict.document, verdict.action, by=by, seen=verdict.seen, reason=verdict.reason, meeting=meeting
            )
        except Refused as refusal:
            outcome.refused.append((verdict.document, refusal.message))
        except PermissionDenied:
            outcome.refused.append((verdict.document, _("You have no permission for this action.")))
        else:
            outcome.done.append(decision)
    return outcome


def _replace_rows(plan: Plan, rows: Rows) -> None:
    """Make the plan's rows equal to ``rows``, in as many queries for sixty rows as for one."""
    model: Any = plan.rows.model
    kept = {str(row.uid): row for row in plan.rows.all()}
    created: list[Any] = []
    changed: list[Any] = []
    named = {str(data["uid"]): data for data in rows}  # a row sent twice is one row
    for place, (uid, data) in enumerate(named.items()):
        columns = {**data, "uid": uid, "position": place}
        row = kept.pop(uid, None)
        if row is None:
            created.append(model(plan=plan, **columns))
        elif any(getattr(row, name) != value for name, value in columns.items() if name != "uid"):
            for name, value in columns.items():
                setattr(row, name, value)
            changed.append(row)
    plan.rows.filter(pk__in=[row.pk for row in kept.values()]).delete()
    model.objects.bulk_create(created)
    if changed:
        model.objects.bulk_update(changed, [name for name in columns if name != "uid"])
