"""The district's list of requests: which schools sent theirs, and receiving several at once.

Opening, receiving and returning a single one stands on the request's own page.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses.schedules.desk import DeskState
from courses.schedules.desk_actions import accept_papers
from courses.schedules.desk_forms import DeskForm, YearForm
from cpd.once import acts_once
from plans.requests.access import can_receive
from plans.requests.desk import KIND, desk, schools_with_subject, topics_counted, years_known
from schools.http import Request, ticked
from schools.models import District

ON_A_PAGE = 40


@require_safe
def district_requests(request: Request, pk: int) -> HttpResponse:
    """Every school of the district with the request it sent for one school year."""
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_receive(request.user, district):
        raise PermissionDenied
    years = YearForm(request.GET, known=years_known(district))
    form = DeskForm(request.GET)
    found = desk(request.user, district, years.asked)
    lines = form.sifted(found.lines, lambda words: schools_with_subject(district, found.year, words))
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    topics = topics_counted([line.sent.version.pk for line in page if line.sent])
    return render(
        request,
        "plans/district_requests.html",
        {
            "district": district,
            "years": years,
            "year": found.year,
            "desk": found,
            "form": form,
            "page": page,
            "lines": [(line, topics.get(line.sent.version.pk, 0) if line.sent else 0) for line in page],
            "can_receive": any(line.is_mine for line in page),
            "State": DeskState,
        },
    )


@require_POST
@acts_once
def requests_receive(request: Request, pk: int) -> HttpResponse:
    """Receive the ticked requests; each stands or falls by itself. Values are “ID:REVISION”."""
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_receive(request.user, district):
        raise PermissionDenied
    years = YearForm(request.POST, known=years_known(district))
    if not years.is_valid():
        raise BadRequest("no school year")
    seen = ticked(request, "needs_request")
    outcome = accept_papers(seen, KIND, district=district, by=request.user)
    if not seen:
        messages.error(request, _("Tick at least one request."))
    if done := len(outcome.done):
        text = ngettext("Received: %(count)s request.", "Received: %(count)s requests.", done)
        messages.success(request, text % {"count": done})
    for school, message in outcome.refused:
        messages.error(request, f"{school}: {message}")
    return redirect(reverse("district_requests", args=[pk], query={"year": years.asked}))
