"""What must always hold of plans' own papers. ``manage.py check_invariants`` runs it with the rest."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from courses.words import decimal_text
from plans.models import TrainingOrder
from plans.requests.content import columns_of
from schools.choices import DocumentKind
from schools.models import DocumentVersion
from schools.models.documents import digest

Check = Callable[[], Iterable[str]]
COUNTED = (
    *("uid", "institution_id", "school_year", "title", "subject_id", "language", "block", "quarter", "study_form"),
    "teachers",
)


def orders_stay_as_issued() -> Iterable[str]:
    """What left the district is what its hash was made of."""
    for order in TrainingOrder.objects.issued().order_by("pk").iterator():
        if order.content_hash != digest(order.content):
            yield f"order for training {order.pk}: its content does not match its hash"


def lines_say_what_requests_say() -> Iterable[str]:
    """What totals are summed over is what was signed: the lines of a version are those of its content."""
    versions = DocumentVersion.objects.filter(document__kind=DocumentKind.NEEDS_REQUEST)
    for version in versions.select_related("document").prefetch_related("lines").order_by("pk").iterator(500):
        place = {"institution_id": version.document.institution_id, "school_year": version.content["school_year"]}
        signed = [columns_of(line) | {"teachers": line["teachers"]} | place for line in version.content["lines"]]
        if sorted(map(_told, signed)) != sorted(_told(vars(line)) for line in version.lines.all()):
            yield f"request {version.document_id}, version {version.number}: its lines do not match its content"


def _told(columns: Mapping[str, Any]) -> tuple[str, ...]:
    hours = decimal_text(columns["hours"])  # the database gives 36.0 for 36
    return str(hours), *(str(columns[name]) for name in COUNTED)


HISTORY: tuple[Check, ...] = ()
CHECKS: tuple[Check, ...] = (orders_stay_as_issued, lines_say_what_requests_say)
