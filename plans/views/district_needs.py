"""What the schools of a district need, summed up, beside what is offered; and which ways to write a topic are one."""

from collections.abc import Collection
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courses.schedules.desk_forms import YearForm
from cpd.once import acts_once
from plans.models import RequestLine, TopicAlias, TrainingOrder
from plans.needs.topics import merge_topics, merged_in, unmerge
from plans.orders import actions
from plans.orders.access import can_draw_up
from plans.orders.already import already_in
from plans.orders.demand import demand
from plans.orders.forms import DistrictNeedsForm, IntoForm, MergeForm
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
    return _table(request, district, years.asked, years=years)


@require_POST
@acts_once
def training_order_new(request: Request, pk: int) -> HttpResponse:
    """Draw up an order of the ticked groups, or of all that the filter finds, with their numbers of today; or put them
    into a draft.
    """
    district, year = _kept(request, pk)
    into = IntoForm(request.POST, drafts=_orders(district, year)[0])
    if not into.is_valid():
        return _table(request, district, year, into=into)
    chosen = request.POST.getlist(GROUP)
    if "all" in request.POST:
        chosen = [
            line.group.text for line in DistrictNeedsForm(request.GET, lines=demand(district, year).lines).sifted()
        ]
    try:
        if order := into.draft:
            count = actions.add_lines(by=request.user, order=order, chosen=chosen)
            told = ngettext("%(count)s line was added.", "%(count)s lines were added.", count) % {"count": count}
        else:
            order = actions.draw_up(by=request.user, district=district, year=year, chosen=chosen)
            told = _("The draft of the order was made.")
    except Refused as refusal:
        return _table(request, district, year, into=into, refused=refusal.message)
    messages.success(request, told)
    return redirect("training_order_edit", order.pk)


@require_POST
@acts_once
def district_topics_merge(request: Request, pk: int) -> HttpResponse:
    """Let the topics of the ticked groups be counted as one in this district."""
    district, year = _kept(request, pk)
    chosen = set(request.POST.getlist(GROUP))
    texts = {text for group in totals(district, year) if group.text in chosen for text in (group.title, *group.texts)}
    form = MergeForm(request.POST)
    if not form.is_valid() or not texts:
        return _table(
            request, district, year, merge_form=form, refused="" if texts else _("Choose at least one line.")
        )
    try:
        merge_topics(by=request.user, where=district, texts=sorted(texts), title=form.cleaned_data["title"])
    except Refused as refusal:
        return _table(request, district, year, merge_form=form, refused=refusal.message)
    messages.success(request, _("The topics are counted together from now on."))
    return _to_needs(request, district, year)


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
    return _to_needs(request, district, year)


def _table(
    request: Request,
    district: District,
    year: int,
    *,
    years: YearForm | None = None,
    into: IntoForm | None = None,
    merge_form: MergeForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """The table as its filter asks. After a refusal all that was ticked and typed stands in it again."""
    found = demand(district, year)
    form = DistrictNeedsForm(request.GET, lines=found.lines)
    shown = form.sifted()
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    drafts, standing = _orders(district, year)
    ordered = already_in(district, year, [line.group.text for line in page], orders=standing)
    ticked: Collection[str] = set(request.POST.getlist(GROUP))
    is_refused = request.method == "POST"
    return render(
        request,
        "plans/district_needs.html",
        {
            "district": district,
            "years": years or YearForm(request.POST, known=_known(district)),
            "year": year,
            "form": form,
            "query": request.GET.urlencode(),
            "page": page,
            "lines": [(line, ordered[line.group.text], line.group.text in ticked) for line in page],
            "count": len(shown),
            "teachers": sum(line.group.teachers for line in shown),
            "given": sum(line.given for line in shown),
            "needed": sum(line.needed for line in shown),
            "unmet": sum(line.unmet for line in shown),
            "offered": sum(line.offered for line in shown),
            "beyond": sum(line.free - line.needed for line in shown),
            "spent": sum(line.offered - line.free - line.given for line in shown),
            "unasked": None if form.in_words() else found.unasked,
            "into_form": into or IntoForm(initial={"into": request.GET.get("into")}, drafts=drafts),
            "has_drafts": bool(drafts),
            "merge_form": merge_form or MergeForm(initial={"title": request.POST.get("title", "")}),
            "refused": refused,
            "merged": merged_in(district),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
    )


def _orders(district: District, year: int) -> tuple[list[TrainingOrder], list[TrainingOrder]]:
    """The drafts of a year, and what was issued and nothing issued stands instead of; one query."""
    found = TrainingOrder.objects.filter(district=district, school_year=year).select_related("district")
    orders = list(found.order_by("number"))
    replaced = {order.replaces_id for order in orders if order.issued_at}
    issued = [order for order in orders if order.issued_at and order.pk not in replaced]
    return [order for order in orders if not order.issued_at], issued


def _asked(request: Request, pk: int) -> tuple[District, YearForm]:
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if not can_draw_up(request.user, district):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    return district, YearForm(data, known=_known(district))


def _known(district: District) -> list[int]:
    """School years of which there is a request, the latest first."""
    years = RequestLine.objects.filter(institution__district=district).order_by().values_list("school_year", flat=True)
    return sorted(years.distinct(), reverse=True)


def _kept(request: Request, pk: int) -> tuple[District, int]:
    """The same for who acts there. Our own forms always name a year the page knows."""
    district, years = _asked(request, pk)
    if not years.is_valid():
        raise BadRequest("no school year")
    return district, years.asked


def _to_needs(request: Request, district: District, year: int) -> HttpResponse:
    """Back to the table as its filter asked for it."""
    query = request.GET.copy()
    query["year"] = str(year)
    return redirect(reverse("district_needs", args=[district.pk], query=query))
