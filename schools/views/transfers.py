"""Moves between institutions: those that wait and those that were answered, a proposal, an answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd.dates import today
from cpd.once import acts_once
from schools import audit
from schools.access import can_move
from schools.approval import Refused
from schools.choices import Event, TransferState
from schools.http import Request
from schools.leaving import Hanging, what_hangs
from schools.models import Employment, Transfer
from schools.staff_forms import ArrivalForm, DistrictForm, RefusalForm, TransferForm
from schools.staffing import DAY
from schools.transfers import can_withdraw, confirm_transfer, propose_transfer, refuse_transfer, withdraw_transfer

ON_A_PAGE = 30


@require_safe
def transfers(request: Request) -> HttpResponse:
    """What waits for the reader first, then everything else, the latest first."""
    awaiting = Transfer.objects.awaiting(request.user).filter(pk=OuterRef("pk"))
    visible = (
        Transfer.objects.visible_to(request.user)
        .annotate(is_mine=Exists(awaiting))
        .select_related("employment__person", "employment__institution", "institution")
        .order_by("-is_mine", "-proposed_at", "-pk")
    )
    page = Paginator(visible, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "schools/transfers.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def transfer_new(request: Request, pk: int) -> HttpResponse:
    """The institution that lets somebody go proposes the move; the new one confirms it."""
    visible = Employment.objects.visible_to(request.user).select_related("person", "institution__district")
    found = get_object_or_404(visible, pk=pk)
    if not can_move(request.user, found):
        raise PermissionDenied
    where = DistrictForm(request.GET or {"district": found.institution.district_id})
    district = (where.is_valid() and where.cleaned_data["district"]) or found.institution.district
    form = TransferForm(request.POST or None, district=district, employment=found)
    if request.method == "POST" and form.is_valid():
        try:
            transfer = propose_transfer(
                employment=found, by=request.user, position=found.position, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The move was proposed. It waits for the other institution."))
            return redirect("transfer_answer", transfer.pk)
    audit.saw(Event.SAW_PERSON, by=request.user, subject=found.person, institution=found.institution)
    hanging = what_hangs(found, today())
    context = {"employment": found, "where": where, "district": district, "form": form, "hanging": hanging}
    return render(request, "schools/transfer_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def transfer_answer(request: Request, pk: int) -> HttpResponse:
    """One move; whoever has to answer it confirms or refuses it here."""
    found = _visible(request, pk)
    is_mine = Transfer.objects.awaiting(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not is_mine and found.state == TransferState.PROPOSED:
        raise PermissionDenied
    confirms, refuses = "confirm" in request.POST, "refuse" in request.POST
    arrival = None
    if not found.is_proposed_by_new:
        arrival = ArrivalForm(request.POST if confirms else None, transfer=found)
    refusal_form = RefusalForm(request.POST if refuses else None)
    try:
        if confirms and (arrival is None or arrival.is_valid()):
            confirm_transfer(transfer=found, by=request.user, **(arrival.cleaned_data if arrival else {}))
            messages.success(request, _("The move was confirmed."))
            return redirect("transfer_answer", found.pk)
        if refuses and refusal_form.is_valid():
            refuse_transfer(transfer=found, by=request.user, reason=refusal_form.cleaned_data["reason"])
            messages.success(request, _("The move was refused."))
            return redirect("transfer_answer", found.pk)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("transfer_answer", found.pk)
    job = found.employment
    audit.saw(Event.SAW_PERSON, by=request.user, subject=job.person, institution=job.institution)
    return render(
        request,
        "schools/transfer.html",
        {
            "transfer": found,
            "employment": job,
            "is_mine": is_mine,
            "hanging": _hanging(request, found),
            "arrival": arrival,
            "refusal_form": refusal_form,
            "can_withdraw": found.state == TransferState.PROPOSED and can_withdraw(request.user, found),
        },
    )


@require_POST
@acts_once
def transfer_withdraw(request: Request, pk: int) -> HttpResponse:
    """The institution that proposed the move takes it back."""
    found = _visible(request, pk)
    try:
        withdraw_transfer(transfer=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The proposal was withdrawn."))
    return redirect("transfer_answer", found.pk)


def _hanging(request: Request, transfer: Transfer) -> list[Hanging]:
    """What the move will touch in the old institution, for its own people."""
    job = transfer.employment
    if transfer.state != TransferState.PROPOSED or job.institution_id not in request.user.scope.kept:
        return []
    return what_hangs(job, transfer.moves_on - DAY)


def _visible(request: Request, pk: int) -> Transfer:
    related = ("employment__person", "employment__institution", "institution", "association", "answered_by", "became")
    return get_object_or_404(Transfer.objects.visible_to(request.user).select_related(*related, "proposed_by"), pk=pk)
