"""The district's word on which topics an offered course answers, whatever the course is called."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from courses.models import Offering
from courses.offerings.access import can_enter
from courses.offerings.seats import hold
from cpd.text import fold
from plans.models import OfferingTopic
from schools import audit
from schools.choices import Event
from schools.models import User


def set_topics(*, offering: Offering, by: User, titles: Iterable[str]) -> list[OfferingTopic]:
    """Let the course answer exactly these topics besides its own title; the rows that stand then."""
    if not can_enter(by, offering.district):
        raise PermissionDenied
    named = {fold(title): title for title in titles if fold(title) != offering.title_key}
    with transaction.atomic():
        hold(offering)  # one officer after another
        known = {row.title_key: row for row in offering.topics.all()}
        offering.topics.exclude(title_key__in=named).delete()
        for key, title in named.items():
            if key not in known:
                OfferingTopic.objects.create(offering=offering, title=title, by=by.person)
        before = sorted(row.title for row in known.values())
        if before != (after := sorted(row.title for row in offering.topics.all())):
            audit.note(
                Event.REFERENCE_CHANGED,
                by=by,
                district=offering.district,
                what=offering.title,
                before={"topics": before},
                after={"topics": after},
            )
    return list(offering.topics.all())
