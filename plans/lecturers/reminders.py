"""Lecturers are reminded of the information on an internship: when it is over, and when the last day has passed."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.facts import policies
from cpd.dates import short_date
from plans.lecturers.internships import Told as Stands
from plans.lecturers.internships import longest_term, over_before, standing_of
from schools.choices import NoticeKind
from schools.models import District
from schools.notices import LOOKS_BACK, Told


def owed(district: District, on: dt.date) -> Iterator[Told]:
    """Once from the day after the end, and once more from the day after the last day; what was due long ago is old.

    Three queries, whatever the number.
    """
    since = on - LOOKS_BACK - longest_term(policies())
    over = over_before(on).filter(institution__district=district, ends_on__gte=since)
    for one in standing_of(over):
        if one.told != Stands.OWED or one.due_on is None or one.due_on < on - LOOKS_BACK:
            continue
        what = "internship_late" if one.is_late(on) else "internship_due"
        told = {"what": what, "due_on": one.due_on.isoformat()}
        path = reverse("plan", args=[one.plan])
        yield Told(one.person, NoticeKind.DUE, f"{what}-{one.plan}", path, told)


def _day(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"day": short_date(dt.date.fromisoformat(facts["due_on"]))}


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "internship_due": lambda facts: (
        _("The information on the internship is to be handed in by: %(day)s") % _day(facts)
    ),
    "internship_late": lambda facts: (
        _("The information on the internship is late. It was to be handed in by: %(day)s") % _day(facts)
    ),
}
