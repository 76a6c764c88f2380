"""Making and filling in the plans one writes."""

import datetime as dt
from copy import copy
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.words import decimal_text
from cpd import held
from cpd.dates import school_year_of, today
from cpd.once import acts_once, new_token
from plans import actions
from plans.access import can_delete, can_edit, visible_plan
from plans.actions import has_rows
from plans.changes import changes
from plans.content import Plan, content_of
from plans.forms import StartPlanForm, header_form, row_forms, show_missing
from plans.lecturers.forms import START_FORMS
from plans.lecturers.people import with_names
from plans.lecturers.rules import CAUTIONED
from plans.lecturers.starting import STARTERS
from plans.lecturers.words import cautions_told
from plans.models import IndividualPlan
from plans.rules import findings
from plans.views.reading import attachments_of
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import DECIDED_ONCE, PERSONAL, PLANS, DocumentKind, State
from schools.http import Request

# What an address may ask for, by the field of the form it begins with.
ASKED = {"internship": "internship", "record": "record", "place": "place", "from": "planned"}


@acts_once
def plan_start(request: Request, kind: str) -> HttpResponse:
    """Choose what it is about, and get an empty paper, or one with the rows that are known already."""
    if kind not in PLANS:
        raise Http404
    asked = {field: request.GET[name] for name, field in ASKED.items() if name in request.GET}
    form = START_FORMS.get(kind, StartPlanForm)(request.POST or None, user=request.user, kind=kind, initial=asked)
    start = STARTERS.get(kind, actions.start_plan)
    if request.method == "POST" and form.is_valid():
        try:
            plan = start(by=request.user, kind=kind, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("plan_edit", plan.pk)
    page = "plans/start_paper.html" if kind in START_FORMS else "plans/start.html"
    return render(request, page, {"form": form, "kind": DocumentKind(kind)})


@acts_once
def plan_edit(request: Request, pk: int) -> HttpResponse:
    """Fill in a plan. A save is a POST of the whole form with the revision it was read at; drafts save themselves."""
    plan = _own_plan(request, pk)
    if not can_edit(request.user, plan):
        return _closed(request, plan)
    if request.method == "POST":
        return _save(request, plan)
    typed = held.take(request)
    if typed is not None:
        messages.warning(request, _("This is what you typed before you were signed out. Press “Save”."))
        return _page(request, plan, typed, seen=typed.get("seen"))
    return _page(request, plan)


@require_POST
@acts_once
def plan_copy_year(request: Request, pk: int) -> HttpResponse:
    """Append the items of one school year again for the next one."""
    plan = _own_plan(request, pk)
    if not isinstance(plan, IndividualPlan) or not can_edit(request.user, plan):
        raise Http404
    try:
        source, seen = int(request.POST.get("source", "")), int(request.POST.get("seen", ""))
        copied = actions.copy_school_year(plan=plan, by=request.user, seen=seen, source=source)
    except ValueError:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Rows copied: %(count)s") % {"count": copied})
    return redirect("plan_edit", pk)


@require_POST
@acts_once
def plan_delete(request: Request, pk: int) -> HttpResponse:
    """Delete one's own draft that was never sent."""
    plan = _own_plan(request, pk)
    if plan.kind in PERSONAL and plan.author_id != request.user.person_id:
        raise PermissionDenied  # a mentor deletes none
    if not can_delete(request.user, plan):
        return _closed(request, plan)
    try:
        actions.delete_draft(plan=plan, by=request.user, seen=int(request.POST.get("seen") or 0))
    except ValueError:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(plan)
    messages.success(request, _("The draft was deleted."))
    return redirect("home")


def _own_plan(request: Request, pk: int) -> Plan:
    plan = visible_plan(request.user, pk)
    if plan is None:
        raise Http404
    if not plan.is_written_by(request.user):
        raise PermissionDenied
    return plan


def _closed(request: Request, plan: Plan) -> HttpResponse:
    """It is in force, or somebody has it before them; perhaps it was handed in at another screen a moment ago."""
    if plan.state == State.APPROVED and plan.kind not in DECIDED_ONCE:
        message = _("An approved plan cannot be edited. Make a yearly change.")
    else:
        message = _("This is not possible now. Status: %(state)s.") % {"state": plan.state_label}
    if _saves_itself(request):
        return JsonResponse({"message": message}, status=HTTPStatus.LOCKED)
    messages.info(request, message)
    return redirect(plan)


def _saves_itself(request: Request) -> bool:
    """Whether the page's script asks, which wants data, and not a person, who wants a page."""
    return not request.accepts("text/html")


def _header(plan: Plan, typed: Any = None) -> forms.ModelForm:
    """The blanks, on a plan of their own: a form writes what was typed into its plan, be it right or wrong."""
    return header_form(copy(plan), typed)


def _save(request: Request, plan: Plan) -> HttpResponse:
    header, rows = _header(plan, request.POST), row_forms(plan, request.POST)
    by_itself = _saves_itself(request)
    if not (header.is_valid() and (rows is None or rows.is_valid())):
        if by_itself:
            return JsonResponse({"errors": _errors(header, rows)}, status=422)
        messages.error(request, _("Correct the errors below."))
        return _page(request, plan, request.POST, seen=request.POST.get("seen"), status=422)
    kept = rows.kept() if rows else []
    _move(kept, request.POST.get("move", ""))
    try:
        seen = int(request.POST.get("seen") or 0)
        revision = actions.save_plan(plan=plan, by=request.user, seen=seen, header=header.cleaned_data, rows=kept)
    except ChangedMeanwhile as refusal:
        if by_itself:
            return JsonResponse({"message": refusal.message}, status=409)
        return _both(request, plan.pk, refusal)
    if by_itself:
        return JsonResponse({"seen": revision, "once": new_token()})
    return _after_save(request, plan)


def _after_save(request: Request, plan: Plan) -> HttpResponse:
    if "move" in request.POST:
        return redirect("plan_edit", plan.pk)
    then = request.POST.get("then")
    if then == "add":
        answer = redirect("plan_edit", plan.pk)
        answer["Location"] += "?spare=1#last-row"
        return answer
    messages.success(request, _("Saved."))
    return redirect(plan) if then == "read" else redirect("plan_edit", plan.pk)


def _page(
    request: Request,
    plan: Plan,
    typed: Any = None,
    *,
    seen: str | int | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The form: as saved, or as ``typed``. A page asked for with ``?check`` names what is still missing."""
    spare = 1 if typed is None and ("spare" in request.GET or (has_rows(plan) and not plan.rows.exists())) else 0
    header, rows = _header(plan, typed), row_forms(plan, typed, spare=spare)
    if typed is None and "check" in request.GET:
        show_missing(header, rows, findings(content_of(plan), plan.period.school_years))
    return render(
        request,
        "plans/edit.html",
        {
            "plan": plan,
            "header": header,
            "rows": rows,
            "is_table": rows is not None,
            "seen": plan.revision if seen is None else seen,
            "years_filled": _years_filled(plan),
            "cautions": _cautions(plan) if typed is None else [],
            **attachments_of(request, plan),
            **context,
        },
        status=status,
    )


def _cautions(plan: Plan) -> list[str]:
    """About what is saved; asked only of the kinds of paper that are cautioned about anything."""
    if plan.kind not in CAUTIONED:
        return []
    return cautions_told(content_of(plan), plan.institution, today())


def _years_filled(plan: Plan) -> list[int]:
    """School years whose items can be copied into the next year of the same plan."""
    if not isinstance(plan, IndividualPlan):
        return []
    filled = set(plan.rows.exclude(school_year=None).values_list("school_year", flat=True))
    from_now_on = school_year_of(today()) - 1  # what is copied lands in this school year or later
    return [year for year in plan.period.school_years[:-1] if year in filled and year >= from_now_on]


def _both(request: Request, pk: int, refusal: ChangedMeanwhile) -> HttpResponse:
    """The plan was saved elsewhere: show what stands there beside what was typed, and write nothing."""
    saved = visible_plan(request.user, pk)
    if saved is None or not can_edit(request.user, saved):
        messages.error(request, refusal.message)
        return redirect("plan", pk)
    header, rows = _header(saved, request.POST), row_forms(saved, request.POST)
    header.full_clean()
    kept = []
    if rows is not None:
        rows.full_clean()
        kept = with_names([_as_data(row) for row in rows.kept()])
    before = content_of(saved)
    typed = {**before, **{name: _plain(value) for name, value in header.cleaned_data.items()}, "rows": kept}
    return _page(
        request,
        saved,
        request.POST,
        seen=saved.revision,
        status=409,
        conflict=refusal.message,
        differences=changes(before, typed),
    )


def _plain(value: Any) -> Any:
    """A value of a form as a content holds it."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _as_data(row: dict[str, Any]) -> dict[str, Any]:
    data = {**row, "uid": str(row["uid"])}
    if data.get("hours") is not None:
        data["hours"] = f"{data['hours'].normalize():f}"
    return data


def _move(rows: list[dict[str, Any]], move: str) -> None:
    """Without JavaScript a row goes up or down by a button that saves: its value is “UID up” or “UID down”."""
    uid, _space, direction = move.partition(" ")
    places = [place for place, row in enumerate(rows) if str(row["uid"]) == uid]
    if not places:
        return
    here = places[0]
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]


def _errors(header: Any, rows: Any) -> dict[str, str]:
    """Messages by the id of the field they belong to."""
    found = {}
    for form in [header, *(rows.forms if rows else [])]:
        for name, errors in form.errors.items():
            if name in form.fields:
                found[form[name].auto_id] = " ".join(errors)
    if rows and rows.non_form_errors():
        found[""] = " ".join(rows.non_form_errors())
    return found
