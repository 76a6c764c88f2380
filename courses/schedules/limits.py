"""The limit of a school's teachers away at once: a dated setting, of which a new one ends the former."""

import datetime as dt

from django.db import transaction

from courses.models import AwayLimit
from schools.models import Institution, User


def set_limit(*, by: User, institution: Institution, percent: int, starts_on: dt.date) -> AwayLimit:
    """Let ``percent`` hold from a day on; one that begins then is corrected, and later ones are dropped.

    The form lets nobody begin before a limit that holds already: what held then stays as it was.
    """
    with transaction.atomic():
        own = AwayLimit.objects.filter(institution=institution)
        own.filter(starts_on__gt=starts_on).delete()
        former = own.filter(starts_on__lt=starts_on).exclude(ends_on__lt=starts_on)
        former.update(ends_on=starts_on - dt.timedelta(days=1))
        limit, _is_new = own.update_or_create(
            starts_on=starts_on,
            defaults={"percent": percent, "ends_on": None, "institution": institution, "entered_by": by.person},
        )
    return limit
