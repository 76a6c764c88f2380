"""Roles in an institution: who holds them, who gives and ends them, and where one person or nobody holds one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cpd.dates import today
from schools import audit
from schools.access import roles_to_give
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import LEADING_ROLES, UNIT_ROLES, Event, Role
from schools.kinds import WAYS
from schools.models import District, Employment, Institution, MethodicalAssociation, Person, RoleAssignment, User

ENOUGH = 2  # field note 28: at least two people, so that work goes on while one is away
# Beside them the heads of associations that have members, the deans of faculties, and the district office.
WATCHED = (*LEADING_ROLES, Role.QUALITY_OFFICER)


class NobodyLeads(Refused):
    """The institution would be left without a director and a deputy; whoever wants that has to say so."""


@dataclass(frozen=True)
class Post:
    """A role in one place, and who holds it today."""

    role: Role
    place: str
    institution: int | None
    holders: tuple[RoleAssignment, ...]

    @property
    def is_empty(self) -> bool:
        return not self.holders

    @property
    def is_thin(self) -> bool:
        """Whether work stops when one person is away."""
        return len({one.person_id for one in self.holders}) < ENOUGH


def can_read_roles(user: User, institution: Institution) -> bool:
    """Who serves the institution, its district office, an administrator."""
    return institution.pk in user.scope.served or bool(roles_to_give(user, institution))


def give_role(
    *, person: Person, role: Role, place: Institution | MethodicalAssociation, starts_on: dt.date, by: User
) -> RoleAssignment:
    """Give a role in an institution, or in one of its units: of a head or a dean. Until further notice.

    Raises ``PermissionDenied`` where the role is not the user's to give, :class:`Refused` where it makes no sense.
    """
    institution = place.institution if isinstance(place, MethodicalAssociation) else place
    with transaction.atomic():
        held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # of two clicks at once one is first
        if role not in roles_to_give(by, institution):
            raise PermissionDenied
        if not _fits(role, place):
            raise Refused(_("Give exactly the place that this role belongs to."))
        if not staff_of(institution).filter(pk=held.pk).exists():
            raise Refused(_("This person does not work in this institution."))
        if starts_on < today():
            raise Refused(_("A role is not given for days that are past."))
        same = RoleAssignment.objects.filter(person=held, role=role, **_place_of(place)).exclude(ends_on__lt=starts_on)
        if same.exists():
            raise Refused(_("This person holds this role already."))
        assignment = RoleAssignment.objects.create(person=held, role=role, starts_on=starts_on, **_place_of(place))
        after = {"role": role, "starts_on": starts_on}
        audit.note(Event.ROLE_GIVEN, by=by, subject=held, institution=institution, what=assignment, after=after)
    return assignment


def end_role(*, assignment: RoleAssignment, by: User, last_day: dt.date | None, leaves_nobody: bool = False) -> None:
    """Write the last day of a role, or end it at once where none is given.

    A role that was given today and ends at once never held a whole day: its row goes, the journal tells of it.
    Raises :class:`NobodyLeads` where nobody would lead the institution and ``leaves_nobody`` does not say so.
    """
    institution = institution_of(assignment)
    with transaction.atomic():
        Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)  # of two last leaders one is last
        if assignment.role not in roles_to_give(by, institution):
            raise PermissionDenied
        if last_day is not None and last_day < today():
            raise Refused(_("The last day must not be in the past. To end it now, tick “at once”."))
        ends_on = last_day or today() - dt.timedelta(days=1)
        if not leaves_nobody and would_leave_nobody(assignment, ends_on):
            raise NobodyLeads(
                _("Then nobody leads this institution. Give the role to somebody else first, or tick it.")
            )
        same = RoleAssignment.objects.filter(pk=assignment.pk, ends_on=assignment.ends_on).exclude(ends_on__lt=today())
        done = same.delete()[0] if ends_on < assignment.starts_on else same.update(ends_on=ends_on)
        if done != 1:
            raise ChangedMeanwhile(_("Meanwhile this role was changed. Look at it again."))
        audit.note(
            Event.ROLE_ENDED,
            by=by,
            subject=assignment.person,
            institution=institution,
            what=assignment,
            before={"ends_on": assignment.ends_on},
            after={"ends_on": ends_on},
        )


def is_last_leader(assignment: RoleAssignment) -> bool:
    """Whether nobody else leads the institution today without an end in sight."""
    if assignment.role not in LEADING_ROLES:
        return False
    leading = RoleAssignment.objects.on(today()).filter(
        role__in=LEADING_ROLES, institution=assignment.institution_id, ends_on=None
    )
    return not leading.exclude(pk=assignment.pk).exists()


def would_leave_nobody(assignment: RoleAssignment, ends_on: dt.date) -> bool:
    """Whether nobody leads the institution on the day after the role's last day."""
    if assignment.role not in LEADING_ROLES:
        return False
    leading = RoleAssignment.objects.on(ends_on + dt.timedelta(days=1)).filter(
        role__in=LEADING_ROLES, institution=assignment.institution_id
    )
    return not leading.exclude(pk=assignment.pk).exists()


def institution_of(assignment: RoleAssignment) -> Institution:
    """Where a role of a school is held; a head's is the association's."""
    institution = assignment.association.institution if assignment.association else assignment.institution
    if institution is None:
        raise ValueError("a role of a district or of the country")
    return institution


