"""Handing parts of a leader's work over for a time, and ending that early."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cpd.once import acts_once
from schools.approval import Refused
from schools.delegations import can_end, can_hand_over, end_early, hand_over
from schools.http import Request
from schools.models import Delegation, Institution
from schools.role_forms import DelegationForm
from schools.roles import can_read_roles


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: Request, pk: int) -> HttpResponse:
    """Hand parts of one's own work to somebody of the institution."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not can_hand_over(request.user, found):
        raise PermissionDenied
    form = DelegationForm(request.POST or None, institution=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            hand_over(institution=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The work was handed over."))
            return redirect("school_roles", found.pk)
    return render(request, "schools/delegation_new.html", {"institution": found, "form": form})


@require_POST
@acts_once
def delegation_end(request: Request, pk: int) -> HttpResponse:
    """Take work back, or give it back, before its last day."""
    visible = Delegation.objects.visible_to(request.user).select_related("institution")
    found = get_object_or_404(visible, pk=pk)
    if not can_end(request.user, found):
        messages.info(request, _("It had ended already. Your click changed nothing."))
        return _back(request, found.institution)
    try:
        end_early(delegation=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The work was taken back."))
    return _back(request, found.institution)


def _back(request: Request, institution: Institution) -> HttpResponse:
    """To the list of the school's roles; who may not read that has the work on the first page."""
    can_read = can_read_roles(request.user, institution)
    return redirect("school_roles", institution.pk) if can_read else redirect("home")
