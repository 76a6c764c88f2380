"""Reading plans: the list, one plan on one page, its versions, and the paper."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from courses.results import can_add_results
from cpd.dates import today
from plans.access import (
    can_delete,
    can_edit,
    can_read_all_plans,
    can_read_meeting,
    can_read_working_copy,
    visible_decisions,
    visible_plan,
    visible_versions,
)
from plans.actions import is_mentor_fixed
from plans.changes import changes
from plans.content import Content, Plan, content_of
from plans.filters import PlanFilter
from plans.forms import ApprovalOrderForm, MarkForm, ReasonForm
from plans.induction.facts import plan_duty
from plans.induction.marks import can_mark, marks_of, rows_in_force
from plans.lecturers import replacing
from plans.lecturers.internships import following_of, record_of
from plans.lecturers.replacing import can_replace
from plans.lecturers.words import cautions_told
from plans.models import (
    CourseReport,
    DepartmentPlan,
    Fulfilment,
    IndividualPlan,
    InductionPlan,
    InternshipPlan,
    PerspectivePlan,
)
from plans.pdf import paper_name, plan_pdf
from plans.rules import findings, planned_hours
from schools import approval, audit
from schools.choices import PERSONAL, PLANS, Action, DocumentKind, Event
from schools.http import Request
from schools.models import Decision, Document, DocumentVersion

ON_A_PAGE = 30
BODIES = {  # what the page of a kind shows below its header; all others show their blanks and rows as they are named
    DocumentKind.INDIVIDUAL_PLAN: "plans/kinds/individual_plan.html",
    DocumentKind.ANNUAL_PLAN: "plans/kinds/annual_plan.html",
    DocumentKind.INDUCTION_PLAN: "plans/kinds/induction_plan.html",
    DocumentKind.INTERNSHIP_PLAN: "plans/kinds/internship_plan.html",
    DocumentKind.PERSPECTIVE_PLAN: "plans/kinds/perspective_plan.html",
    DocumentKind.DEPARTMENT_PLAN: "plans/kinds/department_plan.html",
    DocumentKind.COURSE_REPORT: "plans/kinds/course_report.html",
}


@require_safe
def plan_list(request: Request) -> HttpResponse:
    """All papers the person may see, filtered; the ones they can approve can be approved together."""
    steps_taken = Decision.objects.filter(version=OuterRef("current_version"), step__isnull=False).order_by()
    documents = (
        Document.objects.visible_to(request.user)
        .filter(kind__in=PLANS)
        .select_related("author", "association", "institution", "current_version")
        .defer("current_version__content")
        .annotate(
            is_mine=Exists(Document.objects.awaiting(request.user).filter(pk=OuterRef("pk"))),
            taken=Subquery(steps_taken.values("version").annotate(count=Count("pk")).values("count")),
        )
        .order_by("-is_mine", "-changed_at", "-pk")
    )
    chosen = PlanFilter(request.GET, documents, user=request.user)
    page = Paginator(chosen.qs, ON_A_PAGE).get_page(request.GET.get("page"))
    inside = {paper.pk for paper in page if paper.is_inside_for(request.user)}
    approvable = {paper.pk for paper in page if paper.is_mine and _next_is_approval(paper)}
    return render(
        request, "plans/list.html", {"filter": chosen, "page": page, "inside": inside, "approvable": approvable}
    )


@require_safe
def plan(request: Request, pk: int) -> HttpResponse:
    """One plan on one page, with what can be done now."""
    found = _visible(request, pk)
    if can_read_working_copy(request.user, found) and found.is_editable:
        return _working_copy_page(request, found)
    version = found.version_read_by(request.user)
    if version is None:
        raise Http404
    if found.is_undecided and found.seen_at is None and approval.mark_seen([found.pk], by=request.user):
        found.seen_at = timezone.now()
    return _plan_page(request, found, version.content, version=version)


@require_safe
def plan_version(request: Request, pk: int, number: int) -> HttpResponse:
    """One version as it was submitted, for ever."""
    found = _visible(request, pk)
    version = get_object_or_404(visible_versions(request.user, found), number=number)
    return _plan_page(
        request, found, version.content, version=version, is_past=version != found.version_read_by(request.user)
    )


@require_safe
def plan_paper(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    """The PDF: of a version, or of the author's own working copy."""
    found = _visible(request, pk)
    version: DocumentVersion | None = None
    if number is not None:
        version = get_object_or_404(visible_versions(request.user, found), number=number)
    elif not can_read_working_copy(request.user, found) or not found.is_editable:
        version = found.version_read_by(request.user)
    answer = HttpResponse(plan_pdf(found, version), content_type="application/pdf")
    name = paper_name(found, version)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def _next_is_approval(paper: Any) -> bool:
    """The last step of a route approves; ``taken`` steps lie behind. What an order or a meeting approves is not among
    those approved by ticks.
    """
    route = paper.submitted_version.route
    is_last = (paper.taken or 0) == len(route) - 1
    return is_last and not route[-1]["needs_minutes"] and not route[-1].get("needs_order")


