"""Whoever tries secret addresses (slips, calendars, links of letters) is stopped, far above what a school mistypes."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse

COUNTED = {"app": "allauth.account", "action": "invitation", "limit_get": True}  # the rate stands in settings


def is_stopped(request: HttpRequest) -> bool:
    """Whether too many wrong ones came from there just now."""
    return not ratelimit.consume(request, dry_run=True, **COUNTED)


def missed(request: HttpRequest) -> bool:
    """Count a wrong one; whether it was one too many."""
    return not ratelimit.consume(request, **COUNTED)


def too_many(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = ratelimit.respond_429(request)
    return answer
