"""Schedules in every state they can stand in, and what may happen to them there."""

from collections.abc import Callable

from courses.models import Schedule
from schools import approval
from schools.choices import Action
from tests import factories
from tests.conftest import Cast
from tests.factories import again, fresh

CONTENT = {"rows": []}  # what is frozen is not looked at here
A_REASON = "Мөөнөттөрдү тактаңыз."
DEPUTIES = {"deputy", "second_deputy"}
LEADERS = {*DEPUTIES, "director"}  # 000 §15; a small school has no deputy


def moved(schedule: Schedule, *steps: tuple[Action, object]) -> Schedule:
    """Walked on step by step, each taken by one person."""
    for action, user in steps:
        details = {"reason": A_REASON, "content": CONTENT}
        approval.perform(schedule, action, by=again(user), seen=schedule.revision, **details)
        schedule = fresh(schedule)
    return schedule


def looked_at(schedule: Schedule) -> Schedule:
    approval.mark_seen([schedule.pk], by=factories.in_line(schedule))
    return fresh(schedule)


def of_association(cast: Cast, *steps: tuple[Action, object]) -> Schedule:
    """That of the association X, with the steps taken."""
    return moved(factories.association_schedule(cast.association, by=cast.head), *steps)


def of_school(cast: Cast, *steps: tuple[Action, object]) -> Schedule:
    """That of school A, with the steps taken."""
    return moved(factories.school_schedule(cast.school, by=cast.deputy), *steps)


def handed_over(cast: Cast, *steps: tuple[Action, object]) -> Schedule:
    return of_association(cast, (Action.SUBMIT, cast.head), *steps)


def closed(cast: Cast, *steps: tuple[Action, object]) -> Schedule:
    return of_school(cast, (Action.CLOSE, cast.deputy), *steps)


def sent(cast: Cast, *steps: tuple[Action, object]) -> Schedule:
    return closed(cast, (Action.SEND, cast.deputy), *steps)


def received(cast: Cast, *steps: tuple[Action, object]) -> Schedule:
    return sent(cast, (Action.APPROVE, cast.officer), *steps)


STANDING: dict[str, Callable[[Cast], Schedule]] = {
    "association draft": of_association,
    "association submitted": handed_over,
    "association seen": lambda cast: looked_at(handed_over(cast)),
    "association approved": lambda cast: handed_over(cast, (Action.APPROVE, cast.deputy)),
    "association returned": lambda cast: handed_over(cast, (Action.RETURN, cast.deputy)),
    "association change": lambda cast: handed_over(cast, (Action.APPROVE, cast.deputy), (Action.AMEND, cast.head)),
    "school draft": of_school,
    "school closed": closed,
    "school submitted": sent,
    "school seen": lambda cast: looked_at(sent(cast)),
    "school approved": received,
    "school returned": lambda cast: sent(cast, (Action.RETURN, cast.officer)),
    "school change": lambda cast: received(cast, (Action.AMEND, cast.director)),
    "school change closed": lambda cast: received(
        cast, (Action.AMEND, cast.director), (Action.CLOSE, cast.second_deputy)
    ),
    "school change submitted": lambda cast: received(
        cast, (Action.AMEND, cast.director), (Action.CLOSE, cast.director), (Action.SEND, cast.deputy)
    ),
}

HEAD = {"head"}
OFFICE = {"officer"}
# Written by hand from 000 §14–16, as that of the plans: standing → action → (who, the state, whose turn it then is).
LISTED: dict[str, dict[str, tuple[set[str], str, str]]] = {
    "association draft": {"submit": (HEAD, "submitted", "deputy_director")},
    "association submitted": {
        "withdraw": (HEAD, "draft", ""),
        "approve": (DEPUTIES, "approved", ""),
        "return": (DEPUTIES, "returned", ""),
    },
    "association seen": {"approve": (DEPUTIES, "approved", ""), "return": (DEPUTIES, "returned", "")},
    "association approved": {"amend": (HEAD, "draft", "")},
    "association returned": {"submit": (HEAD, "submitted", "deputy_director")},
    "association change": {
        "submit": (HEAD, "submitted", "deputy_director"),
        "discard": (HEAD, "approved", ""),
    },
    "school draft": {"close": (LEADERS, "closed", "")},
    "school closed": {"send": (LEADERS, "submitted", "district_officer"), "reopen": (LEADERS, "draft", "")},
    "school submitted": {
        "withdraw": (LEADERS, "draft", ""),
        "approve": (OFFICE, "approved", ""),
        "return": (OFFICE, "returned", ""),
    },
    "school seen": {"approve": (OFFICE, "approved", ""), "return": (OFFICE, "returned", "")},
    "school approved": {"amend": (LEADERS, "draft", "")},
    "school returned": {"close": (LEADERS, "closed", "")},
    "school change": {"close": (LEADERS, "closed", ""), "discard": (LEADERS, "approved", "")},
    "school change closed": {
        "send": (LEADERS, "submitted", "district_officer"),
        "reopen": (LEADERS, "draft", ""),
    },
    "school change submitted": {
        "withdraw": (LEADERS, "draft", ""),
        "approve": (OFFICE, "approved", ""),
        "return": (OFFICE, "returned", ""),
    },
}
