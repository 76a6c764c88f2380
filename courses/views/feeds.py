"""The calendar for one's phone: its secret address, and what it answers."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import feeds
from courses.models import CalendarFeed
from schools import guessing
from schools.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: Request) -> HttpResponse:
    """Make an address, or another one, or revoke it.

    The answer to the form shows the address and nothing keeps it: no session, no message. Sent twice, the form makes
    two, of which the second holds and is the one on the screen.
    """
    if request.method == "POST" and "revoke" in request.POST:
        feeds.revoke_feed(by=request.user)
        messages.success(request, _("The address was revoked: it opens nothing any more."))
        return redirect("calendar_feed")
    address = ""
    if request.method == "POST":
        address = f"{settings.SITE_URL}{reverse('calendar_file', args=[feeds.make_feed(by=request.user)])}"
    return render(
        request,
        "courses/calendar_feed.html",
        {
            "address": address,
            "for_phone": f"webcal:{address.partition(':')[2]}",
            "feed": CalendarFeed.objects.visible_to(request.user).live().first(),
        },
    )


@require_safe
@login_not_required
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address. An unknown and a revoked one are answered alike."""
    reader = feeds.reader_of(token)
    if reader is None and guessing.missed(request):
        return guessing.too_many(request)
    if reader is None:
        raise Http404
    answer = HttpResponse(feeds.calendar_of(reader), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
