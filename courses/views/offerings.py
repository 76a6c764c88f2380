"""What providers offer a district: the list, one course, and the import of a whole plan-schedule from Excel."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.exports import as_download, table_file
from courses.models import Offering, Seat
from courses.offerings import actions
from courses.offerings.access import can_enter, can_mark_all, can_read_override, districts_seen
from courses.offerings.attendance import not_open
from courses.offerings.forms import CancelForm, OfferingForm, PlanFilterForm
from courses.offerings.importing import COLUMNS, MOST_ROWS, PURPOSE, check, problems_of, typed
from courses.offerings.papers import blank_workbook, offerings_pdf, offerings_table, with_seats
from cpd import imports
from cpd.forms import WorkbookForm
from cpd.once import acts_once
from cpd.pdf import LANGUAGE
from cpd.sheets import read_sheet
from schools.approval import Refused
from schools.http import Request, seen_in
from schools.models import District

ON_A_PAGE = 40
PROBLEMS_SHOWN = 100
TYPED_STAYS = gettext_lazy("Below is what you typed. If you save it, it takes the place of what is saved now.")


@require_safe
def offerings(request: Request, pk: int) -> HttpResponse:
    """The courses offered to one district in one school year."""
    district, form = _plan(request, pk)
    found = form.narrowed().select_related("provider", "subject")
    return render(
        request,
        "courses/offerings.html",
        {
            "district": district,
            "form": form,
            "year": form.year_shown,
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "may_enter": can_enter(request.user, district),
        },
    )


@require_safe
def offerings_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """The same as F07, without what was cancelled: "xlsx" or "pdf"."""
    with translation.override(LANGUAGE):
        district, form = _plan(request, pk)
        found = with_seats(form.narrowed().live(), by=request.user)
        table = offerings_table(district, form.year_shown, found, form.in_words(), in_days=kind == "xlsx")
        return table_file(table, kind, f"F07 {district.title_ky} {form.year_shown}", in_pdf=offerings_pdf)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def offering_new(request: Request, pk: int) -> HttpResponse:
    district = _entered(request, pk)
    form = OfferingForm(request.POST or None, district=district)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_offering(by=request.user, district=district, columns=form.columns())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The course was entered."))
            return redirect("offering", made.pk)
    return render(request, "courses/offering_edit.html", {"district": district, "form": form})


@require_safe
def offering(request: Request, pk: int) -> HttpResponse:
    """One offered course, with those of its places that the person may see."""
    found = _offering(request, pk)
    return _page(request, found, CancelForm() if _may_change(request, found) else None)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def offering_edit(request: Request, pk: int) -> HttpResponse:
    """Change an offered course; where somebody changed it meanwhile, what was typed stays in the form."""
    found = _offering(request, pk)
    if not can_enter(request.user, found.district):
        raise PermissionDenied
    if found.cancelled_at:
        messages.error(request, _("The course was cancelled."))
        return redirect("offering", pk)
    form = OfferingForm(request.POST or None, offering=found, district=found.district)
    seen = found.revision
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"by": request.user, "district": found.district}
        try:
            actions.save_offering(**who, columns=form.columns(), offering=found, seen=seen_in(request))
        except Refused as refusal:
            messages.error(request, refusal.message)
            messages.info(request, TYPED_STAYS)
        else:
            messages.success(request, _("Saved."))
            return redirect("offering", pk)
    elif request.method == "POST":
        seen = seen_in(request)
    context = {"district": found.district, "form": form, "offering": found, "seen": seen}
    return render(request, "courses/offering_edit.html", context)


@require_POST
@acts_once
def offering_cancel(request: Request, pk: int) -> HttpResponse:
    """Say with a reason that the course does not take place."""
    found = _offering(request, pk)
    if not can_enter(request.user, found.district):
        raise PermissionDenied
    form = CancelForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _page(request, found, form)
    try:
        actions.cancel_offering(
            offering=found, by=request.user, seen=seen_in(request), reason=form.cleaned_data["reason"]
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The course was cancelled."))
    return redirect("offering", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def offering_import(request: Request, pk: int) -> HttpResponse:
    """A plan-schedule in Excel: read and kept to be looked at, or everything that is wrong with it.

    No form that acts once: a copy that comes again is one more file to look at, and changes nothing.
    """
    district = _entered(request, pk)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    context: dict[str, Any] = {"district": district, "form": form, "most_rows": MOST_ROWS, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        sheet = read_sheet(form.cleaned_data["file"].read(), COLUMNS, most_rows=MOST_ROWS)
        if not sheet.problems:
            kept = imports.keep(request.user, PURPOSE, district.pk, typed(sheet))
            return redirect("offering_import_check", district.pk, kept.pk)
        context |= {"problems": problems_of(sheet, district), "most_shown": PROBLEMS_SHOWN}
    return render(request, "courses/offering_import.html", context)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def offering_import_check(request: Request, pk: int, pending: int) -> HttpResponse:
    """All rows of a file as they will be, each problem beside its row; taken whole or not at all."""
    district = _entered(request, pk)
    found = imports.pending(request.user, PURPOSE, district.pk).filter(pk=pending).first()
    if found is None:
        messages.info(request, imports.GONE)
        return redirect("offerings", district.pk)
    if request.method == "POST":
        try:
            taken = actions.take_import(pending=found, by=request.user, district=district, choices=request.POST)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            _tell(request, taken)
            return redirect("offerings", district.pk)
    preview = check(found.rows, district)
    return render(
        request,
        "courses/offering_import_check.html",
        {
            "district": district,
            "pending": found,
            "read": found.rows,
            "preview": preview,
            "unknown": [(one, request.POST.get(one.field, "")) for one in preview.unknown],
            "new": actions.NEW,
            "most_shown": PROBLEMS_SHOWN,
        },
    )


@require_safe
def offering_blank(request: Request, pk: int) -> HttpResponse:
    """The workbook that a provider fills in."""
    district = _entered(request, pk)
    with translation.override(LANGUAGE):
        return as_download(blank_workbook(district), _("Plan-schedule of courses"))


def _plan(request: Request, pk: int) -> tuple[District, PlanFilterForm]:
    district = get_object_or_404(districts_seen(request.user), pk=pk)
    visible = Offering.objects.visible_to(request.user).filter(district=district)
    return district, PlanFilterForm(request.GET, offerings=visible)


def _entered(request: Request, pk: int) -> District:
    """A district into whose plan-schedule the person may write."""
    district = get_object_or_404(districts_seen(request.user), pk=pk)
    if not can_enter(request.user, district):
        raise PermissionDenied
    return district


def _offering(request: Request, pk: int) -> Offering:
    related = ("district", "provider", "programme", "subject", "entered_by", "cancelled_by")
    return get_object_or_404(Offering.objects.visible_to(request.user).select_related(*related), pk=pk)


def _may_change(request: Request, found: Offering) -> bool:
    return can_enter(request.user, found.district) and not found.cancelled_at


def _page(request: Request, found: Offering, form: CancelForm | None) -> HttpResponse:
    seats = Seat.objects.visible_to(request.user).filter(offering=found).with_people()
    return render(
        request,
        "courses/offering.html",
        {
            "offering": found,
            "seats": seats.order_by(F("taken_back_at").asc(nulls_first=True), "pk"),
            "may_change": _may_change(request, found),
            "may_read_override": can_read_override(request.user, found.district_id),
            "may_mark": can_mark_all(request.user, found) and not not_open(found),
            "form": form,
        },
    )


def _tell(request: Request, taken: actions.Taken) -> None:
    entered = ngettext("%(count)s course was entered.", "%(count)s courses were entered.", taken.entered)
    messages.success(request, entered % {"count": taken.entered})
    if taken.skipped:
        skipped = ngettext(
            "%(count)s row was left out: its course is there already.",
            "%(count)s rows were left out: their courses are there already.",
            taken.skipped,
        )
        messages.info(request, skipped % {"count": taken.skipped})