def _visible(request: Request, pk: int) -> Plan:
    """The plan, for its page or its paper; whoever looks at another person's is noted."""
    found = visible_plan(request.user, pk)
    if found is None:
        raise Http404
    subject = found.author if found.kind in PERSONAL else None
    audit.saw(Event.SAW_DOCUMENT, by=request.user, subject=subject, institution=found.institution, what=found)
    return found


def page_again(request: Request, found: Plan, **forms: Any) -> HttpResponse:
    """The plan with a form as it was typed, where something in it must be corrected."""
    version = found.version_read_by(request.user)
    if version is None:
        raise Http404
    return _plan_page(request, found, version.content, version=version, status=422, **forms)


def _working_copy_page(request: Request, found: Plan) -> HttpResponse:
    content = content_of(found)
    lacking = findings(content, found.period.school_years)
    return _plan_page(request, found, content, lacking=lacking, can_edit=can_edit(request.user, found))


def _plan_page(
    request: Request,
    found: Plan,
    content: Content,
    *,
    version: DocumentVersion | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    in_force = found.in_force
    decisions = (
        visible_decisions(request.user, found)
        .select_related("meeting__association")
        .annotate(number=F("version__number"))
        .order_by("pk")
    )
    is_followed = isinstance(found, IndividualPlan) and not context.get("is_past")
    items = in_force.content["rows"] if in_force and is_followed else []
    moves = [] if context.get("is_past") else approval.moves_open_to(request.user, found)
    step = approval.next_step(found) if Action.RETURN in moves else None  # the reader's to take
    needs_order = step is not None and step.get("needs_order", False)
    return render(
        request,
        "plans/plan.html",
        {
            "plan": found,
            "content": content,
            "version": version,
            "decisions": decisions,
            "meetings_read": {
                decision.meeting_id
                for decision in decisions
                if decision.meeting and can_read_meeting(request.user, decision.meeting)
            },
            "versions": visible_versions(request.user, found).only("document", "number"),
            "is_inside": found.is_inside_for(request.user),
            "moves": moves,
            "Action": Action,
            "differences": changes(in_force.content, content) if in_force and in_force != version else [],
            "planned_hours": planned_hours(content) if "required_hours" in content else None,
            "reason_form": ReasonForm(),
            "needs_order": needs_order,
            "order_form": ApprovalOrderForm(plan=found) if needs_order else None,
            "needs_meeting": step is not None and step["needs_minutes"],
            "body": BODIES.get(found.kind, "plans/kinds/_paper.html"),
            "cautions": cautions_told(
                content, found.institution, timezone.localdate(version.made_at) if version else today()
            ),
            "can_delete": can_delete(request.user, found),
            "items_in_force": {row["uid"] for row in items},
            "fulfilments": _fulfilments(request, found) if items else {},
            "can_attend": found.author_id == request.user.person_id,
            **_induction(request, found),
            **_internship(request, found, content),
            **attachments_of(request, found),
            **_of_department(request, found, is_past=bool(context.get("is_past"))),
            **context,
        },
        status=status,
    )


def _induction(request: Request, found: Plan) -> dict[str, Any]:
    """What the page of a young specialist's plan tells beside: the duty, and the mentor's marks."""
    if not isinstance(found, InductionPlan):
        return {}
    return {
        "duty": plan_duty(found, today()),
        "marks": marks_of(found),
        "lacks_mentor": found.is_editable and not is_mentor_fixed(found),
        "markable": rows_in_force(found) if can_mark(request.user, found) else set(),
        "empty_mark_form": MarkForm(plan=found, uid=""),
    }


def _internship(request: Request, found: Plan, content: Content) -> dict[str, Any]:
    """What the page of an internship's plan tells beside: the sum of the hours, and the papers that follow it."""
    if not isinstance(found, InternshipPlan):
        return {}
    is_own = found.author_id == request.user.person_id
    return {
        "internship_hours": planned_hours(content),
        "following": following_of(found, request.user) if found.in_force else [],
        "can_enter_record": is_own and found.in_force and found.ends_on <= today() and not record_of(found),
    }


def attachments_of(request: Request, found: Plan) -> dict[str, Any]:
    """What is attached to the course of one's own report now, which the next version freezes."""
    if not isinstance(found, CourseReport) or not can_add_results(request.user, found.record):
        return {}
    return {"can_attach": True, "attached": found.record.attachments.all()}


def _of_department(request: Request, found: Plan, *, is_past: bool) -> dict[str, Any]:
    """Who goes in whose place; and whether the plans of all departments are to be had on one paper."""
    if isinstance(found, DepartmentPlan) and not is_past:
        return {"going": replacing.rows_in_force(found).values(), "can_replace": can_replace(request.user, found)}
    if isinstance(found, PerspectivePlan) and found.association_id and found.in_force_id:
        return {"all_on_one_paper": can_read_all_plans(request.user, found.institution)}
    return {}


def _fulfilments(request: Request, found: Plan) -> dict[str, Fulfilment]:
    """The records that fulfil the plan's items, by the item's uid."""
    links = Fulfilment.objects.visible_to(request.user).filter(plan=found.pk).select_related("record")
    return {str(link.uid): link for link in links}
