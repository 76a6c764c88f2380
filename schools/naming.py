"""What a person is called and what is known of them: names, education, number and birth date."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools import audit
from schools.access import can_keep_person
from schools.approval import Refused
from schools.choices import Event
from schools.models import Institution, NameChange, Person, User
from schools.staffing import differences, hold_person

NAMES = ("family_name", "given_name", "fathers_name")
HIDDEN = "…"  # the journal is read beyond the school


@dataclass(frozen=True)
class Name:
    family_name: str
    given_name: str
    fathers_name: str


def change_name(*, person: Person, by: User, name: Name, since: dt.date, document: str) -> None:
    """Another name from a day on, by a document. The name until then is kept, and papers signed with it keep it."""
    with transaction.atomic():
        now = _held(person, by)
        if name == _name_of(now):
            raise Refused(_("This is the name already."))
        last_day = since - dt.timedelta(days=1)
        if now.former_names.filter(until__gte=last_day).exists():
            raise Refused(_("A later change of the name is entered already."))
        NameChange.objects.create(
            person=now, until=last_day, document=document, entered_by=by.person, **vars(_name_of(now))
        )
        _write(now, vars(name), Event.NAME_CHANGED, by=by)


def correct_name(*, person: Person, by: User, name: Name) -> None:
    """A name that was entered wrong: nobody was ever called so, and only the journal keeps it."""
    with transaction.atomic():
        _write(_held(person, by), vars(name), Event.PERSON_CHANGED, by=by)


def change_person(*, person: Person, by: User, columns: Mapping[str, Any]) -> None:
    """Education, category, number and birth date."""
    with transaction.atomic():
        _write(_held(person, by), columns, Event.PERSON_CHANGED, by=by)


def _held(person: Person, by: User) -> Person:
    now = hold_person(person)
    if not can_keep_person(by, now):
        raise PermissionDenied
    return now


def _name_of(person: Person) -> Name:
    return Name(person.family_name, person.given_name, person.fathers_name)


def _write(now: Person, columns: Mapping[str, Any], event: Event, *, by: User) -> None:
    before, after = differences(now, columns)
    if not after:
        return
    for name, value in after.items():
        setattr(now, name, value)
    try:
        with transaction.atomic():
            now.save(update_fields=[*after, "search_key"])
    except IntegrityError:
        raise Refused(_("Another person has this personal number.")) from None
    audit.note(event, by=by, subject=now, institution=_place(now, by), before=_open(before), after=_open(after))


def _place(person: Person, by: User) -> Institution | None:
    """Where the journal keeps it: the place of work whose staff the writer keeps, else the main one."""
    jobs = person.employments.select_related("institution").order_by("-is_main", "-starts_on", "-pk")
    kept = [job.institution for job in jobs if job.institution_id in by.scope.kept]
    return next(iter(kept or [job.institution for job in jobs]), None)


def _open(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Without the birth date itself."""
    return {name: HIDDEN if name == "born_on" and value else value for name, value in columns.items()}