def roles_in(institution: Institution) -> QuerySet[RoleAssignment]:
    """The roles held in an institution and its associations today or later, with what a list shows."""
    return (
        RoleAssignment.objects.filter(Q(institution=institution) | Q(association__institution=institution))
        .exclude(ends_on__lt=today())
        .select_related("person", "association__institution", "institution")
        .order_by(_by_rank(), "association", "starts_on", "pk")
    )


def units_for(role: Role, institution: Institution) -> QuerySet[MethodicalAssociation]:
    """The units of an institution that have this role: a dean leads a faculty, whose departments have heads."""
    units = MethodicalAssociation.objects.filter(institution=institution)
    return units.filter(part_of=None) if role == Role.DEAN else units.filter(parts=None)


def staff_of(institution: Institution) -> QuerySet[Person]:
    """Who works in an institution today and may get a role there."""
    works = Employment.objects.on(today()).filter(institution=institution)
    return Person.objects.filter(pk__in=works.values("person"), merged_into=None, erased_at=None)


# Where one person or nobody holds a role --------------------------------------------------------------------------


def posts_of(institutions: Collection[Institution]) -> list[Post]:
    """Who leads, and the heads of units that have members or parts, each with who holds it today; two queries."""
    by_key = {institution.pk: institution for institution in institutions}
    members = Employment.objects.on(today()).filter(association=OuterRef("pk"))
    parts = MethodicalAssociation.objects.filter(part_of=OuterRef("pk"))
    units = MethodicalAssociation.objects.annotate(is_faculty=Exists(parts)).filter(
        Exists(members) | Q(is_faculty=True), institution__in=by_key
    )
    found = list(units.order_by("institution", "pk"))
    held = _holders(Q(institution__in=by_key) | Q(association__in=found))
    posts: list[Post] = []
    for key, institution in by_key.items():
        there = WAYS[institution.kind].roles
        posts += [Post(role, institution.title, key, held[role, key]) for role in WATCHED if role in there]
        for one in found:
            role = Role.DEAN if one.is_faculty else Role.ASSOCIATION_HEAD
            if one.institution_id == key and role in there:
                posts.append(Post(role, one.title, key, held[role, one.pk]))
    return posts


def single_holders(user: User) -> list[Post]:
    """Where one person or nobody holds a role, in what the user leads or serves as district office.

    At most five queries; none for who leads nothing.
    """
    found: list[Post] = []
    if user.scope.led:
        found += posts_of(list(Institution.objects.filter(pk__in=user.scope.led).order_by("pk")))
    if user.scope.districts:
        held = _holders(Q(district__in=user.scope.districts))
        for district in District.objects.filter(pk__in=user.scope.districts).order_by("pk"):
            found.append(Post(Role.DISTRICT_OFFICER, district.title, None, held[Role.DISTRICT_OFFICER, district.pk]))
    return [post for post in found if post.is_thin]


def thinnest_first(institutions: QuerySet[Institution]) -> QuerySet[Any]:
    """Institutions with ``directors``, ``deputies`` and ``headless`` associations; first where nobody leads, then
    where one person does.
    """
    today_held = RoleAssignment.objects.on(today())
    leading = today_held.filter(institution=OuterRef("pk"), role__in=LEADING_ROLES)
    members = Employment.objects.on(today()).filter(association=OuterRef("pk"))
    heads = today_held.filter(association=OuterRef("pk"))
    headless = MethodicalAssociation.objects.filter(Exists(members), ~Exists(heads), institution=OuterRef("pk"))
    return institutions.annotate(
        directors=_count(leading.filter(role=Role.DIRECTOR), "institution", "person"),
        deputies=_count(leading.filter(role=Role.DEPUTY_DIRECTOR), "institution", "person"),
        leaders=_count(leading, "institution", "person"),
        headless=_count(headless, "institution", "pk"),
    ).order_by("leaders", "-headless", "title_ky", "pk")


def _holders(where: Q) -> dict[tuple[str, int | None], tuple[RoleAssignment, ...]]:
    """Who holds which role where today, by role and place."""
    held: dict[tuple[str, int | None], tuple[RoleAssignment, ...]] = defaultdict(tuple)
    for one in RoleAssignment.objects.on(today()).filter(where).select_related("person").order_by("starts_on", "pk"):
        held[one.role, one.place_id] += (one,)
    return held


def _by_rank() -> Case:
    """Who leads comes first in a list."""
    ranks = (Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.QUALITY_OFFICER, Role.CLERK, Role.DEAN)
    return Case(*(When(role=role, then=Value(rank)) for rank, role in enumerate(ranks)), default=Value(len(ranks)))


def _count(rows: QuerySet, by: str, what: str) -> Coalesce:
    counts = rows.order_by().values(by).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))


def _fits(role: Role, place: Institution | MethodicalAssociation) -> bool:
    """Whether this place is one that the role belongs to."""
    if isinstance(place, Institution):
        return role not in UNIT_ROLES
    return role in UNIT_ROLES and units_for(role, place.institution).filter(pk=place.pk).exists()


def _place_of(place: Institution | MethodicalAssociation) -> dict[str, Any]:
    return {"association" if isinstance(place, MethodicalAssociation) else "institution": place}
