"""What a view behind sign-in receives."""

from django.core.exceptions import BadRequest
from django.db.models import BigIntegerField
from django.http import HttpRequest

from schools.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in: ``SignedInMiddleware`` lets no other one through."""

    user: User


def ticked(request: HttpRequest, name: str) -> dict[int, int]:
    """The rows ticked in a list, by key, each with the revision that was on the screen: “KEY:REVISION”.

    A key that no row can have is left out: SQLite cannot look for it.
    """
    try:
        pairs = (value.split(":") for value in request.POST.getlist(name))
        found = {int(key): int(revision) for key, revision in pairs}
    except ValueError:
        raise BadRequest("not a key and its revision") from None
    return {key: revision for key, revision in found.items() if 0 < key <= BigIntegerField.MAX_BIGINT}


def seen_in(request: HttpRequest) -> int:
    """The revision a person had before their eyes. Our own forms always name it; one without it is no form of ours."""
    try:
        return int(request.POST.get("seen", ""))
    except ValueError:
        raise BadRequest("no revision") from None
