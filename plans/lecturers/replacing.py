"""A lecturer who cannot go to what the department's plan in force has: the head sees to another one (004 4.2)."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cpd.dates import today
from plans.models import DepartmentPlan, Replacement
from schools import approval, audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.merging import goes_on_as
from schools.models import Document, Employment, User

Rows = Sequence[Mapping[str, Any]]  # as a version froze them


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
    """By the row's uid; two queries beside the version in force."""
    rows = plan.in_force.content["rows"] if plan.in_force else []
    replacements = list(plan.replacements.select_related("person", "by"))
    return rows_of(rows, replacements, goes_on_as(people_in(rows, replacements)))


def people_in(rows: Rows, replacements: Iterable[Replacement]) -> Iterator[int]:
    """The keys of everybody whom the rows and their replacements name."""
    yield from (row["person_id"] for row in rows)
    for one in replacements:
        yield from (one.person_id, one.instead_of_id)


def rows_of(rows: Rows, replacements: Iterable[Replacement], ended: Mapping[int, int]) -> dict[str, Row]:
    """Each replacement holds for whom it was made: where a yearly change names somebody else since, that one goes.

    ``ended`` tells as whom those go on whose record was merged since. Who went in their own place went themselves.
    """
    found = {
        row["uid"]: Row(row["uid"], ended.get(row["person_id"], row["person_id"]), row["name"], None) for row in rows
    }
    for one in replacements:
        row = found.get(str(one.uid))
        who, in_place_of = (ended.get(key, key) for key in (one.person_id, one.instead_of_id))
        if row is not None and who != in_place_of == row.goes:
            back = who == row.planned  # who was planned can go after all
            found[row.uid] = Row(row.uid, row.planned, row.name, None if back else one)
    return found


def replacements_of(plan: DepartmentPlan) -> dict[str, Replacement]:
    """Who goes instead of whom today, by the uid of the row in force."""
    return {uid: row.instead for uid, row in rows_in_force(plan).items() if row.instead}


def staff_of(plan: DepartmentPlan, row: Row) -> list[Employment]:
    """Who may go: lecturers of departments whose main work is there, those of this department first (004 4.2).

    A rector or a dean whose post belongs to no department is no lecturer who could be sent instead.
    """
    jobs = Employment.objects.on(today()).teaching().filter(institution=plan.institution_id, is_main=True)
    of_departments = jobs.filter(association__isnull=False, association__parts__isnull=True)
    others = of_departments.exclude(person=row.goes).select_related("person__category")
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
