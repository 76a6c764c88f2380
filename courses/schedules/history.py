"""The ledger of one schedule, as one reader may know it: its versions, and what was decided on each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import Schedule
from courses.schedules.access import versions_seen
from courses.schedules.content import Content, Difference, differences
from schools.choices import Action, DocumentKind, State
from schools.models import Decision, DocumentVersion, User

# What hands a version on, so that the next one is a change of it.
HANDED_ON = {DocumentKind.ASSOCIATION_SCHEDULE: Action.APPROVE, DocumentKind.SCHOOL_SCHEDULE: Action.SEND}
# What the district is told of; how a version came about at school is the school's own.
OUTSIDE = (Action.SEND, Action.APPROVE, Action.RETURN)


@dataclass(frozen=True)
class Told:
    """One version. ``amendment`` counts the versions handed on before it: 0 is the schedule as first handed on."""

    version: DocumentVersion
    amendment: int
    decisions: Sequence[Decision] = field(default=())

    @property
    def handed_on(self) -> Decision | None:
        """Its sending, or its submission."""
        return self._made(Action.SEND) or self._made(Action.SUBMIT)

    @property
    def accepted(self) -> Decision | None:
        return self._made(Action.APPROVE)

    def _made(self, action: Action) -> Decision | None:
        return next((one for one in self.decisions if one.action == action), None)


def versions_told(user: User, schedule: Schedule, *, is_inside: bool) -> list[Told]:
    """Every version the reader may read, the first one first, without the contents; two queries."""
    made = Decision.objects.order_by("pk")
    return told(
        versions_seen(user, schedule),
        made if is_inside else made.filter(action__in=OUTSIDE),
        Decision.objects.filter(action=HANDED_ON[DocumentKind(schedule.kind)]),
    )


def told(
    versions: QuerySet[DocumentVersion], decisions: QuerySet[Decision], handing_on: QuerySet[Decision]
) -> list[Told]:
    """These versions of a document with these of the decisions on each; ``handing_on`` are those that count changes.

    A change has the same number for every reader, whatever of the earlier ones they may read.
    """
    handed_on = DocumentVersion.objects.filter(
        Exists(handing_on.filter(version=OuterRef("pk"))),
        document=OuterRef("document"),
        number__lt=OuterRef("number"),
    ).exclude(decisions__action=Action.WITHDRAW)
    counted = handed_on.order_by().values("document").annotate(count=Count("pk")).values("count")
    numbered = versions.defer("content").prefetch_related(Prefetch("decisions", decisions))
    numbered = numbered.annotate(amendment=Coalesce(Subquery(counted), 0)).order_by("number")
    return [Told(version, version.amendment, list(version.decisions.all())) for version in numbered]


def with_changes(told: Sequence[Told], number: int) -> tuple[Content, list[Difference]]:
    """What one version says, and what differs from the version read before it; one query."""
    content, before = with_former(told, number)
    return content, differences(before, content) if before else []


def with_former(told: Sequence[Told], number: int) -> tuple[Content, Content | None]:
    """What one version says, and what the version read before it says; one query."""
    place = next(place for place, one in enumerate(told) if one.version.number == number)
    wanted = [one.version.pk for one in told[max(0, place - 1) : place + 1]]
    contents = dict(DocumentVersion.objects.filter(pk__in=wanted).values_list("pk", "content"))
    return contents[wanted[-1]], contents[wanted[0]] if len(wanted) > 1 else None


def reason_of_return(schedule: Schedule) -> Decision | None:
    """Why it was given back, while it stands so."""
    if schedule.state != State.RETURNED:
        return None
    return schedule.submitted_version.decisions.filter(action=Action.RETURN).first()
