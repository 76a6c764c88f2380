"""What one learnt beside courses: noted in a line or two, with a list of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses import actions
from courses.access import can_edit
from courses.beside import lines_of, newest_first
from courses.beside_forms import BesideForm
from courses.models import TrainingRecord
from courses.models.records import TrainingRecordQuerySet
from cpd import held
from cpd.dates import today
from cpd.once import acts_once
from schools.approval import ChangedMeanwhile
from schools.http import Request, seen_in

ON_A_PAGE = 30


@require_safe
def beside(request: Request) -> HttpResponse:
    """All one noted of it, the last first."""
    page = Paginator(_own(request), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/beside.html", {"page": page, "lines": lines_of(page, today())})


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def beside_new(request: Request) -> HttpResponse:
    """Note what was learnt beside courses."""
    return _beside_form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def beside_edit(request: Request, pk: int) -> HttpResponse:
    """Correct such a note while nobody has it for verification. A course has the long form."""
    found = get_object_or_404(TrainingRecord.objects.visible_to(request.user).select_related("institution"), pk=pk)
    if found.person_id != request.user.person_id:
        raise PermissionDenied
    if not found.is_beside:
        return redirect("record_edit", pk)
    if not can_edit(request.user, found):
        state = found.get_status_display()
        messages.info(request, _("This is not possible now. Status: %(state)s.") % {"state": state})
        return redirect(found)
    return _beside_form(request, found)


def _beside_form(request: Request, record: TrainingRecord | None) -> HttpResponse:
    typed = held.typed(request)
    form = BesideForm(typed, user=request.user, instance=record)
    if request.method != "POST":
        return _page(request, form, record, seen=typed.get("seen") if typed else record and record.revision)
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _page(request, form, record, seen=request.POST.get("seen"), status=422)
    try:
        written = actions.save_record(
            by=request.user,
            record=record,
            seen=seen_in(request) if record else None,
            columns=form.columns(),
            file=record.file if record else None,
            submit=False,
        )
    except ChangedMeanwhile as refusal:
        return _both(request, form, refusal)
    messages.success(request, _("Saved."))
    return redirect(_place_of(request, written))


def _own(request: Request) -> TrainingRecordQuerySet:
    return newest_first(TrainingRecord.objects.own_of(request.user).beside_courses())


def _place_of(request: Request, record: TrainingRecord) -> str:
    """The line of the list in which it stands."""
    before = list(_own(request).values_list("pk", flat=True)).index(record.pk)
    return f"{reverse('beside')}?page={before // ON_A_PAGE + 1}#note-{record.pk}"


def _both(request: Request, form: BesideForm, refusal: ChangedMeanwhile) -> HttpResponse:
    """It was changed elsewhere: show what stands there beside what was typed, and write nothing."""
    stands = TrainingRecord.objects.own_of(request.user).filter(pk=form.instance.pk).first()
    if stands is None or not can_edit(request.user, stands):
        messages.error(request, refusal.message)
        return redirect(stands or "records")
    differences = form.differences(BesideForm(user=request.user, instance=stands))
    more = {"conflict": refusal.message, "differences": differences}
    return _page(request, form, stands, seen=stands.revision, status=409, **more)


def _page(
    request: Request, form: BesideForm, record: TrainingRecord | None, *, seen: Any, status: int = 200, **more: Any
) -> HttpResponse:
    return render(
        request,
        "courses/beside_edit.html",
        {"form": form, "record": record, "seen": seen or "", **more},
        status=status,
    )
