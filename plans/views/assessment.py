"""The self-assessment (F17): the teacher's own alone, from the first question to the needs passed on."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cpd import held
from cpd.dates import school_year_of, today
from cpd.once import acts_once
from plans.assessment import picture
from plans.assessment.access import can_answer, jobs_of, proposed_year, years_to_choose
from plans.assessment.actions import pass_on_needs, save_answer, save_answers, start_assessment
from plans.assessment.forms import AnswerForm, PassOnForm, records_to_choose
from plans.assessment.paper import assessment_pdf
from plans.assessment.passing import passables_of
from plans.assessment.sheet import Question, Sheet, sheet_of
from plans.models import SelfAssessment
from plans.standard.codes import read_code
from schools.approval import Refused
from schools.http import Request, done_where


@acts_once
@done_where("assesses_needs")
def assessments(request: Request) -> HttpResponse:
    """Start this school year's sheet, go on with it, look at earlier ones."""
    if request.method == "POST":
        try:
            started = start_assessment(by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("assessments")
        return redirect("assessment_step", started.pk, _first_open(sheet_of(started)).code)
    year = school_year_of(today())
    own = list(SelfAssessment.objects.visible_to(request.user).select_related("standard"))
    current = next((one for one in own if one.school_year == year), None)
    sheet = sheet_of(current) if current else None
    return render(
        request,
        "plans/assessments.html",
        {
            "year": year,
            "sheet": sheet,
            "next": _first_open(sheet) if sheet else None,
            "earlier": [one for one in own if one.school_year != year],
            "is_teacher": jobs_of(request.user).exists(),
        },
    )


def assessment(request: Request, pk: int) -> HttpResponse:
    """All competences on one page, in one form; where scripts run, each tap is saved by itself.

    Needs no one-use token, as :func:`assessment_step` does not.
    """
    found = _own(request, pk)
    if not can_answer(found, today()):
        return redirect("assessment_result", pk)
    sheet = sheet_of(found)
    if request.method != "POST":
        return _sheet_page(request, sheet, typed=held.take(request))
    forms = _all_forms(request, sheet, request.POST)
    if not all(form.is_valid() for _question, form in forms):
        messages.error(request, _("Correct the errors below."))
        return _sheet_page(request, sheet, typed=request.POST, status=422)
    answers = [(question.competence, form.changed_columns) for question, form in forms if form.changed_columns]
    save_answers(assessment=found, by=request.user, answers=answers)
    messages.success(request, _("Saved.")) if answers else messages.info(request, _("Nothing was changed."))
    return redirect("assessment", pk)


def assessment_step(request: Request, pk: int, code: str) -> HttpResponse:
    """One competence at a time. “Next” is a POST that saves it; where scripts run, each tap was saved before.

    Needs no one-use token: the same answer saved twice is one answer.
    """
    found = _own(request, pk)
    if not can_answer(found, today()):
        return redirect("assessment_result", pk)
    sheet = sheet_of(found)
    question = _question(sheet, code)
    if request.method != "POST":
        return _sheet_page(request, sheet, question, typed=held.take(request))
    form = _form(sheet, question, records_to_choose(request.user), request.POST)
    if not form.is_valid():
        return _sheet_page(request, sheet, question, typed=request.POST, status=422)
    save_answer(assessment=found, by=request.user, competence=question.competence, columns=form.columns)
    following = sheet.beside(question, 1)
    return redirect("assessment_step", pk, following.code) if following else redirect("assessment_result", pk)


@require_POST
def assessment_answer(request: Request, pk: int, code: str) -> HttpResponse:
    """One answer, from the page's script: what was tapped or typed, as data."""
    found = _own(request, pk)
    sheet = sheet_of(found)
    question = _question(sheet, code)
    form = _form(sheet, question, records_to_choose(request.user), request.POST)
    if not form.is_valid():
        errors = {form[name].id_for_label: " ".join(map(str, told)) for name, told in form.errors.items()}
        return JsonResponse({"errors": errors}, status=422)
    try:
        save_answer(assessment=found, by=request.user, competence=question.competence, columns=form.columns)
    except Refused as refusal:
        return JsonResponse({"message": refusal.message}, status=409)
    return JsonResponse({"saved": question.code})


@require_safe
def assessment_result(request: Request, pk: int) -> HttpResponse:
    """The picture of strengths and needs, and which of them the school shall know of."""
    found = _own(request, pk)
    proposed = proposed_year(today()) if can_answer(found, today()) else found.school_year
    return _result_page(request, sheet_of(found), _year(found, request.GET.get("year"), proposed))


@require_POST
@acts_once
def assessment_pass_on(request: Request, pk: int) -> HttpResponse:
    """Tell the school of the needs ticked for a school year; take back those no longer ticked for it."""
    found = _own(request, pk)
    year = _year(found, request.POST.get("year"), found.school_year)
    sheet = sheet_of(found)
    passables = passables_of(sheet, request.user, year)
    jobs = list(jobs_of(request.user))
    if not jobs:
        messages.error(request, _("No teaching post is entered for you. Please tell your deputy director."))
        return redirect("assessment_result", pk)
    form = PassOnForm(request.POST, passables=passables, jobs=jobs)
    if not form.is_valid():
        return _result_page(request, sheet, year, form, status=422)
    try:
        was_changed = pass_on_needs(
            assessment=found,
            by=request.user,
            school_year=year,
            passables=passables,
            ticked=form.cleaned_data["needs"],
            employment=form.chosen_job,
            subject=form.chosen_subject,
            noted=form.cleaned_data["notes"],
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if was_changed:
            messages.success(
                request, _("Saved. The school knows of the needs and reads the sentences that are ticked.")
            )
        else:
            messages.info(request, _("Nothing was changed."))
    return redirect(reverse("assessment_result", args=[pk]) + f"?year={year}#needs")


@require_safe
def assessment_paper(request: Request, pk: int) -> HttpResponse:
    """F17 as PDF, with the answers as they stand today."""
    found = _own(request, pk)
    answer = HttpResponse(assessment_pdf(sheet_of(found), request.user), content_type="application/pdf")
    name = f"F17_{found.school_year}.pdf"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def _own(request: Request, pk: int) -> SelfAssessment:
    visible = SelfAssessment.objects.visible_to(request.user).select_related("standard")
    return get_object_or_404(visible, pk=pk)


def _year(found: SelfAssessment, named: str | None, unnamed: int) -> int:
    """The school year chosen for the needs that are passed on."""
    if not named:
        return unnamed
    years = {str(year): year for year in years_to_choose(found)}
    if named not in years:
        raise Http404
    return years[named]


def _question(sheet: Sheet, code: str) -> Question:
    found = sheet.question(read_code(code))
    if found is None:
        raise Http404
    return found


def _first_open(sheet: Sheet) -> Question:
    """Where to go on: the first question without an answer, else the first one."""
    return next(iter(sheet.open or sheet.questions))


def _form(sheet: Sheet, question: Question, records: Sequence[tuple[int, str]], typed: Any = None) -> AnswerForm:
    return AnswerForm(typed, question=question, levels=sheet.levels, records=records)


def _all_forms(request: Request, sheet: Sheet, typed: Any = None) -> list[tuple[Question, AnswerForm]]:
    """One per question, together in the one form of the page."""
    records = records_to_choose(request.user)
    return [
        (one, AnswerForm(typed, question=one, levels=sheet.levels, records=records, is_one_of_many=True))
        for one in sheet.questions
    ]


def _sheet_page(
    request: Request, sheet: Sheet, current: Question | None = None, *, typed: Any = None, status: int = 200
) -> HttpResponse:
    """All questions; where one is ``current`` only that one is shown, and the script turns the others over."""
    if current:
        records = records_to_choose(request.user)
        forms = [
            (question, _form(sheet, question, records, typed if question == current else None))
            for question in sheet.questions
        ]
    else:
        forms = _all_forms(request, sheet, typed)
    cards = [{"question": question, "form": form, "before": sheet.beside(question, -1)} for question, form in forms]
    context = {"sheet": sheet, "assessment": sheet.assessment, "current": current, "cards": cards}
    return render(request, "plans/assessment.html", context, status=status)


def _result_page(
    request: Request, sheet: Sheet, year: int, form: PassOnForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The picture; ``year`` is the one that needs are passed on for."""
    passables = passables_of(sheet, request.user, year)
    jobs = list(jobs_of(request.user))
    return render(
        request,
        "plans/assessment_result.html",
        {
            "sheet": sheet,
            "assessment": sheet.assessment,
            "can_answer": can_answer(sheet.assessment, today()),
            "units": picture.by_unit(sheet),
            "groups": picture.by_group(sheet),
            "strengths": picture.strengths(sheet) if sheet.answered else [],
            "year": year,
            "years": years_to_choose(sheet.assessment),
            "passables": passables,
            "has_choice": any(not one.is_fixed for one in passables),
            "form": form or PassOnForm(passables=passables, jobs=jobs),
            "jobs": jobs,
        },
        status=status,
    )
