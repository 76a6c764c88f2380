"""Internships that are over: what was told of them to the quality department, and the record of each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.choices import TrainingKind
from courses.views.records import record_form
from cpd.dates import today
from plans.access import can_read_internships, visible_plan
from plans.lecturers.internship_forms import InternshipsForm
from plans.lecturers.internships import over_before, record_of, standing_of
from plans.models import InternshipPlan
from plans.rules import planned_hours
from schools.choices import DocumentKind
from schools.http import Request
from schools.kinds import WAYS
from schools.models import Institution

ON_A_PAGE = 30


@require_safe
def internships(request: Request, pk: int) -> HttpResponse:
    """Of an institution: until when each had to be told of, what was handed in, what is late (004 6.6)."""
    found = get_object_or_404(Institution.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not WAYS[found.kind].uses(DocumentKind.INTERNSHIP_INFORMATION):
        raise Http404
    if not can_read_internships(request.user, found):
        raise PermissionDenied
    day = today()
    over = over_before(day).visible_to(request.user).filter(institution=found)
    form = InternshipsForm(request.GET, internships=standing_of(over), on=day)
    page = Paginator(form.sifted(), ON_A_PAGE).get_page(request.GET.get("page"))
    plans = over.select_related("author", "association", "in_force", "information").in_bulk([one.plan for one in page])
    return render(
        request,
        "plans/internships.html",
        {
            "institution": found,
            "form": form,
            "page": page,
            "lines": [(one, plans[one.plan], one.is_late(day)) for one in page],
        },
    )


def internship_record(request: Request, pk: int) -> HttpResponse:
    """Enter one's own internship among one's trainings: the form knows already what the plan says."""
    plan = visible_plan(request.user, pk)
    if not isinstance(plan, InternshipPlan):
        raise Http404
    if plan.author_id != request.user.person_id:
        raise PermissionDenied
    if plan.in_force is None or plan.ends_on > today():
        messages.info(request, _("The internship is entered after its last day."))
        return redirect(plan)
    if record := record_of(plan):
        messages.info(request, _("The internship is among your trainings already."))
        return redirect("record", record.pk)
    return record_form(request, initial=_known(plan))


def _known(plan: InternshipPlan) -> dict[str, Any]:
    """What the plan in force says, and the hours carried out where the information tells them."""
    content = plan.in_force.content  # type: ignore[union-attr]
    information = getattr(plan, "information", None)
    done = information.hours_done if information else None
    hours = (done if done is not None else planned_hours(content)).normalize()
    return {
        "institution": plan.institution_id,
        "kind": TrainingKind.INTERNSHIP,
        "title": content["direction"],
        "provider_text": content["host_text"],
        "hours_text": f"{hours:f}".replace(".", ","),
        "date_text": f"{plan.starts_on:%d.%m.%Y}–{plan.ends_on:%d.%m.%Y}",
    }
