"""The lines of schools' requests as the database counts them: what totals of districts and the country are made of."""

from django.db.models import QuerySet

from plans.models import RequestLine
from schools import sent
from schools.choices import DocumentKind
from schools.models import District


def lines_of(district: District | None, year: int, *, is_accepted_only: bool = False) -> QuerySet[RequestLine]:
    """The lines of the versions that :func:`versions_that_hold` finds."""
    return RequestLine.objects.filter(
        version__in=versions_that_hold(district, year, is_accepted_only=is_accepted_only)
    )


def versions_that_hold(district: District | None, year: int, *, is_accepted_only: bool = False) -> list[int]:
    """Each school's newest request that holds, of a school year by its first calendar year, by the version's key.

    Sent and not returned, or, with ``is_accepted_only``, received by the district; without a district the country's.
    Found by a query of its own: PostgreSQL would ask for each line anew whether its version is the newest one.
    """
    versions = sent.newest_valid(DocumentKind.NEEDS_REQUEST, year, district, is_accepted_only=is_accepted_only)
    return list(versions.order_by().values_list("pk", flat=True))
