"""What the republican institute sees of needs: all districts summed up without small groups, and the orders issued."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from courses.exports import table_file
from courses.schedules.desk_forms import YearForm
from cpd.pdf import LANGUAGE
from plans.models import RequestLine, TrainingOrder
from plans.orders.country import Asked, Found, needs
from plans.orders.forms import CountryNeedsForm
from plans.orders.papers import country_table
from plans.orders.words import for_whom, left_out_words
from schools import audit
from schools.choices import Event
from schools.http import Request
from schools.models import Subject

ON_A_PAGE = 50


@require_safe
def country_needs(request: Request) -> HttpResponse:
    """The groups of the country, most teachers first."""
    years, form = _asked(request)
    asked = form.asked(years.asked)
    number, found = _page_of(asked, request.GET.get("page", ""))
    subjects = Subject.objects.in_bulk({line.subject for line in found.lines if line.subject})
    return render(
        request,
        "plans/country_needs.html",
        {
            "years": years,
            "year": years.asked,
            "smallest": settings.SMALLEST_GROUP,
            "form": form,
            "found": found,
            "lines": [
                (line, for_whom(str(subjects.get(line.subject or 0, "")), line.language)) for line in found.lines
            ],
            "left_out": left_out_words(found.left_out, found.left_out_teachers),
            "page": Paginator(range(found.count), ON_A_PAGE).get_page(number),
        },
    )


@require_safe
def country_needs_xlsx(request: Request) -> HttpResponse:
    """All lines asked for, for Excel."""
    with translation.override(LANGUAGE):
        years, form = _asked(request)
        if years.errors or form.errors:
            return redirect(reverse("country_needs", query=request.GET))  # its fields say why
        found = needs(form.asked(years.asked))
        subjects = dict(Subject.objects.values_list("pk", "title_ky"))
        table = country_table(found, years.asked, subjects, form.in_words())
        audit.saw(Event.TOOK_TABLE, by=request.user, what=table.title)
        return table_file(table, "xlsx", f"{table.title} {years.asked}")


@require_safe
def country_orders(request: Request) -> HttpResponse:
    """The orders that districts issued, the latest first."""
    _check(request)
    issued = TrainingOrder.objects.visible_to(request.user).issued().select_related("district", "replaced_by")
    page: Page[Any] = Paginator(issued.order_by("-issued_at", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/country_orders.html", {"page": page})


def _asked(request: Request) -> tuple[YearForm, CountryNeedsForm]:
    _check(request)
    known = RequestLine.objects.order_by().values_list("school_year", flat=True).distinct()
    return YearForm(request.GET, known=sorted(known, reverse=True)), CountryNeedsForm(request.GET)


def _check(request: Request) -> None:
    if not request.user.scope.is_country_wide:
        raise Http404


def _page_of(asked: Asked, text: str) -> tuple[int, Found]:
    """The lines of one page; of a page that is not there those of the first."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    found = needs(asked, first=(max(1, number) - 1) * ON_A_PAGE, most=ON_A_PAGE)
    if number > 1 and not found.lines:
        return 1, needs(asked, most=ON_A_PAGE)
    return number, found
