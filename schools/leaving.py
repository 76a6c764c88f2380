"""What hangs on an employment that ends: told before it ends, whichever app knows of it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cpd.by_app import found_in_apps
from schools.choices import PERSONAL
from schools.models import Delegation, Document, Employment, Institution, Leave, Mentorship, Person, RoleAssignment
from schools.models.documents import UNDECIDED


@dataclass(frozen=True)
class Hanging:
    """One thing that the end of an employment touches, as a sentence for the person who ends it.

    What ``ends`` goes with the employment by itself; everything else somebody has to look after, at ``url``.
    """

    text: str
    ends: bool = False
    url: str = ""


def what_hangs(employment: Employment, last_day: dt.date) -> list[Hanging]:
    """All that goes on after the last day, of every app; what somebody has to look after comes first.

    Each app that knows of something brings a function ``HANGING`` of its module ``leaving``.
    """
    found = [one for told in found_in_apps("leaving", "HANGING") for one in told(employment, last_day)]
    return sorted(found, key=lambda one: one.ends)


def roles_in(person: Person, institution: Institution) -> QuerySet[RoleAssignment]:
    """Roles of a person in the institution itself and in its associations."""
    return RoleAssignment.objects.filter(
        Q(institution=institution) | Q(association__institution=institution), person=person
    )


def delegations_in(person: Person, institution: Institution) -> QuerySet[Delegation]:
    return Delegation.objects.filter(Q(giver=person) | Q(taker=person), institution=institution)


def mentorships_in(person: Person, institution: Institution) -> QuerySet[Mentorship]:
    return Mentorship.objects.filter(Q(mentor=person) | Q(mentee=person), institution=institution)


def going_on(rows: QuerySet[Any], last_day: dt.date) -> QuerySet[Any]:
    """Dated rows that hold after a day or begin after it."""
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=last_day))


def of_schools(employment: Employment, last_day: dt.date) -> Iterator[Hanging]:
    """Roles, work handed over, mentors, leave; and papers that go on without the person."""
    person, institution = employment.person, employment.institution
    for role in going_on(roles_in(person, institution), last_day).select_related("association"):
        yield Hanging(_role_told(role, last_day), ends=True)
    for delegation in going_on(delegations_in(person, institution), last_day).select_related("taker"):
        yield Hanging(_("Work handed over: %(what)s") % {"what": delegation}, ends=True)
    for pair in going_on(mentorships_in(person, institution), last_day).select_related("mentor", "mentee"):
        told = {"mentor": pair.mentor.short_name, "mentee": pair.mentee.short_name}
        if pair.mentor_id == person.pk:
            text = _("%(mentee)s is left without a mentor: another one has to be fixed by an order.") % told
            yield Hanging(text, url=reverse("mentors", args=[institution.pk]))
        yield Hanging(_("Mentorship: %(mentor)s guides %(mentee)s") % told, ends=True)
    for leave in going_on(Leave.objects.filter(employment=employment), last_day):
        yield Hanging(leave.get_kind_display(), ends=True)
    papers = Document.objects.filter(author=person, institution=institution, kind__in=PERSONAL, state__in=UNDECIDED)
    for paper in papers:
        told_paper = {"paper": paper, "state": paper.state_label}
        yield Hanging(_("%(paper)s: %(state)s. It is decided here and stays here.") % told_paper)


def _role_told(role: RoleAssignment, last_day: dt.date) -> str:
    place = role.association.title if role.association else ""
    told = " · ".join(filter(None, (role.get_role_display(), place)))
    others = RoleAssignment.objects.filter(
        role=role.role, institution=role.institution_id, association=role.association_id
    )
    if going_on(others.exclude(person=role.person_id), last_day).exists():
        return told
    return _("%(role)s. Nobody else holds this role: give it to somebody.") % {"role": told}


HANGING = of_schools
