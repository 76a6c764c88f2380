"""Verification: the queue, one record beside its document, the decisions, and pairs of courses on the same days."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses import verification as machine
from courses.choices import WITHOUT_HOURS, Flag, HoursUnit, RecordAction, RecordStatus, RightBasis
from courses.filters import QueueFilter
from courses.models import ConfirmedPair, TrainingRecord
from courses.models.records import REASONED
from courses.scrutiny import flags_of, scrutiny_of, with_context, with_right
from courses.verifying_forms import HoursForm, PairForm, ReasonForm, RecognitionForm, with_ids_of_its_own
from cpd.once import acts_once
from schools import audit
from schools.approval import Refused
from schools.choices import Event
from schools.http import Request, seen_in, ticked

ON_A_PAGE = 30
TOLD = {  # the decisions of this page, and what is told of each
    RecordAction.VERIFY: RecordStatus.VERIFIED,
    RecordAction.RETURN: RecordStatus.RETURNED,
    RecordAction.REJECT: RecordStatus.REJECTED,
    RecordAction.REVERSE: RecordStatus.RETURNED,
}
OLDEST_FIRST = ("changed_at", "pk")


@require_safe
def verification(request: Request) -> HttpResponse:
    """What waits for this person's verification, the oldest first; where nothing is flagged, several at once."""
    waiting = with_context(TrainingRecord.objects.awaiting(request.user)).order_by(*OLDEST_FIRST)
    chosen = QueueFilter(request.GET, waiting, user=request.user)
    records: QuerySet[TrainingRecord] | Sequence[TrainingRecord] = chosen.qs
    if chosen.with_flags is not None:
        flags = flags_of(records)
        records = [record for record in records if bool(flags[record.pk]) == chosen.with_flags]
    page = Paginator(records, ON_A_PAGE).get_page(request.GET.get("page"))
    if chosen.with_flags is None:
        flags = flags_of(page)
    rows = [(record, flags[record.pk]) for record in page]
    return render(
        request,
        "courses/verification.html",
        {"filter": chosen, "page": page, "rows": rows, "has_unflagged": any(not raised for _record, raised in rows)},
    )


@require_safe
def verify(request: Request, pk: int) -> HttpResponse:
    """One record: the document beside what was typed, what is to be looked at, and the decision."""
    found = _decidable(request, pk)
    audit.saw(Event.SAW_RECORD, by=request.user, subject=found.person, institution=found.institution, what=found.title)
    return _page(request, found)


@require_POST
@acts_once
def verify_move(request: Request, pk: int, action: str) -> HttpResponse:
    """Verify, return, reject or reverse; then the next record in the queue."""
    if action not in TOLD:
        raise Http404
    found = _decidable(request, pk)
    form = with_ids_of_its_own(ReasonForm, action, request.POST)
    if action in REASONED and not form.is_valid():
        return _page(request, found, {action: form})
    reason = form.cleaned_data["reason"] if action in REASONED else ""
    try:
        machine.perform(found, RecordAction(action), by=request.user, seen=seen_in(request), reason=reason)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _back(request, pk)
    messages.success(request, f"{TOLD[RecordAction(action)].label}: {found.person}, «{found.title}».")
    if action == RecordAction.REVERSE:
        return redirect("verify", pk)
    return redirect("verify", found.next_pk) if found.next_pk else redirect("verification")


@require_POST
@acts_once
def verify_many(request: Request) -> HttpResponse:
    """Verify the ticked records, each by itself. Values are “ID:REVISION”; what must be looked at is left out."""
    seen = ticked(request, "record")
    # In one order for everybody: of two that verify the same records, the second waits for the first.
    waiting = TrainingRecord.objects.awaiting(request.user).filter(pk__in=seen).order_by("pk")
    records = list(with_context(waiting))
    flags = flags_of(records)
    done = 0
    for record in records:
        try:
            _verify_unflagged(record, flags[record.pk], request, seen[record.pk])
        except Refused as refusal:
            messages.error(request, f"{record.person}, “{record.title}”: {refusal.message}")
        else:
            done += 1
    if not seen:
        messages.error(request, _("Tick at least one record."))
    if gone := len(seen) - len(records):
        text = ngettext("%(count)s record no longer waits for you.", "%(count)s records no longer wait for you.", gone)
        messages.error(request, text % {"count": gone})
    if done:
        text = ngettext("Verified: %(count)s record.", "Verified: %(count)s records.", done) % {"count": done}
        messages.success(request, text)
    return redirect("verification")


@require_POST
@acts_once
def verify_hours(request: Request, pk: int) -> HttpResponse:
    """Enter the hours that the document speaks of in another unit."""
    found = _decidable(request, pk)
    form = with_ids_of_its_own(HoursForm, "hours", request.POST)
    if not form.is_valid():
        return _page(request, found, {"hours": form})
    act = partial(machine.perform, found, RecordAction.SET_HOURS, by=request.user, seen=seen_in(request))
    return _acted(request, pk, partial(act, **form.cleaned_data), _("The hours are entered."))


