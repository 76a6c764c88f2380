"""When a school can spare its teachers: exam weeks, leave, how many may be away at once.

A district keeps exam weeks and leave for all its schools; its periods and the country's are shown to each of them.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.access import can_keep_calendar, can_keep_district_calendar, can_read_calendar
from courses.calendar_forms import LimitForm, PeriodForm, SchoolPeriodForm
from courses.models import AwayLimit, CalendarPeriod
from courses.schedules.limits import set_limit
from cpd.dates import school_year, school_year_of, today
from cpd.once import acts_once
from schools.http import Request
from schools.models import District, Institution

Forms = dict[str, Any]


@require_safe
def school_calendar(request: Request, pk: int) -> HttpResponse:
    """The calendar of a school, with a form for each list where the reader keeps it."""
    return _school_page(request, _school(request, pk))


@require_POST
@acts_once
def period_new(request: Request, pk: int) -> HttpResponse:
    """Days on which a course is not welcome in the school, for everybody or for one of its people."""
    found = _school_kept(request, pk)
    kept = CalendarPeriod(institution=found, entered_by=request.user.person)
    form = SchoolPeriodForm(request.POST, instance=kept, prefix="period")
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _school_page(request, found, period_form=form)
    form.save()
    messages.success(request, _("The days were entered."))
    return redirect("school_calendar", found.pk)


@require_POST
@acts_once
def period_remove(request: Request, pk: int) -> HttpResponse:
    """A period is a setting: one that is removed leaves nothing behind."""
    visible = CalendarPeriod.objects.visible_to(request.user).select_related("institution", "district")
    period = get_object_or_404(visible, pk=pk)
    school, district = period.institution, period.district
    is_kept = (school and can_keep_calendar(request.user, school)) or (
        district and can_keep_district_calendar(request.user, district)
    )
    if not is_kept:
        raise PermissionDenied
    period.delete()
    messages.success(request, _("The days were removed."))
    return redirect("school_calendar", school.pk) if school else redirect("district_calendar", period.district_id)


@require_POST
@acts_once
def limit_new(request: Request, pk: int) -> HttpResponse:
    """What share of the teachers may be away at once, from a day on."""
    found = _school_kept(request, pk)
    form = LimitForm(request.POST, instance=AwayLimit(institution=found), prefix="limit")
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _school_page(request, found, limit_form=form)
    set_limit(by=request.user, institution=found, **form.cleaned_data)
    messages.success(request, _("The limit was saved."))
    return redirect("school_calendar", found.pk)


@require_safe
def district_calendar(request: Request, pk: int) -> HttpResponse:
    """The periods that a district sets for all its schools."""
    return _district_page(request, get_object_or_404(District.objects.visible_to(request.user), pk=pk))


@require_POST
@acts_once
def district_period_new(request: Request, pk: int) -> HttpResponse:
    """Days on which a course is not welcome in any school of the district."""
    found = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_keep_district_calendar(request.user, found):
        raise PermissionDenied
    kept = CalendarPeriod(district=found, entered_by=request.user.person)
    form = PeriodForm(request.POST, instance=kept, prefix="period")
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _district_page(request, found, period_form=form)
    form.save()
    messages.success(request, _("The days were entered."))
    return redirect("district_calendar", found.pk)


# Both pages -------------------------------------------------------------------------------------------------------


def _school(request: Request, pk: int) -> Institution:
    found = get_object_or_404(Institution.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not can_read_calendar(request.user, found):
        raise PermissionDenied
    return found


def _school_kept(request: Request, pk: int) -> Institution:
    found = _school(request, pk)
    if not can_keep_calendar(request.user, found):
        raise PermissionDenied
    return found


def _school_page(request: Request, found: Institution, **tried: Any) -> HttpResponse:
    """The page; ``tried`` are the forms that somebody has filled in wrong."""
    is_kept = can_keep_calendar(request.user, found)
    now, before = _periods(CalendarPeriod.objects.known_in(found))
    return render(
        request,
        "courses/school_calendar.html",
        {
            "institution": found,
            "is_kept": is_kept,
            "removable": {period.pk for period in now if is_kept and period.institution_id == found.pk},
            "everybody": [period for period in now if period.employment is None],
            "single": [period for period in now if period.employment],
            "before": before,
            "limits": AwayLimit.objects.known_in(found).select_related("district", "institution"),
        }
        | (_school_forms(found) | tried if is_kept else {}),
    )


def _school_forms(found: Institution) -> Forms:
    return {
        "period_form": SchoolPeriodForm(instance=CalendarPeriod(institution=found), prefix="period"),
        "limit_form": LimitForm(instance=AwayLimit(institution=found), prefix="limit"),
    }


def _district_page(request: Request, found: District, **tried: Any) -> HttpResponse:
    is_kept = can_keep_district_calendar(request.user, found)
    known = CalendarPeriod.objects.filter(institution=None, district=found)
    country = CalendarPeriod.objects.filter(institution=None, district=None)
    now, before = _periods(known | country)
    forms = {"period_form": PeriodForm(instance=CalendarPeriod(district=found), prefix="period")}
    return render(
        request,
        "courses/district_calendar.html",
        {
            "district": found,
            "is_kept": is_kept,
            "removable": {period.pk for period in now if is_kept and period.district_id == found.pk},
            "everybody": now,
            "before": before,
        }
        | (forms | tried if is_kept else {}),
    )


def _periods(known: QuerySet[CalendarPeriod, Any]) -> tuple[list[CalendarPeriod], list[CalendarPeriod]]:
    """Those of this school year and later, and those before it, the newest of them first."""
    since = school_year(school_year_of(today())).starts_on
    rows = list(known.select_related("employment__person", "institution", "district").order_by(F("starts_on"), "pk"))
    before = [period for period in rows if period.ends_on < since]
    return [period for period in rows if period.ends_on >= since], before[::-1]
