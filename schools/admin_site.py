"""Django's admin site for system administrators: places, people, accounts, roles and routes. Nobody else finds it."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse


class AdministrationSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The admin site has no door of its own: who is not an administrator finds nothing here."""
        raise Http404
