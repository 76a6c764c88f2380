"""What is told of mentors: to the two whom an order names; to who leads the school, of whom nobody guides."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.young import without_mentor
from schools.choices import Event, NoticeKind
from schools.holders import Holders, holders_at
from schools.models import AuditEntry, District, Employment, Mentorship
from schools.notices import Told, in_batches


def fixed(since: dt.datetime) -> Iterator[Told]:
    """The mentor and the young specialist; who entered the order themselves knows of it."""
    rows = AuditEntry.objects.filter(at__gte=since, event=Event.MENTOR_FIXED, subject__isnull=False)
    for batch in in_batches(rows.values("pk", "subject", "by")):
        for row in batch:
            if row["subject"] != row["by"]:
                facts = {"what": "mentor_fixed"}
                yield Told(row["subject"], NoticeKind.MENTORING, f"mentor-{row['pk']}", reverse("my_mentoring"), facts)


def lacking(district: District, on: dt.date) -> Iterator[Told]:
    """Once for each young specialist, and once more whenever a mentor of theirs has left: four queries."""
    jobs = without_mentor(Employment.objects.filter(institution__district=district), on)
    former = Mentorship.objects.filter(mentee=OuterRef("person"), institution=OuterRef("institution"))
    last = Subquery(former.order_by("-pk").values("pk")[:1])
    found = list(jobs.annotate(last=last).order_by("pk").values_list("pk", "institution", "last"))
    holders = holders_at({institution for _job, institution, _last in found}, on) if found else Holders({}, {})
    for job, institution, former_one in found:
        key, path = f"unguided-{job}-{former_one or ''}", reverse("mentors", args=[institution])
        for leader in holders.leading(institution):
            yield Told(leader, NoticeKind.MENTORING, key, path, {"what": "mentor_lacking"})


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "mentor_fixed": lambda _facts: _("A mentor was fixed by the director's order. See with whom you work together."),
    "mentor_lacking": lambda _facts: _("A young specialist of the school has no mentor."),
}
