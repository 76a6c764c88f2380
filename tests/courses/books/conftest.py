"""A district that has sent its schedules."""

import pytest

from schools.models import DocumentVersion
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def versions(cast: Cast) -> list[DocumentVersion]:
    """Of the two schools of the first district: A with two rows, received; B with three."""
    first = factories.school_schedule(cast.school, by=cast.deputy)
    second = factories.school_schedule(cast.other_school, by=cast.other_director)
    factories.sent(first, by=cast.deputy)
    factories.received(first, by=cast.officer)
    factories.sent(second, by=cast.other_director, rows=3)
    return list(DocumentVersion.objects.order_by("pk"))
