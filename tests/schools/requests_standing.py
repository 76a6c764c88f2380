"""Requests on learning needs in every state they can stand in, and what may happen to them there."""

from collections.abc import Callable

from plans.models import NeedsRequest
from schools.choices import Action
from tests import factories
from tests.conftest import Cast
from tests.schools.schedules_standing import LEADERS, looked_at, moved

AT_SCHOOL, BEFORE_THE_DISTRICT = "director", "district_officer"
# Whose turn it is once somebody has handed it in: a director has signed by it.
TURNS = {"deputy": AT_SCHOOL, "second_deputy": AT_SCHOOL, "director": BEFORE_THE_DISTRICT}


def of_school(cast: Cast, *steps: tuple[Action, object]) -> NeedsRequest:
    """That of school A, with the steps taken."""
    return moved(factories.needs_request(cast.school, by=cast.deputy), *steps)


def submitted(cast: Cast, *steps: tuple[Action, object]) -> NeedsRequest:
    return of_school(cast, (Action.SUBMIT, cast.deputy), *steps)


def signed(cast: Cast, *steps: tuple[Action, object]) -> NeedsRequest:
    return submitted(cast, (Action.AGREE, cast.director), *steps)


def received(cast: Cast, *steps: tuple[Action, object]) -> NeedsRequest:
    return signed(cast, (Action.APPROVE, cast.officer), *steps)


STANDING: dict[str, Callable[[Cast], NeedsRequest]] = {
    "request draft": of_school,
    "request submitted": submitted,
    "request seen": lambda cast: looked_at(submitted(cast)),
    "request not signed": lambda cast: submitted(cast, (Action.RETURN, cast.director)),
    "request signed": signed,
    "request made and signed": lambda cast: of_school(cast, (Action.SUBMIT, cast.director)),
    "request received": received,
    "request returned": lambda cast: signed(cast, (Action.RETURN, cast.officer)),
    "request change": lambda cast: received(cast, (Action.AMEND, cast.deputy)),
}

# From 001 §3, by hand: standing → action → (who, the state it leads to, whose turn it then is).
LISTED: dict[str, dict[str, tuple[set[str], str, str | dict[str, str]]]] = {
    "request draft": {"submit": (LEADERS, "submitted", TURNS)},
    "request submitted": {
        "withdraw": (LEADERS, "draft", ""),
        "agree": ({"director"}, "agreed", BEFORE_THE_DISTRICT),
        "return": ({"director"}, "returned", ""),
    },
    "request seen": {
        "agree": ({"director"}, "agreed", BEFORE_THE_DISTRICT),
        "return": ({"director"}, "returned", ""),
    },
    "request not signed": {"submit": (LEADERS, "submitted", TURNS)},
    "request signed": {"approve": ({"officer"}, "approved", ""), "return": ({"officer"}, "returned", "")},
    "request made and signed": {
        "withdraw": (LEADERS, "draft", ""),
        "approve": ({"officer"}, "approved", ""),
        "return": ({"officer"}, "returned", ""),
    },
    "request received": {"amend": (LEADERS, "draft", "")},
    "request returned": {"submit": (LEADERS, "submitted", TURNS)},
    "request change": {"submit": (LEADERS, "submitted", TURNS), "discard": (LEADERS, "approved", "")},
}
