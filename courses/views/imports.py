"""Imports of a whole school or district: a workbook is uploaded, looked at row by row, applied, and can be undone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.choices import ImportState, Verdict
from courses.exports import as_download
from courses.importing.filters import RowFilter, TemplateForm
from courses.importing.jobs import ask_to_apply, ask_to_undo, number_of, take_in, waits_in_vain
from courses.importing.report import report_workbook
from courses.importing.template import template_workbook
from courses.importing.undoing import later_import
from courses.importing.words import is_of_undoing
from courses.models import WorkbookImport
from cpd.forms import WorkbookForm
from cpd.once import acts_once
from cpd.pdf import LANGUAGE
from cpd.sheets import Fault
from cpd.uploads import MOST_BYTES
from schools import audit
from schools.access import can_import, imports_anywhere
from schools.approval import Refused
from schools.choices import Event
from schools.http import Request
from schools.models import District, Institution

ON_A_PAGE = 50
LATELY = 20  # former imports listed
MIB = 1 << 20


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def school_import(request: Request, pk: int) -> HttpResponse:
    """A workbook for one institution."""
    return _upload(request, get_object_or_404(Institution.objects.visible_to(request.user), pk=pk))


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def district_import(request: Request, pk: int) -> HttpResponse:
    """A workbook for all institutions of a district."""
    return _upload(request, get_object_or_404(District.objects.visible_to(request.user), pk=pk))


@require_safe
def import_template(request: Request) -> HttpResponse:
    """The workbook to fill in; for one institution or district its lists name what is there."""
    if not imports_anywhere(request.user):
        raise PermissionDenied
    form = TemplateForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404
    with translation.override(LANGUAGE):
        return as_download(template_workbook(form.place), _("Institutions, staff and past courses"))


@require_safe
def workbook_import(request: Request, pk: int) -> HttpResponse:
    """How far an import is; once it was read, what becomes of each row and why."""
    return _page(request, _visible(request, pk))


@require_POST
@acts_once
def import_apply(request: Request, pk: int) -> HttpResponse:
    """Let the import be applied in the background."""
    found = _imported(request, pk)
    try:
        ask_to_apply(found, by=request.user, leaves_out_refused="leave_out" in request.POST)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("workbook_import", pk)


@require_POST
@acts_once
def import_undo(request: Request, pk: int) -> HttpResponse:
    """Let the last import of a place be taken back in the background."""
    found = _imported(request, pk)
    try:
        ask_to_undo(found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("workbook_import", pk)


@require_safe
def import_report(request: Request, pk: int) -> HttpResponse:
    """Every row as typed, what becomes of it and why, as a workbook."""
    found = _visible(request, pk)
    if found.is_under_way:
        messages.info(request, _("The import is under way: wait until it is done."))
        return redirect("workbook_import", pk)
    audit.saw(
        Event.TOOK_TABLE,
        by=request.user,
        institution=found.institution_id,
        district=found.district_id,
        what=_("Report of the import: %(file)s") % {"file": found},
    )
    content = report_workbook(found, shows_numbers=_sees_numbers(request, found))
    return as_download(content, _("Report of the import"))


def _upload(request: Request, place: Institution | District) -> HttpResponse:
    if not can_import(request.user, place):
        raise PermissionDenied
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if fault := _fault_of(file.size):
            form.add_error("file", fault)
        else:
            taken = take_in(place, name=file.name, data=file.read(), by=request.user)
            return redirect("workbook_import", taken.pk)
    where: dict[str, Any] = {"district": place} if isinstance(place, District) else {"institution": place}
    former = WorkbookImport.objects.visible_to(request.user).filter(**where)
    return render(
        request,
        "courses/imports.html",
        {
            "place": place,
            "is_district": isinstance(place, District),
            "form": form,
            "former": former.select_related("by", "applied_by", "undone_by").defer("data")[:LATELY],
        },
    )


def _fault_of(size: int) -> str:
    if not size:
        return str(Fault.EMPTY.label)
    return str(Fault.TOO_LARGE.label) % {"size": MOST_BYTES // MIB} if size > MOST_BYTES else ""


def _page(request: Request, found: WorkbookImport) -> HttpResponse:
    rows = RowFilter(request.GET, queryset=found.rows.order_by("pk"))
    page = Paginator(rows.qs, ON_A_PAGE).get_page(request.GET.get("page"))
    is_applied = found.state == ImportState.APPLIED
    shows_rows = bool(found.counts) and not found.is_under_way  # a page that looks again and again asks for no write
    if shows_rows and page.object_list:
        audit.saw(
            Event.TOOK_TABLE,
            by=request.user,
            institution=found.institution_id,
            district=found.district_id,
            what=_("Rows of the import: %(file)s") % {"file": found},
        )
    return render(
        request,
        "courses/import.html",
        {
            "workbook": found,
            "verdicts": list(Verdict),
            "filter": rows,
            "page": page,
            "shows_rows": shows_rows,
            "sees_numbers": _sees_numbers(request, found),
            "refused": number_of(found, Verdict.REFUSED),
            "to_apply": number_of(found, Verdict.NEW, Verdict.CHANGED),
            "later": later_import(found) if is_applied else None,
            "is_kept": found.rows.exists() if is_applied else True,
            "waits_in_vain": waits_in_vain(found),
            "problems": [problem for problem in found.problems if not is_of_undoing(problem)],
            "of_undoing": [problem for problem in found.problems if is_of_undoing(problem)],
        },
    )


def _visible(request: Request, pk: int) -> WorkbookImport:
    related = ("institution", "district", "by", "applied_by", "undone_by")
    imports = WorkbookImport.objects.visible_to(request.user).select_related(*related).defer("data")
    return get_object_or_404(imports, pk=pk)


def _sees_numbers(request: Request, workbook: WorkbookImport) -> bool:
    """Personal numbers and birth dates: who typed them, and who keeps its staff (``can_see_numbers``)."""
    return workbook.by_id == request.user.person_id or workbook.institution_id in request.user.scope.kept


def _imported(request: Request, pk: int) -> WorkbookImport:
    """An import that the person may apply or undo."""
    found = _visible(request, pk)
    if not can_import(request.user, found.place):
        raise PermissionDenied
    return found
