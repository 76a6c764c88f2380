"""The portfolio: the teacher's own alone. No role reads another one's; it is its owner who prints and shows it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cpd import held
from plans.portfolio import scans
from plans.portfolio.actions import save_choices
from plans.portfolio.facts import Portfolio, by_unit, portfolio_of
from plans.portfolio.forms import EntryForm
from plans.portfolio.paper import MOST_ENTRIES, portfolio_pdf
from schools.http import Request

ON_A_PAGE = 100  # each with two fields: far below what a form may hold (DATA_UPLOAD_MAX_NUMBER_FIELDS)


@require_safe
def portfolio(request: Request) -> HttpResponse:
    """Everything one has, the newest first, by the units of the standard; and the paper of what is ticked."""
    return _page(request, portfolio_of(request.user))


def portfolio_save(request: Request) -> HttpResponse:
    """Save what was changed. Needs no one-use token: the same choice saved twice is one choice."""
    typed = held.typed(request)
    if typed is None:
        return redirect("portfolio")
    found = portfolio_of(request.user)
    if request.method != "POST":
        return _page(request, found, typed=typed)
    forms = [form for form in _forms(found, typed) if form.was_sent]
    if not all(form.is_valid() for form in forms):
        messages.error(request, _("Correct the errors below."))
        return _page(request, found, typed=typed, status=422)
    was_changed = save_choices(by=request.user, choices=[form.choice for form in forms])
    messages.success(request, _("Saved.")) if was_changed else messages.info(request, _("Nothing was changed."))
    return redirect(f"{reverse('portfolio')}?page={_page_of(found, typed)}")


@require_safe
def portfolio_paper(request: Request) -> HttpResponse:
    """What is ticked as one PDF, with the scans behind where they were asked for."""
    paper = portfolio_pdf(request.user, with_scans="scans" in request.GET)
    answer = HttpResponse(paper, content_type="application/pdf")
    name = f"portfolio_{request.user.username}.pdf"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def _forms(found: Portfolio, typed: Any = None) -> list[EntryForm]:
    """One per entry. What the page that was sent did not show yet is shown as it stands."""
    forms = [EntryForm(typed, entry=entry, units=found.units) for entry in found.entries]
    return [
        form if typed is None or form.was_sent else EntryForm(entry=form.entry, units=found.units) for form in forms
    ]


def _page_of(found: Portfolio, typed: Any) -> int:
    """The page that was sent: that of the first entry it showed."""
    sent = (place for place, entry in enumerate(found.entries) if EntryForm(typed, entry=entry, units=()).was_sent)
    return next(sent, 0) // ON_A_PAGE + 1


def _page(request: Request, found: Portfolio, *, typed: Any = None, status: int = 200) -> HttpResponse:
    number = request.GET.get("page") if typed is None else _page_of(found, typed)
    page = Paginator(found.entries, ON_A_PAGE).get_page(number)
    forms = {form.entry.key: form for form in _forms(found, typed)}
    sections = [(unit, [forms[one.key] for one in entries]) for unit, entries in by_unit(found, list(page))]
    return render(
        request,
        "plans/portfolio.html",
        {
            "standard": found.standard,
            "page": page,
            "sections": [(unit, here) for unit, here in sections if here or not page.has_other_pages()],
            "entries": len(found.entries),
            "chosen": len(found.chosen),
            "scans": sum(entry.thing.file.pages for entry in found.chosen if entry.thing.file),
            "most_entries": MOST_ENTRIES,
            "most_pages": scans.MOST_PAGES,
            "most_megabytes": scans.MOST_BYTES >> 20,
        },
        status=status,
    )
