"""What I was told: the inbox, and what I want to be told of."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Case, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd.once import acts_once
from schools.choices import ALWAYS_TOLD
from schools.http import Request
from schools.models import Notice
from schools.notice_forms import NoticeSettingsForm
from schools.notice_words import lines

PER_PAGE = 25
UNREAD_FIRST = Case(When(read_at=None, then=Value(0)), default=Value(1))


@require_safe
def notices(request: Request) -> HttpResponse:
    """The inbox: unread ones first, then the newest."""
    own = Notice.objects.visible_to(request.user).order_by(UNREAD_FIRST, "-made_at", "-pk")
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    context = {"page": page, "lines": lines(shown, request.user), "newest": max((one.pk for one in shown), default=0)}
    return render(request, "schools/notices.html", context)


@require_POST
def notice_open(request: Request, pk: int) -> HttpResponse:
    """Mark one as read and go to its page. By POST: an address that is only looked up changes nothing.

    The page decides by itself who may see it today.
    """
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return redirect(notice.path)


@require_POST
def notices_read(request: Request) -> HttpResponse:
    """Mark as read whatever there was when the page was shown; what came since stays unread."""
    own = Notice.objects.visible_to(request.user)
    own.filter(read_at=None, pk__lte=_newest(request)).update(read_at=timezone.now())
    return redirect("notices")


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: Request) -> HttpResponse:
    """Which kinds are told, and whether by e-mail too."""
    form = NoticeSettingsForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choice is saved."))
        return redirect("notice_settings")
    always = [kind.label for kind in ALWAYS_TOLD]
    return render(request, "schools/notice_settings.html", {"form": form, "always": always})


def _newest(request: Request) -> int:
    """The newest notice there was: no key is greater than a database can hold."""
    try:
        return min(int(request.POST.get("newest", "")), BigIntegerField.MAX_BIGINT)
    except ValueError:
        raise BadRequest("no key") from None
