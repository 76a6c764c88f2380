"""Two things between every request and its page: the person's language, and what sign-in still asks of them."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cpd import held
from schools import categories

Answer = Callable[[HttpRequest], HttpResponse]
BEFORE_NEW_PASSWORD = ("account_change_password", "account_logout", "language")


class PersonalLanguageMiddleware:
    """The language the person chose, remembered with the account; before sign-in, the one chosen on this phone.

    Kyrgyz comes first whatever the phone asks for: most phones here are sold with Russian menus.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        categories.forget()
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if request.user.is_authenticated:
            chosen = request.user.language
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        if request.user.is_authenticated:
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view says otherwise; a first password is changed before anything else.

    What was typed into a form whose session had ended is held until the same form is opened again.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse({}, status=401)  # the page itself keeps what was typed and says so
        if request.method == "POST":
            held.keep(request)
            messages.info(request, _("Please sign in again. What you typed is kept."))
        return super().handle_no_permission(request, view_func)

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None and request.user.is_authenticated and request.user.must_change_password:
            is_open = request.path in map(reverse, BEFORE_NEW_PASSWORD)
            return None if is_open else redirect("account_change_password")
        return answer
