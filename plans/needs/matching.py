"""Which offered courses answer which needs, and whom the schools' requests name for a course.

A course answers a topic by its title, or by the word of the district (:class:`~plans.models.OfferingTopic`). Texts
that the district takes for the same are the same here; so a course is found by any of their spellings.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from courses.models import Offering, Seat
from cpd.dates import school_year, school_year_of
from plans.models import LearningNeed, OfferingTopic
from plans.needs.topics import key_of, titles_for
from plans.requests.lines import lines_of
from schools.choices import DocumentKind
from schools.models import District
from schools.sent import newest_valid

Keys = frozenset[str]  # folded topics


def meanings(district: District, keys: Iterable[str]) -> dict[str, str]:
    """The folded topic that each folded text stands for in a district; itself where nothing was merged."""
    wanted = set(keys)
    found = titles_for(district, wanted)
    return {key: found[key][0] if key in found else key for key in wanted}


def answered_by(offerings: Iterable[Offering]) -> dict[int, Keys]:
    """What each offered course answers as it is written, by its key; one query."""
    found = {offering.pk: {offering.title_key} for offering in offerings}
    said = OfferingTopic.objects.filter(offering__in=found).values_list("offering", "title_key")
    for offering, key in said:
        found[offering].add(key)
    return {offering: frozenset(keys) for offering, keys in found.items()}


def named_people(offering: Offering) -> set[int]:
    """People whose need for this course stands in a request that the district received, by the person's key.

    The same subject, unless the course is for all; the same language. Whoever has, or attended, a place in another
    course of that year that answers the same topic needs this one no more. Four queries, whatever the number.
    """
    lines = _lines_for(offering)
    if not lines:
        return set()
    answered = _answered_that_year(offering)
    meant = meanings(offering.district, {key_of(line["title"]) for line in lines}.union(*answered.values()))
    own = {meant[key] for key in answered[offering.pk]}
    needs = [need for line in lines if meant[key_of(line["title"])] in own for need in line["needs"]]
    alike = [key for key, keys in answered.items() if key != offering.pk and own & {meant[one] for one in keys}]
    placed = (
        Seat.objects.live()
        .exclude(attended=False)
        .filter(offering__in=alike, employment__person=OuterRef("employment__person"))
    )
    named = LearningNeed.objects.passed_on().filter(~Exists(placed), pk__in=needs)
    return set(named.values_list("employment__person", flat=True))


def _lines_for(offering: Offering) -> list[dict[str, Any]]:
    """Lines of the schools' newest requests that were received, in the language and for the subject of a course."""
    versions = newest_valid(
        DocumentKind.NEEDS_REQUEST, school_year_of(offering.starts_on), offering.district, is_accepted_only=True
    )
    return [
        line
        for content in versions.values_list("content", flat=True)
        for line in content["lines"]
        if line["language"] == offering.language and offering.subject_id in (None, line["subject_key"])
    ]


def _answered_that_year(offering: Offering) -> dict[int, set[str]]:
    """What a course answers, and every other course of the district in that school year; by the course's key."""
    days = school_year(school_year_of(offering.starts_on))
    others = Q(starts_on__gte=days.starts_on, starts_on__lte=days.ends_on, cancelled_at=None)
    courses = Offering.objects.filter(Q(pk=offering.pk) | others, district=offering.district_id)
    found: dict[int, set[str]] = defaultdict(set)
    for key, title, topic in courses.values_list("pk", "title_key", "topics__title_key"):
        found[key] |= {title, topic} - {None}
    return found


def topics_asked_for(district: District, year: int) -> list[tuple[str, str]]:
    """The topics that requests of a school year name in a district: folded and as written, the most wanted first."""
    lines = lines_of(district, year)
    wanted: dict[str, int] = defaultdict(int)
    written: dict[str, str] = {}
    for key, title, teachers in lines.values_list("title_key", "title", "teachers"):
        wanted[key] += teachers
        written.setdefault(key, title)
    known = titles_for(district, wanted)
    by_topic: dict[str, int] = defaultdict(int)
    titles: dict[str, str] = {}
    for key, teachers in wanted.items():
        topic, title = known.get(key, (key, written[key]))
        by_topic[topic] += teachers
        titles[topic] = title
    in_order = sorted(by_topic, key=lambda topic: (-by_topic[topic], titles[topic]))
    return [(topic, titles[topic]) for topic in in_order]
