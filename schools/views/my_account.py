"""One's own account: how one gets in, from where one is signed in, and where notices go."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd.once import acts_once
from schools import accounts, audit, guessing, mail_addresses, second_factor
from schools.account_forms import MailForm
from schools.approval import Refused
from schools.choices import Event
from schools.devices import device_of
from schools.http import Request


@require_safe
def my_account(request: Request) -> HttpResponse:
    """Password, second factor, sessions, e-mail address and language on one page."""
    return _page(request, MailForm(initial={"email": request.user.email}))


@require_POST
@acts_once
def mail_change(request: Request) -> HttpResponse:
    """Ask for an address to be kept, or remove the one that is."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    address = form.cleaned_data["email"]
    try:
        if address:
            mail_addresses.ask_for_address(request.user, address)
            messages.success(request, _("A letter was sent to this address. Open the link in it."))
        else:
            mail_addresses.remove_address(request.user)
            messages.success(request, _("The e-mail address was removed."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("my_account")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def mail_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The button behind the link of the letter. Looking changes nothing: programs that check letters look too."""
    asked = mail_addresses.read_link(token)
    if asked is None and guessing.missed(request):
        return guessing.too_many(request)
    if asked is not None and request.method == "POST":
        try:
            mail_addresses.confirm_address(asked)
        except Refused:
            asked = None
        else:
            messages.success(request, _("The e-mail address is confirmed."))
            return redirect("home")
    answer = render(request, "schools/mail_confirm.html", {"asked": asked}, status=200 if asked else 404)
    answer["Referrer-Policy"] = "strict-origin"  # as for slips
    return answer


@require_POST
@acts_once
def session_end(request: Request, pk: int) -> HttpResponse:
    """Sign one other phone or computer out."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key or "")
    get_object_or_404(others, pk=pk).end()
    audit.note(Event.SESSIONS_ENDED, by=request.user, subject=request.user.person)
    messages.success(request, _("It was signed out."))
    return redirect("my_account")


@require_POST
@acts_once
def sessions_end(request: Request) -> HttpResponse:
    """Sign out everywhere, here too."""
    accounts.end_sessions(request.user)
    audit.note(Event.SESSIONS_ENDED, by=request.user, subject=request.user.person)
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")


def _page(request: Request, form: MailForm) -> HttpResponse:
    user = request.user
    sessions = sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.created_at, reverse=True)
    return render(
        request,
        "schools/my_account.html",
        {
            "form": form,
            "sends_mail": settings.SENDS_MAIL,
            "sessions": [
                {
                    "session": one,
                    "device": device_of(one.user_agent),
                    "is_here": one.session_key == request.session.session_key,
                }
                for one in sessions
            ],
            "has_second_factor": accounts.has_second_factor(user),
            "is_demanded": second_factor.is_demanded_of(user),
        },
    )
