"""The journal: who saw and changed what. The one writer of :class:`~schools.models.AuditEntry`.

Entries are written without a lock, in the transaction of what they tell of; ``schools.sealing`` chains them later.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Choices

from cpd.dates import today
from cpd.wording import speaking
from schools.choices import Event
from schools.models import AuditEntry, District, Institution, Person, User
from schools.models.documents import canonical
from schools.wording import words_of

# Where the request comes from; empty outside of one. ``schools.middleware.AddressMiddleware`` sets it.
network_address: ContextVar[str | None] = ContextVar("network_address", default=None)

SECRET = {"password", "token", "salt", "secret"}  # a column with one of these words in its name is left out
MASKED = ("personal_number",)
SHOWN_OF_MASKED = 3  # signs at the end: enough to tell two numbers apart, too few to know one
LONGEST = 300  # signs of ``what``
MOST_AT_ONCE = 500  # rows of one statement


def note(
    event: Event,
    *,
    by: User | Person | None,
    subject: Person | None = None,
    institution: Institution | int | None = None,
    district: District | int | None = None,
    what: object = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry, in the transaction of what it tells of. ``by`` is None where the system itself acts.

    ``subject`` is the person whose data it is, ``institution`` or ``district`` whose leaders may read it, with an
    institution its district too; ``what`` names the thing as people call it. ``before`` and ``after`` hold only
    columns that changed, as JSON takes them.
    """
    entry = entry_of(
        event,
        by=by,
        subject=subject,
        institution=institution,
        district=district,
        what=what,
        before=before,
        after=after,
    )
    entry.save(force_insert=True)
    return entry


def note_all(entries: Iterable[AuditEntry]) -> None:
    """Write what happened to many at once, made by :func:`entry_of`, in the transaction of what it tells of."""
    AuditEntry.objects.bulk_create(entries, batch_size=MOST_AT_ONCE)


def entry_of(
    event: Event,
    *,
    by: User | Person | None,
    subject: Person | None = None,
    institution: Institution | int | None = None,
    district: District | int | None = None,
    what: object = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """An entry as :func:`note` writes it, not yet written."""
    person = by.person if isinstance(by, User) else by
    of_place, words = _place_of(institution)
    with speaking(words, settings.LANGUAGE_CODE):  # whoever acts: the same thing is called alike
        called = str(what)
    return AuditEntry(
        event=event,
        by=person,
        by_name=person.full_name if person else "",
        subject=subject,
        subject_name=subject.full_name if subject else "",
        institution_id=institution.pk if isinstance(institution, Institution) else institution,
        district_id=district.pk if isinstance(district, District) else district or of_place,
        what=called[:LONGEST],
        before=plain(before or {}),
        after=plain(after or {}),
        address=network_address.get(),
    )


def saw(
    event: Event,
    *,
    by: User,
    subject: Person | None = None,
    institution: Institution | int | None = None,
    district: District | int | None = None,
    what: object = "",
) -> None:
    """Note that somebody looked at another person's data, or took it away: once per person, thing and day.

    Nobody is noted for looking at their own. One query, and no lock: of two at the same moment the database keeps one.
    """
    if subject is not None and subject.pk == by.person_id:
        return
    entry = entry_of(event, by=by, subject=subject, institution=institution, district=district, what=what)
    thing = [event, by.person_id, entry.subject_id, entry.institution_id, entry.district_id, entry.what]
    name = canonical([today().isoformat(), *thing]).encode()
    entry.once = uuid.UUID(bytes=sha256(name).digest()[:16])
    AuditEntry.objects.bulk_create([entry], ignore_conflicts=True)


def plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as the journal keeps them: without secrets, numbers of people masked, days and rows as text."""
    return {name: _value(name, value) for name, value in columns.items() if not is_secret(name)}


def is_secret(column: str) -> bool:
    return not SECRET.isdisjoint(column.split("_"))


def _place_of(institution: Institution | int | None) -> tuple[int | None, str]:
    """The district whose office reads what happened in an institution, and in whose words; no query for a row."""
    if isinstance(institution, int):
        institution = Institution.objects.only("district_id", "kind").get(pk=institution)
    return (institution.district_id, words_of(institution)) if institution else (None, "")


def _value(column: str, value: Any) -> Any:
    if isinstance(value, Choices):
        return value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(column, one) for one in value]
    text = str(value)
    return f"…{text[-SHOWN_OF_MASKED:]}" if column in MASKED and text else text
