"""Places in an offered course: the queue and giving, a school's places, naming a teacher, taking back."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BigIntegerField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Offering, Seat
from courses.offerings import seats as actions
from courses.offerings.access import can_give, can_mark, can_name, can_read_override, can_read_places
from courses.offerings.attendance import not_open
from courses.offerings.need import Line, queue
from courses.offerings.seat_forms import GiveForm, SchoolFilterForm, SchoolPlacesForm, TakeBackForm
from cpd.dates import today
from cpd.once import acts_once
from schools.approval import Refused
from schools.http import Request, seen_in, ticked
from schools.models import Institution

ON_A_PAGE = 40
NAMES_TOLD = 5  # of those who are passed over


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def offering_queue(request: Request, pk: int) -> HttpResponse:
    """Who stands in line for the places of a course, why, and giving them."""
    offering = _given_by(request, pk)
    if offering.cancelled_at or today() > offering.ends_on:
        messages.info(request, _("The course was cancelled.") if offering.cancelled_at else _("The course is over."))
        return redirect("offering", pk)
    if request.method != "POST":
        return _queue_page(request, offering, queue(offering, today()))
    if "places" in request.POST:
        return _give_to_school(request, offering)
    return _give_to_teachers(request, offering)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def seat_take_back(request: Request, pk: int) -> HttpResponse:
    """Free a place that was given, with a reason."""
    seat = _seat(request, pk)
    if not can_give(request.user, seat.offering):
        raise PermissionDenied
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back(seat=seat, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The place is free again."))
        return redirect("offering", seat.offering_id)
    context = {"seat": seat, "offering": seat.offering, "form": form}
    return render(request, "courses/seat_take_back.html", context, status=422 if form.is_bound else 200)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def seat_name(request: Request, pk: int) -> HttpResponse:
    """The school says whom it sends to a place it was given."""
    seat = _seat(request, pk)
    if not can_name(request.user, seat):
        raise PermissionDenied
    if request.method == "POST":
        return _name(request, seat)
    if seat.taken_back_at or seat.attended is not None:
        messages.info(request, actions.what_happened(seat))
        return redirect("school_places", seat.institution_id)
    lines = queue(seat.offering, today(), seat.institution)
    return render(request, "courses/seat_name.html", {"seat": seat, "offering": seat.offering, "lines": lines})


@require_safe
def school_places(request: Request, pk: int) -> HttpResponse:
    """The places a school was given, the latest course first, with what became of each."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)
    if not can_read_places(request.user, found):
        raise PermissionDenied
    seats = Seat.objects.visible_to(request.user).filter(institution=found).with_people()
    in_order = seats.select_related("offering__provider").order_by("-offering__starts_on", "offering", "pk")
    page = Paginator(in_order, ON_A_PAGE).get_page(request.GET.get("page"))
    to_mark = {seat.offering_id for seat in page if _is_markable(request, seat)}
    context = {
        "institution": found,
        "page": page,
        "to_mark": to_mark,
        "may_read_override": can_read_override(request.user, found.district_id),
    }
    return render(request, "courses/school_places.html", context)


def _is_markable(request: Request, seat: Seat) -> bool:
    is_held = seat.employment_id is not None and seat.taken_back_at is None
    return is_held and can_mark(request.user, seat) and not not_open(seat.offering)


def _given_by(request: Request, pk: int) -> Offering:
    visible = Offering.objects.visible_to(request.user).select_related("district", "provider", "subject")
    found = get_object_or_404(visible, pk=pk)
    if not can_give(request.user, found):
        raise PermissionDenied
    return found


def _seat(request: Request, pk: int) -> Seat:
    visible = Seat.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible.select_related("offering__provider", "offering__district"), pk=pk)


