"""Who holds which role in an institution, and the warnings where one person or nobody holds one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpd.once import acts_once
from schools.access import roles_to_give
from schools.approval import Refused
from schools.delegations import can_hand_over, lines_of
from schools.http import Request
from schools.models import District, Institution, RoleAssignment
from schools.role_forms import RoleEndForm, RoleForm
from schools.roles import (
    can_read_roles,
    end_role,
    give_role,
    institution_of,
    is_last_leader,
    posts_of,
    roles_in,
    thinnest_first,
)

ON_A_PAGE = 40


@require_safe
def school_roles(request: Request, pk: int) -> HttpResponse:
    """The roles of one institution, what is handed over in it, and what would stop if one person were away."""
    found = _institution(request, pk)
    to_give = roles_to_give(request.user, found)
    return render(
        request,
        "schools/roles.html",
        {
            "institution": found,
            "rows": [(row, row.role in to_give) for row in roles_in(found)],
            "thin": [post for post in posts_of([found]) if post.is_thin],
            "gives": bool(to_give),
            "hands_over": can_hand_over(request.user, found),
            "delegations": lines_of(request.user, found),
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def role_new(request: Request, pk: int) -> HttpResponse:
    """Give somebody of the institution a role there."""
    found = _institution(request, pk)
    to_give = roles_to_give(request.user, found)
    if not to_give:
        raise PermissionDenied
    form = RoleForm(request.POST or None, institution=found, roles=to_give)
    if request.method == "POST" and form.is_valid():
        person, starts_on = form.cleaned_data["person"], form.cleaned_data["starts_on"]
        try:
            give_role(person=person, role=form.role(), place=form.place(), starts_on=starts_on, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The role was given."))
            return redirect("school_roles", found.pk)
    return render(request, "schools/role_new.html", {"institution": found, "form": form})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: Request, pk: int) -> HttpResponse:
    """The last day of a role, or its end at once."""
    assignment = _assignment(request, pk)
    institution = institution_of(assignment)
    if assignment.role not in roles_to_give(request.user, institution):
        raise PermissionDenied
    is_last = is_last_leader(assignment)
    form = RoleEndForm(request.POST or None, asks_for_nobody=is_last)
    if request.method == "POST" and form.is_valid():
        sure = bool(form.cleaned_data.get("leaves_nobody"))
        try:
            end_role(assignment=assignment, by=request.user, last_day=form.day(), leaves_nobody=sure)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The end of the role was saved."))
            return redirect("school_roles", institution.pk)
    context = {"institution": institution, "role": assignment, "form": form, "is_last": is_last}
    return render(request, "schools/role_end.html", context)


@require_safe
def district_roles(request: Request, pk: int) -> HttpResponse:
    """The schools of a district: first those that nobody leads, then those where one person does."""
    found = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if found.pk not in request.user.scope.districts and not request.user.scope.is_administrator:
        raise PermissionDenied
    schools = thinnest_first(Institution.objects.visible_to(request.user).filter(district=found))
    page = Paginator(schools, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "schools/district_roles.html", {"district": found, "page": page})


def _institution(request: Request, pk: int) -> Institution:
    found = get_object_or_404(Institution.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not can_read_roles(request.user, found):
        raise PermissionDenied
    return found


def _assignment(request: Request, pk: int) -> RoleAssignment:
    """A role in an institution the user sees, which holds today or later."""
    visible = Institution.objects.visible_to(request.user).values("pk")
    at_school = Q(institution__in=visible) | Q(association__institution__in=visible)
    roles = RoleAssignment.objects.filter(at_school).select_related(
        "person", "institution", "association__institution"
    )
    return get_object_or_404(roles, pk=pk)
