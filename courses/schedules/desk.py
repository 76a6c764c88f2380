"""What a district's education office knows of its schools' schedules: which were sent, when, and what came of each.

The district knows what was sent and not taken back before anybody looked: never a working copy, never a version that is
only closed. Where a school stands is read off the decisions on that version, so that a change begun at school shows
nothing here until it is sent.
"""

from django.db.models import Exists, OuterRef, QuerySet

from cpd.dates import school_year
from schools.choices import Action, DocumentKind
from schools.models import Decision, District, DocumentVersion


def sent_versions(district: District | None, year: int) -> "QuerySet[DocumentVersion]":
    """Each school's newest version that was sent and neither withdrawn nor given up; of the country without a district.

    A change that was returned, and then given up by the school, no longer stands before the version in force.
    """
    newer = _held().filter(document=OuterRef("document"), number__gt=OuterRef("number"))
    versions = _held().filter(
        ~Exists(newer),
        document__kind=DocumentKind.SCHOOL_SCHEDULE,
        document__starts_on=school_year(year).starts_on,
    )
    return versions.filter(document__institution__district=district) if district else versions


def _held() -> "QuerySet[DocumentVersion]":
    """Versions of all years that lie, or lay, before a district."""
    made = Decision.objects.filter(version=OuterRef("pk"))
    given_up = Decision.objects.filter(
        action=Action.DISCARD,
        version__document=OuterRef("document"),
        version__number__lt=OuterRef("number"),  # back to the version in force, from a newer one
        at__gt=OuterRef("made_at"),
    )
    return DocumentVersion.objects.filter(
        Exists(made.filter(action=Action.SEND)), ~Exists(made.filter(action=Action.WITHDRAW)), ~Exists(given_up)
    )
