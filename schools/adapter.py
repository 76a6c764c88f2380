"""How django-allauth behaves here: no sign-up by strangers, a first password that must be changed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools import audit, sessions
from schools.choices import Event
from schools.models import User

# What allauth calls the changes that it tells of.
OF_PASSWORD = ("password_changed", "password_set")
OF_SECOND_FACTOR = {
    "totp_activated": gettext_lazy("Authenticator app: switched on"),
    "totp_deactivated": gettext_lazy("Authenticator app: switched off"),
    "webauthn_added": gettext_lazy("Passkey: added"),
    "webauthn_removed": gettext_lazy("Passkey: removed"),
    "recovery_codes_generated": gettext_lazy("Recovery codes: made anew"),
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the school, never by whoever finds the address."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where sign-in may lead on to: a path of this site and nothing else. The library fails at «http://[»."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def set_password(self, user: User, password: str) -> None:
        """A password the person chose is no first password any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What allauth would tell by e-mail of a change to an account is kept in the journal instead."""
        change = template_prefix.rpartition("/")[2]
        event = Event.PASSWORD_CHANGED if change in OF_PASSWORD else Event.SECOND_FACTOR_CHANGED
        audit.note(event, by=user, subject=user.person, what=OF_SECOND_FACTOR.get(change, user.username))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request.session)
        audit.note(Event.SIGNED_IN, by=user, subject=user.person)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted for the account, however its name and the host are written in the request.

        The library takes the host as it was asked for, with any port, and a name as it was typed: each of them would
        have tries of its own. Upper and then lower as PostgreSQL compares names: «ſ» is an s, «ı» an i.
        """
        name: str = credentials.get("username", "")
        return f"{settings.SITE_HOST}:{name.upper().lower()}"

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Somebody who knows the password of a closed account is told so; nobody else is."""
        messages.error(request, _("This account is closed. Please ask your deputy director."))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")
