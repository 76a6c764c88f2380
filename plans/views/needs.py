"""Learning needs: one's own, what became of each, and those of a school."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Offering
from courses.offerings.access import can_enter
from cpd import held
from cpd.dates import school_year_of, today
from cpd.once import acts_once
from plans.choices import NeedStage
from plans.models import IndividualPlan, LearningNeed
from plans.needs import actions, planning
from plans.needs.access import can_change, can_enter_for, can_read_needs_of, can_read_request, is_own, jobs_read_by
from plans.needs.answering import set_topics
from plans.needs.chain import Chain, chains, counted_hours, is_in_force, with_all
from plans.needs.forms import ChangeNeedForm, NeedForm, SchoolNeedForm, SchoolNeedsFilter, TopicsForm
from plans.needs.matching import topics_asked_for
from schools import audit
from schools.approval import Refused
from schools.choices import DocumentKind, Event, State
from schools.http import Request, check_done, done_where
from schools.kinds import WAYS
from schools.models import Institution, Person

ON_A_PAGE = 40
TOPICS_SHOWN = 60


@require_safe
@done_where("assesses_needs")
def needs(request: Request) -> HttpResponse:
    """One's own needs by school year, each with how far it has come."""
    own = LearningNeed.objects.visible_to(request.user).live().filter(employment__person=request.user.person_id)
    page = Paginator(with_all(own), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/needs.html", {"page": page, "chains": chains(page.object_list, reader=request.user)})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
@done_where("assesses_needs")
def need_new(request: Request) -> HttpResponse:
    """Tell a need of one's own: a wish, or what attestation has shown."""
    form = NeedForm(held.typed(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        is_passed_on = form.cleaned_data["is_passed_on"]
        try:
            actions.tell_need(by=request.user, is_passed_on=is_passed_on, **form.columns())
        except Refused as refusal:
            form.add_error("title", refusal.message)
        else:
            passed_on, kept = _("The need was passed on to the school."), _("The need was saved. You alone see it.")
            messages.success(request, passed_on if is_passed_on else kept)
            return redirect("needs")
    return render(request, "plans/need_new.html", {"form": form})


@require_safe
def need(request: Request, pk: int) -> HttpResponse:
    """What became of one need: planned, requested, ordered, a place, attended, counted."""
    found = _visible(request, pk)
    person, place = found.employment.person, found.employment.institution
    audit.saw(
        Event.SAW_PERSON, by=request.user, subject=person, institution=place, what=pgettext_lazy("heading", "Need")
    )
    [chain] = chains([found], reader=request.user)
    return render(request, "plans/need.html", _of_one(request, chain))


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def need_edit(request: Request, pk: int) -> HttpResponse:
    """Say a need anew, until a request that was handed in counts it."""
    found = _visible(request, pk)
    if not can_change(request.user, found):
        raise PermissionDenied
    if actions.is_counted(found):
        messages.info(request, _("The school's request counts this need already."))
        return redirect(found)
    form = ChangeNeedForm(held.typed(request), instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_need(need=found, by=request.user, columns=form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("need", pk)
    return render(request, "plans/need_edit.html", {"form": form, "need": found})


@require_POST
@acts_once
def need_pass_on(request: Request, pk: int) -> HttpResponse:
    """Let the school see the need."""
    found = _visible(request, pk)
    try:
        read = actions.pass_on_need(need=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("need", pk)
    if read == found:
        messages.success(request, _("The need was passed on to the school."))
    else:
        text = _(
            "This need is passed on already: the school entered it too. What you had written yourself was taken back."
        )
        messages.info(request, text)
    return redirect(read)


@require_POST
@acts_once
def need_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take the need back."""
    found = _visible(request, pk)
    try:
        actions.withdraw(need=found, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("need", pk)
    messages.success(request, _("The need was taken back."))
    if is_own(request.user, found):
        return redirect("needs")
    return redirect("school_needs", found.employment.institution_id)


@require_POST
@acts_once
def need_plan(request: Request, pk: int) -> HttpResponse:
    """One tap: the need becomes an item of the teacher's own plan, as far as that is open."""
    found = _visible(request, pk)
    if not is_own(request.user, found) or found.withdrawn_at:
        raise PermissionDenied
    plan = planning.plan_for(found)
    if plan is None:
        messages.info(request, _("You have no plan for this school year yet. Start one, then take the need into it."))
        return redirect("plan_start", DocumentKind.INDIVIDUAL_PLAN)
    item = plan.rows.filter(need=found).first()
    if item and (not plan.is_editable or is_in_force(plan, item.uid)):
        messages.info(request, _("This need is already in the plan."))
        return redirect(plan)
    if plan.state == State.APPROVED:
        messages.info(
            request, _("The plan is approved. Press “Make a yearly change”, then take the need into the plan.")
        )
        return redirect(plan)
    if plan.is_undecided:
        messages.info(request, _handed_in(plan))
        return redirect(plan)
    try:
        item = planning.plan_need(need=found, plan=plan, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(plan)
    messages.success(request, _("The need stands in your plan. Complete hours and organisation."))
    answer = redirect("plan_edit", plan.pk)
    answer["Location"] += "#last-row"
    return answer


@require_safe
def school_needs(request: Request, pk: int) -> HttpResponse:
    """The needs that teachers of one school passed on, as far as the user reads them, and who has told none."""
    institution = _institution(request, pk)
    if not can_read_needs_of(request.user, institution):
        raise PermissionDenied
    form = SchoolNeedsFilter(request.GET or None)
    passed_on = LearningNeed.objects.visible_to(request.user).passed_on().filter(employment__institution=institution)
    told = form.narrowed(passed_on)
    jobs = jobs_read_by(request.user, institution)
    if words := form.asked("name"):
        people = Person.objects.named_like(words)
        told, jobs = told.filter(employment__person__in=people), jobs.filter(person__in=people)
    found = chains(with_all(told).order_by("employment", "pk"), reader=request.user)
    stages = Counter(chain.stage for chain in found)
    if stage := form.asked("stage"):
        found = [chain for chain in found if chain.stage == stage]
    silent = jobs.on(today()).exclude(
        person__in=passed_on.filter(school_year=form.year_shown).values("employment__person")
    )
    return render(
        request,
        "plans/school_needs.html",
        {
            "institution": institution,
            "form": form,
            "year": form.year_shown,
            "stages": [(stage, stages[stage]) for stage in NeedStage if stages[stage]],
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "silent": silent.select_related("person", "association"),
            "can_enter": can_enter_for(request.user, institution),
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def school_need_new(request: Request, pk: int) -> HttpResponse:
    """One topic for several teachers: of the school's programme, or of attestation."""
    institution = _institution(request, pk)
    if not can_enter_for(request.user, institution):
        raise PermissionDenied
    form = SchoolNeedForm(held.typed(request), institution=institution)
    if request.method == "POST" and form.is_valid():
        made = actions.enter_for_teachers(
            by=request.user,
            employments=form.cleaned_data["teachers"],
            is_for_all_subjects=form.cleaned_data["is_for_all_subjects"],
            **form.columns(),
        )
        told = ngettext("Needs entered: %(count)s", "Needs entered: %(count)s", len(made)) % {"count": len(made)}
        messages.success(request, told)
        answer = redirect("school_needs", pk)
        answer["Location"] += f"?year={form.cleaned_data['school_year']}"
        return answer
    return render(request, "plans/school_need_new.html", {"form": form, "institution": institution})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def offering_topics(request: Request, pk: int) -> HttpResponse:
    """Say which topics of the schools' requests an offered course answers."""
    offering = get_object_or_404(Offering.objects.visible_to(request.user).select_related("district"), pk=pk)
    if not can_enter(request.user, offering.district):
        raise PermissionDenied
    asked = topics_asked_for(offering.district, school_year_of(offering.starts_on))
    proposed = [title for key, title in asked if key != offering.title_key][:TOPICS_SHOWN]
    chosen = [topic.title for topic in offering.topics.all()]
    form = TopicsForm(held.typed(request), proposed=proposed, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        set_topics(offering=offering, by=request.user, titles=form.titles())
        messages.success(request, _("Saved."))
        return redirect("offering", pk)
    return render(request, "plans/offering_topics.html", {"offering": offering, "form": form})


def _handed_in(plan: IndividualPlan) -> str:
    """Why a plan that waits for a decision takes in nothing, and what its author can do."""
    if plan.state == State.SUBMITTED:
        return _("The plan is handed in. Withdraw it, or wait for the decision, then take the need into the plan.")
    return _("The plan is under consideration. Wait for the decision, then take the need into the plan.")


def _visible(request: Request, pk: int) -> LearningNeed:
    return get_object_or_404(with_all(LearningNeed.objects.visible_to(request.user)), pk=pk)


def _institution(request: Request, pk: int) -> Institution:
    reached = Institution.objects.reached_by(request.user).select_related("district")
    found = get_object_or_404(reached.distinct(), pk=pk)
    check_done("assesses_needs", WAYS[found.kind])
    return found


def _of_one(request: Request, chain: Chain) -> dict[str, Any]:
    found = chain.need
    return {
        "need": found,
        "chain": chain,
        "hours": counted_hours(chain),
        "is_own": is_own(request.user, found),
        "reads_request": can_read_request(request.user, found),
        "may_change": can_change(request.user, found) and not chain.is_counted,
    }
