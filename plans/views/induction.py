"""The mentor's marks on the rows of a young specialist's plan."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cpd.once import acts_once
from plans.access import visible_plan
from plans.forms import MarkForm
from plans.induction.marks import can_mark, mark_row, unmark_row
from plans.models import InductionPlan
from plans.views.reading import page_again
from schools.approval import Refused
from schools.http import Request


@require_POST
@acts_once
def induction_mark(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Mark a row of the plan in force as done."""
    plan = _guided_plan(request, pk)
    form = MarkForm(request.POST, plan=plan, uid=str(uid))
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return page_again(request, plan, mark_form=form)
    try:
        mark_row(plan=plan, uid=uid, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect(plan)


@require_POST
@acts_once
def induction_unmark(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Take the mark of a row back."""
    plan = _guided_plan(request, pk)
    try:
        unmark_row(plan=plan, uid=uid, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The mark was taken back."))
    return redirect(plan)


def _guided_plan(request: Request, pk: int) -> InductionPlan:
    plan = visible_plan(request.user, pk)
    if not isinstance(plan, InductionPlan):
        raise Http404
    if not can_mark(request.user, plan):
        raise PermissionDenied
    return plan