@require_POST
@acts_once
def verify_recognition(request: Request, pk: int) -> HttpResponse:
    """Enter the decision that recognises a short course."""
    found = _decidable(request, pk)
    form = with_ids_of_its_own(RecognitionForm, "recognition", request.POST)
    if not form.is_valid():
        return _page(request, found, {"recognition": form})
    act = partial(machine.perform, found, RecordAction.RECOGNISE, by=request.user, seen=seen_in(request))
    told = _("The decision of recognition is entered.")
    return _acted(request, pk, partial(act, reason=form.cleaned_data["decision"]), told)


@require_POST
@acts_once
def pair_confirm(request: Request, pk: int, other: int) -> HttpResponse:
    """Both courses are right, though their days overlap."""
    found = _decidable(request, pk)
    second = _other(request, pk, other)
    form = with_ids_of_its_own(PairForm, f"pair{other}", request.POST)
    if not form.is_valid():
        return _page(request, found, {f"pair{other}": form})
    seen = (seen_in(request), form.cleaned_data["other_seen"])
    act = partial(machine.confirm_pair, found, second, by=request.user, seen=seen, reason=form.cleaned_data["reason"])
    return _acted(request, pk, act, _("Noted: both courses are right."))


@require_POST
@acts_once
def pair_revoke(request: Request, pk: int, other: int) -> HttpResponse:
    """Take the confirmation of a pair back."""
    _decidable(request, pk)
    second = _other(request, pk, other)
    in_order = {"first": min(pk, second.pk), "second": max(pk, second.pk)}
    pair = get_object_or_404(ConfirmedPair.objects.select_related("first", "second"), revoked_at=None, **in_order)
    act = partial(machine.revoke_pair, pair, by=request.user)
    return _acted(request, pk, act, _("The confirmation was taken back."))


def _decidable(request: Request, pk: int) -> Any:
    """A record this person decides on, with all that its page shows; its owner and other readers are refused."""
    waiting = TrainingRecord.objects.awaiting(request.user).order_by(*OLDEST_FIRST)
    later = Q(changed_at__gt=OuterRef("changed_at")) | Q(changed_at=OuterRef("changed_at"), pk__gt=OuterRef("pk"))
    records = with_right(with_context(TrainingRecord.objects.visible_to(request.user)))
    found: Any = get_object_or_404(
        records.select_related("person", "institution", "provider", "programme", "file").annotate(
            is_decidable=Exists(TrainingRecord.objects.decided_by(request.user).filter(pk=OuterRef("pk"))),
            next_pk=Subquery(waiting.filter(later).values("pk")[:1]),
        ),
        pk=pk,
    )
    if found.person_id == request.user.person_id:
        raise PermissionDenied(_("You cannot verify your own record."))
    if not found.is_decidable:
        raise PermissionDenied
    return found


def _other(request: Request, pk: int, other: int) -> TrainingRecord:
    """The other record of a pair."""
    return get_object_or_404(TrainingRecord.objects.visible_to(request.user).exclude(pk=pk), pk=other)


def _page(request: Request, found: Any, wrong: dict[str, forms.Form] | None = None) -> HttpResponse:
    """The page of one record; ``wrong`` are the forms that were sent and need correction."""
    wrong = wrong or {}
    scrutiny = scrutiny_of(found, request.user)
    moves = machine.decisions_open_on(found, scrutiny.rule)
    pairs = [(other, wrong.get(f"pair{other.record.pk}") or _pair_form(other.record)) for other in scrutiny.others]
    return render(
        request,
        "courses/verify.html",
        {
            "record": found,
            "scrutiny": scrutiny,
            "others": pairs,
            "moves": moves,
            "Action": RecordAction,
            "Flag": Flag,
            "can_pair": found.status in machine.HANDED_IN,
            "lacking": machine.lacking_words(found),
            "hours_are_open": found.unit != HoursUnit.HOUR
            and found.approved_hours is None
            and found.kind not in WITHOUT_HOURS,
            "hours_form": wrong.get("hours") or with_ids_of_its_own(HoursForm, "hours"),
            "recognition_form": wrong.get("recognition")
            or with_ids_of_its_own(RecognitionForm, "recognition", decision=found.recognition),
            "reasons": [
                (action, wrong.get(action) or with_ids_of_its_own(ReasonForm, action), action in wrong)
                for action in moves
                if action in REASONED and action in TOLD
            ],
            "decisions": found.decisions.select_related("file").order_by("pk"),
            "right_basis": RightBasis(found.right_basis).label if found.right_basis else "",
            "pages": range(1, found.file.pages + 1) if found.file else [],
        },
    )


def _pair_form(other: TrainingRecord) -> forms.Form:
    return with_ids_of_its_own(PairForm, f"pair{other.pk}", other_seen=other.revision)


def _acted(request: Request, pk: int, act: Callable[[], object], told: str) -> HttpResponse:
    """Act, tell what came of it, and go back."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told)
    return _back(request, pk)


def _back(request: Request, pk: int) -> HttpResponse:
    """To the record, or to the queue where it went back to its owner meanwhile."""
    is_still_there = TrainingRecord.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("verify", pk) if is_still_there else redirect("verification")


def _verify_unflagged(record: TrainingRecord, flags: list[Flag], request: Request, seen: int) -> None:
    if flags:
        raise Refused(_("Look at it first: %(flags)s.") % {"flags": ", ".join(str(flag.label) for flag in flags)})
    machine.perform(record, RecordAction.VERIFY, by=request.user, seen=seen)
