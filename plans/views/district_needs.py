"""What the schools of a district need, summed up, beside what is offered; and which ways to write a topic are one."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.schedules.desk_forms import YearForm
from cpd.once import acts_once
from plans.models import RequestLine, TopicAlias
from plans.needs.topics import merge_topics, merged_in, unmerge
from plans.orders import actions
from plans.orders.access import can_draw_up
from plans.orders.already import already_in
from plans.orders.demand import demand
from plans.orders.forms import DistrictNeedsForm, MergeForm
from plans.orders.totals import totals
from schools.approval import Refused
from schools.http import Request
from schools.models import District

ON_A_PAGE = 60
GROUP = "group"  # the tick boxes of the table


@require_safe
def district_needs(request: Request, pk: int) -> HttpResponse:
    """The groups of the requests that were received; small ones are marked, and those that were ordered already."""
    district, years = _asked(request, pk)
    form = DistrictNeedsForm(request.GET)
    lines = demand(district, years.asked)
    shown = form.sifted(lines)
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    ordered = already_in(district, years.asked, [line.group.text for line in page])
    return render(
        request,
        "plans/district_needs.html",
        {
            "district": district,
            "years": years,
            "year": years.asked,
            "form": form,
            "merge_form": MergeForm(),
            "page": page,
            "lines": [(line, ordered[line.group.text]) for line in page],
            "teachers": sum(line.group.teachers for line in shown),
            "offered": sum(line.offered for line in shown),
            "given": sum(line.given for line in shown),
            "unmet": sum(line.unmet for line in shown),
            "merged": merged_in(district),
        },
    )


@require_POST
@acts_once
def training_order_new(request: Request, pk: int) -> HttpResponse:
    """Draw up an order of the ticked groups, with their numbers of today."""
    district, year = _kept(request, pk)
    try:
        order = actions.draw_up(by=request.user, district=district, year=year, chosen=request.POST.getlist(GROUP))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _to_needs(district, year)
    messages.success(request, _("The draft of the order was made."))
    return redirect("training_order_edit", order.pk)


@require_POST
@acts_once
def district_topics_merge(request: Request, pk: int) -> HttpResponse:
    """Let the topics of the ticked groups be counted as one in this district."""
    district, year = _kept(request, pk)
    chosen = set(request.POST.getlist(GROUP))
    texts = {text for group in totals(district, year) if group.text in chosen for text in (group.title, *group.texts)}
    form = MergeForm(request.POST)
    if not texts:
        messages.error(request, _("Choose at least one line."))
    elif not form.is_valid():
        messages.error(request, _("Write the common name of the topics."))
    else:
        try:
            merge_topics(by=request.user, where=district, texts=sorted(texts), title=form.cleaned_data["title"])
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The topics are counted together from now on."))
    return _to_needs(district, year)


@require_POST
@acts_once
def district_topic_unmerge(request: Request, pk: int, alias: int) -> HttpResponse:
    """Let a text stand for itself again."""
    district, year = _kept(request, pk)
    found = get_object_or_404(TopicAlias.objects.filter(district=district).select_related("target"), pk=alias)
    try:
        unmerge(by=request.user, alias=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The topic is counted by itself again."))
    return _to_needs(district, year)


def _asked(request: Request, pk: int) -> tuple[District, YearForm]:
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_draw_up(request.user, district):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    known = RequestLine.objects.filter(institution__district=district).order_by().values_list("school_year", flat=True)
    return district, YearForm(data, known=sorted(known.distinct(), reverse=True))


def _kept(request: Request, pk: int) -> tuple[District, int]:
    """The same for who acts there. Our own forms always name a year the page knows."""
    district, years = _asked(request, pk)
    if not years.is_valid():
        raise BadRequest("no school year")
    return district, years.asked


def _to_needs(district: District, year: int) -> HttpResponse:
    return redirect(reverse("district_needs", args=[district.pk], query={"year": year}))
