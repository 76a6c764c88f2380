"""A district's orders for training: the list, one order, changing its draft, issuing it and its papers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.exports import table_file
from cpd import held
from cpd.dates import school_year_label
from cpd.once import acts_once
from cpd.pdf import LANGUAGE
from plans.models import TrainingOrder
from plans.orders import actions
from plans.orders.access import can_change, can_draw_up, is_inside
from plans.orders.already import already_in
from plans.orders.content import all_rows
from plans.orders.forms import OrderEdit
from plans.orders.hidden import is_small, told_apart
from plans.orders.papers import content_told, in_words, order_pdf, order_table
from plans.orders.words import left_out_words
from schools import audit
from schools.approval import Refused
from schools.choices import Event
from schools.http import Request, seen_in
from schools.models import District

ON_A_PAGE = 40
RELATED = ("district", "provider", "replaces", "made_by", "issued_by")


@require_safe
def training_orders(request: Request, pk: int) -> HttpResponse:
    """The orders of one district, the latest school year first."""
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    found = TrainingOrder.objects.visible_to(request.user).filter(district=district)
    told = Sum("rows__teachers", filter=Q(rows__teachers__gte=settings.SMALLEST_GROUP))  # as the order itself says
    found = found.select_related("provider", "replaced_by").annotate(people=told)
    context = {
        "district": district,
        "may_draw_up": can_draw_up(request.user, district),
        "page": Paginator(found.order_by("-school_year", "-number"), ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "plans/training_orders.html", context)


@require_safe
def training_order(request: Request, pk: int) -> HttpResponse:
    """One order: inside the district with all its lines, outside as it was issued."""
    order = _order(request, pk)
    inside = is_inside(request.user, order)
    content = content_told(order)
    rows = all_rows(order) if inside else content["rows"]
    before = order.replaces.content if order.replaces else None
    ordered = _ordered(order, [row["group"] for row in rows]) if inside else {}
    return render(
        request,
        "plans/training_order.html",
        {
            "order": order,
            "content": content,
            "is_inside": inside,
            "rows": [(in_words(row), is_small(row["teachers"]), ordered.get(row["group"])) for row in rows],
            "left_out": left_out_words(content["left_out"], content["left_out_teachers"]),
            "may_change": can_change(request.user, order),
            "told_apart": told_apart(before["rows"], content["rows"]) if inside and before else [],
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def training_order_edit(request: Request, pk: int) -> HttpResponse:
    """Say to whom the draft goes and what is asked for in each line."""
    order = _drafted(request, pk)
    if order.issued_at:
        return _is_issued(request, order)
    rows, typed_in = list(order.rows.select_related("subject")), held.typed(request)
    seen: int | str = order.revision if typed_in is None else typed_in.get("seen", "")
    form = OrderEdit(order, rows, typed_in)
    is_older = typed_in is not None and str(seen) != str(order.revision)
    if is_older:  # the next saving is made with what is kept now before one's eyes
        form.show_what_is_kept()
        messages.error(request, _("The order was changed meanwhile. Save once more to keep what you typed."))
        seen = order.revision
    elif request.method == "POST":
        seen = seen_in(request)
        if form.is_valid():
            typed: dict[str, Any] = {"columns": form.columns, "rows": form.kept, "removed": form.removed}
            try:
                actions.save_order(by=request.user, order=order, seen=seen, **typed)
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("training_order", pk)
        else:
            messages.error(request, _("Correct the errors below."))
    ordered = _ordered(order, [row.group for row in rows])
    return render(
        request,
        "plans/training_order_edit.html",
        {
            "order": order,
            "form": form,
            "rows": [(row, ordered[row.instance.group]) for row in form.rows],
            "seen": seen,
            "is_older": is_older,
            "removed_meanwhile": form.removed_meanwhile() if is_older else 0,
        },
    )


@require_POST
@acts_once
def training_order_recount(request: Request, pk: int) -> HttpResponse:
    """Give the lines of a draft the numbers of today's requests."""
    order = _drafted(request, pk)
    try:
        done = actions.recount(by=request.user, order=order, seen=seen_in(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        told = _("Counted anew. Lines that came: %(came)s, changed: %(changed)s, went: %(gone)s.")
        messages.success(request, told % {"came": done.came, "changed": done.changed, "gone": done.gone})
    return redirect("training_order", pk)


@require_POST
@acts_once
def training_order_issue(request: Request, pk: int) -> HttpResponse:
    """Freeze the order: from now on it can only be replaced."""
    order = _drafted(request, pk)
    _done_or_refused(
        request,
        lambda: actions.issue(by=request.user, order=order, seen=seen_in(request)),
        _("The order was issued."),
    )
    return redirect("training_order", pk)


@require_POST
@acts_once
def training_order_replace(request: Request, pk: int) -> HttpResponse:
    """Draw up another order instead of an issued one."""
    order = _drafted(request, pk)
    try:
        other = actions.replace(by=request.user, order=order)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("training_order", pk)
    messages.success(request, _("The draft of the order was made."))
    return redirect("training_order", other.pk)


@require_POST
@acts_once
def training_order_delete(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    order = _drafted(request, pk)
    try:
        actions.delete_draft(by=request.user, order=order, seen=seen_in(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("training_order", pk)
    messages.success(request, _("The draft was deleted."))
    return redirect("training_orders", order.district_id)


@require_safe
def training_order_paper(request: Request, pk: int) -> HttpResponse:
    """F09, without small groups."""
    order = _order(request, pk)
    answer = HttpResponse(order_pdf(order), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{_name(order)}.pdf") or "inline"
    return answer


@require_safe
def training_order_xlsx(request: Request, pk: int) -> HttpResponse:
    """The same for Excel."""
    order = _order(request, pk)
    with translation.override(LANGUAGE):
        table = order_table(content_told(order))
        audit.saw(Event.TOOK_TABLE, by=request.user, district=order.district, what=f"{table.title} № {order.number}")
        return table_file(table, "xlsx", _name(order))


def _order(request: Request, pk: int) -> TrainingOrder:
    found = TrainingOrder.objects.visible_to(request.user).select_related(*RELATED, "replaced_by")
    return get_object_or_404(found, pk=pk)


def _drafted(request: Request, pk: int) -> TrainingOrder:
    """An order of a district whose officer the person is."""
    order = _order(request, pk)
    if not can_draw_up(request.user, order.district):
        raise PermissionDenied
    return order


def _ordered(order: TrainingOrder, groups: list[str]) -> dict[str, list[TrainingOrder]]:
    """Of a draft: who else asks for the same groups already."""
    return {} if order.issued_at else already_in(order.district, order.school_year, groups, besides=order)


def _is_issued(request: Request, order: TrainingOrder) -> HttpResponse:
    messages.info(request, _("The order was issued: it is not changed any more, only replaced."))
    return redirect("training_order", order.pk)


def _done_or_refused(request: Request, act: Callable[[], None], told: str) -> None:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told)


def _name(order: TrainingOrder) -> str:
    return f"F09_{order.district.title_ky}_{school_year_label(order.school_year)}_{order.number}".replace(" ", "-")
