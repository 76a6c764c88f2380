"""What single addresses need to be asked for in ``test_permissions``: the numbers in them, and what their forms send.

A function prepares one or more addresses: it gets the cast and the state the row names, and answers with both.
"""

from collections.abc import Callable
from typing import Any

from courses import feeds
from tests import factories
from tests.conftest import Cast

Asked = tuple[dict[str, Any], dict[str, Any]]  # what stands in the address, and what is posted
Prepare = Callable[[Cast, str], Asked]
PREPARED: dict[str, Prepare] = {}


def asks(*names: str) -> Callable[[Prepare], Prepare]:
    """This function prepares the addresses of these names."""

    def known(prepare: Prepare) -> Prepare:
        PREPARED.update(dict.fromkeys(names, prepare))
        return prepare

    return known


@asks("referral")
def a_place(cast: Cast, state: str) -> Asked:
    """A place in a course, given to the teacher."""
    offering = factories.OfferingFactory(district=cast.district, entered_by=cast.officer.person)
    job = factories.job_of(cast.teacher)
    return {"pk": factories.SeatFactory(offering=offering, employment=job, given_by=cast.officer.person).pk}, {}


@asks("calendar_file")
def a_calendar(cast: Cast, state: str) -> Asked:
    """The teacher's calendar, at its secret address."""
    return {"token": feeds.make_feed(by=cast.teacher)}, {}
