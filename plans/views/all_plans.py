"""The perspective plans of all departments of an institution as one paper and one Excel file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.exports import table_file
from plans.access import can_read_all_plans
from plans.lecturers.all_plans import in_force, plans_pdf, plans_table
from plans.views.perspective import FirstYearForm
from schools import audit
from schools.choices import Event
from schools.http import Request
from schools.kinds import WAYS
from schools.models import Institution


@require_safe
def perspective_plans(request: Request, pk: int, kind: str) -> HttpResponse:
    """Form F19 of the whole institution from the school year asked for on: "pdf" or "xlsx"."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not WAYS[found.kind].has_faculties:
        raise Http404
    if not can_read_all_plans(request.user, found):
        raise PermissionDenied
    asked = FirstYearForm(request.GET, years=1)
    if not asked.is_valid():
        messages.error(request, asked.errors["from"].as_text())
        return redirect("institution", pk)
    versions = in_force(request.user, found, asked.first_year)
    if not versions:
        messages.info(request, _("No department has an approved perspective plan that begins in this school year."))
        return redirect("institution", pk)
    table = plans_table(found, versions)
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found, what=table.title)
    name = f"F19 {asked.first_year} {found.title_ky}"
    return table_file(table, kind, name, in_pdf=lambda _table: plans_pdf(found, versions))
