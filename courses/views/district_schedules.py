"""The desk of a district's education office: which schools sent their course schedules, and receiving them.

Opening, receiving and returning a single one stands on the schedule's own page.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from courses.exports import table_file
from courses.schedules.access import can_keep_desk, can_read_desk
from courses.schedules.desk import Desk, DeskState, Line, desk, oblasts, schools_with_subject, years_known
from courses.schedules.desk_actions import accept_schedules, remind_schools, set_deadline
from courses.schedules.desk_forms import DeadlineForm, DeskForm, YearForm
from courses.schedules.desk_tables import desk_table
from cpd.dates import school_year_label, short_date, today
from cpd.once import acts_once
from cpd.pdf import LANGUAGE
from schools.http import Request, ticked
from schools.models import District

ON_A_PAGE = 40
SCHEDULE = "schedule"  # the tick boxes of the list


@require_safe
def district_schedules(request: Request, pk: int) -> HttpResponse:
    """Every school of the district with what it sent for one school year."""
    district, years = _asked(request, pk)
    return _page(request, district, years)


@require_safe
def district_schedules_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """The same list as a file: "xlsx" or "pdf"."""
    with translation.override(LANGUAGE):
        district, years = _asked(request, pk)
        form = DeskForm(request.GET)
        found = desk(request.user, district, years.asked, today())
        table = desk_table(found, _sifted(form, found), today(), form.in_words())
        name = pgettext("file name", "List of the schools")
    if years.errors or form.errors:
        return redirect(reverse("district_schedules", args=[pk], query=request.GET))  # its fields say why
    return table_file(table, kind, f"{name} {district.title_ky} {school_year_label(found.year)}")


@require_POST
@acts_once
def schedule_deadline(request: Request, pk: int) -> HttpResponse:
    """Set or move the last day for sending."""
    district, years = _kept(request, pk)
    form = DeadlineForm(request.POST, year=years.asked)
    if not form.is_valid():
        return _page(request, district, years, form)
    deadline = set_deadline(district=district, year=years.asked, due_on=form.cleaned_data["due_on"], by=request.user)
    messages.success(request, _("The deadline is set: %(date)s") % {"date": short_date(deadline.due_on)})
    return _to_desk(district, years)


@require_POST
@acts_once
def schedule_remind(request: Request, pk: int) -> HttpResponse:
    """Remind one school, or all that have sent nothing."""
    district, years = _kept(request, pk)
    found = desk(request.user, district, years.asked, today())
    named = request.POST.get("school", "")
    schools = [line.school for line in found.lines if named in ("", str(line.school.pk))]
    if not schools:
        raise Http404  # no school of this district
    reminded = remind_schools(district=district, year=years.asked, schools=schools, by=request.user)
    if reminded.now:
        text = ngettext("Reminded: %(count)s school.", "Reminded: %(count)s schools.", reminded.now)
        messages.success(request, text % {"count": reminded.now})
    if reminded.earlier:
        text = ngettext(
            "%(count)s school was reminded today already: a school is reminded once a day at most.",
            "%(count)s schools were reminded today already: a school is reminded once a day at most.",
            reminded.earlier,
        )
        messages.info(request, text % {"count": reminded.earlier})
    if not (reminded.now or reminded.earlier):
        messages.info(request, _("Nobody is to be reminded: the schedule has been sent."))
    return _to_desk(district, years)


@require_POST
@acts_once
def schedules_accept(request: Request, pk: int) -> HttpResponse:
    """Accept the ticked schedules; each stands or falls by itself. Values are “ID:REVISION”."""
    district, years = _kept(request, pk)
    seen = ticked(request, SCHEDULE)
    outcome = accept_schedules(seen, district=district, by=request.user)
    if not seen:
        messages.error(request, _("Tick at least one schedule."))
    if done := len(outcome.done):
        text = ngettext("Accepted: %(count)s schedule.", "Accepted: %(count)s schedules.", done)
        messages.success(request, text % {"count": done})
    for school, message in outcome.refused:
        messages.error(request, f"{school}: {message}")
    return _to_desk(district, years)


@require_safe
def country_schedules(request: Request) -> HttpResponse:
    """The districts of the country by how many of their schools sent a schedule."""
    if not request.user.scope.is_institute_viewer:
        raise Http404
    years = YearForm(request.GET, known=years_known(None))
    found = oblasts(request.user, years.asked)
    return render(request, "courses/country_schedules.html", {"years": years, "year": years.asked, "oblasts": found})


def _asked(request: Request, pk: int) -> tuple[District, YearForm]:
    """The district and the school year of a desk the person may read."""
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_read_desk(request.user, district):
        raise PermissionDenied
    return district, YearForm(request.GET, known=years_known(district))


def _kept(request: Request, pk: int) -> tuple[District, YearForm]:
    """The same for who acts there. Our own forms always name a year the page knows."""
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_keep_desk(request.user, district):
        raise PermissionDenied
    years = YearForm(request.POST, known=years_known(district))
    if not years.is_valid():
        raise BadRequest("no school year")
    return district, years


def _page(
    request: Request, district: District, years: YearForm, deadline_form: DeadlineForm | None = None
) -> HttpResponse:
    """The desk; ``deadline_form`` was sent and needs correction."""
    form = DeskForm(request.GET)
    found = desk(request.user, district, years.asked, today())
    page = Paginator(_sifted(form, found), ON_A_PAGE).get_page(request.GET.get("page"))
    can_keep = can_keep_desk(request.user, district)
    due_on = found.deadline.due_on if found.deadline else None
    return render(
        request,
        "courses/district_schedules.html",
        {
            "district": district,
            "years": years,
            "year": found.year,
            "desk": found,
            "form": form,
            "page": page,
            "can_keep": can_keep,
            "can_accept": any(line.is_mine for line in page),
            "deadline_form": deadline_form or DeadlineForm(year=found.year, initial={"due_on": due_on}),
            "is_wrong": deadline_form is not None,
            "State": DeskState,
        },
    )


def _sifted(form: DeskForm, found: Desk) -> list[Line]:
    return form.sifted(found.lines, lambda words: schools_with_subject(found.district, found.year, words))


def _to_desk(district: District, years: YearForm) -> HttpResponse:
    return redirect(reverse("district_schedules", args=[district.pk], query={"year": years.asked}))
