"""Deciding on plans: one move, many approvals, and a meeting."""

import re
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cpd.once import acts_once
from cpd.text import kyrgyz_order
from plans import actions
from plans.access import associations_to_meet, can_read_meetings, visible_meetings, visible_plan
from plans.content import Plan
from plans.forms import ApprovalOrderForm, MeetingForm, VerdictForm, verdict_forms
from plans.lecturers.words import BLANKS, Fact, cautions_told, facts
from plans.school_papers.access import can_extract
from plans.views.reading import page_again
from schools import approval
from schools.approval import Order, Refused
from schools.choices import PERSONAL, PLANS, Action, State
from schools.http import Request, ticked
from schools.models import Decision, Document, Institution, MethodicalAssociation

ON_A_PAGE = 30
BY_AUTHOR = [kyrgyz_order(f"author__{name}") for name in ("family_name", "given_name", "fathers_name")]


@require_POST
@acts_once
def plan_move(request: Request, pk: int, action: str) -> HttpResponse:
    """One move of one plan, on the revision that was on the screen."""
    found = visible_plan(request.user, pk)
    if found is None or action not in Action.values or action == Action.CONSIDER:
        raise Http404  # considering needs a meeting: see ``meeting_new``
    order_form = (
        ApprovalOrderForm(request.POST, plan=found) if action == Action.APPROVE and _is_by_order(found) else None
    )
    if order_form and not order_form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return page_again(request, found, order_form=order_form)
    try:
        _make(Action(action), found, request, order_form.order() if order_form else None)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        found.refresh_from_db(fields=["state"])
        messages.success(request, _("Done. Status: %(state)s.") % {"state": found.state_label})
    return redirect("plan_edit", pk) if action == Action.AMEND else redirect(found)


@require_POST
@acts_once
def plans_approve(request: Request) -> HttpResponse:
    """Approve the ticked plans; each stands or falls by itself. Values are “ID:REVISION”.

    A plan that is approved by an order is left out: its number and date are typed on its own page.
    """
    seen = ticked(request, "plan")
    documents = Document.objects.visible_to(request.user).filter(kind__in=PLANS, pk__in=seen)
    documents = documents.select_related("author", "current_version")
    by_order = [document for document in documents if _is_by_order(document)]
    for document in by_order:
        text = _("%(name)s: this plan is approved by an order. Open it and enter the number and date of the order.")
        messages.error(request, text % {"name": document.author})
    verdicts = [
        actions.Verdict(document, seen[document.pk], Action.APPROVE)
        for document in documents
        if document not in by_order
    ]
    if not documents:
        messages.error(request, _("Tick at least one plan."))
    _tell(request, actions.decide_all(verdicts, by=request.user))
    return redirect("plans")


@acts_once
def meeting_new(request: Request, pk: int) -> HttpResponse:
    """Meeting mode: every submitted plan of the association on one screen, one entry of number, date and present."""
    association = get_object_or_404(associations_to_meet(request.user), pk=pk)
    documents = _on_the_table(request, association)
    approval.mark_seen([document.pk for document in documents], by=request.user)
    form = MeetingForm(request.POST or None, association=association)
    verdicts = verdict_forms(documents, request.POST or None)
    if request.method == "POST" and not all([form.is_valid(), *(verdict.is_valid() for verdict in verdicts)]):
        messages.error(request, _("Correct the errors below."))
    elif request.method == "POST":
        made = [verdict.verdict_made() for verdict in verdicts]
        try:
            meeting, outcome = actions.record_meeting(
                association=association,
                by=request.user,
                verdicts=[verdict for verdict in made if verdict],
                **form.cleaned_data,
            )
        except Refused as refusal:
            messages.error(request, refusal.message or _("No plan was decided on."))
        else:
            _tell(request, outcome)
            return redirect("meeting", meeting.pk)
    papers = [_paper(verdict) for verdict in verdicts]
    return render(request, "plans/meeting_new.html", {"association": association, "form": form, "papers": papers})


def _paper(verdict: VerdictForm) -> tuple[VerdictForm, list[Fact], list[str]]:
    """A paper on the table: its verdict, the blanks of a lecturer's paper, and what it is cautioned about."""
    document, version = verdict.document, verdict.document.submitted_version
    told = facts(version.content) if document.kind in BLANKS else []
    return verdict, told, cautions_told(version.content, document.institution, localdate(version.made_at))


@require_safe
def meetings(request: Request, pk: int) -> HttpResponse:
    """The meetings of a school's associations that the reader may know of, the newest first."""
    institution = get_object_or_404(Institution.objects.reached_by(request.user), pk=pk)
    if not can_read_meetings(request.user, institution):
        raise PermissionDenied
    visible = visible_meetings(request.user).filter(association__institution=institution)
    found = visible.select_related("association", "extract")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    held = [(one, can_extract(request.user, one)) for one in page]
    return render(request, "plans/meetings.html", {"institution": institution, "page": page, "held": held})


@require_safe
def meeting(request: Request, pk: int) -> HttpResponse:
    """What a meeting decided."""
    visible = visible_meetings(request.user).select_related("association__institution", "recorded_by")
    found = get_object_or_404(visible, pk=pk)
    decisions = Decision.objects.filter(meeting=found).select_related("version__document__author")
    return render(
        request,
        "plans/meeting.html",
        {
            "meeting": found,
            "decisions": decisions,
            "present": found.present.all(),
            "can_extract": can_extract(request.user, found),
        },
    )


def _is_by_order(document: Document) -> bool:
    return document.is_undecided and approval.needs_order(document)


def _make(action: Action, found: Plan, request: Request, order: Order | None) -> None:
    try:
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        raise BadRequest("no revision") from None
    if action == Action.SUBMIT:
        actions.submit_plan(plan=found, by=request.user, seen=seen)
    elif action == Action.DISCARD:
        actions.discard_change(plan=found, by=request.user, seen=seen)
    else:
        reason = request.POST.get("reason", "")
        approval.perform(found, action, by=request.user, seen=seen, reason=reason, order=order)


def _on_the_table(request: Request, association: MethodicalAssociation) -> Sequence[Document]:
    """The papers this user's meeting is to consider; after posting, those that were on the screen then.

    A paper that was withdrawn or decided on meanwhile stays among them, so that its refusal is told.
    """
    if request.method == "POST":
        shown = [int(key[4:-5]) for key in request.POST if re.fullmatch(r"plan\d{1,18}-seen", key)]
        papers = Document.objects.visible_to(request.user).filter(kind__in=PERSONAL, pk__in=shown)
    else:
        papers = Document.objects.awaiting(request.user).filter(kind__in=PERSONAL, state=State.SUBMITTED)
    papers = papers.filter(association=association).order_by(*BY_AUTHOR, "pk")
    papers = papers.select_related("author", "institution", "current_version", "in_force")
    return [paper for paper in papers if paper.submitted_version.route[0]["needs_minutes"]]


def _tell(request: Request, outcome: actions.Outcome) -> None:
    done = len(outcome.done)
    if done:
        text = ngettext("Decided: %(count)s plan.", "Decided: %(count)s plans.", done) % {"count": done}
        messages.success(request, text)
    for document, message in outcome.refused:
        messages.error(request, f"{document.author}: {message}")
