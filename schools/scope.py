"""Who sees what: a person's roles and employments of one day, as sets of ids.

Every ``visible_to(user)`` and ``awaiting(user)`` filters by ``user.scope``, so a role that ended yesterday opens
nothing today.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from schools.choices import KEEPING_ROLES, WORK_OF_KIND, DocumentKind, InstitutionKind, Role, Work
from schools.kinds import WAYS, Ways

if TYPE_CHECKING:
    from schools.models.people import Employment, RoleAssignment


@dataclass(frozen=True)
class Handed:
    """A part of the work of who leads an institution, handed over: whose, and in which of their roles it is done."""

    work: Work
    institution: int
    giver: int
    role: Role


@dataclass(frozen=True)
class Scope:
    """What one person may see and decide on one day."""

    person: int
    workplaces: frozenset[int] = frozenset()
    teaches_at: frozenset[int] = frozenset()  # of the workplaces, those of posts that the rules on hours bind
    associations: frozenset[int] = frozenset()
    faculties: frozenset[int] = frozenset()
    districts: frozenset[int] = frozenset()
    kinds: tuple[str, ...] = ()  # of the institutions the person belongs to, that of the main job first
    kind_at: Mapping[int, str] = field(default_factory=dict)  # of those the person works in, serves or leads
    schools: dict[Role, frozenset[int]] = field(default_factory=dict)
    handed: tuple[Handed, ...] = ()
    is_institute_viewer: bool = False
    is_administrator: bool = False

    @classmethod
    def of(
        cls,
        person: int,
        employments: Collection["Employment"],
        roles: Iterable["RoleAssignment"],
        handed: Iterable[Handed] = (),
        kinds: Iterable[str | None] = (),
        kind_at: Mapping[int, str] | None = None,
    ) -> Self:
        """From the rows that hold on the day in question; ``kinds`` are those of the institutions they are about."""
        held: dict[Role, set[int]] = defaultdict(set)
        for role in roles:
            held[Role(role.role)].add(role.place_id or 0)
        return cls(
            person=person,
            workplaces=frozenset(job.institution_id for job in employments),
            teaches_at=frozenset(job.institution_id for job in employments if job.is_teaching),
            associations=frozenset(held.pop(Role.ASSOCIATION_HEAD, ())),
            faculties=frozenset(held.pop(Role.DEAN, ())),
            kinds=tuple(dict.fromkeys(filter(None, kinds))),
            kind_at=kind_at or {},
            districts=frozenset(held.pop(Role.DISTRICT_OFFICER, ())),
            is_institute_viewer=bool(held.pop(Role.INSTITUTE_VIEWER, ())),
            is_administrator=bool(held.pop(Role.ADMINISTRATOR, ())),
            schools={role: frozenset(places) for role, places in held.items()},
            handed=tuple(handed),
        )

    @property
    def words(self) -> str:
        """In whose words pages speak: those of the main job's institution; of schools where there is none."""
        return WAYS[self.kinds[0]].words if self.kinds else ""

    @property
    def ways(self) -> tuple[Ways, ...]:
        """How the person's institutions do this work. Who belongs to none reads as at schools."""
        return tuple(WAYS[kind] for kind in self.kinds or (InstitutionKind.SCHOOL,))

    def ways_at(self, institution: int) -> Ways:
        """How one of the person's own institutions does this work."""
        return WAYS[self.kind_at.get(institution, InstitutionKind.SCHOOL)]

    @property
    def uses(self) -> frozenset[str]:
        """The kinds of document there are at the person's institutions; what the menus offer."""
        return frozenset().union(*(ways.documents for ways in self.ways))

    @property
    def own_papers(self) -> frozenset[str]:
        """The kinds of document there are where the person teaches: what they may write of themselves."""
        return frozenset().union(*(self.ways_at(place).documents for place in self.teaches_at))

    @property
    def assesses_needs(self) -> bool:
        return any(ways.assesses_needs for ways in self.ways)

    @property
    def guides_newcomers(self) -> bool:
        return any(ways.guides_newcomers for ways in self.ways)

    @property
    def answers_to_district(self) -> bool:
        """Whether what is sent to a district office is the person's to send, or to receive."""
        is_above = bool(self.districts or self.is_country_wide)
        return is_above or any(ways.answers_to_district for ways in self.ways)

    def schools_as(self, role: Role) -> frozenset[int]:
        """Institutions in which the person holds ``role``."""
        return self.schools.get(role, frozenset())

    @property
    def served(self) -> frozenset[int]:
        """Institutions whose papers the person reads all of: as deputy, director, clerk or quality officer."""
        return frozenset().union(*self.schools.values())

    @property
    def kept(self) -> frozenset[int]:
        """Institutions whose staff and papers the person keeps: as deputy, director or clerk."""
        return frozenset().union(*(self.schools_as(role) for role in KEEPING_ROLES))

    @property
    def led(self) -> frozenset[int]:
        """Institutions the person leads: as deputy director or director."""
        return self.schools_as(Role.DEPUTY_DIRECTOR) | self.schools_as(Role.DIRECTOR)

    @property
    def delegated(self) -> dict[Work, frozenset[int]]:
        """Institutions of which a part of the work was handed to the person, by that part."""
        return {
            work: frozenset(one.institution for one in self.handed if one.work == work)
            for work in {one.work for one in self.handed}
        }

    def entrusted(self, work: Work) -> frozenset[int]:
        """Institutions of which the person has this part of the work from somebody else."""
        return self.delegated.get(work, frozenset())

    def handed_for(self, kind: str, institution: int) -> tuple[Handed, ...]:
        """By what the person does the work on a kind of document of an institution in somebody's place."""
        work = WORK_OF_KIND[DocumentKind(kind)]
        return tuple(one for one in self.handed if one.work == work and one.institution == institution)

    def making(self, work: Work) -> frozenset[int]:
        """Institutions whose papers of this work are the person's to make: those led, and those that work is of."""
        return self.led | self.entrusted(work)

    @property
    def scheduled(self) -> frozenset[int]:
        """Institutions whose course schedule is the person's to make."""
        return self.making(Work.SCHEDULES)

    @property
    def makes_schedules(self) -> bool:
        """Whether course schedules are the person's to make, to keep or to receive."""
        is_in_it = self.served or self.scheduled or self.associations or self.districts or self.is_institute_viewer
        return self.answers_to_district and bool(is_in_it)

    @property
    def decides_records(self) -> bool:
        """Whether records of courses can wait for the person: at school, or where a leader of a school enters one."""
        return bool(self.kept or self.entrusted(Work.RECORDS) or self.districts)

    @property
    def is_country_wide(self) -> bool:
        return self.is_institute_viewer or self.is_administrator

    @property
    def reads_others(self) -> bool:
        """Whether anything of other people can be the person's to read or to decide; few have such work."""
        return self.oversees or bool(self.handed)

    @property
    def oversees(self) -> bool:
        """Whether the person has any institution to look at beyond their own papers."""
        return bool(self.served or self.associations or self.faculties or self.districts or self.is_country_wide)


def in_any(**places: Collection[int]) -> Q:
    """Rows in one of whose columns one of the keys stands.

    Most people have most sets empty, and Django takes longer to find out that nothing is in them than the database
    takes to answer (docs/performance.md).
    """
    parts = [Q(**{f"{column}__in": keys}) for column, keys in places.items() if keys]
    return reduce(or_, parts) if parts else Q(pk__in=())
