"""Papers of schools that lie before a district: which versions were sent, and which of them hold.

The district knows what was sent and not taken back before anybody looked: never a working copy, never a version that
waits at school for a signature.
"""

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from cpd.dates import school_year
from schools.choices import CLOSED_BEFORE_SENT, Action
from schools.models import Decision, District, DocumentVersion


def newest(kind: str, year: int, district: District | None = None) -> "QuerySet[DocumentVersion]":
    """Each school's newest version of a kind of paper that was sent and neither withdrawn nor given up.

    ``year`` is the school year by its first calendar year; without a district those of the country.
    """
    return _newest(_held(kind), kind, year, district)


def newest_valid(
    kind: str, year: int, district: District | None = None, *, is_accepted_only: bool
) -> "QuerySet[DocumentVersion]":
    """Each school's newest version that holds: accepted, or still to be decided on; a returned one gives way to the
    one in force before it.
    """
    made = Decision.objects.filter(version=OuterRef("pk"))
    accepted, returned = Exists(made.filter(action=Action.APPROVE)), Exists(made.filter(action=Action.RETURN))
    return _newest(_held(kind).filter(accepted if is_accepted_only else ~returned), kind, year, district)


def _newest(
    versions: "QuerySet[DocumentVersion]", kind: str, year: int, district: District | None
) -> "QuerySet[DocumentVersion]":
    """Of each school's paper of that year the newest one among these.

    Ranked, and not asked of each whether there is a newer one: before PostgreSQL has counted a table anew it would ask
    that of all versions for each version.
    """
    found = versions.filter(document__kind=kind, document__starts_on=school_year(year).starts_on)
    if district:
        found = found.filter(document__institution__district=district)
    place = Window(RowNumber(), partition_by=F("document"), order_by=F("number").desc())
    newest = found.order_by().annotate(place=place).filter(place=1)
    return DocumentVersion.objects.filter(pk__in=newest.values("pk"))


def _held(kind: str) -> "QuerySet[DocumentVersion]":
    """Versions of all years that lie, or lay, before a district."""
    made = Decision.objects.filter(version=OuterRef("pk"))
    # What is sent by a move of its own asks for that move alone, and for no version's route.
    sending = made.filter(action=Action.SEND) if kind in CLOSED_BEFORE_SENT else made.that_sent()
    given_up = Decision.objects.filter(
        action=Action.DISCARD,
        version__document=OuterRef("document"),
        version__number__lt=OuterRef("number"),  # back to the version in force, from a newer one
        at__gt=OuterRef("made_at"),
    )
    return DocumentVersion.objects.filter(
        Exists(sending), ~Exists(made.filter(action=Action.WITHDRAW)), ~Exists(given_up)
    )
