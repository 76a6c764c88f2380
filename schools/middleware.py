"""Between every request and its page: the person's language, where it comes from, what sign-in still asks of them."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cpd import held
from cpd.answers import language_of_phone
from cpd.wording import variant
from schools import audit, second_factor, sessions

Answer = Callable[[HttpRequest], HttpResponse]
BEFORE_NEW_PASSWORD = ("account_change_password", "account_logout", "language")
BEFORE_SECOND_FACTOR = (
    *BEFORE_NEW_PASSWORD,
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
)


class SessionLimitsMiddleware:
    """A session that is too old ends, and one that is in use is carried on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if sessions.is_over(request.session):
            logout(request)
        sessions.carry_on(request.session)
        return self.get_response(request)


class PersonalLanguageMiddleware:
    """The language the person chose, remembered with the account; before sign-in, the one chosen on this phone.

    Kyrgyz comes first whatever the phone asks for: most phones here are sold with Russian menus.

    Who works in a college or university reads the words of that place (``cpd.wording``).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language, words = language_of_phone(request), ""
        if request.user.is_authenticated:
            language, words = request.user.language, request.user.scope.words
        translation.activate(variant(language, words))
        request.LANGUAGE_CODE = language
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        return answer


class AddressMiddleware:
    """What the journal writes meanwhile names the network address the request came from."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = audit.network_address.set(_address_of(request))
        try:
            return self.get_response(request)
        finally:
            audit.network_address.reset(before)


def _address_of(request: HttpRequest) -> str | None:
    """As the limits of sign-in see it: a header counts only behind our own proxy. None where there is none."""
    try:
        address: str = get_adapter().get_client_ip(request)
        validate_ipv46_address(address)
    except (PermissionDenied, ValidationError):  # a server on a socket has none
        return None
    return address


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view says otherwise; a first password is changed before anything else.

    Then comes the second factor, where one is demanded of the person's role.

    What was typed into a form whose session had ended is held until the same form is opened again.
    """

    def __init__(self, get_response: Answer) -> None:
        super().__init__(get_response)
        second_factor.demanded_roles()  # a bad setting is told at the start

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse({}, status=401)  # the page itself keeps what was typed and says so
        if request.method == "POST":
            if held.keep(request):
                messages.info(request, _("Please sign in again. What you typed is kept."))
            else:
                messages.error(request, _("What you typed is too long to be kept. Go back to the page and copy it."))
        return super().handle_no_permission(request, view_func)

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None or not request.user.is_authenticated:
            return answer
        if request.user.must_change_password:
            is_open = request.path in map(reverse, BEFORE_NEW_PASSWORD)
            return None if is_open else redirect("account_change_password")
        if second_factor.is_missing(request.user):
            is_open = request.path in map(reverse, BEFORE_SECOND_FACTOR)
            return None if is_open else redirect("mfa_index")
        return None
