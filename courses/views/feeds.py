"""The calendar for one's phone: its secret address, and what it answers."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses import feeds
from courses.models import CalendarFeed
from cpd.once import acts_once
from schools.http import Request

NEW_ADDRESS = "new_calendar_address"  # in the session, until it was shown once


@acts_once
def calendar_feed(request: Request) -> HttpResponse:
    """Make the address, which is shown once, make another one, or revoke it."""
    if request.method == "POST":
        if "revoke" in request.POST:
            feeds.revoke_feed(by=request.user)
            messages.success(request, _("The address was revoked: it opens nothing any more."))
        else:
            request.session[NEW_ADDRESS] = feeds.make_feed(by=request.user)
        return redirect("calendar_feed")
    token = request.session.pop(NEW_ADDRESS, None)
    address = f"{settings.SITE_URL}{reverse('calendar_file', args=[token])}" if token else ""
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
    if reader is None:
        raise Http404
    answer = HttpResponse(feeds.calendar_of(reader), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
