"""What a district's education office knows of its schools' requests: which were sent, and what came of each."""

from collections.abc import Collection

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet
from django.db.models.functions import Cast, ExtractYear

from courses.schedules.desk import Desk, Line, expected, sent_by_schools
from cpd.text import fold, kyrgyz_order
from plans.models import NeedsRequest, RequestLine
from plans.requests.lines import lines_of
from schools import sent
from schools.choices import DocumentKind
from schools.models import Decision, District, DocumentVersion, User

KIND = DocumentKind.NEEDS_REQUEST


def received_versions(
    district: District | None, year: int, *, is_accepted_only: bool = False
) -> QuerySet[DocumentVersion]:
    """Each school's newest request that holds: see :func:`schools.sent.newest_valid`."""
    return sent.newest_valid(KIND, year, district, is_accepted_only=is_accepted_only)


def desk(user: User, district: District, year: int) -> Desk:
    """Every school of the district and what it sent: three queries for any number of schools."""
    papers = sent_by_schools(user, KIND, district, year)
    schools = expected(KIND, year).filter(district=district).order_by(kyrgyz_order("title_ky"), "pk")
    lines = [
        Line(school, papers.get(school.pk), reminded_at=None, is_reminded_today=False, is_late=False)
        for school in schools
    ]
    return Desk(district, year, None, lines)


def years_known(district: District) -> list[int]:
    """School years for which a request was sent, the latest first; one query."""
    was_sent = Exists(Decision.objects.that_sent().filter(version__document=OuterRef("pk")))
    first = Cast(ExtractYear("starts_on"), IntegerField())  # PostgreSQL extracts a decimal number
    found = NeedsRequest.objects.filter(was_sent, kind=KIND, institution__district=district).order_by()
    return sorted(set(found.annotate(year=first).values_list("year", flat=True)), reverse=True)


def schools_with_subject(district: District, year: int, words: str) -> set[int]:
    """Institutions in whose request a subject named so stands; one query."""
    wanted = fold(words).split()
    found = lines_of(district, year).exclude(subject=None).order_by()
    named = found.values_list("institution", "subject__title_ky", "subject__title_ru").distinct()
    return {school for school, ky, ru in named if all(word in fold(f"{ky} {ru}") for word in wanted)}


def topics_counted(versions: Collection[int]) -> dict[int, int]:
    """How many topics each version names, by its key: the same one for two subjects is one; one query."""
    lines = RequestLine.objects.filter(version__in=versions).order_by()
    return dict(lines.values_list("version").annotate(Count("title_key", distinct=True)))
