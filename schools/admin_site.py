"""Django's admin site for system administrators: places, people, accounts, roles and routes."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse


class AdministrationSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators only; for everybody else there is nothing here, not even a door."""
        if not (request.user.is_authenticated and request.user.is_staff):
            raise Http404
        return True

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The site has one sign-in, and it is not here."""
        raise Http404
