"""The questions that sheets of lessons ask: everybody reads them, the institute keeps them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cpd.dates import today
from plans.mentoring.access import can_change_set, can_keep_questions
from plans.models import QuestionSet
from schools.http import Request


@require_safe
def question_sets(request: Request) -> HttpResponse:
    """The versions for each purpose, the newest first."""
    return render(request, "plans/question_sets.html", {"sets": QuestionSet.objects.all(), "today": today()})


@require_safe
def question_set(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(QuestionSet.objects.all(), pk=pk)
    return render(
        request,
        "plans/question_set.html",
        {
            "set": found,
            "questions": found.questions.all(),
            "can_keep": can_keep_questions(request.user),
            "can_change": can_change_set(request.user, found),
        },
    )
