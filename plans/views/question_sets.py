"""The questions that sheets of lessons ask: everybody reads them, the institute keeps them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd import held
from cpd.dates import today
from cpd.once import acts_once
from plans.mentoring import question_sets as actions
from plans.mentoring.access import can_change_set, can_keep_questions
from plans.mentoring.question_forms import NewSetForm, QuestionForms, SourceForm, question_rows
from plans.models import QuestionSet
from schools.approval import ChangedMeanwhile, Refused
from schools.http import Request

SPARE = 2  # empty places on the page of a version that is changed


@require_safe
def question_sets(request: Request) -> HttpResponse:
    """The versions for each purpose, the newest first."""
    return render(
        request,
        "plans/question_sets.html",
        {"sets": QuestionSet.objects.visible_to(request.user), "today": today()},
    )


@require_safe
def question_set(request: Request, pk: int) -> HttpResponse:
    """One version."""
    found = get_object_or_404(QuestionSet.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "plans/question_set.html",
        {
            "set": found,
            "questions": found.questions.all(),
            "can_keep": can_keep_questions(request.user),
            "can_change": can_change_set(request.user, found),
            "is_last": found.ends_on is None,
        },
    )


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def question_set_new(request: Request, pk: int) -> HttpResponse:
    """A copy with a first day of its own; the earlier version ends the day before."""
    found = _kept(request, pk)
    form = NewSetForm(held.typed(request), earlier=found, initial={"source": found.source})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.new_set(by=request.user, earlier=found, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("question_set", found.pk)
        messages.success(request, _("The new version was made. Change its questions where they differ."))
        return redirect("question_set_edit", made.pk)
    return render(request, "plans/question_set_new.html", {"set": found, "form": form})


@acts_once
@require_http_methods(["GET", "HEAD", "POST"])
def question_set_edit(request: Request, pk: int) -> HttpResponse:
    """All questions of a version that has not begun, on one page."""
    found = _kept(request, pk)
    if not can_change_set(request.user, found):
        messages.info(request, _("Sheets ask by this version: it is not changed any more. Make a new one."))
        return redirect("question_set", found.pk)
    typed = held.typed(request)
    source, rows = _forms(found, typed)
    seen = typed.get("seen", "") if typed is not None else actions.mark_of(found)
    if request.method == "POST" and source.is_valid() and rows.is_valid():
        try:
            kept = question_rows(rows.forms)
            actions.save_set(by=request.user, questions=found, seen=seen, rows=kept, **source.cleaned_data)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return _edit_page(request, found, source, rows, actions.mark_of(found), stands=actions.rows_of(found))
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Saved."))
            more = request.POST.get("then") == "add"
            return redirect("question_set_edit" if more else "question_set", found.pk)
    elif request.method == "POST":
        messages.error(request, _("Correct the errors below."))
    return _edit_page(request, found, source, rows, seen)


@require_POST
@acts_once
def question_set_delete(request: Request, pk: int) -> HttpResponse:
    """Take away a version that has not begun; the earlier one goes on."""
    found = _kept(request, pk)
    try:
        earlier = actions.delete_set(by=request.user, questions=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("question_set", found.pk)
    messages.success(request, _("The version was deleted; the earlier one goes on."))
    return redirect("question_set", earlier.pk)


def _kept(request: Request, pk: int) -> QuestionSet:
    found: QuestionSet = get_object_or_404(QuestionSet.objects.visible_to(request.user), pk=pk)
    if not can_keep_questions(request.user):
        raise PermissionDenied
    return found


def _forms(found: QuestionSet, typed: Any) -> tuple[SourceForm, Any]:
    """As typed, or as saved with some empty places."""
    if typed is not None:
        return SourceForm(typed), QuestionForms(typed, prefix="questions")
    rows = [{**row, "place": place} for place, row in enumerate(actions.rows_of(found), start=1)]
    return SourceForm(initial={"source": found.source}), QuestionForms(
        initial=[*rows, *[{}] * SPARE], prefix="questions"
    )


def _edit_page(
    request: Request, found: QuestionSet, source: SourceForm, rows: Any, seen: str, **context: Any
) -> HttpResponse:
    return render(
        request,
        "plans/question_set_edit.html",
        {"set": found, "source": source, "rows": rows, "seen": seen, **context},
    )
