"""Hours of many: the people of a school one by one, the schools of a district and the country's districts by totals.

Each page can be taken along as an Excel file and as a paper, which hold exactly what its filter shows. The country's
page may show figures of some minutes ago and says so; whatever is taken along is counted in that moment.
"""

import datetime as dt
from collections.abc import Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from courses import facts, rules
from courses.country import kept
from courses.exports import table_file
from courses.models import HoursPolicy
from courses.staff import Place, Totals, country, lines, oblasts, rules_applied, rules_by_code, schools
from courses.staff_filters import SchoolsForm, StaffForm
from courses.staff_tables import NOTE, districts_table, schools_table, staff_table
from courses.standing import CountsBy
from cpd.dates import today
from cpd.forms import DayForm
from cpd.pdf import LANGUAGE
from cpd.text import kyrgyz_order
from cpd.wording import speaking
from schools import audit
from schools.choices import Event
from schools.http import Request
from schools.models import District, Employment, Institution
from schools.wording import words_of

ON_A_PAGE = 40


@require_safe
def staff_hours(request: Request, pk: int) -> HttpResponse:
    """The people of one school by hours; the head of an association sees its own members."""
    found = _read(request, pk)
    asked, form, rules = _staff(request, found)
    people = form.sifted()
    return render(
        request,
        "courses/staff_hours.html",
        {
            "institution": found,
            "asked": asked,
            "on": asked.day,
            "is_today": asked.day == today(),
            "form": form,
            "totals": Totals.of(people),
            "counted_elsewhere": sum(not line.is_owner for line in people),
            "rules": rules,
            "page": Paginator(people, ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@require_safe
def staff_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """The same as a file: "xlsx" or "pdf"."""
    found = _read(request, pk)
    with speaking(words_of(found), LANGUAGE):
        asked, form, rules = _staff(request, found)
        table = staff_table(found, form.sifted(), asked.day, rules, form.in_words())
    if not (asked.is_valid() and form.is_valid()):
        return redirect(reverse("staff_hours", args=[pk], query=request.GET))  # its fields say why
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=found, what=table.title)
    return table_file(table, kind, f"{found.title_ky} {asked.day}")


@require_safe
def district_hours(request: Request, pk: int) -> HttpResponse:
    """The schools of one district by totals."""
    district, asked, form, totals, shown = _schools(request, pk)
    return render(
        request,
        "courses/district_hours.html",
        {
            "district": district,
            "asked": asked,
            "on": asked.day,
            "is_today": asked.day == today(),
            "form": form,
            "totals": totals,
            "note": NOTE,
            "page": Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@require_safe
def district_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """The same as a file."""
    with translation.override(LANGUAGE):
        district, asked, form, totals, shown = _schools(request, pk)
        table = schools_table(district, totals, shown, asked.day, form.in_words())
    if not (asked.is_valid() and form.is_valid()):
        return redirect(reverse("district_hours", args=[pk], query=request.GET))
    return table_file(table, kind, f"{district.title_ky} {asked.day}")


@require_safe
def country_hours(request: Request) -> HttpResponse:
    """The districts of the country by totals, oblast by oblast."""
    asked = _country(request)
    policies = facts.policies()
    before = kept(policies, asked.day)
    figures = before.found if before else _counted(request, asked.day, policies)
    totals, found = oblasts(figures, _districts(request))
    return render(
        request,
        "courses/country_hours.html",
        {
            "asked": asked,
            "on": asked.day,
            "is_today": asked.day == today(),
            "taken_at": before and before.taken_at,
            "totals": totals,
            "note": NOTE,
            "oblasts": found,
        },
    )


@require_safe
def country_file(request: Request, kind: str) -> HttpResponse:
    """The same as a file, counted now."""
    asked = _country(request)
    if not asked.is_valid():
        return redirect(reverse("country_hours", query=request.GET))
    totals, found = oblasts(_counted(request, asked.day, facts.policies()), _districts(request))
    with translation.override(LANGUAGE):
        table = districts_table(totals, found, asked.day)
    return table_file(table, kind, f"{table.sheet} {asked.day}")


def _read(request: Request, pk: int) -> Institution:
    return get_object_or_404(Institution.objects.visible_to(request.user).select_related("district"), pk=pk)


def _staff(request: Request, found: Institution) -> tuple[DayForm, StaffForm, list[HoursPolicy]]:
    """Whom the user oversees there today, as they stood, or will stand, on the day asked for."""
    asked, norms = DayForm(request.GET), rules_by_code()
    jobs = Employment.objects.overseen_by(request.user).teaching().on(asked.day).filter(institution=found)
    everybody = lines(jobs, asked.day, norms)
    return asked, StaffForm(request.GET, lines=everybody), rules_applied(everybody, norms)


def _schools(request: Request, pk: int) -> tuple[District, DayForm, SchoolsForm, Totals, list[Place[Institution]]]:
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    asked, form = DayForm(request.GET), SchoolsForm(request.GET)
    jobs = Employment.objects.overseen_by(request.user).teaching().on(asked.day)
    own = Institution.objects.filter(district=district).order_by(kyrgyz_order("title_ky"), "pk")
    totals, found = schools(jobs, form.narrowed(own), asked.day)
    return district, asked, form, totals, form.in_order(found)


def _country(request: Request) -> DayForm:
    if not request.user.scope.is_country_wide:
        raise Http404
    return DayForm(request.GET)


def _counted(request: Request, on: dt.date, policies: Sequence[rules.Policy]) -> CountsBy:
    return country(Employment.objects.overseen_by(request.user).teaching().on(on), on, policies)


def _districts(request: Request) -> QuerySet[District]:
    order = (kyrgyz_order("oblast__title_ky"), "oblast", kyrgyz_order("title_ky"), "pk")
    return District.objects.visible_to(request.user).select_related("oblast").order_by(*order)
