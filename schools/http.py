"""What a view behind sign-in receives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from schools.kinds import Ways
from schools.models import User
from schools.scope import Scope


class Request(HttpRequest):
    """A request of somebody who is signed in: ``SignedInMiddleware`` lets no other one through."""

    user: User


def done_where(flag: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of one's own work that is done only where this flag of :class:`Ways` holds; everybody else is told so."""

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            check_done(flag, request.user.scope)
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def check_done(flag: str, where: Ways | Scope) -> None:
    """The same of one institution, by its ways."""
    if not getattr(where, flag):
        raise PermissionDenied(_("This work is not done at this kind of institution."))


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
