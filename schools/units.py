"""The units of an institution: methodical associations of a school, departments and faculties of a university."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cpd.dates import today
from cpd.text import kyrgyz_order
from schools import audit
from schools.access import can_keep_units
from schools.approval import ChangedMeanwhile
from schools.choices import Event
from schools.models import Institution, MethodicalAssociation, User

COLUMNS = ("title_ky", "title_ru")


@dataclass(frozen=True)
class Line:
    """A unit as a list shows it, with how many work there: in a faculty, in all its departments together."""

    unit: MethodicalAssociation
    people: int
    faculty: MethodicalAssociation | None = None

    @property
    def is_part(self) -> bool:
        return self.faculty is not None


def lines_of(institution: Institution) -> list[Line]:
    """All units of an institution by title, each faculty before its departments; one query."""
    works = Q(employments__starts_on__lte=today()) & ~Q(employments__ends_on__lt=today())
    units = MethodicalAssociation.objects.filter(institution=institution)
    counted = units.annotate(people=Count("employments", filter=works)).order_by(kyrgyz_order("title_ky"), "pk")
    found = list(counted)
    lines: list[Line] = []
    for unit in found:
        if unit.part_of_id is None:
            parts = [Line(one, one.people, faculty=unit) for one in found if one.part_of_id == unit.pk]
            lines += [Line(unit, unit.people + sum(part.people for part in parts)), *parts]
    return lines


def save_unit(*, unit: MethodicalAssociation, by: User) -> None:
    """Write a unit that a form has checked; the journal of the institution tells what changed.

    Raises ``PermissionDenied`` where the institution is not the user's to keep, ``ChangedMeanwhile`` where somebody
    else's change of this moment does not go with it.
    """
    with transaction.atomic():
        institution = Institution.objects.select_for_update(no_key=True).get(pk=unit.institution_id)
        if not can_keep_units(by, institution):
            raise PermissionDenied
        if unit.part_of_id:  # as it stands now: of two changes at once the second one sees the first
            unit.part_of = MethodicalAssociation.objects.get(pk=unit.part_of_id)
        try:
            unit.full_clean()
        except ValidationError:
            raise ChangedMeanwhile(_("Meanwhile the units were changed. Look at them again.")) from None
        before = _told(MethodicalAssociation.objects.select_related("part_of").filter(pk=unit.pk).first())
        after = _told(unit)
        changed = [name for name in after if before.get(name) != after[name]]
        if not changed:
            return
        unit.save()
        old, new = ({name: told[name] for name in changed if name in told} for told in (before, after))
        audit.note(Event.REFERENCE_CHANGED, by=by, institution=institution, what=unit.title_ky, before=old, after=new)


def _told(unit: MethodicalAssociation | None) -> dict[str, str]:
    """What the journal keeps of a unit; nothing of one that is not there yet."""
    if unit is None:
        return {}
    return {name: getattr(unit, name) for name in COLUMNS} | {"part_of": unit.part_of.title_ky if unit.part_of else ""}
