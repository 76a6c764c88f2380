"""The ledger of one schedule, as one reader may know it: its versions, and what was decided on each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Prefetch, Subquery
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
    """Every version the reader may read, the first one first, without the contents; two queries.

    A change has the same number for every reader, whatever of the earlier ones they may read.
    """
    made = Decision.objects.order_by("pk")
    decisions = made if is_inside else made.filter(action__in=OUTSIDE)
    versions = versions_seen(user, schedule).defer("content").prefetch_related(Prefetch("decisions", decisions))
    handed_on = DocumentVersion.objects.filter(
        document=OuterRef("document"),
        number__lt=OuterRef("number"),
        decisions__action=HANDED_ON[DocumentKind(schedule.kind)],
    ).exclude(decisions__action=Action.WITHDRAW)
    counted = handed_on.order_by().values("document").annotate(count=Count("pk", distinct=True)).values("count")
    numbered = versions.annotate(amendment=Coalesce(Subquery(counted), 0)).order_by("number")
    return [Told(version, version.amendment, list(version.decisions.all())) for version in numbered]


def with_changes(told: Sequence[Told], number: int) -> tuple[Content, list[Difference]]:
    """What one version says, and what differs from the version read before it; one query."""
    place = next(place for place, one in enumerate(told) if one.version.number == number)
    wanted = [one.version.pk for one in told[max(0, place - 1) : place + 1]]
    contents = dict(DocumentVersion.objects.filter(pk__in=wanted).values_list("pk", "content"))
    content: Content = contents[told[place].version.pk]
    return content, differences(contents[wanted[0]], content) if len(wanted) > 1 else []


def reason_of_return(schedule: Schedule) -> Decision | None:
    """Why it was given back, while it stands so."""
    if schedule.state != State.RETURNED:
        return None
    return schedule.submitted_version.decisions.filter(action=Action.RETURN).first()
