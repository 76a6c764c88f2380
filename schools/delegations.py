"""Handing parts of a leader's work over for a time (001 §3): to a clerk, a head of an association, any colleague."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cpd.dates import add_years, full_date, today
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import LEADING_ROLES, Event, Work
from schools.kinds import WAYS
from schools.models import Decision, Delegation, Employment, Institution, Person, RoleAssignment, User

LONGEST = 1  # years


@dataclass(frozen=True)
class Line:
    """One row of a list: what was handed over, and what the reader may do about it."""

    row: Delegation
    holds: bool  # opens something today; one that begins later does not yet
    can_end: bool


def can_hand_over(user: User, institution: Institution) -> bool:
    """Only what one holds oneself: who leads the institution. What was handed to somebody is not handed on."""
    return institution.pk in user.scope.led


def can_end(user: User, delegation: Delegation) -> bool:
    """Who handed it over, who has it and gives it back, and whoever leads the institution."""
    if delegation.ended_at is not None or (delegation.ends_on is not None and delegation.ends_on < today()):
        return False
    return user.person_id in (delegation.giver_id, delegation.taker_id) or delegation.institution_id in user.scope.led


def people_to_take(institution: Institution, *, besides: int) -> QuerySet[Person]:
    """The staff of an institution today, and who holds a role there, without one person."""
    works = Employment.objects.on(today()).filter(institution=institution).values("person")
    roles = RoleAssignment.objects.on(today()).filter(institution=institution).values("person")
    staff = Person.objects.filter(Q(pk__in=works) | Q(pk__in=roles), merged_into=None, erased_at=None)
    return staff.exclude(pk=besides)


def hand_over(
    *, institution: Institution, taker: Person, works: Collection[Work], starts_on: dt.date, ends_on: dt.date, by: User
) -> list[Delegation]:
    """Hand parts of one's work to somebody of the institution, from a day to a day.

    Raises ``PermissionDenied`` where it is not the user's to hand over, :class:`Refused` where it makes no sense.
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.person_id)  # of two clicks at once one is first
        if not can_hand_over(by, institution) or not WAYS[institution.kind].works.issuperset(works):
            raise PermissionDenied
        if not people_to_take(institution, besides=by.person_id).filter(pk=taker.pk).exists():
            raise Refused(_("Work is handed to somebody else of the same institution."))
        if not works:
            raise Refused(_("Tick at least one part of the work."))
        if starts_on < today():
            raise Refused(_("Work cannot be handed over for days that are past."))
        if ends_on < starts_on:
            raise Refused(_("The end date must not be earlier than the start date."))
        if ends_on > longest_until(starts_on):
            raise Refused(_("Work is handed over for a year at most. It can be handed over again then."))
        if _roles_leading(by.person, institution) <= _roles_leading(taker, institution):
            raise Refused(_("%(name)s does this work already, in the same role.") % {"name": taker.short_name})
        for work in works:
            _refuse_twice(institution, taker, work, starts_on, ends_on, by=by)
        return [_handed(institution, taker, work, starts_on, ends_on, by=by) for work in works]


def longest_until(starts_on: dt.date) -> dt.date:
    """The last day that may be given: nobody does another one's work for good, that is a role."""
    return add_years(starts_on, LONGEST) - dt.timedelta(days=1)


def end_early(*, delegation: Delegation, by: User) -> None:
    """Take the work back, or give it back, at once."""
    with transaction.atomic():
        now = Delegation.objects.select_related("taker", "institution").get(pk=delegation.pk)
        if by.person_id not in (now.giver_id, now.taker_id) and now.institution_id not in by.scope.led:
            raise PermissionDenied
        ended = Delegation.objects.filter(pk=now.pk, ended_at=None, ends_on__gte=today())
        if ended.update(ended_at=timezone.now(), ended_by=by.person) != 1:
            raise ChangedMeanwhile(_("It had ended already. Your click changed nothing."))
        audit.note(Event.DELEGATION_ENDED, by=by, subject=now.taker, institution=now.institution, what=now)


def lines_of(user: User, institution: Institution) -> list[Line]:
    """What of an institution's work is handed over, and what will be, as far as the user may see it; two queries."""
    seen = Delegation.objects.visible_to(user).filter(institution=institution, ended_at=None, ends_on__gte=today())
    holding = set(seen.in_force(today()).order_by().values_list("pk", flat=True))
    rows = seen.select_related("giver", "taker").order_by("starts_on", "pk")
    return [Line(row, holds=row.pk in holding, can_end=can_end(user, row)) for row in rows]


def handed_to(user: User) -> list[Line]:
    """What was handed to the user and holds today, for the first page; one query where there is any, else none."""
    if not user.scope.handed:
        return []
    mine = Delegation.objects.in_force(today()).filter(taker=user.person_id)
    rows = mine.select_related("giver", "taker", "institution").order_by("ends_on", "pk")
    return [Line(row, holds=True, can_end=True) for row in rows]


def post_of(post: str, decision: Decision) -> str:
    """The post under a signature: whoever signs in somebody's place signs with that post, and it is said."""
    if not decision.in_place_of_name:
        return post
    return _("%(post)s (handed over by %(name)s)") % {"post": post, "name": decision.in_place_of_name}


def _roles_leading(person: Person, institution: Institution) -> set[str]:
    held = person.roles.on(today()).filter(institution=institution, role__in=LEADING_ROLES)
    return set(held.values_list("role", flat=True))


def _refuse_twice(
    institution: Institution, taker: Person, work: Work, starts_on: dt.date, ends_on: dt.date, *, by: User
) -> None:
    """The same work to the same person for the same days would only have to be ended twice."""
    same = Delegation.objects.filter(institution=institution, giver=by.person_id, taker=taker, work=work)
    last = same.filter(ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("-ends_on").first()
    if last is not None and last.ends_on is not None:
        told = {"work": work.label, "name": taker.short_name, "day": full_date(last.ends_on)}
        raise Refused(_("%(name)s has this already: %(work)s, until %(day)s") % told)


def _handed(
    institution: Institution, taker: Person, work: Work, starts_on: dt.date, ends_on: dt.date, *, by: User
) -> Delegation:
    delegation = Delegation.objects.create(
        institution=institution, giver=by.person, taker=taker, work=work, starts_on=starts_on, ends_on=ends_on
    )
    dates = {"starts_on": starts_on, "ends_on": ends_on}
    audit.note(Event.DELEGATED, by=by, subject=taker, institution=institution, what=delegation, after=dates)
    return delegation
