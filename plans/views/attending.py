"""The attendance list of an offered course: marked by hand, or taken from the provider's Excel file.

It stands here and not with the courses because a course that was attended fulfils the item planned for it.
"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.models import Offering, Seat
from courses.offerings.access import can_mark_all
from courses.offerings.attendance import Mark, mark_attendance, not_open
from courses.offerings.attendance_import import COLUMNS, MOST_ROWS, PURPOSE, kept, lines_of, marks_of, match
from courses.offerings.seat_forms import MarkForm, mark_forms
from cpd import imports
from cpd.forms import WorkbookForm
from cpd.once import acts_once
from cpd.sheets import read_sheet
from plans.attended import fulfil_planned
from schools.approval import Refused
from schools.http import Request

PROBLEMS_SHOWN = 100
BY_NAME = ("institution", "employment__person__search_key", "pk")


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: Request, pk: int) -> HttpResponse:
    """Who attended: the district marks the whole list, a school its own people."""
    offering = _markable(request, pk)
    if told := not_open(offering):
        messages.info(request, told)
        return redirect("offering", pk)
    seats = list(_seats(request, offering))
    if request.method != "POST":
        return _page(request, offering, mark_forms(seats))
    lines = mark_forms(seats, request.POST)
    if not all(form.is_valid() for _seat, form in lines):
        messages.error(request, _("Correct the errors below."))
        return _page(request, offering, lines, status=422)
    _mark(request, offering, {seat.pk: form.mark() for seat, form in lines})
    return redirect("attendance", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def attendance_import(request: Request, pk: int) -> HttpResponse:
    """The provider's list in Excel: read and kept to be looked at, or everything that is wrong with it.

    No form that acts once: a copy that comes again is one more file to look at, and changes nothing.
    """
    offering = _imported(request, pk)
    if told := not_open(offering):
        messages.info(request, told)
        return redirect("offering", pk)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    context: dict[str, Any] = {"offering": offering, "form": form, "columns": COLUMNS, "most_rows": MOST_ROWS}
    if request.method == "POST" and form.is_valid():
        sheet = read_sheet(form.cleaned_data["file"].read(), COLUMNS, most_rows=MOST_ROWS)
        found = match(sheet, _seats(request, offering))
        if not found.problems:
            waiting = imports.keep(request.user, PURPOSE, offering.pk, kept(found.lines))
            return redirect("attendance_import_check", offering.pk, waiting.pk)
        context |= {"problems": found.problems, "most_shown": PROBLEMS_SHOWN}
    return render(request, "plans/attendance_import.html", context)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def attendance_import_check(request: Request, pk: int, pending: int) -> HttpResponse:
    """All rows of the list beside the places they mean; taken whole or not at all."""
    offering = _imported(request, pk)
    found = imports.pending(request.user, PURPOSE, offering.pk).filter(pk=pending).first()
    if found is None:
        messages.info(request, imports.GONE)
        return redirect("attendance", pk)
    if request.method == "POST":
        if _mark(request, offering, dict(marks_of(found.rows))):
            found.delete()
        return redirect("attendance", pk)
    lines = lines_of(found.rows, _seats(request, offering))
    new = sum(line.is_new or (line.brings_a_document and line.reaches_the_record) for line in lines)
    context = {"offering": offering, "lines": lines, "new": new}
    return render(request, "plans/attendance_import_check.html", context)


def _mark(request: Request, offering: Offering, marks: dict[int, Mark]) -> bool:
    """Mark, and tell what came of it."""
    fulfil = partial(fulfil_planned, by=request.user)
    try:
        came = mark_attendance(offering=offering, by=request.user, marks=marks, made=fulfil)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return False
    text = ngettext("Marked: %(count)s teacher.", "Marked: %(count)s teachers.", came.places)
    messages.success(request, text % {"count": came.places})
    if came.documents:
        text = ngettext(
            "Document written into %(count)s record.", "Documents written into %(count)s records.", came.documents
        )
        messages.success(request, text % {"count": came.documents})
    if came.kept_out:
        names = ", ".join(seat.employment.person.full_name for seat in came.kept_out if seat.employment)
        text = _("These records are their owners' by now and stay as they are: %(names)s.")
        messages.warning(request, text % {"names": names})
    return True


def _markable(request: Request, pk: int) -> Offering:
    """A course whose list the person marks, or a part of it."""
    found = _visible(request, pk)
    if not (can_mark_all(request.user, found) or _seats(request, found).exists()):
        raise PermissionDenied
    return found


def _imported(request: Request, pk: int) -> Offering:
    found = _visible(request, pk)
    if not can_mark_all(request.user, found):
        raise PermissionDenied
    return found


def _visible(request: Request, pk: int) -> Offering:
    visible = Offering.objects.visible_to(request.user).select_related("provider", "programme")
    return get_object_or_404(visible, pk=pk)


def _seats(request: Request, offering: Offering) -> Any:
    """The places the person marks: those with a teacher."""
    scope = request.user.scope
    mine = Q(offering__district__in=scope.districts) | Q(institution__in=scope.kept)
    seats = Seat.objects.visible_to(request.user).live().filter(mine, offering=offering, employment__isnull=False)
    return seats.with_people().select_related("attended_by", "record").order_by(*BY_NAME)


def _page(request: Request, offering: Offering, lines: list[tuple[Seat, MarkForm]], status: int = 200) -> HttpResponse:
    context = {"offering": offering, "lines": lines, "imports": can_mark_all(request.user, offering)}
    return render(request, "plans/attendance.html", context, status=status)
