"""How django-allauth behaves here: no sign-up by strangers, a first password that must be changed."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from schools.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the school, never by whoever finds the address."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """A password the person chose is no first password any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Somebody who knows the password of a closed account is told so; nobody else is."""
        messages.error(request, _("This account is closed. Please ask your deputy director."))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")
