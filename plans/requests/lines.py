"""The lines of schools' requests as the database counts them: what totals of districts and the country are made of."""

from django.db.models import QuerySet

from plans.models import RequestLine
from schools import sent
from schools.choices import DocumentKind
from schools.models import District


def lines_of(district: District | None, year: int, *, is_accepted_only: bool = False) -> QuerySet[RequestLine]:
    """The lines of each school's newest request that holds, of a school year by its first calendar year.

    Sent and not returned, or, with ``is_accepted_only``, received by the district; without a district the country's.
    """
    versions = sent.newest_valid(DocumentKind.NEEDS_REQUEST, year, district, is_accepted_only=is_accepted_only)
    return RequestLine.objects.filter(version__in=versions.order_by().values("pk"))
