"""Who holds which role where on a day, for many institutions at once: the reverse of a person's scope."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from schools.choices import KEEPING_ROLES, LEADING_ROLES, WORK_OF_KIND, DocumentKind, Role, Work
from schools.models import Decision, Delegation, Institution, Mentorship, MethodicalAssociation, RoleAssignment
from schools.scope import Handed

Guides = dict[tuple[int, int], set[int]]  # who guides a person at an institution


@dataclass(frozen=True)
class Holders:
    """People by role and place (institution, association or district), and by the work that was handed to them."""

    roles: Mapping[tuple[str, int | None], frozenset[int]]
    handed: Mapping[int, Sequence[tuple[int, Handed]]]  # by institution: to whom, and what

    def of(self, role: str, place: int | None) -> frozenset[int]:
        return self.roles.get((role, place), frozenset())

    def leading(self, institution: int) -> frozenset[int]:
        """As ``Scope.led``."""
        return frozenset().union(*(self.of(role, institution) for role in LEADING_ROLES))

    def keeping(self, institution: int) -> frozenset[int]:
        """As ``Scope.kept``."""
        return frozenset().union(*(self.of(role, institution) for role in KEEPING_ROLES))

    def entrusted(self, work: Work, institution: int) -> frozenset[int]:
        """As ``Scope.entrusted``."""
        return frozenset(person for person, one in self.handed.get(institution, ()) if one.work == work)

    def making(self, work: Work, institution: int) -> frozenset[int]:
        """As ``Scope.making``."""
        return self.leading(institution) | self.entrusted(work, institution)


def holders_at(institutions: Collection[int], on: dt.date) -> Holders:
    """Roles in institutions, their associations and their districts, and what was handed over there: two queries."""
    held: dict[tuple[str, int | None], set[int]] = defaultdict(set)
    leading: dict[tuple[int, int | None], list[Role]] = defaultdict(list)
    of_places = Q(institution__in=institutions)
    of_places |= Q(association__in=MethodicalAssociation.objects.filter(institution__in=institutions).values("pk"))
    of_places |= Q(district__in=Institution.objects.filter(pk__in=institutions).values("district"))
    for role in RoleAssignment.objects.on(on).filter(of_places):
        held[role.role, role.place_id].add(role.person_id)
        if role.role in LEADING_ROLES:
            leading[role.person_id, role.institution_id].append(Role(role.role))
    handed: dict[int, list[tuple[int, Handed]]] = defaultdict(list)
    for one in Delegation.objects.in_force(on).filter(institution__in=institutions):
        for role_of_giver in leading[one.giver_id, one.institution_id]:
            work = Handed(Work(one.work), one.institution_id, one.giver_id, role_of_giver)
            handed[one.institution_id].append((one.taker_id, work))
    return Holders({place: frozenset(people) for place, people in held.items()}, handed)


def in_turn(documents: Sequence[Mapping[str, Any]], on: dt.date) -> dict[int, set[int]]:
    """Who may take the next step of each document, by its key: four queries for any number.

    It is ``Document.objects.awaiting`` the other way round, for gathering notices; a test holds the two equal.
    """
    holders = holders_at({one["institution"] for one in documents}, on)
    guides = guides_of(documents, on)
    decided: dict[int, set[int | None]] = defaultdict(set)
    bound = Decision.objects.that_bind().filter(version__in={one["current_version"] for one in documents})
    for version, *people in bound.values_list("version", "by", "by__merged_into", "in_place_of"):
        decided[version].update(people)
    return {
        one["pk"]: {
            person
            for person, giver in _holding(one, holders)
            if not {person, giver} & ({one["author"], *guiding(one, guides)} | decided[one["current_version"]])
        }
        for one in documents
    }


def guides_of(documents: Iterable[Mapping[str, Any]], on: dt.date) -> Guides:
    """The mentors of a day of those whose plans of the first years these are; no query where there is none."""
    authors = {one["author"] for one in documents if one["kind"] == DocumentKind.INDUCTION_PLAN}
    found: Guides = defaultdict(set)
    if authors:
        pairs = Mentorship.objects.on(on).filter(mentee__in=authors)
        for mentee, institution, mentor in pairs.values_list("mentee", "institution", "mentor"):
            found[mentee, institution].add(mentor)
    return found


def guiding(document: Mapping[str, Any], guides: Guides) -> set[int]:
    """Who writes a document as the mentor: of a young specialist's plan alone."""
    is_guided = document["kind"] == DocumentKind.INDUCTION_PLAN
    return guides.get((document["author"], document["institution"]), set()) if is_guided else set()


def _holding(document: Mapping[str, Any], holders: Holders) -> Iterator[tuple[int, int]]:
    """Everybody with the role a document waits for; with each whose role it is, if not their own."""
    role, institution = document["awaiting_role"], document["institution"]
    places = {
        Role.ASSOCIATION_HEAD: "association",
        Role.DEAN: "association__part_of",
        Role.DISTRICT_OFFICER: "institution__district",
    }
    for person in holders.of(role, document[places.get(role, "institution")]):
        yield person, person
    for person, one in holders.handed.get(institution, ()):
        if one.role == role and WORK_OF_KIND.get(document["kind"]) == one.work:
            yield person, one.giver
