"""How django-allauth behaves here: no sign-up by strangers, a first password that must be changed."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from schools.models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the school, never by whoever finds the address."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """A password the person chose is no first password any more."""
        user.must_change_password = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")
