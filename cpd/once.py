"""Forms that act at most once: a one-use token in each form that creates, submits or decides."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from cpd.models import ReceivedForm

FIELD = "once"
JSON = "application/json"
View = Callable[..., HttpResponse]


def new_token() -> str:
    """A token for one showing of one form."""
    return str(uuid.uuid4())


def acts_once(view: View) -> View:
    """Carry out a POST at most once per token, however often the phone sends it.

    The token's row and the view's writes share one transaction. A second copy waits for the first one on the
    unique token and then gets its answer. A form that was sent back for correction leaves no trace, so it can be
    corrected and sent again with the same token.
    """

    @functools.wraps(view)
    def wrapper(request: Any, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            token = uuid.UUID(request.POST.get(FIELD, ""))
        except ValueError:
            raise BadRequest("no one-use token") from None
        with transaction.atomic():
            try:
                with transaction.atomic():
                    received = ReceivedForm.objects.create(token=token, user_id=request.user.pk)
            except IntegrityError:
                return _first_answer(request, token)
            answer = view(request, *args, **kwargs)
            if _is_final(answer):
                _remember(received, answer)
            else:
                transaction.set_rollback(True)
        return answer

    return wrapper


def _is_final(answer: HttpResponse) -> bool:
    """A redirect or a JSON “saved” ends a form's life; a page shown again for correction does not."""
    return isinstance(answer, HttpResponseRedirect) or (
        answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    )


def _remember(received: ReceivedForm, answer: HttpResponse) -> None:
    received.location = answer.headers.get("Location", "")
    received.body = "" if received.location else answer.content.decode()
    received.save(update_fields=["location", "body"])


def _first_answer(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    received = ReceivedForm.objects.get(token=token, user=request.user.pk)
    if received.body:
        return HttpResponse(received.body, content_type=JSON)
    messages.info(request, _("This form had already been received; nothing was done twice."))
    return HttpResponseRedirect(received.location)
