"""What waits for me: the first page after sign-in."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.models import HoursPolicy
from cpd.dates import today
from plans.access import associations_to_meet
from plans.models import PlanItem
from plans.views.overview import with_figures
from schools.choices import DocumentKind, State
from schools.http import Request
from schools.models import Document, Employment, Institution, User

SHOWN = 10


@require_safe
def home(request: Request) -> HttpResponse:
    """Own papers and hours for who teaches, the queue for who decides, the schools for who oversees."""
    user = request.user
    awaiting = Document.objects.awaiting(user).select_related("author", "association", "institution")
    context: dict[str, Any] = {"queue": awaiting.order_by("changed_at")[:SHOWN]}
    if user.scope.workplaces:
        context |= _own(user)
    if user.scope.associations:
        context["associations"] = associations_to_meet(user).select_related("institution")
    if user.scope.districts or user.scope.is_institute_viewer:
        context["institutions"] = with_figures(Institution.objects.visible_to(user))[:SHOWN]
    return render(request, "plans/home.html", context)


def _own(user: User) -> dict[str, Any]:
    """The person's own papers, and the hours of the individual plan of today beside the demand."""
    own = list(Document.objects.filter(author=user.person_id).select_related("institution"))
    job = Employment.objects.on(today()).filter(person=user.person_id).select_related("institution").first()
    current = [plan.pk for plan in own if plan.kind == DocumentKind.INDIVIDUAL_PLAN and today() in plan.period]
    hours = PlanItem.objects.filter(plan__in=current).aggregate(planned=Sum("hours"))
    policy = HoursPolicy.objects.for_institution(job.institution, today()) if job else None
    return {
        "own": own,
        "unfinished": min((plan for plan in own if plan.is_editable), key=_returned_first, default=None),
        "has_current": {plan.kind for plan in own if today() in plan.period},
        "planned_hours": hours["planned"] or Decimal(),
        "policy": policy,
    }


def _returned_first(plan: Document) -> bool:
    """What somebody gave back waits before what one began oneself."""
    return plan.state != State.RETURNED
