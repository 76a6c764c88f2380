"""A planned item and the course that was attended for it."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.choices import RecordStatus
from courses.models import TrainingRecord
from courses.views.records import record_form
from cpd.once import acts_once
from plans import actions
from plans.access import visible_plan
from plans.models import Fulfilment, IndividualPlan
from schools.approval import Refused
from schools.http import Request
from schools.models import User

OFFERED = 30  # of one's own records, the latest first


class ChosenForm(forms.Form):
    """Which record fulfils the item: a number."""

    record = forms.IntegerField(max_value=BigIntegerField.MAX_BIGINT)


def item_attended(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Enter the course attended for a planned item: the form knows already what the plan says."""
    plan = _own_plan(request, pk)
    item = actions.planned_item(plan, uid)
    if item is None:
        messages.info(request, _("This item is not in the plan in force."))
        return redirect(plan)
    link = Fulfilment.objects.visible_to(request.user).filter(plan=plan, uid=uid).first()
    if link:
        messages.info(request, _("A record already fulfils this item."))
        return redirect("record", link.record_id)

    def saved(record: TrainingRecord) -> None:
        actions.fulfil_item(plan=plan, uid=uid, record=record, by=request.user)

    return record_form(
        request,
        initial=_known(plan, item),
        saved=saved,
        planned_title=item["programme_title"],
        choosable=_free_records(request.user)[:OFFERED],
        plan=plan,
        uid=uid,
    )


@require_POST
@acts_once
def item_fulfil(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Choose a record that is there already."""
    plan = _own_plan(request, pk)
    form = ChosenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a record."))
        return redirect("item_attended", pk, uid)
    record = get_object_or_404(_free_records(request.user), pk=form.cleaned_data["record"])
    try:
        actions.fulfil_item(plan=plan, uid=uid, record=record, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect(plan)


@require_POST
@acts_once
def item_release(request: Request, pk: int, uid: uuid.UUID) -> HttpResponse:
    """Undo the link while the record is not verified."""
    plan = _own_plan(request, pk)
    try:
        actions.release_item(plan=plan, uid=uid, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The link was undone; the record stays."))
    return redirect(plan)


def _own_plan(request: Request, pk: int) -> IndividualPlan:
    plan = visible_plan(request.user, pk)
    if not isinstance(plan, IndividualPlan):
        raise Http404
    if plan.author_id != request.user.person_id:
        raise PermissionDenied
    return plan


def _free_records(user: User) -> Any:
    """One's own records that fulfil nothing yet, the latest first."""
    own = TrainingRecord.objects.visible_to(user).filter(person=user.person_id, fulfilment=None)
    own = own.exclude(status__in=(RecordStatus.REJECTED, RecordStatus.NOTED))
    return own.order_by(F("ends_on").desc(nulls_last=True), "-pk")


def _known(plan: IndividualPlan, item: dict[str, Any]) -> dict[str, Any]:
    """What the plan says of the course."""
    return {
        "institution": plan.institution_id,
        "title": item["programme_title"],
        "hours_text": (item["hours"] or "").replace(".", ","),
        "provider_text": item["provider_text"],
        "block": item["block"],
    }
