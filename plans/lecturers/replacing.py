"""A lecturer who cannot go to what the department's plan in force has: the head sees to another one (004 4.2)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cpd.dates import today
from plans.lecturers.people import lecturers_of
from plans.models import DepartmentPlan, Replacement
from schools import approval, audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.models import Document, Employment, User


@dataclass(frozen=True)
class Row:
    """A row of the plan in force; ``instead`` is the last replacement that holds, None where the planned one goes."""

    uid: str
    planned: int
    name: str
    instead: Replacement | None

    @property
    def goes(self) -> int:
        return self.instead.person_id if self.instead else self.planned

    @property
    def goes_name(self) -> str:
        return self.instead.person.full_name if self.instead else self.name

    @property
    def seen(self) -> int:
        """What a form was made of: a replacement that came later is told apart by it."""
        return self.instead.pk if self.instead else 0


def can_replace(user: User, plan: Document) -> bool:
    """Who writes the plan: it is the head's duty. What is in force can be carried out otherwise, a draft is edited."""
    return isinstance(plan, DepartmentPlan) and plan.in_force_id is not None and plan.is_written_by(user)


def rows_in_force(plan: DepartmentPlan) -> dict[str, Row]:
    """By the row's uid; one query beside the version in force."""
    rows = plan.in_force.content["rows"] if plan.in_force else []
    return _rows(rows, list(plan.replacements.select_related("person", "by")))


def _rows(rows: list[Mapping[str, Any]], replacements: list[Replacement]) -> dict[str, Row]:
    """Each replacement holds for whom it was made: where a yearly change names somebody else since, that one goes."""
    found = {row["uid"]: Row(row["uid"], row["person_id"], row["name"], None) for row in rows}
    for one in replacements:
        row = found.get(str(one.uid))
        if row is not None and one.instead_of_id == row.goes:
            back = one.person_id == row.planned  # who was planned can go after all
            found[row.uid] = Row(row.uid, row.planned, row.name, None if back else one)
    return found


def replacements_of(plan: DepartmentPlan) -> dict[str, Replacement]:
    """Who goes instead of whom today, by the uid of the row in force."""
    return {uid: row.instead for uid, row in rows_in_force(plan).items() if row.instead}


def staff_of(plan: DepartmentPlan, row: Row) -> list[Employment]:
    """Who may go: the institution's lecturers whose main work is there, those of the department first (004 4.2)."""
    jobs = [job for job in lecturers_of(plan.institution_id, None, today()) if job.is_main]
    others = [job for job in jobs if job.person_id != row.goes]
    return sorted(others, key=lambda job: job.association_id != plan.association_id)


def replace_lecturer(
    *, plan: DepartmentPlan, uid: uuid.UUID, by: User, seen: int, person: int, reason: str
) -> Replacement:
    """Let somebody else go. Raises ``Refused`` where the row is not in force or somebody was chosen meanwhile."""
    with transaction.atomic():
        approval.read_anew(by)
        # One replacement of a plan at a time; SQLite, which ignores this lock, lets one writer in at a time anyway.
        Document.objects.select_for_update(no_key=True).get(pk=plan.pk)
        now = DepartmentPlan.objects.select_related("institution", "in_force").get(pk=plan.pk)
        if not can_replace(by, now):
            raise PermissionDenied
        row = rows_in_force(now).get(str(uid))
        if row is None:
            raise Refused(_("This item is not in the plan in force."))
        if row.seen != seen:
            raise ChangedMeanwhile(_("Meanwhile another lecturer was chosen here: %(name)s") % {"name": row.goes_name})
        chosen = next((job.person for job in staff_of(now, row) if job.person_id == person), None)
        if chosen is None:
            raise Refused(_("This lecturer goes already or does not work here any more. Choose another one."))
        made = Replacement.objects.create(
            plan=now, uid=uid, person=chosen, instead_of_id=row.goes, reason=reason, by=by.person
        )
        for subject, told in ((made.instead_of, {"person": chosen}), (chosen, {"instead_of": made.instead_of})):
            audit.note(
                Event.LECTURER_REPLACED, by=by, subject=subject, institution=now.institution, what=now, after=told
            )
    return made
