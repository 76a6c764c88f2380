"""Who can see what about a person today: the other side of every ``visible_to``, in words for that person."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from schools.choices import SCHOOL_ROLES, Role
from schools.models import Delegation, Employment, Institution, Mentorship, Person, RoleAssignment

AT_SCHOOL = _(
    "plans, records and learning needs that were handed in, learning noted beside courses, what was shared, "
    "certificates, hours, personal number, leave"
)
OF_A_UNIVERSITY = _(
    "plans and records that were handed in, learning noted beside courses, what was shared, certificates, hours"
)
SEES = {
    Role.ASSOCIATION_HEAD: _(
        "plans, records and learning needs that were handed in, learning noted beside courses, what was shared, "
        "certificates, hours"
    ),
    Role.DEAN: OF_A_UNIVERSITY,
    Role.QUALITY_OFFICER: OF_A_UNIVERSITY,
    Role.DEPUTY_DIRECTOR: AT_SCHOOL,
    Role.DIRECTOR: AT_SCHOOL,
    Role.CLERK: AT_SCHOOL,
    Role.DISTRICT_OFFICER: _(
        "plans in force, records that were handed in or noted, certificates, hours; learning needs by numbers, "
        "and who asked for a topic where a course that answers it is offered"
    ),
    Role.INSTITUTE_VIEWER: _("plans in force, records that were handed in or noted, hours"),
    Role.ADMINISTRATOR: _(
        "the account, places of work and roles, personal number and date of birth; "
        "records that were handed in or noted"
    ),
}
AS_MENTOR = _(
    "the plan of the first years, which you two write; sheets of lessons, and of a reflection what you share"
)
DELEGATED = _("what the work handed over needs, until %(day)s")


@dataclass(frozen=True)
class Reader:
    """A role by its holders, where they hold it, and what it sees."""

    role: str
    where: str
    names: list[str]
    sees: str


def readers_of(person: Person) -> list[Reader]:
    """Everybody who may read of the person today: by place and role, the nearest first. Four queries."""
    day = today()
    jobs = list(
        Employment.objects.on(day).filter(person=person).select_related("institution__district", "association")
    )
    places = list({job.institution_id: job.institution for job in jobs}.values())
    roles = RoleAssignment.objects.on(day).exclude(person=person).select_related("person").order_by("pk")
    around = Q(institution__in=places, role__in=SCHOOL_ROLES)
    units = [job.association for job in jobs if job.association]
    around |= Q(association__in=units, role=Role.ASSOCIATION_HEAD)
    around |= Q(association__in=[unit.part_of_id for unit in units if unit.part_of_id], role=Role.DEAN)
    around |= Q(district__in=[place.district_id for place in places])
    around |= Q(role__in=(Role.INSTITUTE_VIEWER, Role.ADMINISTRATOR))
    held = list(roles.filter(around).select_related("institution", "association", "district"))
    return [*_by_role(held), *_mentors(person, day), *_delegated(places, person)]


def _by_role(held: Iterable[RoleAssignment]) -> list[Reader]:
    found: dict[tuple[int, str], Reader] = {}
    order = list(SEES)
    for one in sorted(held, key=lambda role: order.index(Role(role.role))):
        role = Role(one.role)
        where = one.institution or one.association or one.district
        reader = found.setdefault(
            (order.index(role), str(where or "")), Reader(str(role.label), str(where or ""), [], str(SEES[role]))
        )
        reader.names.append(one.person.full_name)
    return list(found.values())


def _mentors(person: Person, day: dt.date) -> list[Reader]:
    pairs = Mentorship.objects.on(day).filter(mentee=person).select_related("mentor", "institution")
    return [Reader(str(_("Mentor")), str(one.institution), [one.mentor.full_name], str(AS_MENTOR)) for one in pairs]


def _delegated(places: list[Institution], person: Person) -> list[Reader]:
    handed = Delegation.objects.in_force(today()).filter(institution__in=places).exclude(taker=person)
    return [
        Reader(
            one.get_work_display(),
            str(one.institution),
            [one.taker.full_name],
            DELEGATED % {"day": f"{one.ends_on:%d.%m.%Y}"},
        )
        for one in handed.select_related("taker", "institution")
    ]
