"""What was typed into a form whose session had ended: kept through sign-in and shown again, never lost."""

import contextlib

from django.http import HttpRequest, QueryDict

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
