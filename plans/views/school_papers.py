"""The school's own papers, drawn up from what is known and edited in plain text before printing (F10, F13)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd import held
from cpd.once import acts_once
from plans.access import visible_meetings
from plans.choices import PaperKind
from plans.models import SchoolPaper
from plans.school_papers import actions
from plans.school_papers.access import can_delete, can_extract, can_keep_papers
from plans.school_papers.forms import OrderForm, PaperForm, measure_forms, measures
from plans.school_papers.papers import paper_name, paper_pdf
from plans.school_papers.parts import PARTS
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.http import Request, seen_in
from schools.models import Institution

ON_A_PAGE = 30


@require_safe
def school_papers(request: Request, pk: int) -> HttpResponse:
    """The papers of one school, the newest first."""
    found = _school(request, pk)
    return _papers_page(request, found, OrderForm())


@require_POST
@acts_once
def school_paper_new(request: Request, pk: int) -> HttpResponse:
    """An order on CPD measures; an extract is made on the page of its meeting."""
    found = _school(request, pk)
    if request.POST.get("kind") != PaperKind.MEASURES_ORDER:
        raise Http404
    form = OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the school year."))
        return redirect("school_papers", found.pk)
    year = form.cleaned_data["school_year"]
    drawn_up = list(actions.orders_of(found, year))
    if drawn_up and not form.cleaned_data["is_another"]:
        return _papers_page(request, found, form, drawn_up=drawn_up)
    paper = actions.draw_up_order(by=request.user, institution=found, school_year=year)
    messages.success(request, _("The paper was drawn up. Read it through and change what is otherwise."))
    return redirect("school_paper_edit", paper.pk)


@require_POST
@acts_once
def minutes_extract(request: Request, pk: int) -> HttpResponse:
    """The extract of the minutes of one meeting: made at the first time, opened later."""
    visible = visible_meetings(request.user).select_related("association__institution", "recorded_by")
    meeting = get_object_or_404(visible, pk=pk)
    if not can_extract(request.user, meeting):
        raise PermissionDenied
    return redirect(actions.extract_of(by=request.user, meeting=meeting))


@require_safe
def school_paper(request: Request, pk: int) -> HttpResponse:
    """One paper as it will be printed."""
    found = _visible(request, pk)
    parts = [(part, found.text.get(part.name)) for part in PARTS[found.kind]]
    context = {"paper": found, "parts": parts, "can_delete": can_delete(request.user, found)}
    return render(request, "plans/school_paper.html", context)


@require_POST
@acts_once
def school_paper_delete(request: Request, pk: int) -> HttpResponse:
    """Take away a draft that was drawn up for nothing."""
    found = _visible(request, pk)
    try:
        actions.delete_paper(by=request.user, paper=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(found)
    messages.success(request, _("The draft was deleted."))
    return redirect("school_papers", found.institution_id)


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def school_paper_edit(request: Request, pk: int) -> HttpResponse:
    """The text of a paper. Whoever saves second is told, and loses nothing of what they typed."""
    found = _visible(request, pk)
    typed = held.typed(request)
    if typed is None:
        return _edit_page(request, found, PaperForm(instance=found), measure_forms(found))
    kept = _visible(request, pk)  # the form fills its own copy with what was typed
    form, rows = PaperForm(typed, instance=kept), measure_forms(found, typed)
    if request.method != "POST":
        return _edit_page(request, found, form, rows, seen=typed.get("seen", ""))
    seen = seen_in(request)
    if not all([form.is_valid(), rows is None or rows.is_valid()]):
        messages.error(request, _("Correct the errors below."))
        return _edit_page(request, found, form, rows, seen=seen)
    columns: dict[str, Any] = {name: form.cleaned_data[name] for name in ("number", "dated_on")}
    try:
        actions.save_paper(by=request.user, paper=found, seen=seen, text={**form.text(), **measures(rows)}, **columns)
    except ChangedMeanwhile:
        return _edit_page(request, found, form, rows, was_changed=True)
    messages.success(request, _("Saved."))
    return redirect("school_paper_edit", pk) if "more" in request.POST else redirect(found)


@require_safe
def school_paper_paper(request: Request, pk: int) -> HttpResponse:
    """The PDF: form F10 or F13."""
    found = _visible(request, pk)
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found.institution, what=found)
    answer = HttpResponse(paper_pdf(found), content_type="application/pdf")
    name = paper_name(found)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def _school(request: Request, pk: int) -> Institution:
    found = get_object_or_404(Institution.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not can_keep_papers(request.user, found):
        raise PermissionDenied
    return found


def _papers_page(
    request: Request, found: Institution, form: OrderForm, *, drawn_up: Sequence[SchoolPaper] = ()
) -> HttpResponse:
    """``drawn_up`` are the orders of the year for which somebody wants another one."""
    papers = SchoolPaper.objects.visible_to(request.user).filter(institution=found)
    page = Paginator(papers.select_related("changed_by"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"institution": found, "page": page, "order_form": form, "drawn_up": drawn_up}
    return render(request, "plans/school_papers.html", context)


def _visible(request: Request, pk: int) -> SchoolPaper:
    visible = SchoolPaper.objects.visible_to(request.user).select_related("institution__district", "changed_by")
    return get_object_or_404(visible, pk=pk)


def _edit_page(
    request: Request,
    found: SchoolPaper,
    form: PaperForm,
    rows: Any,
    *,
    seen: int | str | None = None,
    was_changed: bool = False,
) -> HttpResponse:
    return render(
        request,
        "plans/school_paper_edit.html",
        {
            "paper": found,
            "form": form,
            "measures": rows,
            "seen": found.revision if seen is None else seen,
            "was_changed": was_changed,
        },
    )
