"""Which offered courses answer which needs, and whom the schools' requests name for a course.

A course answers a topic by its title, or by the word of the district (:class:`~plans.models.OfferingTopic`). Texts
that the district takes for the same are the same here; so a course is found by any of their spellings.
"""

from collections import defaultdict
from collections.abc import Iterable

from courses.models import Offering, Seat
from cpd.dates import school_year, school_year_of
from plans.models import LearningNeed, OfferingTopic
from plans.needs.topics import titles_for
from plans.requests.lines import lines_of
from schools.models import District, DocumentVersion

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
    """People whose need for this course stands in a request that reached the district, by the person's key.

    The same subject, unless the course is for all; the same language. Whoever has, or attended, a place in another
    course of that year that answers the same topic needs this one no more. Eight queries, whatever the number.
    """
    year = school_year_of(offering.starts_on)
    lines = lines_of(offering.district, year).filter(language=offering.language)
    if offering.subject_id is not None:
        lines = lines.filter(subject=offering.subject_id)
    asked = list(lines.values_list("version", "uid", "title_key"))
    if not asked:
        return set()
    days = school_year(year)
    others = Offering.objects.live().filter(
        district=offering.district_id, starts_on__gte=days.starts_on, starts_on__lte=days.ends_on
    )
    answered = answered_by([offering, *others])
    meant = meanings(offering.district, {key for _version, _uid, key in asked}.union(*answered.values()))
    own = {meant[key] for key in answered[offering.pk]}
    uids: dict[int, set[str]] = defaultdict(set)
    for version, uid, key in asked:
        if meant[key] in own:
            uids[version].add(str(uid))
    needs = LearningNeed.objects.passed_on().filter(pk__in=needs_counted_in(uids))
    people = set(needs.values_list("employment__person", flat=True))
    alike = [key for key, keys in answered.items() if key != offering.pk and own & {meant[one] for one in keys}]
    placed = Seat.objects.live().exclude(attended=False).filter(offering__in=alike, employment__person__in=people)
    return people - set(placed.values_list("employment__person", flat=True))


def needs_counted_in(uids: dict[int, set[str]]) -> list[int]:
    """The needs that lines of frozen requests count; the lines by their version's key and their uids."""
    contents = DocumentVersion.objects.filter(pk__in=uids).values_list("pk", "content")
    return [
        need
        for version, content in contents
        for line in content["lines"]
        if line["uid"] in uids[version]
        for need in line["needs"]
    ]


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
