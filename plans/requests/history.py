"""The ledger of one request, as one reader may know it: its versions, and what was decided on each."""

from collections.abc import Sequence

from django.db.models import Q

from courses.schedules.history import Told, told
from plans.models import NeedsRequest
from plans.requests.access import is_of_the_school, versions_seen
from schools.choices import Action, Role, State
from schools.models import Decision, User

OUTSIDE = (Action.APPROVE, Action.RETURN)  # besides its sending: how it came about at school is the school's own


def versions_told(user: User, request: NeedsRequest) -> list[Told]:
    """Every version the reader may read, the first one first, without the contents; two queries."""
    made, sending = Decision.objects.order_by("pk"), Decision.objects.that_sent()
    if not is_of_the_school(user, request):
        made = made.filter(Q(action__in=OUTSIDE) | Q(pk__in=sending.values("pk")))
    return told(versions_seen(user, request), made, sending)


def signed(told: Told) -> Decision | None:
    """The signature by which a version went to the district: the director's, or a handing in by who made it so."""
    by_maker = Action.SUBMIT if told.version.route[0]["role"] == Role.DISTRICT_OFFICER else Action.AGREE
    return made(told.decisions, by_maker)


def made(decisions: Sequence[Decision], action: Action) -> Decision | None:
    return next((one for one in decisions if one.action == action), None)


def reason_of_return(request: NeedsRequest) -> Decision | None:
    """Why it was given back, while it stands so."""
    if request.state != State.RETURNED:
        return None
    return request.submitted_version.decisions.filter(action=Action.RETURN).first()
