"""Another lecturer goes in the place of one who cannot: on a row of the department's plan in force."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cpd.once import acts_once
from plans.access import visible_plan
from plans.lecturers.forms import ReplaceForm
from plans.lecturers.replacing import replace_lecturer, rows_in_force
from plans.models import DepartmentPlan
from schools.approval import Refused
from schools.http import Request


@acts_once
def item_replace(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Choose who goes instead, and say why."""
    plan = visible_plan(request.user, pk)
    if not isinstance(plan, DepartmentPlan):
        raise Http404
    if not plan.is_written_by(request.user):
        raise PermissionDenied
    row = rows_in_force(plan).get(str(uid))
    if row is None:
        messages.error(request, _("This item is not in the plan in force."))
        return redirect(plan)
    form = ReplaceForm(request.POST or None, plan=plan, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            replace_lecturer(plan=plan, uid=uid, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Saved. Both lecturers are told."))
        return redirect(plan)
    return render(request, "plans/item_replace.html", {"plan": plan, "row": row, "form": form})
