"""The units of an institution: its methodical associations, departments, faculties."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cpd.once import acts_once
from schools.access import can_keep_units
from schools.approval import Refused
from schools.http import Request
from schools.kinds import WAYS
from schools.models import Institution, MethodicalAssociation
from schools.unit_forms import UnitForm
from schools.units import lines_of, save_unit


@require_safe
def school_units(request: Request, pk: int) -> HttpResponse:
    """All units of one institution, with how many work in each."""
    found = _institution(request, pk)
    return render(request, "schools/units.html", {"institution": found, "lines": lines_of(found)})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def unit_new(request: Request, pk: int) -> HttpResponse:
    """Another unit of the institution."""
    found = _institution(request, pk)
    return _saved(request, MethodicalAssociation(institution=found))


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request: Request, pk: int) -> HttpResponse:
    """Another title, or another faculty."""
    visible = Institution.objects.visible_to(request.user).values("pk")
    units = MethodicalAssociation.objects.select_related("institution", "part_of").filter(institution__in=visible)
    unit = get_object_or_404(units, pk=pk)
    if not can_keep_units(request.user, unit.institution):
        raise PermissionDenied
    return _saved(request, unit)


def _saved(request: Request, unit: MethodicalAssociation) -> HttpResponse:
    """The form again with what is wrong in it, or saved and back to the list."""
    is_new, institution = unit.pk is None, unit.institution
    form = UnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        try:
            save_unit(unit=form.instance, by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("school_units", institution.pk)
    return render(
        request,
        "schools/unit_form.html",
        {
            "institution": institution,
            "form": form,
            "is_new": is_new,
            "has_faculties": WAYS[institution.kind].has_faculties,
        },
    )


def _institution(request: Request, pk: int) -> Institution:
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not can_keep_units(request.user, found):
        raise PermissionDenied
    return found