def _give_to_teachers(request: Request, offering: Offering) -> HttpResponse:
    chosen = ticked(request, "teacher")
    form = GiveForm(request.POST, auto_id="teachers-%s")
    if not form.is_valid():
        return _queue_page(request, offering, queue(offering, today()), chosen=chosen, reason=form)
    try:
        given = actions.give_seats(
            offering=offering,
            by=request.user,
            seen=seen_in(request),
            chosen=chosen,
            override_reason=form.cleaned_data["reason"],
        )
    except actions.LeavesQueue as refusal:
        lines = queue(offering, today())
        _ask_why(form, refusal, lines)
        return _queue_page(request, offering, lines, chosen=chosen, reason=form)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(request.get_full_path())
    return _given(request, offering, len(given))


def _give_to_school(request: Request, offering: Offering) -> HttpResponse:
    lines = queue(offering, today())
    form = SchoolPlacesForm(request.POST, lines=lines, auto_id="school-%s")
    if not form.is_valid():
        return _queue_page(request, offering, lines, school=form)
    try:
        given = actions.give_to_school(
            offering=offering,
            by=request.user,
            seen=seen_in(request),
            institution=form.cleaned_data["school"],
            places=form.cleaned_data["places"],
            override_reason=form.cleaned_data["reason"],
        )
    except actions.LeavesQueue as refusal:
        _ask_why(form, refusal, lines)
        return _queue_page(request, offering, lines, school=form)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(request.get_full_path())
    return _given(request, offering, len(given))


def _given(request: Request, offering: Offering, places: int) -> HttpResponse:
    text = ngettext("Given: %(count)s place.", "Given: %(count)s places.", places)
    messages.success(request, text % {"count": places})
    return redirect("offering", offering.pk)


def _ask_why(form: forms.Form, refusal: actions.LeavesQueue, lines: list[Line]) -> None:
    """Tell beside the field who would be passed over."""
    names = [str(line.job.person) for line in lines if line.job.pk in refusal.passed]
    told = ", ".join(names[:NAMES_TOLD]) + (" …" if len(names) > NAMES_TOLD else "")
    form.add_error("reason", _("These stand before and get no place: %(names)s. Say why.") % {"names": told})


def _queue_page(
    request: Request,
    offering: Offering,
    lines: list[Line],
    *,
    chosen: Mapping[int, int] | None = None,
    reason: forms.Form | None = None,
    school: forms.Form | None = None,
) -> HttpResponse:
    """The queue. The first in line are ticked for as many places as are left, unless something was chosen already."""
    chosen_now: Collection[int] = {line.job.pk for line in lines[: offering.left]} if chosen is None else chosen
    narrowing = SchoolFilterForm(request.GET, lines=lines)
    of_school = narrowing.chosen
    rows = [
        (place, line, line.job.pk in chosen_now)
        for place, line in enumerate(lines, start=1)
        if of_school in (None, line.job.institution_id)
    ]
    page = Paginator(rows, max(ON_A_PAGE, offering.left)).get_page(request.GET.get("page"))
    if reason or school:
        messages.error(request, _("Correct the errors below."))
    context: dict[str, Any] = {
        "offering": offering,
        "page": page,
        "filter": narrowing,
        "reason_form": reason or GiveForm(auto_id="teachers-%s"),
        "school_form": school or SchoolPlacesForm(lines=lines, auto_id="school-%s"),
        "school_is_open": school is not None,
    }
    return render(request, "courses/offering_queue.html", context, status=422 if reason or school else 200)


def _name(request: Request, seat: Seat) -> HttpResponse:
    lines = queue(seat.offering, today(), seat.institution)
    line = next((line for line in lines if str(line.job.pk) == request.POST.get("employment")), None)
    if line is None:
        messages.error(request, _("Choose a teacher from the list."))
        return redirect("seat_name", seat.pk)
    try:
        actions.name_teacher(seat=seat, by=request.user, employment=line.job, seen=_seen_employment(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Named: %(name)s.") % {"name": line.job.person})
    return redirect("school_places", seat.institution_id)


def _seen_employment(request: Request) -> int | None:
    """Who was named when the page was shown; our own form always says it."""
    text = request.POST.get("seen", "")
    if text and not (text.isdecimal() and int(text) <= BigIntegerField.MAX_BIGINT):
        raise BadRequest("not a key")
    return int(text) if text else None
