"""The seeded generator: the same seed and day give the same rows, but for the moments at which they are written."""

import datetime as dt
import random
from collections import Counter

from django.db import transaction

from plans.demo import (
    campus,
    courses,
    first_years,
    moving,
    needs,
    offerings,
    papers,
    people,
    schedules,
    sharing,
    sheets,
)
from schools.models import Institution, Person, User

SEED = 2026
WHO = people.WHO | campus.WHO


def is_empty() -> bool:
    """Whether nobody has entered anything yet: the demo is never mixed with real people."""
    return not (Institution.objects.exists() or Person.objects.exists())


def build(day: dt.date, seed: int = SEED) -> Counter[str]:
    """Make the whole demo as of ``day``, or nothing; returns what was counted."""
    rng = random.Random(seed)  # noqa: S311 - names and dates, no secrets
    with transaction.atomic():
        town = people.settle(rng, day)
        made = people.counted(town) + papers.write(town) + courses.write(town)
        made += schedules.write(town) + needs.write(town) + offerings.write(town)
        made += needs.order(town) + moving.write(town) + sharing.write(town)
        made += first_years.write(town) + sheets.write(town)
        return made + campus.write(town)


def logins() -> list[tuple[str, str, str]]:
    """Login, password and person of those who can sign in; empty where the data is not the demo's."""
    if not Institution.objects.filter(title_ky=people.SCHOOLS[0].title_ky).exists():
        return []
    known = User.objects.filter(username__in=WHO).select_related("person").in_bulk(field_name="username")
    return [
        (login, people.PASSWORD, f"{known[login].person.full_name}, {who}")
        for login, who in WHO.items()
        if login in known
    ]
