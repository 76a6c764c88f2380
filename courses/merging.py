"""What courses know of two records of one person: see ``schools.merging``."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from courses.choices import RecordAction
from courses.models import RecordDecision
from courses.verification import MOVES
from schools.models import Person

# Where both have the like, the second one's stays with the record that ends.
STAYS = {
    ("courses.CalendarFeed", "person"),
    ("courses.Book_also_asked_by", "person"),
}


def of_records(kept: Person, gone: Person) -> Iterator[str]:
    """One person would have verified their own record."""
    verifying = [action for action in RecordAction if not MOVES[action].by_owner]
    for one, other in ((kept, gone), (gone, kept)):
        decided = RecordDecision.objects.filter(Q(by=one) | Q(in_place_of=one), record__person=other)
        if decided.filter(action__in=verifying).exists():
            yield _("One of the two decided on a record of the other: they would have verified their own.")
            return


HINDRANCES = of_records
