"""What the slip in somebody's hand opens: light pages, without signing in, on the phone the person has."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cpd.wording import base_language
from schools import guessing
from schools.account_forms import AcceptForm, CodeForm
from schools.accounts import propose_usernames
from schools.approval import Refused
from schools.invitations import NameTaken, read_token, usable, use_invitation
from schools.models import User


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation_code(request: HttpRequest) -> HttpResponse:
    """The code typed by hand, where no camera reads the square."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return redirect("invitation", form.cleaned_data["code"])
    return _private(render(request, "schools/invitation_code.html", {"form": form}))


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a name and a password, and be signed in. Looking changes nothing: programs look at addresses too."""
    if guessing.is_stopped(request):
        return guessing.too_many(request)
    found = usable(read_token(token))
    if found is None:
        return _unusable(request)
    if request.user.is_authenticated:
        return _private(render(request, "schools/invitation_other.html", {"person": found.person}))
    person = found.person
    initial = {"username": propose_usernames([person])[person.pk]}
    form = AcceptForm(request.POST or None, person=person, initial=initial)
    if form.is_valid():
        try:
            account = use_invitation(
                read_token(token),
                username=form.cleaned_data.get("username", ""),
                password=form.cleaned_data["password"],
                language=base_language(),
            )
        except NameTaken as taken:
            form.add_error("username", taken.message)
        except Refused:
            return _unusable(request)
        else:
            return _signed_in(request, account)
    return _private(
        render(request, "schools/invitation.html", {"form": form, "person": person, "account": form.account})
    )


def _signed_in(request: HttpRequest, account: User) -> HttpResponse:
    messages.success(request, _("Your password is saved. Your username: %(name)s.") % {"name": account.username})
    answer: HttpResponse = perform_login(request, account)
    return _private(answer)


def _unusable(request: HttpRequest) -> HttpResponse:
    """Never made, used, expired, revoked: one page and one status for all, so that nobody learns which."""
    guessing.missed(request)
    return _private(render(request, "schools/invitation_unusable.html", {"form": CodeForm()}, status=404))


def _private(answer: HttpResponse) -> HttpResponse:
    """No page of a slip tells its address to the next one.

    Not "no-referrer": browsers would then send a form as coming from nowhere, which is refused as forged.
    """
    answer["Referrer-Policy"] = "strict-origin"
    return answer
