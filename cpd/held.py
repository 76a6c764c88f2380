"""What was typed into a form whose session had ended: kept through sign-in and shown again, never lost."""

import contextlib

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

KEY = "held_form"
LIMIT = 200_000  # characters; the longest plan is far below


def keep(request: HttpRequest) -> None:
    """Hold the posted fields, without the CSRF token, in the session that sign-in carries on."""
    fields = request.POST.copy()
    with contextlib.suppress(KeyError):
        del fields["csrfmiddlewaretoken"]
    text = fields.urlencode()
    if len(text) <= LIMIT:
        request.session[KEY] = {"path": request.path, "fields": text}


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
