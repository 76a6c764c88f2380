"""What must always hold of plans' own papers. ``manage.py check_invariants`` runs it with the rest."""

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from django.db.models import Count, Prefetch
from django.db.models.functions import Coalesce

from courses.words import decimal_text
from plans.models import CountedNeed, RequestLine, TrainingOrder
from plans.requests.content import columns_of
from schools.choices import DocumentKind
from schools.models import DocumentVersion, Merge
from schools.models.documents import digest

Check = Callable[[], Iterable[str]]
AT_ONCE = 50  # versions held in memory with all their lines
COUNTED = (
    *("uid", "institution_id", "school_year", "title", "subject_id", "language", "block", "quarter", "study_form"),
    *("teachers", "needs"),
)


def orders_stay_as_issued() -> Iterable[str]:
    """What left the district is what its hash was made of."""
    for order in TrainingOrder.objects.issued().order_by("pk").iterator():
        if order.content_hash != digest(order.content):
            yield f"order for training {order.pk}: its content does not match its hash"


def lines_say_what_requests_say() -> Iterable[str]:
    """What totals are made of is what was signed: the lines of a version and the needs they count are its content's.

    ``teachers`` is how many people the needs are of. Where two records were found to be one person, or not to be one
    after all, the number stays that of the day.
    """
    of_whom = Coalesce("need__employment__person__merged_into", "need__employment__person")
    counted = Prefetch("counted", CountedNeed.objects.annotate(who=of_whom))
    lines = Prefetch("lines", RequestLine.objects.prefetch_related(counted))
    versions = DocumentVersion.objects.filter(document__kind=DocumentKind.NEEDS_REQUEST)
    known_twice = _known_twice()
    for version in versions.select_related("document").prefetch_related(lines).order_by("pk").iterator(AT_ONCE):
        place = {"institution_id": version.document.institution_id, "school_year": version.content["school_year"]}
        signed = [_signed(line) | place for line in version.content["lines"]]
        kept = list(version.lines.all())
        if sorted(map(_told, signed)) != sorted(_told(vars(line) | {"needs": _needs(line)}) for line in kept):
            yield f"request {version.document_id}, version {version.number}: its lines do not match its content"
        elif not all(_counts_its_people(line, known_twice) for line in kept):
            yield f"request {version.document_id}, version {version.number}: a line does not count whose needs it has"


def needs_are_counted_once() -> Iterable[str]:
    """A need stands in one line of a version: what it asks for is not asked for twice."""
    twice = CountedNeed.objects.values("line__version", "need").annotate(lines=Count("pk")).filter(lines__gt=1)
    for found in twice.order_by("line__version", "need"):
        yield f"need {found['need']}: {found['lines']} lines of version {found['line__version']} count it"


def _counts_its_people(line: RequestLine, known_twice: Set[int]) -> bool:
    counted: Iterable[Any] = line.counted.all()  # with ``who``
    people = {one.who for one in counted}
    return len(people) == line.teachers or not people.isdisjoint(known_twice)


def _known_twice() -> set[int]:
    """People of whom two records were merged once, be it undone since."""
    merges = Merge.objects.order_by().values_list("kept", "gone")
    return {person for pair in merges for person in pair}


def _signed(line: Mapping[str, Any]) -> dict[str, Any]:
    return columns_of(line) | {"teachers": line["teachers"], "needs": sorted(line["needs"])}


def _needs(line: RequestLine) -> list[int]:
    return sorted(one.need_id for one in line.counted.all())


def _told(columns: Mapping[str, Any]) -> tuple[str, ...]:
    hours = decimal_text(columns["hours"])  # the database gives 36.0 for 36
    return str(hours), *(str(columns[name]) for name in COUNTED)


HISTORY: tuple[Check, ...] = ()
CHECKS: tuple[Check, ...] = (orders_stay_as_issued, lines_say_what_requests_say, needs_are_counted_once)
