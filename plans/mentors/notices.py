"""What is told of mentors: to the two whom an order names; to who may fix one, of whom nobody guides."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.young import without_mentor
from cpd.dates import short_date
from schools.choices import Event, NoticeKind
from schools.holders import Holders, holders_at
from schools.models import AuditEntry, District, Employment, Mentorship, User
from schools.notices import Told, in_batches

AHEAD = dt.timedelta(days=30)  # so long before a mentor goes the school is told


def fixed(since: dt.datetime) -> Iterator[Told]:
    """The mentor and the young specialist; who entered the order themselves knows of it."""
    rows = AuditEntry.objects.filter(at__gte=since, event=Event.MENTOR_FIXED, subject__isnull=False)
    for batch in in_batches(rows.values("pk", "subject", "by")):
        for row in batch:
            if row["subject"] != row["by"]:
                facts = {"what": "mentor_fixed"}
                yield Told(row["subject"], NoticeKind.MENTORING, f"mentor-{row['pk']}", reverse("my_mentoring"), facts)


def ended(since: dt.datetime) -> Iterator[Told]:
    """To the two: the last day of what was fixed was entered, or it was taken back as a mistake."""
    rows = AuditEntry.objects.filter(at__gte=since, event=Event.MENTOR_CHANGED, subject__isnull=False)
    for batch in in_batches(rows.values("pk", "subject", "by", "after")):
        for row in batch:
            last_day, is_annulled = row["after"].get("ends_on"), row["after"].get("starts_on", "") is None
            if row["subject"] != row["by"] and (last_day or is_annulled):
                facts = {"what": "mentor_ended", "day": last_day} if last_day else {"what": "mentor_annulled"}
                yield Told(row["subject"], NoticeKind.MENTORING, f"mentor-{row['pk']}", reverse("my_mentoring"), facts)


def lacking(district: District, on: dt.date) -> Iterator[Told]:
    """To who may fix a mentor there: once for each young specialist, and once more whenever a mentor has left.

    And before that, as soon as it is known that a mentor goes within the days of ``AHEAD``. Six queries.
    """
    now = _without_mentor(district, on)
    soon = {job: one for job, one in _without_mentor(district, on + AHEAD).items() if job not in now}
    places = {institution for _former, institution, _person in (*now.values(), *soon.values())}
    holders = holders_at(places, on) if places else Holders({}, {})
    for found, what, more in ((now, "mentor_lacking", ""), (soon, "mentor_leaving", "-soon")):
        for job, (former, institution, person) in found.items():
            path = f"{reverse('mentors', args=[institution])}#person-{person}"
            for one in holders.keeping(institution):
                yield Told(one, NoticeKind.MENTORING, f"unguided-{job}-{former or ''}{more}", path, {"what": what})


def _without_mentor(district: District, on: dt.date) -> dict[int, tuple[int | None, int, int]]:
    """Jobs of young specialists whom nobody guides on a day, with the last mentorship, the place and the person."""
    jobs = without_mentor(Employment.objects.filter(institution__district=district), on)
    former = Mentorship.objects.filter(mentee=OuterRef("person"), institution=OuterRef("institution"))
    last = Subquery(former.order_by("-pk").values("pk")[:1])
    rows = jobs.annotate(last=last).order_by("pk").values_list("pk", "last", "institution", "person")
    return {job: (former_one, institution, person) for job, former_one, institution, person in rows}


def names(user: User, keys: Collection[str]) -> dict[str, str]:
    """Of whom the notices under these keys speak, while the reader may fix mentors there: one query."""
    jobs = {key: int(key.split("-")[1]) for key in keys}
    found = Employment.objects.filter(pk__in=jobs.values(), institution__in=user.scope.kept).select_related("person")
    people = {job.pk: job.person.short_name for job in found}
    return {key: people[job] for key, job in jobs.items() if job in people}


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "mentor_fixed": lambda _facts: _("A mentor was fixed by the director's order. See with whom you work together."),
    "mentor_ended": lambda facts: (
        _("The last day of your mentorship was entered: %(day)s")
        % {"day": short_date(dt.date.fromisoformat(facts["day"]))}
    ),
    "mentor_annulled": lambda _facts: _("A mentorship of yours was entered by mistake and was taken back."),
    "mentor_lacking": lambda _facts: _("A young specialist of the school has no mentor."),
    "mentor_leaving": lambda _facts: _("The mentor of a young specialist leaves soon: fix another one."),
}
