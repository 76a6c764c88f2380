"""What is told of a lecturer who goes in another's place: to both."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.words import listed
from cpd.dates import school_year_label, school_year_of
from plans.models import Replacement
from schools.choices import NoticeKind
from schools.notices import Told, in_batches


def replaced(since: dt.datetime) -> Iterator[Told]:
    """Who goes, and who does not, each by the topic and the year. Nobody is told what they entered themselves."""
    rows = Replacement.objects.filter(at__gte=since)
    columns = ("pk", "uid", "person", "instead_of", "by", "plan__starts_on", "plan__in_force__content")
    for batch in in_batches(rows.values(*columns)):
        for row in batch:
            planned = row["plan__in_force__content"]["rows"]
            topic = next((one["topic"] for one in planned if one["uid"] == str(row["uid"])), "")
            facts = {"year": school_year_of(row["plan__starts_on"]), "topic": topic}
            for column, what in (("person", "goes_instead"), ("instead_of", "goes_no_more")):
                if row[column] != row["by"]:
                    key = f"replaced-{row['pk']}-{column}"
                    yield Told(row[column], NoticeKind.PLACE, key, reverse("my_courses"), facts | {"what": what})


def _of_what(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"plan": listed(facts["topic"], school_year_label(facts["year"]))}


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "goes_instead": lambda facts: (
        _("You go in another lecturer's place, by the yearly plan of a department: %(plan)s") % _of_what(facts)
    ),
    "goes_no_more": lambda facts: (
        _("Another lecturer goes in your place, by the yearly plan of a department: %(plan)s") % _of_what(facts)
    ),
}
