"""What was typed into a form whose session had ended: kept through sign-in and shown again, never lost."""

import contextlib

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

KEY = "held_form"
LIMIT = 400_000  # signs: above the longest form there is, a sheet of a lesson with all places for own questions full


def keep(request: HttpRequest) -> bool:
    """Hold the posted fields, without the CSRF token, in the session that sign-in carries on; whether they fit."""
    fields = request.POST.copy()
    with contextlib.suppress(KeyError):
        del fields["csrfmiddlewaretoken"]
    if sum(len(value) for _name, values in fields.lists() for value in values) > LIMIT:
        return False
    request.session[KEY] = {"path": request.path, "fields": fields.urlencode()}
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """The fields held for this very address, once."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(kept["fields"])


def typed(request: HttpRequest) -> QueryDict | None:
    """What stands in a form: what is posted, or what was typed before sign-in, and says so; None if nobody typed."""
    if request.method == "POST":
        return request.POST
    fields = take(request)
    if fields is not None:
        messages.warning(request, _("This is what you typed before you were signed out. It is not saved yet."))
    return fields
