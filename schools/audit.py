"""The journal: who saw and changed what. The one writer of :class:`~schools.models.AuditEntry`."""

from collections.abc import Mapping
from typing import Any

from schools.choices import Event
from schools.models import AuditEntry, District, Institution, Person, User


def note(
    event: Event,
    *,
    by: User | Person | None,
    subject: Person | None = None,
    institution: Institution | int | None = None,
    district: District | int | None = None,
    what: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry, in the transaction of what it tells of. ``by`` is None where the system itself acts.

    ``subject`` is the person whose data it is, ``institution`` or ``district`` whose leaders may read it; ``what``
    names the thing as people call it. ``before`` and ``after`` hold only columns that changed, as JSON takes them.
    """
    person = by.person if isinstance(by, User) else by
    return AuditEntry.objects.create(
        event=event,
        by=person,
        by_name=person.full_name if person else "",
        subject=subject,
        subject_name=subject.full_name if subject else "",
        institution_id=institution.pk if isinstance(institution, Institution) else institution,
        district_id=district.pk if isinstance(district, District) else district,
        what=what[:300],
        before=dict(before or {}),
        after=dict(after or {}),
    )
