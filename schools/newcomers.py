"""Who a newcomer is: found by personal number and birth date, never by name alone (field notes, 29)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cpd.text import fold
from schools.approval import Refused
from schools.choices import EndReason
from schools.models import Employment, Institution, Person


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as typed."""

    family_name: str
    given_name: str
    fathers_name: str
    personal_number: str
    born_on: dt.date | None

    @property
    def key(self) -> str:
        return fold(" ".join((self.family_name, self.given_name, self.fathers_name)))


def find_person(identity: Identity, institution: Institution) -> Person | None:
    """The person that is meant, None for somebody new; ``Refused`` where it cannot be told without asking more."""
    if not identity.personal_number and not identity.born_on:
        raise Refused(_("Give the personal number or the date of birth: people are told apart by them."))
    if identity.personal_number:
        same_number = Person.objects.filter(personal_number=identity.personal_number).first()
        if same_number is not None:
            return _same_born(same_number, identity)
    return _in_institution(identity, institution)


def birthday_of(number: str) -> dt.date | None:
    """What a personal number says of the birth date: its digits 2–9 are day, month and year."""
    try:
        return dt.date(int(number[5:9]), int(number[3:5]), int(number[1:3]))
    except ValueError:
        return None


def names_of(jobs: Iterable[Employment]) -> str:
    """Where somebody works: «Ак-Бата орто мектеби (мугалим)»."""
    return ", ".join(f"{job.institution} ({job.position})" for job in jobs)


def _same_born(person: Person, identity: Identity) -> Person:
    if identity.born_on is None and person.born_on is not None:
        raise Refused(_("This personal number is known. Give the date of birth too."))
    if person.born_on is not None and person.born_on != identity.born_on:
        raise Refused(_("This personal number belongs to somebody born on another day. Check both."))
    if person.born_on is None and not _is_named(person, identity):
        raise Refused(_("This personal number belongs to somebody of another name. Check both."))
    found = person.merged_into or person
    if found.employments.filter(end_reason=EndReason.DIED).exists():
        raise Refused(_("The death of this person was entered. Check the personal number."))
    return found


def _is_named(person: Person, identity: Identity) -> bool:
    """The same family and given name; a father's name may be left out."""
    for name in ("family_name", "given_name"):
        if fold(getattr(person, name)) != fold(getattr(identity, name)):
            return False
    fathers = fold(person.fathers_name), fold(identity.fathers_name)
    return fathers[0] == fathers[1] or "" in fathers


def _in_institution(identity: Identity, institution: Institution) -> Person | None:
    """Somebody of the same full name who works or worked here, told apart by what is known of both."""
    here = Employment.objects.filter(institution=institution).values("person")
    namesakes = [
        one for one in Person.objects.listed().filter(pk__in=here, search_key=identity.key) if _may_be(one, identity)
    ]
    for one in namesakes:
        if one.born_on and one.born_on == identity.born_on:
            return one
    if namesakes and not identity.personal_number:
        raise Refused(
            _("Somebody of this name works or worked here. Give the personal number, to tell the two apart.")
        )
    return None


def _may_be(person: Person, identity: Identity) -> bool:
    """Nothing that is known of both differs."""
    numbers, days = (person.personal_number, identity.personal_number), (person.born_on, identity.born_on)
    return not (all(numbers) and numbers[0] != numbers[1]) and not (all(days) and days[0] != days[1])
