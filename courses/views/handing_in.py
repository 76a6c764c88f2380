"""The register of handed-in documents, for who reads the institution's papers; who keeps them enters the days."""

import datetime as dt
from collections.abc import Collection

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses.access import can_keep_register, can_read_register
from courses.exports import Table, table_file
from courses.handing_in import documents_of, enter_day, lines, register_pdf, register_table
from courses.handing_in_forms import HandedInForm, RegisterForm
from cpd.dates import Period, today
from cpd.once import acts_once
from cpd.pdf import paper_language
from schools import audit
from schools.choices import Event
from schools.http import Request, ticked
from schools.kinds import WAYS
from schools.models import Institution, MethodicalAssociation
from schools.wording import words_of

ON_A_PAGE = 30
LEFT = ("day", "row")  # in the address: what was refused


@require_safe
def document_register(request: Request, pk: int) -> HttpResponse:
    """Which documents of the institution's people came to the personnel department, and which did not.

    The address names the day and the rows that were refused just now, so that nothing is ticked or typed again.
    """
    ticks = request.GET.getlist("row")
    return _page(request, _read(request, pk), HandedInForm.shown(request.GET.get("day")), ticks=ticks)


@require_safe
def document_register_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """The same as a file: "xlsx", or "pdf" as form F28."""
    found = _read(request, pk)
    with translation.override(paper_language(words_of(found))):
        form, departments = _asked(request, found)
        rows = lines(form.narrowed(documents_of(request.user, found)), departments)
        table = register_table(found, rows, form.in_words())
    if not form.is_valid():
        return redirect(reverse("document_register", args=[pk], query=request.GET))  # its fields say why

    def on_paper(table: Table) -> bytes:
        return register_pdf(table, found)

    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found, what=table.title)
    return table_file(table, kind, f"F28 {found.title_ky} {today()}", in_pdf=on_paper)


@require_POST
@acts_once
def document_register_enter(request: Request, pk: int) -> HttpResponse:
    """Enter the day for the ticked rows, or for the one row whose button was pressed; or take it out again."""
    found = _read(request, pk)
    if not can_keep_register(request.user, found):
        raise PermissionDenied
    rows = ticked(request, "one" if "one" in request.POST else "record")
    seen = {record: _day(number) for record, number in rows.items()}
    form = HandedInForm(request.POST)
    is_emptied = request.POST.get("then") == "empty"
    if not is_emptied and not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _page(request, found, form, ticks=[str(record) for record in seen], status=422)
    if not seen:
        messages.error(request, _("Tick at least one document."))
        return _page(request, found, form, status=422)
    done = enter_day(by=request.user, institution=found, seen=seen, day=None if is_emptied else form.chosen)
    for refused in done.refused:
        messages.error(request, refused)
    if done.count:
        messages.success(request, _told(done.count, is_emptied=is_emptied))
    query = request.GET.copy()
    for name in LEFT:
        query.pop(name, None)
    if done.left:
        query["day"] = request.POST.get("day", "")
        query.setlist("row", [str(record) for record in done.left])
    return redirect(reverse("document_register", args=[pk], query=query))


def _told(count: int, *, is_emptied: bool) -> str:
    if is_emptied:
        text = ngettext(
            "The day was taken out: %(count)s document.", "The day was taken out: %(count)s documents.", count
        )
    else:
        text = ngettext("Entered: %(count)s document.", "Entered: %(count)s documents.", count)
    return text % {"count": count}


def _read(request: Request, pk: int) -> Institution:
    """An institution whose register this person reads; where its kind keeps none, there is no such page."""
    found = get_object_or_404(Institution.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not WAYS[found.kind].keeps_register:
        raise Http404
    if not can_read_register(request.user, found):
        raise PermissionDenied
    return found


def _page(
    request: Request,
    found: Institution,
    day_form: HandedInForm,
    *,
    ticks: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    form, departments = _asked(request, found)
    page = Paginator(form.narrowed(documents_of(request.user, found)), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = lines(page, departments)
    return render(
        request,
        "courses/document_register.html",
        {
            "institution": found,
            "form": form,
            "can_keep": can_keep_register(request.user, found),
            "day_form": day_form,
            "page": page,
            "lines": rows,
            "ticks": [line.record.pk for line in rows if str(line.record.pk) in ticks],
        },
        status=status,
    )


def _asked(request: Request, found: Institution) -> tuple[RegisterForm, dict[int, MethodicalAssociation]]:
    departments = {one.pk: one for one in MethodicalAssociation.objects.filter(institution=found)}
    ends = documents_of(request.user, found).order_by().aggregate(first=Min("ends_on"), last=Max("ends_on"))
    years = Period(ends["first"], ends["last"]).school_years if ends["first"] else []
    return RegisterForm(request.GET, departments=departments.values(), school_years=years), departments


def _day(number: int) -> dt.date | None:
    """The day that a form carries as a number; what is no day stood in no row of ours."""
    return dt.date.fromordinal(number) if 0 < number <= dt.date.max.toordinal() else None
