"""The ledger of one request, as one reader may know it: its versions, and what was decided on each."""

from collections.abc import Sequence

from django.db.models import Q

from courses.schedules.history import Told, told
from plans.models import NeedsRequest
from plans.requests.access import is_of_the_school, versions_seen
from schools.choices import STEP_ACTIONS, Action, Role, State
from schools.models import Decision, DocumentVersion, User

OUTSIDE = (Action.APPROVE, Action.RETURN)  # besides its sending: how it came about at school is the school's own


def versions_told(user: User, request: NeedsRequest) -> list[Told]:
    """Every version the reader may read, the first one first, without the contents; two queries."""
    made, sending = Decision.objects.order_by("pk"), Decision.objects.that_sent()
    if not is_of_the_school(user, request):
        made = made.filter(Q(action__in=OUTSIDE) | Q(pk__in=sending.values("pk")))
    return told(versions_seen(user, request), made, sending)


def signed(version: DocumentVersion, decisions: Sequence[Decision]) -> Decision | None:
    """The signature by which a version went to the district: the step before the district's, or the handing in where
    that is the first; see ``Decision.objects.that_sent``.
    """
    roles = [step["role"] for step in version.route]
    if Role.DISTRICT_OFFICER not in roles:
        return None
    first = roles.index(Role.DISTRICT_OFFICER)
    before, actions = (first - 1, STEP_ACTIONS) if first else (None, (Action.SUBMIT,))
    return next((one for one in decisions if one.step == before and one.action in actions), None)


def reason_of_return(request: NeedsRequest) -> Decision | None:
    """Why it was given back, while it stands so."""
    if request.state != State.RETURNED:
        return None
    return request.submitted_version.decisions.filter(action=Action.RETURN).first()
